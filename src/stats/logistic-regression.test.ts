import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../testing/fixtures/random.js';
import { distributions } from '../testing/simulate-purchases.js';
import { defaultPenalty, fitLogisticRegression, logistic } from './logistic-regression.js';

/** 40 customers without a feature, of whom 10 had the event, and 40 with it, of whom 30 had. */
const table = {
  features: [Float64Array.from([0, 0, 1, 1])],
  happened: Uint8Array.from([0, 1, 0, 1]),
  weight: Float64Array.from([30, 10, 10, 30]),
};

describe('a table of two by two', () => {
  test('without a penalty the coefficient is the logarithm of the odds ratio, 9', () => {
    const model = fitLogisticRegression(table, 0);
    expect(model.coefficients[0]).toBeCloseTo(Math.log(9), 6);
    expect(model.intercept).toBeCloseTo(Math.log(1 / 3), 6);
    expect([...model.probabilities(table.features)]).toEqual(
      [0.25, 0.25, 0.75, 0.75].map((p) => expect.closeTo(p, 6)),
    );
  });

  test('a penalty draws to the mean, more of it more', () => {
    const slopes = [0, 1, 10, 100, 1e6].map(
      (penalty) => fitLogisticRegression(table, penalty).coefficients[0]!,
    );
    expect(slopes).toEqual(slopes.toSorted((one, other) => other - one));
    expect(slopes.at(-1)).toBeCloseTo(0, 3);
  });

  test('units do not matter', () => {
    const metres = fitLogisticRegression(table);
    const other = fitLogisticRegression({
      ...table,
      features: [table.features[0]!.map((x) => 1000 * x - 7)],
    });
    expect(other.coefficients[0]).toBeCloseTo(metres.coefficients[0]! / 1000, 9);
    expect(other.standardised[0]).toBeCloseTo(metres.standardised[0]!, 9);
  });
});

test('known coefficients are found again', () => {
  const { normal, uniform } = distributions(createRandom(7).next);
  const features = [0, 1, 2].map(() => Float64Array.from({ length: 20_000 }, normal));
  const happened = Uint8Array.from({ length: 20_000 }, (_, i) =>
    uniform() < logistic(-1 + 0.8 * features[0]![i]! - 0.5 * features[1]![i]!) ? 1 : 0,
  );
  const model = fitLogisticRegression({ features, happened });
  expect(model.converged).toBe(true);
  // Errors are about 0.02.
  expect(model.intercept).toBeCloseTo(-1, 1);
  expect(Math.abs(model.coefficients[0]! - 0.8)).toBeLessThan(0.06);
  expect(Math.abs(model.coefficients[1]! + 0.5)).toBeLessThan(0.06);
  expect(Math.abs(model.coefficients[2]!)).toBeLessThan(0.06);
});

test('any data give finite numbers at the maximum: one outcome, constant, doubled and separating features', () => {
  const rows = fc.array(
    fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 })),
    { minLength: 1, maxLength: 25 },
  );
  fc.assert(
    fc.property(rows, (given) => {
      const of = (column: (row: (typeof given)[number]) => number) => Float64Array.from(given, column);
      const features = [of(([x]) => x), of(([x]) => 2 * x + 1), of(() => 4), of(([, z]) => 1e6 * z)];
      const happened = Uint8Array.from(given, ([, , y]) => y);
      const model = fitLogisticRegression({ features, happened });
      const p = model.probabilities(features);
      for (const probability of p) expect(probability > 0 && probability < 1).toBe(true);
      expect(model.coefficients[2]).toBe(0);
      // At the maximum the slope by each standardised coefficient is the penalty's.
      [0, 1, 3].forEach((index) => {
        const column = features[index]!;
        const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
        const spread = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
        if (spread === 0) return;
        const slope = column.reduce((sum, x, i) => sum + ((x - mean) / spread) * (p[i]! - happened[i]!), 0);
        expect(slope + defaultPenalty * model.standardised[index]!).toBeCloseTo(0, 3);
      });
    }),
  );
});

test('columns of several lengths are refused', () => {
  expect(() =>
    fitLogisticRegression({ features: [new Float64Array(2)], happened: new Uint8Array(3) }),
  ).toThrow(RangeError);
});
