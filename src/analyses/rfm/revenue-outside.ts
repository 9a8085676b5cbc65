import type { ResultTable } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import { rfmTables } from './scores.js';

/**
 * Table revenue: where the revenue of the data is that no segment has, and that with the segments' it is all of it;
 * null where the segments have all.
 */
export async function revenueOutside(engine: Engine): Promise<ResultTable | null> {
  const [row] = await engine.query(sql`
    select inside, nameless, whole, cast(whole - nameless - inside as decimal(38,4)) as without_order,
      whole - inside <> 0 or nameless <> 0 as differs
    from (
      select cast(coalesce(sum(revenue), 0) as decimal(38,4)) as whole,
        cast(coalesce(sum(case when customer_id is null then revenue end), 0) as decimal(38,4)) as nameless
      from int_orders
    ) as orders
    cross join (
      select cast(coalesce(sum(revenue), 0) as decimal(38,4)) as inside from ${raw(rfmTables.customers)}
    ) as segments`);
  if (row?.differs !== true) return null;
  return {
    name: 'revenue',
    title: { en: 'All revenue', ru: 'Вся выручка' },
    grain: 'part of the revenue',
    columns: [
      {
        name: 'part',
        label: { en: 'Of', ru: 'Чья' },
        kind: 'text',
        values: {
          segments: { en: 'customers in segments', ru: 'клиенты в сегментах' },
          no_customer: { en: 'rows without a customer', ru: 'строки без клиента' },
          no_order: {
            en: 'customers of whom only returns are left',
            ru: 'клиенты, от которых остались одни возвраты',
          },
          total: { en: 'all', ru: 'всего' },
        },
      },
      { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
    ],
    rows: [
      ['segments', String(row.inside)],
      ...(Number(row.nameless) === 0 ? [] : [['no_customer', String(row.nameless)]]),
      ...(Number(row.without_order) === 0 ? [] : [['no_order', String(row.without_order)]]),
      ['total', String(row.whole)],
    ],
    totalRows: 1,
    notes: [],
  };
}
