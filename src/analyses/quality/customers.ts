import { raw, sql } from '../../sql/sql.js';
import { type CheckContext, countRows, noFile, numberOf, type QualityCheck, units } from './check.js';
import { customerRows } from './rows.js';

const needsOrders = (context: CheckContext) =>
  context.staged.orders.length === 0 ? noFile('orders') : undefined;
const needsBoth = (context: CheckContext) =>
  needsOrders(context) ?? (context.staged.customers.length === 0 ? noFile('customers') : undefined);

/** How orders and customers fit together. */
export const customerChecks: readonly QualityCheck[] = [
  {
    name: 'orders_without_customer',
    severity: 'warning',
    title: { en: 'Orders without a customer', ru: 'Заказы без клиента' },
    unit: units.orders,
    advice: {
      en: 'They count in revenue, not in KPIs about customers. Ask for a customer, phone or e-mail at the till, or export the column that holds it.',
      ru: 'Они входят в выручку, но не в показатели о клиентах. Спрашивайте клиента, телефон или почту при продаже или выгрузите столбец, где они есть.',
    },
    missing: needsOrders,
    run: async (context) => ({
      ...(await countRows(
        context,
        sql`select min(source_id) as source_id, min(row_number) as row_number,
            coalesce(order_id, cast(loose_at as varchar), '') as value
          from stg_order_lines where fate = 0 and customer_id is null
          group by order_id, loose_at, case when order_id is null then row_number end`,
      )),
      of: await numberOf(
        context,
        sql`select count(*) as n from (select 1 from stg_order_lines where fate = 0
          group by order_id, customer_id, loose_at, case when order_id is null and customer_id is null then row_number end) as orders`,
      ),
    }),
  },
  {
    name: 'customers_without_orders',
    severity: 'info',
    title: { en: 'Customers without orders', ru: 'Клиенты без заказов' },
    unit: units.customers,
    advice: {
      en: 'Either they never bought, or their orders are in another file, or the ids are written in another way there.',
      ru: 'Они ещё не покупали, или их заказы в другом файле, или коды там записаны иначе.',
    },
    missing: needsBoth,
    run: async (context) => ({
      ...(await countRows(
        context,
        sql`select min(source_id) as source_id, min(row_number) as row_number, customer_id as value
          from (${customerRows}) as rows
          where customer_id not in (select customer_id from int_orders where customer_id is not null)
          group by customer_id`,
      )),
      of: await numberOf(context, raw('select count(*) as n from stg_customers')),
    }),
  },
  {
    name: 'customers_not_listed',
    severity: 'warning',
    title: {
      en: 'Customers in orders who are not in the customers file',
      ru: 'Клиенты из заказов, которых нет в файле клиентов',
    },
    unit: units.buyers,
    advice: {
      en: 'Nothing but their orders is known of them. Export the customers anew, all of them, and check that the ids are the same in both files.',
      ru: 'О них известны только заказы. Выгрузите клиентов заново и целиком, проверьте, что коды в обоих файлах одинаковы.',
    },
    missing: needsBoth,
    run: async (context) => ({
      ...(await countRows(
        context,
        sql`select min(l.source_id) as source_id, min(l.row_number) as row_number, o.customer_id as value
          from (
            select distinct customer_id from int_orders where customer_id is not null
              and customer_id not in (select customer_id from stg_customers)
          ) as o left join stg_order_lines l on l.customer_id = o.customer_id and l.fate = 0
          group by o.customer_id`,
      )),
      of: await numberOf(context, raw('select count(distinct customer_id) as n from int_orders')),
    }),
  },
];
