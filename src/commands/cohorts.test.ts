import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const cdnow = join(projectRoot, '../shared/data/cdnow_purchases.csv');
const shop = ['fixtures/shop/orders.csv', 'fixtures/shop/customers.csv'];

// Small enough to count by hand. C sends something back in March, D had sent something back before the first order,
// and nobody knows who bought for 999. January begins before the data, March is not over.
const orders = files.write(
  'orders.csv',
  `order_id,customer_id,date,amount
1,A,2024-01-10,100
2,A,2024-01-20,50
3,B,2024-01-15,200
4,B,2024-02-01,20
5,C,2024-02-10,40
6,A,2024-03-05,30
7,C,2024-03-01,-10
8,D,2024-01-05,-5
9,D,2024-03-10,60
10,,2024-02-05,999
`,
);
const byHand = [orders, '--as-of', '2024-03-15'];
const rowsOf = (report: Json, name: string) => report.tables.find((table: Json) => table.name === name).rows;

describe('retain cohorts', () => {
  test('every cell of a base counted by hand', async () => {
    const report = await retainJson('cohorts', ...byHand);
    const cell = (cohort: string, period: number) =>
      rowsOf(report, 'cohort_cells').find((row: Json) => row.cohort === cohort && row.period === period);
    expect(rowsOf(report, 'cohort_cells')).toHaveLength(6);
    expect(cell('2024-01', 0)).toEqual({
      cohort: '2024-01',
      period: 0,
      calendar_period: '2024-01',
      customers: 2,
      active_customers: 2,
      share: 100,
      orders: 3,
      revenue: 350,
      ltv: 175,
      complete: false,
    });
    expect(cell('2024-01', 1)).toMatchObject({
      active_customers: 1,
      share: 50,
      orders: 1,
      revenue: 20,
      ltv: 185,
      complete: true,
    });
    expect(cell('2024-01', 2)).toMatchObject({
      active_customers: 1,
      orders: 1,
      revenue: 30,
      ltv: 200,
      complete: false,
    });
    expect(cell('2024-02', 0)).toMatchObject({ customers: 1, orders: 1, revenue: 40, complete: true });
    expect(cell('2024-02', 1)).toMatchObject({
      active_customers: 0,
      share: 0,
      orders: 0,
      revenue: -10,
      ltv: 30,
    });
    expect(cell('2024-03', 0)).toMatchObject({ customers: 1, revenue: 55, ltv: 55, complete: false });
  });

  test.each([
    ['share', [100, 50, 50], [100, 50, null]],
    ['customers', [2, 1, 1], [100, 50, null]],
    ['orders', [3, 1, 1], [1, 0.5, null]],
    ['revenue', [350, 20, 30], [40, 10, null]],
    ['ltv', [175, 185, 200], [40, null, null]],
  ])('measure %s, with its average of whole periods', async (measure, january, average) => {
    const rows = rowsBy(await retainJson('cohorts', ...byHand, '--measure', measure), 'cohorts', 'cohort');
    const figures = (row: Json) => [row.period_0, row.period_1, row.period_2];
    expect(figures(rows['2024-01'])).toEqual(january);
    expect(figures(rows.average)).toEqual(average);
    expect(rows['2024-01'].partial).toBe('period_0 period_2');
    expect(figures(rows['2024-03']).slice(1)).toEqual([null, null]);
    expect(rows.average.customers).toBe(4);
  });

  test('time from order to order', async () => {
    const report = await retainJson('cohorts', ...byHand);
    const survival = rowsBy(report, 'survival', 'to_order');
    // To the second: A after 10 days and B after 17; C not in 34, D not in 5.
    expect(survival[2]).toMatchObject({ customers: 4, came_back: 2, median_days: 17, followed_days: 34 });
    // To the third: A after 45 days, B not in 43.
    expect(survival[3]).toMatchObject({ customers: 2, came_back: 1, median_days: 45 });
    expect(survival[4]).toMatchObject({ customers: 1, came_back: 0, median_days: null, followed_days: 10 });
    const within = rowsOf(report, 'came_back_within').filter((row: Json) => row.to_order === 2);
    expect(within.map((row: Json) => [row.days, row.share])).toEqual([
      [30, 66.6667],
      [60, null],
      [90, null],
      [180, null],
      [365, null],
    ]);
    expect(rowsOf(await retainJson('cohorts', ...byHand, '--order', '2'), 'survival')).toHaveLength(1);
  });

  test('orders of one day are one purchase', async () => {
    const file = files.write(
      'same-day.csv',
      'order_id,customer_id,date,amount\n1,A,2024-01-01,5\n2,A,2024-01-01,5\n3,A,2024-01-11,5\n4,A,2024-01-11,5\n5,B,2024-01-01,5\n6,B,2024-01-01,5\n',
    );
    const survival = rowsOf(await retainJson('cohorts', file), 'survival');
    // A came back after 10 days; B has not in 10, with two orders on one day.
    expect(
      survival.map((row: Json) => [row.to_order, row.customers, row.came_back, row.median_days]),
    ).toEqual([
      [2, 2, 1, 10],
      [3, 1, 0, null],
    ]);
    expect(rowsOf(await retainJson('cohorts', file), 'cohort_cells')[0]).toMatchObject({
      customers: 2,
      orders: 6,
    });
  });

  test('a terminal marks what is not whole and leaves blank what has not come', async () => {
    const { stdout } = await retain(['cohorts', ...byHand, '--measure', 'orders']);
    expect(stdout).toContain(
      [
        'Cohort        Customers      0      1   2',
        '────────────  ─────────  ─────  ─────  ──',
        '2024-01               2     3*     1   1*',
        '2024-02               1     1      0*',
        '2024-03               1     1*',
        'Per customer          4  1.00   0.50',
      ].join('\n'),
    );
    expect(stdout).toContain(
      '* Marked with *: a month that is not whole, as what is known goes from 2024-01-05 to 2024-03-15.',
    );
  });

  test('by week, quarter and year', async () => {
    const sizes = async (by: string) =>
      rowsOf(await retainJson('cohorts', ...byHand, '--by', by), 'cohorts').map((row: Json) => [
        row.cohort,
        row.customers,
      ]);
    expect(await sizes('week')).toEqual([
      ['2024-W02', 1],
      ['2024-W03', 1],
      ['2024-W06', 1],
      ['2024-W10', 1],
      ['average', 4],
    ]);
    expect(await sizes('quarter')).toEqual([
      ['2024-Q1', 4],
      ['average', 4],
    ]);
    expect(await sizes('year')).toEqual([
      ['2024', 4],
      ['average', 4],
    ]);
  });

  test('--periods', async () => {
    const report = await retainJson('cohorts', ...byHand, '--periods', '1');
    expect(Object.keys(rowsOf(report, 'cohorts')[0])).toEqual([
      'cohort',
      'customers',
      'period_0',
      'period_1',
      'unit',
      'partial',
    ]);
    expect(rowsOf(report, 'cohort_cells')).toHaveLength(6);
    expect(report.tables[0].notes.join(' ')).toContain('1 of 2 months');
  });
});

describe('splits', () => {
  const more = files.write(
    'customers.csv',
    'customer_id,channel,manager,sex,subscription_status\nA,Ads,Olga,f,active\nB, ads,Olga,,\nC,Mail,Ivan,m,cancelled\nD,,,f,active\n',
  );

  test.each([
    ['channel', { Ads: 2, Mail: 1, null: 1 }],
    ['manager', { Olga: 2, Ivan: 1, null: 1 }],
    ['sex', { female: 2, male: 1, null: 1 }],
    ['subscription', { active: 2, cancelled: 1, null: 1 }],
  ])('by %s: as many customers as are known of each', async (split, expected) => {
    const report = await retainJson('cohorts', ...byHand, more, '--split', split);
    const rows = rowsOf(report, `cohorts_by_${split}`);
    expect(Object.fromEntries(rows.map((row: Json) => [row[split], row.customers]))).toEqual(expected);
    expect(rowsOf(report, 'cohorts').at(-1)).toMatchObject({ cohort: 'average', customers: 4 });
    expect(Object.keys(rowsOf(report, 'cohort_cells')[0])[0]).toBe(split);
  });

  test('by segment: every customer is in one', async () => {
    const report = await retainJson('cohorts', ...shop, '--split', 'segment');
    const sizes = rowsOf(report, 'cohorts_by_segment').map((row: Json) => row.customers);
    expect(sizes.reduce((sum: number, size: number) => sum + size, 0)).toBe(380);
  });

  test('by the segments of retain.yaml', async () => {
    const config = files.write('segments.yaml', 'rfm:\n  segments:\n    - {name: Buyers, frequency: 1-5}\n');
    const report = await retainJson('cohorts', ...byHand, '--split', 'segment', '--config', config);
    const rows = rowsOf(report, 'cohorts_by_segment');
    expect(rows.map((row: Json) => [row.segment, row.customers])).toEqual([['Buyers', 4]]);
  });

  test('by the segments that retain rfm tells with the same options', async () => {
    const config = files.write('scored.yaml', 'options:\n  map: r-rfm\n  scoring: ntile\n  bins: 4\n');
    const sizes = (report: Json, name: string) =>
      Object.fromEntries(
        rowsOf(report, name)
          .filter((row: Json) => row.customers > 0)
          .map((row: Json) => [row.segment, row.customers]),
      );
    for (const options of [
      ['--config', config],
      ['--map', 'r-rfm', '--monetary', 'average'],
    ]) {
      const split = await retainJson('cohorts', ...shop, '--split', 'segment', ...options);
      const expected = sizes(await retainJson('rfm', ...shop, ...options), 'segments');
      expect(sizes(split, 'cohorts_by_segment')).toEqual(expected);
    }
  });

  test('a channel that is named unknown is not the one nobody knows', async () => {
    const file = files.write(
      'unknown.csv',
      'order_id,customer_id,date,amount,channel\n1,A,2024-01-01,5,unknown\n2,B,2024-01-09,5,\n3,C,2024-01-09,5,\n',
    );
    const report = await retainJson('cohorts', file, '--split', 'channel');
    const told = (name: string) => rowsOf(report, name).map((row: Json) => [row.channel, row.customers]);
    expect(told('cohorts_by_channel')).toEqual([
      [null, 2],
      ['unknown', 1],
    ]);
    expect(told('cohort_cells')).toEqual([
      [null, 2],
      ['unknown', 1],
    ]);
  });

  test('the channel of orders, where the customers do not tell it', async () => {
    const file = files.write(
      'channels.csv',
      'order_id,customer_id,date,amount,channel\n1,A,2024-01-01,5,Shop\n2,A,2024-02-01,5,Web\n3,B,2024-01-09,5,Web\n',
    );
    const rows = rowsOf(await retainJson('cohorts', file, '--split', 'channel'), 'cohorts_by_channel');
    expect(rows.map((row: Json) => [row.channel, row.customers])).toEqual([
      ['Shop', 1],
      ['Web', 1],
    ]);
  });
});

describe('outputs', () => {
  test.each([
    ['en', 'week'],
    ['ru', 'week'],
    ['ru', 'quarter'],
  ])('every text is one, in %s by %s', async (language, by) => {
    const { stdout } = await retain(['cohorts', ...shop, '--by', by, '--lang', language, '--json']);
    expect(stdout).not.toMatch(/\[object|undefined|NaN/);
  });

  test('notes in Russian', async () => {
    const months = files.write(
      'months.csv',
      `order_id,customer_id,date,amount\n${Array.from({ length: 21 }, (_, at) => `${at},A,${2022 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-05,10`).join('\n')}\n`,
    );
    const { stdout } = await retain(['cohorts', months, '--measure', 'orders', '--lang', 'ru']);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain('Со знаком *: неполный месяц, так как');
    expect(text).toContain('Периодов в терминале: 12 из 20;');
    // What only a terminal leaves out is none of a file's business.
    expect(JSON.stringify(await retainJson('cohorts', months, '--lang', 'ru'))).not.toContain('терминал');
    const share = await retain(['cohorts', ...byHand, '--lang', 'ru']);
    expect(share.stdout).toContain('1: следующий месяц после месяца первого заказа');
  });

  test('a workbook with a heat map, in Russian', async () => {
    const path = files.path('cohorts.xlsx');
    const { code } = await retain(['cohorts', ...shop, '--split', 'channel', '--lang', 'ru', '--out', path]);
    expect(code).toBe(0);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'Когорты доля купивших',
      'Когорты канал',
      'Время до следующего заказа',
      'Вернулись за срок',
      'Когорты все ячейки',
      'Примечания',
      'Источники',
    ]);
    const heat = (workbook.worksheets[0] as Json).conditionalFormattings;
    expect(heat.map((chart: Json) => [chart.ref, chart.rules[0].type])).toEqual([['D2:Z26', 'colorScale']]);
  });

  test('CSV holds the triangle', async () => {
    const { stdout } = await retain(['cohorts', ...byHand, '--measure', 'customers', '--format', 'csv']);
    expect(stdout).toBe(
      `cohort,customers,period_0,period_1,period_2,unit,partial
2024-01,2,2,1,1,integer,period_0 period_2
2024-02,1,1,0,,integer,period_1
2024-03,1,1,,,integer,period_0
average,4,100,50,,percent,
`,
    );
  });
});

describe('requests and files that do not fit', () => {
  const guests = files.write('guests.csv', 'order_id,date,amount\n1,2024-01-01,5\n');
  const returns = files.write('returns.csv', 'order_id,customer_id,date,amount\n1,A,2024-01-01,-5\n');
  const subscriptions = 'fixtures/worked-examples/ltv-subscriptions.csv';

  test.each([
    ['no customers', [guests], 'No row names its customer: name the column', 1],
    ['returns only', [returns], 'All orders came back', 1],
    ['subscriptions alone', [subscriptions], 'cohorts are made of orders', 1],
    [
      'a split that the files do not tell',
      [orders, '--split', 'manager'],
      '--split manager: the files do not tell it',
      1,
    ],
    ['no channel', [orders, '--split', 'channel'], '--split channel: the files do not tell it', 1],
    ['a step that is none', [orders, '--by', 'day'], 'Allowed choices are week, month, quarter, year', 2],
    ['an order before the second', [orders, '--order', '1'], 'a whole number from 2 to 100', 2],
  ])('%s', async (_, args, message, exitCode) => {
    const { code, stderr, stdout } = await retain(['cohorts', ...args]);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('one customer with one order', async () => {
    const file = files.write('one.csv', 'order_id,customer_id,date,amount\n1,A,2024-01-01,5\n');
    const { code, stdout } = await retain(['cohorts', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('2024-01          1');
  });

  test('a step of the configuration that only trends have is left out', async () => {
    const config = files.write('retain.yaml', 'options:\n  by: day\n');
    const report = await retainJson('cohorts', ...byHand, '--config', config);
    expect(report.parameters.by).toBe('month');
  });
});

describe.skipIf(!existsSync(cdnow))('CDNOW, where ../shared/data has it', () => {
  test('cohorts of 7 846, 8 476 and 7 248 customers, 1 157 of the first back in the month after', async () => {
    const report = await retainJson('cohorts', cdnow, '--by', 'month', '--measure', 'customers');
    const rows = rowsOf(report, 'cohorts');
    expect(rows.slice(0, 3).map((row: Json) => [row.cohort, row.customers, row.period_0])).toEqual([
      ['1997-01', 7_846, 7_846],
      ['1997-02', 8_476, 8_476],
      ['1997-03', 7_248, 7_248],
    ]);
    expect(rows[0].period_1).toBe(1_157);
    const revenue = rowsOf(report, 'cohort_cells').reduce(
      (sum: number, row: Json) => sum + Math.round(row.revenue * 100),
      0,
    );
    expect(revenue).toBe(250_031_563);
  });
});
