import type { Engine } from '../../engines/engine.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import type { Calendar } from './steps.js';

/**
 * The statement that makes table int_cohort_cells, one row per value of a split, cohort and period since its first,
 * also where nobody ordered: split ('' without one), cohort (index of its calendar period), period (0 for that of the first order),
 * customers (of the cohort), active_customers (who ordered in the period), orders, revenue, cumulative_revenue, ltv
 * (cumulative revenue per customer of the cohort, rounded to the fourth digit) and is_complete (the data cover the
 * whole period).
 *
 * A customer is of the cohort of the first order. Returns before it, which have no order in the data, count in
 * period 0, so that revenue adds up to that of all customers with an order.
 *
 * @param hasSplits whether table int_cohort_splits (customer_id, split) divides the customers
 */
export function cohortCells(engine: Engine, calendar: Calendar, hasSplits: boolean): Sql {
  const index = (day: string) => calendar.indexOf(engine, raw(day));
  const cohort = index('d.first_day');
  const split = raw(hasSplits ? 's.split' : "''");
  const splits = raw(hasSplits ? 'join int_cohort_splits s on s.customer_id = d.customer_id' : '');
  const periods = calendar.periods.map((_, at) => `(${at}, ${calendar.isWhole(at)})`);
  return sql`
    create table int_cohort_cells as
    with periods as (
      select * from (values ${raw(periods.join(', '))}) as numbered (number, is_whole)
    ),
    -- The first order of a customer in a period is the one after which the index has changed.
    sales as (
      select ${split} as split, ${cohort} as cohort, ${index('d.day')} - ${cohort} as period, count(*) as orders,
        sum(case when d.previous_day is null or ${index('d.previous_day')} < ${index('d.day')} then 1 else 0 end)
          as active_customers
      from int_purchase_days d ${splits} group by 1, 2, 3
    ),
    money as (
      select ${split} as split, ${cohort} as cohort,
        greatest(${index('o.ordered_on')} - ${cohort}, 0) as period, sum(o.revenue) as revenue
      from int_orders o
      join (select customer_id, first_day from int_purchase_days where previous_day is null) as d
        on d.customer_id = o.customer_id ${splits} group by 1, 2, 3
    ),
    cohorts as (select split, cohort, active_customers as customers from sales where period = 0),
    cells as (
      select c.split, c.cohort, p.number - c.cohort as period, c.customers, p.is_whole,
        coalesce(s.active_customers, 0) as active_customers, coalesce(s.orders, 0) as orders,
        coalesce(m.revenue, 0) as revenue
      from cohorts c join periods p on p.number >= c.cohort
      left join sales s on s.split = c.split and s.cohort = c.cohort and s.period = p.number - c.cohort
      left join money m on m.split = c.split and m.cohort = c.cohort and m.period = p.number - c.cohort
    ),
    running as (
      select *, sum(revenue) over (
        partition by split, cohort order by period rows between unbounded preceding and current row) as cumulative
      from cells
    )
    select split, cast(cohort as integer) as cohort, cast(period as integer) as period,
      cast(customers as bigint) as customers, cast(active_customers as bigint) as active_customers,
      cast(orders as bigint) as orders, cast(revenue as decimal(38,4)) as revenue,
      cast(cumulative as decimal(38,4)) as cumulative_revenue,
      cast(round(cast(cumulative as double) / customers, 4) as decimal(38,4)) as ltv, is_whole as is_complete
    from running`;
}
