import type { Day } from '../core/dates.js';
import type { Engine } from '../engines/engine.js';
import { raw, sql } from '../sql/sql.js';
import type { Tenures } from '../stats/shifted-beta-geometric.js';

/** Tables that are made of subscriptions. */
export interface TenureTables {
  /** Every spell that began by the day: customer_id, starts_on, ends_on, notice_on, has_start, renewals. */
  readonly tenures: string;
  /** Who is subscribed on the day: customer_id, starts_on, notice_on, has_start, renewals, price. */
  readonly subscribers: string;
}

export const tenureTables: TenureTables = { tenures: 'int_tenures', subscribers: 'int_subscribers' };

export interface SubscriptionTenures {
  /** Spells whose start is known, for a model to be fitted to. */
  readonly tenures: Tenures;
  /** Spells whose start is not known. */
  readonly withoutStart: number;
  /** Subscribed on the day, and those of them without a price. */
  readonly subscribers: number;
  readonly withoutPrice: number;
}

/**
 * Tells how long subscriptions lasted up to a day, in whole calendar months, from int_subscriptions and int_activity
 * as `subscriptionActivity` makes them, and makes the tables of it.
 *
 *   starts_on   the first day of the data, and has_start false, where nobody knows the start: no tenure to learn from
 *   ends_on     null where the spell runs on after the day; notice_on is then the end that is known ahead, if any
 *   renewals    of who is there: months that passed since the start, from 31 January to 29 February one; of who left:
 *               months begun before the end, less one, so that who left on the day of the first renewal did not renew
 *   price       the prices of a month of all subscriptions that run on the day; null where none is known
 */
export async function subscriptionTenures(
  engine: Engine,
  { asOf, first }: { readonly asOf: Day; readonly first: Day },
  { tenures, subscribers }: TenureTables = tenureTables,
): Promise<SubscriptionTenures> {
  const { monthsBetween, addDays } = engine.dialect;
  const day = sql`cast(${asOf} as date)`;
  const lastDay = addDays(raw('ends_on'), raw('-1'));
  // A spell goes from a beginning to the next end; one that ends after the day is not over yet.
  await engine.run(sql`
    create table ${raw(tenures)} as
    select customer_id, starts_on, ends_on, notice_on, has_start,
      greatest(case when ends_on is null then ${monthsBetween(raw('starts_on'), day)}
        else ${monthsBetween(raw('starts_on'), lastDay)} end, 0) as renewals
    from (
      select customer_id, is_end, happens_on > cast('1900-01-01' as date) as has_start,
        case when happens_on > cast('1900-01-01' as date) then happens_on else cast(${first} as date) end as starts_on,
        case when next_on <= ${day} then next_on end as ends_on,
        case when next_on > ${day} then next_on end as notice_on
      from (
        select customer_id, happens_on, is_end,
          lead(happens_on) over (partition by customer_id order by happens_on, is_end) as next_on
        from int_activity
      ) as moments
    ) as spells
    where is_end = 0 and starts_on <= ${day}`);
  await engine.run(sql`
    create table ${raw(subscribers)} as
    select t.customer_id, t.starts_on, t.notice_on, t.has_start, t.renewals, p.price
    from ${raw(tenures)} t left join (
      select customer_id, sum(price) as price from int_subscriptions
      where starts_on <= ${day} and (ends_on is null or ends_on > ${day}) group by customer_id
    ) as p on p.customer_id = t.customer_id
    where t.ends_on is null`);
  const [renewals, hasLeft, weight] = await engine.columns(sql`
    select cast(renewals as double) as renewals, cast(case when ends_on is null then 0 else 1 end as double) as has_left,
      cast(count(*) as double) as spells
    from ${raw(tenures)} where has_start group by 1, 2 order by 1, 2`);
  const [counts] = await engine.query(sql`
    select (select count(*) from ${raw(tenures)} where not has_start) as without_start,
      count(*) as subscribers, count(*) - count(price) as without_price
    from ${raw(subscribers)}`);
  return {
    tenures: { renewals: renewals!, hasLeft: Uint8Array.from(hasLeft!), weight: weight! },
    withoutStart: Number(counts!.without_start),
    subscribers: Number(counts!.subscribers),
    withoutPrice: Number(counts!.without_price),
  };
}
