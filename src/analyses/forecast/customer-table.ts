import type { Cell, Column, ResultTable } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import type { ForecastTables } from './repeat-forecast.js';

const terminalRows = 20;

/** Every customer with what is expected of them, most valuable first. */
export async function customerTable(engine: Engine, tables: ForecastTables): Promise<ResultTable> {
  const columns: Column[] = [
    { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text' },
    { name: 'orders', label: { en: 'Orders', ru: 'Заказы' }, kind: 'integer' },
    { name: 'last_on', label: { en: 'Last order', ru: 'Последний заказ' }, kind: 'date' },
    { name: 'probability_alive', label: { en: 'P(alive)', ru: 'P(жив)' }, kind: 'ratio', digits: 3 },
    { name: 'expected_purchases', label: { en: 'Purchases', ru: 'Покупки' }, kind: 'ratio', digits: 2 },
    { name: 'expected_value', label: { en: 'Purchase value', ru: 'Сумма покупки' }, kind: 'money' },
    { name: 'ltv_predicted', label: { en: 'Predicted LTV', ru: 'Прогноз LTV' }, kind: 'money' },
  ];
  const rows = await engine.query(sql`
    select f.customer_id, c.orders, c.last_on, cast(f.probability_alive as double) as probability_alive,
      cast(f.expected_purchases as double) as expected_purchases, cast(f.purchase_value as decimal(38,2)) as expected_value,
      cast(f.ltv as decimal(38,2)) as ltv_predicted
    from ${raw(tables.forecast)} f join ${raw(tables.customers)} c on c.customer_id = f.customer_id
    order by f.ltv desc, f.customer_id`);
  return {
    name: 'customers',
    title: { en: 'Customers', ru: 'Клиенты' },
    grain: 'customer',
    columns,
    rows: rows.map((row) => columns.map(({ name }): Cell => row[name] ?? null)),
    terminalRows,
    notes: [],
  };
}
