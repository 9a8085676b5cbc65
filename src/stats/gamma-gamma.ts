import type { FittedParameter } from './fit.js';
import { inversePositive, minimise, type Objective } from './optimise.js';
import { digamma, logGamma } from './special-functions.js';

/** Mean values of purchases, one entry for customers who have the same. */
export interface SpendHistories {
  /** Purchases that the mean is of, at least 1. */
  readonly purchases: Float64Array;
  /** Mean value of them, above 0. */
  readonly mean: Float64Array;
  readonly weight: Float64Array;
}

export interface SpendModel {
  /**
   * gamma_gamma  maximum likelihood
   * pooled_mean  too few customers, or spread without bound: every customer has the mean of all purchases
   */
  readonly method: 'gamma_gamma' | 'pooled_mean';
  readonly reason: 'few_customers' | 'no_finite_mean' | 'not_converged' | null;
  /** p, q, v; none for the pooled mean. */
  readonly parameters: readonly FittedParameter[];
  readonly logLikelihood: number | null;
  /** Covariance of the logarithms of the parameters, null where it is not known. */
  readonly covariance: readonly (readonly number[])[] | null;
  /** Correlation of the number of purchases and their mean value, which the model takes to be none; null where undefined. */
  readonly correlation: number | null;
  /** Mean value of a purchase of a customer who is not known yet. */
  readonly ofNew: number;
  /** Mean value of a purchase of a customer whose `purchases` had this mean; of an unknown one where purchases is 0. */
  expectedValue(purchases: number, mean: number): number;
  /** The same with other parameters, in the order of `parameters`. */
  at(parameters: readonly number[]): (purchases: number, mean: number) => number;
}

const fewestCustomers = 20;
const edge = 12;
/** More entries than this are thinned evenly: the errors of the parameters are far below a percent by then. */
const mostHistories = 200_000;
/** The same for the choice among starts. */
const mostForStarts = 1_000;

/**
 * Gamma-Gamma: Fader, Hardie and Lee, RFM and CLV, Journal of Marketing Research 42 (2005); Fader and Hardie, The
 * Gamma-Gamma Model of Monetary Value (2013). Values of a customer's purchases are gamma(p, ν), ν ~ gamma(q, v) over
 * customers, apart from how often they buy.
 * @returns a model, always; null only where there is no purchase at all
 * @throws RangeError for histories that cannot be
 */
export function fitGammaGamma(histories: SpendHistories): SpendModel | null {
  const { purchases, mean, weight } = histories;
  let [customers, spent, bought] = [0, 0, 0];
  for (let i = 0; i < weight.length; i++) {
    const [x, z, w] = [purchases[i]!, mean[i]!, weight[i]!];
    if (!(x >= 1 && z > 0 && z < Number.POSITIVE_INFINITY && w > 0))
      throw new RangeError(`spend: ${x} purchases of mean ${z}, ${w} customers`);
    customers += w;
    spent += w * x * z;
    bought += w * x;
  }
  if (customers === 0) return null;
  // Money is counted in the mean value within the fit, so that no currency is harder than another.
  const unit = spent / bought;
  const correlation = correlationOf(histories);
  const pooled = (reason: SpendModel['reason']): SpendModel => ({
    method: 'pooled_mean',
    reason,
    parameters: [],
    logLikelihood: null,
    covariance: null,
    correlation,
    ofNew: unit,
    expectedValue: () => unit,
    at: () => () => unit,
  });
  if (customers < fewestCustomers) return pooled('few_customers');
  const objective = minusLogLikelihood(evenly(histories, mostHistories), unit);
  const few = evenly(histories, mostForStarts);
  const rough = few === histories ? objective : minusLogLikelihood(few, unit);
  const starts = [
    [6, 4, 3 / 6],
    [1, 3, 2],
    [20, 2, 1 / 20],
  ];
  const found = minimise(
    objective,
    starts.map((start) => start.map(Math.log)),
    edge,
    { rough },
  );
  const [p, q, v] = found.point.map(Math.exp) as [number, number, number];
  if (!found.converged || found.point.some((log) => Math.abs(log) > edge - 1e-6))
    return pooled('not_converged');
  // The mean over customers is p v / (q - 1): without bound for q <= 1, and nearly so close above.
  if (q <= 1.05) return pooled('no_finite_mean');
  const covariance = inversePositive(found.curvature);
  const names = ['p', 'q', 'v'];
  return {
    method: 'gamma_gamma',
    reason: null,
    parameters: [p, q, v * unit].map((value, i) => ({
      name: names[i]!,
      value,
      standardError: covariance === null ? null : value * Math.sqrt(covariance[i]![i]!),
    })),
    logLikelihood: -minusLogLikelihood(histories, unit)(found.point).value - customers * Math.log(unit),
    covariance,
    correlation,
    ofNew: (p * v * unit) / (q - 1),
    expectedValue: conditionalMean([p, q, v * unit]),
    at: conditionalMean,
  };
}

/** Every so-many-th entry; with entries in order of their values, as good as all. */
function evenly(histories: SpendHistories, most: number): SpendHistories {
  const { purchases, mean, weight } = histories;
  const step = Math.ceil(weight.length / most);
  if (step <= 1) return histories;
  const picked = (column: Float64Array) => column.filter((_, i) => i % step === 0);
  return { purchases: picked(purchases), mean: picked(mean), weight: picked(weight) };
}

/** Fader and Hardie 2013, eq. 5: p (v + x z) / (p x + q - 1), a mean of the customer's own values and everybody's. */
function conditionalMean(parameters: readonly number[]): (purchases: number, mean: number) => number {
  const [p, q, v] = parameters as readonly [number, number, number];
  return (x, z) => (p * (v + (x === 0 ? 0 : x * z))) / (p * x + q - 1);
}

/** Fader and Hardie 2013, eq. 1a: ln f(z | x) = ln(1/z) - ln B(px, q) + q ln(v / (v+xz)) + px ln(xz / (v+xz)). */
function minusLogLikelihood({ purchases, mean, weight }: SpendHistories, unit: number): Objective {
  const customersBy = new Map<number, number>();
  const logs = mean.map((z) => Math.log(z / unit));
  purchases.forEach((x, i) => {
    customersBy.set(x, (customersBy.get(x) ?? 0) + weight[i]!);
  });
  return (point) => {
    const [p, q, v] = point.map(Math.exp) as [number, number, number];
    let value = 0;
    let [byP, byQ, byV] = [0, 0, 0];
    const [logGammaQ, digammaQ, logV] = [logGamma(q), digamma(q), Math.log(v)];
    for (const [x, customers] of customersBy) {
      const digammaAll = digamma(p * x + q);
      value += customers * (logGamma(p * x + q) - logGamma(p * x) - logGammaQ + q * logV);
      byP += customers * x * (digammaAll - digamma(p * x));
      byQ += customers * (digammaAll - digammaQ + logV);
      byV += (customers * q) / v;
    }
    for (let i = 0; i < weight.length; i++) {
      const [x, w] = [purchases[i]!, weight[i]!];
      const total = (x * mean[i]!) / unit;
      const [logTotal, logSum] = [Math.log(x) + logs[i]!, Math.log(v + total)];
      value += w * (p * x * logTotal - logs[i]! - (p * x + q) * logSum);
      byP += w * x * (logTotal - logSum);
      byQ -= w * logSum;
      byV -= (w * (p * x + q)) / (v + total);
    }
    return { value: -value, gradient: [-byP * p, -byQ * q, -byV * v] };
  };
}

/** Pearson's correlation over customers; null where either does not vary. */
function correlationOf({ purchases, mean, weight }: SpendHistories): number | null {
  let [n, x, z] = [0, 0, 0];
  weight.forEach((w, i) => {
    n += w;
    x += w * purchases[i]!;
    z += w * mean[i]!;
  });
  let [xx, zz, xz] = [0, 0, 0];
  weight.forEach((w, i) => {
    const [dx, dz] = [purchases[i]! - x / n, mean[i]! - z / n];
    xx += w * dx * dx;
    zz += w * dz * dz;
    xz += w * dx * dz;
  });
  const spread = Math.sqrt(xx * zz);
  return spread > 1e-12 * n * (z / n) ? Math.min(1, Math.max(-1, xz / spread)) : null;
}
