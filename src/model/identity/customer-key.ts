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
        ? unlessOneOf(
            cleaned,
            sampled(staged, 'customer_id', (text) => nobodyWords.has(normaliseHeader(text))),
          )
        : cleaned,
    );
  }
  const { email, phone } = contactTexts(staged);
  if (email !== undefined) {
    const none = sampled(staged, 'email', saysNoEmail).map((text) => text.toLowerCase());
    ways.push(unlessOneOf(sql`lower(${email})`, none));
  }
  if (phone !== undefined) ways.push(unlessOneOf(phone, sampled(staged, 'phone', hasNoDigits)));
  if (ways.length === 0) return raw('cast(null as varchar)');
  return ways.length === 1 ? ways[0]! : sql`coalesce(${join(ways, ', ')})`;
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
export function cleanId(staged: StagedSource, text: Sql, field: Field): Sql {
  const { source, columns } = staged.recognised;
  const ids = source.sample.map((row) => row[columns[field]!]?.trim()).filter((id) => id);
  // An apostrophe keeps spreadsheets from reading a long id as a number.
  if (ids.some((id) => id!.startsWith("'"))) return sql`nullif(ltrim(${text}, chr(39)), '')`;
  const asFloats = ids.length > 0 && ids.every((id) => /^\d+\.0+$/.test(id!));
  return asFloats ? sql`regexp_replace(${text}, '^(\\d+)\\.0+$', '\\1')` : text;
}

function hasNoDigits(text: string): boolean {
  return !/\d/.test(text);
}

function sampled(staged: StagedSource, field: Field, test: (text: string) => boolean): string[] {
  const { source, columns } = staged.recognised;
  const texts = new Set(source.sample.flatMap((row) => row[columns[field]!]?.trim() ?? []));
  return [...texts].filter((text) => text !== '' && test(text));
}

function unlessOneOf(value: Sql, texts: readonly string[]): Sql {
  if (texts.length === 0) return value;
  const list = join(
    texts.map((text) => sql`${text}`),
    ', ',
  );
  return sql`case when ${value} not in (${list}) then ${value} end`;
}
