import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot, temporaryFiles } from '../testing/cli.js';
import { createRandom } from '../testing/fixtures/random.js';
import { readGrid, writeGrid } from '../testing/grid-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
const times = process.env.CI ? 200 : 9;
const random = createRandom(20240630);
const customers = Array.from({ length: 20 }, (_, number) => sampleCustomer(number));

test(`killed at ${times} random moments, the file is the former one or the whole new one`, async () => {
  const faults: string[] = [];
  let turns = 0;
  let left = times;
  const work = async (name: string) => {
    const path = files.path(name);
    await writeListWorkbook(path, sampleList(customers), 'en');
    const book = await readGrid(path);
    book.sheets[0]!.rows[7]![11] = { value: 'mine' };
    writeGrid(path, book, { sharesTexts: true, hasSpans: false });
    while (left > 0) {
      left -= 1;
      await killAfter(path, random.next() * 120);
      const turn = await turnOf(path).catch((error) => String(error));
      if (typeof turn === 'string') faults.push(turn);
      else if (turn > 0) turns += 1;
    }
  };
  await Promise.all(['one.xlsx', 'two.xlsx', 'three.xlsx'].map(work));
  expect(faults).toEqual([]);
  // Otherwise nothing was tried.
  expect(turns).toBeGreaterThan(times / 2);

  const copies = readdirSync(files.path('.')).filter((name) => name.includes('.bak.'));
  expect(copies.length).toBeGreaterThan(times / 4);
  for (const copy of copies) await turnOf(files.path(copy));
}, 600_000);

/** Starts writing, and ends the process as nothing can be caught, so many milliseconds after its first file. */
function killAfter(path: string, delay: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, 'dist/testing/write-lists.js'), path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delay));
    child.on('error', reject);
    child.on('close', (_, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(errors))));
  });
}

/** The one turn that every row of a whole file is of, with what was written by hand. */
async function turnOf(path: string): Promise<number> {
  const { sheets } = await readGrid(path);
  const rows = sheets[0]!.rows.slice(1);
  const found = rows.map((row, number) => (row?.[4]?.value as number) - 1000.5 - number);
  if (rows.length !== 20 || new Set(found).size !== 1) throw new Error(`${path}: rows of turns ${found}`);
  const state = sheets.find(({ name }) => name.startsWith('retain'))!;
  // Its header, the customers, and the ids of the states before and of this one.
  if (state.rows.length !== 23) throw new Error(`${path}: ${state.rows.length} rows of the state`);
  if (rows[6]?.[11]?.value !== 'mine') throw new Error(`${path}: what was written is lost`);
  return found[0]!;
}
