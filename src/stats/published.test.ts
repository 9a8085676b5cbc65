import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cdnowHistories, cdnowSpend, historiesOfLines } from '../testing/cdnow.js';
import { projectRoot } from '../testing/cli.js';
import { fitBgNbd, fitMbgNbd } from './bg-nbd.js';
import type { FittedParameter } from './fit.js';
import { fitGammaGamma } from './gamma-gamma.js';
import { fitParetoNbd } from './pareto-nbd.js';
import { fitShiftedBetaGeometric } from './shifted-beta-geometric.js';

const lines = join(projectRoot, '../shared/data/cdnow_sample_purchases.csv');
const sources = [
  { name: 'fixture', isThere: true, read: () => ({ histories: cdnowHistories(), spend: cdnowSpend() }) },
  {
    name: 'purchases (skipped if absent)',
    isThere: existsSync(lines),
    read: () => historiesOfLines(lines, '1997-09-30'),
  },
];

/** Within a thousandth, or half of the last digit that was published, where that is more. */
function expectParameters(
  parameters: readonly FittedParameter[],
  published: Record<string, number>,
  digits = 3,
) {
  expect(parameters.map(({ name }) => name)).toEqual(Object.keys(published));
  for (const { name, value, standardError } of parameters) {
    const within = Math.max(0.001 * published[name]!, 0.5001 * 10 ** -digits);
    expect(Math.abs(value - published[name]!), name).toBeLessThan(within);
    expect(standardError, name).toBeGreaterThan(0);
  }
}

/** Fader, Hardie and Lee 2005, eq. 9, by so many terms of the series of 2F1(r, b; a+b-1; t / (alpha+t)). */
function purchasesOfNewBySeries(parameters: readonly FittedParameter[], t: number, terms: number): number {
  const [r, alpha, a, b] = parameters.map(({ value }) => value) as [number, number, number, number];
  let [sum, term] = [1, 1];
  for (let j = 0; j < terms; j++) {
    term *= (((r + j) * (b + j)) / ((a + b - 1 + j) * (j + 1))) * (t / (alpha + t));
    sum += term;
  }
  return ((a + b - 1) / (a - 1)) * (1 - (alpha / (alpha + t)) ** r * sum);
}

for (const { name, isThere, read } of sources) {
  describe.skipIf(!isThere)(`CDNOW, 1/10 sample, from the ${name}`, () => {
    const { histories, spend } = isThere ? read() : { histories: cdnowHistories(), spend: cdnowSpend() };

    test('BG/NBD: Fader, Hardie and Lee 2005', () => {
      const model = fitBgNbd(histories);
      expect(model.fit).toMatchObject({
        method: 'maximum_likelihood',
        atEdge: [],
        customers: 2357,
        repeatBuyers: 946,
      });
      expectParameters(model.parameters, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });
      expect(model.logLikelihood).toBeCloseTo(-9582.4, 1);
      expect(model.expectedPurchases(39, 2, 30.43, 38.86)).toBeCloseTo(1.226, 3);
      expect(model.probabilityAlive(2, 30.43, 38.86)).toBeCloseTo(0.7266, 4);
      // Published with the series of 2F1 cut off, as after 150 terms; predictions.test.ts integrates the whole of it.
      const published = [
        [1, 0.0532],
        [3, 0.1506],
        [32, 1.0437],
        [78, 1.8576],
      ] as const;
      for (const [weeks, purchases] of published) {
        const cut = purchasesOfNewBySeries(model.parameters, weeks, 150);
        expect(cut.toFixed(4), `${weeks}`).toBe(purchases.toFixed(4));
        const whole = model.expectedPurchasesOfNew(weeks);
        expect(whole, `${weeks}`).toBeCloseTo(purchasesOfNewBySeries(model.parameters, weeks, 2000), 9);
        expect(whole - cut, `${weeks}`).toBeLessThan(5e-4);
      }
      expect(model.probabilityAlive(1000, 10, 100)).toBe(0);
      expect(model.probabilityAlive(0, 0, 38)).toBe(1);
    });

    test('Pareto/NBD: Fader and Hardie 2005', () => {
      const model = fitParetoNbd(histories);
      expectParameters(model.parameters, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 });
      expect(model.logLikelihood).toBeCloseTo(-9595.0, 1);
      expect(model.probabilityAlive(26, 30.86, 31)).toBeCloseTo(0.9979, 4);
      expect(model.expectedPurchases(52, 26, 30.86, 31)).toBeCloseTo(25.46, 2);
    });

    test('MBG/NBD: BTYDplus', () => {
      const model = fitMbgNbd(histories);
      expectParameters(model.parameters, { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 });
      expect(Math.abs(model.logLikelihood + 9582.13)).toBeLessThan(0.01);
      expect(model.probabilityAlive(0, 0, 38)).toBeLessThan(0.5);
    });

    test('Gamma-Gamma: Fader and Hardie 2013', () => {
      const model = fitGammaGamma(spend)!;
      expect(model.method).toBe('gamma_gamma');
      expectParameters(model.parameters, { p: 6.25, q: 3.74, v: 15.44 }, 2);
      expect(model.logLikelihood).toBeCloseTo(-4055.92, 2);
    });
  });
}

test('time in days gives the same fit as in weeks', () => {
  const weeks = cdnowHistories();
  const inDays = (column: Float64Array) => column.map((value) => value * 7);
  const days = { ...weeks, recency: inDays(weeks.recency), age: inDays(weeks.age) };
  for (const fitModel of [fitBgNbd, fitMbgNbd, fitParetoNbd]) {
    const [one, other] = [fitModel(weeks), fitModel(days)];
    expect(other.logLikelihood).toBeCloseTo(one.logLikelihood - 2457 * Math.log(7), 4);
    expect(other.parameters[1]!.value).toBeCloseTo(7 * one.parameters[1]!.value, 2);
    expect(other.expectedPurchases(273, 2, 213, 272)).toBeCloseTo(
      one.expectedPurchases(39, 2, 213 / 7, 272 / 7),
      5,
    );
  }
});

// Fader and Hardie 2007, table 1: percent of subscribers who are left at the end of each of seven years.
test.each([
  { segment: 'Regular', left: [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1], alpha: 0.704, beta: 1.182 },
  { segment: 'High End', left: [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1], alpha: 0.668, beta: 3.806 },
])('shifted beta-geometric, $segment: Fader and Hardie 2007', ({ left, alpha, beta }) => {
  const leaving = left.slice(1).map((percent, i) => (left[i]! - percent) * 10);
  const model = fitShiftedBetaGeometric({
    renewals: Float64Array.of(...leaving.keys(), 7),
    hasLeft: Uint8Array.of(...leaving.map(() => 1), 0),
    weight: Float64Array.of(...leaving, left.at(-1)! * 10),
  });
  expectParameters(model.parameters, { alpha, beta });
  for (const [year, percent] of left.entries())
    expect(model.survival(year, 0) * 100).toBeCloseTo(percent, -0.7);
  // Retention rises with tenure though nobody's changes: eq. 8, (β+t-1) / (α+β+t-1).
  const [a, b] = model.parameters.map(({ value }) => value) as [number, number];
  expect(model.survival(1, 3)).toBeCloseTo((b + 3) / (a + b + 3), 10);
});
