import { normal95 as z } from './normal.js';
import { byPredicted, type Outcomes } from './scoring.js';

/** Customers of like probabilities: what they were given, and how many the event came about for. */
export interface CalibrationBin {
  readonly customers: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean probability given. */
  readonly predicted: number;
  /** Share for whom the event came about. */
  readonly actual: number;
  /** Wilson, Journal of the American Statistical Association 22 (1927): 95 % interval of the share. */
  readonly interval: readonly [low: number, high: number];
}

/**
 * Customers in bins of about equal size by rising probability. Equal probabilities stay in one bin, so that there may
 * be fewer bins, and unequal ones.
 */
export function calibrationTable(outcomes: Outcomes, bins = 10): CalibrationBin[] {
  const { predicted, happened, weight } = outcomes;
  const order = byPredicted(outcomes);
  const of = (i: number) => (weight === undefined ? 1 : weight[i]!);
  const total = order.reduce((sum, i) => sum + of(i), 0);
  const table: CalibrationBin[] = [];
  let passed = 0;
  for (let from = 0; from < order.length; ) {
    let [customers, given, events] = [0, 0, 0];
    let to = from;
    const end = (Math.floor((passed * bins) / total + 1e-9) + 1) * (total / bins);
    const isTied = () => to > from && predicted[order[to]!] === predicted[order[to - 1]!];
    for (; to < order.length && (passed + customers < end - 1e-9 * total || isTied()); to++) {
      const i = order[to]!;
      customers += of(i);
      given += of(i) * predicted[i]!;
      events += of(i) * happened[i]!;
    }
    table.push({
      customers,
      lowest: predicted[order[from]!]!,
      highest: predicted[order[to - 1]!]!,
      predicted: given / customers,
      actual: events / customers,
      interval: wilson(events, customers),
    });
    passed += customers;
    from = to;
  }
  return table;
}

/** Mean distance, over customers, of the probability given and the share that came about in its bin. */
export function calibrationError(table: readonly CalibrationBin[]): number | null {
  const customers = table.reduce((sum, bin) => sum + bin.customers, 0);
  if (customers === 0) return null;
  return (
    table.reduce((sum, bin) => sum + bin.customers * Math.abs(bin.predicted - bin.actual), 0) / customers
  );
}

/**
 * The calibration error that chance alone brings: its mean where every probability is exactly right. The distance in a bin
 * of n customers is then about that of a normal variable with variance p (1 - p) / n from 0: sqrt(2 / pi) standard errors.
 */
export function calibrationErrorByChance(table: readonly CalibrationBin[]): number | null {
  const customers = table.reduce((sum, bin) => sum + bin.customers, 0);
  if (customers === 0) return null;
  const distance = ({ customers: n, predicted: p }: CalibrationBin) =>
    Math.sqrt((2 * p * (1 - p)) / (Math.PI * n));
  return table.reduce((sum, bin) => sum + bin.customers * distance(bin), 0) / customers;
}

function wilson(events: number, customers: number): [number, number] {
  const share = events / customers;
  const centre = share + (z * z) / (2 * customers);
  const spread = z * Math.sqrt((share * (1 - share)) / customers + (z / (2 * customers)) ** 2);
  const whole = 1 + (z * z) / customers;
  return [Math.max(0, (centre - spread) / whole), Math.min(1, (centre + spread) / whole)];
}
