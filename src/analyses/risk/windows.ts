import { addDays, type Day, dayNumber } from '../../core/dates.js';

/** A day in the past and the days after it, all of them known: what was to be told, and what came of it. */
export interface PastWindow {
  readonly day: Day;
  readonly horizon: number;
}

/** More windows in the past tell little more, and less of how things are now. */
const mostWindows = 4;

/**
 * Windows that end where the data end, side by side, the latest first: days at which `horizon` days were to come, with at
 * least as long a past. Where the data are too short for one, a single window of half of them; none of a single day.
 */
export function pastWindows(first: Day, last: Day, horizon: number): PastWindow[] {
  const span = dayNumber(last) - dayNumber(first);
  const length = Math.min(horizon, Math.floor(span / 2));
  if (length < 1) return [];
  const count = Math.min(mostWindows, Math.floor(span / length) - 1);
  return Array.from({ length: count }, (_, index) => ({
    day: addDays(last, -length * (index + 1)),
    horizon: length,
  }));
}
