import { currencySpellings } from './currencies.js';

/**
 * The decimal mark of a column. `open` where nothing tells: then '1,234' and '1.234' are no numbers, as either
 * reading may be wrong a thousandfold; every other form is read all the same.
 */
export type DecimalMark = 'comma' | 'point' | 'open';

/** How many values of a column can only be read with one decimal mark. */
export interface MarkVotes {
  readonly comma: number;
  readonly point: number;
  /** The first value that could be read either way: '1,234'. */
  readonly open: string | undefined;
}

/**
 * Votes of a column for its decimal mark. '1,5', '0,500' and '1.234,50' speak for the comma, '1.5' and
 * '1,234,567' for the point; '1,234' is open, and so is every whole number.
 */
export function markVotes(values: Iterable<string | null>): MarkVotes {
  let comma = 0;
  let point = 0;
  let open: string | undefined;
  for (const value of values) {
    if (value === null || !/[.,]/.test(value)) continue;
    const text = /^-?\d+[.,]\d+$/.test(value) ? value : bareNumber(value);
    if (!/^[-+]?[\d., ']*\d[\d., ']*(?:e[-+]?\d+)?$/i.test(text)) continue;
    const digits = text.replace(/^[-+]/, '').replace(/[ ']/g, '');
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(digits) && !/[ ']/.test(text)) open ??= value;
    else if (isDivided(digits, ',', '.')) comma += 1;
    else if (isDivided(digits, '.', ',')) point += 1;
  }
  return { comma, point, open };
}

/** Whether a number can only have the one mark before its decimals and the other, if any, between thousands. */
function isDivided(digits: string, decimal: ',' | '.', thousands: ',' | '.'): boolean {
  const marks = digits.split(decimal).length - 1;
  const groups = digits.split(thousands).length - 1;
  if (marks > 1) return false;
  if (marks === 0) return groups > 1;
  return groups === 0 || digits.lastIndexOf(decimal) > digits.lastIndexOf(thousands);
}

/** One mark against the other counts as settled where it has so many times the votes. */
const clearMajority = 20;

/** The mark that votes settle; 'open' where there are none or where both have many. */
export function settledMark({ comma, point }: MarkVotes): DecimalMark {
  if (comma > point * clearMajority) return 'comma';
  if (point > comma * clearMajority) return 'point';
  return 'open';
}

const spaces =
  '\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r';
const minuses = '\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d';
const apostrophes = '\u2019\u2018\u02bc\u00b4`\u2032';
const withoutWidth = '\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c';

/** Characters that stand for another in numbers, for a `translate`; those beyond the end of `to` are taken out. */
export const numberCharacters = {
  from: `${spaces}${minuses}${apostrophes}${withoutWidth}`,
  to: `${' '.repeat(spaces.length)}${'-'.repeat(minuses.length)}${"'".repeat(apostrophes.length)}`,
} as const;

/** The same for text whose dashes and apostrophes are its own. */
export const invisibleCharacters = {
  from: `${spaces}${withoutWidth}`,
  to: ' '.repeat(spaces.length),
} as const;

const translations = new Map(
  [...numberCharacters.from].map((from, index) => [from, [...numberCharacters.to][index] ?? '']),
);

/** Currency spellings as an alternation for a regular expression, longest first; 'РУБ' finds 'РУБ.' too. */
export const currencyPattern = [...currencySpellings.keys()]
  .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  .map((spelling) => `${spelling.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}[.]?`)
  .join('|');

const currencyBefore = new RegExp(`^([-+(]?) ?(?:${currencyPattern}) ?`, 'u');
const currencyAfter = new RegExp(` ?(?:${currencyPattern}) ?([)]?-?)$`, 'u');

/** A number without currency, brackets and what else stands around its digits; the same as the engine does. */
function bareNumber(value: string): string {
  const plain = [...value].map((character) => translations.get(character) ?? character).join('');
  return plain
    .trim()
    .toUpperCase()
    .replace(/ ?%$/, '')
    .replace(currencyBefore, '$1')
    .replace(currencyAfter, '$1')
    .replace(/^\( ?(.*?) ?\)$/, '-$1')
    .replace(/[.,] ?-{1,2}$/, '')
    .replace(/^([0-9].*?) ?-$/, '-$1')
    .replace(/^([-+]) +/, '$1');
}
