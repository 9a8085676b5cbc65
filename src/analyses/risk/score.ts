import { calibrationError, calibrationErrorByChance, calibrationTable } from '../../stats/calibration.js';
import { auc, brierScore, eventRate, lift, logLoss, type Outcomes } from '../../stats/scoring.js';
import type { CandidateCode, Prediction } from './candidates.js';

/** How well a candidate told what came; figures are null where they are not defined. */
export interface Score {
  readonly code: CandidateCode;
  readonly customers: number;
  readonly auc: number | null;
  readonly aucError: number | null;
  readonly brier: number | null;
  readonly logLoss: number | null;
  /** Of customers without a purchase, among the tenth with the highest risk, over their share among all. */
  readonly lift: number | null;
  readonly calibrationError: number | null;
  /** What it would be on average if every risk were exactly right. */
  readonly calibrationErrorByChance: number | null;
  /** Mean risk, and the share that did not buy. */
  readonly predictedNone: number | null;
  readonly actualNone: number | null;
  /** Purchase days in total; null of a candidate that tells no numbers. */
  readonly predictedPurchases: number | null;
  readonly actualPurchases: number;
}

/** The top share that lift is told of. */
export const liftShare = 0.1;

/** `bought` is the purchase days of each within the horizon. */
export function outcomesOf({ risk }: Pick<Prediction, 'risk'>, bought: Float64Array): Outcomes {
  return { predicted: risk, happened: Uint8Array.from(bought, (days) => (days === 0 ? 1 : 0)) };
}

export function scoreOf(prediction: Prediction, bought: Float64Array): Omit<Score, 'code'> {
  const outcomes = outcomesOf(prediction, bought);
  const customers = bought.length;
  const area = auc(outcomes);
  const bins = calibrationTable(outcomes);
  const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0);
  return {
    customers,
    auc: area?.value ?? null,
    aucError: area?.standardError ?? null,
    brier: brierScore(outcomes),
    logLoss: logLoss(outcomes),
    lift: lift(outcomes, liftShare),
    calibrationError: calibrationError(bins),
    calibrationErrorByChance: calibrationErrorByChance(bins),
    predictedNone: customers === 0 ? null : sum(prediction.risk) / customers,
    actualNone: eventRate(outcomes),
    predictedPurchases: prediction.purchases === null ? null : sum(prediction.purchases),
    actualPurchases: sum(bought),
  };
}
