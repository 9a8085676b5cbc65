import { type Day, sayDay } from '../../core/dates.js';
import { sayCount } from '../../core/text.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { dateFormOf } from '../../input/dates.js';
import type { Base } from '../../model/base.js';
import { join, raw, sql } from '../../sql/sql.js';
import type { Departure } from '../../workbook/managed-list.js';
import { sayFigure } from '../report/say.js';

/** What a customer bought after a day. */
export interface PurchasesSince {
  /** The first day. */
  readonly on: Day;
  readonly orders: number;
  /** Revenue since, with returns of whatever order taken off: exact decimal. */
  readonly amount: string;
}

/** Customers with their last order as a former list has it, in any form of a date; null where it says none. */
export type LastOrders = ReadonlyMap<string, string | null>;

/** Values in one statement. */
const batch = 500;

/**
 * What customers have bought after the last order that a former list knew of; after the as-of date of that list where
 * it does not say. Makes table int_former: customer_id, since (null where nothing tells).
 */
export async function purchasesSince(
  engine: LoadingEngine,
  base: Base,
  lastOrders: LastOrders,
  formerAsOf: Day | undefined,
): Promise<ReadonlyMap<string, PurchasesSince>> {
  const entries = [...lastOrders];
  await engine.run(raw('create table int_former_text (customer_id varchar, since varchar)'));
  for (let from = 0; from < entries.length; from += batch) {
    const rows = entries.slice(from, from + batch).map(([id, since]) => sql`(${id}, ${since})`);
    await engine.run(sql`insert into int_former_text values ${join(rows, ', ')}`);
  }
  const form = dateFormOf(entries.map(([, since]) => since));
  await engine.run(sql`
    create table int_former as
    select customer_id, coalesce(cast(${engine.loader.timestamp(raw('since'), form).atOnce} as date), cast(${formerAsOf ?? null} as date)) as since
    from int_former_text`);
  await engine.run(raw('drop table int_former_text'));
  if (!base.orders || entries.length === 0) return new Map();
  const rows = await engine.query(sql`
    select f.customer_id, min(o.ordered_on) filter (where o.orders > 0) as first_on, sum(o.orders) as orders,
      cast(round(sum(o.revenue), 2) as decimal(38,2)) as amount
    from int_former f join int_orders o on o.customer_id = f.customer_id
    where o.ordered_on > f.since and o.ordered_on <= cast(${base.asOf} as date)
    group by f.customer_id having sum(o.orders) > 0`);
  return new Map(
    rows.map((row) => [
      String(row.customer_id),
      { on: String(row.first_on), orders: Number(row.orders), amount: String(row.amount) },
    ]),
  );
}

/** 'returned on 2024-06-12 with 3,400.00'. */
export function returned({ on, orders, amount }: PurchasesSince, currency: string | null): Departure {
  const [day, sum, count] = [sayDay(on), sayFigure(amount, 'money', currency), sayCount(orders)];
  const several = { en: ` in ${count.en} orders`, ru: `, заказов: ${count.ru}` };
  return {
    outcome: 'returned',
    reason: {
      en: `returned on ${day.en} with ${sum.en}${orders > 1 ? several.en : ''}`,
      ru: `вернулся ${day.ru}, сумма ${sum.ru}${orders > 1 ? several.ru : ''}`,
    },
    amount,
  };
}
