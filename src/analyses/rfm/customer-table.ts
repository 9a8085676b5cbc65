import type { Column, ResultTable } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { join, raw, sql } from '../../sql/sql.js';
import { segmentsOf } from './maps.js';
import { tablesThen } from './movement.js';
import { measureValue, type RfmOptions, rfmTables } from './scores.js';
import { segmentLabels } from './segment-table.js';

const terminalRows = 20;

/** Table customers: everybody with their measures, scores and segment, best segment first, in it by revenue. */
export async function customerTable(
  engine: Engine,
  options: RfmOptions,
  has: { readonly contacts: boolean; readonly previous: boolean },
): Promise<ResultTable> {
  const segments = segmentsOf(options.map, options.bins);
  const values = segmentLabels(segments);
  const columns: Column[] = [
    { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text' },
    ...(has.contacts
      ? ([
          { name: 'name', label: { en: 'Name', ru: 'Имя' }, kind: 'text' },
          { name: 'email', label: { en: 'E-mail', ru: 'Почта' }, kind: 'text' },
          { name: 'phone', label: { en: 'Phone', ru: 'Телефон' }, kind: 'text' },
        ] as const)
      : []),
    { name: 'recency_days', label: { en: 'Recency, days', ru: 'Давность, дней' }, kind: 'days' },
    { name: 'frequency', label: { en: 'Orders', ru: 'Заказы' }, kind: 'integer' },
    {
      name: 'monetary',
      label:
        options.monetary === 'total'
          ? { en: 'Revenue', ru: 'Выручка' }
          : { en: 'Revenue per order', ru: 'Выручка на заказ' },
      kind: 'money',
    },
    { name: 'recency_score', label: { en: 'R', ru: 'R' }, kind: 'integer' },
    { name: 'frequency_score', label: { en: 'F', ru: 'F' }, kind: 'integer' },
    { name: 'monetary_score', label: { en: 'M', ru: 'M' }, kind: 'integer' },
    { name: 'segment', label: { en: 'Segment', ru: 'Сегмент' }, kind: 'text', values },
    ...(has.previous
      ? ([
          {
            name: 'previous_segment',
            label: { en: 'Segment then', ru: 'Сегмент тогда' },
            kind: 'text',
            values,
          },
        ] as const)
      : []),
  ];
  const positions = segments.map(({ code }, index) => sql`(${code}, ${raw(String(index))})`);
  const rows = await engine.query(sql`
    select customer_id, ${raw(has.contacts ? 'c.name, c.email, c.phone,' : '')}
      f.recency_days, f.orders as frequency, ${measureValue('monetary', options.monetary)} as monetary,
      r.recency_score, r.frequency_score, r.monetary_score, r.segment
      ${raw(has.previous ? ', t.segment as previous_segment' : '')}
    from ${raw(rfmTables.customers)} f join ${raw(rfmTables.rfm)} r using (customer_id)
    join (values ${join(positions, ', ')}) as p (segment, position) on p.segment = r.segment
    ${raw(has.contacts ? 'left join stg_customers c using (customer_id)' : '')}
    ${raw(has.previous ? `left join ${tablesThen.rfm} t using (customer_id)` : '')}
    order by p.position, f.revenue desc, customer_id`);
  return {
    name: 'customers',
    title: { en: 'Customers', ru: 'Клиенты' },
    grain: 'customer',
    columns,
    rows: rows.map((row) =>
      columns.map(({ name, kind }) => {
        const cell = row[name] ?? null;
        return cell === null || kind === 'text' || kind === 'money' ? cell : Number(cell);
      }),
    ),
    terminalRows,
    notes: has.previous
      ? [
          {
            en: 'No segment then: the first order came later.',
            ru: 'Без сегмента тогда: первый заказ сделан позже.',
          },
        ]
      : [],
  };
}
