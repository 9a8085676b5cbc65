import { raw, type Sql, sql } from '../../sql/sql.js';

/**
 * E-mail addresses as they are compared: in lower case, without spaces, 'mailto:', brackets and punctuation
 * around them. Nothing is taken out of an address itself: whether 'a.b@gmail.com' and 'ab+shop@gmail.com' reach
 * one person is known to their provider alone.
 */

/** What a local part or a first domain label says where somebody wrote anything to fill the field. */
const placeholderNames: readonly string[] = [
  'no',
  'none',
  'net',
  'not',
  'nil',
  'na',
  'nan',
  'null',
  'noemail',
  'no-email',
  'no_email',
  'nomail',
  'no-mail',
  'no_mail',
  'noreply',
  'no-reply',
  'no_reply',
  'donotreply',
  'nobody',
  'unknown',
  'undefined',
  'anonymous',
  'guest',
  'test',
  'test1',
  'testtest',
  'tester',
  'example',
  'sample',
  'fake',
  'email',
  'e-mail',
  'mail',
  'xxx',
  'aaa',
  'asd',
  'asdf',
  'qwe',
  'qwerty',
  '0',
  '00',
  '000',
  '1',
  '11',
  '111',
  '1111',
  '123',
  '1234',
  '12345',
  '123456',
  'нет',
  'netu',
  'нету',
  'неизвестно',
  'отсутствует',
  'тест',
  'почта',
];
/** 'example' and 'mail' name real domains. */
const placeholderDomains: readonly string[] = [
  'none',
  'noemail',
  'no-email',
  'nomail',
  'no-mail',
  'noreply',
  'nodomain',
  'test',
  'fake',
  'нет',
];
const placeholderLocals = new Set(placeholderNames);
const placeholderDomainLabels = new Set(placeholderDomains);
const words = new Set([...placeholderNames, ...placeholderDomains]);

/** Most characters of an address and of its local part (RFC 5321). */
const most = { address: 254, local: 64 };

/** A plain address, the form of nearly all of them; what it takes in lower case is valid as it stands. */
const plain = '[a-z0-9_+-]+(\\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,24}';

/** The addresses in a cell, normalised, without those that are none; several are divided by commas, semicolons, bars or spaces. */
export function emailsOf(text: string): string[] {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/mailto:/g, ' ')
    // A name before the address: 'Anna <anna@x.org>'.
    .replace(/[<>()[\]"'«»]/g, ' ; ')
    .replace(/\s*@\s*/gu, '@');
  const parts = folded.split(/[;,|/\\\n\r]+/u).flatMap((part) => {
    const addresses = part.split('@').length - 1;
    return addresses === 1 ? [part.replace(/\s/gu, '')] : part.split(/\s+/u);
  });
  const found = parts.map((part) => part.replace(/^[.:]+|[.:!]+$/gu, '')).filter(isEmail);
  return [...new Set(found)];
}

/**
 * One @; before it at most 64 characters without spaces, brackets, quotes, commas; after it labels of letters,
 * digits and hyphens, at least two, the last of letters; no point at an end or beside another.
 */
export function isEmail(text: string): boolean {
  if (text.length > most.address) return false;
  const [local, domain, ...more] = text.split('@');
  if (local === undefined || domain === undefined || more.length > 0) return false;
  return (
    local.length <= most.local &&
    /^[^\s.,;:()<>[\]"\\]+(\.[^\s.,;:()<>[\]"\\]+)*$/u.test(local) &&
    /^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(\p{L}{2,24}|xn--[a-z0-9-]+)$/u.test(domain)
  );
}

/** Whether a normalised address only fills the field: 'none@none.com', 'test@mail.ru'. */
export function isPlaceholderEmail(email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  return placeholderLocals.has(local) || placeholderDomainLabels.has(domain.split('.')[0]!);
}

/** Whether the text of a cell without a valid address says that there is none: '-', 'нет', 'none@none'. */
export function saysNoEmail(text: string): boolean {
  const folded = text.normalize('NFKC').trim().toLowerCase();
  if (!/[\p{L}\p{N}]/u.test(folded)) return true;
  if (words.has(folded.replace(/[^\p{L}\p{N}]/gu, ''))) return true;
  return folded
    .split(/[@./\s]+/u)
    .filter((word) => word !== '')
    .every((word) => words.has(word));
}

/** The same in the engine, for the texts it can settle: the address where the text is a plain one, else null. */
export function plainEmail(text: Sql): Sql {
  return sql`case when regexp_full_match(lower(${text}), ${plain}) and length(${text}) <= ${raw(String(most.address))}
      and instr(${text}, '@') <= ${raw(String(most.local + 1))} then lower(${text}) end`;
}

/** `isPlaceholderEmail` in the engine. */
export function placeholderEmail(email: Sql): Sql {
  const list = (names: readonly string[]) => raw(names.map((name) => `'${name}'`).join(', '));
  return sql`(split_part(${email}, '@', 1) in (${list(placeholderNames)})
    or split_part(split_part(${email}, '@', 2), '.', 1) in (${list(placeholderDomains)}))`;
}
