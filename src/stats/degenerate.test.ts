import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fewestRepeatBuyers } from './fit.js';
import { fitGammaGamma } from './gamma-gamma.js';
import type { PurchaseHistories } from './purchase-histories.js';
import { fitRepeatBuying, type RepeatBuyingName } from './repeat-buying.js';
import { fitShiftedBetaGeometric } from './shifted-beta-geometric.js';

type Row = readonly [x: number, recency: number, age: number, customers: number];

function histories(rows: readonly Row[]): PurchaseHistories {
  const column = (place: number) => Float64Array.from(rows, (row) => row[place]!);
  return { frequency: column(0), recency: column(1), age: column(2), weight: column(3) };
}

const names: readonly RepeatBuyingName[] = ['mbg_nbd', 'bg_nbd', 'pareto_nbd'];

/** Every number that a fit gives is one, and can be. */
function expectNumbers(name: RepeatBuyingName, rows: readonly Row[]) {
  const model = fitRepeatBuying(histories(rows), name);
  for (const { name: parameter, value, standardError } of model.parameters) {
    expect(value > 0 && value < Number.POSITIVE_INFINITY, `${parameter} ${value}`).toBe(true);
    expect(standardError === null || standardError > 0, `${parameter} ± ${standardError}`).toBe(true);
    expect(standardError === null).toBe(model.fit.withoutErrors !== null);
  }
  expect(Number.isFinite(model.logLikelihood), `${model.logLikelihood}`).toBe(true);
  expect(model.fit.method === 'maximum_likelihood').toBe(model.fit.reason === null);
  for (const [x, recency, age] of rows) {
    for (const horizon of [0, 30, 3652.5]) {
      const alive = model.probabilityAlive(x, recency, age);
      const none = model.probabilityOfNone(horizon, x, recency, age);
      expect(alive >= 0 && alive <= 1 && none >= 0 && none <= 1, `${alive}, ${none}`).toBe(true);
      for (const value of [
        model.expectedPurchases(horizon, x, recency, age),
        model.varianceOfPurchases(horizon, x, recency, age),
        model.expectedPurchasesOfNew(horizon),
      ])
        expect(value >= 0 && value < Number.POSITIVE_INFINITY, `${value}`).toBe(true);
    }
  }
  return model;
}

describe.each(names)('%s', (name) => {
  test('all one-time buyers: no fit by the data alone, and little is expected', () => {
    const model = expectNumbers(
      name,
      Array.from({ length: 300 }, (_, i): Row => [0, 0, i, 4]),
    );
    expect(model.fit).toMatchObject({
      method: 'empirical_bayes',
      reason: 'few_repeat_buyers',
      repeatBuyers: 0,
    });
    expect(model.expectedPurchases(365, 0, 0, 200)).toBeLessThan(0.01);
    expect(model.probabilityOfNone(365, 0, 0, 200)).toBeGreaterThan(0.99);
  });

  test('three customers', () => {
    const rows: Row[] = [
      [0, 0, 40, 1],
      [3, 90, 100, 1],
      [1, 10, 70, 1],
    ];
    const model = expectNumbers(name, rows);
    expect(model.fit).toMatchObject({ method: 'empirical_bayes', reason: 'few_repeat_buyers', customers: 3 });
    // Near the rate that they had: 4 in 210 days.
    expect(model.expectedPurchases(30, 3, 90, 100)).toBeGreaterThan(0.1);
    expect(model.expectedPurchases(30, 3, 90, 100)).toBeLessThan(2);
  });

  test('one day of data: nobody was watched', () => {
    expect(expectNumbers(name, [[0, 0, 0, 5000]]).fit).toMatchObject({ reason: 'no_exposure' });
  });

  test('one week of data', () => {
    const rows = Array.from({ length: 7 }, (_, age) =>
      Array.from(
        { length: age + 1 },
        (_, recency): Row => [recency > 0 ? 1 : 0, recency, age, 40 - recency * 5],
      ),
    ).flat();
    expectNumbers(name, rows);
  });

  test('everybody at the same pace, nobody leaves', () => {
    const rows = Array.from(
      { length: 60 },
      (_, i): Row => [i + 10, (i + 10) * 7, (i + 10) * 7 + (i % 7), 10],
    );
    const model = expectNumbers(name, rows);
    // What nobody did cannot be bounded by the data; what comes next is told all the same.
    expect(model.expectedPurchases(70, 30, 210, 212) / 10).toBeCloseTo(1, 0);
  });

  test('random bases', () => {
    const row = fc
      .record({
        x: fc.oneof(
          { weight: 3, arbitrary: fc.constant(0) },
          fc.integer({ min: 0, max: 5 }),
          fc.integer({ min: 0, max: 1000 }),
        ),
        age: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 3653 })),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        customers: fc.integer({ min: 1, max: 200 }),
      })
      .map(({ x, age, share, customers }): Row => {
        // Distinct days: no more purchases than days.
        const most = Math.min(x, age);
        return [most, most === 0 ? 0 : Math.max(most, Math.round(age * share)), age, customers];
      });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        expectNumbers(name, rows);
      }),
      { numRuns: name === 'pareto_nbd' ? 25 : 50, seed: 31 },
    );
  });
});

test('fewer repeat buyers than the models need, and as many', () => {
  const rows = (repeat: number): Row[] => [
    [0, 0, 100, 200],
    [1, 20, 100, repeat - 10],
    [2, 60, 90, 10],
  ];
  expect(fitRepeatBuying(histories(rows(fewestRepeatBuyers - 1))).fit.reason).toBe('few_repeat_buyers');
  expect(fitRepeatBuying(histories(rows(fewestRepeatBuyers))).fit.reason).toBe(null);
});

test('histories that cannot be are refused', () => {
  for (const row of [
    [0, 5, 10, 1],
    [1, 11, 10, 1],
    [1, 5, 10, 0],
    [Number.NaN, 5, 10, 1],
  ] as const)
    expect(() => fitRepeatBuying(histories([row]))).toThrow(RangeError);
});

test('spend: nothing, few customers, all alike, without bound', () => {
  const spend = (rows: readonly (readonly [number, number, number])[]) => ({
    purchases: Float64Array.from(rows, ([x]) => x),
    mean: Float64Array.from(rows, ([, mean]) => mean),
    weight: Float64Array.from(rows, ([, , customers]) => customers),
  });
  expect(fitGammaGamma(spend([]))).toBe(null);
  const few = fitGammaGamma(
    spend([
      [1, 10, 2],
      [3, 30, 1],
    ]),
  )!;
  expect(few).toMatchObject({ method: 'pooled_mean', reason: 'few_customers' });
  expect(few.expectedValue(3, 30)).toBeCloseTo(110 / 5, 12);
  const alike = fitGammaGamma(
    spend([
      [1, 20, 400],
      [4, 20, 100],
    ]),
  )!;
  expect(alike.expectedValue(2, 20)).toBeCloseTo(20, 6);
  expect(alike.correlation).toBe(null);
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 1000 }),
          fc.double({ min: Math.log(0.01), max: Math.log(1e9), noNaN: true }).map(Math.exp),
          fc.integer({ min: 1, max: 50 }),
        ),
        { minLength: 1, maxLength: 30 },
      ),
      (rows) => {
        const model = fitGammaGamma(spend(rows))!;
        const largest = Math.max(...rows.map(([, mean]) => mean));
        for (const [x, mean] of [[0, 0] as const, ...rows]) {
          const value = model.expectedValue(x, mean);
          expect(value > 0 && value < largest * 1e3, `${value}`).toBe(true);
        }
        expect(model.correlation === null || Math.abs(model.correlation) <= 1).toBe(true);
      },
    ),
    { numRuns: 200, seed: 32 },
  );
});

test('subscribers: nobody left, everybody left at once, random tenures', () => {
  const fitted = (rows: readonly (readonly [number, number, number])[]) =>
    fitShiftedBetaGeometric({
      renewals: Float64Array.from(rows, ([n]) => n),
      hasLeft: Uint8Array.from(rows, ([, left]) => left),
      weight: Float64Array.from(rows, ([, , customers]) => customers),
    });
  const none = fitted([[12, 0, 300]]);
  expect(none.fit).toMatchObject({ method: 'empirical_bayes', reason: 'few_leavers' });
  expect(none.survival(12, 12)).toBeGreaterThan(0.98);
  expect(fitted([[0, 1, 300]]).survival(1, 0)).toBeLessThan(0.05);
  expect(fitted([[0, 0, 3]]).survival(1, 0)).toBeGreaterThan(0);
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 400 }),
          fc.integer({ min: 0, max: 1 }),
          fc.integer({ min: 1, max: 500 }),
        ),
        { minLength: 1, maxLength: 20 },
      ),
      (rows) => {
        const model = fitted(rows);
        for (const [n] of rows) {
          const [one, ten] = [model.survival(1, n), model.survival(10, n)];
          expect(one >= 0 && one <= 1 && ten >= 0 && ten <= one, `${one} ${ten}`).toBe(true);
          // Who stayed longer stays on more likely.
          expect(model.survival(1, n + 5)).toBeGreaterThanOrEqual(one - 1e-9);
        }
      },
    ),
    { numRuns: 200, seed: 33 },
  );
});
