import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shopFiles = ['orders', 'customers', 'contacts', 'feedback', 'incidents'].map(
  (name) => `fixtures/shop/${name}.csv`,
);
// Ids as they stand in the files, so that sales can be counted from these.
const shop = [...shopFiles, '--no-identity'];
type Row = Record<string, ExcelJS.CellValue>;

async function load(path: string): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  return book;
}

/** Rows of a sheet by their headers. */
function rowsOf(sheet: ExcelJS.Worksheet): Row[] {
  const headers = (sheet.getRow(1).values as string[]).slice(1);
  return Array.from({ length: sheet.rowCount - 1 }, (_, at) =>
    Object.fromEntries(
      headers.map((header, index) => [header, sheet.getRow(at + 2).getCell(index + 1).value]),
    ),
  );
}

function columnOf(sheet: ExcelJS.Worksheet, header: string): number {
  return (sheet.getRow(1).values as string[]).indexOf(header);
}

/** Lines of sales of the shop, amounts in cents, those of returns below zero. */
const sales = readFileSync(join(projectRoot, 'fixtures/shop/orders.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(','))
  .filter(([, , , , , , , , status]) => status === 'completed')
  .map(([order, at, customer, , , quantity, price, discount]) => ({
    order,
    customer,
    day: at!.slice(0, 10),
    cents: Math.round(100 * (Number(quantity) * Number(price) - Number(discount))),
  }));

describe('the loop, on the shop', async () => {
  const path = files.path('churn.xlsx');
  const first = await retain(['churn', ...shop, '--as-of', '2024-10-31', '--out', path]);
  const written = await load(path);
  const report = await retainJson('churn', ...shop, '--as-of', '2024-10-31', '--min-risk', '40%');
  const atRisk = Object.values(rowsBy(report, 'churn_risk', 'customer_id')).filter(
    ({ band }) => band !== 'lost',
  );

  test('the first run lists who is at risk, most at stake first, with the figures of --json', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(`customers on the list: ${atRisk.length}\n`);
    expect(first.stderr).toContain('customers at risk: from 40% on, without the lost');
    const sheet = written.worksheets[0]!;
    const rows = rowsOf(sheet);
    expect(rows).toHaveLength(atRisk.length);
    const byId = new Map(atRisk.map((row) => [row.customer_id, row]));
    for (const row of rows) {
      const figures = byId.get(row.Customer);
      expect(row).toMatchObject({
        Name: figures.name,
        Phone: figures.phone,
        'E-mail': figures.email,
        'At stake': figures.value_at_stake,
        Band: figures.band,
        'Days since last order': figures.silent_days,
        'Cadence, days': figures.cadence_days,
        Overdue: figures.overdue_ratio,
        Evidence: figures.evidence,
        News: null,
        Status: null,
      });
      expect(row.Risk).toBeCloseTo(figures.risk / 100, 8);
    }
    const stakes = rows.map((row) => Number(row['At stake']));
    expect(stakes).toEqual(stakes.toSorted((one, other) => other - one));
    expect(sheet.getCell(2, columnOf(sheet, 'Phone')).numFmt).toBe('@');
    expect(sheet.getCell(2, columnOf(sheet, 'Status')).dataValidation.formulae).toEqual([
      '"new,in work,reached,returned,refused,do not contact"',
    ]);
  });

  test('the next run keeps what people did, and archives who returned with date and amount', async () => {
    const book = await load(path);
    const sheet = book.worksheets[0]!;
    const formerRows = rowsOf(sheet);
    // Sorted by somebody, the other way round.
    const order = formerRows.map((_, at) => sheet.getRow(at + 2).values as ExcelJS.CellValue[]).reverse();
    for (const [at, values] of order.entries()) sheet.getRow(at + 2).values = values;
    const own = sheet.columnCount + 1;
    sheet.getCell(1, own).value = 'Mood';
    for (let row = 2; row <= sheet.rowCount; row += 1) {
      const id = sheet.getCell(row, 1).value;
      sheet.getCell(row, columnOf(sheet, 'Owner')).value = `owner of ${id}`;
      sheet.getCell(row, columnOf(sheet, 'Status')).value = 'in work';
      sheet.getCell(row, columnOf(sheet, 'Comment')).value = `=called ${id}`;
      sheet.getCell(row, columnOf(sheet, 'Next contact')).value = new Date('2024-11-15T00:00:00Z');
      sheet.getCell(row, columnOf(sheet, 'Result amount')).value = row + 0.5;
      sheet.getCell(row, own).value = `mood of ${id}`;
    }
    book.addWorksheet('Plan').getCell('B2').value = 'call everybody';
    await book.xlsx.writeFile(path);
    const former = readFileSync(path);

    const { code, stderr } = await retain(['churn', ...shop, '--as-of', '2024-12-31', '--out', path]);
    expect(code).toBe(0);
    const backup = path.replace('.xlsx', '.2024-12-31.bak.xlsx');
    expect(stderr).toContain(`the former file: ${backup}\n`);
    expect(readFileSync(backup).equals(former)).toBe(true);

    const after = await load(path);
    const rows = rowsOf(after.worksheets[0]!);
    const archive = rowsOf(after.getWorksheet('Archive')!);
    expect(after.getWorksheet('Plan')!.getCell('B2').value).toBe('call everybody');
    const stayed = rows.filter((row) => row.News !== 'new');
    expect(rows.length - stayed.length).toBeGreaterThan(10);
    expect([...stayed, ...archive].map((row) => row.Customer).sort()).toEqual(
      formerRows.map((row) => row.Customer).sort(),
    );
    for (const row of [...stayed, ...archive]) {
      const id = row.Customer;
      expect(row).toMatchObject({
        Owner: `owner of ${id}`,
        Status: 'in work',
        Comment: `=called ${id}`,
        'Next contact': new Date('2024-11-15T00:00:00Z'),
        Mood: `mood of ${id}`,
      });
    }
    expect(stayed.map((row) => row.Customer)).toEqual(
      order.map((values) => values[1]).filter((id) => stayed.some((row) => row.Customer === id)),
    );

    const returned = archive.filter((row) => row.Outcome === 'returned');
    expect(returned.length).toBeGreaterThan(10);
    let sum = 0;
    for (const row of returned) {
      const since = sales.filter(({ customer, day }) => customer === row.Customer && day > '2024-10-31');
      // Orders of which all came back are none.
      const day = since
        .filter(({ order }) => since.reduce((all, one) => all + (one.order === order ? one.cents : 0), 0) > 0)
        .map((sale) => sale.day)
        .sort()[0];
      const cents = since.reduce((total, sale) => total + sale.cents, 0);
      const amount = (cents / 100).toLocaleString('en', { minimumFractionDigits: 2 });
      expect(row['Why it left']).toMatch(new RegExp(`^returned on ${day} with ${amount}( in \\d+ orders)?$`));
      sum += cents;
    }
    const total = (sum / 100).toLocaleString('en', { minimumFractionDigits: 2 });
    expect(stderr).toContain(`returned: ${returned.length}, with ${total}\n`);
    for (const row of archive.filter(({ Outcome }) => Outcome !== 'returned')) {
      expect(row['Why it left']).toMatch(
        /^(risk fell from \d+% to \d+%|lost: silent for \d+ days|risk is \d+%, )/,
      );
    }
    expect(stderr).toContain(`to the archive: ${archive.length}\n`);
  });

  test('a list that is open in Excel stays as it is, and the new one goes beside it', async () => {
    const lock = join(dirname(path), '~$churn.xlsx');
    writeFileSync(lock, 'Olga');
    const before = readFileSync(path);
    const { code, stderr } = await retain(['churn', ...shop, '--top', '5', '--lang', 'ru', '--out', path]);
    expect(code).toBe(4);
    expect(stderr).toContain('открыт в другой программе (~$churn.xlsx)');
    expect(readFileSync(path).equals(before)).toBe(true);
    const beside = await load(path.replace('.xlsx', '.2024-12-31.new.xlsx'));
    const left = rowsOf(beside.getWorksheet('Archive')!).map((row) => row['Why it left']);
    expect(left).toContain('не входит в --top: не среди первых 5 по сумме под угрозой');
    expect(rowsOf(beside.worksheets[0]!)).toHaveLength(5);
    expect(existsSync(lock)).toBe(true);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});
