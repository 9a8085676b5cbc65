import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';
import { parsePoints } from './whatif.js';

const files = temporaryFiles();
const people = (from: number, to: number, start: string, end: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => `s${from + index},${start},${end},10`);
// Ten at the start of 2024, of whom four leave in it; two come.
const subscriptions = files.write(
  'subscriptions.csv',
  [
    'customer_id,subscription start,cancellation date,subscription price',
    ...people(1, 6, '2023-01-01', ''),
    ...people(7, 10, '2023-01-01', '2024-06-30'),
    ...people(11, 12, '2024-03-01', ''),
  ].join('\n'),
);
const year = ['whatif', subscriptions, '--as-of', '2024-12-31'];

describe('retain whatif', () => {
  test('by hand: retention 60 % of 10, 8 are left, 2 came, 120 a year each', async () => {
    const report = await retainJson(...year, '--retention', '+5', '--margin', '50%');
    expect(report.parameters).toMatchObject({
      points: 5,
      per: 'year',
      gained_per_step: 2,
      arpu_per_step: 120,
    });
    const rows = rowsBy(report, 'summary', 'figure');
    expect(rows.retention).toMatchObject({ past: 60, as_now: 60, changed: 65, change: 5 });
    expect(rows.customers).toMatchObject({ past: 8, as_now: 6.8, changed: 7.2, difference: 0.4 });
    // Last year 9 on average; next year 7.4 or 7.6.
    expect(rows.revenue).toMatchObject({
      past: 1080,
      as_now: 888,
      changed: 912,
      difference: 24,
      change: 2.7027,
    });
    expect(rows.profit).toMatchObject({
      past: 540,
      as_now: 444,
      changed: 456,
      difference: 12,
      change: 2.7027,
    });
    expect(rows.ltv).toMatchObject({ as_now: 300, changed: 342.86, change: 14.2857 });
  });

  test('a range of rates, the one asked for among them', async () => {
    const report = await retainJson(...year, '--retention=-3.5');
    const { rows } = report.tables.find(({ name }: Json) => name === 'range');
    expect(rows.map(({ points }: Json) => points)).toEqual([-5, -3.5, -2, 0, 1, 2, 3, 5, 10]);
    expect(rows.filter(({ asked }: Json) => asked).map(({ points }: Json) => points)).toEqual([-3.5]);
    expect(rows[3]).toMatchObject({ revenue: 888, revenue_difference: 0, profit: null });
    expect(report.warnings.map(({ code }: Json) => code)).toContain('no_margin');
  });

  test('per month the last 12 months are taken together', async () => {
    const report = await retainJson(...year, '--retention', '1', '--per', 'month');
    // At the starts of the months: 10 up to March, 12 up to June, 8 from July on.
    expect(report.parameters.per).toBe('month');
    const starts = 3 * 10 + 3 * 12 + 6 * 8;
    expect(rowsBy(report, 'summary', 'figure').retention.as_now).toBeCloseTo(100 * (1 - 4 / starts), 4);
    expect(report.parameters.gained_per_step).toBeCloseTo(2 / 12, 10);
  });

  test('mistakes', async () => {
    const wrong = await retain([...year, '--retention', 'more']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('points of retention such as +5 or -2.5');
    const short = files.write('short.csv', 'customer_id,date,amount\na,2024-01-01,5\nb,2024-01-09,7\n');
    const outcome = await retain(['whatif', short]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('the data cover no whole month');
  });

  test('in Russian', async () => {
    const { stdout } = await retain([...year, '--lang', 'ru', '--margin', '0.5']);
    expect(stdout).toContain('Что если удержание будет на 5');
    expect(stdout).toContain('Прибыль за 12 месяцев');
  });

  const cdnow = `${projectRoot}/../shared/data/cdnow_purchases.csv`;
  test.skipIf(!existsSync(cdnow))('CDNOW: what is retained of the year is what metrics says', async () => {
    const report = await retainJson('whatif', cdnow, '--as-of', '1998-06-30', '--per', 'year');
    const metrics = await retainJson(
      'metrics',
      cdnow,
      '--as-of',
      '1998-06-30',
      '--from',
      '1997-07-01',
      '--to',
      '1998-06-30',
    );
    const kpis = rowsBy(metrics, 'kpis', 'kpi');
    const { retention, customers, revenue } = rowsBy(report, 'summary', 'figure');
    expect(retention.as_now).toBe(kpis.crr.value);
    expect(customers.past).toBe(kpis.customers_end.value);
    expect(revenue.past).toBe(kpis.revenue.value);
    expect(report.parameters.arpu_per_step).toBeCloseTo(kpis.arpu.value, 2);
  });
});

test('points as people write them', () => {
  expect(['+5', '5', '-2.5', '\u22123', '5%', '1,5 pp', '0'].map(parsePoints)).toEqual([
    5, 5, -2.5, -3, 5, 1.5, 0,
  ]);
  for (const wrong of ['', 'five', '101', '++5', '5 %%']) expect(() => parsePoints(wrong)).toThrow();
});
