/** How a base goes from one step of time to the next. */
export interface Rates {
  /** Steps of the horizon: 12 months, 4 quarters, 1 year. */
  readonly steps: number;
  /** Active customers at its start. */
  readonly customers: number;
  /** Share of the customers at the start of a step who are active at its end, 0-1: CRR / 100. */
  readonly retention: number;
  /** New and reactivated customers of a step who are active at its end. */
  readonly gained: number;
  /** Revenue of a step per active customer, of the mean of its start and end. */
  readonly arpu: number;
}

export interface Projection {
  readonly retention: number;
  /** Active at the end of the horizon. */
  readonly customers: number;
  /** Of the whole horizon. */
  readonly revenue: number;
  /** ARPU / churn rate; null where nobody leaves, so that a lifetime has no end. */
  readonly ltv: number | null;
}

/**
 * Customers and revenue over the horizon, by the definitions of the KPIs: in each step E = S × retention + N, and
 * revenue = ARPU × (S + E) / 2; the end of a step is the start of the next.
 */
export function project(rates: Rates, retention = rates.retention): Projection {
  const { steps, gained, arpu } = rates;
  let customers = rates.customers;
  let revenue = 0;
  for (let step = 0; step < steps; step += 1) {
    const end = customers * retention + gained;
    revenue += (arpu * (customers + end)) / 2;
    customers = end;
  }
  return { retention, customers, revenue, ltv: retention < 1 ? arpu / (1 - retention) : null };
}

/** Points of retention, from 0 to 100, some points on, held within these. */
export function movedRetention(retention: number, points: number): number {
  return Math.min(1, Math.max(0, retention + points / 100));
}
