import { fixedText, shortText } from './number.js';
import type { CellUnit } from './unit.js';

/** Digits after the point of percents, quotients and averages in files for programs. */
const plainDigits = 4;

/** A figure for programs: no grouping, a point, money with exactly its currency's digits. */
export function plainNumber(cell: string | number, unit: CellUnit, moneyDigits: number): string {
  return unit === 'money' ? fixedText(cell, moneyDigits) : shortText(cell, plainDigits);
}
