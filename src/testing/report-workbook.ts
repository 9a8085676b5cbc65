import exceljs, { type Cell, type Workbook, type Worksheet } from 'exceljs';
import { expect } from 'vitest';
import type { Json } from './cli.js';

/** What the workbook of a report has to be, against the same report as JSON. */

export async function readWorkbook(path: string): Promise<Workbook> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook;
}

/** Where a table of a sheet stands. */
export interface Range {
  readonly name: string;
  readonly ref: string;
  readonly top: number;
  readonly bottom: number;
  readonly columns: number;
}

export function tablesOf(sheet: Worksheet): Range[] {
  // biome-ignore lint/suspicious/noExplicitAny: the types of exceljs have only the half of it
  return (sheet.getTables() as any[]).map((entry) => {
    const { name, tableRef } = (entry.table ?? entry[0].table) as { name: string; tableRef: string };
    const [, , top, right, bottom] = /^(\w)(\d+):([A-Z]+)(\d+)$/.exec(tableRef)!;
    return {
      name,
      ref: tableRef,
      top: Number(top),
      bottom: Number(bottom),
      columns: sheet.getColumn(right!).number,
    };
  });
}

/** Fails unless every number of every sheet is that of JSON and none is missing; how many were compared. */
export function compareNumbers(workbook: Workbook, report: Json): number {
  let compared = 0;
  const seen = new Set<string>();
  for (const sheet of workbook.worksheets) {
    for (const { name, top, bottom } of tablesOf(sheet)) {
      const table = report.tables.find((candidate: Json) => `retain_${candidate.name}` === name);
      if (table === undefined) {
        expect(['retain_sources', 'retain_parameters', 'retain_notes']).toContain(name);
        if (name === 'retain_sources') compared += compareSources(sheet, top, report);
        continue;
      }
      seen.add(table.name);
      // Rows that sum the others up stand below the table, where nothing filters or sorts them.
      const totals = table.rows.filter((row: Json) =>
        ['total', 'average', 'all'].includes(row[table.columns[0].name]),
      );
      expect(table.rows.slice(table.rows.length - totals.length), name).toEqual(totals);
      expect(bottom - top, name).toBe(table.rows.length - totals.length);
      const headers = (sheet.getRow(top).values as string[]).slice(1);
      const columns = shownColumns(table, headers);
      for (const [index, row] of table.rows.entries()) {
        for (const [position, column] of columns.entries()) {
          const cell = sheet.getRow(top + 1 + index).getCell(position + 1);
          const place = `${sheet.name} ${cell.address}`;
          const value = row[column.name];
          const unit = unitOf(column, row);
          if (value === null) expect(cell.value, place).toBeNull();
          else if (typeof value === 'number' && unit !== 'text') {
            // Files for programs have four digits after the point.
            expect(Math.abs(numberIn(cell, unit) - value), place).toBeLessThan(0.500001e-4);
            compared += 1;
          } else if (unit === 'date') {
            expect((cell.value as Date).toISOString().slice(0, 10), place).toBe(value);
          } else expect(typeof cell.value, place).toBe('string');
        }
      }
    }
  }
  const prose = ['changes', 'actions', 'contents'].filter((name) =>
    report.tables.some((table: Json) => table.name === name),
  );
  // A table that holds nothing and has no note about that is left out, unless its sheet would be empty.
  const held = report.tables.filter(
    ({ name, rows, notes }: Json) => rows.length > 0 || notes.length > 0 || seen.has(name),
  );
  expect(held.map((table: Json) => table.name).sort()).toEqual([...seen, ...prose].sort());
  return compared;
}

/** The counts of rows of every file, which stand in JSON under sources. */
function compareSources(sheet: Worksheet, top: number, report: Json): number {
  for (const [index, source] of report.sources.entries()) {
    const counts = (sheet.getRow(top + 1 + index).values as unknown[]).filter(
      (value) => typeof value === 'number',
    );
    expect(counts, source.file).toEqual([
      source.rows_read,
      source.rows_used,
      source.rows_merged,
      source.rows_rejected,
    ]);
  }
  return 4 * report.sources.length;
}

/** Fails unless the definitions tell of every number of every table. */
export function checkDefinitions(workbook: Workbook, report: Json): void {
  const definitions = report.tables.find((table: Json) => table.name === 'definitions').rows;
  const defined = new Set(definitions.map((row: Json) => row.figure));
  for (const sheet of workbook.worksheets) {
    for (const { name, top, bottom, columns } of tablesOf(sheet)) {
      const table = report.tables.find((candidate: Json) => `retain_${candidate.name}` === name);
      if (table === undefined) continue;
      for (let at = top + 1; at <= bottom; at += 1) {
        for (let column = 1; column <= columns; column += 1) {
          const cell = sheet.getRow(at).getCell(column);
          if (typeof cell.value !== 'number') continue;
          const header = String(sheet.getRow(top).getCell(column).value).replace(/ \(\d\)$/, '');
          // A column of figures says what they are, or the row does, or the table where all of it is one figure.
          const told = [header, sheet.getRow(at).getCell(1).text, table.title];
          expect(
            told.some((label) => defined.has(label)),
            `${sheet.name} ${cell.address}`,
          ).toBe(true);
        }
      }
    }
  }
  for (const row of definitions) {
    expect(row.chapter && row.figure && row.definition, JSON.stringify(row)).toBeTruthy();
  }
}

/** Texts of a workbook that speak of options or commands: its readers run no program. */
export function textsOfOptions(workbook: Workbook): string[] {
  const texts: string[] = [];
  for (const sheet of workbook.worksheets) {
    sheet.eachRow((row) => row.eachCell(({ value }) => typeof value === 'string' && texts.push(value)));
  }
  return texts.filter((text) => /(^|\s|\()--[a-z]|\bretain [a-z]/.test(text));
}

/** The columns that people see: those of the headers, in their order. */
function shownColumns(table: Json, headers: readonly string[]): Json[] {
  const left = [...table.columns];
  return headers.map((header) => {
    // Headers of one table of a workbook have to differ.
    const index = left.findIndex(({ label }: Json) => label === header.replace(/ \(\d\)$/, ''));
    expect(index, `${table.name}: ${header}`).toBeGreaterThanOrEqual(0);
    return left.splice(0, index + 1).at(-1);
  });
}

function unitOf(column: Json, row: Json): string {
  if (column.kind === 'measure') return row[column.unit] ?? 'text';
  if (column.kind === 'change') return row[column.unit] === 'percent' ? 'points' : 'percent';
  return column.kind;
}

/** A number as JSON has it: spreadsheets keep 12.5 % as 0.125. */
function numberIn(cell: Cell, unit: string): number {
  expect(cell.type, cell.address).toBe(exceljs.ValueType.Number);
  return Number(cell.value) * (unit === 'percent' ? 100 : 1);
}
