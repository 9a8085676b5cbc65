import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movedRetention, project } from './projection.js';

describe('the next 12 months', () => {
  const year = { steps: 1, customers: 8, retention: 0.6, gained: 2, arpu: 120 };

  test('by hand, in one step: 8 × 0.6 + 2 = 6.8 at the end, 7.4 on average, at 120 each', () => {
    const { customers, revenue, ltv } = project(year);
    expect(customers).toBeCloseTo(6.8, 10);
    expect(revenue).toBeCloseTo(888, 10);
    expect(ltv).toBeCloseTo(300, 10);
  });

  test('five points more: 7.2 at the end, 7.6 on average', () => {
    const { customers, revenue, ltv } = project(year, movedRetention(0.6, 5));
    expect(customers).toBeCloseTo(7.2, 10);
    expect(revenue).toBeCloseTo(912, 10);
    expect(ltv).toBeCloseTo(120 / 0.35, 10);
  });

  test('in two steps the end of the first is the start of the second', () => {
    const { customers, revenue } = project({ ...year, steps: 2 });
    expect(customers).toBeCloseTo(6.8 * 0.6 + 2, 10);
    expect(revenue).toBeCloseTo(120 * 7.4 + 120 * ((6.8 + 6.08) / 2), 10);
  });

  test('retention stays within 0 and 100 %, where a lifetime has no end', () => {
    expect(movedRetention(0.98, 5)).toBe(1);
    expect(movedRetention(0.02, -5)).toBe(0);
    expect(project(year, 1).ltv).toBeNull();
  });

  test('more retention is never less of anything', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(1, 4, 12), share, share, amount, amount, amount, (steps, ...numbers) => {
        const [one, other, customers, gained, arpu] = numbers;
        const rates = { steps, customers, retention: 0, gained, arpu };
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((retention) =>
          project(rates, retention),
        );
        expect(more!.customers).toBeGreaterThanOrEqual(less!.customers);
        expect(more!.revenue).toBeGreaterThanOrEqual(less!.revenue);
        if (more!.ltv !== null) expect(more!.ltv).toBeGreaterThanOrEqual(less!.ltv!);
        // Nobody is kept who was not there.
        expect(more!.customers).toBeLessThanOrEqual(customers + steps * gained + 1e-6);
      }),
      { seed: 20240331 },
    );
  });
});
