import type { Figure, ResultTable } from '../../core/table.js';
import { cohortsOf } from '../cohorts.js';
import { withFullLabels } from './full-labels.js';
import { withoutOrders } from './missing.js';
import type { ReportPart } from './part.js';
import { prefixed } from './prefixed.js';

const cohorts = {
  name: 'cohorts',
  title: { en: 'Cohorts', ru: 'Когорты' },
  about: {
    en: 'How many of the customers of each month order again in the months after it',
    ru: 'Сколько клиентов каждого месяца заказывают снова в следующие месяцы',
  },
};
const repeats = {
  name: 'repeats',
  title: { en: 'Repeat orders', ru: 'Повторные заказы' },
  about: { en: 'When customers come back', ru: 'Когда клиенты возвращаются' },
};

/** As `retain cohorts` does without options. */
const usual = { by: 'month', measure: 'share', split: undefined, periods: undefined, order: 4 } as const;

/** Cohorts that are drawn, the average of all included. */
const curves = 7;

/** The retention triangle, and the time from one order to the next. */
export const cohortsPart: ReportPart = {
  name: 'cohorts',
  chapters: [cohorts, repeats],
  missing: withoutOrders,
  async make({ engine, base, request }) {
    const report = await cohortsOf(
      engine,
      base,
      { ...usual, rfm: request.rfm, currency: request.currency },
      [],
    );
    const tables = report.tables.filter(
      ({ name, onlyOn }) => name !== 'cohort_cells' && onlyOn !== 'terminal',
    );
    const [triangle, ...others] = tables;
    return {
      chapters: [
        { ...cohorts, tables: [{ ...inWholePercent(triangle!), figures: curvesOf(triangle!) }] },
        { ...repeats, tables: prefixed('cohorts', others.map(withFullLabels)) },
      ],
      notices: report.notices,
    };
  },
};

/** A map of months side by side has no room for more. */
function inWholePercent(triangle: ResultTable): ResultTable {
  return {
    ...triangle,
    columns: triangle.columns.map((column) =>
      column.name.startsWith('period_') ? { ...column, digits: 0 } : column,
    ),
  };
}

function curvesOf({ columns, rows }: ResultTable): Figure[] {
  const periods = columns.map(({ name }) => name).filter((name) => /^period_[1-9]/.test(name));
  // Where nobody came back all curves lie on zero.
  const isFlat = columns.every(
    ({ name }, index) => !periods.includes(name) || rows.every((row) => !Number(row[index])),
  );
  if (periods.length < 2 || rows.length < 2 || isFlat) return [];
  return [
    {
      name: 'cohort_curves',
      title: {
        en: 'Customers who ordered, by months after the first order',
        ru: 'Доля заказавших по месяцам после первого заказа',
      },
      kind: 'curves',
      rows: 'cohort',
      figures: periods,
      most: curves,
    },
  ];
}
