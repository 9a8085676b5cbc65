import type { Text } from './text.js';

/** A calendar day as 'YYYY-MM-DD'. Text compares in time order and has no time zone. */
export type Day = string;

const millisecondsPerDay = 86_400_000;

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay;
}

export function dayFromNumber(number: number): Day {
  return new Date(number * millisecondsPerDay).toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return dayFromNumber(dayNumber(day) + days);
}

/** The same day some months on; the 31st becomes the last day of a shorter month. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = partsOf(day);
  const index = year * 12 + (month - 1) + months;
  const target = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  return dayOf(target.year, target.month, Math.min(date, daysInMonth(target.year, target.month)));
}

export function partsOf(day: Day): [year: number, month: number, date: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
}

export function dayOf(year: number, month: number, date: number): Day {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** True for a 'YYYY-MM-DD' that names a real day. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, date] = partsOf(text);
  return year >= 1 && month >= 1 && month <= 12 && date >= 1 && date <= daysInMonth(year, month);
}

/** A day as people write it: 2024-03-31, 31.03.2024. */
export function sayDay(day: Day): Text {
  return { en: day, ru: day.split('-').reverse().join('.') };
}
