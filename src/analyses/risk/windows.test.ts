import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayNumber } from '../../core/dates.js';
import { pastWindows } from './windows.js';

test('windows lie side by side and end where the data end', () => {
  expect(pastWindows('2024-01-01', '2024-12-31', 90)).toEqual([
    { day: '2024-10-02', horizon: 90 },
    { day: '2024-07-04', horizon: 90 },
    { day: '2024-04-05', horizon: 90 },
  ]);
});

test('a past too short for two horizons is halved; a day has none', () => {
  expect(pastWindows('1997-01-01', '1997-09-30', 273)).toEqual([{ day: '1997-05-17', horizon: 136 }]);
  expect(pastWindows('2024-01-01', '2024-01-01', 30)).toEqual([]);
});

test('no window goes beyond the last day, or before the first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 1, max: 800 }), (span, horizon) => {
      const [first, last] = ['2020-01-01', addDays('2020-01-01', span)];
      for (const window of pastWindows(first, last, horizon)) {
        expect(addDays(window.day, window.horizon) <= last).toBe(true);
        expect(window.horizon).toBeLessThanOrEqual(horizon);
        expect(dayNumber(window.day) - dayNumber(first)).toBeGreaterThanOrEqual(window.horizon);
      }
    }),
  );
});
