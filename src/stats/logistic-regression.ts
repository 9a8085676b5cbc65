/** Customers to learn from: one column for each feature, all of one length. */
export interface LogisticData {
  readonly features: readonly Float64Array[];
  /** 1 where the event came about, 0 where it did not. */
  readonly happened: Uint8Array;
  /** Customers of each entry; one each unless given. */
  readonly weight?: Float64Array;
  /** Places of features with which the probability may not fall: those that would are left out. */
  readonly rising?: readonly number[];
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
const tolerance = 1e-9;

/**
 * Logistic regression with an L2 penalty, by Newton's method (iteratively reweighted least squares: Hastie, Tibshirani
 * and Friedman, The Elements of Statistical Learning, 2009, section 4.4.1) on standardised features, a step that does
 * not improve being halved. The intercept is not penalised; half a customer of each outcome, average in everything, is
 * added instead, so that there is a maximum also where all had the same outcome.
 * @throws RangeError for columns of several lengths, or none of them filled
 */
export function fitLogisticRegression(data: LogisticData, penalty = defaultPenalty): LogisticModel {
  const left = new Set<number>();
  while (true) {
    const model = fitFeatures(data, penalty, left);
    const negative = (data.rising ?? []).filter((index) => model.coefficients[index]! < 0);
    if (negative.length === 0) return model;
    for (const index of negative) left.add(index);
  }
}

function fitFeatures(data: LogisticData, penalty: number, left: ReadonlySet<number>): LogisticModel {
  const { features, happened, weight } = data;
  const rows = happened.length;
  if (rows === 0 || features.some((column) => column.length !== rows))
    throw new RangeError('logistic regression: columns of several lengths, or empty');
  const scales = features.map((column) => scaleOf(column, weight));
  const used = scales.flatMap(({ spread }, index) => (spread > 0 && !left.has(index) ? [index] : []));
  const size = used.length + 1;
  const columns = used.map((index) => {
    const { mean, spread } = scales[index]!;
    return features[index]!.map((value) => (value - mean) / spread);
  });

  /** Minus the penalised log-likelihood, its slope and curvature. */
  const evaluate = (at: Float64Array, withSlopes: boolean) => {
    const slope = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    const row = new Float64Array(size);
    row[0] = 1;
    // The half customers: of mean features, which standardised are 0.
    const atMean = logistic(at[0]!);
    let value = -0.5 * (logOf(atMean) + logOf(1 - atMean));
    slope[0] = atMean - 0.5;
    curvature[0] = atMean * (1 - atMean);
    for (let i = 0; i < rows; i++) {
      let score = at[0]!;
      for (let j = 1; j < size; j++) {
        row[j] = columns[j - 1]![i]!;
        score += at[j]! * row[j]!;
      }
      const w = weight === undefined ? 1 : weight[i]!;
      const y = happened[i]!;
      value += w * softplus(y === 1 ? -score : score);
      if (!withSlopes) continue;
      const p = logistic(score);
      const [away, bend] = [w * (p - y), w * p * (1 - p)];
      for (let j = 0; j < size; j++) {
        slope[j]! += away * row[j]!;
        const bent = bend * row[j]!;
        for (let k = 0; k <= j; k++) curvature[j * size + k]! += bent * row[k]!;
      }
    }
    for (let j = 1; j < size; j++) {
      value += (penalty / 2) * at[j]! * at[j]!;
      slope[j]! += penalty * at[j]!;
      curvature[j * size + j]! += penalty;
    }
    return { value, slope, curvature };
  };

  let at: Float64Array = new Float64Array(size);
  let current = evaluate(at, true);
  let converged = false;
  let iterations = 0;
  while (!converged && iterations < mostIterations) {
    iterations++;
    const step = solve(current.curvature, current.slope);
    let share = 1;
    let next = stepped(at, step, share);
    let value = evaluate(next, false).value;
    while (!(value <= current.value) && share > 1e-6) {
      share /= 2;
      next = stepped(at, step, share);
      value = evaluate(next, false).value;
    }
    if (!(value <= current.value)) {
      // Nothing nearby is better by more than what rounding hides.
      converged = true;
      break;
    }
    converged = current.value - value <= tolerance * (1 + Math.abs(value));
    at = next;
    if (!converged) current = evaluate(at, true);
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

/** ln(1 + e^z), without overflow. */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
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
