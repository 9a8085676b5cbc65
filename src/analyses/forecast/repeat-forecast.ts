import { addDays, type Day, dayNumber } from '../../core/dates.js';
import { type Period, periodsCovering } from '../../core/period.js';
import type { Engine } from '../../engines/engine.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import {
  type BaseForecast,
  type CustomerColumns,
  distinctHistories,
  forecastBase,
} from '../../stats/base-forecast.js';
import type { RepeatBuyingModel } from '../../stats/fit.js';
import type { SpendModel } from '../../stats/gamma-gamma.js';
import { fitRepeatBuying, type RepeatBuyingName } from '../../stats/repeat-buying.js';
import { purchaseValueOf } from './purchase-value.js';

export interface RepeatForecastRequest {
  readonly asOf: Day;
  /** Days after the as-of date. */
  readonly horizon: number;
  /** Yearly rate, 0.1 for 10 %. */
  readonly discount: number;
  /** 0-1, or 1 where none is given. */
  readonly margin: number;
  readonly model: RepeatBuyingName;
}

export interface RepeatForecast {
  readonly model: RepeatBuyingModel;
  readonly spend: SpendModel;
  /** How a customer's next purchase is valued. */
  readonly valueBy: 'gamma_gamma' | 'own_mean' | 'pooled_mean';
  /** Calendar months of the horizon, the first and the last cut to it. */
  readonly months: readonly Period[];
  readonly forecast: BaseForecast;
  readonly customers: number;
  /** Of a new customer: purchases within the horizon after the first, and the LTV of them and of the first. */
  readonly ofNew: { readonly purchases: number; readonly ltv: number };
}

/** Where a forecast reads customers from and puts what it says of each. */
export interface ForecastTables {
  /** As `customerFacts` makes it, with purchase_days. */
  readonly customers: string;
  /** customer_id, probability_alive, expected_purchases, purchase_value, expected_revenue and ltv, exact decimals. */
  readonly forecast: string;
}

export const forecastTables: ForecastTables = { customers: 'int_customers', forecast: 'int_forecast' };

/**
 * Fits the models to the customers of a table and makes the table of what they say of each.
 * @returns null where nobody can be told of: no customers, or all of them known for a single day
 */
export async function repeatForecast(
  engine: Engine,
  request: RepeatForecastRequest,
  tables: ForecastTables = forecastTables,
): Promise<RepeatForecast | null> {
  const { asOf, horizon, discount, margin } = request;
  const columns = await customerColumns(engine, asOf, tables.customers);
  const histories = distinctHistories(columns);
  if (histories.age.every((age) => age === 0)) return null;
  const purchaseValue = purchaseValueOf(columns);
  if (purchaseValue === null) return null;
  const { spend, isApart, value } = purchaseValue;
  const model = fitRepeatBuying(histories, request.model);

  const from = addDays(asOf, 1);
  const months = monthsOf(from, addDays(from, horizon));
  const daysTo = (day: Day) => dayNumber(day) - dayNumber(from);
  const ends = months.map(({ to }) => daysTo(to));
  // Money of a month counts from the middle of it.
  const discounts = months.map(
    (month) => (1 + discount) ** (-(daysTo(month.from) + daysTo(month.to)) / 2 / 365.25),
  );
  const forecast = forecastBase(columns, histories, model, value, ends, discounts);

  const scores = `${tables.forecast}_by_history`;
  await engine.loadColumns(scores, {
    x: histories.frequency,
    recency: histories.recency,
    age: histories.age,
    alive: forecast.alive,
    expected: forecast.expected,
    discounted: forecast.discounted,
  });
  await engine.run(customerScores(engine, asOf, tables, scores, valueInSql(spend, isApart), margin));
  await engine.run(raw(`drop table ${scores}`));

  let [bought, discounted] = [0, 0];
  ends.forEach((end, step) => {
    const soFar = model.expectedPurchasesOfNew(end);
    discounted += (soFar - bought) * discounts[step]!;
    bought = soFar;
  });
  return {
    model,
    spend,
    valueBy: !isApart ? 'own_mean' : spend.method,
    months,
    forecast,
    customers: columns.frequency.length,
    ofNew: { purchases: bought, ltv: margin * spend.ofNew * (1 + discounted) },
  };
}

/** Calendar months that cover a span, cut to it. */
export function monthsOf(from: Day, to: Day): Period[] {
  return periodsCovering(from, to, 'month').map((month) => ({
    ...month,
    from: month.from < from ? from : month.from,
    to: month.to > to ? to : month.to,
  }));
}

async function customerColumns(engine: Engine, asOf: Day, table: string): Promise<CustomerColumns> {
  const { daysBetween } = engine.dialect;
  const day = sql`cast(${asOf} as date)`;
  const [frequency, recency, age, meanValue] = await engine.columns(sql`
    select cast(purchase_days - 1 as double) as x, cast(${daysBetween(raw('first_on'), raw('last_on'))} as double) as recency,
      cast(${daysBetween(raw('first_on'), day)} as double) as age, cast(revenue as double) / purchase_days as mean_value
    from ${raw(table)} order by 1, 2, 3, 4`);
  return { frequency: frequency!, recency: recency!, age: age!, meanValue: meanValue! };
}

/** The same value of a purchase as `valueOfPurchase` tells, in SQL over purchase_days and spent, which is not negative. */
function valueInSql(spend: SpendModel, isApart: boolean): Sql {
  if (!isApart) return sql`spent / purchase_days`;
  if (spend.method === 'pooled_mean') return sql`cast(${spend.expectedValue(0, 0)} as double)`;
  const [p, q, v] = spend.parameters.map(({ value }) => value) as [number, number, number];
  return sql`(${p} * (${v} + spent) / (${p} * purchase_days + ${q - 1}))`;
}

function customerScores(
  engine: Engine,
  asOf: Day,
  { customers, forecast }: ForecastTables,
  scores: string,
  value: Sql,
  margin: number,
): Sql {
  const { daysBetween } = engine.dialect;
  const day = sql`cast(${asOf} as date)`;
  const decimal = (expression: Sql) => sql`cast(${expression} as decimal(38,6))`;
  return sql`
    create table ${raw(forecast)} as
    select customer_id, ${decimal(sql`alive`)} as probability_alive, ${decimal(sql`expected`)} as expected_purchases,
      ${decimal(sql`purchase_value`)} as purchase_value, ${decimal(sql`expected * purchase_value`)} as expected_revenue,
      ${decimal(sql`${margin} * discounted * purchase_value`)} as ltv
    from (
      select customer_id, s.alive, s.expected, s.discounted, ${value} as purchase_value
      from (
        select customer_id, purchase_days, greatest(cast(revenue as double), 0) as spent,
          cast(purchase_days - 1 as double) as x,
          cast(${daysBetween(raw('first_on'), raw('last_on'))} as double) as recency,
          cast(${daysBetween(raw('first_on'), day)} as double) as age
        from ${raw(customers)}
      ) as c join ${raw(scores)} s on s.x = c.x and s.recency = c.recency and s.age = c.age
    ) as valued`;
}
