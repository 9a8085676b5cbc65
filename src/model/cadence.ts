import type { Engine } from '../engines/engine.js';
import { raw, sql } from '../sql/sql.js';

/** The rhythm in which the customers of a base buy. */
export interface Cadence {
  /**
   * Days between purchase days that are typical of the base: the median, over customers with two purchase days or
   * more, of each one's own median, so that frequent buyers do not set everybody's pace. Null where there are none.
   */
  readonly typicalDays: number | null;
  /** Customers that it rests on. */
  readonly repeatCustomers: number;
  /** How much a single gap of a customer's own tells of the rhythm, 0-1; see `cadence`. */
  readonly ownShare: number;
  /** Customers with three purchase days or more, who tell `ownShare`; with too few of them it is assumed. */
  readonly settledCustomers: number;
}

/** Purchase days from which a customer's own median counts alone. */
export const settledPurchases = 3;
/** Fewer customers with a rhythm of their own do not tell how far rhythms differ. */
export const leastSettled = 30;
export const assumedShare = 0.5;

/**
 * Makes table int_cadence, one row per customer with a purchase: customer_id, purchase_days, own_days (median of the
 * days between consecutive purchase days; null after one), cadence_days (null where nobody of the base bought twice).
 *
 * With g the customer's own median gap, T the typical days of the base, and p purchase days:
 *
 *   p >= 3  cadence = g
 *   p = 2   cadence = g^s × T^(1-s), the single gap shrunk toward the base on the scale of logarithms
 *   p = 1   cadence = T
 *
 * s is the share of the variance of the logarithm of gaps that lies between customers (the intraclass correlation of
 * a one-way analysis of variance over customers with two gaps or more, held within 0 and 1): 1 where every customer
 * keeps a rhythm of their own, 0 where a gap says nothing of the next. Fewer than 30 such customers: s = 1/2.
 *
 * Reads int_purchase_days, so purchases up to the as-of date count.
 */
export async function cadence(engine: Engine): Promise<Cadence> {
  const { daysBetween, median } = engine.dialect;
  await engine.run(sql`
    create table int_own_cadence as
    select customer_id, 1 + count(gap) as purchase_days, cast(${median(raw('gap'))} as double) as own_days,
      avg(ln(gap)) as mean_log, var_pop(ln(gap)) as spread_log
    from (
      select customer_id,
        case when previous_day < day then cast(${daysBetween(raw('previous_day'), raw('day'))} as double) end as gap
      from int_purchase_days
    ) as gaps
    group by customer_id`);
  const [row] = await engine.query(sql`
    select ${median(raw('own_days'))} as typical, count(own_days) as repeaters,
      count(case when purchase_days >= ${raw(String(settledPurchases))} then 1 end) as settled,
      sum(case when purchase_days >= ${raw(String(settledPurchases))} then (purchase_days - 1) * spread_log end)
        / nullif(sum(case when purchase_days >= ${raw(String(settledPurchases))} then purchase_days - 2 end), 0) as within_log,
      var_samp(case when purchase_days >= ${raw(String(settledPurchases))} then mean_log end) as means_log,
      avg(case when purchase_days >= ${raw(String(settledPurchases))} then 1.0 / (purchase_days - 1) end) as mean_inverse
    from int_own_cadence`);
  const settledCustomers = Number(row?.settled ?? 0);
  const typicalDays = row?.typical == null ? null : Number(row.typical);
  const ownShare =
    settledCustomers < leastSettled
      ? assumedShare
      : shareBetween(Number(row?.within_log), Number(row?.means_log), Number(row?.mean_inverse));
  await engine.run(sql`
    create table int_cadence as
    select customer_id, purchase_days, own_days,
      case when purchase_days >= ${raw(String(settledPurchases))} then own_days
        when purchase_days = 2 then round(exp(${ownShare} * ln(own_days) + ${1 - ownShare} * ln(cast(${typicalDays} as double))), 2)
        else cast(${typicalDays} as double) end as cadence_days
    from int_own_cadence`);
  await engine.run(raw('drop table int_own_cadence'));
  return { typicalDays, repeatCustomers: Number(row?.repeaters ?? 0), ownShare, settledCustomers };
}

/**
 * The share of variance that lies between customers, to three digits, so that the order in which an engine adds up
 * does not show. The means of customers vary by the variance between them and, of each, that within by its gaps.
 */
export function shareBetween(within: number, ofMeans: number, meanInverse: number): number {
  const between = Math.max(0, ofMeans - within * meanInverse);
  return between + within === 0 ? assumedShare : Math.round((1000 * between) / (between + within)) / 1000;
}
