import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import exceljs from 'exceljs';
import { beforeAll, describe, expect, test } from 'vitest';
import { openArchive } from '../input/archive.js';
import { chromium, noChromium, withPage } from '../testing/browser.js';
import { type Json, retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();

const names = [
  '=HYPERLINK("http://x.example","y")',
  '=1+1',
  '-1',
  '@x',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "=cmd|' /C calc'!A0",
  `long ${'x'.repeat(40_000)}`,
  '_x0041_ & < > \' "',
];
const phone = '+7 900 000-00-00';
const channels = ['=HYPERLINK("http://x.example","ads")', '@mail', '-2', '<script>alert(2)</script>'];

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

/**
 * Forty customers who bought every month or two, each under one of the names, and but for the last four stopped in
 * August, so that they are on the list; ids are hostile too.
 */
function base(): { orders: string; customers: string } {
  const customers = ['customer_id,name,phone,manager,channel'];
  const orders = ['order_id,date,customer_id,amount'];
  for (let index = 0; index < 40; index += 1) {
    const id = `${['=', '+', '-', '@', ''][index % 5]}${100 + index}`;
    const name = names[index % names.length]!;
    const channel = channels[index % channels.length]!;
    customers.push([id, name, phone, name.slice(0, 60), channel].map(quote).join(','));
    for (let month = index % 4; month < (index < 36 ? 8 : 12); month += 1 + (index % 3)) {
      const day = String(1 + ((index * 7) % 27)).padStart(2, '0');
      const on = `2024-${String(month + 1).padStart(2, '0')}-${day}`;
      orders.push(`${quote(`=${index}-${month}`)},${on},${quote(id)},${10 + index + month}`);
    }
  }
  return { orders: orders.join('\n'), customers: customers.join('\n') };
}

describe('a report of hostile names', () => {
  const { orders, customers } = base();
  const inputs = [
    files.write('=1+1 <img src=x onerror=alert(3)>.csv', orders),
    files.write("@SUM(A1) 'x'.csv", customers),
  ];
  const folder = dirname(inputs[0]!);
  const outs = {
    xlsx: files.path('report.xlsx'),
    html: files.path('report.html'),
    csv: files.path('tables/'),
  };
  let report: Json;

  beforeAll(async () => {
    for (const out of [...Object.values(outs), files.path('report.json')]) {
      const given = inputs.map((path) => path.slice(folder.length + 1));
      const { code, stderr } = await retain(['report', ...given, '--out', out, '--quiet'], { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    report = JSON.parse(readFileSync(files.path('report.json'), 'utf8'));
  }, 120_000);

  const listed = () => report.tables.find((table: Json) => table.name === 'churn_risk').rows as Json[];

  test('the list has them, and JSON holds them as they are', () => {
    const found = new Set(listed().map((row) => row.name));
    expect(names.filter((name) => found.has(name)).length).toBe(names.length);
    expect(listed().every((row) => row.phone === phone)).toBe(true);
    expect(report.sources.map((source: Json) => source.file)).toContain(
      '=1+1 <img src=x onerror=alert(3)>.csv',
    );
  });

  test('a workbook holds them as text: no formula, no way out, and not one letter more', async () => {
    const archive = await openArchive(outs.xlsx);
    for (const name of archive.names) {
      expect(name).not.toMatch(/externalLink|vbaProject|connections/);
      const xml = /\.(xml|rels)$/.test(name) ? (await buffer(archive.read(name))).toString() : '';
      if (name.startsWith('xl/worksheets/sheet')) expect(xml, name).not.toMatch(/<f[ >]/);
      // Links between sheets are written as external ones to a place in the file itself.
      const outside = [...xml.matchAll(/Target="([^"]*)" TargetMode="External"/g)].map(
        ([, target]) => target,
      );
      expect(outside.filter((target) => !target!.startsWith('#'))).toEqual([]);
    }
    await archive.close();
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.readFile(outs.xlsx);
    const sheet = workbook.getWorksheet('Churn risk')!;
    const headers = (sheet.getRow(2).values as string[]).slice(1);
    const rows = listed();
    for (const [label, field] of [
      ['Customer', 'customer_id'],
      ['Name', 'name'],
      ['Phone', 'phone'],
      ['Manager', 'manager'],
    ] as const) {
      const column = headers.indexOf(label) + 1;
      for (const [index, row] of rows.entries()) {
        const { value, type } = sheet.getRow(3 + index).getCell(column);
        expect(type).toBe(exceljs.ValueType.String);
        const text = String(row[field]);
        // A cell holds 32 767 characters; what is longer ends with '…'.
        expect(value).toBe(text.length > 32_767 ? `${text.slice(0, 32_766)}…` : text);
      }
    }
    for (const each of workbook.worksheets) {
      each.eachRow((row) =>
        row.eachCell((cell) => {
          expect(cell.type, `${each.name} ${cell.address}`).not.toBe(exceljs.ValueType.Formula);
          if (cell.hyperlink !== undefined) expect(cell.hyperlink).toMatch(/^#'/);
        }),
      );
    }
  });

  test('CSV files hold nothing that a spreadsheet runs, and phones as they are', () => {
    let fields = 0;
    for (const file of readdirSync(outs.csv)) {
      const rows = parse(readFileSync(`${outs.csv}${file}`)) as string[][];
      for (const field of rows.flat()) {
        const isNumber = /^-?\d+(\.\d+)?$/.test(field);
        if (!isNumber && field !== phone) expect(field, file).not.toMatch(/^[=+\-@\t\r]/);
        fields += 1;
      }
    }
    expect(fields).toBeGreaterThan(1000);
    const list = parse(readFileSync(`${outs.csv}churn_risk.csv`), { columns: true }) as Json[];
    expect(list.every((row) => row.phone === phone)).toBe(true);
    expect(list.map((row) => row.name.replace(/^'/, ''))).toEqual(listed().map((row) => row.name));
    const ids = list.map((row) => row.customer_id);
    expect(ids.some((id) => id.startsWith("'-1"))).toBe(true);
  });

  test.skipIf(chromium === undefined)(`a page shows them and runs nothing${noChromium}`, async () => {
    await withPage(outs.html, { width: 390, height: 844 }, async (page) => {
      expect(page.complaints).toEqual([]);
      expect(page.requests).toHaveLength(1);
      expect(await page.evaluate('document.scripts.length')).toBe(1);
      expect(await page.evaluate('document.images.length')).toBe(0);
      expect(
        await page.evaluate(
          `[...document.querySelectorAll('a')].every((a) => a.getAttribute('href')[0] === '#')`,
        ),
      ).toBe(true);
      const shown = await page.evaluate(
        `[...document.querySelectorAll('#table-churn_risk tbody tr')].map((row) => row.cells[1].textContent)`,
      );
      expect(shown).toEqual(listed().map((row) => row.name));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    });
  });
});
