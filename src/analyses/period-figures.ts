import type { Day } from '../core/dates.js';
import type { Period } from '../core/period.js';
import { monthsIn } from '../core/period.js';
import type { Engine } from '../engines/engine.js';
import { fates } from '../model/fate.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { kpis } from './kpi.js';

/** A period to compute figures of, under an id of the caller's. */
export interface NamedPeriod {
  readonly id: string;
  readonly period: Period;
}

/** What the tables at hand hold. */
export interface Holdings {
  readonly orders: boolean;
  readonly customers: boolean;
  readonly subscriptions: boolean;
  readonly spend: boolean;
  /** First day that the data tell of. */
  readonly firstDay: Day;
  /** The day after the last one that counts. */
  readonly endDay: Day;
}

/** Table stg_periods: period_id, position, starts_on, ends_on, months. */
function periodsTable(periods: readonly NamedPeriod[]): Sql {
  const rows = periods.map(
    ({ id, period }, position) =>
      sql`(${id}, ${raw(String(position))}, cast(${period.from} as date), cast(${period.to} as date), cast(${monthsIn(period)} as double))`,
  );
  return sql`
    create table stg_periods as
    select * from (values ${join(rows, ', ')}) as periods (period_id, position, starts_on, ends_on, months)`;
}

/**
 * Statements that make table int_kpis, one row per period and one column per KPI, with `<id>_reason` where
 * the value is null, over stg_periods, int_orders, int_purchase_days, int_activity, stg_spend and
 * int_subscriptions. The sums by day come first, so that any number of periods costs one pass over the orders.
 */
export function periodFigures(
  engine: Engine,
  periods: readonly NamedPeriod[],
  holdings: Holdings,
  margin: number,
): Sql[] {
  const { daysBetween } = engine.dialect;
  const spanMonths = monthsIn({ from: holdings.firstDay, to: holdings.endDay });
  const flag = (value: boolean) => raw(value ? 'true' : 'false');
  const none = (columns: string) => sql`select ${raw(columns)} where 1 = 0`;

  const dailySales = holdings.orders
    ? sql`select ordered_on as day, sum(revenue) as revenue, sum(orders) as orders,
        sum(case when customer_id is not null then revenue else 0 end) as known_revenue,
        sum(case when customer_id is not null then orders else 0 end) as known_orders
      from int_orders group by ordered_on`
    : none('cast(null as date) as day, 0 as revenue, 0 as orders, 0 as known_revenue, 0 as known_orders');
  const firstPurchases = holdings.orders
    ? sql`select day, count(*) as customers from int_purchase_days where previous_day is null group by day`
    : none('cast(null as date) as day, 0 as customers');
  const buyers = holdings.orders
    ? sql`select period_id, count(*) as buyers, sum(case when orders >= 2 then 1 else 0 end) as repeat_buyers
      from (
        select d.period_id, o.customer_id, sum(o.orders) as orders
        from int_orders o join int_period_days d on d.day = o.ordered_on
        where o.customer_id is not null and o.orders > 0 group by d.period_id, o.customer_id
      ) as customers_of_period group by period_id`
    : none("'' as period_id, 0 as buyers, 0 as repeat_buyers");
  const prices = holdings.subscriptions
    ? sql`select p.period_id, avg(cast(s.price as double)) as mean_price
      from stg_periods p join int_subscriptions s
        on s.starts_on < p.starts_on and (s.ends_on is null or s.ends_on >= p.starts_on)
      group by p.period_id`
    : none("'' as period_id, cast(0 as double) as mean_price");
  const spend = holdings.spend
    ? sql`select period_id, sum(amount) as spend from (${spendInPeriods(engine)}) as shares group by period_id`
    : none("'' as period_id, 0 as spend");

  return [
    periodsTable(periods),
    sql`create table int_daily_sales as ${dailySales}`,
    sql`
    create table int_period_days as
    select p.period_id, d.day
    from stg_periods p join (
      select day from int_daily_sales union select happens_on as day from int_activity
    ) as d on d.day >= p.starts_on and d.day < p.ends_on`,
    sql`
    create table int_period_figures as
    with sales as (
      select p.period_id,
        sum(case when s.day >= p.starts_on then s.revenue end) as revenue,
        sum(case when s.day >= p.starts_on then s.orders end) as orders,
        sum(case when s.day >= p.starts_on then s.known_revenue end) as known_revenue,
        sum(case when s.day >= p.starts_on then s.known_orders end) as known_orders,
        sum(s.known_revenue) as known_revenue_to_date
      from stg_periods p join int_daily_sales s on s.day < p.ends_on group by p.period_id
    ),
    first_purchases as (${firstPurchases}),
    customers_to_date as (
      select p.period_id, sum(f.customers) as customers_to_date
      from stg_periods p join first_purchases f on f.day < p.ends_on group by p.period_id
    ),
    buyers as (${buyers}),
    -- A customer's first and last change in a period tell whether they were active at its start and its end;
    -- a beginning has an even moment, an end an odd one.
    moments as (
      select customer_id, happens_on, is_first,
        ${daysBetween(raw("cast('1970-01-01' as date)"), raw('happens_on'))} * 2 + is_end as moment
      from int_activity
    ),
    changes as (
      select d.period_id, m.customer_id, min(m.moment) as first_moment, max(m.moment) as last_moment,
        max(m.is_first) as is_new
      from moments m join int_period_days d on d.day = m.happens_on group by d.period_id, m.customer_id
    ),
    flags as (
      select period_id, is_new, abs(first_moment % 2) as active_at_start, 1 - abs(last_moment % 2) as active_at_end
      from changes
    ),
    movement as (
      select period_id, sum(is_new) as customers_new,
        sum((1 - active_at_start) * active_at_end) as customers_gained,
        sum((1 - active_at_start) * active_at_end * (1 - is_new)) as customers_reactivated,
        sum(active_at_start * (1 - active_at_end)) as customers_lost
      from flags group by period_id
    ),
    net_changes as (
      select happens_on, sum(1 - 2 * is_end) as net from int_activity group by happens_on
    ),
    levels as (
      select p.period_id, sum(case when n.happens_on < p.starts_on then n.net end) as customers_start,
        sum(n.net) as customers_end
      from stg_periods p join net_changes n on n.happens_on < p.ends_on group by p.period_id
    ),
    prices as (${prices}),
    spend as (${spend}),
    figures as (
      select p.period_id, p.position, p.starts_on, p.ends_on, p.months,
        p.ends_on <= cast(${holdings.firstDay} as date) as before_data,
        ${flag(holdings.orders)} as has_orders, ${flag(holdings.customers)} as has_customers,
        ${flag(holdings.subscriptions)} as is_contractual, ${flag(holdings.spend)} as has_spend,
        cast(${margin} as double) as margin,
        coalesce(s.revenue, 0) as revenue, coalesce(s.orders, 0) as orders,
        coalesce(s.known_revenue, 0) as known_revenue, coalesce(s.known_orders, 0) as known_orders,
        coalesce(s.known_revenue_to_date, 0) as known_revenue_to_date,
        coalesce(t.customers_to_date, 0) as customers_to_date,
        coalesce(b.buyers, 0) as buyers, coalesce(b.repeat_buyers, 0) as repeat_buyers,
        coalesce(l.customers_start, 0) as customers_start, coalesce(l.customers_end, 0) as customers_end,
        coalesce(m.customers_new, 0) as customers_new, coalesce(m.customers_gained, 0) as customers_gained,
        coalesce(m.customers_reactivated, 0) as customers_reactivated,
        coalesce(m.customers_lost, 0) as customers_lost,
        pr.mean_price, sp.spend
      from stg_periods p
      left join sales s on s.period_id = p.period_id
      left join customers_to_date t on t.period_id = p.period_id
      left join buyers b on b.period_id = p.period_id
      left join levels l on l.period_id = p.period_id
      left join movement m on m.period_id = p.period_id
      left join prices pr on pr.period_id = p.period_id
      left join spend sp on sp.period_id = p.period_id
    ),
    with_arpu as (
      select *, case when has_orders then cast(known_revenue as double) * 2 / nullif(customers_start + customers_end, 0)
        else mean_price * months end as arpu
      from figures
    )
    select *, case when customers_lost > 0 then arpu * customers_start / customers_lost
      else arpu * ${spanMonths} / months end as ltv_simple
    from with_arpu`,
    sql`
    create table int_kpis as
    select period_id, position, starts_on, ends_on, customers_lost = 0 and customers_start > 0 as lifetime_is_bounded,
      ${raw(kpis.map((kpi) => kpiColumns(kpi)).join(',\n      '))}
    from int_period_figures`,
  ];
}

function kpiColumns({ id, unit, value, missing }: (typeof kpis)[number]): string {
  const branches = (result: (reason: string) => string) =>
    missing.map(([condition, reason]) => `when ${condition} then ${result(reason)}`).join(' ');
  const money = unit === 'money' ? `cast(${value} as decimal(38,4))` : value;
  return `case ${branches(() => 'null')} else ${money} end as ${id},
      case ${branches((reason) => `'${reason}'`)} end as ${id}_reason`;
}

/** Spend of each row that falls in each period: all of it, or the share of the days that do. */
export function spendInPeriods(engine: Engine): Sql {
  const { daysBetween } = engine.dialect;
  const covered = daysBetween(raw('s.starts_on'), raw('s.ends_on'));
  const common = daysBetween(raw('greatest(s.starts_on, p.starts_on)'), raw('least(s.ends_on, p.ends_on)'));
  return sql`
    select p.period_id, s.channel,
      case when ${common} = ${covered} then s.amount
        else cast(round(cast(s.amount as double) * ${common} / ${covered}, 4) as decimal(18,4)) end as amount
    from stg_periods p join stg_spend s on s.starts_on < p.ends_on and s.ends_on > p.starts_on
    where s.fate = ${raw(String(fates.used))}`;
}
