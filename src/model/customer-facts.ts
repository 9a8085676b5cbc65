import type { Day } from '../core/dates.js';
import type { Engine } from '../engines/engine.js';
import { raw, sql } from '../sql/sql.js';

/** Which facts are made, and where they go. */
export interface CustomerFactsOptions {
  /** The last day that counts. */
  readonly asOf: Day;
  /** The table to make; `int_customers` unless named. */
  readonly table?: string;
  /** Whether column purchase_days is wanted, which takes a pass over int_purchase_days; true unless said. */
  readonly purchaseDays?: boolean;
}

/**
 * Makes table int_customers, one row per customer with at least one order up to and with a day, from int_orders in
 * one pass: customer_id, first_on and last_on (days of the first and last order), orders, revenue (exact decimal,
 * reduced by returns, so it may be negative), recency_days (from last_on to the day), purchase_days (distinct days
 * with an order). Who has nothing but returns, or had every order wholly returned, is no customer with orders.
 */
export async function customerFacts(
  engine: Engine,
  { asOf, table = 'int_customers', purchaseDays = true }: CustomerFactsOptions,
): Promise<void> {
  const day = sql`cast(${asOf} as date)`;
  // Counting distinct days in the same pass would take as long again; int_purchase_days knows them.
  const days = sql`join (
      select customer_id, count(*) as purchase_days from int_purchase_days
      where day <= ${day} and (previous_day is null or previous_day < day) group by customer_id
    ) as days using (customer_id)`;
  await engine.run(sql`
    create table ${raw(table)} as
    select customer_id, first_on, last_on, orders, revenue,
      ${engine.dialect.daysBetween(raw('last_on'), day)} as recency_days ${raw(purchaseDays ? ', purchase_days' : '')}
    from (
      select customer_id,
        min(case when orders > 0 then ordered_on end) as first_on,
        max(case when orders > 0 then ordered_on end) as last_on,
        cast(sum(orders) as bigint) as orders, cast(sum(revenue) as decimal(38,4)) as revenue
      from int_orders
      where customer_id is not null and ordered_on <= ${day}
      group by customer_id
    ) as facts
    ${purchaseDays ? days : raw('')}
    where orders > 0`);
}

/** Makes view int_customers, the same but for purchase_days, over a table of what `factsAt` gives: it costs nothing. */
export async function customersOfFacts(engine: Engine, facts: string): Promise<void> {
  await engine.run(sql`
    create view int_customers as
    select customer_id, first_on, last_on, orders, revenue, cast(age - recency as bigint) as recency_days
    from ${raw(facts)}`);
}
