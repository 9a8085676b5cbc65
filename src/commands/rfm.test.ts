import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['orders', 'customers'].map((name) => `fixtures/shop/${name}.csv`);
const cdnow = '../shared/data/cdnow_purchases.csv';

const rowsOf = (report: Json, name: string): Json[] =>
  report.tables.find((table: Json) => table.name === name).rows;
const codes = (report: Json): string[] => report.warnings.map((warning: Json) => warning.code);
const cents = (rows: Json[], column: string) =>
  rows.reduce((sum, row) => sum + Math.round(row[column] * 100), 0);

// One order each but for a, who has four; e has only a return, f's order was wholly returned.
const small = files.write(
  'small.csv',
  `order_id,customer_id,date,amount
1,a,2024-01-01,100
2,a,2024-02-01,100.10
3,a,2024-03-01,50
4,a,2024-06-30,25
5,b,2024-05-01,70
6,c,2024-03-15,10
7,d,2024-01-15,20
8,e,2024-02-01,-5
9,f,2024-02-02,30
9,f,2024-02-02,-30
10,,2024-06-01,40
`,
);

describe('retain rfm', () => {
  test('segments, thresholds and revenue of a small base, by hand', async () => {
    const report = await retainJson('rfm', small);
    const segments = rowsBy(report, 'segments', 'segment');
    expect(Object.keys(segments)).toHaveLength(11);
    // Of four values sorted the quantiles lie at 0.6, 1.2, 1.8, 2.4, so the four are in bins 1, 2, 4, 5. Days since the
    // last order: a 0, b 60, c 107, d 167, so R 5, 4, 2, 1; orders 4, 1, 1, 1: F 5, 1, 1, 1; revenue 275.10, 70, 10,
    // 20: M 5, 4, 1, 2.
    expect(segments.champions).toMatchObject({
      customers: 1,
      customers_share: 25,
      revenue: 275.1,
      revenue_share: 73.3404,
      aov: 68.78,
      mean_recency: 0,
      mean_frequency: 4,
      mean_monetary: 275.1,
    });
    expect(segments.champions.action).toContain('Reward them');
    expect(segments.potential_loyalists).toMatchObject({ customers: 1, revenue: 70 });
    expect(segments.hibernating).toMatchObject({ customers: 1, revenue: 10, mean_recency: 107 });
    expect(segments.lost).toMatchObject({ customers: 1, revenue: 20 });
    expect(segments.at_risk).toMatchObject({ customers: 0, revenue: 0, aov: null, mean_recency: null });
    expect(rowsOf(report, 'total')).toEqual([
      {
        customers: 4,
        orders: 7,
        revenue: 375.1,
        aov: 53.59,
        mean_recency: 83.5,
        mean_frequency: 1.75,
        mean_monetary: 93.78,
      },
    ]);
    expect(rowsOf(report, 'revenue')).toEqual([
      { part: 'segments', revenue: 375.1 },
      { part: 'no_customer', revenue: 40 },
      { part: 'no_order', revenue: -5 },
      { part: 'total', revenue: 410.1 },
    ]);
    const thresholds = rowsOf(report, 'thresholds');
    expect(thresholds).toHaveLength(15);
    expect(thresholds.filter((row) => row.measure === 'frequency')).toEqual([
      expect.objectContaining({ score: 5, rule: 'above', threshold: 1, customers: 1, least: 4, greatest: 4 }),
      expect.objectContaining({ score: 4, rule: null, threshold: null, customers: 0, least: null }),
      expect.objectContaining({ score: 3, rule: null, customers: 0 }),
      expect.objectContaining({ score: 2, rule: null, customers: 0 }),
      expect.objectContaining({ score: 1, rule: 'up_to', threshold: 1, customers: 3, least: 1, greatest: 1 }),
    ]);
    expect(codes(report)).toEqual(['few_customers']);
  });

  test('the list of customers, with contacts where there is a file of them', async () => {
    const people = files.write(
      'people.csv',
      'customer_id,name,email,phone\na,Anna,a@x.org,+7 916 123-45-60\ng,Gleb,g@x.org,\nd,=SUM(1),,\n',
    );
    const report = await retainJson('rfm', small, people, '--customers', '--compare', '2024-03-31');
    expect(rowsOf(report, 'customers')).toEqual([
      {
        customer_id: 'a',
        name: 'Anna',
        email: 'a@x.org',
        phone: '+7 916 123-45-60',
        recency_days: 0,
        frequency: 4,
        monetary: 275.1,
        recency_score: 5,
        frequency_score: 5,
        monetary_score: 5,
        segment: 'champions',
        previous_segment: expect.any(String),
      },
      expect.objectContaining({
        customer_id: 'b',
        name: null,
        segment: 'potential_loyalists',
        previous_segment: null,
      }),
      expect.objectContaining({ customer_id: 'c', segment: 'hibernating' }),
      expect.objectContaining({ customer_id: 'd', name: '=SUM(1)', segment: 'lost' }),
    ]);
    const movement = rowsBy(report, 'movement', 'from_segment');
    // b came after the day; g stands in the customers file and has never ordered.
    expect(movement.not_yet).toMatchObject({ to_potential_loyalists: 1, to_not_yet: 1, total: 2 });
    expect(movement.total.total).toBe(5);
    // A file behind --customers is one of customers still.
    const forced = await retainJson('rfm', small, '--customers', people);
    expect(forced.sources.map((source: Json) => source.role)).toEqual(['orders', 'customers']);
    expect(forced.tables.map((table: Json) => table.name)).not.toContain('customers');
  });

  test('rows and columns of the movement sum to the segments of both days', async () => {
    const report = await retainJson('rfm', ...shop, '--compare', '2024-03-31');
    const moves = rowsOf(report, 'moves');
    const by = (side: string, segment: string) => moves.filter((row) => row[side] === segment);
    for (const [table, side, revenue] of [
      ['segments', 'to_segment', 'revenue_now'],
      ['segments_then', 'from_segment', 'revenue_then'],
    ] as const) {
      for (const segment of rowsOf(report, table)) {
        const rows = by(side, segment.segment);
        expect(rows.reduce((sum, row) => sum + row.customers, 0)).toBe(segment.customers);
        expect(cents(rows, revenue)).toBe(Math.round(segment.revenue * 100));
      }
    }
    const matrix = rowsBy(report, 'movement', 'from_segment');
    const matrixOfRevenue = rowsBy(report, 'movement_revenue', 'from_segment');
    for (const { segment, customers, revenue } of rowsOf(report, 'segments')) {
      expect(matrix.total[`to_${segment}`]).toBe(customers);
      expect(matrixOfRevenue.total[`to_${segment}`]).toBe(revenue);
    }
    for (const { segment, customers } of rowsOf(report, 'segments_then')) {
      expect(matrix[segment].total).toBe(customers);
    }
    const newcomers = by('from_segment', 'not_yet').filter((row) => row.to_segment !== 'not_yet');
    expect(newcomers.length).toBeGreaterThan(0);
    // The segments of that day are those of a report as of it.
    const then = await retainJson('rfm', ...shop, '--as-of', '2024-03-31');
    expect(rowsOf(report, 'segments_then')).toEqual(rowsOf(then, 'segments'));
    expect(rowsOf(report, 'thresholds_then')).toEqual(rowsOf(then, 'thresholds'));
  });

  test('the same of English CSV, Russian CSV and workbook', async () => {
    const options = ['--compare', '2024-06-30', '--customers'];
    const english = await retainJson('rfm', ...shop, ...options);
    const russian = await retainJson(
      'rfm',
      'fixtures/shop-ru/customers.csv',
      'fixtures/shop-ru/orders.csv',
      ...options,
    );
    expect(russian.tables.slice(0, 3)).toEqual(english.tables.slice(0, 3));
    expect(rowsOf(english, 'customers').length).toBe(rowsOf(english, 'total')[0].customers);
  });

  test('degenerate bases have honest scores and a note', async () => {
    const one = files.write('one.csv', 'customer_id,date,amount\na,2024-01-01,5\n');
    const single = await retainJson('rfm', one);
    expect(rowsOf(single, 'total')[0].customers).toBe(1);
    expect(codes(single)).toEqual(['few_customers']);
    const lines = Array.from({ length: 20 }, (_, index) => `c${index},2024-01-${10 + index},7.5`);
    const alike = files.write('alike.csv', `customer_id,date,amount\n${lines.join('\n')}\n`);
    const report = await retainJson('rfm', alike);
    expect(codes(report)).toEqual(['frequency_alike', 'monetary_alike']);
    expect(report.warnings[1].message).toBe(
      'Monetary is the same for every customer (7.5), so it tells nobody apart: all have score 1.',
    );
    const segments = rowsBy(report, 'segments', 'segment');
    // Only recency parts them: 4 in each fifth.
    expect(segments).toMatchObject({
      new_customers: { customers: 4 },
      promising: { customers: 4 },
      about_to_sleep: { customers: 4 },
      hibernating: { customers: 4 },
      lost: { customers: 4 },
    });
    const ranked = await retainJson('rfm', alike, '--scoring', 'ntile');
    expect(ranked.warnings[0].message).toContain('their different scores mean nothing');
    const ranges = await retainJson('rfm', alike, '--map', 'r-rfm');
    expect(codes(ranges)).not.toContain('others');
  });

  test('customers that no range fits are Others, and the report says how many', async () => {
    // Many orders of little money, of late: 5-5-1.
    const rest = Array.from({ length: 12 }, (_, index) => `b${index},2024-01-${10 + index},${100 + index}`);
    const often = Array.from({ length: 6 }, (_, index) => `a,2024-03-0${index + 1},1`);
    const path = files.write('others.csv', `customer_id,date,amount\n${[...rest, ...often].join('\n')}\n`);
    const report = await retainJson('rfm', path, '--map', 'r-rfm');
    expect(rowsBy(report, 'segments', 'segment').others).toMatchObject({ customers: 1, revenue: 6 });
    expect(report.warnings.find((warning: Json) => warning.code === 'others').message).toBe(
      '1 customer of 13 fit no range of the map (ranges of the R package rfm) and are Others.',
    );
  });

  test('other numbers of bins, and monetary per order', async () => {
    const report = await retainJson('rfm', ...shop, '--bins', '3', '--monetary', 'average');
    expect(rowsOf(report, 'thresholds')).toHaveLength(9);
    expect(report.parameters).toMatchObject({ bins: 3, monetary: 'average', map: 'grid' });
    expect(report.notes.map((note: Json) => note.code)).toContain('map_scaled');
    const whole = await retainJson('rfm', ...shop);
    expect(rowsOf(report, 'total')[0].revenue).toBe(rowsOf(whole, 'total')[0].revenue);
    expect(rowsOf(report, 'total')[0].mean_monetary).toBeLessThan(rowsOf(whole, 'total')[0].mean_monetary);
  });

  test('thresholds and a segment map of retain.yaml', async () => {
    const config = files.write(
      'rfm.yaml',
      `rfm:
  thresholds:
    recency: [30, 120]
    frequency: [2, 4]
    monetary: [50, 200.50]
  segments:
    - name: VIP
      recency: 3
      frequency-monetary: 3
      action: {en: Call them., ru: Позвонить.}
    - name: at risk
      monetary: 2-3
`,
    );
    const report = await retainJson('rfm', small, '--config', config, '--customers');
    const rows = rowsOf(report, 'customers');
    expect(
      rows.map((row) => [
        row.customer_id,
        row.recency_score,
        row.frequency_score,
        row.monetary_score,
        row.segment,
      ]),
    ).toEqual([
      ['a', 3, 3, 3, 'VIP'],
      ['b', 2, 1, 2, 'at_risk'],
      ['d', 1, 1, 1, 'others'],
      ['c', 2, 1, 1, 'others'],
    ]);
    expect(report.parameters).toMatchObject({ bins: 3, map: 'own' });
    expect(rowsBy(report, 'segments', 'segment').VIP.action).toBe('Call them.');
    const known = await retainJson('rfm', small, '--config', config, '--map', 'grid');
    expect(known.parameters.map).toBe('grid');

    const wrong = await retain(['rfm', small, '--config', config, '--bins', '5']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      'rfm.thresholds.recency of the configuration make 3 bins, where there are 5',
    );
    const broken = files.write(
      'broken.yaml',
      'rfm:\n  thresholds: {recency: [90, 30], frequency: [1.5]}\n  segments:\n    - {name: A, recency: 5-4, sum: 3}\n',
    );
    const refused = await retain(['rfm', small, '--config', broken]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('line 2, rfm.thresholds.recency: must rise from one to the next');
    expect(refused.stderr).toContain('rfm.thresholds.frequency[0]: must be a whole number of orders');
    expect(refused.stderr).toContain('line 4, rfm.segments[0].recency: must be a score or a range of scores');
    expect(refused.stderr).toContain("rfm.segments[0].sum: unknown field 'sum'");
  });

  test.each(['en', 'ru'] as const)('the text of the shop of the fixtures, in %s', async (language) => {
    const { stdout } = await retain(['rfm', ...shop, '--compare', '2024-06-30', '--lang', language]);
    await expect(stdout).toMatchFileSnapshot(`rfm.${language}.golden.txt`);
  });

  test('CSV holds the segments, and says what other formats hold', async () => {
    const out = files.path('segments.csv');
    const { stderr } = await retain(['rfm', small, '--compare', '2024-03-31', '--out', out]);
    expect(stderr).toContain(
      'CSV holds one table, segments; JSON and XLSX hold total, revenue, thresholds, movement, movement_revenue, moves, moved, segments_then, thresholds_then too',
    );
  });

  test('errors in words', async () => {
    const at = async (...args: string[]) => {
      const { code, stderr } = await retain(['rfm', ...args]);
      return [code, stderr.split('\n')[0]];
    };
    expect(await at(small, '--compare', '2024-06-30')).toEqual([
      2,
      'retain: --compare 2024-06-30 is not before the as-of date, 2024-06-30',
    ]);
    expect(await at(small, '--compare', '2023-12-31')).toEqual([
      1,
      'retain: --compare 2023-12-31 is before the first order, 2024-01-01',
    ]);
    const nobody = files.write('nobody.csv', 'order_id,customer_id,date,amount\n1,,2024-01-05,1\n');
    expect(await at(nobody)).toEqual([1, `retain: ${nobody}: no customer with an order up to 2024-01-05`]);
    expect((await at(small, '--bins', '11'))[0]).toBe(2);
  });

  test('a terminal and a pipe in Russian name everything in Russian', async () => {
    const { stdout } = await retain(['rfm', ...shop, '--lang', 'ru', '--compare', '2024-06-30']);
    for (const words of [
      'Сегменты',
      'Чемпионы',
      'Пороги баллов',
      'не больше',
      'Движение клиентов',
      'Кто перешёл',
    ]) {
      expect(stdout).toContain(words);
    }
    expect(stdout).not.toMatch(/Champions|champions|up_to|not_yet/);
  });
});

describe.skipIf(!existsSync(join(projectRoot, cdnow)))(
  'CDNOW (skipped where ../shared/data is absent)',
  () => {
    test('23 570 customers and 2 500 315.63 of revenue, in every scoring and map', async () => {
      for (const options of [
        [],
        ['--scoring', 'ntile'],
        ['--scoring', 'r-rfm', '--map', 'r-rfm'],
        ['--bins', '4'],
      ]) {
        const report = await retainJson('rfm', cdnow, '--as-of', '1998-06-30', ...options);
        const segments = rowsOf(report, 'segments');
        expect(segments.reduce((sum, row) => sum + row.customers, 0)).toBe(23_570);
        expect(cents(segments, 'revenue')).toBe(250_031_563);
        expect(rowsOf(report, 'total')[0]).toMatchObject({ customers: 23_570, revenue: 2_500_315.63 });
        const thresholds = rowsOf(report, 'thresholds');
        for (const measure of ['recency', 'frequency', 'monetary']) {
          const rows = thresholds.filter((row) => row.measure === measure);
          expect(rows.reduce((sum, row) => sum + row.customers, 0)).toBe(23_570);
        }
      }
    });
  },
);
