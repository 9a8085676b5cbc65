import type { CustomersAt } from '../../model/customers-at.js';
import { tabulate } from '../../stats/columns.js';

/** Features of customers, columns of one length, with a stable name each. */
export type Features = Readonly<Record<string, Float64Array>>;

const { log, log1p, sqrt, min, max } = Math;

/** With these the risk may not fall: what a model says, and the silence of those who bought once. */
export const risingFeatures: readonly string[] = ['model', 'overdue_once'];

/**
 * With these the risk by the rhythm alone may not rise: at the same silence and the same cadence, who bought more often has
 * given no reason to doubt. (Who buys at a shorter cadence is more overdue, and is told so.)
 */
export const fallingOfRhythm: readonly string[] = ['purchases'];

/**
 * What the rhythm alone says: how overdue a customer is, and how many times over the next purchase could come within the
 * horizon. Time counts in a customer's own cadence, so that what is learnt of one horizon holds of another. The silence of
 * who bought once shows in one feature alone, so that it can be held to raise the risk: with a rhythm to keep, who has
 * just bought may be less likely to buy soon than who is due.
 */
export function rhythmFeatures(customers: CustomersAt, horizon: number): Features {
  const { size, frequency, cadence } = customers;
  const overdue = overdueRatio(customers).map(log1p);
  const own = tabulate(size, (i) => (frequency[i]! > 0 ? overdue[i]! : 0));
  return {
    overdue_once: tabulate(size, (i) => (frequency[i]! > 0 ? 0 : overdue[i]!)),
    overdue: own,
    overdue_squared: own.map((value) => value * value),
    pace: cadence.map((days) => log(horizon / max(1, days))),
    purchases: frequency.map(log1p),
    one_time: frequency.map((x) => (x === 0 ? 1 : 0)),
  };
}

/**
 * Everything that is known: what a model of repeat buying says, the rhythm, how gaps and amounts moved, tenure, silence,
 * value, returns. Times count in horizons, amounts in the mean of the base.
 */
export function allFeatures(customers: CustomersAt, horizon: number, none: Float64Array): Features {
  const { size, frequency, recency, age, cadence, lastGap, value, meanValue } = customers;
  const each = (of: (i: number) => number) => tabulate(size, of);
  return {
    model: none.map((probability) => {
      const held = min(1 - 1e-4, max(1e-4, probability));
      return log(held / (1 - held));
    }),
    ...rhythmFeatures(customers, horizon),
    gap_trend: each((i) =>
      frequency[i]! < 2 ? 0 : min(3, max(-3, log(max(1, lastGap[i]!) / max(1, cadence[i]!)))),
    ),
    irregularity: customers.spread.map(sqrt),
    tenure: each((i) => (frequency[i]! > 0 ? log((age[i]! + 1) / horizon) : 0)),
    silence: each((i) => (frequency[i]! > 0 ? log((age[i]! - recency[i]! + 1) / horizon) : 0)),
    value: value.map((money) => log1p(max(0, money) / meanValue)),
    growth: customers.growth.map((value) => min(1, max(-1, value))),
    returns: customers.returns.map(log1p),
    ...customers.signals,
  };
}

/** Days since the last purchase / cadence. */
export function overdueRatio({ size, age, recency, cadence }: CustomersAt): Float64Array {
  return tabulate(size, (i) => (age[i]! - recency[i]!) / max(1, cadence[i]!));
}
