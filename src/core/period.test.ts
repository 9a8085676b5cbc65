import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths, dayFromNumber, dayNumber } from './dates.js';
import {
  customPeriod,
  lastFullMonth,
  monthsIn,
  parsePeriod,
  periodContaining,
  periodsCovering,
  previousPeriod,
  steps,
  yearAgo,
} from './period.js';

const span = ({ from, to }: { from: string; to: string }) => [from, to];
const anyDay = fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2099-12-31') }).map(dayFromNumber);

describe('parsePeriod', () => {
  test.each([
    ['2024', '2024-01-01', '2025-01-01'],
    ['2024-Q1', '2024-01-01', '2024-04-01'],
    ['2024q4', '2024-10-01', '2025-01-01'],
    ['2024-02', '2024-02-01', '2024-03-01'],
    ['2024-W01', '2024-01-01', '2024-01-08'],
    ['2020-W53', '2020-12-28', '2021-01-04'],
    ['2024-02-29', '2024-02-29', '2024-03-01'],
    ['last-month', '2024-05-01', '2024-06-01'],
    ['last-quarter', '2024-01-01', '2024-04-01'],
    ['last-year', '2023-01-01', '2024-01-01'],
    ['last-30d', '2024-05-16', '2024-06-15'],
  ])('%s as of 2024-06-14', (text, from, to) => {
    expect(span(parsePeriod(text, '2024-06-14'))).toEqual([from, to]);
  });

  test.each([
    '',
    '2024-13',
    '2024-Q5',
    '2023-02-29',
    '2024-W60',
    '2023-W53',
    'last-decade',
    'last-0d',
    '0000',
    'June',
  ])('%s is no period', (text) => {
    expect(() => parsePeriod(text, '2024-06-14')).toThrow(/is not a period/);
  });

  test('the last day of a month ends that month', () => {
    expect(lastFullMonth('2024-02-29').name).toBe('2024-02');
    expect(lastFullMonth('2024-02-28').name).toBe('2024-01');
  });
});

describe('neighbours', () => {
  test('of spans that are no calendar period', () => {
    const period = customPeriod('2024-03-05', '2024-03-15');
    expect(span(previousPeriod(period))).toEqual(['2024-02-24', '2024-03-05']);
    expect(span(yearAgo(period))).toEqual(['2023-03-05', '2023-03-15']);
    expect(span(yearAgo(customPeriod('2024-02-10', '2024-03-01')))).toEqual(['2023-02-10', '2023-03-01']);
  });

  test('every calendar step: periods tile the days, the one before ends where this begins', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...steps), (day, step) => {
        const period = periodContaining(day, step);
        expect(period.from <= day && day < period.to).toBe(true);
        expect(previousPeriod(period).to).toBe(period.from);
        expect(parsePeriod(period.name, day)).toEqual(period);
        expect(customPeriod(period.from, period.to).from).toBe(period.from);
        const year = yearAgo(period);
        expect(year.step).toBe(step);
        expect(dayNumber(period.from) - dayNumber(year.from)).toBeGreaterThanOrEqual(364);
        expect(dayNumber(period.from) - dayNumber(year.from)).toBeLessThanOrEqual(371);
      }),
    );
  });

  test('periodsCovering leaves no day out', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 900 }), fc.constantFrom(...steps), (from, days, step) => {
        const to = addDays(from, days);
        const periods = periodsCovering(from, to, step);
        expect(periods[0]!.from <= from && periods.at(-1)!.to >= to).toBe(true);
        for (const [index, period] of periods.slice(1).entries())
          expect(period.from).toBe(periods[index]!.to);
      }),
    );
  });
});

test('months: whole ones are counted, other spans are in twelfths of a year', () => {
  expect(monthsIn({ from: '2024-02-01', to: '2024-03-01' })).toBe(1);
  expect(monthsIn({ from: '2023-11-15', to: '2024-11-15' })).toBe(12);
  expect(monthsIn({ from: '2024-01-01', to: '2024-01-11' })).toBeCloseTo(10 / (365.25 / 12), 12);
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (day, months) => {
      const first = `${day.slice(0, 8)}01`;
      expect(monthsIn({ from: first, to: addMonths(first, months) })).toBe(months);
    }),
  );
});
