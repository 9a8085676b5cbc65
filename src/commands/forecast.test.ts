import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';
import { createRandom } from '../testing/fixtures/random.js';
import { simulatePurchases } from '../testing/simulate-purchases.js';
import { parseHorizon } from './options.js';

const files = temporaryFiles();
const sample = join(projectRoot, '../shared/data/cdnow_sample_purchases.csv');

function tableOf(report: Json, name: string): Json[] {
  return report.tables.find((table: Json) => table.name === name)?.rows;
}

function totals(report: Json): Record<string, Json> {
  return rowsBy(report, 'total', 'measure');
}

function noticeOf(report: Json, code: string): string | undefined {
  return [...report.warnings, ...report.notes].find((notice: Json) => notice.code === code)?.message;
}

/** Every number of a report, wherever it stands. */
function expectNoNaN(text: string) {
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
}

/** A shop of simulated customers, ages in days, an order on each purchase day. */
function shop(customers: number): string {
  const random = createRandom(5);
  const lines = ['order_id,customer_id,date,amount'];
  const day = (age: number) => new Date(Date.UTC(2024, 5, 30) - age * 86_400_000).toISOString().slice(0, 10);
  simulatePurchases('mbg_nbd', [0.8, 30, 0.8, 2.5], {
    customers,
    ages: [60, 500],
    horizon: 1,
    futures: 1,
    seed: 9,
  }).forEach(({ x, recency, age }, i) => {
    const first = Math.floor(age);
    const days = new Set([0, ...Array.from({ length: x }, (_, k) => Math.round((recency * (k + 1)) / x))]);
    for (const after of days)
      lines.push(
        `${lines.length},C${i},${day(first - Math.min(after, first))},${10 + random.integer(0, 4000) / 100}`,
      );
  });
  return files.write('shop.csv', `${lines.join('\n')}\n`);
}

const path = shop(1500);

describe('a base of 1500 customers', () => {
  test('totals, months, segments, cohorts and customers tell the same', async () => {
    const report = await retainJson('forecast', path, '--customers', '--horizon', '180d', '--margin', '40%');
    expect(report.parameters).toMatchObject({
      horizon_days: 180,
      discount: 0.1,
      margin: 0.4,
      model: 'mbg_nbd',
    });
    const { expected_purchases, expected_revenue, ltv_predicted, customers, expected_alive } = totals(report);
    const months = tableOf(report, 'months');
    expect(months.map(({ month }) => month)).toEqual([
      '2024-07',
      '2024-08',
      '2024-09',
      '2024-10',
      '2024-11',
      '2024-12',
    ]);
    expect(months.at(-1)).toMatchObject({ from: '2024-12-01', to: '2024-12-27', days: 27 });
    const sum = (rows: Json[], column: string) => rows.reduce((total, row) => total + row[column], 0);
    expect(customers.value).toBe(1500);
    expect(expected_purchases.low).toBeLessThan(expected_purchases.value);
    expect(expected_purchases.high).toBeGreaterThan(expected_purchases.value);
    expect(sum(months, 'expected_purchases')).toBeCloseTo(expected_purchases.value, 6);
    expect(Math.abs(sum(months, 'expected_revenue') - expected_revenue.value)).toBeLessThan(0.06);
    for (const name of ['by_segment', 'by_cohort', 'customers']) {
      const rows = tableOf(report, name);
      expect(Math.abs(sum(rows, 'ltv_predicted') - ltv_predicted.value), name).toBeLessThan(
        0.006 * rows.length,
      );
      expect(sum(rows, 'expected_purchases'), name).toBeCloseTo(expected_purchases.value, 2);
    }
    const listed = tableOf(report, 'customers');
    expect(listed).toHaveLength(1500);
    expect(sum(listed, 'probability_alive')).toBeCloseTo(expected_alive.value, 2);
    expect(listed.map(({ ltv_predicted: ltv }) => ltv)).toEqual(
      [...listed.map(({ ltv_predicted: ltv }) => ltv)].sort((one, other) => other - one),
    );
    // Discounted margin on revenue within half a year: below 40 % of it, and not by more than 5 %.
    expect(ltv_predicted.value).toBeLessThan(0.4 * expected_revenue.value);
    expect(ltv_predicted.value).toBeGreaterThan(0.38 * expected_revenue.value);
    expectNoNaN(JSON.stringify(report));
  });

  test('LTV of a customer is their purchases by month, at the value of a purchase, from the middle of each', async () => {
    const report = await retainJson('forecast', path, '--customers', '--horizon', '31d', '--discount', '50%');
    // July 2024 alone: 31 days, from whose middle the money counts.
    for (const row of tableOf(report, 'customers').slice(0, 50)) {
      const undiscounted = row.expected_purchases * row.expected_value;
      expect(row.ltv_predicted).toBeCloseTo(undiscounted * 1.5 ** (-15.5 / 365.25), 1);
    }
    const without = await retainJson('forecast', path, '--horizon', '31d', '--discount', '0');
    const { expected_revenue, ltv_predicted } = totals(without);
    expect(ltv_predicted.value).toBeCloseTo(expected_revenue.value, 1);
  });

  test('models of choice; the same again gives the same bytes', async () => {
    for (const model of ['bg_nbd', 'pareto_nbd']) {
      const report = await retainJson('forecast', path, '--model', model);
      expect(tableOf(report, 'model')[0]).toMatchObject({ model, parameter: 'r' });
    }
    const [one, other] = [
      await retain(['forecast', path, '--json']),
      await retain(['forecast', path, '--json']),
    ];
    expect(one.stdout).toBe(other.stdout);
    expect((await retain(['forecast', path, '--model', 'nbd'])).code).toBe(2);
  });

  test('on a terminal, in Russian, as CSV and as XLSX', async () => {
    const terminal = await retain(['forecast', path, '--customers', '--lang', 'ru']);
    expect(terminal.stdout).toContain('Прогноз LTV');
    expect(terminal.stdout).toContain('Клиенты');
    expectNoNaN(terminal.stdout);
    const csv = await retain(['forecast', path, '--format', 'csv']);
    expect(csv.stdout.split('\n')[0]).toBe(
      'month,from,to,days,expected_purchases,expected_purchases_low,expected_purchases_high,expected_revenue,expected_revenue_low,expected_revenue_high',
    );
    const out = files.path('forecast.xlsx');
    expect((await retain(['forecast', path, '--out', out])).code).toBe(0);
  });
});

test.each([
  ['365d', 365],
  ['52w', 364],
  ['12m', 365],
  ['1y', 365],
  ['18 M', 548],
  ['90', 90],
])('--horizon %s is %i days', (text, days) => {
  expect(parseHorizon(text)).toBe(days);
});

test.each(['0d', '11y', 'a year', '-3d', '', '1.5y'])("--horizon '%s' is refused", (text) => {
  expect(() => parseHorizon(text)).toThrow('It must be a time such as');
});

describe('bases that bear no model', () => {
  const base = (name: string, rows: readonly string[]) =>
    files.write(`${name}.csv`, `order_id,customer_id,date,amount\n${rows.join('\n')}\n`);

  test('all one-time buyers', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i},C${i},2024-0${1 + (i % 6)}-1${i % 9},${10 + i}`);
    const report = await retainJson('forecast', base('once', rows));
    expect(noticeOf(report, 'no_repeats')).toContain('No customer has bought twice');
    expect(totals(report).expected_purchases.value).toBeLessThan(3);
    expectNoNaN(JSON.stringify(report));
  });

  test('three customers', async () => {
    const report = await retainJson(
      'forecast',
      base('three', ['1,A,2024-01-05,10', '2,B,2024-02-05,20', '3,A,2024-03-05,30', '4,C,2024-05-05,40']),
    );
    expect(noticeOf(report, 'few_repeat_buyers')).toBeDefined();
    expect(noticeOf(report, 'pooled_value')).toContain('too few customers');
    expect(totals(report).customers.value).toBe(3);
    expectNoNaN(JSON.stringify(report));
  });

  test('one day of data: nothing can be told', async () => {
    const outcome = await retain(['forecast', base('day', ['1,A,2024-01-05,10', '2,B,2024-01-05,20'])]);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout + outcome.stderr).toContain('Nothing can be told of what comes next');
    expectNoNaN(outcome.stdout);
  });

  test('one week of data, a year ahead', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `${i},C${i % 200},2024-01-0${1 + (i % 7)},${10 + (i % 50)}`,
    );
    const report = await retainJson('forecast', base('week', rows));
    expect(noticeOf(report, 'long_horizon')).toContain('more than twice the 7 days of the data');
    expectNoNaN(JSON.stringify(report));
  });

  test('returns beyond what was bought, free orders', async () => {
    const rows = Array.from({ length: 80 }, (_, i) => [
      `${i},C${i % 40},2024-0${1 + (i % 6)}-10,${i % 5 === 0 ? 0 : 20}`,
      `R${i},C${i % 40},2024-0${1 + (i % 6)}-11,${i % 4 === 0 ? -50 : -1}`,
    ]).flat();
    const report = await retainJson('forecast', base('returns', rows), '--customers');
    for (const row of tableOf(report, 'customers')) expect(row.ltv_predicted).toBeGreaterThanOrEqual(0);
    expectNoNaN(JSON.stringify(report));
  });

  test('no orders', async () => {
    const customers = files.write('customers.csv', 'customer_id,name\n1,Ann\n2,Bob\n');
    const outcome = await retain(['forecast', customers]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^retain: .+\n/);
    expectNoNaN(outcome.stderr);
  });
});

test('values that go with the number of purchases: the own mean counts', async () => {
  const rows = ['order_id,customer_id,date,amount'];
  for (let i = 0; i < 200; i++) {
    const orders = 1 + (i % 10);
    for (let k = 0; k < orders; k++) {
      const day = new Date(Date.UTC(2024, 0, 1 + (i % 30) + k * 14)).toISOString().slice(0, 10);
      rows.push(`${rows.length},C${i},${day},${orders * 100}`);
    }
  }
  const report = await retainJson(
    'forecast',
    files.write('correlated.csv', `${rows.join('\n')}\n`),
    '--customers',
  );
  expect(noticeOf(report, 'value_correlates')).toContain('above 0.3');
  const c9 = tableOf(report, 'customers').find((row) => row.customer_id === 'C9');
  expect(c9.expected_value).toBe(1000);
});

test('the shop: by channel too; a parameter that the data do not bound has no error, the forecast its interval', async () => {
  const report = await retainJson('forecast', 'fixtures/shop/orders.csv', 'fixtures/shop/customers.csv');
  const channels = tableOf(report, 'by_channel');
  expect(new Set(channels.map(({ channel }) => channel))).toEqual(
    new Set(['Email', 'Google Ads', 'Marketplace', 'Referral', null]),
  );
  expect(channels.at(-1)!.channel).toBe(null);
  const { customers, expected_purchases } = totals(report);
  expect(channels.reduce((sum, row) => sum + row.customers, 0)).toBe(customers.value);
  expect(noticeOf(report, 'no_errors')).toContain('No standard errors: the data do not bound b');
  expect(tableOf(report, 'model')[0].standard_error).toBe(null);
  expect(expected_purchases.low).toBeGreaterThan(0.5 * expected_purchases.value);
});

test('a channel that is named unknown is not the one nobody knows', async () => {
  const orders = files.write(
    'unknown-channel.csv',
    'order_id,customer_id,date,amount,channel\n1,A,2024-01-01,5,unknown\n2,B,2024-01-09,5,\n3,C,2024-01-09,5,\n4,A,2024-02-09,5,unknown\n',
  );
  const spend = files.write('unknown-spend.csv', 'date,channel,amount\n2024-01-01,unknown,10\n');
  const told = (report: Json, name: string) =>
    tableOf(report, name).map(({ channel, customers }) => [channel, customers]);
  expect(told(await retainJson('forecast', orders), 'by_channel')).toEqual([
    ['unknown', 1],
    [null, 2],
  ]);
  const metrics = await retainJson('metrics', orders, spend, '--period', '2024-01');
  expect(told(metrics, 'cac_by_channel')).toEqual([
    ['unknown', 1],
    [null, 2],
  ]);
  const shown = await retain(['metrics', orders, spend, '--period', '2024-01']);
  expect(shown.stdout).toContain('Channel is empty: none is given for the spend or the customers');
});

describe('subscriptions', () => {
  const header = 'customer_id,subscription_start,subscription_price,cancelled_at';

  test('who stays, and what they pay: the shifted beta-geometric on tenure', async () => {
    // 100 begin on 1 January 2024; at the end of each month half of those left leave, the last day is 30 June.
    const rows = [header];
    let left = 128;
    for (let month = 1; month <= 6; month++) {
      left /= 2;
      const day = new Date(Date.UTC(2024, 0, 1 + Math.floor(month * 30.4375))).toISOString().slice(0, 10);
      for (let i = 0; i < left; i++) rows.push(`L${month}-${i},2024-01-01,100,${month === 6 ? '' : day}`);
    }
    const report = await retainJson(
      'forecast',
      files.write('half.csv', rows.join('\n')),
      '--as-of',
      '2024-06-20',
      '--customers',
    );
    expect(report.parameters.model).toBe('shifted_beta_geometric');
    // Everybody has the same chance to leave, one half: alpha and beta grow equal and large.
    const [alpha, beta] = tableOf(report, 'model');
    expect(alpha.value / (alpha.value + beta.value)).toBeCloseTo(0.5, 1);
    const { customers, subscribers_at_end, ltv_predicted } = totals(report);
    expect(customers.value).toBe(2);
    expect(subscribers_at_end.value).toBeLessThan(0.1);
    const listed = tableOf(report, 'customers');
    expect(listed).toHaveLength(2);
    expect(listed[0]).toMatchObject({ starts_on: '2024-01-01', renewals: 5, price: 100 });
    expect(listed[0].ltv_predicted + listed[1].ltv_predicted).toBeCloseTo(ltv_predicted.value, 1);
    expectNoNaN(JSON.stringify(report));
  });

  test('renewals are whole calendar months, and unknown starts are left out of the model', async () => {
    const rows = [
      'A,2024-01-31,10,',
      'B,2024-02-01,20,',
      'C,,30,',
      'D,,30,2024-01-20',
      'E,2024-01-10,5,2024-02-10',
    ];
    const report = await retainJson(
      'forecast',
      files.write('calendar.csv', [header, ...rows].join('\n')),
      '--as-of',
      '2024-02-29',
      '--customers',
    );
    const renewals = Object.fromEntries(
      tableOf(report, 'customers').map((row: Json) => [row.customer_id, row.renewals]),
    );
    // A month from 31 January ends on 29 February; C is taken to have begun on 10 January, the first day known.
    expect(renewals).toEqual({ A: 1, B: 0, C: 1 });
    expect(noticeOf(report, 'without_start')).toContain('Subscriptions without a start: 2;');
    expect(noticeOf(report, 'few_leavers')).toContain('Only 1 of 3 subscriptions have ended');
  });

  test('an end that is known ahead ends the subscription in the forecast', async () => {
    const rows = [
      ...Array.from({ length: 60 }, (_, i) => `old${i},2024-01-01,10,${i < 40 ? '' : '2024-06-01'}`),
      'soon,2024-01-01,10,2024-07-30',
      'today,2024-01-01,10,2024-07-01',
      'late,2024-01-01,10,2026-01-01',
    ];
    const file = files.write('known-ends.csv', [header, ...rows].join('\n'));
    const report = await retainJson(
      'forecast',
      file,
      '--as-of',
      '2024-06-30',
      '--horizon',
      '90',
      '--customers',
    );
    const listed = rowsBy(report, 'customers', 'customer_id');
    expect(listed.soon.probability_stays).toBe(0);
    expect(listed.today.probability_stays).toBe(0);
    expect(listed.late.probability_stays).toBe(listed.old0.probability_stays);
    expect(listed.late.probability_stays).toBeGreaterThan(0.5);
    // 30 of 90 days, and 1; a month is 30.4375 days.
    expect(listed.soon.expected_months).toBeGreaterThan(0.9 * (30 / 30.4375));
    expect(listed.soon.expected_months).toBeLessThanOrEqual(30 / 30.4375);
    expect(listed.today.expected_months).toBeLessThanOrEqual(1 / 30.4375);
    expect(noticeOf(report, 'known_ends')).toContain('known already: 2; they count up to it');
    const months = tableOf(report, 'months');
    expect(months.reduce((sum, month) => sum + month.expected_revenue, 0)).toBeCloseTo(
      totals(report).expected_revenue.value,
      1,
    );
  });

  test('an end that is known ahead is not the day of the report', async () => {
    const status = 'customer_id,subscription_status,subscription_start,cancelled_on,subscription_price';
    const told = [
      'A,active,2024-01-10,,10',
      'B,active,2024-02-10,2024-09-30,10',
      'C,cancelled,2024-01-05,2024-06-05,10',
      'D,pending cancellation,2024-05-20,2024-12-31,10',
    ];
    const asOf = async (name: string, lines: readonly string[], ...more: string[]) =>
      (await retainJson('metrics', files.write(name, lines.join('\n')), ...more)).asOf;
    expect(await asOf('status.csv', [status, ...told])).toBe('2024-06-05');
    // Words that nobody knows tell nothing: what has a date of its end has ended.
    expect(
      await asOf('words.csv', [status, ...told.map((row) => row.replace(/active|pending \w+/, 'zzz'))]),
    ).toBe('2024-12-31');
    // Without a status, a few ends far after all the rest.
    const bare = [
      header,
      ...Array.from({ length: 12 }, (_, i) => `c${i},2024-${String(i + 1).padStart(2, '0')}-03,10,`),
      'left,2024-01-09,10,2024-12-20',
      'ahead,2024-02-10,10,2025-12-31',
    ];
    expect(await asOf('bare.csv', bare)).toBe('2024-12-20');
  });

  test('few have left; no prices; nobody is subscribed', async () => {
    const few = files.write('few.csv', `${header}\nA,2023-01-15,,\nB,2023-05-15,,2024-03-01\n`);
    const report = await retainJson('forecast', few);
    expect(noticeOf(report, 'few_leavers')).toContain('Only 1 of 2 subscriptions have ended');
    expect(totals(report).expected_revenue.value).toBe(null);
    expect(tableOf(report, 'months')[0].expected_revenue).toBe(null);
    expect(tableOf(report, 'months')[0].expected_subscribers).toBeLessThanOrEqual(1);
    const none = await retain([
      'forecast',
      files.write('none.csv', `${header}\nB,2023-05-15,10,2024-03-01\n`),
    ]);
    expect(none.code).toBe(0);
    expect(none.stdout + none.stderr).toContain('nobody is subscribed');
    const ancient = files.write('ancient.csv', `${header}\nA,,10,\nB,,10,2024-03-01\n`);
    const startless = await retainJson('forecast', ancient, '--as-of', '2024-06-30');
    expect(noticeOf(startless, 'nothing_to_forecast')).toContain(
      'no subscription up to 2024-06-30 has a start',
    );
    expectNoNaN(JSON.stringify(report) + none.stdout);
  });
});

describe('predicted LTV among the KPIs of metrics', () => {
  test('is that of a forecast as of the end of each period', async () => {
    const options = ['--discount', '5%', '--margin', '30%'];
    const report = await retainJson(
      'metrics',
      path,
      '--period',
      '2024-06',
      '--predicted-ltv',
      '6m',
      ...options,
    );
    const { ltv_predicted: ltv } = rowsBy(report, 'kpis', 'kpi');
    const at = async (asOf: string) =>
      totals(await retainJson('forecast', path, '--as-of', asOf, '--horizon', '6m', ...options))
        .ltv_per_customer.value;
    const [june, may] = [await at('2024-06-30'), await at('2024-05-31')];
    expect(ltv.value).toBe(june);
    expect(ltv.previous).toBe(may);
    expect(ltv.change).toBeCloseTo(100 * (june / may - 1), 1);
    expect(noticeOf(report, 'predicted_ltv')).toContain(
      'within 183 days after a period, discounted by 5% a year',
    );
    const without = await retainJson('metrics', path);
    expect(rowsBy(without, 'kpis', 'kpi').ltv_predicted).toBeUndefined();
  });

  test('is empty, with a reason, before the data and where nothing can be told', async () => {
    const first = files.write(
      'first.csv',
      'order_id,customer_id,date,amount\n1,A,2024-01-05,10\n2,B,2024-01-05,20\n',
    );
    const report = await retainJson('metrics', first, '--predicted-ltv');
    const { ltv_predicted: ltv } = rowsBy(report, 'kpis', 'kpi');
    expect(ltv).toMatchObject({ value: null, previous: null, year_ago: null, reason: 'no_forecast' });
  });
});

test.skipIf(!existsSync(sample))(
  'CDNOW to 1997-09-30: the published fit, in days (skipped if absent)',
  async () => {
    const report = await retainJson('forecast', sample, '--as-of', '1997-09-30', '--model', 'bg_nbd');
    const parameters = tableOf(report, 'model').slice(0, 4);
    expect(parameters.map(({ parameter }) => parameter)).toEqual(['r', 'alpha', 'a', 'b']);
    const published = [0.243, 4.414 * 7, 0.793, 2.426];
    parameters.forEach(({ value }, i) => {
      expect(Math.abs(value / published[i]! - 1)).toBeLessThan(0.002);
    });
  },
);
