import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot, retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const orders = join(projectRoot, 'fixtures/shop/orders.csv');
const content = readFileSync(orders, 'utf8');

/** A folder with a copy of an export by a name that a table has too. */
function folderWith(name: string, file: string): { folder: string; path: string } {
  const folder = files.path(name);
  mkdirSync(folder);
  const path = join(folder, file);
  copyFileSync(orders, path);
  return { folder, path };
}

test.each([
  ['report', 'revenue.csv'],
  ['metrics', 'kpis.csv'],
  ['rfm', 'segments.csv'],
  ['forecast', 'orders.csv'],
])(
  '%s to the folder of its export %s is refused before any work, and the export stays',
  async (command, file) => {
    const { folder, path } = folderWith(`exports-${command}`, file);
    for (const [out, input] of [
      [`${folder}/`, path],
      [folder, folder],
    ] as const) {
      const { code, stdout, stderr } = await retain([command, input, '--no-config', '--out', out]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`--out ${out} holds a file to read, ${path}`);
    }
    expect(readdirSync(folder)).toEqual([file]);
    expect(readFileSync(path, 'utf8')).toBe(content);
  },
);

test('by whatever name the export and the folder are reached', async () => {
  const { folder, path } = folderWith('real', 'export.csv');
  const tables = files.path('tables-with-links');
  mkdirSync(tables);
  symlinkSync(path, join(tables, 'kpis.csv'));
  const otherName = files.path('other-name');
  symlinkSync(folder, otherName);
  const hard = files.path('hard.csv');
  linkSync(path, hard);
  for (const [input, out] of [
    [path, tables],
    [path, `${otherName}/`],
    [join(otherName, 'export.csv'), folder],
    [hard, folder],
  ] as const) {
    const { code, stderr } = await retain(['metrics', input, '--no-config', '--out', out]);
    expect(code, stderr).toBe(2);
  }
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test('the files of a configuration are no less safe', async () => {
  const { folder, path } = folderWith('configured', 'kpis.csv');
  files.write('configured/retain.yaml', 'sources:\n  - path: kpis.csv\n');
  const { code } = await retain(['metrics', '--out', './'], { cwd: folder });
  expect(code).toBe(2);
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test('a folder with links that lead nowhere is written to, and a folder below the exports', async () => {
  const { folder, path } = folderWith('above', 'orders.csv');
  const below = join(folder, 'below');
  mkdirSync(below);
  symlinkSync('nowhere.csv', join(below, 'unrelated'));
  symlinkSync('loop', join(below, 'loop'));
  const { code, stderr } = await retain(['metrics', path, '--no-config', '--out', `${below}/`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: `written: ${below}/, files: 1\n` });
});

test('tables that another run left in the folder are named, unless --quiet', async () => {
  const out = `${files.path('twice')}/`;
  expect((await retain(['rfm', orders, '--no-config', '--out', out])).code).toBe(0);
  const former = readdirSync(out);
  const again = await retain(['metrics', orders, '--no-config', '--out', out]);
  expect(again.code).toBe(0);
  expect(former).toContain('segments.csv');
  expect(again.stderr).toContain(`${out} holds CSV files that are not of this report:`);
  expect(again.stderr).toContain('segments.csv, ');
  expect(again.stderr.split('not of this report')[1]).not.toContain('kpis.csv');
  const quiet = await retain(['metrics', orders, '--no-config', '--out', out, '--quiet']);
  expect(quiet.stderr).toBe('');
  expect(readdirSync(out)).toEqual(expect.arrayContaining(former));
});
