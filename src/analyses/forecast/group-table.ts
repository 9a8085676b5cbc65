import type { Cell, Column, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { raw, type Sql, sql } from '../../sql/sql.js';

/** A way to divide customers. */
export interface Grouping {
  /** 'segment', 'channel' or 'cohort'. */
  readonly name: string;
  readonly title: Text;
  readonly label: Text;
  /** Table or query of customer_id and `group_key`, null where unknown. */
  readonly groups: Sql;
  readonly values?: Readonly<Record<string, Text>>;
  /** Most valuable first, or by the key itself. */
  readonly order: 'ltv' | 'key';
}

export const purchaseWords: GroupWords = {
  alive: { en: 'Still buying', ru: 'Ещё покупают' },
  purchases: { en: 'Purchases', ru: 'Покупки' },
};

export const subscriptionWords: GroupWords = {
  alive: { en: 'Still there', ru: 'Останется' },
  purchases: { en: 'Months paid', ru: 'Месяцев' },
};

/** What the first two figures of a group are called: they are of purchases, or of subscriptions. */
export interface GroupWords {
  readonly alive: Text;
  readonly purchases: Text;
}

/** What is expected of each group of customers, from the table of forecasts. */
export async function groupTable(
  engine: Engine,
  grouping: Grouping,
  forecast: string,
  words: GroupWords = purchaseWords,
): Promise<ResultTable> {
  const { name, title, label, groups, values, order } = grouping;
  const columns: Column[] = [
    { name, label, kind: 'text', ...(values === undefined ? {} : { values }) },
    { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
    { name: 'expected_alive', label: words.alive, kind: 'ratio', digits: 1, isEstimate: true },
    { name: 'expected_purchases', label: words.purchases, kind: 'ratio', digits: 1, isEstimate: true },
    { name: 'expected_revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money', digits: 0 },
    { name: 'ltv_predicted', label: { en: 'Predicted LTV', ru: 'Прогноз LTV' }, kind: 'money', digits: 0 },
    {
      name: 'ltv_per_customer',
      label: { en: 'LTV per customer', ru: 'LTV на клиента' },
      kind: 'money',
      isEstimate: true,
    },
  ];
  const rows = await engine.query(sql`
    select g.group_key, count(*) as customers,
      cast(sum(f.probability_alive) as double) as expected_alive,
      cast(sum(f.expected_purchases) as double) as expected_purchases,
      cast(sum(f.expected_revenue) as decimal(38,2)) as expected_revenue,
      cast(sum(f.ltv) as decimal(38,2)) as ltv_predicted,
      cast(cast(sum(f.ltv) as double) / count(*) as decimal(38,2)) as ltv_per_customer
    from ${raw(forecast)} f left join (${groups}) as g on g.customer_id = f.customer_id
    group by 1 order by case when g.group_key is null then 1 else 0 end,
      ${raw(order === 'ltv' ? 'sum(f.ltv) desc nulls last, ' : '')} g.group_key`);
  return {
    name: `by_${name}`,
    title,
    grain: name,
    columns,
    rows: rows.map((row): Cell[] => [
      row.group_key ?? null,
      Number(row.customers),
      Number(row.expected_alive),
      Number(row.expected_purchases),
      row.expected_revenue ?? null,
      row.ltv_predicted ?? null,
      row.ltv_per_customer ?? null,
    ]),
    ...(order === 'key' ? { terminalRows: 24, terminalShows: 'last' as const } : {}),
    notes: rows.some((row) => row.group_key === null)
      ? [
          {
            en: `${label.en} is empty: customers of whom it is not known`,
            ru: `${label.ru}: пусто у клиентов, о которых это неизвестно`,
          },
        ]
      : [],
  };
}
