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
