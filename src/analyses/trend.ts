import type { Column, ResultTable } from '../core/table.js';
import type { Engine } from '../engines/engine.js';
import { sql } from '../sql/sql.js';
import { kpis } from './kpi.js';
import { measure } from './kpis.js';
import type { NamedPeriod } from './period-figures.js';

const prefix = 'trend:';

/** Ids under which the periods of a trend are computed beside the others. */
export function trendPeriods(periods: readonly NamedPeriod['period'][]): NamedPeriod[] {
  return periods.map((period) => ({ id: `${prefix}${period.name}`, period }));
}

/** One row per period with every KPI, from table int_kpis. KPIs that no row has are left to JSON and CSV. */
export async function trendTable(
  engine: Engine,
  isComplete: (period: { from: string; to: string }) => boolean,
): Promise<ResultTable> {
  const rows = await engine.query(
    sql`select * from int_kpis where substr(period_id, 1, ${prefix.length}) = ${prefix} order by position`,
  );
  const columns: Column[] = [
    { name: 'period', label: { en: 'Period', ru: 'Период' }, kind: 'text' },
    ...kpis.map((kpi) => ({
      name: kpi.id,
      label: kpi.label,
      kind: kpi.unit,
      machineOnly: rows.every((row) => row[kpi.id] === null),
    })),
    { name: 'complete', label: { en: 'Complete', ru: 'Полный' }, kind: 'boolean', machineOnly: true },
  ];
  const partial = rows.filter((row) => !isComplete({ from: String(row.starts_on), to: String(row.ends_on) }));
  const names = partial.map((row) => String(row.period_id).slice(prefix.length)).join(', ');
  return {
    name: 'trend',
    title: { en: 'Trend', ru: 'Динамика' },
    grain: 'period',
    columns,
    rows: rows.map((row) => [
      String(row.period_id).slice(prefix.length),
      ...kpis.map((kpi) => (row[kpi.id] == null ? null : measure(String(row[kpi.id]), kpi.unit))),
      !partial.includes(row),
    ]),
    notes:
      partial.length === 0
        ? []
        : [
            {
              en: `The data do not cover all days of ${names}.`,
              ru: `Данные покрывают не все дни периодов: ${names}.`,
            },
          ],
  };
}

/**
 * Each KPI over the whole periods of a trend in one line: a sparkline, first and last, lowest and highest. For a
 * terminal, where a trend is a wide table; undefined where fewer than two periods are whole.
 */
export function trendAtAGlance(trend: ResultTable): ResultTable | undefined {
  const position = (name: string) => trend.columns.findIndex((column) => column.name === name);
  const whole = trend.rows.filter((row) => row[position('complete')] === true);
  if (whole.length < 2) return undefined;
  const [first, last] = [whole[0]!, whole.at(-1)!].map((row) => String(row[position('period')]));
  const value = (name: string, label: Column['label']): Column => ({
    name,
    label,
    kind: 'measure',
    unitColumn: 'unit',
  });
  return {
    name: 'trend_at_a_glance',
    title: {
      en: `Trend at a glance, ${first} to ${last}`,
      ru: `Динамика одним взглядом, ${first} – ${last}`,
    },
    grain: 'KPI',
    onlyOn: 'terminal',
    columns: [
      {
        name: 'kpi',
        label: { en: 'KPI', ru: 'Показатель' },
        kind: 'text',
        values: Object.fromEntries(kpis.map((kpi) => [kpi.id, kpi.label])),
      },
      { name: 'line', label: { en: 'Trend', ru: 'Динамика' }, kind: 'text', chart: 'sparkline' },
      value('first', { en: 'First', ru: 'Первое' }),
      value('last', { en: 'Last', ru: 'Последнее' }),
      value('lowest', { en: 'Lowest', ru: 'Наименьшее' }),
      value('highest', { en: 'Highest', ru: 'Наибольшее' }),
      { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
    ],
    rows: kpis.flatMap(({ id, unit }) => {
      const values = whole.map((row) => row[position(id)] ?? null);
      const known = values.filter((cell) => cell !== null);
      if (known.length === 0) return [];
      const ordered = known.toSorted((a, b) => Number(a) - Number(b));
      const line = values.map((cell) => cell ?? '-').join(' ');
      return [[id, line, values[0]!, values.at(-1)!, ordered[0]!, ordered.at(-1)!, unit]];
    }),
    notes:
      whole.length === trend.rows.length
        ? []
        : [
            {
              en: 'Periods that the data do not cover whole are left out.',
              ru: 'Без периодов, которые данные покрывают не целиком.',
            },
          ],
  };
}
