import type { FittedParameter } from './fit.js';
import { inversePositive, minimise, type Objective } from './optimise.js';
import { digamma, logBeta } from './special-functions.js';

/** Tenures of subscribers in whole periods, one entry for customers who have the same. */
export interface Tenures {
  /** Periods that were renewed: 0 for who left in, or is still in, the first. */
  readonly renewals: Float64Array;
  /** 1 where the customer left at the end of the next period, 0 where they are still subscribed. */
  readonly hasLeft: Uint8Array;
  readonly weight: Float64Array;
}

export interface ShiftedBetaGeometricModel {
  readonly parameters: readonly FittedParameter[];
  readonly logLikelihood: number;
  readonly fit: {
    readonly method: 'maximum_likelihood' | 'empirical_bayes';
    readonly reason: 'few_leavers' | 'not_converged' | null;
    readonly atEdge: readonly string[];
    readonly customers: number;
    readonly leavers: number;
  };
  /** Covariance of the logarithms of the parameters, null where it is not known. */
  readonly covariance: readonly (readonly number[])[] | null;
  /** P(still subscribed after `periods` more | renewed this many times), 0-1; whole periods or parts of one. */
  survival(periods: number, renewals: number): number;
  at(parameters: readonly number[]): (periods: number, renewals: number) => number;
}

const fewestLeavers = 10;
const edge = 9;

/**
 * Shifted beta-geometric: Fader and Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21
 * (2007). At the end of each period a subscriber leaves with probability θ ~ beta(α, β).
 * Likelihood, eq. 5 and 6: B(α+1, β+n) / B(α, β) of who left after n renewals, B(α, β+n) / B(α, β) of who has n and is still there.
 * @throws RangeError for tenures that cannot be
 */
export function fitShiftedBetaGeometric({ renewals, hasLeft, weight }: Tenures): ShiftedBetaGeometricModel {
  let [customers, leavers, chances] = [0, 0, 0];
  for (let i = 0; i < weight.length; i++) {
    const [n, w] = [renewals[i]!, weight[i]!];
    if (!(n >= 0 && n < Number.POSITIVE_INFINITY && w > 0))
      throw new RangeError(`tenures: ${n} renewals, ${w} customers`);
    customers += w;
    leavers += hasLeft[i] === 1 ? w : 0;
    chances += w * (n + (hasLeft[i] === 1 ? 1 : 0));
  }
  const likelihood: Objective = (point) => {
    const [a, b] = point.map(Math.exp) as [number, number];
    let [value, byA, byB] = [0, 0, 0];
    const [whole, digammaA, digammaB, digammaAB] = [logBeta(a, b), digamma(a), digamma(b), digamma(a + b)];
    for (let i = 0; i < weight.length; i++) {
      const [left, w] = [hasLeft[i]!, weight[i]!];
      const [shapeA, shapeB] = [a + left, b + renewals[i]!];
      const digammaSum = digamma(shapeA + shapeB);
      value += w * (logBeta(shapeA, shapeB) - whole);
      byA += w * (digamma(shapeA) - digammaSum - digammaA + digammaAB);
      byB += w * (digamma(shapeB) - digammaSum - digammaB + digammaAB);
    }
    return { value: -value, gradient: [-byA * a, -byB * b] };
  };
  // The share that leaves in a period, with half a leaver more than were seen.
  const share = Math.min(0.9, (leavers + 0.5) / (chances + 1));
  const usual = [Math.log(share * 2), Math.log((1 - share) * 2)];
  const penalised: Objective = (point) => {
    const { value, gradient } = likelihood(point);
    const away = point.map((x, i) => x - usual[i]!);
    return {
      value: value + away.reduce((sum, z) => sum + (z * z) / 2, 0),
      gradient: gradient.map((slope, i) => slope + away[i]!),
    };
  };
  let reason: ShiftedBetaGeometricModel['fit']['reason'] = leavers < fewestLeavers ? 'few_leavers' : null;
  let objective = reason === null ? likelihood : penalised;
  const starts = [usual, usual.map((x) => x + 2), usual.map((x) => x - 1)];
  const search = () => minimise(objective, starts, edge);
  let found = search();
  if (reason === null && !found.converged) {
    reason = 'not_converged';
    objective = penalised;
    found = search();
  }
  const names = ['alpha', 'beta'];
  const atEdge = names.filter((_, i) => Math.abs(found.point[i]!) > edge - 1e-6);
  const covariance = atEdge.length > 0 ? null : inversePositive(found.curvature);
  const values = found.point.map(Math.exp);
  return {
    parameters: values.map((value, i) => ({
      name: names[i]!,
      value,
      standardError: covariance === null ? null : value * Math.sqrt(covariance[i]![i]!),
    })),
    logLikelihood: -likelihood(found.point).value,
    fit: {
      method: reason === null ? 'maximum_likelihood' : 'empirical_bayes',
      reason,
      atEdge,
      customers,
      leavers,
    },
    covariance,
    survival: survival(values),
    at: survival,
  };
}

/** B(α, β+n+t) / B(α, β+n), eq. 7 over itself: of who renewed n times, θ ~ beta(α, β+n). */
function survival(parameters: readonly number[]): (periods: number, renewals: number) => number {
  const [a, b] = parameters as readonly [number, number];
  return (periods, renewals) =>
    Math.min(1, Math.exp(logBeta(a, b + renewals + periods) - logBeta(a, b + renewals)));
}
