import { addDays, type Day, dayNumber } from '../core/dates.js';

/** A purchase of a known customer, in cents. */
export interface Purchase {
  readonly customer: string;
  readonly day: Day;
  readonly cents: number;
}

/**
 * The KPIs of a period counted straight from the definitions, customer by customer: slow, plain and apart from
 * the SQL that it checks. Orders are customer and day.
 */
export function referenceKpis(purchases: readonly Purchase[], from: Day, to: Day, window: number) {
  const days = new Map<string, Day[]>();
  for (const { customer, day } of purchases) days.set(customer, [...(days.get(customer) ?? []), day]);
  const isActive = (customer: string, at: Day) =>
    days.get(customer)!.some((day) => day < at && day >= addDays(at, -window));
  const customers = [...days.keys()];
  const count = (test: (customer: string) => boolean) => customers.filter(test).length;
  const first = (customer: string) => days.get(customer)!.reduce((a, b) => (a < b ? a : b));
  const isNew = (customer: string) => first(customer) >= from && first(customer) < to;
  const atStart = (customer: string) => isActive(customer, from);
  const atEnd = (customer: string) => isActive(customer, to);
  const ordersOf = (customer: string) =>
    new Set(days.get(customer)!.filter((day) => day >= from && day < to)).size;
  const start = count(atStart);
  const end = count(atEnd);
  const lost = count((customer) => atStart(customer) && !atEnd(customer));
  const gained = count((customer) => !atStart(customer) && atEnd(customer));
  return {
    revenue:
      purchases.filter(({ day }) => day >= from && day < to).reduce((sum, { cents }) => sum + cents, 0) / 100,
    orders: customers.reduce((sum, customer) => sum + ordersOf(customer), 0),
    buyers: count((customer) => ordersOf(customer) > 0),
    customers_start: start,
    customers_end: end,
    customers_new: count(isNew),
    customers_reactivated: count(
      (customer) => first(customer) < from && !atStart(customer) && atEnd(customer),
    ),
    customers_lost: lost,
    customers_retained: count((customer) => atStart(customer) && atEnd(customer)),
    customers_gained: gained,
    crr: start === 0 ? null : ((end - gained) / start) * 100,
    churn_rate: start === 0 ? null : (lost / start) * 100,
  };
}

/** The automatic activity window from the definitions: nearest-rank 90th percentile of the gaps, bounded. */
export function referenceWindow(purchases: readonly Purchase[]): number {
  const days = new Map<string, Set<number>>();
  for (const { customer, day } of purchases) {
    days.set(customer, (days.get(customer) ?? new Set()).add(dayNumber(day)));
  }
  const gaps = [...days.values()].flatMap((set) => {
    const sorted = [...set].sort((a, b) => a - b);
    return sorted.slice(1).map((day, index) => day - sorted[index]!);
  });
  if (gaps.length === 0) return 365;
  gaps.sort((a, b) => a - b);
  const percentile = gaps[Math.ceil(gaps.length * 0.9) - 1]!;
  return Math.min(Math.max(percentile, 30), 365);
}

/** A subscription of a customer; it may have no end. */
export interface Subscription {
  readonly customer: string;
  readonly start: Day;
  readonly end: Day | null;
}

/** The movement of a contractual base, counted straight from the definitions. */
export function referenceMovement(subscriptions: readonly Subscription[], from: Day, to: Day) {
  const customers = [...new Set(subscriptions.map(({ customer }) => customer))];
  const of = (customer: string) => subscriptions.filter((subscription) => subscription.customer === customer);
  // A renewal on the day after the end leaves no gap.
  const isRenewed = (customer: string, at: Day) => of(customer).some(({ start }) => start === at);
  const isActive = (customer: string, at: Day) =>
    of(customer).some(
      ({ start, end }) =>
        start < at && (end === null || end >= at || (end === addDays(at, -1) && isRenewed(customer, at))),
    );
  const first = (customer: string) =>
    of(customer).reduce((day, { start }) => (start < day ? start : day), '9999-12-31');
  const count = (test: (customer: string) => boolean) => customers.filter(test).length;
  const gained = (customer: string) => !isActive(customer, from) && isActive(customer, to);
  return {
    customers_start: count((customer) => isActive(customer, from)),
    customers_end: count((customer) => isActive(customer, to)),
    customers_new: count((customer) => first(customer) >= from && first(customer) < to),
    customers_reactivated: count((customer) => gained(customer) && first(customer) < from),
    customers_lost: count((customer) => isActive(customer, from) && !isActive(customer, to)),
    customers_retained: count((customer) => isActive(customer, from) && isActive(customer, to)),
    customers_gained: count(gained),
  };
}
