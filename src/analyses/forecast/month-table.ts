import { addDays, dayNumber } from '../../core/dates.js';
import type { Period } from '../../core/period.js';
import type { Cell, Column, ResultTable, TableNote } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { Forecast } from '../../stats/base-forecast.js';
import { normal95 } from '../../stats/normal.js';

/** Mean and 95 % interval of one entry of a forecast; nothing is below zero, or above `most`. */
export function interval(
  forecast: Forecast,
  at: number,
  most = Number.POSITIVE_INFINITY,
): [mean: number, low: Cell, high: Cell] {
  const mean = forecast.mean[at]!;
  const spread = forecast.variance === null ? null : normal95 * Math.sqrt(forecast.variance[at]!);
  return spread === null
    ? [mean, null, null]
    : [mean, Math.max(0, mean - spread), Math.min(most, mean + spread)];
}

/** Money of an estimate, rounded to the cent. */
export function cents(amount: Cell): Cell {
  return amount === null ? null : Number(amount).toFixed(2);
}

const low: Text = { en: 'Low', ru: 'От' };
const high: Text = { en: 'High', ru: 'До' };

/** Expected purchases and revenue of today's customers by month. */
export function monthTable(
  months: readonly Period[],
  purchases: Forecast,
  revenue: Forecast | null,
  what: { readonly name: string; readonly label: Text; readonly most?: number },
  notes: readonly TableNote[],
): ResultTable {
  const columns: Column[] = [
    { name: 'month', label: { en: 'Month', ru: 'Месяц' }, kind: 'text' },
    { name: 'from', label: { en: 'From', ru: 'С' }, kind: 'date', onlyOn: 'file' },
    { name: 'to', label: { en: 'To', ru: 'По' }, kind: 'date', onlyOn: 'file' },
    { name: 'days', label: { en: 'Days', ru: 'Дней' }, kind: 'days' },
    { name: what.name, label: what.label, kind: 'ratio', digits: 1, isEstimate: true },
    { name: `${what.name}_low`, label: low, kind: 'ratio', digits: 1, isEstimate: true },
    { name: `${what.name}_high`, label: high, kind: 'ratio', digits: 1, isEstimate: true },
    { name: 'expected_revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money', digits: 0 },
    { name: 'expected_revenue_low', label: low, kind: 'money', digits: 0 },
    { name: 'expected_revenue_high', label: high, kind: 'money', digits: 0 },
  ];
  return {
    name: 'months',
    title: { en: 'Expected by month', ru: 'Ожидается по месяцам' },
    grain: 'month',
    columns,
    rows: months.map((month, step): Cell[] => [
      month.from.slice(0, 7),
      month.from,
      addDays(month.to, -1),
      dayNumber(month.to) - dayNumber(month.from),
      ...interval(purchases, step, what.most),
      ...(revenue === null ? [null, null, null] : interval(revenue, step).map(cents)),
    ]),
    notes,
  };
}
