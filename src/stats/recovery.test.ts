import { describe, expect, test } from 'vitest';
import { createRandom } from '../testing/fixtures/random.js';
import { distributions, historiesOf, simulatePurchases } from '../testing/simulate-purchases.js';
import type { RepeatBuyingPrediction } from './fit.js';
import { fitGammaGamma } from './gamma-gamma.js';
import { fitRepeatBuying, type RepeatBuyingName } from './repeat-buying.js';
import { fitShiftedBetaGeometric } from './shifted-beta-geometric.js';

/** Bases of 10 000 customers, by models of known parameters: quick and slow shops, loyal and fickle customers. */
const bases: readonly {
  readonly model: RepeatBuyingName;
  readonly parameters: readonly [number, number, number, number];
  readonly ages: readonly [number, number];
  readonly horizon: number;
}[] = [
  { model: 'mbg_nbd', parameters: [0.5, 40, 0.9, 1.6], ages: [190, 270], horizon: 180 },
  { model: 'mbg_nbd', parameters: [1.5, 60, 0.5, 3], ages: [30, 700], horizon: 90 },
  { model: 'mbg_nbd', parameters: [3, 30, 1.5, 8], ages: [0, 365], horizon: 30 },
  { model: 'bg_nbd', parameters: [0.25, 31, 0.8, 2.4], ages: [190, 270], horizon: 180 },
  { model: 'bg_nbd', parameters: [2, 100, 0.4, 2], ages: [10, 1000], horizon: 365 },
  { model: 'pareto_nbd', parameters: [0.55, 74, 0.6, 82], ages: [190, 270], horizon: 180 },
  { model: 'pareto_nbd', parameters: [1.2, 25, 0.8, 300], ages: [30, 700], horizon: 90 },
];

describe.each(bases)('$model of $parameters', ({ model: name, parameters, ages, horizon }) => {
  const customers = simulatePurchases(name, parameters, {
    customers: 10_000,
    ages,
    horizon,
    futures: 10,
    seed: 2024,
  });
  const model = fitRepeatBuying(historiesOf(customers), name);

  test('parameters are recovered within their intervals', () => {
    expect(model.fit).toMatchObject({ method: 'maximum_likelihood', withoutErrors: null });
    // 99.7 % intervals, on the logarithmic scale that the errors are taken on: 28 parameters in all.
    model.parameters.forEach(({ name: parameter, value, standardError }, i) => {
      expect(Math.abs(Math.log(value / parameters[i]!)), parameter).toBeLessThan(
        (3 * standardError!) / value,
      );
      expect(standardError! / value, parameter).toBeLessThan(0.5);
    });
  });

  test('the risk is calibrated: within 3 points of what happened, in each decile', () => {
    const judged = customers
      .map(({ x, recency, age, none }) => ({ risk: model.probabilityOfNone(horizon, x, recency, age), none }))
      .sort((one, other) => one.risk - other.risk);
    for (let decile = 0; decile < 10; decile++) {
      const group = judged.slice(decile * 1000, (decile + 1) * 1000);
      const mean = (of: (one: (typeof judged)[number]) => number) =>
        group.reduce((sum, one) => sum + of(one), 0) / group.length;
      const off = mean(({ risk }) => risk) - mean(({ none }) => none);
      expect(Math.abs(off), `decile ${decile + 1}`).toBeLessThan(0.03);
    }
  });

  test('P(alive) and purchases come true in total', () => {
    const sum = (of: (customer: (typeof customers)[number]) => number) =>
      customers.reduce((total, customer) => total + of(customer), 0);
    const alive = sum(({ isAlive }) => (isAlive ? 1 : 0));
    const told = (by: RepeatBuyingPrediction) =>
      sum(({ x, recency, age }) => by.probabilityAlive(x, recency, age)) / alive;
    expect(Math.abs(told(model.at(parameters)) - 1)).toBeLessThan(0.03);
    // Who is gone and who is silent look alike: life is known less well than purchases are.
    expect(Math.abs(told(model) - 1)).toBeLessThan(0.1);
    const expected = sum(({ x, recency, age }) => model.expectedPurchases(horizon, x, recency, age));
    expect(Math.abs(expected / sum(({ after }) => after) - 1)).toBeLessThan(0.05);
  });
});

test.each([
  { p: 6, q: 4, v: 15 },
  { p: 1.5, q: 3, v: 9000 },
])('Gamma-Gamma of p $p, q $q, v $v is recovered within its intervals', ({ p, q, v }) => {
  const draw = distributions(createRandom(3).next);
  const purchases = Float64Array.from({ length: 5000 }, () => 1 + Math.floor(draw.exponential() * 3));
  const mean = purchases.map((x) => (draw.gamma(p * x) / x / draw.gamma(q)) * v);
  const model = fitGammaGamma({ purchases, mean, weight: purchases.map(() => 1) })!;
  expect(model.method).toBe('gamma_gamma');
  model.parameters.forEach(({ name, value, standardError }, i) => {
    expect(Math.abs(value - [p, q, v][i]!), name).toBeLessThan(3 * standardError!);
  });
  expect(Math.abs(model.correlation!)).toBeLessThan(0.05);
  // Shrunk toward everybody's mean: less with more purchases.
  const everybody = model.expectedValue(0, 0);
  expect(everybody / ((p * v) / (q - 1))).toBeCloseTo(1, 1);
  const [one, many] = [model.expectedValue(1, 3 * everybody), model.expectedValue(50, 3 * everybody)];
  expect(one).toBeGreaterThan(everybody);
  expect(many).toBeGreaterThan(one);
  expect(many).toBeLessThan(3 * everybody);
});

test('shifted beta-geometric of 10 000 subscribers is recovered within its intervals', () => {
  const draw = distributions(createRandom(4).next);
  const [alpha, beta] = [0.7, 2.5];
  const rows = Array.from({ length: 10_000 }, () => {
    const one = draw.gamma(alpha);
    const leaves = one / (one + draw.gamma(beta));
    const seen = Math.floor(draw.uniform() * 36);
    let renewals = 0;
    while (renewals < seen && draw.uniform() >= leaves) renewals++;
    return { renewals, left: renewals < seen ? 1 : 0 };
  });
  const model = fitShiftedBetaGeometric({
    renewals: Float64Array.from(rows, ({ renewals }) => renewals),
    hasLeft: Uint8Array.from(rows, ({ left }) => left),
    weight: Float64Array.from(rows, () => 1),
  });
  expect(model.fit).toMatchObject({ method: 'maximum_likelihood', atEdge: [] });
  model.parameters.forEach(({ value, standardError }, i) => {
    expect(Math.abs(value - [alpha, beta][i]!)).toBeLessThan(3 * standardError!);
  });
});
