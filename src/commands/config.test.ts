import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkAccounts, type Json, retain, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
let folders = 0;

/** A folder of its own with these files. */
function project(contents: Readonly<Record<string, string | Uint8Array>>): string {
  folders += 1;
  const folder = files.path(`project-${folders}`);
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

async function metricsIn(cwd: string, ...args: string[]): Promise<Json> {
  const outcome = await retain(['metrics', ...args, '--json'], { cwd });
  if (outcome.code !== 0) throw new Error(`exit code ${outcome.code}: ${outcome.stderr}`);
  const report = JSON.parse(outcome.stdout);
  checkAccounts(report);
  return report;
}

const revenueOf = (report: Json) => rowsBy(report, 'kpis', 'kpi').revenue.value;
const noteOf = (report: Json, code: string) => report.notes.find((note: Json) => note.code === code)?.message;

const orders = 'order id,customer id,date,amount\n1,a,2024-03-01,10.50\n2,b,2024-03-02,20\n';

describe('where a configuration is found', () => {
  const folder = project({
    'retain.yaml': 'sources: [{path: data/orders.csv}]\noptions: {period: 2024-03, currency: eur}\n',
    'data/orders.csv': orders,
    'below/deeper/other.csv': orders,
    'own/retain.yml': 'options: {period: 2024-03-02}\n',
    'own/orders.csv': orders,
    'elsewhere.yaml': 'options: {currency: USD}\n',
  });

  test('here: the files that it names are read, and the report says so', async () => {
    const report = await metricsIn(folder);
    expect(revenueOf(report)).toBe(30.5);
    expect(report.currency).toBe('EUR');
    expect(report.sources[0].file).toBe('data/orders.csv');
    expect(noteOf(report, 'configuration')).toBe(
      'Settings from retain.yaml: options currency EUR, period 2024-03. --no-config leaves them out.',
    );
  });

  test('in a folder above: paths start from its folder', async () => {
    const report = await metricsIn(join(folder, 'below/deeper'));
    expect(report.sources[0].file).toBe('../../data/orders.csv');
    expect(noteOf(report, 'configuration')).toContain('Settings from ../../retain.yaml');
  });

  test('the nearest wins, and retain.yml is one too', async () => {
    const report = await metricsIn(join(folder, 'own'), 'orders.csv');
    expect(revenueOf(report)).toBe(20);
    expect(report.currency).toBeNull();
  });

  test('--config names another, --no-config none', async () => {
    expect((await metricsIn(folder, 'data/orders.csv', '--config', 'elsewhere.yaml')).currency).toBe('USD');
    const none = await metricsIn(folder, 'data/orders.csv', '--no-config');
    expect(none.currency).toBeNull();
    expect(noteOf(none, 'configuration')).toBeUndefined();
    const nothing = await retain(['metrics', '--no-config'], { cwd: folder });
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('no file to read');
  });

  test('the command line goes before it, and a period given one way before one given another', async () => {
    const report = await metricsIn(folder, '--from', '2024-03-01', '--to', '2024-03-01', '--currency', 'GBP');
    expect(revenueOf(report)).toBe(10.5);
    expect(report.currency).toBe('GBP');
  });

  test('mistakes end with 2 and one line each, before any file is read', async () => {
    const wrong = project({
      'retain.yaml': 'sources:\n  - path: nowhere.csv\n    rol: orders\noptions: {lang: xx}\n',
    });
    expect(await retain(['metrics'], { cwd: wrong })).toEqual({
      code: 2,
      stdout: '',
      stderr: `retain: 2 mistakes
  retain.yaml, line 3, sources[0].rol: unknown field 'rol'; did you mean 'role'?
  retain.yaml, line 4, options.lang: must be one of en, ru, not 'xx'
  Mend the file, or run without it: --no-config.
`,
    });
  });

  test('help needs no configuration, be it as wrong as it may', async () => {
    const wrong = project({ 'retain.yaml': 'x: [' });
    expect((await retain(['metrics', '--help'], { cwd: wrong })).code).toBe(0);
  });
});

describe('sources', () => {
  test('globs, in order of names', async () => {
    const folder = project({
      'retain.yaml': 'sources: [{path: "exports/2024-*.csv"}]\noptions: {period: 2024-03}\n',
      'exports/2024-02.csv': 'order id,customer id,date,amount\n3,a,2024-03-05,1\n',
      'exports/2024-01.csv': orders,
      'exports/2023-01.csv': 'order id,customer id,date,amount\n9,a,2024-03-05,100\n',
    });
    const report = await metricsIn(folder);
    expect(revenueOf(report)).toBe(31.5);
    expect(report.sources.map((source: Json) => source.file)).toEqual([
      'exports/2024-01.csv',
      'exports/2024-02.csv',
    ]);
  });

  test('settings hold for a file of the command line that a source means, however it is named', async () => {
    const folder = project({
      'retain.yaml': 'sources: [{path: "*.csv", columns: {amount: Worth}}]\noptions: {period: 2024-03}\n',
      'a.csv': 'date,customer id,Worth,Amount\n2024-03-01,a,1,100\n',
    });
    expect(revenueOf(await metricsIn(folder, 'a.csv'))).toBe(1);
    expect(revenueOf(await metricsIn(folder, join(folder, 'a.csv')))).toBe(1);
    expect(revenueOf(await metricsIn(folder, 'a.csv', '--column', 'amount=Amount'))).toBe(100);
    expect(revenueOf(await metricsIn(folder, 'a.csv', '--no-config'))).toBe(100);
  });

  test.each([
    [
      'a path without files',
      'sources:\n  - path: orders.csv\n  - path: nowhere*.csv\n',
      'retain: retain.yaml, line 3, sources[1]: no file matches this pattern: nowhere*.csv\n',
    ],
    [
      'a file that two sources mean',
      'sources:\n  - path: "*.csv"\n  - path: orders.csv\n',
      'retain: retain.yaml, line 3, sources[1]: orders.csv is meant by an earlier source too (retain.yaml, line 2, sources[0])\n',
    ],
    ['no sources', 'options: {}\n', 'retain: no file to read: retain.yaml names no sources\n'],
  ])('%s is a mistake of usage', async (_, yaml, message) => {
    const folder = project({ 'retain.yaml': yaml, 'orders.csv': orders });
    const { code, stderr } = await retain(['metrics'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr.startsWith(message)).toBe(true);
  });

  test('a column that the file does not have is an error that lists those it has', async () => {
    const folder = project({
      'retain.yaml': 'sources: [{path: orders.csv, columns: {amount: Sum total}}]\n',
      'orders.csv': orders,
    });
    expect(await retain(['metrics'], { cwd: folder })).toMatchObject({
      code: 1,
      stderr:
        "retain: orders.csv: the settings name column 'Sum total' as amount, which the file does not have\n" +
        "  Columns found: 'order id', 'customer id', 'date', 'amount'.\n",
    });
  });
});

describe('settings of a file', () => {
  const read = async (
    settings: string,
    content: string,
    ...args: string[]
  ): Promise<{ report: Json; code?: never } | { code: number | null; stderr: string; report?: never }> => {
    const folder = project({
      'retain.yaml': `sources:\n  - path: data.csv\n${settings.replace(/^/gm, '    ')}\n`,
      'data.csv': content,
    });
    const outcome = await retain(['metrics', '--json', ...args], { cwd: folder });
    if (outcome.code !== 0) return { code: outcome.code, stderr: outcome.stderr };
    const report = JSON.parse(outcome.stdout);
    checkAccounts(report);
    return { report };
  };
  const month = ['--period', '2024-03'];

  test('role', async () => {
    const spend = 'date,channel,total\n2024-03-01,Ads,5\n';
    const folder = project({
      'retain.yaml': 'sources:\n  - path: orders.csv\n  - {path: s.csv, role: spend}\n',
      'orders.csv': orders,
      's.csv': spend,
    });
    const report = await metricsIn(folder, ...month, '--as-of', '2024-03-31');
    expect(report.sources.map((source: Json) => source.role)).toEqual(['orders', 'spend']);
    expect(rowsBy(report, 'kpis', 'kpi').cac.value).toBe(2.5);
  });

  test('date order, which goes before that of the options', async () => {
    const content = 'customer id,date,amount\na,03/04/2024,1\nb,05/04/2024,2\n';
    expect((await read('role: orders', content)).code).toBe(1);
    const { report } = await read('date-order: dmy', content, '--period', '2024-04');
    expect(revenueOf(report)).toBe(3);
    const folder = project({
      'retain.yaml':
        'sources: [{path: us.csv, date-order: mdy}, {path: eu.csv}]\noptions: {date-order: dmy, period: 2024-04}\n',
      'us.csv': 'order id,customer id,date,amount\n1,a,04/03/2024,1\n',
      'eu.csv': 'order id,customer id,date,amount\n2,a,03/04/2024,10\n',
    });
    expect(revenueOf(await metricsIn(folder))).toBe(11);
  });

  test('decimal mark', async () => {
    const content = 'customer id,date,amount\na,2024-03-01,"1,234"\n';
    expect(revenueOf((await read('decimal: comma', content, ...month)).report)).toBe(1.23);
    expect(revenueOf((await read('decimal: point', content, ...month)).report)).toBe(1234);
  });

  test('constants: channel, currency and date of a file without such columns', async () => {
    const { report } = await read(
      'constants: {date: 2024-03-31, currency: usd, customer_id: "O\'Neil"}',
      'order id,amount\n1,5\n2,6\n',
      ...month,
    );
    expect(revenueOf(report)).toBe(11);
    expect(report.currency).toBe('USD');
    expect(rowsBy(report, 'kpis', 'kpi')).toMatchObject({ buyers: { value: 1 }, orders: { value: 2 } });
    const folder = project({
      'retain.yaml':
        'sources:\n  - {path: o.csv, constants: {channel: Shop}}\n  - path: s.csv\noptions: {period: 2024-03, as-of: 2024-03-31}\n',
      'o.csv': orders,
      's.csv': 'month,channel,spend\n2024-03,Shop,30\n',
    });
    const channels = rowsBy(await metricsIn(folder), 'cac_by_channel', 'channel');
    expect(channels.Shop).toMatchObject({ customers: 2, cac: 15 });
  });

  test('a column goes before a constant', async () => {
    const { report } = await read('constants: {amount: 7}', orders, ...month);
    expect(revenueOf(report)).toBe(30.5);
  });

  test('status words, whole and without case, before those known', async () => {
    const content =
      'customer id,date,amount,status\na,2024-03-01,1,Cancelled by mistake\nb,2024-03-02,20,ДУБЛЬ\nc,2024-03-03,300,дубль?\n';
    const { report } = await read(
      'statuses:\n  sale: [cancelled by mistake]\n  cancelled: [Дубль]',
      content,
      ...month,
    );
    expect(revenueOf(report)).toBe(301);
    expect(noteOf(report, 'status_words')).toBe(
      "data.csv, column 'status': left out as cancelled: 'ДУБЛЬ'; taken as sales: 'Cancelled by mistake', 'дубль?'.",
    );
  });

  test('sheets and header row of a workbook', async () => {
    const { default: ExcelJS } = await import('exceljs');
    const workbook = new ExcelJS.Workbook();
    const add = (name: string, rows: unknown[][], state?: 'hidden') => {
      const sheet = workbook.addWorksheet(name, state === undefined ? {} : { state });
      for (const row of rows) sheet.addRow(row);
    };
    add('May', [
      ['order id', 'customer id', 'date', 'amount'],
      [1, 'a', '2024-03-01', 5],
    ]);
    // A row of other known words above the header, which would be taken for it.
    add('June', [
      ['date', 'amount', 'order', 'customer', 'status'],
      [],
      ['date', 'worth'],
      ['2024-03-02', 7],
    ]);
    add(
      'Old',
      [
        ['order id', 'customer id', 'date', 'amount'],
        [2, 'a', '2024-03-03', 11],
      ],
      'hidden',
    );
    const bytes = new Uint8Array(await workbook.xlsx.writeBuffer());
    const revenue = async (sources: string) => {
      const folder = project({
        'retain.yaml': `sources:\n${sources}options: {period: 2024-03}\n`,
        'shop.xlsx': bytes,
      });
      return revenueOf(await metricsIn(folder));
    };
    expect(await revenue('  - {path: shop.xlsx, sheets: [May]}\n')).toBe(5);
    expect(await revenue('  - {path: shop.xlsx, sheets: [may, Old]}\n')).toBe(16);
    expect(
      await revenue(
        '  - {path: shop.xlsx, sheets: [May]}\n  - {path: shop.xlsx, sheets: [June], header-row: 3, columns: {amount: worth}}\n',
      ),
    ).toBe(12);
    const folder = project({
      'retain.yaml': 'sources: [{path: shop.xlsx, sheets: [April]}]\n',
      'shop.xlsx': bytes,
    });
    const { code, stderr } = await retain(['metrics'], { cwd: folder });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "retain: shop.xlsx: there is no sheet 'April'\n  Sheets found: 'May', 'June', 'Old'.\n",
    });
  });
});

test('without a configuration neither YAML nor its schema is loaded', async () => {
  const folder = project({ 'orders.csv': orders });
  expect(existsSync(join(folder, 'retain.yaml'))).toBe(false);
  const { stderr, code } = await retain(['metrics', 'orders.csv', '--period', '2024-03'], {
    cwd: folder,
    env: { NODE_DEBUG: 'module,esm' },
  });
  expect(code).toBe(0);
  expect(stderr).toMatch(/duckdb/);
  expect(stderr).not.toMatch(/node_modules\/(yaml|zod)\//);
});

describe('rates', () => {
  // January: 100 RUB + 10 EUR × 98.5 = 1085. February: 2 USD × 91.2 = 182.40, cancelled EUR aside; 5 in no currency.
  const mixed =
    'order id,customer id,date,amount,currency,status\n1,a,2024-01-05,100,RUB,\n2,b,2024-01-06,10,eur,\n' +
    '3,a,2024-02-05,2,USD,\n4,c,2024-02-06,5,,\n5,c,2024-02-07,5,GBP,cancelled\n';
  const spend = 'month,channel,spend,currency\n2024-01,Ads,3,EUR\n2024-02,Ads,10,RUB\n';
  const rates = 'rates: {base: rub, EUR: 98.5, USD: {2024-01: 89.9, 2024-02: 91.2}}\n';
  const period = ['--period', '2024-02', '--as-of', '2024-02-29'];

  test('orders and spend in several currencies are converted, and the report says so', async () => {
    const folder = project({ 'retain.yaml': rates, 'orders.csv': mixed, 'spend.csv': spend });
    const report = await metricsIn(folder, 'orders.csv', 'spend.csv', ...period);
    const kpis = rowsBy(report, 'kpis', 'kpi');
    expect(kpis.revenue).toMatchObject({ value: 187.4, previous: 1085 });
    // One new customer (c) for 10 RUB; the month before two for 3 EUR = 295.50 RUB.
    expect(kpis.cac).toMatchObject({ value: 10, previous: 147.75 });
    expect(report.currency).toBe('RUB');
    const notes = report.notes.filter((note: Json) => note.code.startsWith('currency'));
    expect(notes.map((note: Json) => note.message)).toEqual([
      '2 rows of orders are converted to RUB at the rates of the configuration: EUR 98.5; USD by month, 2024-01 – 2024-02.',
      '1 rows of orders name no currency and are taken to be in RUB.',
      '1 rows of spend are converted to RUB at the rates of the configuration: EUR 98.5; USD by month, 2024-01 – 2024-02.',
    ]);
  });

  test('a source whose currency is a constant, beside another', async () => {
    const folder = project({
      'retain.yaml': `sources:\n  - {path: eu.csv, constants: {currency: EUR}}\n  - {path: ru.csv}\n${rates}`,
      'eu.csv': 'order id,customer id,date,amount\n1,a,2024-02-01,1\n',
      'ru.csv': 'order id,customer id,date,amount\n2,a,2024-02-02,1\n',
    });
    expect(revenueOf(await metricsIn(folder, ...period))).toBe(99.5);
  });

  const fail = async (contents: Readonly<Record<string, string>>, ...args: string[]) => {
    const folder = project(contents);
    return retain(['metrics', ...args], { cwd: folder });
  };

  test('without rates several currencies are an error that shows how to give them', async () => {
    const outcome = await fail({ 'orders.csv': mixed.replace('RUB', 'USD') }, 'orders.csv');
    expect(outcome).toMatchObject({
      code: 1,
      stderr:
        "retain: orders.csv, row 3, column 'currency', value 'EUR': amounts in several currencies: EUR, USD\n" +
        '  Amounts are never added across currencies. Export one ' +
        'currency at a time, or give rates in retain.yaml: rates: {base: EUR, USD: RATE}.\n',
    });
    const orders = 'order id,customer id,date,amount,currency\n1,a,2024-01-05,100,RUB\n';
    expect((await fail({ 'o.csv': orders, 's.csv': spend }, 'o.csv', 's.csv')).stderr).toContain(
      'retain: spend in several currencies: EUR, RUB\n',
    );
    const euros = 'month,channel,spend,currency\n2024-01,Ads,3,EUR\n';
    expect((await fail({ 'o.csv': orders, 's.csv': euros }, 'o.csv', 's.csv')).stderr).toContain(
      'retain: orders and spend in several currencies: RUB, EUR\n',
    );
  });

  test('a currency or a month without a rate is an error that says what to add', async () => {
    const march = `${mixed}6,a,2024-03-01,1,USD,\n7,a,2024-03-01,1,KZT,\n`;
    const outcome = await fail({ 'retain.yaml': rates, 'orders.csv': march }, 'orders.csv');
    expect(outcome).toMatchObject({
      code: 1,
      stderr:
        'retain: no rate to RUB for KZT; USD in 2024-03\n' +
        '  Add to rates in retain.yaml, as RUB for one unit: KZT: RATE, USD: {2024-03: RATE}.\n',
    });
  });

  test('a currency that is not the base of the rates is refused', async () => {
    const outcome = await fail(
      { 'retain.yaml': rates, 'orders.csv': mixed },
      'orders.csv',
      '--currency',
      'USD',
    );
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('--currency USD, but the data say RUB');
  });

  test('spend that names a currency beside orders that name none is told of', async () => {
    const folder = project({
      'o.csv': orders,
      's.csv': 'month,channel,spend,currency\n2024-03,Ads,3,EUR\n',
    });
    const report = await metricsIn(folder, 'o.csv', 's.csv', '--period', '2024-03');
    expect(report.currency).toBe('EUR');
    expect(report.warnings.map((warning: Json) => warning.code)).toContain('currency_of_spend');
  });
});

test('a switch that is on by default is turned off by false', async () => {
  const content =
    'order id,customer id,email,date,amount\n1,a,x@y.de,2024-03-01,10\n2,b,x@y.de,2024-03-02,20\n';
  const folder = project({ 'retain.yaml': 'options: {identity: false}\n', 'o.csv': content });
  const buyers = async (...args: string[]) =>
    rowsBy(await metricsIn(folder, 'o.csv', '--period', '2024-03', ...args), 'kpis', 'kpi').buyers.value;
  expect(await buyers()).toBe(2);
  expect(await buyers('--no-config')).toBe(1);
});
