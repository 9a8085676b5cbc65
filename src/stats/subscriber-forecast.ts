import type { Forecast } from './base-forecast.js';
import { quadraticForm } from './optimise.js';
import type { ShiftedBetaGeometricModel } from './shifted-beta-geometric.js';

/** Subscribers of today, one entry for those who renewed as often and end at the same time. */
export interface SubscriberGroups {
  readonly renewals: Float64Array;
  /** Periods from now to an end that is known already; beyond every step where there is none. */
  readonly until: Float64Array;
  readonly subscribers: Float64Array;
  /** Their prices of a period, added, and the squares of them. */
  readonly price: Float64Array;
  readonly priceSquared: Float64Array;
}

/** A step of time: its middle and its length, in periods from now, and what its money counts. */
export interface SubscriberStep {
  readonly middle: number;
  readonly length: number;
  readonly discount: number;
}

export interface SubscriberForecast {
  /** Subscribers in the middle of each step; the last entry is of the last step again. */
  readonly subscribers: Forecast;
  /** By step, and over all of them, which is the last entry. */
  readonly revenue: Forecast;
  /** By group: P(subscribed in the middle of the last step), periods paid for, and the same discounted. */
  readonly atEnd: Float64Array;
  readonly periods: Float64Array;
  readonly discounted: Float64Array;
}

/** Who of today's subscribers is still there, and what they pay, in steps of time. */
export function forecastSubscribers(
  groups: SubscriberGroups,
  model: ShiftedBetaGeometricModel,
  steps: readonly SubscriberStep[],
): SubscriberForecast {
  const size = groups.renewals.length;
  const last = steps.length;
  const isThere = (i: number, { middle }: SubscriberStep) => (middle < groups.until[i]! ? 1 : 0);
  /** What of a step lies before the end of a group. */
  const before = (i: number, { middle, length }: SubscriberStep) =>
    Math.min(length, Math.max(0, groups.until[i]! - (middle - length / 2)));
  const sums = (survival: ShiftedBetaGeometricModel['survival']) => {
    const [count, money] = [new Float64Array(last + 1), new Float64Array(last + 1)];
    for (let i = 0; i < size; i++) {
      steps.forEach((one, step) => {
        const stays = survival(one.middle, groups.renewals[i]!);
        const paid = groups.price[i]! * stays * before(i, one);
        count[step]! += groups.subscribers[i]! * stays * isThere(i, one);
        money[step]! += paid;
        money[last]! += paid;
      });
    }
    count[last] = count[last - 1]!;
    return { count, money };
  };
  const [atEnd, periods, discounted] = [0, 0, 0].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [countVariance, moneyVariance] = [new Float64Array(last + 1), new Float64Array(last + 1)];
  for (let i = 0; i < size; i++) {
    let squares = 0;
    let paidBefore = 0;
    steps.forEach((one, step) => {
      const stays = model.survival(one.middle, groups.renewals[i]!);
      const length = before(i, one);
      const there = stays * isThere(i, one);
      countVariance[step]! += groups.subscribers[i]! * there * (1 - there);
      moneyVariance[step]! += groups.priceSquared[i]! * length * length * stays * (1 - stays);
      // Who is there in a step was there in all before: E[(Σ l_k I_k)²] = Σ S_k l_k (l_k + 2 Σ_{j<k} l_j).
      squares += stays * length * (length + 2 * paidBefore);
      paidBefore += length;
      periods[i]! += stays * length;
      discounted[i]! += stays * length * one.discount;
      atEnd[i] = there;
    });
    moneyVariance[last]! += groups.priceSquared[i]! * Math.max(0, squares - periods[i]! ** 2);
  }
  countVariance[last] = countVariance[last - 1]!;
  const { count, money } = sums(model.survival);
  const { covariance, parameters } = model;
  if (covariance !== null) {
    const moved = 0.01;
    const slopes = parameters.map((_, k) => {
      const at = (by: number) =>
        sums(model.at(parameters.map(({ value }, j) => (j === k ? value * Math.exp(by) : value))));
      const [up, down] = [at(moved), at(-moved)];
      const slope = (one: Float64Array, other: Float64Array) =>
        one.map((x, i) => (x - other[i]!) / (2 * moved));
      return { count: slope(up.count, down.count), money: slope(up.money, down.money) };
    });
    for (let step = 0; step <= last; step++) {
      countVariance[step]! += quadraticForm(
        covariance,
        slopes.map((slope) => slope.count[step]!),
      );
      moneyVariance[step]! += quadraticForm(
        covariance,
        slopes.map((slope) => slope.money[step]!),
      );
    }
  }
  return {
    subscribers: { mean: count, variance: covariance === null ? null : countVariance },
    revenue: { mean: money, variance: covariance === null ? null : moneyVariance },
    atEnd,
    periods,
    discounted,
  };
}
