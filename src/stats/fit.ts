import { covarianceWithin, type Evaluation, type Minimum, minimise, type Objective } from './optimise.js';
import {
  type GroupedHistories,
  groupHistories,
  type PurchaseHistories,
  thinned,
} from './purchase-histories.js';

/** What a model says of one customer: x purchase days after the first, t_x, T; time in the unit of the fit. */
export interface RepeatBuyingPrediction {
  /** P(the customer may still buy at T | x, t_x, T), 0-1. */
  probabilityAlive(x: number, recency: number, age: number): number;
  /** Of customers who are alive at T, to whom it is all the same when they last bought. */
  readonly ofAlive: AlivePrediction;
  /** Mean of purchase days within `horizon` after T. */
  expectedPurchases(horizon: number, x: number, recency: number, age: number): number;
  /** P(no purchase within `horizon` after T | x, t_x, T): the risk. */
  probabilityOfNone(horizon: number, x: number, recency: number, age: number): number;
  /** Variance of purchase days within `horizon` after T, the parameters being known. */
  varianceOfPurchases(horizon: number, x: number, recency: number, age: number): number;
  /** Mean of purchase days of a new customer after the first, within t of it. */
  expectedPurchasesOfNew(t: number): number;
}

/** The same of a customer who is alive at T, which the last purchase says nothing more about. */
export interface AlivePrediction {
  /** Mean of purchase days within `horizon` after T. */
  expectedPurchases(horizon: number, x: number, age: number): number;
  /** P(no purchase within `horizon` after T). */
  probabilityOfNone(horizon: number, x: number, age: number): number;
  /** E[Y (Y-1)] of the purchase days Y from `start` to `end` after T. */
  expectedPairs(start: number, end: number, x: number, age: number): number;
}

/** All that a model says, from who is alive and what these do: those who are gone do not buy. */
export function prediction(
  probabilityAlive: RepeatBuyingPrediction['probabilityAlive'],
  ofAlive: AlivePrediction,
): RepeatBuyingPrediction {
  return {
    probabilityAlive,
    ofAlive,
    expectedPurchases: (horizon, x, recency, age) =>
      probabilityAlive(x, recency, age) * ofAlive.expectedPurchases(horizon, x, age),
    probabilityOfNone: (horizon, x, recency, age) =>
      1 - probabilityAlive(x, recency, age) * (1 - ofAlive.probabilityOfNone(horizon, x, age)),
    varianceOfPurchases: (horizon, x, recency, age) => {
      const alive = probabilityAlive(x, recency, age);
      const mean = alive * ofAlive.expectedPurchases(horizon, x, age);
      return Math.max(0, alive * ofAlive.expectedPairs(0, horizon, x, age) + mean - mean * mean);
    },
    expectedPurchasesOfNew: (t) => probabilityAlive(0, 0, 0) * ofAlive.expectedPurchases(t, 0, 0),
  };
}

export interface FittedParameter {
  readonly name: string;
  readonly value: number;
  /** Null where it is not known: `fit.withoutErrors` says why. */
  readonly standardError: number | null;
}

/** How a fit was got. */
export interface FitAccount {
  /**
   * maximum_likelihood  the data alone
   * empirical_bayes     the data are too few: parameters are drawn to usual ones at the base's own pooled rate
   */
  readonly method: 'maximum_likelihood' | 'empirical_bayes';
  /** Why not maximum likelihood: too few came back, nobody was watched for any time, or the search did not end. */
  readonly reason: 'few_repeat_buyers' | 'no_exposure' | 'not_converged' | null;
  /** Parameters at the edge of the search: the data do not bound them, predictions stand all the same. */
  readonly atEdge: readonly string[];
  readonly withoutErrors: 'at_edge' | 'singular' | null;
  readonly customers: number;
  readonly repeatBuyers: number;
  readonly repeatPurchases: number;
  /** Distinct histories that the fit was made of, and all that there are. */
  readonly histories: { readonly used: number; readonly all: number };
  readonly evaluations: number;
}

export interface RepeatBuyingModel extends RepeatBuyingPrediction {
  readonly name: string;
  readonly parameters: readonly FittedParameter[];
  /** Of the data alone, also where the fit drew on more. */
  readonly logLikelihood: number;
  readonly fit: FitAccount;
  /**
   * Covariance of the logarithms of the parameters, for intervals of what is foretold; those at the edge are held there,
   * as what is foretold hardly depends on how far out they are. Null where it is singular.
   */
  readonly covariance: readonly (readonly number[])[] | null;
  /** The same model with other parameters, in the order of `parameters`. */
  at(parameters: readonly number[]): RepeatBuyingPrediction;
}

/** One kind of model. Parameters are positive; those that `hasTime` marks are lengths of time. */
export interface Family {
  readonly name: string;
  readonly parameterNames: readonly string[];
  readonly hasTime: readonly boolean[];
  /** More distinct histories than this are thinned evenly for the fit; all are taken unless given. */
  readonly mostHistories?: number;
  /** Log-likelihood of the histories and its slope by the parameters themselves. */
  logLikelihood(histories: GroupedHistories): (parameters: readonly number[]) => Evaluation;
  predict(parameters: readonly number[]): RepeatBuyingPrediction;
  /** Usual parameters where a customer who still buys does so at this rate. */
  usual(rate: number): readonly number[];
}

/** Fewer customers who came back than this do not bear four parameters. */
export const fewestRepeatBuyers = 20;

/** Logarithms of parameters lie within this, time being counted in the mean age. */
const edge = 9;
/** Standard deviation of the prior of each logarithm: a factor of about three either way. */
const priorSpread = 1;
/** More distinct histories than this are thinned for the choice among starts, not for the fit itself. */
const mostForStarts = 1_000;
/** The same for second derivatives: those of so many show the way as well, and standard errors are within a few percent. */
const mostForErrors = 20_000;

/**
 * Fits by maximum likelihood from several starts, on logarithms of the parameters, with time counted in the mean age
 * of a customer. Too few repeat buyers, or a search that does not end: by empirical Bayes, see `FitAccount`.
 * @throws RangeError for histories that cannot be
 */
export function fitFamily(family: Family, all: PurchaseHistories): RepeatBuyingModel {
  const histories = thinned(all, family.mostHistories ?? Number.POSITIVE_INFINITY);
  const unit = timeUnit(histories);
  const grouped = groupHistories(histories, unit);
  const { totals } = grouped;
  // Half a purchase more than were seen, as Jeffreys' prior has it: no repeat purchase is no proof of none.
  const rate = (totals.repeatPurchases + 0.5) / Math.max(totals.exposure, 1);
  const usual = family.usual(2 * rate);
  const likelihood = onLogScale(family.logLikelihood(grouped));
  const starts = [usual, ...otherStarts(usual)].map((start) => start.map(Math.log));
  const ofSome = (most: number) => {
    const some = thinned(histories, most);
    return some === histories ? likelihood : onLogScale(family.logLikelihood(groupHistories(some, unit)));
  };
  const [rough, bending] = [ofSome(mostForStarts), ofSome(mostForErrors)];
  let evaluations = 0;
  const search = (changed: (objective: Objective) => Objective): Minimum => {
    const standIns = { rough: changed(rough), bending: changed(bending) };
    const found = minimise(changed(likelihood), starts, edge, standIns);
    evaluations += found.evaluations;
    return found;
  };
  let reason: FitAccount['reason'] = null;
  let found: Minimum | undefined;
  if (totals.exposure === 0) reason = 'no_exposure';
  else if (totals.repeatBuyers < fewestRepeatBuyers) reason = 'few_repeat_buyers';
  else {
    found = search((objective) => objective);
    if (!found.converged) reason = 'not_converged';
  }
  if (reason !== null || found === undefined) {
    const centre = usual.map(Math.log);
    found = search((objective) => withPrior(objective, centre));
  }

  const atEdge = family.parameterNames.filter((_, i) => Math.abs(found.point[i]!) > edge - 1e-6);
  const covariance = covarianceWithin(found, edge);
  const values = found.point.map((log, i) => Math.exp(log) * (family.hasTime[i] ? unit : 1));
  return {
    name: family.name,
    parameters: values.map((value, i) => ({
      name: family.parameterNames[i]!,
      value,
      standardError: covariance === null || atEdge.length > 0 ? null : value * Math.sqrt(covariance[i]![i]!),
    })),
    // A density of x moments in another unit of time is that many factors of the unit away.
    logLikelihood: -likelihood(found.point).value - totals.repeatPurchases * Math.log(unit),
    fit: {
      method: reason === null ? 'maximum_likelihood' : 'empirical_bayes',
      reason,
      atEdge,
      withoutErrors: atEdge.length > 0 ? 'at_edge' : covariance === null ? 'singular' : null,
      customers: totals.customers,
      repeatBuyers: totals.repeatBuyers,
      repeatPurchases: totals.repeatPurchases,
      histories: { used: histories.weight.length, all: all.weight.length },
      evaluations,
    },
    covariance,
    ...family.predict(values),
    at: family.predict,
  };
}

/** The mean age, in which time is counted within a fit; 1 where nobody has any. */
function timeUnit({ age, weight }: PurchaseHistories): number {
  let [sum, customers] = [0, 0];
  for (let i = 0; i < weight.length; i++) {
    sum += weight[i]! * age[i]!;
    customers += weight[i]!;
  }
  return sum > 0 ? sum / customers : 1;
}

/** Other places to start from: customers more alike and less, who stay longer and less long. */
function otherStarts(usual: readonly number[]): number[][] {
  const times = (factors: readonly number[]) => usual.map((value, i) => value * factors[i]!);
  return [times([6, 6, 1, 1]), times([1, 1, 1, 8]), times([1, 1, 1, 1 / 6])];
}

/** What is to be made small: minus the log-likelihood, by the logarithms of the parameters. */
function onLogScale(logLikelihood: (parameters: readonly number[]) => Evaluation): Objective {
  return (point) => {
    const parameters = point.map(Math.exp);
    const { value, gradient } = logLikelihood(parameters);
    return { value: -value, gradient: gradient.map((slope, i) => -slope * parameters[i]!) };
  };
}

function withPrior(objective: Objective, centre: readonly number[]): Objective {
  return (point) => {
    const { value, gradient } = objective(point);
    const away = point.map((x, i) => (x - centre[i]!) / priorSpread);
    return {
      value: value + away.reduce((sum, z) => sum + (z * z) / 2, 0),
      gradient: gradient.map((slope, i) => slope + away[i]! / priorSpread),
    };
  };
}
