import { addDays, type Day, dayNumber } from '../../core/dates.js';
import type { Period } from '../../core/period.js';
import type { Engine } from '../../engines/engine.js';
import { subscriptionTenures, type TenureTables, tenureTables } from '../../model/subscription-tenures.js';
import { raw, sql } from '../../sql/sql.js';
import {
  fitShiftedBetaGeometric,
  type ShiftedBetaGeometricModel,
} from '../../stats/shifted-beta-geometric.js';
import { forecastSubscribers, type SubscriberForecast } from '../../stats/subscriber-forecast.js';
import { monthsOf } from './repeat-forecast.js';

/** Days to an end that nobody knows: beyond every horizon. */
const noEnd = 1e9;

/** Days of a month on average, by which the time ahead is counted. */
export const daysOfMonth = 365.25 / 12;

export interface SubscriptionForecastRequest {
  readonly asOf: Day;
  /** Days after the as-of date. */
  readonly horizon: number;
  /** Yearly rate, 0.1 for 10 %. */
  readonly discount: number;
  /** 0-1, or 1 where none is given. */
  readonly margin: number;
  /** First day of the data: who subscribed at an unknown time did so by then. */
  readonly first: Day;
}

export interface SubscriptionForecast {
  readonly model: ShiftedBetaGeometricModel;
  readonly months: readonly Period[];
  readonly forecast: SubscriberForecast;
  /** Subscribed after the as-of date, and those of them without a price. */
  readonly subscribers: number;
  readonly withoutPrice: number;
  /** Subscribers whose end within the horizon is known already. */
  readonly ending: number;
  /** Subscriptions, ended ones too, without a start: the model is fitted without them. */
  readonly withoutStart: number;
}

/** Nobody is subscribed; or nobody knows since when, so that there is nothing to learn from. */
export type NoSubscriptionForecast = 'none_active' | 'no_starts';

/** Tables that are made of subscriptions: their tenures, and the forecasts. */
export interface SubscriptionTables extends TenureTables {
  readonly forecast: string;
}

export const subscriptionTables: SubscriptionTables = { ...tenureTables, forecast: 'int_forecast' };

/**
 * Fits the shifted beta-geometric to the tenures of subscriptions (see `subscriptionTenures`), ends those whose end is known at
 * that, and makes the table of
 * forecasts of those who are subscribed: customer_id, probability_alive (subscribed at the end of the horizon),
 * expected_purchases (months paid for), purchase_value (price of a month), expected_revenue, ltv; the last three null
 * without a price.
 * @returns why there is no forecast, where there is none
 */
export async function subscriptionForecast(
  engine: Engine,
  { asOf, horizon, discount, margin, first }: SubscriptionForecastRequest,
  tables: SubscriptionTables = subscriptionTables,
): Promise<SubscriptionForecast | NoSubscriptionForecast> {
  const subscribed = tables.subscribers;
  const scores = `${tables.forecast}_by_tenure`;
  const known = await subscriptionTenures(engine, { asOf, first }, tables);
  if (known.subscribers === 0) return 'none_active';
  if (known.tenures.weight.length === 0) return 'no_starts';
  const model = fitShiftedBetaGeometric(known.tenures);
  const from = addDays(asOf, 1);
  const end = addDays(from, horizon);
  // Days from now to the first day without it, where the end is known; the day of the end is still paid for.
  const daysLeft = sql`coalesce(cast(${engine.dialect.daysBetween(sql`cast(${asOf} as date)`, raw('notice_on'))} as double),
    ${noEnd})`;
  const [groups, until, subscribers, price, priceSquared] = await engine.columns(sql`
    select cast(renewals as double) as renewals, ${daysLeft} as days_left, cast(count(*) as double) as subscribers,
      cast(coalesce(sum(price), 0) as double) as price,
      cast(coalesce(sum(cast(price as double) * cast(price as double)), 0) as double) as price_squared
    from ${raw(subscribed)} group by 1, 2 order by 1, 2`);

  const calendar = monthsOf(from, end);
  const daysTo = (to: Day) => dayNumber(to) - dayNumber(from);
  const steps = calendar.map((month) => {
    const middle = (daysTo(month.from) + daysTo(month.to)) / 2;
    return {
      middle: middle / daysOfMonth,
      length: (daysTo(month.to) - daysTo(month.from)) / daysOfMonth,
      discount: (1 + discount) ** (-middle / 365.25),
    };
  });
  const forecast = forecastSubscribers(
    {
      renewals: groups!,
      until: until!.map((days) => days / daysOfMonth),
      subscribers: subscribers!,
      price: price!,
      priceSquared: priceSquared!,
    },
    model,
    steps,
  );
  await engine.loadColumns(scores, {
    renewals: groups!,
    days_left: until!,
    at_end: forecast.atEnd,
    periods: forecast.periods,
    discounted: forecast.discounted,
  });
  await engine.run(sql`
    create table ${raw(tables.forecast)} as
    select customer_id, cast(at_end as decimal(38,6)) as probability_alive,
      cast(periods as decimal(38,6)) as expected_purchases, cast(price as decimal(38,6)) as purchase_value,
      cast(periods * price as decimal(38,6)) as expected_revenue,
      cast(${margin} * discounted * price as decimal(38,6)) as ltv
    from (
      select customer_id, cast(renewals as double) as renewals, ${daysLeft} as days_left, cast(price as double) as price
      from ${raw(subscribed)}
    ) as c
    join ${raw(scores)} s on s.renewals = c.renewals and s.days_left = c.days_left`);
  return {
    model,
    months: calendar,
    forecast,
    subscribers: known.subscribers,
    ending: until!.reduce((sum, days, i) => (days <= horizon ? sum + subscribers![i]! : sum), 0),
    withoutPrice: known.withoutPrice,
    withoutStart: known.withoutStart,
  };
}
