import { addDays, addMonths, type Day, dayNumber, dayOf, isDay, partsOf } from './dates.js';
import { exitCodes, UserError } from './errors.js';

/** Half-open span of days: `from` belongs to it, `to` does not. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
  /** The calendar step it is one of, so that the period before it can be told. */
  readonly step: Step | 'custom';
  /** '2024-03', '2024-Q1', '2024', '2024-W05', '2024-03-01', or 'from..last day'. */
  readonly name: string;
}

export const steps = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Step = (typeof steps)[number];

/** The calendar period of one step that a day falls in. Weeks are ISO weeks, from Monday. */
export function periodContaining(day: Day, step: Step): Period {
  const [year, month] = partsOf(day);
  switch (step) {
    case 'day':
      return { from: day, to: addDays(day, 1), step, name: day };
    case 'week': {
      const from = addDays(day, -daysSinceMonday(day));
      return { from, to: addDays(from, 7), step, name: isoWeekName(from) };
    }
    case 'month': {
      const from = dayOf(year, month, 1);
      return { from, to: addMonths(from, 1), step, name: from.slice(0, 7) };
    }
    case 'quarter': {
      const quarter = Math.ceil(month / 3);
      const from = dayOf(year, quarter * 3 - 2, 1);
      return { from, to: addMonths(from, 3), step, name: `${from.slice(0, 4)}-Q${quarter}` };
    }
    case 'year': {
      const from = dayOf(year, 1, 1);
      return { from, to: addMonths(from, 12), step, name: from.slice(0, 4) };
    }
  }
}

/** 0 for a Monday; days before 1970 have negative numbers. */
function daysSinceMonday(day: Day): number {
  return (((dayNumber(day) + 3) % 7) + 7) % 7;
}

function isoWeekName(monday: Day): string {
  // An ISO week belongs to the year of its Thursday; the week of 4 January is the first.
  const [year] = partsOf(addDays(monday, 3));
  const fourth = dayOf(year, 1, 4);
  const week = (dayNumber(monday) - dayNumber(fourth) + daysSinceMonday(fourth)) / 7 + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** A span given by its first day and the day after its last; a whole calendar period gets its name. */
export function customPeriod(from: Day, to: Day): Period {
  for (const step of ['year', 'quarter', 'month', 'week', 'day'] as const) {
    const calendar = periodContaining(from, step);
    if (calendar.from === from && calendar.to === to) return calendar;
  }
  return { from, to, step: 'custom', name: `${from}..${addDays(to, -1)}` };
}

/** The period of the same length right before. */
export function previousPeriod(period: Period): Period {
  if (period.step !== 'custom') return periodContaining(addDays(period.from, -1), period.step);
  return customPeriod(addDays(period.from, dayNumber(period.from) - dayNumber(period.to)), period.from);
}

/** The same period a year earlier: the same dates, and for weeks the week 52 weeks before. */
export function yearAgo(period: Period): Period {
  if (period.step === 'week') return periodContaining(addDays(period.from, -364), 'week');
  if (period.step === 'day') return periodContaining(addMonths(period.from, -12), 'day');
  if (period.step !== 'custom') return periodContaining(addMonths(period.from, -12), period.step);
  // The last day moves, not the day after it: a span that ends on 28 February stays within February.
  return customPeriod(addMonths(period.from, -12), addDays(addMonths(addDays(period.to, -1), -12), 1));
}

/** The last whole calendar month that ends on or before the day after the as-of date. */
export function lastFullMonth(asOf: Day): Period {
  return lastFull(asOf, 'month');
}

function lastFull(asOf: Day, step: Step): Period {
  const current = periodContaining(asOf, step);
  return current.to <= addDays(asOf, 1) ? current : previousPeriod(current);
}

/** Calendar periods that cover the days from `from` up to, not with, `to`. */
export function periodsCovering(from: Day, to: Day, step: Step): Period[] {
  const periods: Period[] = [];
  let period = periodContaining(from, step);
  while (period.from < to) {
    periods.push(period);
    period = periodContaining(period.to, step);
  }
  return periods;
}

/**
 * Reads --period: '2024', '2024-03', '2024-Q1', '2024-W05', '2024-03-15', 'last-month', 'last-quarter',
 * 'last-week', 'last-year', 'last-30d'.
 * @throws UserError (usage) for any other text
 */
export function parsePeriod(text: string, asOf: Day): Period {
  const given = text.trim().toLowerCase();
  const last = /^last-(?:(day|week|month|quarter|year)|(\d{1,5})d)$/.exec(given);
  if (last?.[1]) return lastFull(asOf, last[1] as Step);
  if (last?.[2] && Number(last[2]) > 0) {
    return customPeriod(addDays(asOf, 1 - Number(last[2])), addDays(asOf, 1));
  }
  const quarter = /^(\d{4})-?q([1-4])$/.exec(given);
  if (quarter && Number(quarter[1]) > 0) {
    return periodContaining(dayOf(Number(quarter[1]), Number(quarter[2]) * 3, 1), 'quarter');
  }
  const week = /^(\d{4})-?w(\d{2})$/.exec(given);
  if (week && Number(week[1]) > 0) {
    // The week with 4 January is the first of an ISO year.
    const first = periodContaining(dayOf(Number(week[1]), 1, 4), 'week');
    const found = periodContaining(addDays(first.from, (Number(week[2]) - 1) * 7), 'week');
    if (found.name.toLowerCase() === `${week[1]}-w${week[2]}`) return found;
  }
  if (/^\d{4}$/.test(given) && isDay(`${given}-01-01`)) return periodContaining(`${given}-01-01`, 'year');
  if (/^\d{4}-\d{2}$/.test(given) && isDay(`${given}-01`)) return periodContaining(`${given}-01`, 'month');
  if (isDay(given)) return periodContaining(given, 'day');
  throw new UserError(`--period '${text}' is not a period`, {
    remedy: 'Use 2024, 2024-Q1, 2024-03, 2024-W05, last-month, last-quarter, last-30d, or --from and --to.',
    exitCode: exitCodes.usage,
  });
}

/** Length in months: whole calendar months are counted, other spans are days / (365.25 / 12). */
export function monthsIn(period: Pick<Period, 'from' | 'to'>): number {
  for (let months = 1; months <= 1200; months++) {
    const end = addMonths(period.from, months);
    if (end === period.to && partsOf(period.from)[2] === partsOf(end)[2]) return months;
    if (end >= period.to) break;
  }
  return (dayNumber(period.to) - dayNumber(period.from)) / (365.25 / 12);
}
