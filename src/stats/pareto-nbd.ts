import {
  type Family,
  fitFamily,
  prediction,
  type RepeatBuyingModel,
  type RepeatBuyingPrediction,
} from './fit.js';
import type { Evaluation } from './optimise.js';
import type { GroupedHistories, PurchaseHistories } from './purchase-histories.js';
import { digamma, gaussLegendre, logGamma } from './special-functions.js';

/**
 * Pareto/NBD: Schmittlein, Morrison and Colombo, Counting Your Customers, Management Science 33 (1987). A customer buys
 * at a rate λ ~ gamma(r, α) and leaves at a rate μ ~ gamma(s, β), at any moment.
 * @throws RangeError for histories that cannot be
 */
export function fitParetoNbd(histories: PurchaseHistories): RepeatBuyingModel {
  return fitFamily(paretoNbd, histories);
}

const paretoNbd: Family = {
  name: 'pareto_nbd',
  parameterNames: ['r', 'alpha', 's', 'beta'],
  hasTime: [false, true, false, true],
  mostHistories: 50_000,
  logLikelihood: (histories) => (parameters) => logLikelihood(histories, parameters),
  predict,
  usual: (rate) => [0.5, 0.5 / rate, 0.6, 0.6],
};

type Parameters = readonly [r: number, alpha: number, s: number, beta: number];

/**
 * Fader and Hardie, A Note on Deriving the Pareto/NBD Model (2005), before the integral is turned into 2F1:
 * L = Γ(r+x) α^r β^s / Γ(r) · { (α+T)^-(r+x) (β+T)^-s + s ∫ (α+τ)^-(r+x) (β+τ)^-(s+1) dτ over t_x..T }.
 * The integral is of a smooth positive function: taken by quadrature it has neither overflow nor cancellation, and its
 * slopes are means over the same points.
 */
function logLikelihood(
  { size, weight, frequency, recency, age }: GroupedHistories,
  parameters: readonly number[],
): Evaluation {
  const [r, alpha, s, beta] = parameters as Parameters;
  let value = 0;
  let [byR, byAlpha, byS, byBeta] = [0, 0, 0, 0];
  const [logAlpha, logBeta, logS] = [Math.log(alpha), Math.log(beta), Math.log(s)];
  const [logGammaR, digammaR] = [logGamma(r), digamma(r)];
  for (let i = 0; i < frequency.values.length; i++) {
    const x = frequency.values[i]!;
    const customers = frequency.weights[i]!;
    value += customers * (logGamma(r + x) - logGammaR + r * logAlpha + s * logBeta);
    byR += customers * (digamma(r + x) - digammaR + logAlpha);
    byAlpha += (customers * r) / alpha;
    byS += customers * logBeta;
    byBeta += (customers * s) / beta;
  }
  const gone = emptyIntegral();
  for (let i = 0; i < size; i++) {
    const x = frequency.values[frequency.index[i]!]!;
    const [tx, T] = [recency.values[recency.index[i]!]!, age.values[age.index[i]!]!];
    const w = weight[i]!;
    const [logA, logB] = [Math.log(alpha + T), Math.log(beta + T)];
    const alive = -(r + x) * logA - s * logB;
    integrate(gone, r + x, s + 1, alpha, beta, tx, T);
    const left = logS + gone.log;
    const high = Math.max(alive, left);
    const total = high + Math.log(Math.exp(alive - high) + Math.exp(left - high));
    const [pAlive, pGone] = [Math.exp(alive - total), Math.exp(left - total)];
    value += w * total;
    byR -= w * (pAlive * logA + pGone * gone.logA);
    byAlpha -= w * (r + x) * (pAlive / (alpha + T) + pGone * gone.perA);
    byS -= w * (pAlive * logB + pGone * (gone.logB - 1 / s));
    byBeta -= w * ((pAlive * s) / (beta + T) + pGone * (s + 1) * gone.perB);
  }
  return { value, gradient: [byR, byAlpha, byS, byBeta] };
}

/** Of customers who are alive at T, λ ~ gamma(r + x, α + T) and μ ~ gamma(s, β + T), apart from each other. */
function predict(parameters: readonly number[]): RepeatBuyingPrediction {
  const [r, alpha, s, beta] = parameters as Parameters;
  const gone = emptyIntegral();

  /** Fader and Hardie 2005, eq. 22: the first part of the likelihood over the whole of it. */
  const probabilityAlive = (x: number, recency: number, age: number): number => {
    if (age <= recency) return 1;
    integrate(gone, r + x, s + 1, alpha, beta, recency, age);
    const odds = Math.log(s) + gone.log + (r + x) * Math.log(alpha + age) + s * Math.log(beta + age);
    return 1 / (1 + Math.exp(odds));
  };

  return prediction(probabilityAlive, {
    /** Schmittlein, Morrison and Colombo 1987, eq. 22: E(λ) · (β+T) / (s-1) · [1 - ((β+T) / (β+T+t))^(s-1)]. */
    expectedPurchases: (horizon, x, age) => {
      const log = Math.log1p(horizon / (beta + age));
      const power = (s - 1) * log;
      // (1 - e^-power) / (s-1), whose limit at s = 1 is the logarithm.
      const shrunk = Math.abs(power) < 1e-12 ? log : -Math.expm1(-power) / (s - 1);
      return ((r + x) / (alpha + age)) * (beta + age) * shrunk;
    },

    /**
     * There to the end of the horizon; or gone at some moment of it without a purchase until then: the likelihood's own
     * integral from T on, with λ and μ as they are known at T.
     */
    probabilityOfNone: (horizon, x, age) => {
      if (horizon === 0) return 1;
      const stays = -(r + x) * Math.log1p(horizon / (alpha + age)) - s * Math.log1p(horizon / (beta + age));
      integrate(gone, r + x, s + 1, alpha, beta, age, age + horizon);
      const leaves = Math.log(s) + gone.log + (r + x) * Math.log(alpha + age) + s * Math.log(beta + age);
      return Math.min(1, Math.exp(stays) + Math.exp(leaves));
    },

    /** E[Y (Y-1) | λ, μ] = 2 λ² ∫ (v - u) e^-μv dv over u..t, with E(e^-μv) = ((β+T) / (β+T+v))^s. */
    expectedPairs: (start, end, x, age) => {
      const [R, A, B] = [r + x, alpha + age, beta + age];
      const length = end - start;
      let pairs = 0;
      for (let i = 0; i < nodes.length; i++) {
        const later = length * nodes[i]!;
        pairs += length * weights[i]! * later * Math.exp(-s * Math.log1p((start + later) / B));
      }
      return pairs * ((2 * R * (R + 1)) / A / A);
    },
  });
}

const { nodes, weights } = gaussLegendre(12);

/** The logarithm of an integral, and means under its integrand. */
interface Integral {
  log: number;
  logA: number;
  logB: number;
  perA: number;
  perB: number;
}

function emptyIntegral(): Integral {
  return { log: 0, logA: 0, logB: 0, perA: 0, perB: 0 };
}

/** Longest piece of the integral, on the logarithmic scale that it is taken on. */
const longestPiece = 2.5;

/**
 * ln ∫ (α+τ)^-m (β+τ)^-n dτ over from..to, and the means under it of ln(α+τ), ln(β+τ), 1/(α+τ) and 1/(β+τ).
 *
 * Taken over ξ = ln(c+τ), c the smaller of α and β, on which the integrand changes evenly, in pieces of at most 2.5;
 * where it falls fast, over e^(-κ (ξ - ξ0)) with κ a third of its rate at the start, which makes it nearly a square.
 */
function integrate(
  into: Integral,
  m: number,
  n: number,
  alpha: number,
  beta: number,
  from: number,
  to: number,
): void {
  const [logAFrom, logBFrom] = [Math.log(alpha + from), Math.log(beta + from)];
  if (to <= from) {
    into.log = Number.NEGATIVE_INFINITY;
    into.logA = logAFrom;
    into.logB = logBFrom;
    into.perA = 1 / (alpha + from);
    into.perB = 1 / (beta + from);
    return;
  }
  const least = Math.min(alpha, beta);
  const start = Math.log(least + from);
  const length = Math.log1p((to - from) / (least + from));
  const pieces = Math.ceil(length / longestPiece);
  const piece = length / pieces;
  const [byA, byB] = [alpha - least, beta - least];
  let [sum, logA, logB, perA, perB] = [0, 0, 0, 0, 0];
  for (let k = 0; k < pieces; k++) {
    const at = start + k * piece;
    const size = Math.exp(at);
    const rate = (m * size) / (byA + size) + (n * size) / (byB + size) - 1;
    // A third of it, so that what is left is about a square and not a broken power near 0.
    const third = rate / 3;
    const isSteep = third * piece > 0.5;
    const end = isSteep ? -Math.expm1(-third * piece) : 1;
    const before = sum;
    for (let i = 0; i < nodes.length; i++) {
      const u = nodes[i]!;
      const past = isSteep ? -Math.log1p(-u * end) / third : u * piece;
      const measure = isSteep ? (weights[i]! * end) / (third * (1 - u * end)) : weights[i]! * piece;
      const moved = Math.exp(at + past);
      const [a, b] = [byA + moved, byB + moved];
      const [lnA, lnB] = [Math.log(a), Math.log(b)];
      // Relative to the integrand at the start, so that nothing leaves the range of numbers.
      const part = measure * Math.exp(at + past - start - m * (lnA - logAFrom) - n * (lnB - logBFrom));
      sum += part;
      logA += part * lnA;
      logB += part * lnB;
      perA += part / a;
      perB += part / b;
    }
    if (rate > 0 && sum - before < 1e-17 * sum) break;
  }
  into.log = Math.log(sum) + start - m * logAFrom - n * logBFrom;
  into.logA = logA / sum;
  into.logB = logB / sum;
  into.perA = perA / sum;
  into.perB = perB / sum;
}
