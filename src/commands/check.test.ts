import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const faulty = `Order ID,Date,Total,Customer,Status
1,2024-01-02,"1,234.50",A,paid
2,2024-01-03,x,B,paid
3,2024-13-03,5,B,paid

4,2024-01-05,7,C,cancelled
=5,2024-02-05,7,C,paid
6,2024-01-07,7,C,paid,extra
7,=cmd,7,C,paid
8,2024-01-08,7,C,paid
`;
const rejected = [
  [3, 'Total', 'x', 'bad_amount'],
  [4, 'Date', '2024-13-03', 'bad_date'],
  [6, 'Status', 'cancelled', 'cancelled'],
  [7, 'Date', '2024-02-05', 'after_as_of'],
  [9, 'Date', '=cmd', 'bad_date'],
  [8, null, '6,2024-01-07,7,C,paid,extra', 'broken_line'],
];

describe('retain check', () => {
  it('reads the generated shop as it is', async () => {
    const report = await retainJson('check', 'fixtures/shop/orders.csv', 'fixtures/shop/customers.csv');
    const checks = rowsBy(report, 'checks', 'check');
    expect(checks.without_phone).toMatchObject({ count: 40, of: 400, share: 10 });
    expect(checks.customers_without_orders).toMatchObject({ count: 12 });
    expect(checks.orders_without_customer).toMatchObject({ count: 72, severity: 'warning' });
    expect(checks.gaps.count).toBe(0);
    expect(checks.birthdays_in_future).toMatchObject({ severity: 'not_checked' });
  });

  it('fails above a share', async () => {
    const args = ['check', 'fixtures/shop/orders.csv', 'fixtures/shop/customers.csv', '--fail-above'];
    expect((await retain([...args, '10%'])).code).toBe(0);
    const outcome = await retain([...args, '9%']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('above 9%: Customers without a phone, 10%');
  });
});

describe('--rejects', () => {
  it('writes every row left out with its place, also where the run then stops', async () => {
    const orders = files.write('faulty.csv', faulty);
    const path = files.path('rejects.json');
    const outcome = await retain(['metrics', orders, '--as-of', '2024-01-31', '--rejects', path]);
    expect(outcome.code).toBe(1);
    const rows = JSON.parse(readFileSync(path, 'utf8'));
    expect(
      rows.map(({ row, column, value, reason }: Record<string, unknown>) => [row, column, value, reason]),
    ).toEqual(rejected);
    expect(new Set(rows.map(({ file }: { file: string }) => file))).toEqual(new Set([orders]));
  });

  it('writes no formula into CSV, and workbooks of equal bytes', async () => {
    const orders = files.write('formula.csv', faulty);
    const csv = files.path('rejects.csv');
    await retain(['check', orders, '--as-of', '2024-01-31', '--rejects', csv]);
    const text = readFileSync(csv, 'utf8');
    expect(text.split('\n')).toHaveLength(rejected.length + 2);
    expect(text).toContain(",9,Date,'=cmd,bad_date,");
    const workbook = files.path('rejects.xlsx');
    await retain(['check', orders, '--rejects', workbook]);
    const first = readFileSync(workbook);
    await retain(['check', orders, '--rejects', workbook]);
    expect(readFileSync(workbook).equals(first)).toBe(true);
    const report = await retainJson('inspect', workbook);
    expect(report.tables[1].rows[0]).toMatchObject({ rows: 5, columns: 7 });
  });

  it('finds rejected rows again where orders stand in two tables', async () => {
    const path = files.path('olist.json');
    const report = await retainJson('check', 'fixtures/exporters/olist', '--rejects', path);
    const counted = report.sources.reduce(
      (sum: number, source: { rows_rejected: number }) => sum + source.rows_rejected,
      0,
    );
    expect(counted).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(counted);
  });

  it('finds rows in each of many files that are read as one', async () => {
    const day = (number: number) => `2024-01-0${number}`;
    const paths = [1, 2, 3, 4].map((number) => {
      // The faulty row comes one later in each file; the second has none at all.
      const rows = Array.from({ length: 5 }, (_, row) =>
        row === number && number !== 2 ? `${number}${row},bad,1,A` : `${number}${row},${day(number)},1,A`,
      );
      return files.write(`daily-${number}.csv`, `Order ID,Date,Total,Customer\n${rows.join('\n')}\n`);
    });
    const rejects = files.path('daily.json');
    await retain(['check', ...paths, '--rejects', rejects]);
    const rows: { file: string; row: number }[] = JSON.parse(readFileSync(rejects, 'utf8'));
    expect(rows.map(({ file, row }) => [paths.indexOf(file) + 1, row])).toEqual([
      [1, 3],
      [3, 5],
      [4, 6],
    ]);
  });

  it('refuses a name of no format, and a file that is read', async () => {
    const orders = files.write('again.csv', faulty);
    expect((await retain(['check', orders, '--rejects', files.path('rejects.txt')])).code).toBe(2);
    expect((await retain(['check', orders, '--rejects', orders])).code).toBe(2);
  });

  it('does not write the report and the rows left out to one file, by whatever names', async () => {
    const orders = files.write('one.csv', faulty);
    const out = files.path('both.csv');
    const outcome = await retain([
      'check',
      orders,
      '--out',
      out,
      '--rejects',
      `${files.path('.')}/./both.csv`,
    ]);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('name the same file') });
  });
});
