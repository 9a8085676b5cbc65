import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Cell, Workbook } from 'exceljs';
import { beforeAll, describe, expect, test } from 'vitest';
import { chromium, noChromium, withPage } from '../testing/browser.js';
import { type Json, retain, temporaryFiles } from '../testing/cli.js';
import {
  checkDefinitions,
  compareNumbers,
  readWorkbook,
  tablesOf,
  textsOfOptions,
} from '../testing/report-workbook.js';

const files = temporaryFiles();
const shop = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);
const languages = ['en', 'ru'] as const;

async function write(name: string, ...args: string[]): Promise<string> {
  const out = files.path(name);
  const { code, stderr } = await retain(['report', ...args, '--out', out, '--quiet']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return out;
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
    expect(compareNumbers(workbook, report)).toBeGreaterThan(1000);
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
    // Those of the contents, after those of what to do.
    expect(targets.slice(1 - names.length)).toEqual(names.slice(1));
    expect(names).toEqual(expect.arrayContaining(targets));
  });

  test('every number in the workbook has its definition', () => checkDefinitions(workbook, report));

  test('what is said says nothing of options', () => expect(textsOfOptions(workbook)).toEqual([]));

  test('the page holds the same tables and as many figures', () => {
    const html = readFileSync(page, 'utf8');
    for (const table of report.tables) {
      if (table.rows.length === 0 || ['changes', 'actions', 'contents'].includes(table.name)) continue;
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
    const {
      orientation,
      paperSize,
      fitToWidth,
      fitToHeight,
      printTitlesRow = '-',
      printArea = '-',
    } = sheet.pageSetup;
    const [view] = sheet.views as { state?: string; ySplit?: number; xSplit?: number }[];
    lines.push(
      '',
      `== ${sheet.name}`,
      `page ${orientation} ${paperSize} ${fitToWidth}x${fitToHeight} titles ${printTitlesRow} area ${printArea}, view ${view?.state} ${view?.xSplit ?? 0} ${view?.ySplit ?? 0}`,
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
  expect(about('segments')).toContain('Not available: no purchases: a file of orders brings them');
  expect(about('cac')).toContain('Not available: no marketing spend: a file of it brings CAC');
  expect(report.tables.find((table: Json) => table.name === 'changes').rows[0].change).toContain(
    'Churn rate',
  );
});
