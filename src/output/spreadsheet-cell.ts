import type { Cell, Column } from '../core/table.js';
import type { Language } from '../core/text.js';
import { currencyStyle } from './currency.js';
import { type FormatOptions, formatCell, isMarked } from './format.js';
import { decimalText, fixedText } from './number.js';
import { spreadsheetText } from './spreadsheet-text.js';
import { type CellUnit, cellUnit, isNumeric, shownDigits, unitSuffixes } from './unit.js';

/** What a spreadsheet cell holds and how it shows that. */
export interface SpreadsheetCell {
  readonly value: string | number | Date | null;
  readonly align: 'left' | 'right';
  /** Number format; none for text. */
  readonly format?: string;
  /** The chapter that a click leads to. */
  readonly link?: string;
  /** Of the text: red, green and blue after an alpha of FF. */
  readonly color?: string;
  /** About what the reader sees, to find the width of the column. */
  readonly shown: string;
}

/** A cell as a spreadsheet keeps it: real numbers and dates that can be computed with, everything else as text. */
export function spreadsheetCell(
  column: Column,
  row: readonly Cell[],
  columns: readonly Column[],
  options: FormatOptions,
): SpreadsheetCell {
  const cell = row[columns.indexOf(column)] ?? null;
  const align = isNumeric(column.kind) ? 'right' : 'left';
  if (cell === null) return { value: null, align, shown: '' };

  const unit = cellUnit(column, row, columns);
  const shown = formatCell(column, row, columns, options);
  const asText: SpreadsheetCell = { value: spreadsheetText(shown), align, shown };
  if (unit === 'text' && column.chart === 'sparkline') {
    return { ...asText, color: lineColor, shown: shown.padEnd(Math.ceil(shown.length * blockWidth)) };
  }
  if (column.linksToChapters === true) return { ...asText, link: String(cell) };
  if (unit === 'date') {
    const date = toDate(String(cell));
    const format = options.language === 'ru' ? 'dd.mm.yyyy' : 'yyyy-mm-dd';
    return date === null ? asText : { value: date, align, format, shown };
  }
  if (!isNumeric(unit) || typeof cell === 'boolean') return asText;
  const value = toNumber(cell, unit, currencyStyle(options.currency, options.language).digits);
  if (value === null) return asText;
  const format = numberFormat(column, unit, cell, options);
  return isMarked(column, row, columns)
    ? { value, align, format: marked(format), shown: `${shown}*` }
    : { value, align, format, shown };
}

const lineColor = 'FF3B7DC4';
/** Letters that a block of a sparkline takes in most fonts. */
const blockWidth = 1.6;

/** Text of our own, such as a note. */
export function textCell(text: string): SpreadsheetCell {
  return { value: spreadsheetText(text), align: 'left', shown: text };
}

/** A count of our own, such as the rows of a file. */
export function countCell(count: number): SpreadsheetCell {
  return { value: count, align: 'right', format: '#,##0', shown: count.toLocaleString('en') };
}

/** Midnight UTC, which exceljs turns into a whole day number. Null for what no spreadsheet has as a date. */
function toDate(text: string): Date | null {
  const date = new Date(`${text}T00:00:00Z`);
  // Spreadsheets count 1900 as a leap year: day numbers before its March are read differently by each of them.
  const real =
    !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`) && text >= '1900-03-01';
  return real ? date : null;
}

/** Null where a spreadsheet number, of 15 digits, would not be exact. */
export function toNumber(cell: string | number, unit: CellUnit, moneyDigits: number): number | null {
  switch (unit) {
    case 'percent':
    case 'percent_change':
      // Spreadsheets keep 12.5 % as 0.125. Moving the point in the text is exact where dividing is not.
      return Number(`${decimalText(cell)}e-2`);
    case 'money':
    case 'integer': {
      const text = unit === 'money' ? fixedText(cell, moneyDigits) : decimalText(cell);
      // An estimate of a count, 471.930348..., is no exact number to begin with.
      if (unit === 'integer' && text.includes('.')) return Number(text);
      const digits = text.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
      return digits.length > 15 ? null : Number(text);
    }
    default:
      return Number(decimalText(cell));
  }
}

function numberFormat(
  column: Column,
  unit: CellUnit,
  cell: Cell,
  { language, currency }: FormatOptions,
): string {
  const style = currencyStyle(currency, language);
  const digits = shownDigits(column, unit, style.digits, cell);
  const fraction = digits === 0 ? '' : `.${'0'.repeat(digits)}`;
  switch (unit) {
    case 'money':
      return moneyFormat(`#,##0${fraction}`, style.sign, language);
    case 'percent':
      return `0${fraction}%`;
    case 'percent_change':
      return signed(`0${fraction}%`);
    case 'points':
      return signed(`0${fraction}${suffix('points', language)}`);
    case 'days':
    case 'months':
      return `#,##0${fraction}${column.kind === 'measure' ? suffix(unit, language) : ''}`;
    default:
      return `#,##0${fraction}`;
  }
}

function moneyFormat(number: string, sign: string, language: Language): string {
  const quoted = sign.replaceAll('"', '');
  if (quoted === '') return number;
  if (language === 'ru') return `${number}"\u00a0${quoted}"`;
  return /\p{Letter}$/u.test(quoted) ? `"${quoted}\u00a0"${number}` : `"${quoted}"${number}`;
}

function suffix(unit: keyof typeof unitSuffixes, language: Language): string {
  return `"\u00a0${unitSuffixes[unit][language]}"`;
}

/** The same figure with an asterisk behind it. */
function marked(format: string): string {
  return format.replace(/;|$/g, '"*"$&');
}

function signed(format: string): string {
  return `+${format};-${format};${format}`;
}
