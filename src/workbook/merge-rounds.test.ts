import { copyFileSync } from 'node:fs';
import type ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook } from '../testing/edit-workbook.js';
import { createRandom } from '../testing/fixtures/random.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { mergeListWorkbooks, writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
const numbers = [1, 2, 3, 4];
const list = sampleList(Array.from({ length: 22 }, (_, at) => sampleCustomer(at + 1)));
/** Owner, comment, amount, and one that somebody made. */
const columns = ['I', 'L', 'N', 'O'];
const cells = columns.flatMap((column) => numbers.map((number) => `${column}${number + 1}`));
/** Rows in which somebody writes once and leaves it: most of what was written in a copy stands there still. */
const settledRows = [0, 1].map((copy) => Array.from({ length: 9 }, (_, at) => 6 + 9 * copy + at));
const settledCells = settledRows.map((rows) => rows.flatMap((row) => [`I${row}`, `L${row}`]));
const all = [...cells, ...settledCells.flat()];
type Cells = Map<string, ExcelJS.CellValue>;

const histories = Number(process.env.RETAIN_ROUNDS ?? 6);
const first = 20240630;

async function read(path: string): Promise<Cells> {
  const sheet = (await loadWorkbook(path)).worksheets[0]!;
  return new Map(all.map((cell) => [cell, sheet.getCell(cell).value]));
}

/**
 * People go on writing in a list and in copies of it, which are merged again and again, the list is computed anew
 * between: what one wrote since the last merge is taken unless the list was changed too, which is a conflict.
 */
async function happen(seed: number): Promise<void> {
  const random = createRandom(seed);
  const main = files.path(`list-${seed}.xlsx`);
  const copies = ['north', 'south'].map((name) => files.path(`${name}-${seed}.xlsx`));
  let counter = 0;
  const change = async (path: string, known: Cells) => {
    const edits = new Map(
      cells
        .filter(() => random.chance(0.2))
        .map((cell): [string, ExcelJS.CellValue] => {
          counter += 1;
          if (random.chance(0.3)) return [cell, null];
          return [
            cell,
            cell.startsWith('N') ? counter : random.chance(0.5) ? `word ${counter}` : 'same word',
          ];
        }),
    );
    for (const [cell, value] of edits) known.set(cell, value);
    await editWorkbook(path, (sheet) => {
      for (const [cell, value] of edits) sheet.getCell(cell).value = value;
    });
  };
  const settle = async (at: number, theirs: Cells) => {
    counter += 1;
    for (const cell of settledCells[at]!) theirs.set(cell, `settled ${counter}`);
    await editWorkbook(copies[at]!, (sheet) => {
      for (const cell of settledCells[at]!) sheet.getCell(cell).value = theirs.get(cell)!;
    });
  };
  const compute = () => writeListWorkbook(main, list, 'en');

  await compute();
  await editWorkbook(main, (sheet) => {
    sheet.getCell('O1').value = 'Mine';
    sheet.getCell('O2').value = 'before';
  });
  await compute();
  const mine = await read(main);
  const theirs = copies.map(() => new Map(mine));
  const seen = copies.map(() => new Map(mine));
  for (const [at, copy] of copies.entries()) {
    copyFileSync(main, copy);
    await settle(at, theirs[at]!);
  }
  for (let round = 0; round < 4; round += 1) {
    await change(main, mine);
    for (const [at, copy] of copies.entries()) if (random.chance(0.8)) await change(copy, theirs[at]!);
    if (random.chance(0.3)) await compute();
    const merged = copies.map((_, at) => at).filter(() => random.chance(0.8));
    let conflicts = 0;
    for (const at of merged) {
      for (const cell of all) {
        const [own, was, now] = [mine.get(cell), seen[at]!.get(cell), theirs[at]!.get(cell)];
        if (now === was || now === own) continue;
        if (own === was) mine.set(cell, now!);
        else conflicts += 1;
      }
      seen[at] = new Map(theirs[at]);
    }
    const outcome = await mergeListWorkbooks(
      main,
      merged.map((at) => copies[at]!),
      'en',
    );
    const place = `seed ${seed}, round ${round}`;
    expect([place, outcome.conflicts, outcome.added]).toEqual([place, conflicts, 0]);
    expect([place, await read(main)]).toEqual([place, mine]);
    if (random.chance(0.3)) await compute();
    const again = merged.find(() => random.chance(0.3));
    if (again !== undefined) {
      // A fresh copy in the place of the former one: what stands in it was read from the list, once that is computed.
      await compute();
      copyFileSync(main, copies[again]!);
      theirs[again] = new Map(mine);
      seen[again] = new Map(mine);
      await settle(again, theirs[again]);
    }
  }
}

test(`in ${histories} random histories of copies that are merged again no edit is lost, and none is taken twice`, async () => {
  for (let seed = first; seed < first + histories; seed += 1) await happen(seed);
}, 600_000);
