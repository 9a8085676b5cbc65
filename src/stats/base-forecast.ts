import type { RepeatBuyingModel, RepeatBuyingPrediction } from './fit.js';
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
const sampleSize = 4000;

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
  for (let i = 0; i < size; i++) {
    const [x, tx, T] = [histories.frequency[i]!, histories.recency[i]!, histories.age[i]!];
    alive[i] = model.probabilityAlive(x, tx, T);
    let before = 0;
    for (let step = 0; step < steps; step++) {
      const soFar = model.expectedPurchases(ends[step]!, x, tx, T);
      const within = Math.max(0, soFar - before);
      purchases[step]! += histories.weight[i]! * within;
      revenue[step]! += worth[i]! * within;
      discounted[i]! += within * discounts[step]!;
      before = soFar;
    }
    expected[i] = before;
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
  const sample: number[] = [];
  for (let i = Math.floor(stride / 2); i < total; i += stride) sample.push(i);
  const factor = total / Math.max(sample.length, 1);
  const steps = ends.length;
  const purchases = new Float64Array(steps + 1);
  const revenue = new Float64Array(steps + 1);

  // Chance.
  for (const i of sample) {
    const [x, tx, T] = [customers.frequency[i]!, customers.recency[i]!, customers.age[i]!];
    const { ofMean, ofOne } = value.squares(x + 1, customers.meanValue[i]!);
    const mean = value.expected(x + 1, customers.meanValue[i]!);
    const add = (place: number, start: number, end: number) => {
      const bought =
        model.expectedPurchases(end, x, tx, T) - (start === 0 ? 0 : model.expectedPurchases(start, x, tx, T));
      const variance = model.varianceOfPurchases(end, x, tx, T, start);
      const pairs = Math.max(0, variance - bought + bought * bought);
      purchases[place]! += factor * variance;
      revenue[place]! += factor * Math.max(0, pairs * ofMean + bought * ofOne - (bought * mean) ** 2);
    };
    ends.forEach((end, step) => {
      add(step, step === 0 ? 0 : ends[step - 1]!, end);
    });
    add(steps, 0, ends[steps - 1]!);
  }

  // Parameters, moved one by one on the logarithmic scale.
  const sums = (prediction: RepeatBuyingPrediction, expectedValue: ValueOfPurchase['expected']) => {
    const [bought, spent] = [new Float64Array(steps + 1), new Float64Array(steps + 1)];
    for (const i of sample) {
      const [x, tx, T] = [customers.frequency[i]!, customers.recency[i]!, customers.age[i]!];
      const worth = expectedValue(x + 1, customers.meanValue[i]!);
      let before = 0;
      for (let step = 0; step <= steps; step++) {
        const soFar = step === steps ? before : prediction.expectedPurchases(ends[step]!, x, tx, T);
        const within = step === steps ? soFar : soFar - before;
        bought[step]! += factor * within;
        spent[step]! += factor * within * worth;
        before = soFar;
      }
    }
    return { bought, spent };
  };
  const moved = 0.01;
  const parameters = model.parameters.map(({ value: natural }) => natural);
  const slopes = parameters.map((_, k) => {
    const at = (by: number) =>
      sums(
        model.at(parameters.map((natural, j) => (j === k ? natural * Math.exp(by) : natural))),
        value.expected,
      );
    return slopeBetween(at(moved), at(-moved), moved);
  });
  const ofValue = value.model;
  const valueParameters = ofValue?.parameters.map(({ value: natural }) => natural) ?? [];
  const valueSlopes = valueParameters.map((_, k) => {
    const at = (by: number) => {
      const expected = ofValue!.at(
        valueParameters.map((natural, j) => (j === k ? natural * Math.exp(by) : natural)),
      );
      return sums(model, (n, mean) => expected(n, Math.max(mean, 0)));
    };
    return slopeBetween(at(moved), at(-moved), moved);
  });
  for (let step = 0; step <= steps; step++) {
    const bySpent = slopes.map(({ spent }) => spent[step]!);
    purchases[step]! += quadraticForm(
      model.covariance,
      slopes.map(({ bought }) => bought[step]!),
    );
    revenue[step]! += quadraticForm(model.covariance, bySpent);
    if (ofValue?.covariance)
      revenue[step]! += quadraticForm(
        ofValue.covariance,
        valueSlopes.map(({ spent }) => spent[step]!),
      );
  }
  return { purchases, revenue };
}

interface Sums {
  readonly bought: Float64Array;
  readonly spent: Float64Array;
}

function slopeBetween(up: Sums, down: Sums, moved: number): Sums {
  const slope = (one: Float64Array, other: Float64Array) => one.map((x, i) => (x - other[i]!) / (2 * moved));
  return { bought: slope(up.bought, down.bought), spent: slope(up.spent, down.spent) };
}
