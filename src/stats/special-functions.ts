/**
 * Special functions of positive real arguments, in double precision. Written here because the libraries that have
 * them bring some two hundred packages for two functions, and take the same time.
 */

/** Bernoulli numbers B(2k) / (2k (2k - 1)): the series of Stirling, DLMF 5.11.1. */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
  -3617 / 122_400,
] as const;

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** From here on the asymptotic series are exact to the last digits. */
const asymptotic = 10;

/** Natural logarithm of the gamma function, x > 0. */
export function logGamma(x: number): number {
  let shift = 1;
  let y = x;
  // Γ(x) = Γ(x + n) / (x (x + 1) ... (x + n - 1)), DLMF 5.5.1.
  while (y < asymptotic) {
    shift *= y;
    y += 1;
  }
  const square = 1 / (y * y);
  let series = 0;
  for (let k = stirling.length - 1; k >= 0; k--) series = series * square + stirling[k]!;
  return (y - 0.5) * Math.log(y) - y + halfLogTwoPi + series / y - Math.log(shift);
}

/** Bernoulli numbers B(2k) / (2k), DLMF 5.11.2. */
const digammaSeries = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32_760, 1 / 12] as const;

/** Derivative of `logGamma`, x > 0. */
export function digamma(x: number): number {
  let shift = 0;
  let y = x;
  while (y < asymptotic) {
    shift += 1 / y;
    y += 1;
  }
  const square = 1 / (y * y);
  let series = 0;
  for (let k = digammaSeries.length - 1; k >= 0; k--) series = series * square + digammaSeries[k]!;
  return Math.log(y) - 0.5 / y - series * square - shift;
}

/** Natural logarithm of the beta function, a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** ln(1 + e^x) without overflow. */
export function logOnePlusExp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** 1 / (1 + e^-x). */
export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/**
 * Gauss's hypergeometric function 2F1(a, b; c; -w) for w >= 0 and b > 0, c > -1 but not 0.
 *
 * The series itself only converges for w < 1. Pfaff's transformations (DLMF 15.8.1) bring its argument to
 * z = w / (1 + w) in [0, 1): (1 + w)^-a 2F1(a, c - b; c; z), whose terms fall quickly but alternate where b > c, and
 * (1 + w)^-b 2F1(c - a, b; c; z), whose terms have one sign but first rise. Sums are kept within range by powers
 * taken out, so that neither overflows.
 */
export function hypergeometric(a: number, b: number, c: number, w: number): number {
  if (w === 0) return 1;
  const z = w / (1 + w);
  const log = Math.log1p(w);
  return c - b > -20 ? scaledSeries(a, c - b, c, z, -a * log) : scaledSeries(c - a, b, c, z, -b * log);
}

/**
 * c (1 - 2F1(a, b; c; -w)) / a, for w >= 0, b > 0, a > -1, c > -1: without the cancellation of the plain formula, and with
 * its limits at a = 0 and c = 0.
 */
export function hypergeometricFall(a: number, b: number, c: number, w: number): number {
  if (w === 0) return 0;
  const z = w / (1 + w);
  const log = Math.log1p(w);
  if (c - b <= -20) {
    const at = (one: number, last: number) =>
      (last * (1 - scaledSeries(last - one, b, last, z, -b * log))) / one;
    // Here the limits are means of both sides, which is as good as eight digits.
    const gap = (x: number) => (Math.abs(x) < 1e-4 ? 2e-4 : 0);
    const [byA, byC] = [gap(a), gap(c)];
    return (at(a + byA, c + byC) + at(a - byA, c - byC)) / 2;
  }
  // 2F1 = (1 + w)^-a · S with S = 1 + a (c - b) z / c · T: of S, a and c are taken out before it is added up.
  const first = Math.abs(a * log) < 1e-9 ? log : -Math.expm1(-a * log) / a;
  return c * first - (c - b) * z * scaledSeries(a + 1, c - b + 1, c + 1, z, -a * log, 1);
}

const tooLarge = 1e200;
const logTooLarge = Math.log(tooLarge);
/** Enough for w up to some ten thousand; beyond, digits are lost, but never the range. */
const mostTerms = 200_000;

/** e^logFactor · Σ (a)_n (b)_n / ((c)_n (1 + extra)_n) z^n, 0 <= z < 1: 2F1(a, b; c; z) where extra is 0. */
function scaledSeries(a: number, b: number, c: number, z: number, logFactor: number, extra = 0): number {
  let term = 1;
  let sum = 1;
  let scale = logFactor;
  for (let n = 0; n < mostTerms; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1 + extra))) * z;
    term *= ratio;
    sum += term;
    if (Math.abs(sum) > tooLarge) {
      sum /= tooLarge;
      term /= tooLarge;
      scale += logTooLarge;
    }
    // What is left is less than a geometric series of the ratio, once the ratio has settled.
    if (Math.abs(term) <= 1e-16 * Math.abs(sum) * Math.max(1 - Math.abs(ratio), 1e-6)) break;
  }
  return Math.sign(sum) * Math.exp(scale + Math.log(Math.abs(sum)));
}

/** Nodes on [0, 1] and weights of Gauss-Legendre quadrature, by Newton's method on Legendre polynomials. */
export function gaussLegendre(order: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(order);
  const weights = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (order + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= order; k++)
        [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (order * (x * value - before)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    nodes[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
