import type { Day } from '../../core/dates.js';
import type { CustomersAt } from '../../model/customers-at.js';
import { concatenate } from '../../stats/columns.js';
import type { CandidateCode, Prediction } from './candidates.js';
import type { RiskChoice } from './learn.js';
import { type Score, scoreOf } from './score.js';

/** What every candidate told at a day, and what came after it. */
export interface HoldOut {
  readonly cutoff: Day;
  readonly horizon: number;
  /** The activity window as it was known then. */
  readonly window: number;
  /** What was chosen, from what was known then. */
  readonly choice: RiskChoice;
  /** Customers at the day, with what they bought after it. */
  readonly customers: CustomersAt;
  readonly predictions: readonly ({ readonly code: CandidateCode } & Prediction)[];
}

/** Several hold-outs as one, of the candidates that all of them have; `chosen` is what each of them chose. */
export interface Pooled {
  readonly bought: Float64Array;
  readonly frequency: Float64Array;
  readonly predictions: readonly ({ readonly code: CandidateCode | 'chosen' } & Prediction)[];
}

export function pool(holdOuts: readonly HoldOut[]): Pooled {
  const codes = holdOuts[0]!.predictions
    .map(({ code }) => code)
    .filter((code) => holdOuts.every(({ predictions }) => predictions.some((one) => one.code === code)));
  const of = (code: CandidateCode | 'chosen') => {
    const parts = holdOuts.map(
      ({ predictions, choice }) =>
        predictions.find((one) => one.code === (code === 'chosen' ? choice.chosen : code))!,
    );
    return {
      code,
      risk: concatenate(parts.map(({ risk }) => risk)),
      purchases: parts.some(({ purchases }) => purchases === null)
        ? null
        : concatenate(parts.map(({ purchases }) => purchases!)),
    };
  };
  return {
    bought: concatenate(holdOuts.map(({ customers }) => customers.bought)),
    frequency: concatenate(holdOuts.map(({ customers }) => customers.frequency)),
    predictions: [of('chosen'), ...codes.map(of)],
  };
}

export type PooledScore = Omit<Score, 'code'> & { readonly code: CandidateCode | 'chosen' };

/** Scores over all hold-outs, that of what was chosen first. */
export function pooledScores(holdOuts: readonly HoldOut[]): PooledScore[] {
  const { bought, predictions } = pool(holdOuts);
  return predictions.map(({ code, ...prediction }) => ({ ...scoreOf(prediction, bought), code }));
}
