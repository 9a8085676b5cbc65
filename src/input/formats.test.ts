import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, temporaryFiles } from '../testing/cli.js';
import { zipOf } from '../testing/zip.js';

const files = temporaryFiles();
const names = ['orders', 'customers', 'spend'] as const;
const csvPath = (name: string) => join(projectRoot, `fixtures/shop/${name}.csv`);
const shop = names.map(csvPath);
const options = ['--by', 'month', '--margin', '0.4'];
let plain: Json;

beforeAll(async () => {
  plain = await retainJson('metrics', ...shop, ...options);
});

/** The shop in another form gives the tables, and the rows, of the plain CSV files. */
async function expectSameAsPlain(...paths: string[]): Promise<Json> {
  const report = await retainJson('metrics', ...paths, ...options);
  expect(report.tables).toEqual(plain.tables);
  const rows = (from: Json) => from.sources.map((source: Json) => [source.role, source.rows_used]).sort();
  expect(rows(report)).toEqual(rows(plain));
  return report;
}

async function folderOf(name: string, contents: Record<string, string | Uint8Array>): Promise<string> {
  await mkdir(files.path(name));
  for (const [file, content] of Object.entries(contents)) files.write(join(name, file), content);
  return files.path(name);
}

async function errorOf(...args: string[]): Promise<string> {
  const { code, stderr } = await retain(['metrics', ...args]);
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  return stderr;
}

describe("gzip'd files and zip files of one table", () => {
  test('are read as what is in them', async () => {
    const packed = shop.map((path) => files.write(`${basename(path)}.gz`, gzipSync(readFileSync(path))));
    await expectSameAsPlain(...packed);
  });

  test('a zip file of one table is that table; of several, it says so', async () => {
    const table = readFileSync(shop[0]!);
    const one = files.write(
      'one.zip',
      zipOf([
        ['read me.md', 'a'],
        ['in/orders.csv', { data: table, deflate: true }],
      ]),
    );
    await expectSameAsPlain(one, ...shop.slice(1));
    const two = files.write(
      'two.zip',
      zipOf([
        ['a.csv', table],
        ['b.csv', table],
      ]),
    );
    expect(await errorOf(two)).toMatch(/two\.zip: .*zip file with a\.csv in it/);
    const broken = files.write('broken.zip', zipOf([['a.csv', { data: table, checksum: 1 }]]));
    expect(await errorOf(broken)).toMatch(/broken\.zip: the zip file is damaged: the checksum/);
  });

  test('that are cut short or damaged are errors that name the file', async () => {
    const bytes = gzipSync(readFileSync(shop[0]!));
    const cut = await errorOf(files.write('cut.csv.gz', bytes.subarray(0, bytes.length / 2)));
    expect(cut).toMatch(/cut\.csv\.gz: the gzip file ends too early/);
    const broken = Buffer.from(bytes);
    broken.fill(0xff, 200, 260);
    expect(await errorOf(files.write('broken.csv.gz', broken))).toMatch(
      /broken\.csv\.gz: the gzip file is damaged/,
    );
    expect(await errorOf(files.write('nothing.csv.gz', gzipSync('')))).toMatch(
      /nothing\.csv\.gz: the file is empty/,
    );
    expect(await errorOf(files.write('twice.gz', gzipSync(bytes)))).toMatch(/packed twice/);
  });
});

describe('standard input and pipes', () => {
  test("'-' is standard input, plain or gzip'd", async () => {
    for (const input of [readFileSync(shop[0]!), gzipSync(readFileSync(shop[0]!))]) {
      const { code, stdout, stderr } = await retain(
        ['metrics', '-', ...shop.slice(1), ...options, '--json'],
        {
          input,
        },
      );
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(JSON.parse(stdout).tables).toEqual(plain.tables);
    }
  });

  test('it is given once, and called by its name in messages', async () => {
    const twice = await retain(['metrics', '-', '-'], { input: 'a' });
    expect(twice).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('standard input can be read once'),
    });
    const empty = await retain(['metrics', '-'], { input: '' });
    expect(empty).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('standard input: the file is empty'),
    });
  });

  test.skipIf(process.platform === 'win32')('a named pipe is read (skipped on Windows)', async () => {
    const pipe = files.path('orders.pipe');
    execFileSync('mkfifo', [pipe]);
    execFileSync('sh', ['-c', 'cat "$1" > "$2" &', 'sh', shop[0]!, pipe], { stdio: 'ignore' });
    await expectSameAsPlain(pipe, ...shop.slice(1));
  });
});

describe('folders and patterns', () => {
  /** The orders in three files, the columns of the second in another order. */
  const parts = () => {
    const [header, ...rows] = readFileSync(shop[0]!, 'utf8').trimEnd().split('\n');
    const third = Math.ceil(rows.length / 3);
    const part = (index: number) => rows.slice(index * third, (index + 1) * third);
    const quote = (cell: string) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const reversed = [header!, ...part(1)].map((row) => {
      const [cells] = parse(row) as string[][];
      return cells!.reverse().map(quote).join(',');
    });
    return {
      'orders-1.csv': [header, ...part(0)].join('\n'),
      'orders-2.csv': reversed.join('\n'),
      'orders-3.csv': [header, ...part(2)].join('\n'),
    };
  };

  test('a folder is all its tables; the rest is told', async () => {
    const folder = await folderOf('exports', {
      ...parts(),
      'customers.csv': readFileSync(shop[1]!),
      'spend.csv.gz': gzipSync(readFileSync(shop[2]!)),
      'no-sales.csv': 'order_id,customer_id,order_date,amount\n',
      'staff.csv': 'wage,office\n1,2\n',
      '.hidden.csv': 'a',
      '~$orders.xlsx': 'a',
      'letter.docx': 'a',
    });
    const report = await retainJson('metrics', folder, ...options);
    expect(report.tables).toEqual(plain.tables);
    const told = JSON.stringify(report);
    expect(told).toContain('.hidden.csv, letter.docx, ~$orders.xlsx');
    expect(told).toMatch(/Files without rows[^"]*no-sales\.csv/);
    expect(told).toMatch(/neither orders[^"]*staff\.csv/);
  });

  test('a pattern is its files in order; a file of that very name goes first', async () => {
    const folder = await folderOf('patterns', { ...parts(), 'orders [1].csv': readFileSync(shop[0]!) });
    const report = await expectSources(
      [join(folder, 'orders-*.csv'), join(folder, 'orders-3.csv'), ...shop.slice(1)],
      ['orders-1.csv', 'orders-2.csv', 'orders-3.csv'],
    );
    expect(JSON.stringify(report)).toMatch(/read once: [^"]*orders-3\.csv/);
    await expectSources([join(folder, 'orders [1].csv'), ...shop.slice(1)], ['orders [1].csv']);
    await expectSources(
      [join(files.path('.'), '**', 'pattern*', 'orders-?.csv'), ...shop.slice(1)],
      ['orders-1.csv', 'orders-2.csv', 'orders-3.csv'],
    );
  });

  async function expectSources(args: string[], orders: string[]): Promise<Json> {
    const report = await retainJson('metrics', ...args, ...options);
    expect(report.tables).toEqual(plain.tables);
    const read = report.sources.filter((source: Json) => source.role === 'orders');
    expect(read.map((source: Json) => basename(source.file))).toEqual(orders);
    return report;
  }

  test('many files, read as one where they are alike, count as if they were given one by one', async () => {
    const days = Array.from({ length: 60 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      const rows = [1, 2, 3].map((order) => `${day}-${order},c${order},${date},${10 + order},completed`);
      // Every tenth file repeats a row of the day before, has one that cannot be read, and one that is cancelled.
      if (day % 10 === 5) {
        const before = new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10);
        rows.push(`${day - 1}-1,c1,${before},11,completed`, `${day}-4,c1,${date},x,completed`);
        rows.push(`${day}-5,c1,${date},99,cancelled`);
      }
      return [`day-${date}.csv`, `order_id,customer_id,date,amount,status\n${rows.join('\n')}\n`] as const;
    });
    const folder = await folderOf('days', Object.fromEntries(days));
    const report = await retainJson('metrics', folder, '--period', '2024-01', '--max-rejects', '50%');
    const revenue = report.tables[0].rows.find((row: Json) => row.kpi === 'revenue');
    expect(revenue.value).toBe(31 * 36);
    expect(report.sources).toHaveLength(60);
    for (const [index, { rows_read, rows_used, rows_merged, rows_rejected }] of report.sources.entries()) {
      const isTenth = index % 10 === 5;
      expect([index, rows_read, rows_used, rows_merged, rows_rejected]).toEqual(
        isTenth ? [index, 6, 4 - rows_merged, rows_merged, 2] : [index, 3, 3 - rows_merged, rows_merged, 0],
      );
    }
    const merged = report.sources.map((source: Json) => source.rows_merged);
    expect(merged.reduce((sum: number, rows: number) => sum + rows)).toBe(6);
    const faulty = report.sources[15].reasons.find((reason: Json) => reason.reason === 'bad_amount');
    expect(faulty.examples[0]).toMatchObject({ row: 6, column: 'amount', value: 'x' });
    expect(JSON.stringify(report)).toMatch(/day-2024-01-01\.csv and \d+ more, column 'status'/);
  });

  test('a pattern or a folder without tables is an error', async () => {
    expect(await errorOf(files.path('none-*.csv'))).toMatch(/none-\*\.csv: no file matches/);
    const folder = await folderOf('bare', { 'readme.md': 'a' });
    expect(await errorOf(folder)).toMatch(/bare: there is no table in this folder\n {2}In it: readme\.md/);
  });

  test('a report never overwrites a file of the pattern', async () => {
    const folder = await folderOf('kept', { 'orders.csv': readFileSync(shop[0]!) });
    const out = join(folder, 'orders.csv');
    const { code, stderr } = await retain(['metrics', join(folder, '*.csv'), '--out', out]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one of the files to read'),
    });
  });
});

describe('Parquet', () => {
  async function copyToParquet(select: string, name: string, settings = ''): Promise<string> {
    const path = files.path(name);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`copy (${select}) to '${path}' (format parquet${settings})`);
    connection.closeSync();
    instance.closeSync();
    return path;
  }

  test('the shop gives the same, typed and as text', async () => {
    for (const allText of [true, false]) {
      const paths = [];
      for (const path of shop) {
        const select = `select * from read_csv('${path}', all_varchar = ${allText}, types = {${
          path.includes('spend') ? "'month': 'VARCHAR'" : "'customer_id': 'VARCHAR'"
        }})`;
        paths.push(await copyToParquet(select, `${basename(path)}-${allText}.parquet`));
      }
      await expectSameAsPlain(...paths);
    }
  });

  test('every type comes out as the text that other formats hold', async () => {
    const orders = `select 123456789012::double as order_id, i::varchar as customer_id,
      timestamptz '2024-01-31 23:30:00+00' as order_date, 12.345::double as amount, {a: 1} as nested, [1] as list,
      'RUB'::blob as currency from range(3) t(i)`;
    const path = await copyToParquet(orders, 'types.parquet');
    const report = await retainJson('metrics', path, '--period', '2024-01', '--currency', 'RUB');
    const revenue = report.tables[0].rows.find((row: Json) => row.kpi === 'revenue');
    expect(revenue.value).toBe(37.04);
    const told = JSON.stringify(report);
    expect(told).toContain('lists or records are left out: nested, list');
    expect(told).toContain('by the clock of UTC: order_date');
  });

  test('damaged and empty files are errors that name them', async () => {
    const path = await copyToParquet(
      `select * from read_csv('${shop[0]}', all_varchar = true)`,
      'whole.parquet',
      ', compression zstd',
    );
    const bytes = readFileSync(path);
    expect(await errorOf(files.write('cut.parquet', bytes.subarray(0, 5000)))).toMatch(
      /cut\.parquet: the Parquet file is damaged/,
    );
    const broken = Buffer.from(bytes);
    broken.fill(0x55, 3000, 3400);
    expect(await errorOf(files.write('broken.parquet', broken))).toMatch(
      /broken\.parquet: (the|a) Parquet file is damaged/,
    );
    const empty = await copyToParquet('select 1 as order_id, 2 as amount limit 0', 'empty.parquet');
    expect(await errorOf(empty)).toMatch(/empty\.parquet: the file has no rows/);
  });
});
