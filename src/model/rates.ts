/**
 * Rates of currencies to one base currency, as decimal text: amount in the base = amount × rate. A rate holds
 * always, or by month 'YYYY-MM'.
 */
export interface Rates {
  readonly base: string;
  readonly byCurrency: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}
