import type { Day } from '../core/dates.js';
import { dateFormOf } from '../input/dates.js';

/** How numbers and dates are written in a CSV file. */
export interface CsvForm {
  readonly decimal: '.' | ',';
  readonly day: (day: Day) => string;
}

/** As programs read it: a point, '2024-06-30'. */
const plainForm: CsvForm = { decimal: '.', day: (day) => day };

/** A cell that a run wrote and a program may have written anew, with what the list has for it now, if that is known. */
export interface FormerCell {
  readonly text: string;
  readonly day?: Day | undefined;
}

const shape = /^(\d{1,2})([./-])(\d{1,2})\2\d{2}(?:\d{2})?(?: \d{1,2}:\d{2}(?::\d{2})?)?$/;

/**
 * How a spreadsheet program that saved a list writes numbers and dates, so that it takes those of the next run for
 * numbers and dates too.
 * @param numbers and `dates`: cells of computed columns
 */
export function csvFormOf(
  numbers: readonly string[],
  dates: readonly FormerCell[],
  delimiter: string,
): CsvForm {
  const others = dates.filter(({ text }) => shape.test(text));
  const isIso = 2 * others.length <= dates.filter(({ text }) => text !== '').length;
  const form = isIso ? undefined : dateShape(others, delimiter);
  // '1,234' may be a thousand.
  const commas = numbers.filter((text) => /^-?\d+,(?:\d{1,2}|\d{4,})$/.test(text)).length;
  const points = numbers.filter((text) => /^-?\d+\.\d+$/.test(text)).length;
  // A program that has a comma takes '1001.50' for text and leaves it; its dates tell it too.
  const isDayFirst = form?.mark === '.' && delimiter === ';';
  return {
    decimal: commas > points || isDayFirst ? ',' : '.',
    day: form === undefined ? plainForm.day : (day) => dayIn(form, day),
  };
}

interface DateShape {
  readonly mark: string;
  readonly order: 'dmy' | 'mdy';
  /** Whether days and months have two digits. */
  readonly isPadded: boolean;
}

function dateShape(cells: readonly FormerCell[], delimiter: string): DateShape {
  const parts = cells.map(({ text }) => shape.exec(text)!);
  const marks = parts.map((part) => part[2]!);
  const mark = [...'./-'].reduce((most, one) => {
    const count = (sought: string) => marks.filter((found) => found === sought).length;
    return count(one) > count(most) ? one : most;
  });
  const numbers = parts.flatMap((part) => [part[1]!, part[3]!]);
  const isPadded =
    numbers.some((number) => number.startsWith('0')) || numbers.every(({ length }) => length === 2);
  const { order, pointOrder } = dateFormOf(cells.map(({ text }) => text));
  return { mark, isPadded, order: mark === '.' ? asOrder(pointOrder) : asOrder(order ?? likelyOrder()) };

  /** Where every day is 12 or less: what gives the dates that stayed the same. */
  function likelyOrder(): 'dmy' | 'mdy' {
    const alike = (order: 'dmy' | 'mdy') =>
      cells.filter(({ text, day }) => day !== undefined && dayIn({ mark, order, isPadded }, day) === text)
        .length;
    const [dayFirst, monthFirst] = [alike('dmy'), alike('mdy')];
    if (dayFirst !== monthFirst) return dayFirst > monthFirst ? 'dmy' : 'mdy';
    return mark === '/' && delimiter === ',' ? 'mdy' : 'dmy';
  }
}

function asOrder(order: string): 'dmy' | 'mdy' {
  return order === 'mdy' ? 'mdy' : 'dmy';
}

function dayIn({ mark, order, isPadded }: DateShape, iso: Day): string {
  const [year, month, day] = iso.split('-').map(Number) as [number, number, number];
  const [first, second] = (order === 'dmy' ? [day, month] : [month, day]).map((number) =>
    String(number).padStart(isPadded ? 2 : 1, '0'),
  );
  return `${first}${mark}${second}${mark}${year}`;
}
