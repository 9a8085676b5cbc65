import { addDays, type Day, dayFromNumber, dayNumber } from '../../core/dates.js';
import type { DayCount } from '../../core/day-tail.js';

/** A run of days without sales, both ends included. */
export interface Gap {
  readonly from: Day;
  readonly to: Day;
  readonly days: number;
}

/** A run counts where fewer than this many so long would come about by chance in such a base. */
export const chanceLimit = 0.01;

/** Days on either side of a run by which it is judged. */
const nearby = 91;

/**
 * Runs of days without sales that the base's own rhythm does not explain: as many days of those weekdays in a
 * row would be without sales by chance less than once in 100 such bases, each weekday having the rate of days
 * with sales that it has in the half year around the run. A shop that is closed on Sundays has no gaps on
 * Sundays, and one that is just starting has few.
 */
export function findGaps(days: readonly DayCount[]): Gap[] {
  const sold = new Set(days.map(({ day }) => dayNumber(day)));
  const span = days.length === 0 ? 0 : dayNumber(days.at(-1)!.day) - dayNumber(days[0]!.day) + 1;
  return days.slice(1).flatMap(({ day }, index) => {
    const start = dayNumber(days[index]!.day) + 1;
    const length = dayNumber(day) - start;
    if (length === 0) return [];
    const rates = ratesAround(sold, start, length, dayNumber(days[0]!.day), dayNumber(days.at(-1)!.day));
    let chance = span;
    for (let number = start; number < start + length; number += 1) chance *= rates[weekdayOf(number)]!;
    if (chance >= chanceLimit) return [];
    const from = dayFromNumber(start);
    return [{ from, to: addDays(from, length - 1), days: length }];
  });
}

function weekdayOf(number: number): number {
  return ((number % 7) + 7) % 7;
}

/** For each weekday the share of days without sales around a run, as if there were one more: no rate is certain. */
function ratesAround(
  sold: ReadonlySet<number>,
  start: number,
  length: number,
  first: number,
  last: number,
): number[] {
  const seen = new Array<number>(7).fill(0);
  const open = new Array<number>(7).fill(0);
  for (
    let number = Math.max(first, start - nearby);
    number < Math.min(last + 1, start + length + nearby);
    number += 1
  ) {
    if (number >= start && number < start + length) continue;
    seen[weekdayOf(number)]! += 1;
    if (sold.has(number)) open[weekdayOf(number)]! += 1;
  }
  return seen.map((count, weekday) => (count + 1 - open[weekday]!) / (count + 1));
}
