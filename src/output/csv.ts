import { exitCodes, UserError } from '../core/errors.js';
import type { Cell, Column, Report, ResultTable } from '../core/table.js';
import { batches } from './batches.js';
import { currencyDigits } from './currency.js';
import { plainNumber } from './plain.js';
import { cellUnit, isNumeric } from './unit.js';

/** One table, the first unless named, as RFC 4180 text with line feeds, for the next program; piece by piece. */
export function* renderCsv(
  report: Report,
  options: { readonly table?: string | undefined } = {},
): Generator<string> {
  const table = chooseTable(report, options.table);
  const moneyDigits = currencyDigits(report.currency);
  yield `${table.columns.map((column) => textField(column.name)).join(',')}\n`;
  const line = (row: readonly Cell[]) => {
    const fields = table.columns.map((column, index) => {
      const cell = row[index] ?? null;
      return cell === null ? '' : field(cell, column, row, table, moneyDigits);
    });
    // A line with nothing on it would be skipped by readers.
    return fields.length === 1 && fields[0] === '' ? '""\n' : `${fields.join(',')}\n`;
  };
  for (const rows of batches(table.rows)) yield rows.map(line).join('');
}

function chooseTable(report: Report, name: string | undefined): ResultTable {
  const found = name === undefined ? report.tables[0] : report.tables.find((table) => table.name === name);
  if (found !== undefined) return found;
  const names = report.tables.map((table) => table.name).join(', ');
  throw new UserError(name === undefined ? 'the report has no table' : `the report has no table '${name}'`, {
    remedy: names === '' ? 'Choose another format: json keeps the notices too.' : `Its tables are: ${names}.`,
    exitCode: exitCodes.usage,
  });
}

function field(
  cell: Exclude<Cell, null>,
  column: Column,
  row: readonly Cell[],
  table: ResultTable,
  moneyDigits: number,
): string {
  const unit = cellUnit(column, row, table.columns);
  return isNumeric(unit) && typeof cell !== 'boolean'
    ? plainNumber(cell, unit, moneyDigits)
    : textField(String(cell));
}

/** Quoted where needed, and kept from being run as a formula by the spreadsheet that opens the file. */
export function textField(text: string): string {
  return quotedField(harmless(text), ',');
}

/**
 * Text that no spreadsheet runs as a formula: with an apostrophe before what begins one. A phone number stays as it
 * is: '+7 900 000-00-00' is no formula, and '+79000000000' a number that only stands for itself.
 */
export function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !isPhone(text) ? `'${text}` : text;
}

/** Not with hyphens alone: '+7-900-000' is a difference. */
function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  return digits >= 10 && digits <= 15 && /^\+\d{1,3}(\d+|( | ?\(\d+\) ?)\d[\d -]*)$/.test(text);
}

/** A field in quotes where the delimiter, a quote or a line end in it wants them. */
export function quotedField(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
