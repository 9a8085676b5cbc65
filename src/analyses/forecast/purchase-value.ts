import { type CustomerColumns, type ValueOfPurchase, valueOfPurchase } from '../../stats/base-forecast.js';
import { fitGammaGamma, type SpendModel } from '../../stats/gamma-gamma.js';

/** A correlation of frequency and value beyond this does not allow Gamma-Gamma, which takes them to be apart. */
export const mostCorrelation = 0.3;

/** What customers spend on a purchase, and whether that may be told apart from how often they buy. */
export interface PurchaseValue {
  readonly spend: SpendModel;
  /** Otherwise each customer's own mean counts. */
  readonly isApart: boolean;
  readonly value: ValueOfPurchase;
}

/** Of customers whose purchases came to more than nothing; null without any. */
export function purchaseValueOf({
  frequency,
  meanValue,
}: Pick<CustomerColumns, 'frequency' | 'meanValue'>): PurchaseValue | null {
  const counts = meanValue.map((mean) => (mean > 0 ? 1 : 0));
  const picked = (column: Float64Array) => column.filter((_, i) => counts[i] === 1);
  const spend = fitGammaGamma({
    purchases: picked(frequency).map((x) => x + 1),
    mean: picked(meanValue),
    weight: counts.filter((one) => one === 1),
  });
  if (spend === null) return null;
  // Of a few customers any correlation is chance.
  const isApart =
    spend.correlation === null ||
    spend.reason === 'few_customers' ||
    Math.abs(spend.correlation) <= mostCorrelation;
  return { spend, isApart, value: valueOfPurchase(spend, isApart) };
}
