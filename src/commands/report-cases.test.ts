import { describe, expect, test } from 'vitest';
import { type Json, retain, retainJson, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);

const tableOf = (report: Json, name: string): Json =>
  report.tables.find((table: Json) => table.name === name);
const changesOf = (report: Json): string[] =>
  (tableOf(report, 'changes')?.rows ?? []).map((row: Json) => row.change);
const aboutOf = (report: Json, chapter: string): string =>
  tableOf(report, 'contents').rows.find((row: Json) => row.chapter === chapter).about;
const kpiOf = (report: Json, id: string): Json =>
  tableOf(report, 'kpis').rows.find((row: Json) => row.kpi === id);

function orders(name: string, rows: readonly (readonly [day: string, customer: string, amount: number])[]) {
  const lines = rows.map(([day, customer, amount], index) => `${index},${day},${customer},${amount}`);
  return files.write(name, ['order_id,date,customer_id,amount', ...lines, ''].join('\n'));
}

const day = (number: number) => new Date(Date.UTC(2024, 0, 1 + number)).toISOString().slice(0, 10);

describe('a period that is over', () => {
  test('what changed is not what moved after it, and what is of another day says of which', async () => {
    const report = await retainJson('report', ...shop, '--no-config', '--period', '2024-06');
    expect(changesOf(report).join(' ')).not.toContain('change of segment');
    expect(aboutOf(report, 'movement')).toContain('from 2024-05-31 to 2024-12-31');
    expect(tableOf(report, 'movement').title).toContain('2024-05-31 to 2024-12-31');
    for (const name of ['risk_bands', 'churn_risk', 'segments'])
      expect(tableOf(report, name).title, name).toContain('as of 2024-12-31');
    for (const name of ['forecast_total', 'forecast_months', 'forecast_by_segment'])
      expect(tableOf(report, name).title, name).toContain('2025-01-01 to 2025-12-31');
    for (const chapter of ['forecast', 'churn', 'segments'])
      expect(aboutOf(report, chapter)).toContain('2024-12-31');
  });

  test('the last period still tells who moved', async () => {
    const report = await retainJson('report', ...shop, '--no-config', '--period', '2024-12');
    expect(changesOf(report).join(' ')).toContain('change of segment since 2024-11-30');

    // What to do is said with the figures of the chapters that it leads to.
    const actions = tableOf(report, 'actions').rows as Json[];
    const said = (chapter: string) => actions.find((row) => row.chapter === chapter).action as string;
    const leaving = tableOf(report, 'risk_bands').rows.filter(({ band }: Json) =>
      ['high', 'medium'].includes(band),
    );
    const sum = (name: string) =>
      leaving.reduce((total: number, row: Json) => total + Number(row[name]), 0) as number;
    expect(said('churn')).toContain(`${sum('customers')} customers may be leaving`);
    expect(said('churn')).toContain(
      `about ${Math.round(sum('value_at_stake')).toLocaleString('en')} of revenue`,
    );
    const atRisk = tableOf(report, 'segments').rows.find(({ segment }: Json) => segment === 'at_risk');
    expect(said('segments')).toContain(
      `${atRisk.customers} customers who brought ${atRisk.revenue_share.toFixed(1)}% of the revenue`,
    );
    const [worst] = tableOf(report, 'checks').rows;
    expect(said('quality')).toContain(`${worst.finding}: ${worst.count} of ${worst.of} `);
  });

  test('the list is of those for whom something can still be done', async () => {
    const thirty = Array.from({ length: 30 }, (_, customer) => {
      const days = Array.from({ length: 15 }, (__, index) => index * 20 + (customer % 5));
      const bought = customer % 2 === 0 ? days : days.filter((on) => on < 200);
      return bought.map((on) => [day(on), `c${customer}`, 50] as const);
    });
    const report = await retainJson('report', orders('thirty.csv', thirty.flat()), '--no-config');
    const rows = tableOf(report, 'churn_risk').rows as Json[];
    const banded = tableOf(report, 'risk_bands').rows as Json[];
    expect(banded.some(({ band }) => band === 'low')).toBe(true);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(30);
    expect(rows.every(({ risk, band }) => risk >= 40 && ['high', 'medium'].includes(band))).toBe(true);
  });
});

describe('the trend of a report', () => {
  test.each([
    [['--period', '2024-Q1'], '2024-03', 15],
    [['--from', '2024-12-01', '--to', '2024-12-07'], '2024-11', 23],
    [['--period', '2024'], '2024-12', 24],
  ] as const)('%j: whole months from the start of the data to its end', async (period, last, count) => {
    const report = await retainJson('report', shop[0]!, '--no-config', ...period);
    const months = tableOf(report, 'trend').rows.map((row: Json) => row.period);
    expect(months[0]).toBe('2023-01');
    expect(months.at(-1)).toBe(last);
    expect(months).toHaveLength(count);
  });

  test('the lines beside the KPIs of a quarter say to which month they go', async () => {
    const { code, stdout } = await retain([
      'report',
      shop[0]!,
      '--no-config',
      '--period',
      '2024-Q1',
      '--format',
      'table',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('By month, to 2024-03');
    expect(stdout).not.toMatch(/Last \d+ months/);
  });
});

describe('customers of one order each', () => {
  const once = orders(
    'once.csv',
    Array.from({ length: 300 }, (_, index) => [day(index), `c${index}`, 10 + (index % 7)] as const),
  );

  test('the first sentence is that nobody came back; churn is no news, and nobody is listed', async () => {
    const report = await retainJson('report', once, '--no-config');
    const [first, ...others] = changesOf(report);
    expect(first).toBe(
      'No customer has bought twice; retention and churn rest on an assumed window of 365 days.',
    );
    expect(others.join(' ')).not.toMatch(/churn/i);
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'activity_window' }));
    expect(tableOf(report, 'churn_risk')).toBeUndefined();
    expect(tableOf(report, 'risk_bands')).toBeUndefined();
    for (const chapter of ['churn', 'forecast'])
      expect(aboutOf(report, chapter)).toContain('no customer has bought twice');
    expect(tableOf(report, 'forecast_total')).toBeUndefined();
    // Who never came back is not at risk of leaving: what counts is a second order.
    expect(tableOf(report, 'actions').rows[0]).toMatchObject({
      chapter: 'segments',
      action: expect.stringContaining('win the next order'),
    });
    // On paper there are no contents.
    const missing = report.warnings.filter(({ code }: Json) => code === 'chapter_missing');
    expect(missing.map(({ message }: Json) => message).join(' ')).toContain('Not in this report: Forecast. ');
  });

  test('metrics, churn and forecast say the same', async () => {
    const metrics = await retainJson('metrics', once, '--no-config');
    const [window] = metrics.warnings.filter(({ code }: Json) => code === 'activity_window');
    expect(window.message).toContain('No customer has bought twice');
    const churn = await retainJson('churn', once, '--no-config');
    expect(JSON.stringify(churn.warnings)).toContain('No customer has bought twice');
    const forecast = await retainJson('forecast', once, '--no-config');
    const [assumed] = forecast.warnings.filter(({ code }: Json) => code === 'no_repeats');
    expect(assumed.message).toContain('No customer has bought twice');
    expect(JSON.stringify(forecast.warnings)).not.toContain('came back');
  });

  test('one order tells neither of risk nor of what comes next', async () => {
    const one = orders('one.csv', [['2024-03-05', 'a', 100]]);
    const report = await retainJson('report', one, '--no-config');
    expect(tableOf(report, 'churn_risk')).toBeUndefined();
    expect(tableOf(report, 'forecast_total')).toBeUndefined();
    expect(aboutOf(report, 'churn')).toContain('Not available');
    expect((await retainJson('churn', one, '--no-config')).warnings).toContainEqual(
      expect.objectContaining({ code: 'no_repeats' }),
    );
  });
});

describe('what is not known', () => {
  test('orders that name no customer have no number of buyers, and no talk of a window', async () => {
    const anonymous = orders(
      'anonymous.csv',
      Array.from({ length: 60 }, (_, index) => [day(index * 2), '', 10] as const),
    );
    for (const command of ['metrics', 'report']) {
      const report = await retainJson(command, anonymous, '--no-config');
      for (const id of ['buyers', 'repeat_purchase_rate', 'ltv_historic'])
        expect(kpiOf(report, id), id).toMatchObject({ value: null, reason: 'no_customers' });
      const codes = [...report.warnings, ...report.notes].map(({ code }: Json) => code);
      expect(codes).not.toContain('window_before_data');
      expect(codes).not.toContain('activity_window');
    }
  });

  test('what no spend leaves empty is told beside the KPIs', async () => {
    const { stdout } = await retain(['report', shop[0]!, '--no-config', '--format', 'table']);
    expect(stdout).toMatch(/CAC payback, months: no marketing spend: a file of it brings CAC/);
  });

  test('a change from less than nothing has no percent', async () => {
    const returns = orders('returns.csv', [
      ['2024-01-05', 'a', 10],
      ['2024-01-06', 'a', -110],
      ['2024-02-05', 'a', 10],
      ['2024-02-06', 'a', -60],
      ['2024-02-29', 'b', 0],
    ]);
    const report = await retainJson('metrics', returns, '--no-config', '--period', '2024-02');
    expect(kpiOf(report, 'revenue')).toMatchObject({ value: -50, previous: -100, change: null });
  });
});
