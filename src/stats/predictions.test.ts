import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cdnowHistories } from '../testing/cdnow.js';
import { createRandom } from '../testing/fixtures/random.js';
import { distributions } from '../testing/simulate-purchases.js';
import { fitBgNbd, fitMbgNbd } from './bg-nbd.js';
import type { RepeatBuyingPrediction } from './fit.js';
import { fitParetoNbd } from './pareto-nbd.js';

const cdnow = cdnowHistories();
const models = {
  bg_nbd: fitBgNbd(cdnow),
  mbg_nbd: fitMbgNbd(cdnow),
  pareto_nbd: fitParetoNbd(cdnow),
};
type Name = keyof typeof models;
const names = Object.keys(models) as Name[];

/** Histories of weeks: x, t_x and T that can be. */
const history = fc
  .record({
    x: fc.integer({ min: 0, max: 40 }),
    age: fc.double({ min: 1, max: 150, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ x, age, share }) => ({ x, age, recency: x === 0 ? 0 : age * share }));

/**
 * The same questions answered by drawing λ and p, or μ, of customers who are alive from what their history says of
 * them, and telling each one's story on.
 */
function simulateAfter(
  name: Name,
  parameters: readonly number[],
  { x, age }: { readonly x: number; readonly age: number },
  horizon: number,
  alive: number,
): { mean: number; none: number; variance: number; error: number } {
  const [first, second, third, fourth] = parameters as [number, number, number, number];
  const draw = distributions(createRandom(7).next);
  const runs = 40_000;
  let [sum, squares, none] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const rate = draw.gamma(first + x) / (second + age);
    let [leavesAt, leaves] = [Number.POSITIVE_INFINITY, 0];
    if (draw.uniform() >= alive) leavesAt = 0;
    else if (name === 'pareto_nbd') leavesAt = draw.exponential() / (draw.gamma(third) / (fourth + age));
    else {
      const [one, other] = [draw.gamma(third), draw.gamma(fourth + x + (name === 'mbg_nbd' ? 1 : 0))];
      leaves = one / (one + other);
    }
    let [bought, time] = [0, 0];
    while (true) {
      time += draw.exponential() / rate;
      if (time > Math.min(leavesAt, horizon)) break;
      bought++;
      if (leaves > 0 && draw.uniform() < leaves) break;
    }
    sum += bought;
    squares += bought * bought;
    none += bought === 0 ? 1 : 0;
  }
  const mean = sum / runs;
  const variance = squares / runs - mean * mean;
  return { mean, none: none / runs, variance, error: Math.sqrt(variance / runs) };
}

describe.each(names)('%s', (name) => {
  const model = models[name];
  const parameters = model.parameters.map(({ value }) => value);

  test.each([
    { x: 0, recency: 0, age: 38 },
    { x: 2, recency: 30.43, age: 38.86 },
    { x: 9, recency: 20, age: 31 },
    { x: 26, recency: 30.86, age: 31 },
  ])('what comes after x = $x, t_x = $recency, T = $age is what the stories give', (customer) => {
    const { x, recency, age } = customer;
    const alive = model.probabilityAlive(x, recency, age);
    for (const horizon of [4, 39, 200]) {
      const told = simulateAfter(name, parameters, customer, horizon, alive);
      const none = model.probabilityOfNone(horizon, x, recency, age);
      expect(Math.abs(model.expectedPurchases(horizon, x, recency, age) - told.mean)).toBeLessThan(
        4 * told.error + 1e-4,
      );
      expect(Math.abs(none - told.none)).toBeLessThan(4 * Math.sqrt((none * (1 - none)) / 40_000) + 1e-4);
      expect(model.varianceOfPurchases(horizon, x, recency, age) / told.variance).toBeCloseTo(1, 0.8);
    }
  });

  test('expected purchases have the slope E(λ e^-λpu) at their start, and none falls by as much', () => {
    for (const [x, recency, age] of [
      [0, 0, 20],
      [5, 18, 30],
    ] as const) {
      const step = 1e-4;
      const alive = model.probabilityAlive(x, recency, age);
      const rate = (alive * (parameters[0]! + x)) / (parameters[1]! + age);
      expect(model.expectedPurchases(step, x, recency, age) / step / rate).toBeCloseTo(1, 4);
      expect((1 - model.probabilityOfNone(step, x, recency, age)) / step / rate).toBeCloseTo(1, 4);
    }
  });

  test('more silence, less life: P(alive) falls and the risk rises with T', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0.01, max: 60, noNaN: true }), ({ x, recency, age }, more) => {
        // Only from the last purchase on, and where the model lets a customer of this history leave at all.
        const [before, after] = [
          model.probabilityAlive(x, recency, age),
          model.probabilityAlive(x, recency, age + more),
        ];
        expect(after).toBeLessThanOrEqual(before + 1e-12);
        if (name !== 'bg_nbd' || x > 0)
          expect(before - after > 0 || before === 0 || after > 1 - 1e-9).toBe(true);
        const risk = (T: number) => model.probabilityOfNone(8, x, recency, T);
        expect(risk(age + more)).toBeGreaterThanOrEqual(risk(age) - 1e-12);
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  test('a later last purchase at the same x and T is a better sign', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 1, noNaN: true }), ({ x, recency, age }, share) => {
        if (x === 0) return;
        const later = recency + (age - recency) * share;
        expect(model.probabilityAlive(x, later, age)).toBeGreaterThanOrEqual(
          model.probabilityAlive(x, recency, age) - 1e-12,
        );
        expect(model.probabilityOfNone(8, x, later, age)).toBeLessThanOrEqual(
          model.probabilityOfNone(8, x, recency, age) + 1e-12,
        );
      }),
      { numRuns: 500, seed: 12 },
    );
  });

  test('of customers who have just bought, more purchases mean a lower risk', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 1, max: 150, noNaN: true }), (x, age) => {
        const risk = (n: number) => model.probabilityOfNone(8, n, age, age);
        expect(risk(x + 1)).toBeLessThanOrEqual(risk(x) + 1e-12);
        expect(model.probabilityAlive(x + 1, age, age)).toBeGreaterThanOrEqual(
          model.probabilityAlive(x, age, age) - 1e-12,
        );
      }),
      { numRuns: 300, seed: 13 },
    );
  });

  test('a longer horizon brings more purchases and less chance of none', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 300, noNaN: true }), ({ x, recency, age }, horizon) => {
        const bought = (h: number) => model.expectedPurchases(h, x, recency, age);
        const none = (h: number) => model.probabilityOfNone(h, x, recency, age);
        expect(bought(horizon * 1.5)).toBeGreaterThanOrEqual(bought(horizon) - 1e-9);
        expect(none(horizon * 1.5)).toBeLessThanOrEqual(none(horizon) + 1e-9);
        // Markov: P(Y >= 1) <= E(Y).
        expect(1 - none(horizon)).toBeLessThanOrEqual(bought(horizon) + 1e-9);
      }),
      { numRuns: 500, seed: 14 },
    );
  });
});

const positive = (least: number, most: number) =>
  fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);

/** Any number that a user's base could bring, from one moment to ten years, up to a thousand purchases. */
const extreme = fc
  .record({
    x: fc.oneof(fc.constantFrom(0, 1, 1000), fc.integer({ min: 0, max: 1000 })),
    age: fc.oneof(fc.constantFrom(0, 1, 3652.5), fc.double({ min: 0, max: 3652.5, noNaN: true })),
    share: fc.oneof(fc.constantFrom(0, 1e-12, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    horizon: fc.oneof(fc.constantFrom(0, 1, 3652.5), fc.double({ min: 0, max: 3652.5, noNaN: true })),
  })
  .map(({ x, age, share, horizon }) => ({ x, age, recency: x === 0 ? 0 : age * share, horizon }));

test('Pareto/NBD: P(no purchase) as the integral that it is, by the trapezoid rule', () => {
  const [r, alpha, s, beta] = models.pareto_nbd.parameters.map(({ value }) => value) as [
    number,
    number,
    number,
    number,
  ];
  for (const [x, recency, age, horizon] of [
    [4, 0, 1, 221],
    [4, 0, 1, 331],
    [0, 0, 38, 39],
    [60, 100, 120, 4000],
    [0, 0, 0, 10],
  ] as const) {
    const steps = 200_000;
    let leaves = 0;
    for (let i = 0; i <= steps; i++) {
      // u = h v³ lays the points closer at the start.
      const v = i / steps;
      const u = horizon * v ** 3;
      const density = (s / (beta + age + u)) * ((beta + age) / (beta + age + u)) ** s;
      const silent = ((alpha + age) / (alpha + age + u)) ** (r + x);
      leaves += (density * silent * 3 * horizon * v * v * (i === steps ? 0.5 : 1)) / steps;
    }
    const stays =
      ((alpha + age) / (alpha + age + horizon)) ** (r + x) * ((beta + age) / (beta + age + horizon)) ** s;
    const alive = models.pareto_nbd.probabilityAlive(x, recency, age);
    expect(models.pareto_nbd.probabilityOfNone(horizon, x, recency, age)).toBeCloseTo(
      1 - alive + alive * (stays + leaves),
      9,
    );
  }
});

test.each(names)('%s: whatever the parameters and the history, numbers that can be', (name) => {
  fc.assert(
    fc.property(
      fc.tuple(positive(1e-4, 1e4), positive(1e-3, 1e6), positive(1e-4, 1e4), positive(1e-4, 1e4)),
      extreme,
      (parameters, { x, recency, age, horizon }) => {
        const model: RepeatBuyingPrediction = models[name].at(parameters);
        const alive = model.probabilityAlive(x, recency, age);
        const none = model.probabilityOfNone(horizon, x, recency, age);
        const mean = model.expectedPurchases(horizon, x, recency, age);
        const variance = model.varianceOfPurchases(horizon, x, recency, age);
        const most = ((parameters[0] + x) / (parameters[1] + age)) * horizon;
        expect(alive >= 0 && alive <= 1).toBe(true);
        expect(none >= 0 && none <= 1).toBe(true);
        expect(mean >= 0 && mean <= alive * most * (1 + 1e-6) + 1e-9, `${mean} of ${alive * most}`).toBe(
          true,
        );
        expect(variance >= 0 && variance < Number.POSITIVE_INFINITY, `${variance}`).toBe(true);
        const fresh = model.expectedPurchasesOfNew(horizon);
        expect(fresh >= 0 && fresh < Number.POSITIVE_INFINITY, `${fresh}`).toBe(true);
      },
    ),
    { numRuns: 1000, seed: 15 },
  );
});
