import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);
const escapeCharacter = String.fromCharCode(27);

describe('where results go', () => {
  test('a pipe gets a plain table on standard output and nothing on standard error', async () => {
    const { code, stdout, stderr } = await retain(['metrics', ...shop]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Customer retention rate (CRR)');
    expect(stdout).toContain('fixtures/shop/orders.csv');
    expect(stdout).not.toContain(escapeCharacter);
  });

  test.each([
    ['list', '--help'],
    ['metrics', ...shop],
  ])('a reader that has had enough: %s', async (...args) => {
    const child = spawn(process.execPath, [join(projectRoot, 'bin/retain.js'), ...args], {
      cwd: projectRoot,
    });
    // Closed before anything is written, so that every write fails.
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('Russian', async () => {
    const { stdout } = await retain(['metrics', ...shop, '--lang', 'ru', '--currency', 'RUB']);
    expect(stdout).toContain('Удержание клиентов (CRR)');
    expect(stdout).toMatch(/154\u00a0994,51\u00a0₽/);
  });

  test('CSV holds the KPIs, or the trend with --by, and JSON says the same', async () => {
    const kpis = await retain(['metrics', ...shop, '--format', 'csv']);
    const rows = parse(kpis.stdout, { columns: true }) as Record<string, string>[];
    const report = await retainJson('metrics', ...shop);
    const inJson = report.tables.find((table: Json) => table.name === 'kpis').rows;
    expect(rows.map((row) => [row.kpi, row.value === '' ? null : Number(row.value)])).toEqual(
      inJson.map((row: Json) => [row.kpi, row.value]),
    );
    const trend = await retain(['metrics', ...shop, '--by', 'quarter', '--format', 'csv']);
    expect((parse(trend.stdout, { columns: true }) as Json[]).map((row) => row.period)).toEqual([
      '2023-Q1',
      '2023-Q2',
      '2023-Q3',
      '2023-Q4',
      '2024-Q1',
      '2024-Q2',
      '2024-Q3',
      '2024-Q4',
    ]);
  });

  test('--out takes the format from the name, replaces a former file, and says so unless --quiet', async () => {
    const out = files.write('report.json', 'former');
    const loud = await retain(['metrics', ...shop, '--out', out]);
    expect(loud).toMatchObject({ code: 0, stdout: '', stderr: `written: ${out}\n` });
    expect(JSON.parse(readFileSync(out, 'utf8')).title).toBe('Retention metrics');
    const quiet = await retain(['metrics', ...shop, '--out', files.path('quiet.csv'), '--quiet']);
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('the same input gives the same bytes, in every format', async () => {
    for (const extension of ['json', 'csv', 'txt', 'xlsx', 'html']) {
      const [one, two] = [files.path(`one.${extension}`), files.path(`two.${extension}`)];
      for (const out of [one, two]) await retain(['metrics', ...shop, '--by', 'month', '--out', out]);
      expect(readFileSync(one).equals(readFileSync(two)), extension).toBe(true);
    }
  });

  test('threads and memory change no figure', async () => {
    const plain = await retainJson('metrics', ...shop, '--by', 'month');
    const bounded = await retainJson(
      'metrics',
      ...shop,
      '--by',
      'month',
      '--threads',
      '1',
      '--memory',
      '200MB',
    );
    expect(bounded).toEqual(plain);
  });

  test('the workbook has real numbers and formats', async () => {
    const out = files.path('kpis.xlsx');
    await retain(['metrics', ...shop, '--period', '2024-11', '--currency', 'EUR', '--out', out]);
    const { default: ExcelJS } = await import('exceljs');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(out);
    expect(workbook.worksheets.map((sheet) => sheet.name)).toEqual([
      'KPIs',
      'CAC by channel',
      'Notes',
      'Sources',
    ]);
    const sheet = workbook.getWorksheet('KPIs')!;
    expect(sheet.getCell('A2').value).toBe('Revenue');
    expect(sheet.getCell('B2').value).toBe(101797.02);
    expect(sheet.getCell('B2').numFmt).toContain('€');
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  });

  test('no temporary folder is left behind, after success or error', async () => {
    const folder = files.path('temp');
    mkdirSync(folder);
    await retain(['metrics', 'fixtures/shop-xlsx/shop.xlsx', '--temp', folder]);
    await retain(['metrics', 'fixtures/shop-xlsx/shop.xlsx', '--temp', folder, '--period', '2030']);
    expect(readdirSync(folder)).toEqual([]);
    const nowhere = await retain(['metrics', ...shop, '--temp', files.path('nowhere')]);
    expect(nowhere.code).toBe(2);
  });
});

test('help and version load fast modules only and end with 0', async () => {
  const help = await retain(['metrics', '--help'], { env: { NODE_DEBUG: 'module' } });
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('retain metrics orders.csv customers.xlsx spend.csv');
  expect(help.stderr).not.toMatch(/duckdb|exceljs/);
  expect((await retain(['--version'])).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
});
