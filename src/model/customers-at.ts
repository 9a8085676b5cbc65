import { addDays, type Day } from '../core/dates.js';
import type { Engine } from '../engines/engine.js';
import { raw, type Sql, sql } from '../sql/sql.js';
import { sumOf, tabulate } from '../stats/columns.js';
import type { Base } from './base.js';
import { assumedShare, leastSettled, settledPurchases, shareBetween } from './cadence.js';
import { signalFeatures } from './signals.js';

/** Customers as they stood at the end of a day, from nothing later, and what they bought after it; one entry each. */
export interface CustomersAt {
  readonly day: Day;
  readonly size: number;
  /** x: purchase days after the first. */
  readonly frequency: Float64Array;
  /** t_x, days from the first purchase to the last. */
  readonly recency: Float64Array;
  /** T, days from the first purchase to the day. */
  readonly age: Float64Array;
  /** Usual days between purchases, as table int_cadence has them; the mean age where nobody of the base bought twice. */
  readonly cadence: Float64Array;
  /** Whether anybody bought twice, so that there are cadences. */
  readonly hasCadence: boolean;
  /** Days between the last two purchase days; 0 where there is one only. */
  readonly lastGap: Float64Array;
  /** Variance of the logarithm of the days between purchases; 0 with fewer than two gaps. */
  readonly spread: Float64Array;
  /** Revenue per purchase day. */
  readonly value: Float64Array;
  /** Its mean over all customers, by which amounts are told from each other; 1 where there is no revenue. */
  readonly meanValue: number;
  /** How much later revenue came than purchases did, in the span of the customer's purchases: above 0 where orders grew. */
  readonly growth: Float64Array;
  /** Return documents. */
  readonly returns: Float64Array;
  /** What messages, incidents and feedback tell, by name; none where there are no such files. */
  readonly signals: Readonly<Record<string, Float64Array>>;
  /** Purchase days within the days after it that were asked for. */
  readonly bought: Float64Array;
}

/** Customers that are looked at: all, or those whose ids hash below a bound. */
export interface CustomerSample {
  /** Of the base, so many have bought. */
  readonly customers: number;
  /** About so many are in the sample. */
  readonly sampled: number;
  /** Table of purchase days and of orders of the sample. */
  readonly days: string;
  readonly orders: string;
}

/** Columns that `factsAt` gives, besides those of `customerFacts`. */
const factColumns = [
  'frequency',
  'recency',
  'age',
  'own_days',
  'mean_log',
  'spread_log',
  'last_gap',
  'purchases_value',
  'growth',
  'returns',
  'bought',
] as const;

/**
 * Makes tables int_sample, int_sample_days and int_sample_orders of about `most` customers, told by a hash of their ids, so that the
 * same are taken on every run and whatever else is in the files. All of them where there are no more.
 */
export async function sampleCustomers(engine: Engine, most: number): Promise<CustomerSample> {
  const [row] = await engine.query(
    sql`select count(*) as customers from int_purchase_days where previous_day is null`,
  );
  const customers = Number(row?.customers);
  if (customers <= most)
    return { customers, sampled: customers, days: 'int_purchase_days', orders: 'int_orders' };
  // Six digits of the hash: a share to a sixteen-millionth.
  const bound = Math.round((most / customers) * 0xffffff)
    .toString(16)
    .padStart(6, '0');
  await engine.run(sql`
    create table int_sample as
    select customer_id from int_purchase_days
    where previous_day is null and substr(md5(customer_id), 1, 6) < ${bound}`);
  const isTaken = raw('customer_id in (select customer_id from int_sample)');
  await engine.run(sql`create table int_sample_days as select * from int_purchase_days where ${isTaken}`);
  await engine.run(sql`
    create table int_sample_orders as
    select customer_id, ordered_on, revenue, orders from int_orders where ${isTaken}`);
  const [taken] = await engine.query(sql`select count(*) as customers from int_sample`);
  return {
    customers,
    sampled: Number(taken?.customers),
    days: 'int_sample_days',
    orders: 'int_sample_orders',
  };
}

/**
 * One row per customer with a purchase up to and with a day, from purchases and orders up to it alone; `bought` is of
 * the `horizon` days after it. Besides what models are told, columns first_on, last_on, orders and revenue, as
 * `customerFacts` has them.
 */
export function factsAt(
  engine: Engine,
  tables: Pick<CustomerSample, 'days' | 'orders'>,
  day: Day,
  horizon: number,
): Sql {
  const { daysBetween, median } = engine.dialect;
  const at = sql`cast(${day} as date)`;
  // Without days after it there is nothing else.
  const isKnown = horizon === 0 ? raw('true') : sql`day <= ${at}`;
  const back = sql`cast(${daysBetween(raw('ordered_on'), at)} as double)`;
  // Sums of doubles come out in any order: digits that depend on it are cut off.
  const steady = (value: Sql) => sql`round(${value}, 9)`;
  return sql`
    with rhythm as (
      select customer_id, count(case when ${isKnown} then 1 end) - 1 as frequency, min(day) as first_on,
        max(case when ${isKnown} then day end) as last_on,
        ${median(sql`case when ${isKnown} then gap end`)} as own_days,
        avg(case when ${isKnown} then ln(gap) end) as mean_log,
        var_pop(case when ${isKnown} then ln(gap) end) as spread_log,
        max(case when ${isKnown} then previous_day end) as last_but_one_on,
        count(case when not ${isKnown} then 1 end) as bought
      from (
        select customer_id, day, previous_day, cast(${daysBetween(raw('previous_day'), raw('day'))} as double) as gap
        from ${raw(tables.days)}
        where (previous_day is null or previous_day < day) and day <= cast(${addDays(day, horizon)} as date)
      ) as days
      group by customer_id having min(day) <= ${at}
    ),
    spent as (
      select customer_id, cast(sum(orders) as bigint) as orders, cast(sum(revenue) as decimal(38,4)) as revenue,
        count(case when revenue < 0 and orders = 0 then 1 end) as returns,
        avg(case when orders > 0 then back end) as mean_back, sum(paid * back) / nullif(sum(paid), 0) as value_back
      from (
        select customer_id, revenue, orders, ${back} as back,
          case when orders > 0 and revenue > 0 then cast(revenue as double) end as paid
        from ${raw(tables.orders)} where customer_id is not null and ordered_on <= ${at}
      ) as documents
      group by customer_id
    )
    select r.customer_id, r.first_on, r.last_on, s.orders, s.revenue, cast(frequency as double) as frequency,
      cast(${daysBetween(raw('first_on'), raw('last_on'))} as double) as recency,
      cast(${daysBetween(raw('first_on'), at)} as double) as age,
      coalesce(cast(own_days as double), 0) as own_days, coalesce(${steady(raw('mean_log'))}, 0) as mean_log,
      coalesce(${steady(raw('spread_log'))}, 0) as spread_log,
      cast(coalesce(${daysBetween(raw('last_but_one_on'), raw('last_on'))}, 0) as double) as last_gap,
      cast(s.revenue as double) / (frequency + 1) as purchases_value,
      coalesce(${steady(sql`(mean_back - value_back) / nullif(${daysBetween(raw('first_on'), raw('last_on'))}, 0)`)}, 0) as growth,
      cast(s.returns as double) as returns, cast(bought as double) as bought
    from rhythm r join spent s on s.customer_id = r.customer_id`;
}

/**
 * The rows that `factsAt` gives, as columns in the order of their ids. Where a base has messages, feedback or incidents,
 * with their signals as known at the day.
 */
export async function customersAt(
  engine: Engine,
  facts: Sql,
  day: Day,
  base: WithSignals,
): Promise<CustomersAt> {
  const { customers } = await readCustomers(engine, facts, raw('customer_id'), day, base);
  return customers;
}

/**
 * The same of a table of these rows, in whatever order it gives them, with the rowid of each: sorting a million ids costs as
 * much as telling their risk.
 */
export async function customersOfTable(
  engine: Engine,
  table: string,
  day: Day,
  base: WithSignals,
): Promise<{ readonly customers: CustomersAt; readonly rowids: Float64Array }> {
  const facts = raw(`select *, cast(rowid as double) as position from ${table}`);
  const { customers, others } = await readCustomers(engine, facts, null, day, base, ['position']);
  return { customers, rowids: others[0]! };
}

async function readCustomers(
  engine: Engine,
  facts: Sql,
  order: Sql | null,
  day: Day,
  base: WithSignals,
  others: readonly string[] = [],
): Promise<{ customers: CustomersAt; others: Float64Array[] }> {
  const signals = await signalsAt(engine, day, base);
  const names = [...factColumns, ...others, ...signals.names.map((name) => `coalesce(${name}, -1)`)];
  const columns = await engine.columns(sql`
    select ${raw(names.join(', '))} from (${facts}) as facts
    ${signals.table === null ? raw('') : sql`left join ${raw(signals.table)} using (customer_id)`}
    ${order === null ? raw('') : sql`order by ${order}`}`);
  if (signals.table !== null) await engine.run(raw(`drop table ${signals.table}`));
  const column = (name: (typeof factColumns)[number]) => columns[factColumns.indexOf(name)]!;
  const [ofOthers, ofSignals] = [factColumns.length, factColumns.length + others.length];
  const frequency = column('frequency');
  const age = column('age');
  const spread = column('spread_log');
  const customers = {
    day,
    size: frequency.length,
    frequency,
    recency: column('recency'),
    age,
    ...cadences({ frequency, age, spread, ownDays: column('own_days'), meanLog: column('mean_log') }),
    lastGap: column('last_gap'),
    spread,
    value: column('purchases_value'),
    meanValue: meanOf(column('purchases_value')),
    growth: column('growth'),
    returns: column('returns'),
    signals: Object.fromEntries(
      signals.names.map((name, index) => [name, signalFeature(name, columns[ofSignals + index]!)]),
    ),
    bought: column('bought'),
  };
  return { customers, others: columns.slice(ofOthers, ofSignals) };
}

/** The mean, what is below 0 counting as 0; 1 where there is nothing above. */
export function meanOf(value: Float64Array): number {
  const total = sumOf(value.map((money) => Math.max(0, money)));
  return total > 0 ? total / value.length : 1;
}

/** Customers from a place on, up to another: the same columns, nothing copied. */
export function customersBetween(customers: CustomersAt, from: number, to: number): CustomersAt {
  const part = (column: Float64Array) => column.subarray(from, to);
  return {
    ...customers,
    size: to - from,
    frequency: part(customers.frequency),
    recency: part(customers.recency),
    age: part(customers.age),
    cadence: part(customers.cadence),
    lastGap: part(customers.lastGap),
    spread: part(customers.spread),
    value: part(customers.value),
    growth: part(customers.growth),
    returns: part(customers.returns),
    signals: Object.fromEntries(
      Object.entries(customers.signals).map(([name, column]) => [name, part(column)]),
    ),
    bought: part(customers.bought),
  };
}

export type WithSignals = Pick<Base, 'contacts' | 'feedback' | 'incidents'>;

/** Makes the table of signals, where the base has any beside what its orders tell. */
async function signalsAt(
  engine: Engine,
  day: Day,
  { contacts, feedback, incidents }: WithSignals,
): Promise<{ table: string | null; names: readonly string[] }> {
  if (!contacts && !feedback && !incidents) return { table: null, names: [] };
  const table = 'int_signals';
  const has = { contacts, feedback, incidents };
  return { table, names: await signalFeatures(engine, { at: day, table, has }) };
}

/** Scores that are neither good nor bad. */
const middles: Readonly<Record<string, number>> = { last_nps: 8, last_csat: 4, last_ces: 5 };

/**
 * A signal as a number that grows with what it tells, 0 where nothing is known, which is given as -1: days as what is
 * left of them, halved every 60 days; scores as what they lack; counts by their logarithm.
 */
function signalFeature(name: string, column: Float64Array): Float64Array {
  const middle = middles[name];
  return column.map((value) => {
    if (value < 0) return 0;
    if (middle !== undefined) return (middle - value) / middle;
    return name.endsWith('_days') ? 0.5 ** (value / 60) : Math.log1p(value);
  });
}

/** What `cadence` computes in the engine, of customers at any day; its formula and bounds. */
function cadences(of: {
  readonly frequency: Float64Array;
  readonly age: Float64Array;
  readonly ownDays: Float64Array;
  readonly meanLog: Float64Array;
  readonly spread: Float64Array;
}): { cadence: Float64Array; hasCadence: boolean } {
  const { frequency, age, ownDays, meanLog, spread } = of;
  const repeat = ownDays.filter((_, i) => frequency[i]! > 0).sort();
  if (repeat.length === 0) {
    const mean = sumOf(age) / Math.max(1, age.length);
    return { cadence: new Float64Array(age.length).fill(Math.max(1, mean)), hasCadence: false };
  }
  const half = repeat.length >> 1;
  const typical = repeat.length % 2 === 1 ? repeat[half]! : (repeat[half - 1]! + repeat[half]!) / 2;
  const settled: number[] = [];
  for (let i = 0; i < frequency.length; i++) if (frequency[i]! + 1 >= settledPurchases) settled.push(i);
  const sum = (of: (i: number) => number) => sumOf(tabulate(settled.length, (place) => of(settled[place]!)));
  const ownShare =
    settled.length < leastSettled
      ? assumedShare
      : shareBetween(
          sum((i) => frequency[i]! * spread[i]!) / sum((i) => frequency[i]! - 1),
          (sum((i) => meanLog[i]! ** 2) - sum((i) => meanLog[i]!) ** 2 / settled.length) /
            (settled.length - 1),
          sum((i) => 1 / frequency[i]!) / settled.length,
        );
  const shrunk = (own: number) => Math.exp(ownShare * Math.log(own) + (1 - ownShare) * Math.log(typical));
  return {
    cadence: frequency.map((gaps, i) => {
      if (gaps + 1 >= settledPurchases) return ownDays[i]!;
      return gaps === 1 ? Math.round(100 * shrunk(ownDays[i]!)) / 100 : typical;
    }),
    hasCadence: true,
  };
}
