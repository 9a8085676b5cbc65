import type { Cell, Column, Content, ResultTable } from '../../core/table.js';
import { sayCount, type Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import { segmentsOf } from './maps.js';
import { type RfmOptions, type RfmTables, rfmTables } from './scores.js';
import { segmentLabels } from './segment-table.js';

/** The tables of an earlier day. */
export const tablesThen: RfmTables = { customers: 'int_customers_then', rfm: 'int_rfm_then' };

/** In place of a segment: no order yet. */
const notYet = 'not_yet';
const notYetLabel: Text = { en: 'No order yet', ru: 'Ещё без заказов' };
const totalLabel: Text = { en: 'Total', ru: 'Всего' };

/** Movers that are listed; --customers lists everybody. */
const mostMovers = 100;
const terminalMovers = 10;
const terminalMoves = 15;

/**
 * Makes table int_moves, one row per pair of segments, then and now: from_segment, to_segment ('not_yet' for those
 * without an order), customers, revenue_then, revenue_now. Customers of the customers file who have never ordered
 * stay 'not_yet'.
 * @throws Error where its sums are not those of the segments: a fault of ours
 */
export async function computeMoves(
  engine: Engine,
  options: { readonly customersFile: boolean },
): Promise<void> {
  const [now, then] = [rfmTables, tablesThen];
  await engine.run(sql`
    create table int_moves as
    select coalesce(t.segment, ${notYet}) as from_segment, coalesce(n.segment, ${notYet}) as to_segment,
      count(*) as customers, cast(sum(coalesce(t.revenue, 0)) as decimal(38,4)) as revenue_then,
      cast(sum(coalesce(n.revenue, 0)) as decimal(38,4)) as revenue_now
    from (
      select customer_id, segment, revenue from ${raw(now.rfm)} join ${raw(now.customers)} using (customer_id)
    ) as n
    full join (
      select customer_id, segment, revenue from ${raw(then.rfm)} join ${raw(then.customers)} using (customer_id)
    ) as t on t.customer_id = n.customer_id
    group by 1, 2`);
  if (options.customersFile) {
    await engine.run(sql`
      insert into int_moves
      select ${notYet}, ${notYet}, count(*), 0, 0
      from stg_customers c left join ${raw(now.customers)} n on n.customer_id = c.customer_id
      where n.customer_id is null having count(*) > 0`);
  }
  for (const [side, revenue, tables] of [
    ['to_segment', 'revenue_now', now],
    ['from_segment', 'revenue_then', then],
  ] as const) {
    const wrong = await engine.query(sql`
      select segment, moved.customers, whole.customers as expected, moved.revenue, whole.revenue as expected_revenue
      from (
        select ${raw(side)} as segment, sum(customers) as customers, sum(${raw(revenue)}) as revenue
        from int_moves where ${raw(side)} <> ${notYet} group by 1
      ) as moved
      full join (
        select segment, count(*) as customers, sum(revenue) as revenue
        from ${raw(tables.rfm)} join ${raw(tables.customers)} using (customer_id) group by segment
      ) as whole using (segment)
      where moved.customers is distinct from whole.customers or moved.revenue is distinct from whole.revenue`);
    if (wrong.length > 0)
      throw new Error(`movement does not sum to the segments: ${JSON.stringify(wrong[0])}`);
  }
}

/** One move, from table int_moves. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly customers: number;
  readonly revenueThen: string;
  readonly revenueNow: string;
}

/**
 * Tables movement (matrix of customers, a row per segment then, a column per segment now), movement_revenue (the
 * same of revenue now), moves (one row per pair of segments) and moved (customers of most revenue whose segment is
 * another than then).
 */
export async function movementTables(
  engine: Engine,
  options: RfmOptions,
  people: { readonly names: boolean },
): Promise<ResultTable<Content>[]> {
  const rows = await engine.query(sql`
    select from_segment, to_segment, customers, revenue_then, revenue_now from int_moves
    order by customers desc, from_segment, to_segment`);
  const moves = rows.map(
    (row): Move => ({
      from: String(row.from_segment),
      to: String(row.to_segment),
      customers: Number(row.customers),
      revenueThen: String(row.revenue_then),
      revenueNow: String(row.revenue_now),
    }),
  );
  const totals = await engine.query(sql`
    select from_segment, to_segment, sum(customers) as customers, cast(sum(revenue_now) as decimal(38,4)) as revenue
    from int_moves group by grouping sets ((from_segment), (to_segment), ())`);
  const totalOf = (from: string | null, to: string | null) =>
    totals.find((row) => row.from_segment === from && row.to_segment === to);
  const segments = segmentsOf(options.map, options.bins);
  const codes = [...segments.map(({ code }) => code), notYet];
  const labels: Record<string, Text> = { ...segmentLabels(segments), [notYet]: notYetLabel };
  const names = columnNames(codes);

  const isThere = (code: string) => moves.some(({ from, to }) => from === code || to === code);

  const matrix = (
    table: Pick<ResultTable, 'name' | 'title' | 'notes' | 'onlyOn'>,
    kind: 'integer' | 'money',
  ): ResultTable => {
    // A terminal has no room for those that nobody is or was in.
    const shown = table.onlyOn === 'terminal' ? codes.filter(isThere) : codes;
    const value = (customers: unknown, revenue: unknown): Cell =>
      kind === 'integer' ? Number(customers ?? 0) : String(revenue ?? '0');
    const cell = (from: string, to: string) => {
      const move = moves.find((one) => one.from === from && one.to === to);
      return value(move?.customers, move?.revenueNow);
    };
    const total = (from: string | null, to: string | null) => {
      const row = totalOf(from, to);
      return value(row?.customers, row?.revenue);
    };
    return {
      ...table,
      grain: 'segment then',
      columns: [
        {
          name: 'from_segment',
          label: { en: 'Then ↓ Now →', ru: 'Было ↓ Стало →' },
          kind: 'text',
          values: { ...labels, total: totalLabel },
        },
        ...shown.map((code): Column => ({ name: names.get(code)!, label: labels[code]!, kind })),
        { name: 'total', label: totalLabel, kind },
      ],
      rows: [
        ...shown.map((from) => [from, ...shown.map((to) => cell(from, to)), total(from, null)]),
        ['total', ...shown.map((to) => total(null, to)), total(null, null)],
      ],
      totalRows: 1,
    };
  };

  const ofCustomers = {
    name: 'movement',
    title: { en: 'Movement of customers', ru: 'Движение клиентов' },
    notes: [
      {
        en: 'A row is the segment then, a column the segment now. No order yet: newcomers in the row; in the column customers of the customers file who have never ordered.',
        ru: 'Строка: сегмент тогда, столбец: сегмент сейчас. Ещё без заказов: в строке новички; в столбце клиенты из файла клиентов, которые ничего не заказали.',
      },
    ],
  };
  const list = (table: Pick<ResultTable, 'title' | 'onlyOn'>, rows: readonly Move[]): ResultTable => ({
    ...table,
    name: 'moves',
    grain: 'pair of segments',
    columns: [
      { name: 'from_segment', label: { en: 'Then', ru: 'Было' }, kind: 'text', values: labels },
      { name: 'to_segment', label: { en: 'Now', ru: 'Стало' }, kind: 'text', values: labels },
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer', chart: 'bar' },
      { name: 'revenue_then', label: { en: 'Revenue then', ru: 'Выручка тогда' }, kind: 'money' },
      { name: 'revenue_now', label: { en: 'Revenue now', ru: 'Выручка сейчас' }, kind: 'money' },
    ],
    rows: rows.map((move) => [move.from, move.to, move.customers, move.revenueThen, move.revenueNow]),
    terminalRows: terminalMoves,
    notes: [],
  });
  return [
    matrix({ ...ofCustomers, onlyOn: 'terminal' }, 'integer'),
    matrix({ ...ofCustomers, onlyOn: 'file' }, 'integer'),
    matrix(
      {
        name: 'movement_revenue',
        title: { en: 'Movement: revenue now', ru: 'Движение: выручка сейчас' },
        notes: [],
        onlyOn: 'file',
      },
      'money',
    ),
    list(
      {
        title: { en: 'Changes of segment, largest first', ru: 'Смена сегмента, сначала крупная' },
        onlyOn: 'terminal',
      },
      moves.filter(({ from, to }) => from !== to),
    ),
    list({ title: { en: 'Moves between segments', ru: 'Переходы между сегментами' }, onlyOn: 'file' }, moves),
    await movedTable(engine, labels, moves, people),
  ];
}

async function movedTable(
  engine: Engine,
  labels: Readonly<Record<string, Text>>,
  moves: readonly Move[],
  { names }: { readonly names: boolean },
): Promise<ResultTable> {
  const rows = await engine.query(sql`
    select customer_id, ${raw(names ? 'c.name' : 'cast(null as varchar)')} as name, t.segment as from_segment,
      n.segment as to_segment, f.last_on, f.orders, f.revenue
    from ${raw(rfmTables.rfm)} n join ${raw(tablesThen.rfm)} t using (customer_id)
    join ${raw(rfmTables.customers)} f using (customer_id)
    ${raw(names ? 'left join stg_customers c using (customer_id)' : '')}
    where n.segment <> t.segment
    order by f.revenue desc, customer_id limit ${raw(String(mostMovers))}`);
  const [counted] = await engine.query(sql`
    select cast(coalesce(sum(customers), 0) as bigint) as moved from int_moves
    where from_segment <> to_segment and from_segment <> ${notYet} and to_segment <> ${notYet}`);
  const moved = sayCount(Number(counted?.moved));
  const stayed = moves.some(({ from, to }) => from === to && from !== notYet);
  const all: Text = {
    en: `Customers in another segment than then: ${moved.en}${stayed ? '' : ', all of them'}.`,
    ru: `Клиентов, которые сменили сегмент: ${moved.ru}${stayed ? '' : ', то есть все'}.`,
  };
  return {
    name: 'moved',
    title: { en: 'Who moved, of most revenue first', ru: 'Кто перешёл, сначала с большей выручкой' },
    grain: 'customer',
    columns: [
      { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text' },
      ...(names ? [{ name: 'name', label: { en: 'Name', ru: 'Имя' }, kind: 'text' } as const] : []),
      { name: 'from_segment', label: { en: 'Then', ru: 'Было' }, kind: 'text', values: labels },
      { name: 'to_segment', label: { en: 'Now', ru: 'Стало' }, kind: 'text', values: labels },
      { name: 'last_on', label: { en: 'Last order', ru: 'Последний заказ' }, kind: 'date' },
      { name: 'orders', label: { en: 'Orders', ru: 'Заказы' }, kind: 'integer' },
      { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
    ],
    rows: rows.map((row) => [
      String(row.customer_id),
      ...(names ? [row.name ?? null] : []),
      String(row.from_segment),
      String(row.to_segment),
      row.last_on ?? null,
      Number(row.orders),
      String(row.revenue),
    ]),
    terminalRows: terminalMovers,
    notes: [
      {
        en: `${all.en} At most ${mostMovers} are listed here; --customers lists everybody, with both segments.`,
        ru: `${all.ru} Здесь не больше ${mostMovers}; --customers перечисляет всех, с обоими сегментами.`,
        inReport: {
          en: `${all.en} At most ${mostMovers} are listed here.`,
          ru: `${all.ru} Здесь не больше ${mostMovers}.`,
        },
      },
    ],
  };
}

/** Names of columns by the codes of segments: snake_case, and no two alike. */
function columnNames(codes: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const code of codes) {
    const plain = `to_${code
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}]+/gu, '_')
      .replace(/_+$/, '')}`;
    names.set(code, [...names.values()].includes(plain) ? `${plain}_${names.size + 1}` : plain);
  }
  return names;
}
