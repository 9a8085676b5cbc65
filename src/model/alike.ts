import type { Loader } from '../engines/loader.js';
import type { Scan } from '../input/source.js';
import type { Field } from '../input/vocabulary.js';
import { raw, type Sql } from '../sql/sql.js';
import type { StagedSource } from './staging.js';
import { sampledTexts } from './words.js';

/**
 * The rows of sources, with those that are read in the very same way read as one: a thousand daily exports are
 * a statement of one part and not of a thousand, which the engine would be minutes over.
 * @param rowsOf the rows of one source from a from-clause with its columns
 */
export function readAlike(
  loader: Loader,
  sources: readonly StagedSource[],
  rowsOf: (staged: StagedSource, from: Sql) => Sql,
): Sql[] {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) {
    return [rowsOf(only, loader.rowsOfKeepingBroken(only.scan))];
  }
  const shared = withSharedWords(sources);
  const groups = new Map<string, StagedSource[]>();
  for (const staged of shared) {
    const key = keyOf(staged, rowsOf);
    groups.set(key, [...(groups.get(key) ?? []), staged]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [StagedSource];
    if (group.length === 1) return rowsOf(first, loader.rowsOfKeepingBroken(first.scan));
    const from = loader.rowsOfAllKeepingBroken(group.map(({ scan, id }) => ({ scan, id })));
    return rowsOf({ ...first, sourceId: raw('scan_id') }, from);
  });
}

/** All that a source is read by but its file and its number. */
function keyOf(staged: StagedSource, rowsOf: (staged: StagedSource, from: Sql) => Sql): string {
  const { path: _, ...form }: Scan = staged.scan;
  const { text, values } = rowsOf({ ...staged, id: 0 }, raw('rows'));
  return JSON.stringify([text, values, form]);
}

/** Words that one source has are the same in another, so that which of them a sample holds makes no difference. */
function withSharedWords(sources: readonly StagedSource[]): StagedSource[] {
  const words = new Map<Field, readonly string[]>();
  const wordsOf = (field: Field): readonly string[] => {
    let found = words.get(field);
    if (found === undefined) {
      const all = sources.flatMap((staged) =>
        staged.text(field) === undefined ? [] : sampledTexts(staged, field),
      );
      found = [...new Set(all)].sort().slice(0, mostSharedWords);
      words.set(field, found);
    }
    return found;
  };
  return sources.map((staged) => ({ ...staged, words: wordsOf }));
}

const mostSharedWords = 100;
