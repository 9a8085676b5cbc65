import { hasRowsWithoutAmount } from '../../model/order-heads.js';
import { raw, sql } from '../../sql/sql.js';
import {
  type CheckContext,
  countRows,
  noColumn,
  noFile,
  numberOf,
  type QualityCheck,
  units,
} from './check.js';
import { customerRows } from './rows.js';

const orderFile = (context: CheckContext) =>
  context.staged.orders.length === 0 ? noFile('orders') : undefined;
const orderIds = (context: CheckContext) =>
  orderFile(context) ?? (context.has('orders', 'order_id') ? undefined : noColumn('order_id'));
const customerFile = (context: CheckContext) =>
  context.staged.customers.length === 0 ? noFile('customers') : undefined;
const usedLines = raw('select * from stg_order_lines where fate = 0');

/** What stands twice. */
export const duplicateChecks: readonly QualityCheck[] = [
  {
    name: 'repeated_lines',
    severity: 'warning',
    title: {
      en: 'Order lines that stand twice in one file',
      ru: 'Строки заказов, повторённые в одном файле',
    },
    unit: units.rows,
    advice: {
      en: 'They count as often as they stand. Where the export doubled them, take the copies out; where a customer took the same thing twice, all is well.',
      ru: 'Они учитываются столько раз, сколько стоят. Если их удвоила выгрузка, уберите копии; если клиент взял одно и то же дважды, всё в порядке.',
    },
    missing: orderIds,
    run: async (context) => {
      // Rows of an order that have neither amount nor product all look alike.
      const alike = context.staged.orders
        .filter((staged) => hasRowsWithoutAmount(staged) && staged.text('product') === undefined)
        .map(({ id }) => id);
      const isTelling = alike.length === 0 ? 'true' : `source_id not in (${alike.join(', ')})`;
      return {
        ...(await countRows(
          context,
          sql`select source_id, row_number, order_id || coalesce(', ' || product, '') as value from (
            select source_id, row_number, order_id, product, row_number() over (
              partition by source_id, order_id, customer_id, ordered_at, product, quantity, unit_price, amount
              order by row_number) as copy_number
            from (${usedLines}) as lines where order_id is not null and ${raw(isTelling)}) as numbered
          where copy_number > 1`,
        )),
        of: await numberOf(context, sql`select count(*) as n from (${usedLines}) as lines`),
        rule: {
          en: 'same order, customer, time, product, quantity, price and amount; the first does not count as a copy',
          ru: 'тот же заказ, клиент, время, товар, количество, цена и сумма; первая строка копией не считается',
        },
      };
    },
  },
  {
    name: 'orders_of_several_customers',
    severity: 'error',
    title: { en: 'Order ids with several customers', ru: 'Номера заказов с несколькими клиентами' },
    unit: units.orders,
    advice: {
      en: 'Each customer counts as having an order of their own. Look whether order numbers start anew each year or in each shop.',
      ru: 'У каждого клиента считается отдельный заказ. Посмотрите, не начинается ли нумерация заново каждый год или в каждом магазине.',
    },
    missing: (context) =>
      orderIds(context) ?? (context.has('orders', 'customer_id') ? undefined : noColumn('customer_id')),
    run: async (context) => ({
      ...(await countRows(
        context,
        sql`select arg_min(source_id, row_number) as source_id, min(row_number) as row_number, order_id as value
          from (${usedLines}) as lines where order_id is not null
          group by order_id having min(customer_id) <> max(customer_id)`,
      )),
      of: await numberOf(context, sql`select count(distinct order_id) as n from (${usedLines}) as lines`),
    }),
  },
  {
    name: 'ids_with_different_data',
    severity: 'warning',
    title: { en: 'Customer ids with different data', ru: 'Коды клиентов с разными данными' },
    unit: units.customers,
    advice: {
      en: 'The first row counts. Look whether it is one person who has moved on, or two people under one id.',
      ru: 'Учитывается первая строка. Посмотрите, один ли это человек с новыми данными или двое под одним кодом.',
    },
    missing: (context) =>
      customerFile(context) ??
      (context.has('customers', 'customer_id') ? undefined : noColumn('customer_id')),
    run: async (context) => ({
      ...(await countRows(
        context,
        sql`select min(source_id) as source_id, max(row_number) as row_number, written_id as value
          from (${customerRows}) as rows group by written_id
          having min(lower(name)) <> max(lower(name)) or min(lower(email)) <> max(lower(email))
            or min(phone) <> max(phone) or min(birthday) <> max(birthday) or min(channel) <> max(channel)`,
      )),
      of: await numberOf(context, sql`select count(distinct written_id) as n from (${customerRows}) as rows`),
      rule: {
        en: 'name, e-mail, phone, birthday or channel differ between its rows, empty cells apart',
        ru: 'имя, почта, телефон, день рождения или канал различаются между строками, кроме пустых ячеек',
      },
    }),
  },
  {
    name: 'persons_under_several_ids',
    severity: 'warning',
    title: { en: 'Persons under several customer ids', ru: 'Люди под несколькими кодами клиентов' },
    unit: units.customers,
    advice: {
      en: '`retain people` lists them with what joins them; `retain metrics` counts each as one person.',
      ru: '`retain people` перечисляет их и что их объединяет; `retain metrics` считает каждого одним человеком.',
    },
    missing: (context) =>
      customerFile(context) ??
      (context.joinsPersons
        ? context.staged.identity === null
          ? noColumn('email')
          : undefined
        : { en: '--no-identity is given', ru: 'задана опция --no-identity' }),
    run: async (context) => {
      const { sharedLimit } = context.staged.identity!;
      return {
        ...(await countRows(
          context,
          sql`select min(source_id) as source_id, min(row_number) as row_number,
              m.person_id || ' (' || count(distinct m.holder_key) || ')' as value
            from int_members m join (${customerRows}) as rows on rows.written_id = m.holder_key
            group by m.person_id having count(distinct m.holder_key) > 1`,
        )),
        of: await numberOf(context, raw('select count(*) as n from stg_customers')),
        rule: {
          en: `persons that share an e-mail or a phone; a value of more than ${sharedLimit} customers joins nobody`,
          ru: `люди с общей почтой или телефоном; значение, общее более чем для ${sharedLimit} клиентов, никого не объединяет`,
        },
      };
    },
  },
];
