import { isErrorCell } from '../../input/error-cells.js';
import { type Field, nobodyWords, normaliseHeader } from '../../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import type { StagedSource } from '../staging.js';
import { saysNoEmail } from './email.js';

/**
 * By what a row names its customer: the id; without one the e-mail in lower case, or else the phone as it is
 * written; null where none of them says anything. Cells that only say that there is no customer ('Guest', '0',
 * 'none@none') are told by the sample, because looking closely at each row would cost as much as reading it.
 */
export function customerKey(staged: StagedSource, options: { readonly useNobody: boolean }): Sql {
  const { loader } = staged;
  const ways: Sql[] = [];
  const id = staged.text('customer_id');
  if (id !== undefined) {
    const cleaned = cleanId(staged, loader.trimmed(id), 'customer_id');
    ways.push(
      options.useNobody
        ? unlessOneOf(staged, cleaned, sampled(staged, 'customer_id', saysNobody))
        : unlessOneOf(staged, cleaned, sampled(staged, 'customer_id', isErrorCell)),
    );
  }
  const { email, phone } = contactTexts(staged);
  if (email !== undefined) {
    const none = sampled(staged, 'email', saysNoEmail).map((text) => text.toLowerCase());
    ways.push(unlessOneOf(staged, sql`lower(${email})`, none));
  }
  if (phone !== undefined) ways.push(unlessOneOf(staged, phone, sampled(staged, 'phone', hasNoDigits)));
  if (ways.length === 0) return raw('cast(null as varchar)');
  return ways.length === 1 ? ways[0]! : sql`coalesce(${join(ways, ', ')})`;
}

/** The order id of a row; undefined where the source has none. An error of a spreadsheet is no id. */
export function orderKey(staged: StagedSource): Sql | undefined {
  const id = staged.text('order_id');
  if (id === undefined) return undefined;
  const cleaned = cleanId(staged, staged.loader.trimmed(id), 'order_id');
  return unlessOneOf(staged, cleaned, sampled(staged, 'order_id', isErrorCell));
}

/** Whether an id is one of the words for want of a customer. */
export function saysNobody(text: string): boolean {
  return nobodyWords.has(normaliseHeader(text)) || isErrorCell(text);
}

/** Trimmed texts of the contact columns, where a source has them. */
export function contactTexts(staged: StagedSource): { email: Sql | undefined; phone: Sql | undefined } {
  const trimmed = (field: Field) => {
    const text = staged.text(field);
    return text === undefined ? undefined : staged.loader.trimmed(text);
  };
  return { email: trimmed('email'), phone: trimmed('phone') };
}

/** Ids that a data frame wrote as floats, '13085.0', lose the '.0'; ids marked as text lose the mark: "'6543". */
export function cleanId(staged: StagedSource, trimmed: Sql, field: Field): Sql {
  const { source, columns, role } = staged.recognised;
  // In a sample of orders that has none, looking for what cannot be seen would cost too much for each row.
  const hasInvisible = source.sample.some((row) => invisible.test(row[columns[field]!] ?? ''));
  const text =
    role === 'orders' && !hasInvisible
      ? trimmed
      : sql`nullif(${staged.loader.visible(staged.text(field)!)}, '')`;
  const ids = source.sample.map((row) => row[columns[field]!]?.trim()).filter((id) => id);
  // An apostrophe keeps spreadsheets from reading a long id as a number.
  if (ids.some((id) => id!.startsWith("'"))) return sql`nullif(ltrim(${text}, chr(39)), '')`;
  const asFloats = ids.length > 0 && ids.every((id) => /^\d+\.0+$/.test(id!));
  return asFloats ? sql`regexp_replace(${text}, '^(\\d+)\\.0+$', '\\1')` : text;
}

/** Spaces that trimming leaves, and characters without width. */
const invisible = /[\t\u00a0\u2000-\u200f\u202a-\u202f\u205f\u2060\u3000\ufeff\u00ad]/u;

function hasNoDigits(text: string): boolean {
  return !/\d/.test(text);
}

function sampled(staged: StagedSource, field: Field, test: (text: string) => boolean): string[] {
  const { source, columns } = staged.recognised;
  const texts = new Set(source.sample.flatMap((row) => row[columns[field]!]?.trim() ?? []));
  return [...texts].filter((text) => text !== '' && test(text));
}

function unlessOneOf({ loader }: StagedSource, value: Sql, texts: readonly string[]): Sql {
  if (texts.length === 0) return value;
  return sql`case when not ${loader.isOneOf(value, texts)} then ${value} end`;
}
