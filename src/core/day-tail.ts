import { type Day, dayNumber } from './dates.js';

/** A day and how many rows it has. */
export interface DayCount {
  readonly day: Day;
  readonly rows: number;
}

/** Bounds beyond which the last days of a base are taken for mistyped. */
export const tailRule = { days: 180, gaps: 3, rows: 3, share: 0.005 } as const;

/**
 * Splits days at a gap behind which only a few rows lie, far after all the rest: days in the future that nobody
 * has lived yet. Told without a clock, so the same file gives the same answer on any day.
 * @param days in order
 */
export function splitTail<T extends DayCount>(days: readonly T[]): { plausible: T[]; tail: T[] } {
  const total = days.reduce((sum, { rows }) => sum + rows, 0);
  const gaps = days.map(({ day }, index) =>
    index === 0 ? 0 : dayNumber(day) - dayNumber(days[index - 1]!.day),
  );
  const longestBefore: number[] = [];
  for (const gap of gaps) longestBefore.push(Math.max(longestBefore.at(-1) ?? 0, gap));
  let split = days.length;
  let rows = 0;
  for (let index = days.length - 1; index > 0; index -= 1) {
    rows += days[index]!.rows;
    if (rows > Math.max(tailRule.rows, total * tailRule.share) || rows * 3 > total - rows) break;
    if (gaps[index]! > Math.max(tailRule.days, tailRule.gaps * longestBefore[index - 1]!)) split = index;
  }
  return { plausible: days.slice(0, split), tail: days.slice(split) };
}
