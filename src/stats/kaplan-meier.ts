import { normal95 as z } from './normal.js';

/** Subjects who were followed for the same time with the same outcome. */
export interface FollowUp {
  /** How long, in any unit; zero and above. */
  readonly time: number;
  /** Whether the event came then; otherwise they were lost from sight (right-censored). */
  readonly event: boolean;
  /** How many subjects; one unless said. */
  readonly weight?: number;
}

/** An estimate with its 95 % confidence limits, null where they are not defined. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The curve right after a time at which events came. */
export interface SurvivalStep {
  readonly time: number;
  /** Subjects still followed without the event just before. */
  readonly atRisk: number;
  readonly events: number;
  /** Probability, 0-1, that the event comes later than this. */
  readonly survival: Estimate;
}

export interface SurvivalCurve {
  readonly subjects: number;
  readonly events: number;
  /** At the times of events, rising. */
  readonly steps: readonly SurvivalStep[];
  /** The longest follow-up, beyond which nothing is known; null without subjects. */
  readonly lastTime: number | null;
}

/**
 * The product-limit estimate of a survival curve (Kaplan and Meier, Journal of the American Statistical Association
 * 53, 1958): S(t) = Π (1 − d / n) over the times up to t, with d events among n at risk; who is lost from sight at the
 * time of an event counts as at risk then. Variance by Greenwood's formula; confidence limits on the scale of
 * log(−log S), so that they stay within 0 and 1 (Kalbfleisch and Prentice, The Statistical Analysis of Failure Time
 * Data, 1980): S^exp(±z √V / log S), V = Σ d / (n (n − d)). They are not defined where S is 1 or 0.
 *
 * Cost: sorting as many entries as are given; weights stand for any number of subjects.
 */
export function kaplanMeier(followed: readonly FollowUp[]): SurvivalCurve {
  const byTime = new Map<number, { events: number; leaving: number }>();
  let subjects = 0;
  let allEvents = 0;
  for (const { time, event, weight = 1 } of followed) {
    if (!(time >= 0 && weight >= 0)) throw new Error(`not a follow-up: time ${time}, weight ${weight}`);
    const at = byTime.get(time) ?? { events: 0, leaving: 0 };
    at.leaving += weight;
    if (event) at.events += weight;
    byTime.set(time, at);
    subjects += weight;
    if (event) allEvents += weight;
  }
  const times = [...byTime].filter(([, { leaving }]) => leaving > 0).sort(([a], [b]) => a - b);
  const steps: SurvivalStep[] = [];
  let atRisk = subjects;
  let survival = 1;
  let variance = 0;
  for (const [time, { events, leaving }] of times) {
    if (events > 0) {
      survival *= 1 - events / atRisk;
      variance += events / (atRisk * (atRisk - events));
      steps.push({ time, atRisk, events, survival: withLimits(survival, variance) });
    }
    atRisk -= leaving;
  }
  return { subjects, events: allEvents, steps, lastTime: times.at(-1)?.[0] ?? null };
}

function withLimits(value: number, variance: number): Estimate {
  if (value <= 0 || value >= 1) return { value, low: null, high: null };
  const spread = (z * Math.sqrt(variance)) / Math.abs(Math.log(value));
  return { value, low: value ** Math.exp(spread), high: value ** Math.exp(-spread) };
}

/** Survival at a time, or null beyond the longest follow-up while some have not had the event. */
export function survivalAt({ steps, lastTime }: SurvivalCurve, time: number): Estimate | null {
  if (lastTime === null) return null;
  const step = steps.findLast((candidate) => candidate.time <= time);
  if (time > lastTime && step?.survival.value !== 0) return null;
  return step?.survival ?? { value: 1, low: null, high: null };
}

/**
 * The time by which half of all have had the event, null where the curve does not come down so far: the first time with
 * S(t) ≤ 1/2. Its limits are where those of the curve come down to 1/2 (Brookmeyer and Crowley, Biometrics 38, 1982),
 * null where they do not or are not defined.
 */
export function medianTime({ steps }: SurvivalCurve): {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
} {
  const firstAt = (pick: (survival: Estimate) => number | null) =>
    steps.find(({ survival }) => {
      const value = pick(survival);
      // A half that is a product of quotients may be a little more than 0.5.
      return value !== null && value <= 0.5 + 1e-9;
    })?.time ?? null;
  return {
    value: firstAt(({ value }) => value),
    low: firstAt(({ low }) => low),
    high: firstAt(({ high }) => high),
  };
}
