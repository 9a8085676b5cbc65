import type { Cell, Column, Notice, Report, ResultTable, SourceAccount } from '../core/table.js';
import type { Language } from '../core/text.js';
import { batches } from './batches.js';
import { currencyDigits } from './currency.js';
import { decimalText } from './number.js';
import { plainNumber } from './plain.js';
import { cellUnit, isNumeric } from './unit.js';

/** Stands where rows of a table come; nothing that is quoted holds it. */
const rowsMark = '\u0000';

/**
 * The whole report for programs, piece by piece: pretty-printed, keys in a stable order, one row to a line. Rows of a large base
 * are longer than a text can be.
 */
export function* renderJson(report: Report, language: Language): Generator<string> {
  const moneyDigits = currencyDigits(report.currency);
  const notices = (chosen: readonly Notice[]) =>
    lines(chosen.map(({ code, text }) => inline({ code: quote(code), message: quote(text[language]) })));
  const outline = block({
    title: quote(report.title[language]),
    asOf: quote(report.asOf),
    currency: quote(report.currency),
    parameters: block(Object.fromEntries(report.parameters.map(({ name, value }) => [name, literal(value)]))),
    tables: lines(report.tables.map((table) => printTable(table, language))),
    warnings: notices(report.notices.filter(({ level }) => level !== 'info')),
    notes: notices(report.notices.filter(({ level }) => level === 'info')),
    sources: lines(report.sources.map((source) => printSource(source, language))),
  });
  const [start, ...rest] = outline.split(rowsMark);
  yield start!;
  for (const [index, table] of report.tables.entries()) {
    yield* printRows(table, moneyDigits);
    yield rest[index]!;
  }
  yield '\n';
}

function printTable(table: ResultTable, language: Language): string {
  return block({
    name: quote(table.name),
    title: quote(table.title[language]),
    columns: lines(table.columns.map((column) => printColumn(column, language))),
    rows: rowsMark,
    notes: lines(table.notes.map((note) => quote(note[language]))),
  });
}

/** A list of rows, as deep as it stands in a report. */
function* printRows({ columns, rows }: ResultTable, moneyDigits: number): Generator<string> {
  const names = columns.map(({ name }) => quote(name));
  const print = (row: readonly Cell[]) => {
    const members = columns.map(
      (column, index) =>
        `${names[index]!}: ${printCell(row[index] ?? null, column, row, columns, moneyDigits)}`,
    );
    return `        {${members.join(', ')}}`;
  };
  let mark = '[\n';
  for (const some of batches(rows)) {
    yield mark + some.map(print).join(',\n');
    mark = ',\n';
  }
  yield rows.length === 0 ? '[]' : '\n      ]';
}

function printColumn({ name, label, kind, unitColumn }: Column, language: Language): string {
  const common = { name: quote(name), label: quote(label[language]), kind: quote(kind) };
  return inline(unitColumn === undefined ? common : { ...common, unit: quote(unitColumn) });
}

function printSource(source: SourceAccount, language: Language): string {
  return block({
    file: quote(source.file),
    sheet: quote(source.sheet),
    role: quote(source.role),
    header_row: literal(source.headerRow),
    rows_read: literal(source.rowsRead),
    rows_used: literal(source.rowsUsed),
    rows_merged: literal(source.rowsMerged),
    rows_rejected: literal(source.rowsRejected),
    reasons: lines(
      source.reasons.map(({ code, rows, fault, text, examples }) =>
        inline({
          reason: quote(code),
          rows: literal(rows),
          fault: literal(fault),
          text: quote(text[language]),
          examples: `[${examples
            .map(({ row, column, value }) =>
              inline({ row: literal(row), column: quote(column), value: quote(value) }),
            )
            .join(', ')}]`,
        }),
      ),
    ),
  });
}

/**
 * A cell as a JSON literal. Figures go from decimal text straight to the page: 90071992547409.93 would lose a cent
 * on its way through a binary number.
 */
function printCell(
  cell: Cell,
  column: Column,
  row: readonly Cell[],
  columns: readonly Column[],
  moneyDigits: number,
): string {
  if (cell === null || typeof cell === 'boolean') return literal(cell);
  const unit = cellUnit(column, row, columns);
  return isNumeric(unit) ? plainNumber(cell, unit, moneyDigits) : literal(cell);
}

function literal(value: Cell): string {
  return typeof value === 'number' ? decimalText(value) : quote(value);
}

/** JSON text that is also harmless when it is printed to a terminal. */
export function quote(value: string | boolean | null): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An object of printed values on one line. */
function inline(entries: Readonly<Record<string, string>>): string {
  const members = Object.entries(entries).map(([key, value]) => `${quote(key)}: ${value}`);
  return `{${members.join(', ')}}`;
}

/** An object of printed values, one to a line. */
function block(entries: Readonly<Record<string, string>>): string {
  return enclose(
    '{',
    Object.entries(entries).map(([key, value]) => `${quote(key)}: ${value}`),
    '}',
  );
}

/** A list of printed values, one to a line. */
function lines(values: readonly string[]): string {
  return enclose('[', values, ']');
}

function enclose(open: string, members: readonly string[], close: string): string {
  if (members.length === 0) return open + close;
  // Printed strings hold no line breaks of their own, so every line break is one to indent after.
  const body = members.map((member) => `  ${member.replaceAll('\n', '\n  ')}`).join(',\n');
  return `${open}\n${body}\n${close}`;
}
