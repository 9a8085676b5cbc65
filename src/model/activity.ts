import type { Day } from '../core/dates.js';
import { splitTail } from '../core/day-tail.js';
import type { Engine } from '../engines/engine.js';
import { raw, type Sql, sql } from '../sql/sql.js';
import { fates } from './fate.js';

/** Bounds on the automatic activity window, in days. */
export const windowBounds = { least: 30, most: 365 } as const;
const windowShare = 0.9;

/** How long after a purchase a customer counts as active, and how that was found. */
export interface ActivityWindow {
  readonly days: number;
  /** 'given': by option. 'auto': from the gaps. 'no_gaps': nobody bought on two days, so the upper bound. */
  readonly origin: 'given' | 'auto' | 'no_gaps';
  /** The percentile itself, before the bounds; null where it was not computed. */
  readonly percentile: number | null;
  /** Repeat purchases that the percentile rests on. */
  readonly gaps: number;
}

/**
 * Makes table int_purchase_days: customer_id, day, previous_day, next_day, one row per order of a known customer, by
 * day; neighbours on the same day are equal to `day`. With `numbered` also first_day and purchase_number (that
 * of the day among the customer's purchase days, from 1).
 */
export function purchaseDays({ numbered = false }: { readonly numbered?: boolean } = {}): Sql {
  const places = raw(`,
      first_value(ordered_on) over (partition by customer_id order by ordered_on) as first_day,
      dense_rank() over (partition by customer_id order by ordered_on) as purchase_number`);
  return sql`
    create table int_purchase_days as
    select customer_id, ordered_on as day,
      lag(ordered_on) over (partition by customer_id order by ordered_on) as previous_day,
      lead(ordered_on) over (partition by customer_id order by ordered_on) as next_day${numbered ? places : raw('')}
    from int_orders where orders > 0 and customer_id is not null`;
}

/**
 * The activity window W. Automatic: the 90th percentile, by nearest rank, of the days between consecutive
 * purchase days of one customer, over all repeat purchases, within bounds.
 */
export async function findActivityWindow(
  engine: Engine,
  given: number | 'auto',
  /** The last day whose purchases are known; all of them unless given. */
  upTo?: Day,
): Promise<ActivityWindow> {
  if (given !== 'auto') return { days: given, origin: 'given', percentile: null, gaps: 0 };
  const [row] = await engine.query(sql`
    with gaps as (
      select ${engine.dialect.daysBetween(raw('previous_day'), raw('day'))} as gap, count(*) as frequency
      from int_purchase_days where previous_day < day
        ${upTo === undefined ? raw('') : sql`and day <= cast(${upTo} as date)`} group by 1
    ),
    ranked as (
      select gap, sum(frequency) over (order by gap) as so_far, sum(frequency) over () as total from gaps
    )
    select min(gap) as percentile, max(total) as gaps from ranked where so_far >= ${windowShare} * total`);
  if (row?.percentile == null)
    return { days: windowBounds.most, origin: 'no_gaps', percentile: null, gaps: 0 };
  const percentile = Number(row.percentile);
  const days = Math.min(Math.max(Math.ceil(percentile), windowBounds.least), windowBounds.most);
  return { days, origin: 'auto', percentile, gaps: Number(row.gaps) };
}

/** Whether anybody bought on two days, by table int_purchase_days. */
export async function hasRepeatPurchases(engine: Engine): Promise<boolean> {
  const rows = await engine.query(
    sql`select 1 as one from int_purchase_days where previous_day < day limit 1`,
  );
  return rows.length > 0;
}

/**
 * Makes table int_activity from purchases: the moments at which a customer becomes active (is_end 0) and
 * ceases to be (is_end 1). A customer is active at t from the day after a beginning up to and with the day of
 * its end: bought in [t - W, t). is_first marks a customer's very first beginning.
 */
export function purchaseActivity(engine: Engine, window: ActivityWindow): Sql {
  const { daysBetween, addDays } = engine.dialect;
  const days = sql`cast(${window.days} as integer)`;
  return sql`
    create table int_activity as
    select customer_id, day as happens_on, 0 as is_end, case when previous_day is null then 1 else 0 end as is_first
    from int_purchase_days
    where previous_day is null or ${daysBetween(raw('previous_day'), raw('day'))} > ${days}
    union all
    select customer_id, ${addDays(raw('day'), days)} as happens_on, 1 as is_end, 0 as is_first
    from int_purchase_days
    where next_day is null or ${daysBetween(raw('day'), raw('next_day'))} > ${days}`;
}

/**
 * Makes table int_subscriptions (customer_id, starts_on, ends_on or null, price), and table int_activity from
 * it as `purchaseActivity` does; subscriptions of one customer that overlap, or follow within a day as renewals
 * do, are one activity.
 * Subscribed at t: started before t, not cancelled before t.
 */
export function subscriptionActivity(engine: Engine): Sql[] {
  const nextDay = engine.dialect.addDays(raw('previous_end'), raw('1'));
  return [
    sql`
    create table int_subscriptions as
    select customer_id, coalesce(subscription_start, registered_on, cast('1900-01-01' as date)) as starts_on,
      cancelled_on as ends_on, subscription_price as price
    from stg_customer_rows
    where fate = ${raw(String(fates.used))} and is_subscription and (cancelled_on is not null or not is_ended)
      and coalesce(cancelled_on >= coalesce(subscription_start, registered_on, cast('1900-01-01' as date)), true)`,
    sql`
    create table int_activity as
    with spans as (
      select customer_id, starts_on, coalesce(ends_on, cast('9999-12-31' as date)) as ends_on from int_subscriptions
    ),
    with_previous as (
      select customer_id, starts_on, ends_on, max(ends_on) over (
        partition by customer_id order by starts_on, ends_on rows between unbounded preceding and 1 preceding
      ) as previous_end
      from spans
    ),
    numbered as (
      select customer_id, starts_on, ends_on, sum(case when previous_end is null or starts_on > ${nextDay} then 1 else 0 end)
        over (partition by customer_id order by starts_on, ends_on rows between unbounded preceding and current row) as spell
      from with_previous
    ),
    spells as (
      select customer_id, spell, min(starts_on) as starts_on, max(ends_on) as ends_on
      from numbered group by customer_id, spell
    )
    select customer_id, starts_on as happens_on, 0 as is_end, case when spell = 1 then 1 else 0 end as is_first from spells
    union all
    select customer_id, ends_on as happens_on, 1 as is_end, 0 as is_first from spells
    where ends_on < cast('9999-12-31' as date)`,
  ];
}

/**
 * First and last day that the data tell of, or null where there are none. Of subscriptions an end that is known ahead is no
 * such day: that of one whose status says that it runs on, or one of a few ends far after all other days.
 */
export async function coverageOf(
  engine: Engine,
  table: 'int_orders' | 'stg_customer_rows',
): Promise<{ first: Day; last: Day } | null> {
  if (table === 'int_orders') {
    const [row] = await engine.query(
      sql`select min(ordered_on) as first, max(ordered_on) as last from int_orders`,
    );
    return row?.first == null ? null : { first: String(row.first), last: String(row.last) };
  }
  const rows = await engine.query(sql`
    select day, cast(sum(is_end) as integer) as ends, cast(count(*) as integer) as all_rows from (
      select coalesce(subscription_start, registered_on) as day, 0 as is_end
      from stg_customer_rows where fate = ${fates.used}
      union all
      select cancelled_on, 1 from stg_customer_rows where fate = ${fates.used} and not is_running
    ) as days where day is not null group by day order by day`);
  const days = rows.map((row) => ({
    day: String(row.day),
    rows: Number(row.all_rows),
    isEnd: row.ends === row.all_rows,
  }));
  const { plausible, tail } = splitTail(days);
  const known = tail.every(({ isEnd }) => isEnd) ? plausible : days;
  return known.length === 0 ? null : { first: known[0]!.day, last: known.at(-1)!.day };
}
