import type { RepeatBuyingName } from '../stats/repeat-buying.js';
import { createRandom } from './fixtures/random.js';

/** One simulated customer: what is known at the age T, and what happened within the horizon after it. */
export interface SimulatedCustomer {
  readonly x: number;
  readonly recency: number;
  readonly age: number;
  /** Whether the customer could still buy at T. */
  readonly isAlive: boolean;
  /** Purchases within the horizon after T, as a mean of several futures. */
  readonly after: number;
  /** In how many of the futures there are none, 0-1. */
  readonly none: number;
}

/** Customers of known parameters, of ages spread evenly over `ages`, by the story that each model tells. */
export function simulatePurchases(
  model: RepeatBuyingName,
  parameters: readonly [number, number, number, number],
  options: {
    readonly customers: number;
    readonly ages: readonly [number, number];
    readonly horizon: number;
    /** Futures told on from each history: more of them, less noise. */
    readonly futures: number;
    readonly seed: number;
  },
): SimulatedCustomer[] {
  const { customers, ages, horizon, futures, seed } = options;
  const draw = distributions(createRandom(seed).next);
  const [first, second, third, fourth] = parameters;
  return Array.from({ length: customers }, () => {
    const age = ages[0] + (ages[1] - ages[0]) * draw.uniform();
    const rate = draw.gamma(first) / second;
    let [leavingRate, chance] = [0, 0];
    if (model === 'pareto_nbd') leavingRate = draw.gamma(third) / fourth;
    else {
      const one = draw.gamma(third);
      chance = one / (one + draw.gamma(fourth));
    }
    /** Purchases of one who is there at the start; nothing that happened before bears on it. */
    const tell = (length: number) => {
      const leavesAt = leavingRate > 0 ? draw.exponential() / leavingRate : Number.POSITIVE_INFINITY;
      let [bought, last, time] = [0, 0, 0];
      while (true) {
        time += draw.exponential() / rate;
        if (time > length || time > leavesAt) return { bought, last, isAlive: leavesAt > length };
        [bought, last] = [bought + 1, time];
        if (draw.uniform() < chance) return { bought, last, isAlive: false };
      }
    };
    const leavesAtFirst = model === 'mbg_nbd' && draw.uniform() < chance;
    const { bought, last, isAlive } = leavesAtFirst ? { bought: 0, last: 0, isAlive: false } : tell(age);
    let [after, none] = [0, 0];
    for (let future = 0; future < futures; future++) {
      const next = isAlive ? tell(horizon).bought : 0;
      after += next / futures;
      none += next === 0 ? 1 / futures : 0;
    }
    return { x: bought, recency: last, age, isAlive, after, none };
  });
}

/** Columns of histories, one entry per customer. */
export function historiesOf(customers: readonly SimulatedCustomer[]) {
  const column = (of: (customer: SimulatedCustomer) => number) => Float64Array.from(customers, of);
  return {
    frequency: column(({ x }) => x),
    recency: column(({ recency }) => recency),
    age: column(({ age }) => age),
    weight: column(() => 1),
  };
}

/** Draws from the common distributions, out of uniform numbers. */
export function distributions(uniform: () => number) {
  const positive = () => 1 - uniform();
  const normal = () => Math.sqrt(-2 * Math.log(positive())) * Math.cos(2 * Math.PI * uniform());
  /** Marsaglia and Tsang, A simple method for generating gamma variables (2000). */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * positive() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    while (true) {
      const z = normal();
      const v = (1 + c * z) ** 3;
      if (v > 0 && Math.log(positive()) < z * z * 0.5 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return { uniform, normal, gamma, exponential: () => -Math.log(positive()) };
}
