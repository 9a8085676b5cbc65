import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';
import { subscriptionBase } from '../testing/fixtures/worked-examples.js';

const files = temporaryFiles();
const sharedData = join(projectRoot, '../shared/data');
const cdnow = join(sharedData, 'cdnow_purchases.csv');
const onlineRetail = join(sharedData, 'online_retail_II_small.xlsx');
const shop = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);

const kpisOf = (report: Json) => rowsBy(report, 'kpis', 'kpi');

describe('worked examples of the definitions', () => {
  test('CAC: 125 000 spent, 250 acquired, 500 each', async () => {
    const report = await retainJson(
      'metrics',
      'fixtures/worked-examples/cac-orders.csv',
      'fixtures/worked-examples/cac-spend.csv',
      '--period',
      '2024-03',
    );
    expect(kpisOf(report).cac).toMatchObject({ value: 500, reason: null });
    expect(kpisOf(report).customers_new.value).toBe(250);
  });

  test('AOV: 1 675 000 over 250 orders is 6 700', async () => {
    const report = await retainJson(
      'metrics',
      'fixtures/worked-examples/aov-orders.csv',
      '--period',
      '2024-03',
    );
    expect(kpisOf(report)).toMatchObject({
      revenue: { value: 1_675_000 },
      orders: { value: 250 },
      aov: { value: 6_700 },
    });
  });

  test('LTV: 399 a month kept for 12 months is 4 788', async () => {
    const report = await retainJson(
      'metrics',
      'fixtures/worked-examples/ltv-subscriptions.csv',
      '--period',
      '2024-03',
    );
    expect(kpisOf(report)).toMatchObject({ arpu: { value: 399 }, ltv_simple: { value: 4_788 } });
  });

  test('CRR: 122 000 at the start, 2 500 lost, 1 200 new is 97.9508 %, churn 2.0492 %', async () => {
    const base = files.write('base.csv', subscriptionBase({ start: 122_000, lost: 2_500, gained: 1_200 }));
    const report = await retainJson('metrics', base, '--period', '2024-03');
    expect(kpisOf(report)).toMatchObject({
      customers_start: { value: 122_000 },
      customers_lost: { value: 2_500 },
      customers_new: { value: 1_200 },
      customers_gained: { value: 1_200 },
      customers_end: { value: 120_700 },
      crr: { value: 97.9508 },
      churn_rate: { value: 2.0492 },
      revenue: { value: null, reason: 'no_orders_file' },
    });
  });
});

describe('the shop of the fixtures', () => {
  test('gives the figures that the generator counted', async () => {
    const expected = JSON.parse(await readFile(join(projectRoot, 'fixtures/shop/expected.json'), 'utf8'));
    const report = await retainJson('metrics', ...shop, '--period', expected.period.month);
    for (const [name, column] of [
      ['period', 'value'],
      ['previous', 'previous'],
      ['year_ago', 'year_ago'],
    ] as const) {
      const { revenue, orders, buyers } = kpisOf(report);
      expect(revenue[column]).toBe(Number(expected[name].revenue));
      expect(orders[column]).toBe(expected[name].orders);
      expect(buyers[column]).toBe(expected[name].buyers);
    }
  });

  test('gives the same tables as English CSV, Russian CSV and workbook', async () => {
    const options = ['--by', 'month', '--margin', '0.4'];
    const english = await retainJson('metrics', ...shop, ...options);
    const russian = await retainJson(
      'metrics',
      ...['spend', 'customers', 'orders'].map((name) => `fixtures/shop-ru/${name}.csv`),
      ...options,
    );
    const workbook = await retainJson('metrics', 'fixtures/shop-xlsx/shop.xlsx', ...options);
    expect(english.tables.map((table: Json) => table.name)).toEqual(['kpis', 'cac_by_channel', 'trend']);
    expect(russian.tables).toEqual(english.tables);
    expect(workbook.tables).toEqual(english.tables);
  });

  test('trend rows add up to the whole and agree with the KPIs of their period', async () => {
    const report = await retainJson('metrics', ...shop, '--by', 'month', '--period', '2024');
    const trend = report.tables.find((table: Json) => table.name === 'trend').rows;
    expect(trend).toHaveLength(12);
    const cents = trend.reduce((sum: number, row: Json) => sum + Math.round(row.revenue * 100), 0);
    expect(cents).toBe(Math.round(kpisOf(report).revenue.value * 100));
    const november = await retainJson('metrics', ...shop, '--period', '2024-11');
    for (const [kpi, row] of Object.entries(kpisOf(november))) {
      expect({ kpi, value: trend[10][kpi] }).toEqual({ kpi, value: row.value });
    }
  });
});

describe.skipIf(!existsSync(sharedData))('real exports (skipped where ../shared/data is absent)', () => {
  test('CDNOW, June 1998, window of 180 days', async () => {
    const report = await retainJson('metrics', cdnow, '--period', '1998-06', '--active-days', '180');
    const values = Object.fromEntries(Object.entries(kpisOf(report)).map(([kpi, row]) => [kpi, row.value]));
    expect(values).toMatchObject({
      revenue: 76109.3,
      orders: 1955,
      aov: 38.93,
      customers_start: 5529,
      customers_end: 5360,
      customers_new: 0,
      customers_reactivated: 417,
      customers_lost: 586,
      crr: 89.4013,
      churn_rate: 10.5987,
      repeat_purchase_rate: 19.5219,
    });
    expect(report.sources[0]).toMatchObject({ rows_read: 69659, rows_used: 69659 });
  });

  test('CDNOW: the window is found to be 200 days, and the report says why', async () => {
    const report = await retainJson('metrics', cdnow, '--period', '1998-06');
    expect(report.parameters).toMatchObject({ activity_window_days: 200, activity_window_origin: 'auto' });
    expect(report.notes.find((note: Json) => note.code === 'activity_window').message).toMatch(
      /^Activity window: 200 days, found from the data: .*90th percentile/,
    );
  });

  test('Online Retail II: two overlapping sheets are one table', async () => {
    const report = await retainJson('metrics', onlineRetail);
    expect(report.sources.map((source: Json) => source.rows_read)).toEqual([14269, 20497]);
    expect(report.sources.map((source: Json) => source.rows_merged)).toEqual([0, 441]);
    const codes = report.notes.map((note: Json) => note.code);
    expect(codes).toContain('overlap');
    expect(codes).toContain('rows_without_customer');
    expect(codes).toContain('return_rows');
  });
});

/** The start of a file in the container that Office uses for encrypted workbooks. */
function encryptedWorkbook(): Buffer {
  const bytes = Buffer.alloc(4096);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
  bytes.write('EncryptedPackage', 1152, 'utf16le');
  return bytes;
}

describe('bad input', () => {
  const workbook = readFileSync(join(projectRoot, 'fixtures/shop-xlsx/shop.xlsx'));
  const overwritten = Buffer.from(workbook);
  overwritten.fill(0x41, 3_000, 12_000);
  const orders = 'order_id,customer_id,date,amount\n1,a,2024-01-05,10\n2,b,2024-02-05,20\n';
  const good = files.write('good.csv', orders);
  const cases: [what: string, args: () => string[], code: number, message: RegExp][] = [
    ['a file that does not exist', () => [files.path('none.csv')], 1, /none\.csv: there is no such file/],
    ['an empty file', () => [files.write('empty.csv', '')], 1, /empty\.csv: the file is empty/],
    ['a file of blanks', () => [files.write('blank.csv', '\n \n')], 1, /blank\.csv: the file is empty/],
    ['a header only', () => [files.write('header.csv', 'order_id,date,amount\n')], 1, /a header and no rows/],
    ['a folder without tables', () => [join(projectRoot, 'bin')], 1, /no table in this folder/],
    [
      'a binary named .csv',
      () => [files.write('picture.csv', Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]))],
      1,
      /no text file/,
    ],
    [
      'a truncated workbook',
      () => [files.write('cut.xlsx', workbook.subarray(0, workbook.length / 2))],
      1,
      /cut\.xlsx.*: the workbook is damaged/,
    ],
    [
      'a corrupt workbook',
      () => [files.write('corrupt.xlsx', overwritten)],
      1,
      /corrupt\.xlsx.*: the workbook is damaged/,
    ],
    [
      'a workbook with a password',
      () => [files.write('secret.xlsx', encryptedWorkbook())],
      1,
      /secret\.xlsx: the workbook has a password/,
    ],
    ['text named .xlsx', () => [files.write('text.xlsx', 'a,b\n1,2\n')], 1, /text\.xlsx/],
    [
      'no date column',
      () => [files.write('nodate.csv', 'order_id,customer_id,amount\n1,a,10\n')],
      1,
      /no date column[\s\S]*Columns found: 'order_id', 'customer_id', 'amount'[\s\S]*--column date=/,
    ],
    [
      'no amount column',
      () => [files.write('noamount.csv', 'order_id,date,customer_id\n1,2024-01-01,a\n')],
      1,
      /no amount column[\s\S]*--column amount=/,
    ],
    [
      'two amount columns',
      () => [files.write('two.csv', 'order_id,date,amount,revenue\n1,2024-01-01,5,6\n')],
      1,
      /2 columns look like the amount: 'amount', 'revenue'[\s\S]*--column amount="amount"/,
    ],
    [
      'a period without data',
      () => [good, '--period', '2030-01'],
      1,
      /no data for the period 2030-01[\s\S]*2024-01-05 to 2024-02-05/,
    ],
    [
      '--from after --to',
      () => [good, '--from', '2024-02-01', '--to', '2024-01-01'],
      2,
      /--from 2024-02-01 is after --to 2024-01-01/,
    ],
    ['--from without --to', () => [good, '--from', '2024-02-01'], 2, /--from and --to go together/],
    ['a period that is none', () => [good, '--period', '2024-13'], 2, /--period '2024-13' is not a period/],
    ['an unknown option', () => [good, '--perod', '2024-01'], 2, /unknown option '--perod'/],
    ['no file', () => [], 2, /no file to read/],
    ['an unknown extension', () => [good, '--out', files.path('x.pdf')], 2, /no format is known/],
    ['a folder that is not there', () => [good, '--out', files.path('none/x.json')], 1, /none/],
    [
      'a customers file alone',
      () => [files.write('people.csv', 'customer_id,name,email\n1,Ann,a@b.c\n')],
      1,
      /no purchases and no subscriptions/,
    ],
    [
      'ambiguous dates',
      () => [files.write('dates.csv', 'customer_id,date,amount\na,01/02/2024,5\nb,03/04/2024,6\n')],
      1,
      /day and month cannot be told apart[\s\S]*--date-order dmy/,
    ],
    [
      'several currencies',
      () => [
        files.write(
          'money.csv',
          'customer_id,date,amount,currency\na,2024-01-02,5,EUR\nb,2024-01-03,6,USD\n',
        ),
      ],
      1,
      /several currencies: EUR, USD/,
    ],
    [
      'too many faulty rows',
      () => [files.write('faulty.csv', 'customer_id,date,amount\na,2024-01-02,5\nb,2024-01-03,x\n')],
      1,
      /faulty\.csv, row 3, column 'amount', value 'x': 1 of 2 rows \(50 %\)[\s\S]*--max-rejects 50%/,
    ],
  ];
  test.each(cases)('%s', async (_what, args, code, message) => {
    const out = files.path('must-not-appear.json');
    const given = args();
    const outcome = await retain(['metrics', ...given, ...(given.includes('--out') ? [] : ['--out', out])]);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect(outcome.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(existsSync(out)).toBe(false);
  });

  test('faulty rows within the limit are counted, named and left out', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, index) => `${index},c${index % 5},2024-01-${String(index + 1).padStart(2, '0')},10.50`,
    );
    rows[3] = '3,c3,2024-01-04,abc';
    rows[9] = '9,c4,31.31.2024,10.50';
    const report = await retainJson(
      'metrics',
      files.write('some.csv', `order_id,customer_id,date,amount\n${rows.join('\n')}\n`),
      '--period',
      '2024-01',
    );
    expect(kpisOf(report).revenue.value).toBe(294);
    expect(report.sources[0]).toMatchObject({ rows_read: 30, rows_used: 28, rows_rejected: 2 });
    expect(report.sources[0].reasons).toMatchObject([
      { reason: 'bad_date', rows: 1, examples: [{ row: 11, column: 'date', value: '31.31.2024' }] },
      { reason: 'bad_amount', rows: 1, examples: [{ row: 5, column: 'amount', value: 'abc' }] },
    ]);
  });
});
