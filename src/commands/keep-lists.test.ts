import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['fixtures/shop/orders.csv', 'fixtures/shop/customers.csv'];

/** Runs a command that would replace a file, which is to stay as it is. */
async function refused(path: string, ...args: string[]): Promise<string> {
  const before = readFileSync(path);
  const { code, stderr } = await retain(args);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(code).toBe(2);
  return stderr;
}

describe('a list that people work in is not replaced by another report', () => {
  test('a workbook, whatever its sheets are called', async () => {
    const path = files.path('churn.xlsx');
    expect(await retain(['churn', ...shop, '--out', path])).toMatchObject({ code: 0 });
    const told = `--out ${path}: the file there is a list that people work in`;
    expect(await refused(path, 'report', ...shop, '--out', path)).toContain(told);
    expect(await refused(path, 'rfm', ...shop, '--out', path)).toContain(told);
    expect(await refused(path, 'metrics', ...shop, '--rejects', path)).toContain('--rejects');
  });

  test('CSV, as a spreadsheet program saves it too, and its archive', async () => {
    const path = files.path('churn.csv');
    expect(await retain(['churn', ...shop, '--out', path])).toMatchObject({ code: 0 });
    const told = 'is a list that people work in';
    expect(await refused(path, 'list', ...shop, '--out', path)).toContain(told);
    writeFileSync(path, `\ufeffsep=;\r\n${readFileSync(path, 'utf8').replaceAll(',', ';')}`);
    expect(await refused(path, 'metrics', ...shop, '--out', path)).toContain(told);
    expect(await retain(['churn', ...shop, '--top', '3', '--out', path])).toMatchObject({ code: 0 });
    const archive = path.replace('.csv', '.archive.csv');
    expect(await refused(archive, 'list', ...shop, '--out', archive)).toContain(told);
  });

  test('a file of a folder, before any of it is written', async () => {
    const folder = files.path('tables');
    mkdirSync(folder);
    const path = join(folder, 'segments.csv');
    await retain(['churn', ...shop, '--out', path]);
    expect(await refused(path, 'rfm', ...shop, '--out', `${folder}/`)).toContain(path);
    expect(readdirSync(folder)).toEqual(['segments.csv']);
  });

  test('nor a file that is open in a spreadsheet program; a report is replaced by the next', async () => {
    const path = files.path('report.xlsx');
    for (const _ of [1, 2]) {
      expect(await retain(['rfm', ...shop, '--out', path])).toMatchObject({ code: 0 });
    }
    const lock = join(dirname(path), `~$${basename(path)}`);
    writeFileSync(lock, 'Olga');
    expect(await refused(path, 'rfm', ...shop, '--out', path)).toContain(
      `--out ${path} is open in another program (~$report.xlsx)`,
    );
    rmSync(lock);
    const mailing = files.path('mailing.csv');
    for (const _ of [1, 2]) {
      expect(await retain(['list', ...shop, '--out', mailing])).toMatchObject({ code: 0 });
    }
  });
});
