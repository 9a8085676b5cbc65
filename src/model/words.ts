import { type Field, normaliseHeader } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import type { StagedSource } from './staging.js';

/** Texts of a column that are told apart at once; a column of words has few. */
const mostKnownTexts = 100;

/**
 * Which list of words the text of a field is in: the number of the list, from 1, or 0 for none. Words are
 * compared as headers are, without case, spaces and marks. The texts that the sample holds are told apart by
 * mere comparison, because folding the text of every row costs as much as all the rest of reading it.
 */
export function wordList(staged: StagedSource, field: Field, lists: readonly (readonly string[])[]): Sql {
  const text = staged.text(field);
  if (text === undefined) return raw('0');
  const folded = lists.map((words) => new Set(words.map(normaliseHeader)));
  const index = staged.recognised.columns[field]!;
  const texts = [...new Set(staged.recognised.source.sample.map((row) => row[index] ?? ''))].slice(
    0,
    mostKnownTexts,
  );
  const byList = [...folded.keys(), -1].map((list) => ({
    list: list + 1,
    texts: texts.filter((known) => folded.findIndex((words) => words.has(normaliseHeader(known))) === list),
  }));
  const known = byList
    .filter((entry) => entry.texts.length > 0)
    // The commonest case first: words that are in no list.
    .sort((a, b) => a.list - b.list)
    .map(
      (entry) =>
        sql`when ${text} in (${join(
          entry.texts.map((value) => sql`${value}`),
          ', ',
        )}) then ${raw(String(entry.list))}`,
    );
  const unknown = folded.map(
    (words, list) =>
      sql`when regexp_replace(replace(lower(${text}), 'ё', 'е'), '[^\\p{L}\\p{N}]', '', 'g') in (${join(
        [...words].map((word) => sql`${word}`),
        ', ',
      )}) then ${raw(String(list + 1))}`,
  );
  return sql`case when ${text} is null then 0 ${join(known, ' ')} ${join(unknown, ' ')} else 0 end`;
}
