import { numberText } from '../input/xlsx-values.js';
import type { CellValue } from '../ooxml/sheet.js';

/** Days from 1899-12-30, from which workbooks count, to 1970-01-01. */
const daysTo1970 = 25_569;
const millisecondsPerDay = 86_400_000;

/** What a value is compared by: numbers as a workbook keeps them, whatever program wrote the last digits. */
export function canonical(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'number') {
    const isWhole = Number.isInteger(value) && Math.abs(value) < 1e14;
    return String(isWhole ? value : Number(value.toPrecision(14)));
  }
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'object' ? value.error : value.replace(/\r\n?/g, '\n');
}

/** A key as text: programs make numbers of ids that look like one. */
export function keyText(value: CellValue): string {
  return (typeof value === 'number' ? numberText(String(value)) : canonical(value)).trim();
}

/** A value as a message shows it. */
export function shownValue(value: CellValue, isDate: boolean): string {
  return typeof value === 'number' && isDate ? dayText(value) : canonical(value);
}

export function dayText(serial: number): string {
  const time = (Math.floor(serial) - daysTo1970) * millisecondsPerDay;
  return Math.abs(time) < 8.64e15 ? new Date(time).toISOString().slice(0, 10) : String(serial);
}

export function daySerial(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay + daysTo1970;
}

/** Days from 1899-12-30 to 1904-01-01, from which some workbooks count. */
const daysTo1904 = 1462;

/** From when a workbook counts. */
interface DateSystem {
  readonly date1904: boolean;
}

/** A date of a workbook as one from 1900 has it. */
export function from1900(value: CellValue, { date1904 }: DateSystem): CellValue {
  return date1904 && typeof value === 'number' ? value + daysTo1904 : value;
}

/** A date from 1900 as a workbook has it. */
export function asStored(value: CellValue, { date1904 }: DateSystem): CellValue {
  return date1904 && typeof value === 'number' ? value - daysTo1904 : value;
}
