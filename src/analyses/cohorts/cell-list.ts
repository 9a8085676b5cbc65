import type { Cell, Column, ResultTable } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { sql } from '../../sql/sql.js';
import type { RfmOptions } from '../rfm/scores.js';
import type { CohortSplit } from './choices.js';
import { splitLabels, splitValues } from './splits.js';
import { type Calendar, stepWords } from './steps.js';

/** Every cell of the triangles with all its figures, for programs and pivot tables, from table int_cohort_cells. */
export async function cellList(
  engine: Engine,
  calendar: Calendar,
  split: CohortSplit | undefined,
  rfm: RfmOptions,
): Promise<ResultTable> {
  const rows = await engine.query(sql`
    select split, cohort, period, customers, active_customers,
      100.0 * active_customers / customers as share, orders, revenue, ltv, is_complete
    from int_cohort_cells order by split, cohort, period`);
  const of: Column[] =
    split === undefined
      ? []
      : [{ name: split, label: splitLabels[split], kind: 'text', values: splitValues(split, rfm) }];
  return {
    name: 'cohort_cells',
    title: { en: 'Cohorts: every cell', ru: 'Когорты: все ячейки' },
    grain: `${split === undefined ? '' : `${split}, `}cohort and period`,
    onlyOn: 'file',
    columns: [
      ...of,
      { name: 'cohort', label: { en: 'Cohort', ru: 'Когорта' }, kind: 'text' },
      { name: 'period', label: stepNumber(calendar), kind: 'integer' },
      { name: 'calendar_period', label: { en: 'Period', ru: 'Период' }, kind: 'text' },
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
      { name: 'active_customers', label: { en: 'Ordered', ru: 'Купили' }, kind: 'integer' },
      { name: 'share', label: { en: 'Share', ru: 'Доля' }, kind: 'percent' },
      { name: 'orders', label: { en: 'Orders', ru: 'Заказы' }, kind: 'integer' },
      { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
      { name: 'ltv', label: { en: 'LTV to date', ru: 'LTV на дату' }, kind: 'money' },
      { name: 'complete', label: { en: 'Complete', ru: 'Полный' }, kind: 'boolean' },
    ],
    rows: rows.map((row): Cell[] => [
      ...(split === undefined ? [] : [row.split === '' ? null : row.split!]),
      calendar.periods[Number(row.cohort)]!.name,
      row.period!,
      calendar.periods[Number(row.cohort) + Number(row.period)]!.name,
      Number(row.customers),
      Number(row.active_customers),
      Number(row.share),
      Number(row.orders),
      row.revenue!,
      row.ltv!,
      row.is_complete!,
    ]),
    notes: [],
  };
}

function stepNumber({ step }: Calendar): Column['label'] {
  const { one } = stepWords[step];
  return { en: `Nth ${one.en}`, ru: `№ (${one.ru})` };
}
