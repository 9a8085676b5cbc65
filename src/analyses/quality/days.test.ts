import { describe, expect, it } from 'vitest';
import { addDays, type Day, dayNumber } from '../../core/dates.js';
import { type DayCount, splitTail } from '../../core/day-tail.js';
import { findGaps } from './days.js';
import { outerFences } from './fences.js';

/** Every day from one to another, but those left out. */
function daily(from: Day, to: Day, isLeftOut: (day: Day) => boolean = () => false): DayCount[] {
  const days: DayCount[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) if (!isLeftOut(day)) days.push({ day, rows: 10 });
  return days;
}

describe('gaps', () => {
  it('closed on Sundays is no gap, two weeks away are', () => {
    // 1970-01-01 was a Thursday, so day 3 a Sunday.
    const isSunday = (day: Day) => dayNumber(day) % 7 === 3;
    const days = daily(
      '2024-01-01',
      '2024-12-31',
      (day) => isSunday(day) || (day >= '2024-07-01' && day <= '2024-07-14'),
    );
    expect(findGaps(days)).toEqual([{ from: '2024-06-30', to: '2024-07-14', days: 15 }]);
  });

  it('a single holiday of a shop that is open daily is none, four days in a row are', () => {
    const single = daily('2024-01-01', '2024-12-31', (day) => day === '2024-05-01');
    expect(findGaps(single)).toEqual([]);
    const four = daily('2024-01-01', '2024-12-31', (day) => day >= '2024-05-01' && day <= '2024-05-04');
    expect(findGaps(four)).toEqual([{ from: '2024-05-01', to: '2024-05-04', days: 4 }]);
  });

  it('a shop that sells once a fortnight has no gap of a fortnight', () => {
    expect(findGaps(daily('2024-01-01', '2024-12-31', (day) => dayNumber(day) % 14 !== 0))).toEqual([]);
  });

  it('no days and one day have none', () => {
    expect(findGaps([])).toEqual([]);
    expect(findGaps(daily('2024-01-01', '2024-01-01'))).toEqual([]);
  });
});

describe('days in the future, told without a clock', () => {
  it('a few rows years after the rest are', () => {
    const days = [
      ...daily('2024-01-01', '2024-03-31'),
      { day: '2042-01-05', rows: 1 },
      { day: '2099-12-31', rows: 2 },
    ];
    expect(splitTail(days).tail.map(({ day }) => day)).toEqual(['2042-01-05', '2099-12-31']);
  });

  it('many rows after a pause, and a seasonal shop, are not', () => {
    const pause = [...daily('2024-01-01', '2024-03-31'), ...daily('2024-12-01', '2024-12-31')];
    expect(splitTail(pause).tail).toEqual([]);
    const seasons = ['2021-12-24', '2022-12-24', '2023-12-24', '2024-12-24'].map((day) => ({ day, rows: 1 }));
    expect(splitTail(seasons).tail).toEqual([]);
    expect(splitTail([])).toEqual({ plausible: [], tail: [] });
  });
});

describe('outer fences', () => {
  it('are three spreads beyond the quartiles, on a logarithmic scale', () => {
    const values = [
      { value: 10, count: 10 },
      { value: 20, count: 10 },
      { value: 5000, count: 1 },
    ];
    // Quartiles 10 and 20: 10 / 2^3 and 20 × 2^3.
    expect(outerFences(values)).toEqual({ low: 1.25, high: 160 });
  });

  it('are not known of few values, nor where the middle half are one', () => {
    expect(outerFences([{ value: 1, count: 10 }])).toBeNull();
    expect(
      outerFences([
        { value: 1, count: 100 },
        { value: 1000, count: 1 },
      ]),
    ).toBeNull();
  });
});
