import { sayCount } from '../../core/text.js';
import { hasRowsWithoutAmount } from '../../model/order-heads.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import {
  type CheckContext,
  countRows,
  noColumn,
  noFile,
  numberOf,
  type Outcome,
  type QualityCheck,
  units,
} from './check.js';
import { type Fences, outerFences } from './fences.js';

const needsOrders = (context: CheckContext) =>
  context.staged.orders.length === 0 ? noFile('orders') : undefined;

/** An amount with two digits after the point, or as many more as it has. */
const amountText = raw("regexp_replace(cast(amount as varchar), '(\\.\\d\\d)0+$', '\\1')");

async function linesWhere(context: CheckContext, condition: Sql, value = amountText): Promise<Outcome> {
  return {
    ...(await countRows(
      context,
      sql`select source_id, row_number, ${value} as value from stg_order_lines where fate = 0 and ${condition}`,
    )),
    of: await numberOf(context, raw('select count(*) as n from stg_order_lines where fate = 0')),
  };
}

/** Fences of the values of a query: value, and how many have it. */
async function fencesOf({ engine }: CheckContext, query: Sql): Promise<Fences | null> {
  const rows = await engine.query(query);
  return outerFences(rows.map((row) => ({ value: Number(row.value), count: Number(row.row_count) })));
}

const tooFew = {
  en: 'not judged: fewer than 20 values, or the middle half are all the same',
  ru: 'не оценивается: меньше 20 значений или средняя половина одинакова',
};

function sayFigure(value: number): { en: string; ru: string } {
  if (value >= 100) return sayCount(Math.round(value));
  const text = String(Number(value.toPrecision(3)));
  return { en: text, ru: text.replace('.', ',') };
}

/** What orders are said to have cost, and who buys how often. */
export const amountChecks: readonly QualityCheck[] = [
  {
    name: 'zero_amounts',
    severity: 'info',
    title: { en: 'Amounts of zero', ru: 'Нулевые суммы' },
    unit: units.rows,
    advice: {
      en: 'They count as orders and bring AOV down. Gifts and samples are right so; a price that was not exported is not.',
      ru: 'Они считаются заказами и снижают средний чек. Для подарков и образцов это верно, для невыгруженной цены нет.',
    },
    missing: needsOrders,
    run: (context) => {
      // Further rows of an order whose amount stands in its first row are no amounts of zero.
      const shared = context.staged.orders.filter(hasRowsWithoutAmount).map(({ id }) => id);
      const isShared = raw(shared.length === 0 ? 'false' : `source_id in (${shared.join(', ')})`);
      return linesWhere(
        context,
        sql`amount = 0 and not is_return and (not ${isShared} or order_id is null or (source_id, order_id) not in (
          select (source_id, order_id) from stg_order_lines where fate = 0 and amount <> 0 and order_id is not null))`,
      );
    },
  },
  {
    name: 'negative_amounts',
    severity: 'info',
    title: { en: 'Negative amounts', ru: 'Отрицательные суммы' },
    unit: units.rows,
    advice: {
      en: 'They count as returns and reduce revenue. Check that they are no corrections of the accounts, such as write-offs.',
      ru: 'Они считаются возвратами и уменьшают выручку. Проверьте, что это не бухгалтерские исправления, например списания.',
    },
    missing: needsOrders,
    run: (context) => linesWhere(context, raw('amount < 0')),
  },
  {
    name: 'amounts_far_outside',
    severity: 'warning',
    title: { en: 'Amounts far outside', ru: 'Суммы далеко за пределами обычных' },
    unit: units.rows,
    advice: {
      en: 'Look at the largest: a lost decimal mark or a phone number in the amount moves AOV and LTV; fees and wholesale may belong to another report.',
      ru: 'Посмотрите на самые большие: потерянная запятая или телефон вместо суммы сдвигают средний чек и LTV; комиссии и опт, возможно, нужно вынести из отчёта.',
    },
    missing: needsOrders,
    run: async (context) => {
      const fences = await fencesOf(
        context,
        raw(`select cast(abs(amount) as double) as value, count(*) as row_count from stg_order_lines
          where fate = 0 and amount <> 0 group by 1 order by 1`),
      );
      if (fences === null) return { count: 0, of: null, examples: [], rule: tooFew };
      const [low, high] = [sayFigure(fences.low), sayFigure(fences.high)];
      const outcome = await linesWhere(
        context,
        sql`amount <> 0 and (abs(amount) < ${fences.low} or abs(amount) > ${fences.high})`,
      );
      const above = await numberOf(
        context,
        sql`select count(*) as n from stg_order_lines where fate = 0 and abs(amount) > ${fences.high}`,
      );
      const largest = await context.engine.query(sql`
        select source_id, row_number, ${amountText} as value from stg_order_lines
        where fate = 0 and amount <> 0 and (abs(amount) < ${fences.low} or abs(amount) > ${fences.high})
        order by abs(amount) desc, source_id, row_number limit 3`);
      return {
        ...outcome,
        examples: largest.map((row) => ({
          sourceId: Number(row.source_id),
          rowNumber: Number(row.row_number),
          value: String(row.value),
        })),
        rule: {
          en: `rows below ${low.en} (${sayCount(outcome.count - above).en}) or above ${high.en} (${sayCount(above).en}), whatever the sign: three interquartile ranges beyond the quartiles, on a logarithmic scale`,
          ru: `строки меньше ${low.ru} (${sayCount(outcome.count - above).ru}) или больше ${high.ru} (${sayCount(above).ru}) без учёта знака: три межквартильных размаха за квартилями в логарифмах`,
        },
      };
    },
  },
  {
    name: 'several_currencies',
    severity: 'error',
    title: { en: 'Rows not in the commonest currency', ru: 'Строки не в самой частой валюте' },
    unit: units.rows,
    advice: {
      en: 'Amounts of several currencies are not added: export one at a time, or give rates in retain.yaml.',
      ru: 'Суммы в разных валютах не складываются: выгружайте по одной валюте или задайте курсы в retain.yaml.',
    },
    missing: (context) =>
      needsOrders(context) ??
      (context.hasRates
        ? { en: 'rates are given in retain.yaml', ru: 'курсы заданы в retain.yaml' }
        : context.has('orders', 'currency')
          ? undefined
          : noColumn('currency')),
    run: async (context) => {
      const [main] = await context.engine.query(
        raw(`select currency from stg_order_lines where fate = 0 and currency is not null
          group by currency order by count(*) desc, currency limit 1`),
      );
      const currency = String(main?.currency ?? '');
      return {
        ...(await linesWhere(context, sql`currency <> ${currency}`, raw('currency'))),
        rule: { en: `other than ${currency}`, ru: `не ${currency}` },
      };
    },
  },
  {
    name: 'unusual_buyers',
    severity: 'info',
    title: { en: 'Customers who order far too often', ru: 'Клиенты, которые заказывают слишком часто' },
    unit: units.buyers,
    advice: {
      en: 'Probably resellers, staff, or one card for everybody at the till. Take them out where they are no customers.',
      ru: 'Вероятно, перекупщики, сотрудники или общая карта на кассе. Уберите их, если это не покупатели.',
    },
    missing: (context) =>
      needsOrders(context) ??
      (context.has('orders', 'customer_id') ||
      context.has('orders', 'email') ||
      context.has('orders', 'phone')
        ? undefined
        : noColumn('customer_id')),
    run: async (context) => {
      const perCustomer =
        'select customer_id, sum(orders) as orders from int_orders where customer_id is not null group by customer_id having sum(orders) > 0';
      const fences = await fencesOf(
        context,
        raw(`select orders as value, count(*) as row_count from (${perCustomer}) as counts
          where orders > 1 group by orders order by orders`),
      );
      const of = await numberOf(context, raw(`select count(*) as n from (${perCustomer}) as counts`));
      if (fences === null) return { count: 0, of: null, examples: [], rule: tooFew };
      const limit = Math.max(Math.ceil(fences.high), fewestOrders);
      const found = await context.engine.query(sql`
        select customer_id, orders, count(*) over () as row_count from (${raw(perCustomer)}) as counts
        where orders > ${limit} order by orders desc, customer_id limit 3`);
      return {
        count: Number(found[0]?.row_count ?? 0),
        of,
        examples: found.map((row) => ({
          sourceId: null,
          rowNumber: null,
          value: `${row.customer_id} (${row.orders})`,
        })),
        rule: {
          en: `more than ${limit} orders: three interquartile ranges above the third quartile of those who came back, on a logarithmic scale, and not below ${fewestOrders}`,
          ru: `больше ${limit} заказов: три межквартильных размаха над третьим квартилем вернувшихся клиентов в логарифмах, но не меньше ${fewestOrders}`,
        },
      };
    },
  },
];

/** Nobody is unusual for fewer orders. */
const fewestOrders = 20;
