/**
 * Histories of purchases, one entry of each array for customers who have the same: a million customers cost no more
 * than their distinct histories. Any unit of time, the same in all.
 */
export interface PurchaseHistories {
  /** x: purchase days after the first. */
  readonly frequency: Float64Array;
  /** t_x: time from the first purchase to the last; 0 where x is 0. */
  readonly recency: Float64Array;
  /** T: time from the first purchase to the end of what is known, at least t_x. */
  readonly age: Float64Array;
  /** Customers who have this history. */
  readonly weight: Float64Array;
}

/** The same, with every distinct value of each column once, so that logarithms are taken once for each. */
export interface GroupedHistories {
  readonly size: number;
  readonly weight: Float64Array;
  readonly frequency: Distinct;
  readonly recency: Distinct;
  readonly age: Distinct;
  readonly totals: HistoryTotals;
}

/** Distinct values, which of them each entry has, and the customers that have each. */
export interface Distinct {
  readonly values: Float64Array;
  readonly index: Int32Array;
  readonly weights: Float64Array;
}

export interface HistoryTotals {
  readonly customers: number;
  /** Customers who bought on two days or more. */
  readonly repeatBuyers: number;
  /** Purchase days after the first, of all customers. */
  readonly repeatPurchases: number;
  /** Time from first purchases to the end of what is known, added over customers, and the longest. */
  readonly exposure: number;
  readonly longestAge: number;
}

/** @throws RangeError for histories that cannot be: arrays of several lengths, 0 <= t_x <= T broken, no customers */
export function groupHistories(histories: PurchaseHistories, unit: number): GroupedHistories {
  const { frequency, recency, age, weight } = histories;
  const size = weight.length;
  if (frequency.length !== size || recency.length !== size || age.length !== size)
    throw new RangeError('histories: arrays of several lengths');
  let [customers, repeatBuyers, repeatPurchases, exposure, longestAge] = [0, 0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const [x, tx, T, w] = [frequency[i]!, recency[i]!, age[i]!, weight[i]!];
    if (!(x >= 0 && tx >= 0 && tx <= T && T < Number.POSITIVE_INFINITY && w > 0 && (x > 0 || tx === 0)))
      throw new RangeError(`histories: x ${x}, t_x ${tx}, T ${T}, ${w} customers`);
    customers += w;
    if (x > 0) repeatBuyers += w;
    repeatPurchases += w * x;
    exposure += w * (T / unit);
    longestAge = Math.max(longestAge, T / unit);
  }
  const scaled = (column: Float64Array) => column.map((value) => value / unit);
  return {
    size,
    weight,
    frequency: distinct(frequency, weight),
    recency: distinct(scaled(recency), weight),
    age: distinct(scaled(age), weight),
    totals: { customers, repeatBuyers, repeatPurchases, exposure, longestAge },
  };
}

function distinct(column: Float64Array, weight: Float64Array): Distinct {
  const places = new Map<number, number>();
  const values: number[] = [];
  const weights: number[] = [];
  const index = new Int32Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    let place = places.get(value);
    if (place === undefined) {
      place = values.length;
      places.set(value, place);
      values.push(value);
      weights.push(0);
    }
    index[i] = place;
    weights[place]! += weight[i]!;
  }
  return { values: Float64Array.from(values), index, weights: Float64Array.from(weights) };
}

/** Every so-many-th entry, with weights that keep the number of customers; the same where there are few. */
export function thinned(histories: PurchaseHistories, most: number): PurchaseHistories {
  const step = Math.ceil(histories.weight.length / most);
  if (step <= 1) return histories;
  const picked = (column: Float64Array) => column.filter((_, i) => i % step === 0);
  const weight = picked(histories.weight);
  const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0);
  const factor = sum(histories.weight) / sum(weight);
  return {
    frequency: picked(histories.frequency),
    recency: picked(histories.recency),
    age: picked(histories.age),
    weight: weight.map((value) => value * factor),
  };
}
