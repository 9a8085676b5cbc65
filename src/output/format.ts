import type { Cell, Column } from '../core/table.js';
import type { Language } from '../core/text.js';
import { sparkline } from './chart.js';
import { currencyStyle } from './currency.js';
import { fixedText } from './number.js';
import { type CellUnit, cellUnit, shownDigits, unitSuffixes } from './unit.js';
import { words } from './words.js';

/** What formatting depends on besides the column. */
export interface FormatOptions {
  readonly language: Language;
  readonly currency: string | null;
}

const noBreakSpace = '\u00a0';
const minus = '\u2212';
const unknown = '—';

/** One cell as people read it, in the report's language. */
export function formatCell(
  column: Column,
  row: readonly Cell[],
  columns: readonly Column[],
  options: FormatOptions,
): string {
  const cell = row[columns.indexOf(column)] ?? null;
  if (cell === null) return unknown;
  const unit = cellUnit(column, row, columns);
  const { language } = options;
  switch (unit) {
    case 'text':
      if (column.chart === 'sparkline') return sparkline(String(cell));
      return column.values?.[String(cell)]?.[language] ?? String(cell);
    case 'boolean':
      return words[cell === true || cell === 'true' ? 'yes' : 'no'][language];
    case 'date':
      return formatDate(String(cell), language);
    default:
      return formatNumber(cell, column, unit, options);
  }
}

/** Whether people see an asterisk behind a figure, which a note explains. */
export function isMarked(column: Column, row: readonly Cell[], columns: readonly Column[]): boolean {
  const by = columns.findIndex(({ name }) => name === column.markColumn);
  return (
    by >= 0 &&
    String(row[by] ?? '')
      .split(' ')
      .includes(column.name)
  );
}

/** 'YYYY-MM-DD' in English, dd.mm.yyyy in Russian. Anything else stays as it is. */
export function formatDate(date: string, language: Language): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
  return match !== null && language === 'ru' ? `${match[3]}.${match[2]}.${match[1]}` : date;
}

/** Decimal text with the language's thousands and decimal marks, of any length: digits are moved, never computed. */
export function groupDigits(text: string, language: Language): string {
  const negative = text.startsWith('-');
  const [whole = '', fraction] = (negative ? text.slice(1) : text).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, language === 'en' ? ',' : noBreakSpace);
  const point = language === 'en' ? '.' : ',';
  return (negative ? minus : '') + grouped + (fraction === undefined ? '' : point + fraction);
}

/** A whole number, grouped. */
export function formatInteger(value: number, language: Language): string {
  return groupDigits(fixedText(value, 0), language);
}

function formatNumber(
  cell: Exclude<Cell, null>,
  column: Column,
  unit: CellUnit,
  options: FormatOptions,
): string {
  if (typeof cell === 'boolean') throw new Error(`column '${column.name}' holds a boolean, not a number`);
  const { language, currency } = options;
  const { sign, digits: moneyDigits } = currencyStyle(currency, language);
  const text = groupDigits(fixedText(cell, shownDigits(column, unit, moneyDigits, cell)), language);
  switch (unit) {
    case 'money':
      return withCurrency(text, sign, language);
    case 'percent':
      return withPercent(text, language);
    case 'percent_change':
      return withPlus(withPercent(text, language));
    case 'points':
      return withPlus(withSuffix(text, 'points', language));
    case 'days':
    case 'months':
      // A column of days says so in its header; in a column of mixed measures only the cell itself can.
      return column.kind === 'measure' ? withSuffix(text, unit, language) : text;
    default:
      return text;
  }
}

function withCurrency(text: string, sign: string, language: Language): string {
  if (sign === '') return text;
  if (language === 'ru') return text + noBreakSpace + sign;
  const gap = /\p{Letter}$/u.test(sign) ? noBreakSpace : '';
  return text.startsWith(minus) ? minus + sign + gap + text.slice(1) : sign + gap + text;
}

function withPercent(text: string, language: Language): string {
  return language === 'ru' ? `${text}${noBreakSpace}%` : `${text}%`;
}

function withSuffix(text: string, unit: keyof typeof unitSuffixes, language: Language): string {
  return text + noBreakSpace + unitSuffixes[unit][language];
}

function withPlus(text: string): string {
  return text.startsWith(minus) || !/[1-9]/.test(text) ? text : `+${text}`;
}
