import type { Notice } from '../core/table.js';
import { sayCount } from '../core/text.js';
import { type Field, normaliseHeader, type Stems } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import type { StagedSource } from './staging.js';

/** Texts of a column that are told apart at once; a column of words has few. */
const mostKnownTexts = 100;

/** Words of a status as the user listed them, folded, with the list that they belong to: 0 for a sale. */
function ownWords({ recognised }: StagedSource, field: Field): readonly (readonly string[])[] {
  if (field !== 'status' && field !== 'subscription_status') return [];
  const { sale = [], cancelled = [], returned = [] } = recognised.source.settings.statuses ?? {};
  return [sale, cancelled, returned].map((words) => words.map(foldWord));
}

function foldWord(word: string): string {
  return word.trim().toLowerCase();
}

/** The list that a text belongs to: the user's own words first, then the first of some lists, from 1, or 0. */
function listOf(text: string, lists: readonly Stems[], own: readonly (readonly string[])[]): number {
  const owner = own.findIndex((words) => words.includes(foldWord(text)));
  if (owner >= 0) return owner;
  const folded = normaliseHeader(text);
  return (
    lists.findIndex(
      ({ has, hasNot }) =>
        has.some((stem) => folded.includes(stem)) && !hasNot.some((stem) => folded.includes(stem)),
    ) + 1
  );
}

export function sampledTexts(staged: StagedSource, field: Field): readonly string[] {
  if (staged.words !== undefined) return staged.words(field);
  const index = staged.recognised.columns[field]!;
  const texts = staged.recognised.source.sample.flatMap((row) => row[index] ?? []);
  return [...new Set(texts)].slice(0, mostKnownTexts);
}

/**
 * Which list the text of a field belongs to: the number of the list, from 1, or 0 for none. The texts that the
 * sample holds are told apart by mere comparison, because folding the text of every row costs as much as all
 * the rest of reading it.
 */
export function wordList(staged: StagedSource, field: Field, lists: readonly Stems[]): Sql {
  const text = staged.text(field);
  if (text === undefined) return raw('0');
  const texts = sampledTexts(staged, field);
  const own = ownWords(staged, field);
  const known = [0, ...lists.map((_, index) => index + 1)].flatMap((list) => {
    const members = texts.filter((candidate) => listOf(candidate, lists, own) === list);
    if (members.length === 0) return [];
    return [sql`when ${staged.loader.isOneOf(text, members)} then ${raw(String(list))}`];
  });
  const listed = own.flatMap((words, list) =>
    words.length === 0
      ? []
      : [sql`when ${staged.loader.isOneOf(sql`lower(trim(${text}))`, words)} then ${raw(String(list))}`],
  );
  const folded = sql`regexp_replace(replace(lower(${text}), 'ё', 'е'), '[^\\p{L}\\p{N}]', '', 'g')`;
  const unknown = lists.map(
    ({ has, hasNot }, index) =>
      sql`when regexp_matches(${folded}, ${has.join('|')}) and not regexp_matches(${folded}, ${hasNot.join('|')})
        then ${raw(String(index + 1))}`,
  );
  return sql`case when ${text} is null then 0 ${join(known, ' ')} ${join(listed, ' ')} ${join(unknown, ' ')} else 0 end`;
}

/**
 * How the texts of a status column are taken, so that a reader sees one that is taken wrongly; sources that say
 * the same in one notice.
 */
export function statusNotices(
  sources: readonly StagedSource[],
  field: Field,
  listsOf: (staged: StagedSource) => readonly Stems[],
  names: { en: string[]; ru: string[] },
): Notice[] {
  const alike = new Map<string, { en: string; ru: string; places: string[] }>();
  for (const staged of sources) {
    if (staged.text(field) === undefined) continue;
    const { source, columns } = staged.recognised;
    const header = source.header[columns[field]!]!;
    const lists = listsOf(staged);
    const en = `column '${header}': ${sayTexts(staged, field, lists, names.en)}.`;
    const ru = `столбец '${header}': ${sayTexts(staged, field, lists, names.ru)}.`;
    const known = alike.get(en) ?? { en, ru, places: [] };
    known.places.push(source.sheet === null ? source.file : `${source.file}, ${source.sheet}`);
    alike.set(en, known);
  }
  return [...alike.values()].map(({ en, ru, places: [first, ...rest] }) => {
    const others = sayCount(rest.length);
    return {
      code: 'status_words',
      level: 'info',
      text: {
        en: `${first}${rest.length > 0 ? ` and ${others.en} more` : ''}, ${en}`,
        ru: `${first}${rest.length > 0 ? ` и ещё ${others.ru}` : ''}, ${ru}`,
      },
    };
  });
}

function sayTexts(
  staged: StagedSource,
  field: Field,
  lists: readonly Stems[],
  names: readonly string[],
): string {
  // In an order of their own, so that sources with the same texts say the same.
  const texts = [...sampledTexts(staged, field)].sort();
  const own = ownWords(staged, field);
  return [...lists.map((_, index) => index + 1), 0]
    .flatMap((list) => {
      const members = texts.filter((text) => listOf(text, lists, own) === list);
      if (members.length === 0) return [];
      const shown = members
        .slice(0, 8)
        .map((text) => `'${text}'`)
        .join(', ');
      return [`${names[list]}: ${shown}${members.length > 8 ? ', ...' : ''}`];
    })
    .join('; ');
}
