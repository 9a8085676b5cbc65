import { addDays, type Day, dayNumber } from '../../core/dates.js';
import type { Period } from '../../core/period.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import {
  fitShiftedBetaGeometric,
  type ShiftedBetaGeometricModel,
} from '../../stats/shifted-beta-geometric.js';
import { forecastSubscribers, type SubscriberForecast } from '../../stats/subscriber-forecast.js';
import { monthsOf } from './repeat-forecast.js';

/** Days of a month, where tenure is counted in months. */
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
  /** Subscribed after the as-of date, those of them without a price, and those without a start. */
  readonly subscribers: number;
  readonly withoutPrice: number;
  readonly withoutStart: number;
}

/** Tables that are made of subscribers. */
export interface SubscriptionTables {
  /** Every spell of a subscription: customer_id, starts_on, ends_on, has_start, renewals. */
  readonly tenures: string;
  /** Who is subscribed: customer_id, starts_on, renewals, has_start, price. */
  readonly subscribers: string;
  readonly forecast: string;
}

export const subscriptionTables: SubscriptionTables = {
  tenures: 'int_tenures',
  subscribers: 'int_subscribers',
  forecast: 'int_forecast',
};

/**
 * Fits the shifted beta-geometric to the tenures of subscribers, in months, from int_subscriptions and int_activity
 * as `subscriptionActivity` makes them, and makes the table of forecasts of those who are subscribed: customer_id, probability_alive (subscribed at the end of the horizon), expected_purchases (months
 * paid for), purchase_value (price of a month), expected_revenue, ltv; the last three null without a price.
 * @returns null where nobody is subscribed
 */
export async function subscriptionForecast(
  engine: Engine,
  { asOf, horizon, discount, margin, first }: SubscriptionForecastRequest,
  tables: SubscriptionTables = subscriptionTables,
): Promise<SubscriptionForecast | null> {
  const { tenures, subscribers: subscribed } = tables;
  const scores = `${tables.forecast}_by_tenure`;
  const { daysBetween } = engine.dialect;
  const day = sql`cast(${asOf} as date)`;
  const months = (from: string, to: ReturnType<typeof sql>) =>
    sql`cast(${daysBetween(raw(from), to)} as double) / ${daysOfMonth}`;
  // A spell goes from a beginning to the next end; one that ends after the as-of date is not over yet.
  await engine.run(sql`
    create table ${raw(tenures)} as
    select customer_id, starts_on, ends_on, has_start,
      case when ends_on is null then floor(${months('starts_on', day)})
        else greatest(ceil(${months('starts_on', raw('ends_on'))}) - 1, 0) end as renewals
    from (
      select customer_id, case when happens_on > cast('1900-01-01' as date) then happens_on else cast(${first} as date) end as starts_on,
        happens_on > cast('1900-01-01' as date) as has_start,
        case when next_on <= ${day} then next_on end as ends_on, is_end
      from (
        select customer_id, happens_on, is_end,
          lead(happens_on) over (partition by customer_id order by happens_on, is_end) as next_on
        from int_activity
      ) as moments
    ) as spells
    where is_end = 0 and starts_on <= ${day}`);
  const [renewals, left, customers] = await engine.columns(sql`
    select cast(renewals as double) as renewals, cast(case when ends_on is null then 0 else 1 end as double) as has_left,
      cast(count(*) as double) as customers
    from ${raw(tenures)} where has_start group by 1, 2 order by 1, 2`);
  const model = fitShiftedBetaGeometric({
    renewals: renewals!,
    hasLeft: Uint8Array.from(left!),
    weight: customers!,
  });
  await engine.run(sql`
    create table ${raw(subscribed)} as
    select t.customer_id, min(t.starts_on) as starts_on, max(t.renewals) as renewals, bool_and(t.has_start) as has_start,
      max(s.price) as price
    from ${raw(tenures)} t left join (
      select customer_id, sum(price) as price from int_subscriptions
      where starts_on <= ${day} and (ends_on is null or ends_on > ${day}) group by customer_id
    ) as s on s.customer_id = t.customer_id
    where t.ends_on is null group by t.customer_id`);
  const [counts] = await engine.query(sql`
    select count(*) as subscribers, count(*) - count(price) as without_price,
      sum(case when has_start then 0 else 1 end) as without_start
    from ${raw(subscribed)}`);
  if (Number(counts!.subscribers) === 0) return null;
  const [groups, subscribers, price, priceSquared] = await engine.columns(sql`
    select cast(renewals as double) as renewals, cast(count(*) as double) as subscribers,
      cast(coalesce(sum(price), 0) as double) as price,
      cast(coalesce(sum(cast(price as double) * cast(price as double)), 0) as double) as price_squared
    from ${raw(subscribed)} group by 1 order by 1`);

  const from = addDays(asOf, 1);
  const calendar = monthsOf(from, addDays(from, horizon));
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
    { renewals: groups!, subscribers: subscribers!, price: price!, priceSquared: priceSquared! },
    model,
    steps,
  );
  await engine.loadColumns(scores, {
    renewals: groups!,
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
    from (select customer_id, cast(renewals as double) as renewals, cast(price as double) as price from ${raw(subscribed)}) as c
    join ${raw(scores)} s on s.renewals = c.renewals`);
  return {
    model,
    months: calendar,
    forecast,
    subscribers: Number(counts!.subscribers),
    withoutPrice: Number(counts!.without_price),
    withoutStart: Number(counts!.without_start),
  };
}
