import type { Cell, Column, Kind, Unit } from '../core/table.js';

/** What one cell holds, once its row has told the unit of its measures. */
export type CellUnit = Exclude<Kind, 'measure' | 'change'> | 'percent_change' | 'points';

const units: ReadonlySet<string> = new Set<Unit>(['integer', 'money', 'ratio', 'percent', 'days', 'months']);

/** The unit of a row's cell in a column: the column's own kind, or what the row's `unitColumn` cell names. */
export function cellUnit(column: Column, row: readonly Cell[], columns: readonly Column[]): CellUnit {
  if (column.kind !== 'measure' && column.kind !== 'change') return column.kind;
  const named = row[columns.findIndex((other) => other.name === column.unitColumn)] ?? null;
  if (column.kind === 'change') return named === 'percent' ? 'points' : 'percent_change';
  // An unknown measure of an unknown unit is still an empty cell.
  if (named === null) return 'text';
  if (typeof named !== 'string' || !units.has(named)) {
    throw new Error(`column '${column.name}': '${named}' is not a unit`);
  }
  return named as Unit;
}

/** Whether cells of this kind are figures: aligned to the right, never cut short. */
export function isNumeric(kind: Kind | CellUnit): boolean {
  return kind !== 'text' && kind !== 'date' && kind !== 'boolean';
}

const usualDigits: Partial<Record<CellUnit, number>> = {
  percent: 1,
  percent_change: 1,
  points: 1,
  ratio: 2,
  months: 1,
};

/** From here on the digits after the point of an estimate say nothing. */
const largeEstimate = 100;

/** Digits after the point that people see in a cell. */
export function shownDigits(column: Column, unit: CellUnit, moneyDigits: number, cell: Cell): number {
  if (column.isEstimate === true && Math.abs(Number(cell)) >= largeEstimate) return 0;
  return column.digits ?? (unit === 'money' ? moneyDigits : (usualDigits[unit] ?? 0));
}

/** What follows a figure where its column holds figures of several units. */
export const unitSuffixes = {
  days: { en: 'd', ru: 'дн.' },
  months: { en: 'mo', ru: 'мес.' },
  points: { en: 'pp', ru: 'п.п.' },
} as const;
