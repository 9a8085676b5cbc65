import type { FittedParameter, RepeatBuyingModel, RepeatBuyingPrediction } from './fit.js';
import type { SpendModel } from './gamma-gamma.js';
import { quadraticForm } from './optimise.js';
import type { PurchaseHistories } from './purchase-histories.js';

/** Customers one by one, those of the same history next to each other. Time in the unit of the model. */
export interface CustomerColumns {
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  /** Mean value of the customer's frequency + 1 purchases; not above 0 where returns outweigh them. */
  readonly meanValue: Float64Array;
}

/** The distinct histories of customers, and which one each has. */
export interface CustomerHistories extends PurchaseHistories {
  readonly of: Int32Array;
}

/** Neighbours of one history become one entry. */
export function distinctHistories({ frequency, recency, age }: CustomerColumns): CustomerHistories {
  const size = frequency.length;
  const of = new Int32Array(size);
  const starts: number[] = [];
  for (let i = 0; i < size; i++) {
    const isNew =
      i === 0 || frequency[i] !== frequency[i - 1] || recency[i] !== recency[i - 1] || age[i] !== age[i - 1];
    if (isNew) starts.push(i);
    of[i] = starts.length - 1;
  }
  const picked = (column: Float64Array) => Float64Array.from(starts, (at) => column[at]!);
  const weight = Float64Array.from(starts, (at, place) => (starts[place + 1] ?? size) - at);
  return { frequency: picked(frequency), recency: picked(recency), age: picked(age), weight, of };
}

/** What a customer's next purchase is worth, and how it is told. */
export interface ValueOfPurchase {
  /** Mean of the next purchases of a customer who made so many of this mean. */
  expected(purchases: number, mean: number): number;
  /** Mean squares: of the customer's own mean value, and of a single purchase. */
  squares(purchases: number, mean: number): { readonly ofMean: number; readonly ofOne: number };
  /** Logarithms of parameters may move the values; none where they are means of the data. */
  readonly model: SpendModel | null;
}

/** Values by Gamma-Gamma, or the customer's own mean, shrunk to nothing. */
export function valueOfPurchase(model: SpendModel, useModel: boolean): ValueOfPurchase {
  const parameters = model.parameters.map(({ value }) => value);
  if (!useModel || parameters.length === 0) {
    const expected = (purchases: number, mean: number) =>
      useModel ? model.expectedValue(purchases, mean) : Math.max(mean, 0);
    return {
      expected,
      squares: (purchases, mean) => {
        const value = expected(purchases, mean);
        // Purchases of one customer are taken to vary as customers do among each other: by about their mean.
        return { ofMean: value * value, ofOne: 2 * value * value };
      },
      model: null,
    };
  }
  const [p, q, v] = parameters as [number, number, number];
  return {
    expected: (purchases, mean) => model.expectedValue(purchases, Math.max(mean, 0)),
    // ν ~ gamma(px+q, v+xz) after x purchases of mean z: E(1/ν²) = (v+xz)² / ((px+q-1)(px+q-2)), without bound where
    // px+q <= 2, where it is cut.
    squares: (purchases, mean) => {
      const shape = p * purchases + q;
      const scale = v + purchases * Math.max(mean, 0);
      const inverse = (scale * scale) / ((shape - 1) * Math.max(shape - 2, 0.25));
      return { ofMean: p * p * inverse, ofOne: p * (p + 1) * inverse };
    },
    model,
  };
}

/** What is expected within each step of time after T, and how sure that is. */
export interface Forecast {
  readonly mean: Float64Array;
  /**
   * Variance of what will be: that of the parameters, by the delta method, and that of chance, purchases and values
   * being random even where the parameters are known. Null where the errors of the parameters are not known.
   */
  readonly variance: Float64Array | null;
}

export interface BaseForecast {
  /** By step, and over all of them, which is the last entry. */
  readonly purchases: Forecast;
  readonly revenue: Forecast;
  /** By distinct history. */
  readonly alive: Float64Array;
  readonly expected: Float64Array;
  /** Expected purchases, each step's times its discount. */
  readonly discounted: Float64Array;
}

/** Customers that variances are computed of, evenly chosen; the sums themselves are of all. */
const sampleSize = 2000;

/**
 * What all customers of a base buy within steps of time that end at `ends` after T, with discounts by step.
 * Costs an evaluation per distinct history and step, and a bounded one for the variances.
 */
export function forecastBase(
  customers: CustomerColumns,
  histories: CustomerHistories,
  model: RepeatBuyingModel,
  value: ValueOfPurchase,
  ends: readonly number[],
  discounts: readonly number[],
): BaseForecast {
  const size = histories.weight.length;
  const steps = ends.length;
  const worth = new Float64Array(size);
  for (let i = 0; i < histories.of.length; i++)
    worth[histories.of[i]!]! += value.expected(customers.frequency[i]! + 1, customers.meanValue[i]!);
  const [alive, expected, discounted] = [0, 0, 0].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [purchases, revenue] = [new Float64Array(steps + 1), new Float64Array(steps + 1)];
  const withinSteps = purchasesOfAlive(model, ends);
  for (let i = 0; i < size; i++) {
    const [x, T] = [histories.frequency[i]!, histories.age[i]!];
    const isAlive = model.probabilityAlive(x, histories.recency[i]!, T);
    const within = withinSteps(x, T);
    alive[i] = isAlive;
    for (let step = 0; step < steps; step++) {
      const bought = isAlive * within[step]!;
      purchases[step]! += histories.weight[i]! * bought;
      revenue[step]! += worth[i]! * bought;
      expected[i]! += bought;
      discounted[i]! += bought * discounts[step]!;
    }
  }
  for (let step = 0; step < steps; step++) {
    purchases[steps]! += purchases[step]!;
    revenue[steps]! += revenue[step]!;
  }
  const variances = varianceOfSums(customers, model, value, ends);
  return {
    purchases: { mean: purchases, variance: variances?.purchases ?? null },
    revenue: { mean: revenue, variance: variances?.revenue ?? null },
    alive,
    expected,
    discounted,
  };
}

/** Purchases of customers who are alive within each step; of a million customers few pairs of x and T are distinct. */
function purchasesOfAlive(
  { ofAlive }: RepeatBuyingPrediction,
  ends: readonly number[],
): (x: number, age: number) => Float64Array {
  const known = new Map<number, Map<number, Float64Array>>();
  return (x, age) => {
    let byAge = known.get(x);
    if (byAge === undefined) {
      byAge = new Map();
      known.set(x, byAge);
    }
    let within = byAge.get(age);
    if (within === undefined) {
      let before = 0;
      within = Float64Array.from(ends, (end) => {
        const soFar = ofAlive.expectedPurchases(end, x, age);
        const bought = Math.max(0, soFar - before);
        before = soFar;
        return bought;
      });
      byAge.set(age, within);
    }
    return within;
  };
}

/** Variances of the sums over all customers by step and over all steps, from an even sample of the customers. */
function varianceOfSums(
  customers: CustomerColumns,
  model: RepeatBuyingModel,
  value: ValueOfPurchase,
  ends: readonly number[],
): { purchases: Float64Array; revenue: Float64Array } | null {
  if (model.covariance === null) return null;
  if (value.model !== null && value.model.covariance === null) return null;
  const total = customers.frequency.length;
  const stride = Math.max(1, Math.floor(total / sampleSize));
  const sample: { x: number; recency: number; age: number; mean: number }[] = [];
  for (let i = Math.floor(stride / 2); i < total; i += stride) {
    sample.push({
      x: customers.frequency[i]!,
      recency: customers.recency[i]!,
      age: customers.age[i]!,
      mean: customers.meanValue[i]!,
    });
  }
  const factor = total / Math.max(sample.length, 1);
  const steps = ends.length;

  /** Purchases of each of the sample within each step, and in all. */
  const boughtBy = (by: RepeatBuyingPrediction): Float64Array[] => {
    const withinSteps = purchasesOfAlive(by, ends);
    return sample.map(({ x, recency, age }) => {
      const alive = by.probabilityAlive(x, recency, age);
      const bought = new Float64Array(steps + 1);
      withinSteps(x, age).forEach((within, step) => {
        bought[step] = alive * within;
        bought[steps]! += alive * within;
      });
      return bought;
    });
  };
  const bought = boughtBy(model);
  const worth = sample.map(({ x, mean }) => value.expected(x + 1, mean));

  const purchases = new Float64Array(steps + 1);
  const revenue = new Float64Array(steps + 1);
  sample.forEach(({ x, recency, age, mean }, i) => {
    const alive = model.probabilityAlive(x, recency, age);
    const { ofMean, ofOne } = value.squares(x + 1, mean);
    for (let step = 0; step <= steps; step++) {
      const [start, end] = step === steps ? [0, ends[steps - 1]!] : [ends[step - 1] ?? 0, ends[step]!];
      const pairs = alive * model.ofAlive.expectedPairs(start, end, x, age);
      const count = bought[i]![step]!;
      purchases[step]! += factor * Math.max(0, pairs + count - count * count);
      revenue[step]! += factor * Math.max(0, pairs * ofMean + count * ofOne - (count * worth[i]!) ** 2);
    }
  });

  // The parameters, moved one by one on the logarithmic scale.
  const sums = (by: readonly Float64Array[], values: readonly number[]): Sums => {
    const [count, money] = [new Float64Array(steps + 1), new Float64Array(steps + 1)];
    by.forEach((of, i) => {
      for (let step = 0; step <= steps; step++) {
        count[step]! += factor * of[step]!;
        money[step]! += factor * of[step]! * values[i]!;
      }
    });
    return { count, money };
  };
  const slopes = slopesOf(model.parameters, (parameters) => sums(boughtBy(model.at(parameters)), worth));
  const ofValue = value.model;
  const valueSlopes = slopesOf(ofValue?.parameters ?? [], (parameters) => {
    const expected = ofValue!.at(parameters);
    return sums(
      bought,
      sample.map(({ x, mean }) => expected(x + 1, Math.max(mean, 0))),
    );
  });
  for (let step = 0; step <= steps; step++) {
    const at = (of: readonly Sums[], what: keyof Sums) => of.map((slope) => slope[what][step]!);
    purchases[step]! += quadraticForm(model.covariance, at(slopes, 'count'));
    revenue[step]! += quadraticForm(model.covariance, at(slopes, 'money'));
    if (ofValue?.covariance) revenue[step]! += quadraticForm(ofValue.covariance, at(valueSlopes, 'money'));
  }
  return { purchases, revenue };
}

interface Sums {
  readonly count: Float64Array;
  readonly money: Float64Array;
}

/** Slopes of sums by the logarithm of each parameter, by central differences. */
function slopesOf(fitted: readonly FittedParameter[], sums: (parameters: readonly number[]) => Sums): Sums[] {
  const moved = 0.01;
  return fitted.map((_, k) => {
    const at = (by: number) => sums(fitted.map(({ value }, j) => (j === k ? value * Math.exp(by) : value)));
    const [up, down] = [at(moved), at(-moved)];
    const slope = (what: keyof Sums) => up[what].map((x, i) => (x - down[what][i]!) / (2 * moved));
    return { count: slope('count'), money: slope('money') };
  });
}
