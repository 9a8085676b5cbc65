/** Customers to learn from: one column for each feature, all of one length. */
export interface LogisticData {
  readonly features: readonly Float64Array[];
  /** 1 where the event came about, 0 where it did not. */
  readonly happened: Uint8Array;
  /** Customers of each entry; one each unless given. */
  readonly weight?: Float64Array;
  /** Places of features with which the probability may not fall: those that would are left out. */
  readonly rising?: readonly number[];
  /** Places of those with which it may not rise. */
  readonly falling?: readonly number[];
}

export interface LogisticModel {
  readonly intercept: number;
  /** By which the logarithm of the odds rises for one more of each feature, in its own unit; 0 of a constant one. */
  readonly coefficients: readonly number[];
  /** The same for one standard deviation more, to compare features by. */
  readonly standardised: readonly number[];
  readonly converged: boolean;
  readonly iterations: number;
  /** Probability of the event for each entry of columns in the same order. */
  probabilities(features: readonly Float64Array[]): Float64Array;
}

/** The prior of a standardised coefficient has variance 1 / this: each is drawn to zero as by so many customers. */
export const defaultPenalty = 4;
const mostIterations = 50;
/** A step that promises to gain less log-likelihood than this is the last, and taken unseen: what it leaves is its square. */
const lastGain = 1e-5;
/** Rows of which all columns stay in the cache of a processor. */
const rowsAtOnce = 1024;

/**
 * Logistic regression with an L2 penalty, by Newton's method (iteratively reweighted least squares: Hastie, Tibshirani
 * and Friedman, The Elements of Statistical Learning, 2009, section 4.4.1) on standardised features, a step that does
 * not improve being halved. The intercept is not penalised; half a customer of each outcome, average in everything, is
 * added instead, so that there is a maximum also where all had the same outcome.
 * @throws RangeError for columns of several lengths, or none of them filled
 */
export function fitLogisticRegression(data: LogisticData, penalty = defaultPenalty): LogisticModel {
  const left = new Set<number>();
  let start: readonly number[] = data.features.map(() => 0);
  while (true) {
    const model = fitFeatures(data, penalty, left, start);
    const wrong = [
      ...(data.rising ?? []).filter((index) => model.coefficients[index]! < 0),
      ...(data.falling ?? []).filter((index) => model.coefficients[index]! > 0),
    ];
    if (wrong.length === 0) return model;
    for (const index of wrong) left.add(index);
    start = model.standardised;
  }
}

/** `start` are standardised coefficients that are not far off. */
function fitFeatures(
  data: LogisticData,
  penalty: number,
  left: ReadonlySet<number>,
  start: readonly number[],
): LogisticModel {
  const { features, happened, weight } = data;
  const rows = happened.length;
  if (rows === 0 || features.some((column) => column.length !== rows))
    throw new RangeError('logistic regression: columns of several lengths, or empty');
  const scales = features.map((column) => scaleOf(column, weight));
  const used = scales.flatMap(({ spread }, index) => (spread > 0 && !left.has(index) ? [index] : []));
  const size = used.length + 1;
  const columns = [
    new Float64Array(rows).fill(1),
    ...used.map((index) => {
      const { mean, spread } = scales[index]!;
      return features[index]!.map((value) => (value - mean) / spread);
    }),
  ];
  const scores = new Float64Array(rows);
  const away = new Float64Array(rows);
  const bend = new Float64Array(rows);
  const bent = new Float64Array(rowsAtOnce);

  /** Minus the penalised log-likelihood, its slope and curvature. */
  const evaluate = (at: Float64Array) => {
    const slope = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    // The half customers: of mean features, which standardised are 0.
    const atMean = logistic(at[0]!);
    let value = -0.5 * (logOf(atMean) + logOf(1 - atMean));
    slope[0] = atMean - 0.5;
    curvature[0] = atMean * (1 - atMean);
    scores.fill(0);
    for (let j = 0; j < size; j++) addTimes(scores, columns[j]!, at[j]!);
    for (let i = 0; i < rows; i++) {
      const score = scores[i]!;
      const w = weight === undefined ? 1 : weight[i]!;
      const y = happened[i]!;
      // e^-|score| serves the probability and its logarithm.
      const small = Math.exp(-Math.abs(score));
      const p = (score >= 0 ? 1 : small) / (1 + small);
      value += w * (Math.max(y === 1 ? -score : score, 0) + Math.log1p(small));
      away[i] = w * (p - y);
      bend[i] = w * p * (1 - p);
    }
    for (let from = 0; from < rows; from += rowsAtOnce) {
      const to = Math.min(rows, from + rowsAtOnce);
      for (let j = 0; j < size; j++) {
        const column = columns[j]!;
        slope[j]! += product(away, from, column, from, to - from);
        for (let i = from; i < to; i++) bent[i - from] = bend[i]! * column[i]!;
        for (let k = 0; k <= j; k++)
          curvature[j * size + k]! += product(bent, 0, columns[k]!, from, to - from);
      }
    }
    for (let j = 1; j < size; j++) {
      value += (penalty / 2) * at[j]! * at[j]!;
      slope[j]! += penalty * at[j]!;
      curvature[j * size + j]! += penalty;
    }
    return { value, slope, curvature };
  };

  let at: Float64Array = Float64Array.from([0, ...used.map((index) => start[index]!)]);
  let current = evaluate(at);
  let converged = false;
  let iterations = 0;
  while (!converged && iterations < mostIterations) {
    iterations++;
    const step = solve(current.curvature, current.slope);
    const gain = step.reduce((sum, by, j) => sum + by * current.slope[j]!, 0) / 2;
    if (gain <= lastGain) {
      at = stepped(at, step, 1);
      converged = true;
      break;
    }
    let share = 1;
    let place = stepped(at, step, share);
    let next = evaluate(place);
    while (!(next.value <= current.value) && share > 1e-6) {
      share /= 2;
      place = stepped(at, step, share);
      next = evaluate(place);
    }
    if (!(next.value <= current.value)) {
      // Nothing nearby is better by more than what rounding hides.
      converged = true;
      break;
    }
    at = place;
    current = next;
  }

  const standardised = features.map(() => 0);
  const coefficients = features.map(() => 0);
  let intercept = at[0]!;
  used.forEach((index, place) => {
    const { mean, spread } = scales[index]!;
    standardised[index] = at[place + 1]!;
    coefficients[index] = at[place + 1]! / spread;
    intercept -= (at[place + 1]! * mean) / spread;
  });
  return {
    intercept,
    coefficients,
    standardised,
    converged,
    iterations,
    probabilities: (given) => {
      const scores = new Float64Array(given[0]?.length ?? 0).fill(intercept);
      given.forEach((column, index) => {
        const coefficient = coefficients[index]!;
        if (coefficient === 0) return;
        for (let i = 0; i < scores.length; i++) scores[i]! += coefficient * column[i]!;
      });
      return scores.map(logistic);
    },
  };
}

/** 1 / (1 + e^-z), without overflow. */
export function logistic(score: number): number {
  return score >= 0 ? 1 / (1 + Math.exp(-score)) : Math.exp(score) / (1 + Math.exp(score));
}

/** Adds a multiple of a column to another. */
function addTimes(to: Float64Array, column: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * column[i]!;
}

/** The inner product of `length` entries of two columns; four sums at once, which a processor does side by side. */
function product(
  one: Float64Array,
  fromOne: number,
  other: Float64Array,
  fromOther: number,
  length: number,
): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += one[fromOne + i]! * other[fromOther + i]!;
    b += one[fromOne + i + 1]! * other[fromOther + i + 1]!;
    c += one[fromOne + i + 2]! * other[fromOther + i + 2]!;
    d += one[fromOne + i + 3]! * other[fromOther + i + 3]!;
  }
  for (; i < length; i++) a += one[fromOne + i]! * other[fromOther + i]!;
  return a + b + (c + d);
}

function logOf(p: number): number {
  return Math.log(Math.max(p, Number.MIN_VALUE));
}

function scaleOf(column: Float64Array, weight: Float64Array | undefined): { mean: number; spread: number } {
  let [customers, sum] = [0, 0];
  for (let i = 0; i < column.length; i++) {
    const w = weight === undefined ? 1 : weight[i]!;
    customers += w;
    sum += w * column[i]!;
  }
  const mean = sum / customers;
  let squares = 0;
  for (let i = 0; i < column.length; i++)
    squares += (weight === undefined ? 1 : weight[i]!) * (column[i]! - mean) ** 2;
  const spread = Math.sqrt(squares / customers);
  // What only rounding makes differ is constant.
  return { mean, spread: spread > 1e-9 * Math.max(1, Math.abs(mean)) ? spread : 0 };
}

function stepped(at: Float64Array, step: Float64Array, share: number): Float64Array {
  return at.map((value, index) => value - share * step[index]!);
}

/** Solves a symmetric positive system, given by its lower half, by Cholesky's decomposition. */
function solve(lower: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const root = Float64Array.from(lower);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = root[j * size + k]!;
      for (let i = 0; i < k; i++) sum -= root[j * size + i]! * root[k * size + i]!;
      // Features that depend on each other are held apart by the penalty; rounding alone may take it away.
      root[j * size + k] = j === k ? Math.sqrt(Math.max(sum, 1e-12)) : sum / root[k * size + k]!;
    }
  }
  const solved = Float64Array.from(right);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) solved[j]! -= root[j * size + k]! * solved[k]!;
    solved[j]! /= root[j * size + j]!;
  }
  for (let j = size - 1; j >= 0; j--) {
    for (let k = j + 1; k < size; k++) solved[j]! -= root[k * size + j]! * solved[k]!;
    solved[j]! /= root[j * size + j]!;
  }
  return solved;
}
