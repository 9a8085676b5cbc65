import { DuckDBInstance } from '@duckdb/node-api';

// The peer that sets the bar: a script written by hand for this one file layout, as fast as it can be made.
// It knows the columns and their types in advance, checks nothing and explains nothing.
//   node dist/bench/peers/duckdb.js FILE 2024-06

const [, , file, month] = process.argv;
if (file === undefined || month === undefined) throw new Error('usage: duckdb.js FILE YYYY-MM');
const quoted = `'${file.replaceAll("'", "''")}'`;

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run('set preserve_insertion_order = false');

// Both factors are narrow, so that the product stays within 18 digits: beyond them every row is slow.
await connection.run(`
  create temp table orders as
  select customer_id, min(order_date)::date as day, sum(amount)::decimal(18, 2) as amount,
    sum(amount) > 0 or min(amount) >= 0 as counts
  from (
    select order_id, customer_id, order_date,
      quantity::decimal(6, 0) * unit_price - discount as amount
    from read_csv(${quoted}, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false,
      columns = {order_id: 'varchar', customer_id: 'varchar', order_date: 'timestamp', product: 'varchar',
        category: 'varchar', quantity: 'integer', unit_price: 'decimal(9,2)', discount: 'decimal(9,2)'})
  )
  group by order_id, customer_id`);

// Two purchases on one day leave a gap of nothing, which is left out below; that is cheaper than a distinct.
await connection.run(`
  create temp table days as
  select customer_id, day, day - lag(day) over (partition by customer_id order by day) as gap
  from orders
  where counts and customer_id is not null`);

await connection.run(`
  create temp table activity as
  with gaps as (select gap, count(*) as n from days where gap > 0 group by gap)
  select least(365, greatest(30, coalesce(min(gap), 30)))::integer as days
  from (select gap, sum(n) over (order by gap) >= 0.9 * sum(n) over () as reached from gaps)
  where reached`);

// The bounds of the three periods; the month before ends where the month begins.
const start = `date '${month}-01'`;
const periods = [
  { name: 'value', from: start, to: `(${start} + interval 1 month)::date` },
  { name: 'previous', from: `(${start} - interval 1 month)::date`, to: start },
  {
    name: 'year_ago',
    from: `(${start} - interval 12 month)::date`,
    to: `(${start} - interval 11 month)::date`,
  },
];

// One pass over the days: the last purchase before each bound tells who is active there.
await connection.run(`
  create temp table customers as
  select min(day) as first_day,
    ${periods
      .flatMap(({ name, from, to }) => [
        `max(day) filter (where day < ${from}) as before_start_${name}`,
        `max(day) filter (where day < ${to}) as before_end_${name}`,
      ])
      .join(', ')}
  from days
  group by customer_id`);

const base = periods.map(
  ({ name, from, to }) => `
    select '${name}' as period,
      count(*) as customers_ever,
      count(*) filter (where at_start) as customers_start,
      count(*) filter (where at_end) as customers_end,
      count(*) filter (where first_day >= ${from}) as customers_new,
      count(*) filter (where first_day < ${from} and at_end and not at_start) as customers_reactivated,
      count(*) filter (where at_start and not at_end) as customers_lost,
      count(*) filter (where at_start and at_end) as customers_retained,
      count(*) filter (where at_end and not at_start) as customers_gained
    from (
      select first_day,
        coalesce(before_start_${name} >= ${from} - days, false) as at_start,
        before_end_${name} >= ${to} - days as at_end
      from customers, activity
      where first_day < ${to}
    )`,
);

const periodOfDay = `case ${periods
  .map(({ name, from, to }) => `when day >= ${from} and day < ${to} then '${name}'`)
  .join(' ')} end`;

const reader = await connection.runAndReadAll(`
  with base as (${base.join(' union all ')}),
  buyers as (
    select ${periodOfDay} as period, customer_id, count(*) filter (where counts) as orders, sum(amount) as revenue
    from orders
    where ${periodOfDay} is not null
    group by all
  ),
  sales as (
    select period,
      sum(revenue) as revenue,
      sum(orders) as orders,
      count(*) filter (where customer_id is not null and orders > 0) as buyers,
      count(*) filter (where customer_id is not null and orders > 1) as repeat_buyers,
      sum(orders) filter (where customer_id is not null) as identified_orders,
      sum(revenue) filter (where customer_id is not null) as identified_revenue
    from buyers
    group by period
  ),
  history as (
    unpivot (
      select ${periods.map(({ name, to }) => `sum(amount) filter (where day < ${to}) as ${name}`).join(', ')}
      from orders
      where customer_id is not null
    ) on * into name period value revenue_ever
  ),
  ratios as (
    select *, identified_revenue / nullif((customers_start + customers_end) / 2, 0) as arpu,
      customers_lost / nullif(customers_start, 0) * 100 as churn_rate
    from base join sales using (period) join history using (period)
  )
  select period, revenue::varchar as revenue, orders::double as orders, revenue / nullif(orders, 0) as aov,
    buyers::double as buyers,
    customers_start::double as customers_start, customers_end::double as customers_end,
    customers_new::double as customers_new, customers_reactivated::double as customers_reactivated,
    customers_lost::double as customers_lost, customers_retained::double as customers_retained,
    customers_gained::double as customers_gained,
    (customers_end - customers_gained) / nullif(customers_start, 0) * 100 as crr,
    churn_rate,
    arpu / nullif(churn_rate / 100, 0) as ltv_simple,
    revenue_ever / nullif(customers_ever, 0) as ltv_historic,
    repeat_buyers / nullif(buyers, 0) * 100 as repeat_purchase_rate,
    identified_orders / nullif(buyers, 0) as purchase_frequency,
    arpu
  from ratios`);
const window = await connection.runAndReadAll('select days from activity');

const found: Record<string, unknown> = {};
for (const { period, ...kpis } of reader.getRowObjectsJS()) found[String(period)] = kpis;
console.log(JSON.stringify({ activity_window: window.getRowsJS()[0]?.[0] ?? 30, periods: found }));
