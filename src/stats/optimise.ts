/** The value of a function at a point, and its slope there. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: readonly number[];
}

export type Objective = (point: readonly number[]) => Evaluation;

export interface Minimum extends Evaluation {
  readonly point: readonly number[];
  /** Whether nothing is to be gained nearby, within the box. */
  readonly converged: boolean;
  /** Second derivatives at the point. */
  readonly curvature: readonly (readonly number[])[];
  readonly evaluations: number;
}

/** What is about the same function and may be had for less. */
export interface StandIns {
  /** Good enough to find the neighbourhood of a minimum. */
  readonly rough?: Objective;
  /** Good enough to take second derivatives of. */
  readonly bending?: Objective;
}

/** A place that a search got to. */
interface Place extends Evaluation {
  readonly point: readonly number[];
  readonly evaluations: number;
}

/**
 * Minimises a smooth function of a few variables within the box |x| <= bound: from each start to the neighbourhood of a
 * minimum of `rough`, and from there, the lowest first, to that of `objective`, until one is a proper minimum. Steps are cut at the box, and the search goes on in the variables that are
 * not held at an edge. Never throws: a point where the function is not finite counts as worse than any other.
 */
export function minimise(
  objective: Objective,
  starts: readonly (readonly number[])[],
  bound: number,
  { rough = objective, bending = objective }: StandIns = {},
): Minimum {
  let evaluations = 0;
  const counted = <T extends Place>(place: T): T => {
    evaluations += place.evaluations;
    return place;
  };
  const height = ({ value }: Place) => (Number.isFinite(value) ? value : Number.MAX_VALUE);
  const places = starts
    .map((start) => counted(descend(rough, start, bound)))
    .toSorted((one, other) => height(one) - height(other));
  let best: Minimum | undefined;
  for (const place of places) {
    let found = counted(polish(objective, place.point, bound, bending));
    // Not so near after all.
    if (!found.converged)
      found = counted(
        polish(objective, counted(descend(objective, found.point, bound)).point, bound, bending),
      );
    if (best === undefined || isBetter(found, best)) best = found;
    // Where it is flat, the minimum may lie elsewhere.
    if (best.converged && covarianceWithin(best, bound) !== null) break;
  }
  if (best === undefined) throw new RangeError('a search without a start');
  return { ...best, evaluations };
}

function isBetter(one: Minimum, other: Minimum): boolean {
  return one.converged === other.converged ? one.value < other.value : one.converged;
}

/** BFGS: Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1. */
function descend(objective: Objective, start: readonly number[], bound: number): Place {
  let evaluations = 0;
  const evaluate = (at: readonly number[]) => {
    evaluations++;
    return objective(at);
  };
  let point = start.map((x) => cut(x, bound));
  let current = evaluate(point);
  let inverse = identity(point.length);
  let isFresh = true;
  for (let iteration = 0; iteration < 60 && Number.isFinite(current.value); iteration++) {
    const slope = freeSlope(point, current, bound);
    if (largest(slope) <= 1e-7 * Math.max(1, Math.abs(current.value))) break;
    let direction = times(inverse, slope).map((d, i) => (slope[i] === 0 ? 0 : -d));
    if (!(dot(direction, slope) < 0)) {
      inverse = identity(point.length);
      isFresh = true;
      direction = slope.map((g) => -g);
    }
    const longest = largest(direction);
    // On a logarithmic scale a step of more than two is a leap into the unknown.
    const length = Math.min(1, (isFresh ? 0.5 : 2) / longest);
    const next = lineSearch(evaluate, { ...current, point }, direction, length, slope, bound);
    if (next === undefined) {
      if (isFresh) break;
      // The curvature was misjudged: once more straight down.
      inverse = identity(point.length);
      isFresh = true;
      continue;
    }
    const step = next.point.map((x, i) => x - point[i]!);
    const bend = next.gradient.map((g, i) => g - current.gradient[i]!);
    const curvature = dot(step, bend);
    if (curvature > 1e-12 * Math.sqrt(dot(step, step) * dot(bend, bend))) {
      if (isFresh) inverse = identity(point.length, curvature / dot(bend, bend));
      inverse = updated(inverse, step, bend, curvature);
      isFresh = false;
    }
    const isStill = current.value - next.value <= 1e-9 && largest(step) < 1e-5;
    point = next.point;
    current = next;
    if (isStill) break;
  }
  return { ...current, point, evaluations };
}

/** Below this, what a whole Newton step would gain is nothing in a log-likelihood. */
const negligibleGain = 1e-8;

/** Newton's method with the damping of Levenberg, from a point near a minimum. Evaluations of `bending` do not count. */
function polish(objective: Objective, start: readonly number[], bound: number, bending: Objective): Minimum {
  let evaluations = 0;
  const evaluate = (at: readonly number[]) => {
    evaluations++;
    return objective(at);
  };
  let point = [...start];
  let current = evaluate(point);
  let converged = false;
  let curvature = hessian(bending, point);
  for (let iteration = 0; iteration < 40 && Number.isFinite(current.value); iteration++) {
    const slope = freeSlope(point, current, bound);
    const scale = Math.max(...curvature.map((row, i) => Math.abs(row[i]!)), 1e-12);
    let inverse: number[][] | null = null;
    let damping = 0;
    while (inverse === null && damping <= 1e6) {
      const damped = curvature.map((row, i) =>
        row.map((value, j) => {
          // A variable that is held takes no part.
          if (slope[i] === 0 || slope[j] === 0) return i === j ? scale : 0;
          return value + (i === j ? damping * scale : 0);
        }),
      );
      inverse = inversePositive(damped);
      damping = damping === 0 ? 1e-8 : damping * 10;
    }
    if (inverse === null) break;
    const direction = times(inverse, slope).map((d) => -d);
    const gain = -dot(direction, slope) / 2;
    if (gain <= negligibleGain) {
      converged = true;
      break;
    }
    const length = Math.min(1, 2 / largest(direction));
    const next = lineSearch(evaluate, { ...current, point }, direction, length, slope, bound);
    if (next === undefined) {
      // The last digits of the function are reached before those of the slope.
      converged = gain <= 1e-12 * Math.abs(current.value) + 1e-6;
      break;
    }
    point = next.point;
    current = next;
    curvature = hessian(bending, point);
  }
  return { ...current, point, converged, curvature, evaluations };
}

/** A point along the way that is lower by enough (the condition of Armijo), or undefined. */
function lineSearch(
  evaluate: Objective,
  from: Evaluation & { readonly point: readonly number[] },
  direction: readonly number[],
  first: number,
  slope: readonly number[],
  bound: number,
): (Evaluation & { readonly point: number[] }) | undefined {
  let length = first;
  for (let attempt = 0; attempt < 30; attempt++) {
    const point = from.point.map((x, i) => cut(x + length * direction[i]!, bound));
    const tried = evaluate(point);
    const promised = dot(
      slope,
      point.map((x, i) => x - from.point[i]!),
    );
    if (Number.isFinite(tried.value) && tried.value < from.value + 1e-4 * Math.min(promised, 0))
      return { ...tried, point };
    length /= 3;
  }
  return undefined;
}

function cut(x: number, bound: number): number {
  return Math.min(Math.max(x, -bound), bound);
}

/** The slope in the variables that are not held at an edge, 0 in those that are. */
function freeSlope(point: readonly number[], { gradient }: Evaluation, bound: number): number[] {
  return gradient.map((slope, i) => (isHeld(point[i]!, slope, bound) ? 0 : slope));
}

function largest(x: readonly number[]): number {
  return Math.max(...x.map(Math.abs));
}

/** Whether a variable stands at an edge of the box and the slope keeps it there. */
function isHeld(x: number, slope: number, bound: number): boolean {
  return (x >= bound && slope < 0) || (x <= -bound && slope > 0);
}

/** Second derivatives at a point, by central differences of the gradient; a step suits logarithmic scales. */
function hessian(objective: Objective, point: readonly number[], step = 1e-4): number[][] {
  const rows = point.map((_, i) => {
    const shifted = (by: number) => objective(point.map((x, j) => (j === i ? x + by : x))).gradient;
    const [up, down] = [shifted(step), shifted(-step)];
    return up.map((value, j) => (value - down[j]!) / (2 * step));
  });
  return rows.map((row, i) => row.map((value, j) => (value + rows[j]![i]!) / 2));
}

/** Inverse of a symmetric positive definite matrix by Cholesky's factors; null where it is not, or nearly not. */
export function inversePositive(matrix: readonly (readonly number[])[]): number[][] | null {
  const size = matrix.length;
  const factor = matrix.map(() => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      if (i !== j) factor[i]![j] = sum / factor[j]![j]!;
      else if (!(sum > 1e-10 * Math.abs(matrix[i]![i]!))) return null;
      else factor[i]![i] = Math.sqrt(sum);
    }
  }
  const inverse = matrix.map(() => new Array<number>(size).fill(0));
  for (let column = 0; column < size; column++) {
    const forward = new Array<number>(size).fill(0);
    for (let i = 0; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= factor[i]![k]! * forward[k]!;
      forward[i] = sum / factor[i]![i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = forward[i]!;
      for (let k = i + 1; k < size; k++) sum -= factor[k]![i]! * inverse[k]![column]!;
      inverse[i]![column] = sum / factor[i]![i]!;
    }
  }
  return inverse.every((row) => row.every(Number.isFinite)) ? inverse : null;
}

/** Inverse of the second derivatives at a minimum in the variables that are not at an edge, 0 for those; null if singular. */
export function covarianceWithin({ point, curvature }: Minimum, bound: number): number[][] | null {
  const isFree = point.map((x) => Math.abs(x) < bound - 1e-6);
  const ofFree = curvature.map((row, i) =>
    row.map((value, j) => (isFree[i] && isFree[j] ? value : i === j ? 1 : 0)),
  );
  return (
    inversePositive(ofFree)?.map((row, i) => row.map((value, j) => (isFree[i] && isFree[j] ? value : 0))) ??
    null
  );
}

/** x' M x, the variance of a sum whose slopes are x, by the delta method. */
export function quadraticForm(matrix: readonly (readonly number[])[], x: readonly number[]): number {
  return dot(times(matrix, x), x);
}

function identity(size: number, scale = 1): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? scale : 0)),
  );
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, x, i) => sum + x * other[i]!, 0);
}

function times(matrix: readonly (readonly number[])[], x: readonly number[]): number[] {
  return matrix.map((row) => dot(row, x));
}

/** The update of the inverse Hessian, Nocedal and Wright eq. 6.17. */
function updated(
  inverse: readonly (readonly number[])[],
  step: readonly number[],
  bend: readonly number[],
  curvature: number,
): number[][] {
  const moved = times(inverse, bend);
  const factor = (1 + dot(bend, moved) / curvature) / curvature;
  return inverse.map((row, i) =>
    row.map(
      (value, j) =>
        value + factor * step[i]! * step[j]! - (moved[i]! * step[j]! + step[i]! * moved[j]!) / curvature,
    ),
  );
}
