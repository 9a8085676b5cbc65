/** Which of day, month and year comes first where a date is written as numbers. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

/** What numbers count that stand for dates. */
export type DateNumber = 'serial' | 'seconds' | 'milliseconds';

/** How the dates of a column are written, as far as its sample shows. */
export interface DateForm {
  /** Some begin with a year of four digits: '2024-03-05', '2024/03/05', with or without a time. */
  readonly iso: boolean;
  /** Some are numbers in another order, between slashes or dashes. */
  readonly numeric: boolean;
  /** Some are numbers between points. */
  readonly points: boolean;
  /** Some name their month: '5 марта 2024', 'Mar 5, 2024'. */
  readonly named: boolean;
  /** Some are whole months: '2024-03', '03.2024', 'март 2024'. */
  readonly month: boolean;
  /** Some years have two digits: '05.03.24'. */
  readonly shortYear: boolean;
  /** Numbers that count days or seconds, where all of the sample are such: days of Excel, Unix time. */
  readonly number: DateNumber | undefined;
  /** Of dates with slashes or dashes; undefined where every first and second number is 12 or less. */
  readonly order: DateOrder | undefined;
  /** Of dates with points, which are day first unless one can only be month first. */
  readonly pointOrder: DateOrder;
  /** Some rows can only be day first and others only month first. */
  readonly isContradictory: boolean;
  /** Zones that times carry, such as 'Z' and '+03:00', as they are written. */
  readonly zones: readonly string[];
}

/** How the names of months begin, in the order of the year. */
export const monthStems: readonly (readonly string[])[] = [
  ['jan', 'янв'],
  ['feb', 'фев'],
  ['mar', 'мар'],
  ['apr', 'апр'],
  ['may', 'май', 'мая', 'мае'],
  ['jun', 'июн'],
  ['jul', 'июл'],
  ['aug', 'авг'],
  ['sep', 'сен'],
  ['oct', 'окт'],
  ['nov', 'ноя'],
  ['dec', 'дек'],
];

/** How the names of weekdays begin. */
export const weekdayStems: readonly string[] = [
  ...['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  ...['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс', 'понед', 'сред', 'четв', 'пятн', 'суб', 'воск'],
];

const time = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?`;
const isoForm = new RegExp(`^\\d{4}([-/])\\d{1,2}\\1\\d{1,2}(?:[T ,]+${time}(.*))?$`, 'i');
const numericForm = new RegExp(
  `^(\\d{1,2})([./-])(\\d{1,2})[./-](\\d{4}|\\d{2})(?:[T ,]+${time}(.*))?$`,
  'i',
);
const monthForm = /^(?:\d{4}[-./]\d{1,2}|\d{1,2}[-./]\d{4})$/;
const anyMonth = `(?:${monthStems.flat().join('|')})[a-zа-я]*`;
const namedMonth = new RegExp(`^${anyMonth}[ .,/'-]*(?:\\d{4}|\\d{2})(?: ?г\\.?)?$`, 'iu');
const namedForm = new RegExp(
  `(?:^|[^\\d])\\d{1,2}(?:st|nd|rd|th)?[ .,/-]*${anyMonth}[ .,/'-]*\\d{2}|${anyMonth}[ .]*\\d{1,2}(?:st|nd|rd|th)?(?:, *| +)(?:\\d{4}|[\\d:]+ \\d{4})|^\\d{4}[ ./-]*${anyMonth}[ ./-]*\\d`,
  'iu',
);

/** The numbers that stand for days and times from 1990 to 2059. */
const dateNumbers: Readonly<Record<DateNumber, readonly [least: number, below: number]>> = {
  serial: [32_874, 58_441],
  seconds: [631_152_000, 2_840_140_800],
  milliseconds: [631_152_000_000, 2_840_140_800_000],
};

/** Judges the dates of a column by a sample. */
export function dateFormOf(values: Iterable<string | null>): DateForm {
  const form = { iso: false, numeric: false, points: false, named: false, month: false, shortYear: false };
  // Rows that speak for each order, by what stands between the numbers; a column that contradicts itself is
  // not decided by its sample.
  const votes = { slash: { dmy: 0, mdy: 0 }, point: { dmy: 0, mdy: 0 } };
  const zones = new Set<string>();
  const numbers = { serial: 0, seconds: 0, milliseconds: 0 };
  let others = 0;
  for (const value of values) {
    const text = value?.trim() ?? '';
    if (text === '') continue;
    const kind = /^\d+(?:[.,]\d*)?$/.test(text) ? dateNumberOf(Number(text.replace(',', '.'))) : undefined;
    if (kind !== undefined) {
      numbers[kind] += 1;
      continue;
    }
    others += 1;
    const iso = isoForm.exec(text);
    const numeric = iso === null ? numericForm.exec(text) : null;
    const zone = (iso?.[2] ?? numeric?.[5])?.trim() ?? '';
    if (/^(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i.test(zone)) zones.add(zone);
    if (iso !== null) form.iso = true;
    if (numeric === null) {
      form.month ||= monthForm.test(text) || namedMonth.test(text);
      form.named ||= namedForm.test(text);
      continue;
    }
    const [, first, mark, second, year] = numeric;
    form[mark === '.' ? 'points' : 'numeric'] = true;
    form.shortYear ||= year!.length === 2;
    const vote = votes[mark === '.' ? 'point' : 'slash'];
    if (Number(first) > 12) vote.dmy += 1;
    else if (Number(second) > 12) vote.mdy += 1;
  }
  const counted = (Object.keys(numbers) as DateNumber[]).filter((kind) => numbers[kind] > 0);
  return {
    ...form,
    number: counted.length === 1 && others * 10 <= numbers[counted[0]!] ? counted[0] : undefined,
    order: votes.slash.mdy === 0 ? (votes.slash.dmy > 0 ? 'dmy' : undefined) : 'mdy',
    pointOrder: votes.point.mdy > 0 ? 'mdy' : 'dmy',
    isContradictory: Object.values(votes).some(({ dmy, mdy }) => dmy > 0 && mdy > 0),
    zones: [...zones],
  };
}

function dateNumberOf(value: number): DateNumber | undefined {
  return (Object.keys(dateNumbers) as DateNumber[]).find((kind) => {
    const [least, below] = dateNumbers[kind];
    return value >= least && value < below;
  });
}
