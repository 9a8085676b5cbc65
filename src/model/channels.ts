import { raw, type Sql, sql } from '../sql/sql.js';

/** Where the acquisition channel of a customer comes from. */
export interface ChannelSources {
  /** Table stg_customers tells it. */
  readonly customers: boolean;
  /** The channel of a customer's first order tells it where the customers do not. */
  readonly orders: boolean;
}

/**
 * A query of the acquisition channel of each customer of a table: customer_id, channel (as it is written; null where
 * nothing tells it).
 */
export function acquisitionChannels(customers: Sql, from: ChannelSources): Sql {
  const nobody = sql`select '' as customer_id, '' as channel where 1 = 0`;
  const firstOrders = sql`
    select customer_id, channel from (
      select o.customer_id, o.channel, row_number() over (
        partition by o.customer_id order by o.ordered_at, o.channel) as position
      from int_orders o join ${customers} a on a.customer_id = o.customer_id where o.orders > 0
    ) as numbered where position = 1`;
  return sql`
    select a.customer_id, coalesce(c.channel, o.channel) as channel
    from ${customers} a
    left join (${from.customers ? raw('select customer_id, channel from stg_customers') : nobody}) as c
      on c.customer_id = a.customer_id
    left join (${from.orders ? firstOrders : nobody}) as o on o.customer_id = a.customer_id`;
}
