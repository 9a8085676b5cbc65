import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import exceljs, { type Cell, type Workbook, type Worksheet } from 'exceljs';
import { beforeAll, describe, expect, test } from 'vitest';
import { chromium, noChromium, withPage } from '../testing/browser.js';
import { type Json, retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);
const languages = ['en', 'ru'] as const;

async function write(name: string, ...args: string[]): Promise<string> {
  const out = files.path(name);
  const { code, stderr } = await retain(['report', ...args, '--out', out, '--quiet']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return out;
}

async function readWorkbook(path: string): Promise<Workbook> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook;
}

/** Where a table of a sheet stands. */
interface Range {
  readonly name: string;
  readonly ref: string;
  readonly top: number;
  readonly bottom: number;
  readonly columns: number;
}

function tablesOf(sheet: Worksheet): Range[] {
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

describe.each(languages)('retain report in %s', (language) => {
  let workbook: Workbook;
  let report: Json;
  let page: string;

  beforeAll(async () => {
    const args = [...shop, '--currency', 'EUR', '--lang', language];
    workbook = await readWorkbook(await write(`${language}.xlsx`, ...args));
    report = JSON.parse(readFileSync(await write(`${language}.json`, ...args), 'utf8'));
    page = await write(`${language}.html`, ...args);
  }, 120_000);

  test('every number in the workbook is that of --json, and no number is missing', () => {
    let compared = 0;
    const seen = new Set<string>();
    for (const sheet of workbook.worksheets) {
      for (const { name, top, bottom } of tablesOf(sheet)) {
        const table = report.tables.find((candidate: Json) => `retain_${candidate.name}` === name);
        if (table === undefined) {
          expect(['retain_sources', 'retain_parameters', 'retain_notes']).toContain(name);
          continue;
        }
        seen.add(table.name);
        expect(bottom - top, name).toBe(table.rows.length);
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
    const prose = ['changes', 'contents'];
    expect(report.tables.map((table: Json) => table.name).sort()).toEqual([...seen, ...prose].sort());
    expect(compared).toBeGreaterThan(1000);
  });

  test('the workbook is as it was: cells, types, formats and conditional formats', async () => {
    await expect(describeWorkbook(workbook)).toMatchFileSnapshot(`./report.${language}.golden.txt`);
  });

  test('the summary leads to every chapter', () => {
    const summary = workbook.worksheets[0]!;
    const names = workbook.worksheets.map(({ name }) => name);
    const links: string[] = [];
    summary.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.hyperlink !== undefined) links.push(cell.hyperlink);
      }),
    );
    const targets = links.map((link) => /^#'(.*)'!A1$/.exec(link)![1]!.replaceAll("''", "'"));
    const notes = { en: 'Notes', ru: 'Примечания' }[language];
    expect(targets).toEqual(names.slice(1).filter((name) => name !== notes));
  });

  test('every number in the workbook has its definition', () => {
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
  });

  test('what is said says nothing of options', () => {
    const said = workbook.worksheets.flatMap((sheet) => {
      const texts: string[] = [];
      sheet.eachRow((row) => row.eachCell(({ value }) => typeof value === 'string' && texts.push(value)));
      return texts;
    });
    expect(said.filter((text) => /(^|\s|\()--[a-z]|\bretain [a-z]/.test(text))).toEqual([]);
  });

  test('the page holds the same tables and as many figures', () => {
    const html = readFileSync(page, 'utf8');
    for (const table of report.tables) {
      if (table.rows.length === 0 || ['changes', 'contents'].includes(table.name)) continue;
      expect(html, table.name).toContain(`id="table-${table.name}"`);
    }
    const pictures = workbook.worksheets.flatMap((sheet) => sheet.getImages());
    expect(html.match(/<figure>/g)).toHaveLength(pictures.length);
    expect(pictures.length).toBeGreaterThan(5);
  });

  describe.skipIf(chromium === undefined)(`in Chromium${noChromium}`, () => {
    for (const [width, height, dark] of [
      [390, 844, true],
      [1280, 900, false],
    ] as const) {
      test(`the page of ${width} pixels complains of nothing, asks for nothing, fits and sorts`, async () => {
        await withPage(page, { width, height, dark }, async (open) => {
          expect(await open.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          const revenue = () =>
            open.evaluate(
              `[...document.querySelectorAll('#table-trend tbody tr')].map((row) => Number(row.cells[1].dataset.v))`,
            );
          const before = await revenue();
          await open.click('#table-trend th:nth-child(2) button');
          expect(await revenue()).toEqual(before.toSorted((a: number, b: number) => a - b));
          expect(open.complaints).toEqual([]);
          expect(open.requests).toHaveLength(1);
        });
      });
    }
  });
});

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

function typeOf({ value }: Cell): string {
  if (value instanceof Date) return 'date';
  return typeof value === 'object' ? 'link' : typeof value;
}

/** Figures to the digits that do not depend on the order of sums. */
function shownValue({ value, text }: Cell): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'number' ? String(Number(value.toPrecision(9))) : text;
}

/** Everything that people see of a workbook, as text that can be compared. */
function describeWorkbook(workbook: Workbook): string {
  const lines = [`${workbook.title} | ${workbook.subject} | ${workbook.creator}`];
  for (const sheet of workbook.worksheets) {
    const { orientation, paperSize, fitToWidth, fitToHeight, printTitlesRow = '-' } = sheet.pageSetup;
    const [view] = sheet.views as { state?: string; ySplit?: number; xSplit?: number }[];
    lines.push(
      '',
      `== ${sheet.name}`,
      `page ${orientation} ${paperSize} ${fitToWidth}x${fitToHeight} titles ${printTitlesRow}, view ${view?.state} ${view?.xSplit ?? 0} ${view?.ySplit ?? 0}`,
      ...tablesOf(sheet).map(({ name, ref }) => `table ${name} ${ref}`),
      // biome-ignore lint/suspicious/noExplicitAny: not in the types of exceljs
      ...((sheet as any).conditionalFormattings as { ref: string; rules: Json[] }[]).flatMap(
        ({ ref, rules }) =>
          rules.map(({ type, iconSet, cfvo, color }) =>
            [
              `format ${ref} ${type}`,
              ...(iconSet === undefined ? [] : [iconSet]),
              ...cfvo.map(({ type: kind, value }: Json) => (value === undefined ? kind : `${kind} ${value}`)),
              ...[color ?? []].flat().map(({ argb }: Json) => argb),
            ].join(' '),
          ),
      ),
      ...sheet.getImages().map(({ range }) => {
        const { tl } = range as unknown as { tl: { nativeCol: number; nativeRow: number } };
        return `picture at ${tl.nativeCol} ${tl.nativeRow}`;
      }),
    );
    // All of the short sheets; of long ones as much as shows their formats.
    sheet.eachRow((row, number) => {
      if (number > 70) return;
      const cells: string[] = [];
      row.eachCell((cell) => {
        if (cell.isMerged && cell.master !== cell) return;
        const value = shownValue(cell);
        const format = cell.numFmt === undefined || cell.numFmt === 'General' ? '' : ` {${cell.numFmt}}`;
        cells.push(`${typeOf(cell)} ${value}${format}`);
      });
      lines.push(`${number}: ${cells.join(' | ')}`);
    });
  }
  return `${lines.join('\n')}\n`;
}

test('the same input gives the same bytes', async () => {
  for (const extension of ['xlsx', 'html']) {
    const again = await write(`again.${extension}`, ...shop, '--currency', 'EUR');
    expect(readFileSync(again).equals(readFileSync(files.path(`en.${extension}`))), extension).toBe(true);
  }
});

test('a folder takes every table as CSV', async () => {
  const out = await write('tables/', ...shop);
  const names = readdirSync(out).sort();
  expect(names).toContain('trend.csv');
  expect(names).toContain('changes.csv');
  const rows = parse(readFileSync(`${out}kpis.csv`), { columns: true }) as Record<string, string>[];
  expect(rows[0]).toMatchObject({ kpi: 'revenue', value: '154994.51' });
});

test('a terminal is too small for a report', async () => {
  const refused = await retain(['report', ...shop]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--out report.xlsx');
});

test('what cannot be made is named with what brings it, and the rest is there', async () => {
  const subscribers = files.write(
    'subscribers.csv',
    'customer_id,subscription_start,cancellation_date,price\n1,2024-01-01,,10\n2,2024-01-05,2024-02-10,10\n3,2024-02-01,,10\n',
  );
  const { code, stdout, stderr } = await retain([
    'report',
    subscribers,
    '--json',
    '--period',
    '2024-02',
    '--as-of',
    '2024-03-15',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stdout);
  const contents = report.tables.find((table: Json) => table.name === 'contents').rows;
  const about = (chapter: string) => contents.find((row: Json) => row.chapter === chapter).about;
  expect(about('segments')).toContain('Not available: no purchases: add an orders FILE');
  expect(about('cac')).toContain('Not available: no marketing spend: a file of it brings CAC');
  expect(report.tables.find((table: Json) => table.name === 'changes').rows[0].change).toContain(
    'Churn rate',
  );
});
