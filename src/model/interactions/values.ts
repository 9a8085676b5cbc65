import type { Field } from '../../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import type { Fate } from '../fate.js';
import type { StagedSource } from '../staging.js';
import { sampledTexts } from '../words.js';

/** What rows of a role hold besides a day and a customer. */
export interface Values {
  /** Columns of its table, over the texts of a row. */
  readonly columns: readonly { readonly name: string; readonly value: Sql }[];
  /** Cells that keep a row from counting; `test` is over the columns, and may be null. */
  readonly faults: readonly {
    readonly fate: Fate;
    readonly field: Field;
    readonly text: Sql;
    readonly test: Sql;
  }[];
  /** Over the columns: the row says nothing that counts; undefined where it always does. */
  readonly saysNothing?: Sql;
}

export const noText = raw('cast(null as varchar)');
const unknown = raw('cast(null as boolean)');

/** Trimmed text of a field, null where it is blank or the source has no such column. */
export function textOf(staged: StagedSource, field: Field): Sql {
  const text = staged.text(field);
  return text === undefined ? noText : staged.loader.trimmed(text);
}

/** The day that a field tells, null where it is none or the source has no such column. */
export function dayOf(staged: StagedSource, field: Field): Sql {
  const text = staged.text(field);
  return text === undefined
    ? raw('cast(null as date)')
    : sql`cast(${staged.loader.timestamp(text, staged.dateForm(field)).atOnce} as date)`;
}

const noWords =
  '^(?:0+|0+[.,]0+|n|no|not|not .*|non|none|f|false|never|bounce.*|fail.*|undelivered|нет|н|не|не .*|ложь|ошибка|0000-00-00.*|✗|✕)$';
const unknownWords = '^(?:-+|–|—|n/a|na|null|unknown|\\?|неизвестно|неизв.*|н/д)$';
const [noTest, unknownTest] = [new RegExp(noWords), new RegExp(unknownWords)];

/** What a cell says of something that happened or not: a word, a count, or the time of it; undefined for neither. */
function saysYes(text: string): boolean | undefined {
  const folded = text.trim().toLowerCase();
  return folded === '' || unknownTest.test(folded) ? undefined : !noTest.test(folded);
}

/**
 * Whether something happened, by a cell with 'yes', 'no', a count or the time of it. A blank cell means that it did
 * not, where no cell of the sample says 'no'; elsewhere, and without such a column, it is unknown: null.
 */
export function flagOf(staged: StagedSource, field: Field): Sql {
  const text = staged.text(field);
  if (text === undefined) return unknown;
  const texts = sampledTexts(staged, field);
  const saysNo = texts.some((cell) => saysYes(cell) === false);
  const list = (wanted: boolean | undefined) =>
    texts.filter((cell) => cell.trim() !== '' && saysYes(cell) === wanted);
  // What the sample holds is told by mere comparison.
  const known = ([true, false, undefined] as const).flatMap((wanted) => {
    const members = list(wanted);
    if (members.length === 0) return [];
    const isMember = staged.loader.isOneOf(text, members);
    return [sql`when ${isMember} then ${raw(wanted === undefined ? 'null' : String(wanted))}`];
  });
  const blank = raw(saysNo || texts.length === 0 ? 'cast(null as boolean)' : 'false');
  const folded = sql`lower(trim(${text}))`;
  return sql`case when ${text} is null then ${blank} ${join(known, ' ')} when trim(${text}) = '' then ${blank}
    when regexp_matches(${folded}, ${unknownWords}) then null else not regexp_matches(${folded}, ${noWords}) end`;
}
