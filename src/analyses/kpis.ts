import type { Cell, Column, ResultTable, Unit } from '../core/table.js';
import type { Text } from '../core/text.js';
import type { Engine } from '../engines/engine.js';
import { raw, sql } from '../sql/sql.js';
import { type Kpi, kpis, reasons } from './kpi.js';

/** Ids of the periods that table kpis compares. */
export const comparedPeriods = ['value', 'previous', 'year_ago'] as const;

const columns: readonly Column[] = [
  {
    name: 'kpi',
    label: { en: 'KPI', ru: 'Показатель' },
    kind: 'text',
    values: Object.fromEntries(kpis.map((kpi) => [kpi.id, kpi.label])),
  },
  { name: 'value', label: { en: 'Value', ru: 'Значение' }, kind: 'measure', unitColumn: 'unit' },
  { name: 'previous', label: { en: 'Previous', ru: 'До этого' }, kind: 'measure', unitColumn: 'unit' },
  { name: 'change', label: { en: 'Change', ru: 'Изменение' }, kind: 'change', unitColumn: 'unit' },
  { name: 'year_ago', label: { en: 'Year ago', ru: 'Год назад' }, kind: 'measure', unitColumn: 'unit' },
  { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
  { name: 'reason', label: { en: 'Why empty', ru: 'Почему пусто' }, kind: 'text', machineOnly: true },
];

/** Every KPI of the period against the period before and the same a year earlier, from table int_kpis. */
export async function kpiTable(engine: Engine): Promise<ResultTable> {
  // One row: each KPI of each period, and its change from the previous one.
  const [found] = await engine.query(sql`
    select ${raw(kpis.map((kpi) => comparison(kpi)).join(',\n      '))}
    from int_kpis v, int_kpis p, int_kpis y
    where v.period_id = 'value' and p.period_id = 'previous' and y.period_id = 'year_ago'`);
  const rows = kpis.map(({ id }) => {
    const cell = (name: string) => found![`${id}_${name}`] ?? null;
    return {
      kpi: id,
      value: cell('value'),
      previous: cell('previous'),
      year_ago: cell('year_ago'),
      change: cell('change'),
      reason: cell('reason'),
      previous_reason: cell('previous_reason'),
      year_ago_reason: cell('year_ago_reason'),
    };
  });
  const unitOf = new Map(kpis.map((kpi) => [kpi.id, kpi.unit]));
  return {
    name: 'kpis',
    title: { en: 'KPIs', ru: 'Показатели' },
    grain: 'KPI',
    columns,
    rows: rows.map((row) => {
      const unit = unitOf.get(String(row.kpi))!;
      return [
        row.kpi,
        measure(row.value, unit),
        measure(row.previous, unit),
        row.change ?? null,
        measure(row.year_ago, unit),
        unit,
        row.reason ?? null,
      ];
    }),
    notes: [
      ...whyEmpty(
        rows.map((row) => [String(row.kpi), row.reason as string | null]),
        { en: '', ru: '' },
      ),
      ...whyEmpty(
        rows
          .filter((row) => row.previous_reason !== row.reason)
          .map((row) => [String(row.kpi), row.previous_reason as string | null]),
        { en: 'Previous: ', ru: 'До этого: ' },
      ),
      ...whyEmpty(
        rows
          .filter((row) => row.year_ago_reason !== row.reason)
          .map((row) => [String(row.kpi), row.year_ago_reason as string | null]),
        { en: 'Year ago: ', ru: 'Год назад: ' },
      ),
    ],
  };
}

function comparison({ id, unit }: Kpi): string {
  const [value, before] = [`cast(v.${id} as double)`, `cast(p.${id} as double)`];
  // Of nothing, or of less than nothing, there are no percent.
  const change =
    unit === 'percent'
      ? `${value} - ${before}`
      : `100.0 * (${value} - ${before}) / case when ${before} > 0 then ${before} end`;
  return `v.${id} as ${id}_value, p.${id} as ${id}_previous, y.${id} as ${id}_year_ago, ${change} as ${id}_change,
      v.${id}_reason as ${id}_reason, p.${id}_reason as ${id}_previous_reason, y.${id}_reason as ${id}_year_ago_reason`;
}

/** Money stays exact text; other units are numbers. */
export function measure(text: Cell, unit: Unit): Cell {
  return text === null || unit === 'money' ? text : Number(text);
}

/** Why KPIs of table kpis are empty, where an option brings them: a hint beside the table tells it of `retain metrics`. */
export function hintedReasons({ columns, rows }: ResultTable): Text[] {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const empty = rows.map((row) => [String(row[at('kpi')]), row[at('reason')] as string | null] as const);
  return whyEmpty(empty, { en: '', ru: '' }, true);
}

/** One line per reason, with the KPIs that it leaves empty; of reasons that a hint tells, or of the others. */
function whyEmpty(
  empty: readonly (readonly [kpi: string, reason: string | null])[],
  which: Text,
  isHinted = false,
): Text[] {
  const byReason = new Map<string, string[]>();
  for (const [kpi, reason] of empty) {
    if (reason === null || (reasons[reason]?.hint ?? false) !== isHinted) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), kpi]);
  }
  const labelOf = new Map(kpis.map((kpi) => [kpi.id, kpi.label]));
  return [...byReason].map(([reason, ids]) => {
    const every = ids.length > 6;
    const why = (isHinted ? reasons[reason]!.inReport : undefined) ?? reasons[reason]!;
    const names = (language: 'en' | 'ru') => ids.map((id) => labelOf.get(id)![language]).join(', ');
    return {
      en: `${which.en}${every ? `${ids.length} KPIs` : names('en')}: ${why.en}`,
      ru: `${which.ru}${every ? `${which.ru === '' ? 'П' : 'п'}оказатели без значений (${ids.length})` : names('ru')}: ${why.ru}`,
    };
  });
}
