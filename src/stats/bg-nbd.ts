import {
  type Family,
  fitFamily,
  prediction,
  type RepeatBuyingModel,
  type RepeatBuyingPrediction,
} from './fit.js';
import type { Evaluation } from './optimise.js';
import type { GroupedHistories, PurchaseHistories } from './purchase-histories.js';
import {
  digamma,
  gaussLegendre,
  hypergeometric,
  hypergeometricFall,
  logGamma,
  logistic,
  logOnePlusExp,
} from './special-functions.js';

/**
 * BG/NBD: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005). A customer buys
 * at a rate λ ~ gamma(r, α) and leaves after each repeat purchase with probability p ~ beta(a, b). After the first
 * purchase nobody leaves, so that every one-time buyer counts as alive.
 * @throws RangeError for histories that cannot be
 */
export function fitBgNbd(histories: PurchaseHistories): RepeatBuyingModel {
  return fitFamily(family('bg_nbd', 0), histories);
}

/**
 * MBG/NBD: Batislam, Denizel and Filiztekin, Empirical validation and comparison of models for customer base analysis,
 * International Journal of Research in Marketing 24 (2007); Hoppe and Wagner, Customer base analysis: the case for a
 * central variant of the betageometric/NBD model, Marketing JRM 3 (2007). As BG/NBD, but a customer may leave after
 * the first purchase too.
 * @throws RangeError for histories that cannot be
 */
export function fitMbgNbd(histories: PurchaseHistories): RepeatBuyingModel {
  return fitFamily(family('mbg_nbd', 1), histories);
}

/** Both models are one, but for the chances to leave: k = x in BG/NBD, k = x + 1 in MBG/NBD. */
function family(name: string, chancesAtFirst: 0 | 1): Family {
  return {
    name,
    parameterNames: ['r', 'alpha', 'a', 'b'],
    hasTime: [false, true, false, false],
    logLikelihood: (histories) => (parameters) => logLikelihood(histories, parameters, chancesAtFirst),
    predict: (parameters) => predict(parameters, chancesAtFirst),
    // Shapes as found for several published bases, the rate as asked.
    usual: (rate) => [0.5, 0.5 / rate, 0.8, 2],
  };
}

type Parameters = readonly [r: number, alpha: number, a: number, b: number];

/**
 * BG/NBD: Fader, Hardie and Lee 2005, eq. 6. With k chances to leave, of which x purchases took x (and the first
 * k - x), L = Γ(r+x) α^r / Γ(r) · { B(a, b+k) / B(a, b) · (α+T)^-(r+x) + B(a+1, b+k-1) / B(a, b) · (α+t_x)^-(r+x) },
 * the second only where k > 0; the ratio of the two is a / (b+k-1) · ((α+T) / (α+t_x))^(r+x).
 */
function logLikelihood(
  { size, weight, frequency, recency, age }: GroupedHistories,
  parameters: readonly number[],
  chancesAtFirst: 0 | 1,
): Evaluation {
  const [r, alpha, a, b] = parameters as Parameters;
  let value = 0;
  let [byR, byAlpha, byA, byB] = [0, 0, 0, 0];

  const logOdds = new Float64Array(frequency.values.length);
  const digammaR = digamma(r);
  const [logGammaR, logGammaB, logGammaAB] = [logGamma(r), logGamma(b), logGamma(a + b)];
  const [digammaB, digammaAB] = [digamma(b), digamma(a + b)];
  const logAlpha = Math.log(alpha);
  for (let i = 0; i < frequency.values.length; i++) {
    const x = frequency.values[i]!;
    const customers = frequency.weights[i]!;
    const k = x + chancesAtFirst;
    value +=
      customers *
      (logGamma(r + x) -
        logGammaR +
        r * logAlpha +
        logGamma(b + k) -
        logGammaB -
        (logGamma(a + b + k) - logGammaAB));
    const digammaABK = digamma(a + b + k);
    byR += customers * (digamma(r + x) - digammaR + logAlpha);
    byAlpha += (customers * r) / alpha;
    byA -= customers * (digammaABK - digammaAB);
    byB += customers * (digamma(b + k) - digammaB - digammaABK + digammaAB);
    logOdds[i] = k === 0 ? Number.NEGATIVE_INFINITY : Math.log(a / (b + k - 1));
  }
  const logAge = age.values.map((T) => Math.log(alpha + T));
  const logRecency = recency.values.map((tx) => Math.log(alpha + tx));
  for (let i = 0; i < size; i++) {
    const at = frequency.index[i]!;
    const x = frequency.values[at]!;
    const [ageAt, recencyAt] = [age.index[i]!, recency.index[i]!];
    const silence = logAge[ageAt]! - logRecency[recencyAt]!;
    const odds = logOdds[at]! + (r + x) * silence;
    const w = weight[i]!;
    value += w * (logOnePlusExp(odds) - (r + x) * logAge[ageAt]!);
    const gone = logistic(odds);
    const perAge = 1 / (alpha + age.values[ageAt]!);
    byR += w * (gone * silence - logAge[ageAt]!);
    byAlpha += w * (r + x) * (gone * (perAge - 1 / (alpha + recency.values[recencyAt]!)) - perAge);
    byA += (w * gone) / a;
    const k = x + chancesAtFirst;
    if (k > 0) byB -= (w * gone) / (b + k - 1);
  }
  return { value, gradient: [byR, byAlpha, byA, byB] };
}

const { nodes, weights } = gaussLegendre(12);

/** Of customers who are alive at T, λ ~ gamma(r + x, α + T) and p ~ beta(a, b + k), apart from each other. */
function predict(parameters: readonly number[], chancesAtFirst: 0 | 1): RepeatBuyingPrediction {
  const [r, alpha, a, b] = parameters as Parameters;

  /** Fader, Hardie and Lee 2005, the ratio under eq. 6; BG/NBD: Fader and Hardie, note 021 (2008). */
  const probabilityAlive = (x: number, recency: number, age: number): number => {
    const k = x + chancesAtFirst;
    if (k === 0) return 1;
    return logistic(-(Math.log(a / (b + k - 1)) + (r + x) * Math.log((alpha + age) / (alpha + recency))));
  };

  return prediction(probabilityAlive, {
    /** Fader, Hardie and Lee 2005, eq. 10, as C / (a-1) · [1 - 2F1(a-1, r+x; C; -t / (α+T))], C = a+b+k-1. */
    expectedPurchases: (horizon, x, age) =>
      Math.max(0, hypergeometricFall(a - 1, r + x, a + b + x + chancesAtFirst - 1, horizon / (alpha + age))),

    /** E(e^-λt): who is alive and does not buy cannot leave either. */
    probabilityOfNone: (horizon, x, age) => Math.exp(-(r + x) * Math.log1p(horizon / (alpha + age))),

    /**
     * E[Y (Y-1) | λ, p] = 2 λ² (1-p) ∫ (v - u) e^(-λ p v) dv over u..t: a purchase that does not end it, another at v.
     * Over λ and p that is 2 R (R+1) / A² · B / (a+B) · ∫ (v - u) 2F1(R+2, a; a+B+1; -v/A) dv, R = r+x, A = α+T, B = b+k.
     */
    expectedPairs: (start, end, x, age) => {
      const [R, A, B] = [r + x, alpha + age, b + x + chancesAtFirst];
      const length = end - start;
      let pairs = 0;
      for (let i = 0; i < nodes.length; i++) {
        const later = length * nodes[i]!;
        pairs += length * weights[i]! * later * hypergeometric(a, R + 2, a + B + 1, (start + later) / A);
      }
      return pairs * ((2 * R * (R + 1)) / A / A) * (B / (a + B));
    },
  });
}
