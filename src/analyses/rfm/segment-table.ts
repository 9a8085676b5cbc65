import type { Cell, Column, Content, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { Engine, Row } from '../../engines/engine.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import { segmentsOf } from './maps.js';
import { measureValue, type RfmOptions, type RfmTables } from './scores.js';
import type { Segment } from './segments.js';

/** What a reader sees in place of the codes of segments. */
export function segmentLabels(segments: readonly Segment[]): Record<string, Text> {
  return Object.fromEntries(segments.map(({ code, label }) => [code, label]));
}

const figures: readonly Column[] = [
  { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
  {
    name: 'customers_share',
    label: { en: 'Share', ru: 'Доля' },
    kind: 'percent',
    chart: 'bar',
    description: { en: 'of all customers with an order', ru: 'от всех клиентов с заказами' },
  },
  { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
  {
    name: 'revenue_share',
    label: { en: 'Share of revenue', ru: 'Доля выручки' },
    kind: 'percent',
    chart: 'bar',
    description: { en: 'of the revenue of all these customers', ru: 'от выручки всех этих клиентов' },
  },
  {
    name: 'aov',
    label: { en: 'AOV', ru: 'Средний чек' },
    kind: 'money',
    description: { en: 'revenue / orders', ru: 'выручка / заказы' },
  },
  {
    name: 'mean_recency',
    label: { en: 'Mean recency, days', ru: 'Давность, дней, в среднем' },
    kind: 'days',
    description: {
      en: 'days from the last order to the as-of date',
      ru: 'дней от последнего заказа до даты отчёта',
    },
  },
  {
    name: 'mean_frequency',
    label: { en: 'Mean orders', ru: 'Заказов в среднем' },
    kind: 'ratio',
    description: { en: 'orders per customer', ru: 'заказов на клиента' },
  },
  {
    name: 'mean_monetary',
    label: { en: 'Mean monetary', ru: 'Сумма в среднем' },
    kind: 'money',
    description: {
      en: 'revenue per customer, or with --monetary average the mean of their revenue per order',
      ru: 'выручка на клиента, а с --monetary average средняя их выручка на заказ',
    },
  },
];

function figuresOf(monetary: RfmOptions['monetary']): Sql {
  return sql`count(*) as customers,
    100.0 * count(*) / nullif(sum(count(*)) over (), 0) as customers_share,
    cast(sum(revenue) as decimal(38,4)) as revenue,
    case when sum(sum(revenue)) over () > 0
      then 100.0 * cast(sum(revenue) as double) / cast(sum(sum(revenue)) over () as double) end as revenue_share,
    cast(round(cast(sum(revenue) as double) / sum(orders), 4) as decimal(38,4)) as aov,
    avg(cast(recency_days as double)) as mean_recency,
    cast(sum(orders) as double) / count(*) as mean_frequency,
    cast(round(avg(cast(${measureValue('monetary', monetary)} as double)), 4) as decimal(38,4)) as mean_monetary`;
}

/** Figures that a terminal shows in a table of their own, so that there is room for bars. */
function isMean(name: string): boolean {
  return name === 'aov' || name.startsWith('mean_');
}

const kindOf = new Map(figures.map(({ name, kind }) => [name, kind]));

/** Figures of a row of the engine: money as exact text, the rest as numbers. */
function cells(row: Row | undefined): Cell[] {
  return figures.map(({ name }) => {
    const cell = row?.[name] ?? null;
    if (cell === null) return name === 'customers' ? 0 : null;
    return kindOf.get(name) === 'money' ? String(cell) : Number(cell);
  });
}

/**
 * Table segments: customers, revenue and means of each segment, best first, and what to do with it; a segment that
 * nobody is in has a row too. Tables as `rfmScores` is given them.
 */
export async function segmentTable(
  engine: Engine,
  options: RfmOptions,
  tables: RfmTables,
  names: { readonly name: string; readonly title: Text; readonly onlyOn?: 'file' },
): Promise<ResultTable<Content>> {
  const rows = await engine.query(sql`
    select segment, ${figuresOf(options.monetary)}
    from ${raw(tables.rfm)} join ${raw(tables.customers)} using (customer_id) group by segment order by segment`);
  const bySegment = new Map(rows.map((row) => [String(row.segment), row]));
  const segments = segmentsOf(options.map, options.bins);
  const hasShares = rows.every((row) => row.revenue_share !== null);
  const nobody = { customers_share: 0, revenue: '0', revenue_share: hasShares ? 0 : null };
  return {
    ...names,
    grain: 'segment',
    columns: [
      {
        name: 'segment',
        label: { en: 'Segment', ru: 'Сегмент' },
        kind: 'text',
        values: segmentLabels(segments),
      },
      ...figures.map((column): Column => (isMean(column.name) ? { ...column, onlyOn: 'file' } : column)),
      { name: 'action', label: { en: 'What to do', ru: 'Что делать' }, kind: 'text', onlyOn: 'file' },
    ],
    rows: segments.map(({ code, action }) => {
      const row = bySegment.get(code);
      return [code, ...cells(row ?? nobody), action];
    }),
    notes: [
      ...(segments.some(({ code }) => !bySegment.has(code))
        ? [
            {
              en: 'A segment without customers has no AOV and no means.',
              ru: 'У сегмента без клиентов нет среднего чека и средних.',
            },
          ]
        : []),
      ...(hasShares
        ? []
        : [
            {
              en: 'No shares of revenue: it is not above zero in all.',
              ru: 'Долей выручки нет: в сумме она не больше нуля.',
            },
          ]),
    ],
  };
}

/** Table total: the same figures of all customers together, in one row. */
export async function totalTable(
  engine: Engine,
  { monetary }: RfmOptions,
  { customers: table }: RfmTables,
): Promise<ResultTable> {
  const columns = figures
    .filter(({ name }) => !name.endsWith('_share'))
    .map(({ chart, ...column }) => column);
  const [row] = await engine.query(
    sql`select ${figuresOf(monetary)}, sum(orders) as orders from ${raw(table)}`,
  );
  const values = new Map(figures.map(({ name }, index) => [name, cells(row)[index]!]));
  return {
    name: 'total',
    title: { en: 'All customers with an order', ru: 'Все клиенты с заказами' },
    grain: 'base',
    columns: [
      columns[0]!,
      { name: 'orders', label: { en: 'Orders', ru: 'Заказы' }, kind: 'integer' },
      ...columns.slice(1),
    ],
    rows: [
      [
        values.get('customers')!,
        Number(row?.orders ?? 0),
        ...columns.slice(1).map(({ name }) => values.get(name)!),
      ],
    ],
    notes: [],
  };
}

/**
 * For the terminal, where the segments' table has no room for them: tables means and actions, of the segments that
 * have customers.
 */
export function terminalTables(segments: ResultTable<Content>): ResultTable<Content>[] {
  const at = (name: string) => segments.columns.findIndex((column) => column.name === name);
  const isThere = (row: readonly Content[]) => row[at('customers')] !== 0;
  const part = (name: string, title: Text, columns: readonly string[]): ResultTable<Content> => ({
    name,
    title,
    grain: 'segment',
    columns: ['segment', ...columns].map((column) => {
      const { onlyOn, ...shown } = segments.columns[at(column)]!;
      // Text in a column of codes is broken, not cut.
      return column === 'action' ? { ...shown, values: {} } : shown;
    }),
    rows: segments.rows
      .filter(isThere)
      .filter((row) => columns.some((column) => row[at(column)] !== null))
      .map((row) => ['segment', ...columns].map((column) => row[at(column)]!)),
    notes: [],
    onlyOn: 'terminal',
  });
  return [
    part(
      'means',
      { en: 'Means of the segments', ru: 'Средние по сегментам' },
      figures.map(({ name }) => name).filter(isMean),
    ),
    part('actions', { en: 'What to do', ru: 'Что делать' }, ['action']),
  ];
}
