import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook, workbookRows } from '../testing/edit-workbook.js';
import { type SampleCustomer, sampleCustomer, sampleList } from '../testing/sample-list.js';
import { mergeListWorkbooks, writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
type Edit = (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void;
const customers = [1, 2, 3].map((number) => sampleCustomer(number));

/** Writes a list, edits it, has it written again, edits that and a copy of it, and merges them. */
async function merged(edits: { first?: Edit; main?: Edit; copy?: Edit }, list = customers) {
  const path = files.path(`merge-${++count}.xlsx`);
  const copy = files.path(`copy-${count}.xlsx`);
  const write = () => writeListWorkbook(path, sampleList(list), 'en');
  await write();
  if (edits.first !== undefined) {
    await editWorkbook(path, edits.first);
    await write();
  }
  copyFileSync(path, copy);
  await editWorkbook(path, edits.main ?? (() => {}));
  await editWorkbook(copy, edits.copy ?? (() => {}));
  const outcome = await mergeListWorkbooks(path, [copy], 'en');
  return { path, outcome, sheet: (await loadWorkbook(path)).worksheets[0]! };
}

const formula = (text: string, result?: number) =>
  (result === undefined ? { formula: text } : { formula: text, result }) as ExcelJS.CellFormulaValue;

test('a formula that both have stays, whatever it gave in the copy', async () => {
  const { outcome, sheet } = await merged({
    first: (sheet) => {
      sheet.getCell('N2').value = formula('E2*0.1', 100.15);
      sheet.getCell('O1').value = 'Mine';
      for (const row of [2, 3, 4]) sheet.getCell(`O${row}`).value = formula(`E${row}*2`, 5);
    },
    copy: (sheet) => {
      sheet.getCell('N2').value = formula('E2 * 0.1', 100.15);
      for (const row of [2, 3, 4]) sheet.getCell(`O${row}`).value = formula(`E${row}*2`, 2003);
      sheet.getCell('L3').value = 'written';
    },
  });
  expect(outcome).toMatchObject({ taken: 1, conflicts: 0 });
  expect(['N2', 'O2', 'O4'].map((cell) => sheet.getCell(cell).formula)).toEqual(['E2*0.1', 'E2*2', 'E4*2']);
  expect(sheet.getCell('L3').value).toBe('written');
});

test('a formula is taken over as one, by the names of the columns that it refers to', async () => {
  const { path, outcome, sheet } = await merged({
    main: (sheet) => {
      sheet.spliceRows(1, 0, ['July']);
      sheet.spliceColumns(2, 0, ['', 'Before']);
    },
    copy: (sheet, book) => {
      book.addWorksheet('Rates').getCell('A1').value = 2;
      sheet.getCell('N3').value = formula('E3*0.5+$F3', 501.39);
      sheet.getCell('N4').value = formula('E3+E4', 2007);
      sheet.getCell('L4').value = formula('E4*Rates!A1', 2007);
      sheet.getCell('A5').value = 'NEW';
      sheet.getCell('E5').value = 10;
      sheet.getCell('N5').value = formula('E5*3', 30);
    },
  });
  expect(outcome).toMatchObject({ taken: 1, added: 1, conflicts: 2 });
  expect(sheet.getCell('O4').formula).toBe('F4*0.5+$G4');
  expect(sheet.getCell('O6').formula).toBe('F6*3');
  expect(sheet.getCell('O5').value).toBeNull();
  expect(
    (await workbookRows(path, 'Conflicts')).map((row) => [row.Column, row['Written elsewhere']]),
  ).toEqual([
    ['Comment', '=E4*Rates!A1'],
    ['Result amount', '=E3+E4'],
  ]);
});

test('a formula or value written over the other is an edit as any', async () => {
  const { outcome, sheet, path } = await merged({
    first: (sheet) => {
      for (const row of [2, 3]) sheet.getCell(`N${row}`).value = formula(`E${row}*2`, 1);
    },
    main: (sheet) => {
      sheet.getCell('N3').value = 7;
    },
    copy: (sheet) => {
      sheet.getCell('N2').value = 5;
      sheet.getCell('N3').value = formula('E3*9', 1);
    },
  });
  expect(outcome).toMatchObject({ taken: 1, conflicts: 1 });
  expect(sheet.getCell('N2').value).toBe(5);
  expect(sheet.getCell('N3').value).toBe(7);
  expect(await workbookRows(path, 'Conflicts')).toMatchObject([
    { 'Kept in the list': '7', 'Written elsewhere': '=E3*9' },
  ]);
});

test('ids that a program took for numbers are those of the list', async () => {
  const list = ['00123', '00124', '0125'].map(
    (id, index): SampleCustomer => ({ ...sampleCustomer(index), id }),
  );
  for (const who of ['main', 'copy'] as const) {
    const { outcome, sheet } = await merged(
      {
        copy: (sheet) => {
          for (const row of [2, 3, 4]) sheet.getCell(`L${row}`).value = `of ${row}`;
          sheet.getCell('A3').value = ' 00124 ';
          if (who === 'copy') for (const row of [2, 4]) sheet.getCell(`A${row}`).value = 121 + row;
        },
        main: (sheet) => {
          if (who === 'main') sheet.getCell('A2').value = 123;
        },
      },
      list,
    );
    expect(outcome).toMatchObject({ taken: 3, added: 0, conflicts: 0, notices: [] });
    expect([2, 3, 4].map((row) => sheet.getCell(`L${row}`).value)).toEqual(['of 2', 'of 3', 'of 4']);
  }
});

test('a column of somebody’s own that is called as one of the archive is merged', async () => {
  const { outcome, sheet } = await merged({
    first: (sheet) => {
      sheet.getCell('O1').value = 'Outcome';
    },
    copy: (sheet) => {
      sheet.getCell('O2').value = 'of the copy';
    },
  });
  expect(outcome).toMatchObject({ taken: 1 });
  expect(sheet.getCell('O2').value).toBe('of the copy');
});

test('two rows of one customer are each merged with its own', async () => {
  const double: Edit = (sheet) => {
    sheet.getCell('L2').value = 'first';
    sheet.addRow(['C-0001']);
    sheet.getCell('L5').value = 'second';
  };
  const unchanged = await merged({ first: double });
  expect(unchanged.outcome).toMatchObject({ taken: 0, conflicts: 0 });
  const { outcome, sheet } = await merged({
    first: double,
    copy: (sheet) => {
      sheet.getCell('I2').value = 'Olga';
      sheet.getCell('I5').value = 'Ivan';
    },
  });
  expect(outcome).toMatchObject({ taken: 2, conflicts: 0 });
  expect([sheet.getCell('I2').value, sheet.getCell('I5').value]).toEqual(['Olga', 'Ivan']);
});

/** A list and a copy of it that is merged again and again, as people go on writing in both. */
class Rounds {
  readonly path = files.path(`rounds-${++count}.xlsx`);
  readonly copy = files.path(`rounds-${count}-north.xlsx`);

  async write(edit: Edit = () => {}): Promise<void> {
    await writeListWorkbook(this.path, sampleList(customers), 'en');
    await editWorkbook(this.path, edit);
  }

  /** Has both edited, and the copy merged. */
  async merge(copy: Edit, main: Edit = () => {}, from = this.copy) {
    await editWorkbook(from, copy);
    await editWorkbook(this.path, main);
    const { taken, added, conflicts } = await mergeListWorkbooks(this.path, [from], 'en');
    return { taken, added, conflicts };
  }

  async cells(...cells: string[]) {
    const sheet = (await loadWorkbook(this.path)).worksheets[0]!;
    return cells.map((cell) => sheet.getCell(cell).value);
  }
}

/** What stays as it was written, by which a copy is known again. */
const settled = { I3: 'Vera', I4: 'Vera', L4: 'later', O4: 'own' };

const writes =
  (cells: Record<string, ExcelJS.CellValue>): Edit =>
  (sheet) => {
    for (const [cell, value] of Object.entries(cells)) sheet.getCell(cell).value = value;
  };

describe('a copy that is merged again', () => {
  test('gives what was written there since, and no conflict with what it gave before', async () => {
    const rounds = new Rounds();
    await rounds.write(writes({ O1: 'Mine', O3: 'from before' }));
    copyFileSync(rounds.path, rounds.copy);
    const first = { I2: 'Olga', L2: 'v1', L3: 'call', O2: 'own v1', A5: 'NEW', L5: 'by hand' };
    expect(await rounds.merge(writes({ ...settled, ...first }))).toEqual({
      taken: 8,
      added: 1,
      conflicts: 0,
    });
    expect(await rounds.merge(() => {})).toEqual({ taken: 0, added: 0, conflicts: 0 });
    const second = writes({ I2: null, L2: 'v2', O2: 'own v2', L5: null });
    expect(await rounds.merge(second)).toEqual({ taken: 4, added: 0, conflicts: 0 });
    expect(await rounds.cells('I2', 'L2', 'L3', 'O2', 'O3', 'A5', 'L5')).toEqual([
      null,
      'v2',
      'call',
      'own v2',
      'from before',
      'NEW',
      null,
    ]);
    // The list is computed anew meanwhile.
    await rounds.write();
    expect(await rounds.merge(writes({ L2: null, O2: null, L3: 'called' }))).toMatchObject({
      taken: 3,
      conflicts: 0,
    });
    expect(await rounds.cells('L2', 'L3', 'O2')).toEqual([null, 'called', null]);
  });

  test('is in conflict where the list was changed since, and tells of it once', async () => {
    const rounds = new Rounds();
    await rounds.write();
    copyFileSync(rounds.path, rounds.copy);
    expect(await rounds.merge(writes({ L2: 'v1' }))).toMatchObject({ taken: 1, conflicts: 0 });
    expect(await rounds.merge(writes({ L2: 'v2' }), writes({ L2: 'head' }))).toMatchObject({ conflicts: 1 });
    expect(await rounds.merge(writes({ L3: 'more' }))).toMatchObject({ taken: 1, conflicts: 0 });
    expect(await rounds.cells('L2', 'L3')).toEqual(['head', 'more']);
    expect(await rounds.merge(writes({ L2: 'v3' }))).toMatchObject({ taken: 0, conflicts: 1 });
  });

  test('does not bring back a row that was deleted from the list, unless it was written in since', async () => {
    const rounds = new Rounds();
    await rounds.write();
    copyFileSync(rounds.path, rounds.copy);
    const row = { A5: 'NEW', L5: 'by hand' };
    expect(await rounds.merge(writes({ ...settled, ...row }))).toMatchObject({ added: 1 });
    const gone: Edit = (sheet) => sheet.spliceRows(5, 1);
    expect(await rounds.merge(() => {}, gone)).toEqual({ taken: 0, added: 0, conflicts: 0 });
    expect(await rounds.cells('A5')).toEqual([null]);
    expect(await rounds.merge(writes({ L5: 'called' }))).toMatchObject({ added: 1 });
  });

  test('is known by another folder or the number that a browser gave it', async () => {
    const rounds = new Rounds();
    await rounds.write();
    copyFileSync(rounds.path, rounds.copy);
    await rounds.merge(writes({ ...settled, L2: 'v1' }));
    const sent = rounds.copy.replace('.xlsx', ' (1).xlsx');
    copyFileSync(rounds.copy, sent);
    expect(await rounds.merge(writes({ L2: 'v2' }), undefined, sent)).toMatchObject({
      taken: 1,
      conflicts: 0,
    });
  });

  test.each([
    ['in its place', (path: string) => path],
    ['under its name with a number', (path: string) => path.replace('.xlsx', ' (1).xlsx')],
    ['in another folder', (path: string) => path.replace(/rounds-\d+-/, 'others/')],
  ])('is not that of somebody else %s: both stay, or are in conflict', async (_, elsewhere) => {
    for (const [theirs, outcome, after] of [
      [{ L4: 'Boris called' }, { taken: 1, conflicts: 0 }, ['Anna called', 'Anna', 'Boris called']],
      [{ L2: 'no answer' }, { taken: 0, conflicts: 1 }, ['Anna called', 'Anna', null]],
    ] as const) {
      const rounds = new Rounds();
      await rounds.write();
      copyFileSync(rounds.path, rounds.copy);
      await editWorkbook(rounds.copy, writes({ L2: 'Anna called', I3: 'Anna' }));
      const pristine = files.path(`pristine-${count}.xlsx`);
      copyFileSync(rounds.path, pristine);
      expect(await rounds.merge(() => {})).toMatchObject({ taken: 2 });
      const other = elsewhere(rounds.copy);
      mkdirSync(dirname(other), { recursive: true });
      copyFileSync(pristine, other);
      expect(await rounds.merge(writes(theirs), undefined, other)).toMatchObject(outcome);
      expect(await rounds.cells('L2', 'I3', 'L4')).toEqual(after);
    }
  });

  test('is another one where it was copied anew from the list', async () => {
    const rounds = new Rounds();
    await rounds.write();
    copyFileSync(rounds.path, rounds.copy);
    await rounds.merge(writes({ L2: 'v1' }));
    await editWorkbook(rounds.path, writes({ L2: null }));
    copyFileSync(rounds.path, rounds.copy);
    // The same words as before are written anew.
    expect(await rounds.merge(writes({ L2: 'v1' }))).toMatchObject({ taken: 1, conflicts: 0 });
    expect(await rounds.cells('L2')).toEqual(['v1']);
  });

  test('of two copies with one name each has its own', async () => {
    const rounds = new Rounds();
    await rounds.write();
    const copies = ['moscow', 'tver'].map((folder) => {
      mkdirSync(files.path(`${folder}-${count}`), { recursive: true });
      const copy = files.path(`${folder}-${count}/churn.xlsx`);
      copyFileSync(rounds.path, copy);
      return copy;
    }) as [string, string];
    await editWorkbook(copies[0], writes({ ...settled, L2: 'm1' }));
    await editWorkbook(copies[1], writes({ ...settled, L3: 't1' }));
    const merge = () => mergeListWorkbooks(rounds.path, copies, 'en');
    expect(await merge()).toMatchObject({ taken: 6, conflicts: 0 });
    await editWorkbook(copies[0], writes({ L2: 'm2' }));
    await editWorkbook(copies[1], writes({ L3: null }));
    expect(await merge()).toMatchObject({ taken: 2, conflicts: 0 });
    expect(await rounds.cells('L2', 'L3')).toEqual(['m2', null]);
  });
});

test('what people have in columns of their own is changed and cleared by a copy', async () => {
  const own: Edit = writes({ O1: 'Mine', O2: 'a', O3: 'b', O4: 'c' });
  const { outcome, sheet } = await merged({
    first: own,
    main: writes({ O4: 'head' }),
    copy: writes({ O2: null, O3: 'changed', O4: null }),
  });
  expect(outcome).toMatchObject({ taken: 2, conflicts: 1 });
  expect(['O2', 'O3', 'O4'].map((cell) => sheet.getCell(cell).value)).toEqual([null, 'changed', 'head']);
});

test('dates are the same day where one of the workbooks counts from 1904', async () => {
  for (const from1904 of ['copy', 'main'] as const) {
    const count1904: Edit = (_, book) => {
      book.properties.date1904 = true;
    };
    const dated = (day: string): Edit =>
      writes({ M3: new Date(`${day}T00:00:00Z`), O1: 'Since', O3: new Date(`${day}T00:00:00Z`) });
    const { path, outcome } = await merged({
      copy: (sheet, book) => {
        dated('2024-07-09')(sheet, book);
        if (from1904 === 'copy') count1904(sheet, book);
      },
      main: from1904 === 'main' ? count1904 : () => {},
    });
    expect(outcome).toMatchObject({ taken: 2, conflicts: 0 });
    const sheet = (await loadWorkbook(path)).worksheets[0]!;
    expect(['M3', 'O3'].map((cell) => sheet.getCell(cell).value)).toEqual([
      new Date('2024-07-09T00:00:00Z'),
      new Date('2024-07-09T00:00:00Z'),
    ]);
  }
});

test('what was written in a copy before it was computed anew by itself is not lost', async () => {
  const rounds = new Rounds();
  await rounds.write(writes({ L3: 'before' }));
  await rounds.write();
  copyFileSync(rounds.path, rounds.copy);
  await editWorkbook(rounds.copy, writes({ L2: 'of the copy', L3: 'changed' }));
  await writeListWorkbook(rounds.copy, sampleList(customers, { asOf: '2024-07-31' }), 'en');
  const outcome = await mergeListWorkbooks(rounds.path, [rounds.copy], 'en');
  expect(outcome).toMatchObject({ taken: 1, conflicts: 1 });
  expect(outcome.notices.map(({ code }) => code)).toEqual(['run_anew']);
  expect(await rounds.cells('L2', 'L3')).toEqual(['of the copy', 'before']);
});

test('a second column that is called as one of the manager is merged as itself', async () => {
  const rounds = new Rounds();
  await rounds.write(writes({ O1: 'Owner', O2: 'second' }));
  await rounds.write();
  copyFileSync(rounds.path, rounds.copy);
  const first = writes({ ...settled, I2: 'Olga', O2: 'Ivan' });
  expect(await rounds.merge(first)).toMatchObject({ taken: 6, conflicts: 0 });
  expect(await rounds.merge(writes({ I2: 'Ivan', O2: 'Olga' }))).toMatchObject({ taken: 2, conflicts: 0 });
  expect(await rounds.merge(writes({ I2: null, O2: null }))).toMatchObject({ taken: 2, conflicts: 0 });
  expect(await rounds.cells('I2', 'O2')).toEqual([null, null]);
});
