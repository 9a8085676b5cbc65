import { copyFileSync } from 'node:fs';
import type ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook, workbookRows } from '../testing/edit-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import type { ManagedList } from './managed-list.js';
import { mergeListWorkbooks, writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));

/** A list that lacks a column, as one of which a file was not given. */
function without(name: string, list: ManagedList): ManagedList {
  const at = list.table.columns.findIndex((column) => column.name === name);
  const others = <Item>(items: readonly Item[]) => items.filter((_, index) => index !== at);
  const { columns, rows } = list.table;
  return { ...list, table: { ...list.table, columns: others(columns), rows: rows.map(others) } };
}

function newPath(): string {
  return files.path(`own-${++count}.xlsx`);
}

function headers(sheet: ExcelJS.Worksheet): string[] {
  return (sheet.getRow(1).values as string[]).slice(1);
}

test('a column of somebody’s own stays theirs when the list gets one of its name', async () => {
  const path = newPath();
  const full = sampleList(customers(1, 2));
  await writeListWorkbook(path, without('phone', full), 'en');
  await editWorkbook(path, (sheet) => {
    for (const [row, text] of ['Телефон', 'typed 1', 'typed 2'].entries())
      sheet.getCell(row + 1, 14).value = text;
  });
  const outcome = await writeListWorkbook(path, full, 'en');
  expect(outcome.notices.map(({ text }) => text.en)).toEqual([
    "Churn risk!N1: the column 'Телефон' is somebody's own and stays; what the list computes now under that name is in 'Phone (computed)' (Churn risk!O1).",
  ]);
  // Nor does a later run, in the other language or after a move, take one for the other.
  await editWorkbook(path, (sheet) => {
    const phones = [1, 2, 3].map((row) => sheet.getCell(row, 15).value);
    sheet.spliceColumns(15, 1);
    sheet.spliceColumns(2, 0, phones);
    sheet.getCell('B2').value = 'typed over';
  });
  expect((await writeListWorkbook(path, full, 'ru')).notices).toEqual([]);
  expect(await workbookRows(path)).toMatchObject([
    { 'Phone (computed)': '+79991000001', Телефон: 'typed 1' },
    { 'Phone (computed)': '+79991000002', Телефон: 'typed 2' },
  ]);
  // Nor when the computed one is deleted.
  await editWorkbook(path, (sheet) => sheet.spliceColumns(2, 1));
  await writeListWorkbook(path, full, 'en');
  expect(await workbookRows(path)).toMatchObject([{ Телефон: 'typed 1' }, { Телефон: 'typed 2' }]);
  // Both go to the archive.
  await writeListWorkbook(path, sampleList(customers(2)), 'en');
  expect(await workbookRows(path, 'Archive')).toMatchObject([{ Customer: 'C-0001', Телефон: 'typed 1' }]);
});

test('a column that the list had before is known when it comes again', async () => {
  const path = newPath();
  const full = sampleList(customers(1, 2));
  await writeListWorkbook(path, full, 'en');
  await writeListWorkbook(path, without('phone', full), 'en');
  await editWorkbook(path, (sheet) => {
    sheet.getCell('C2').value = 'old';
  });
  await writeListWorkbook(path, full, 'en');
  const book = await loadWorkbook(path);
  expect(headers(book.worksheets[0]!).filter((header) => header.startsWith('Phone'))).toEqual(['Phone']);
  expect(book.worksheets[0]!.getCell('C2').value).toBe('+79991000001');
});

test('a column of somebody’s own that is called as that of the ids is not taken for it, wherever it stands', async () => {
  for (const [header, cells] of [
    ['Клиент', ['Anna', 'Boris']],
    ['Customer', [7, null]],
    [
      'customer_id',
      [
        { formula: 'B2', result: 'C-0001' },
        { formula: 'B3', result: 'C-0002' },
      ],
    ],
  ] as [string, ExcelJS.CellValue[]][]) {
    const path = newPath();
    await writeListWorkbook(path, sampleList(customers(1, 2)), 'en');
    await editWorkbook(path, (sheet) => {
      sheet.spliceColumns(1, 0, [header, ...cells]);
      sheet.getCell('M2').value = 'about one';
    });
    const copy = newPath();
    copyFileSync(path, copy);
    await editWorkbook(copy, (sheet) => {
      sheet.getCell('M3').value = 'about two';
    });
    expect(await mergeListWorkbooks(path, [copy], 'en')).toMatchObject({ taken: 1, added: 0, conflicts: 0 });
    const outcome = await writeListWorkbook(path, sampleList(customers(1, 2, 3)), 'en');
    expect(outcome).toMatchObject({ kept: 2, added: 1, archived: 0, dismissed: 0, notices: [] });
    const sheet = (await loadWorkbook(path)).worksheets[0]!;
    expect(sheet.getCell('A1').value).toBe(header);
    expect([2, 3, 4].map((row) => [sheet.getCell(row, 2).value, sheet.getCell(row, 13).value])).toEqual([
      ['C-0001', 'about one'],
      ['C-0002', 'about two'],
      ['C-0003', null],
    ]);
  }
});

test('a table of somebody’s own below the list, of its customers, stays; they are counted once', async () => {
  const path = newPath();
  await writeListWorkbook(path, sampleList(customers(1, 2)), 'en');
  await editWorkbook(path, (sheet) => {
    for (const [at, cells] of [
      ['Customer', 'Called'],
      ['C-0002', 'yes'],
      ['C-0001', 'no', null, 7],
    ].entries())
      sheet.getRow(5 + at).values = cells as ExcelJS.CellValue[];
    // A row copied to note a second call is of the list.
    sheet.getRow(9).values = [...(sheet.getRow(2).values as ExcelJS.CellValue[]).slice(1, 9), 'Olga'];
  });
  const turned = [sampleCustomer(1, 1), sampleCustomer(2, 1)];
  const outcome = await writeListWorkbook(path, sampleList(turned), 'en');
  expect(outcome).toMatchObject({ kept: 2, added: 0 });
  const sheet = (await loadWorkbook(path)).worksheets[0]!;
  const cells = (row: number) => [1, 2, 4, 5].map((column) => sheet.getCell(row, column).value);
  expect([5, 6, 7].map(cells)).toEqual([
    ['Customer', 'Called', null, null],
    ['C-0002', 'yes', new Date('2024-04-03'), 1003.5],
    ['C-0001', 'no', 7, 1002.5],
  ]);
  expect([cells(9).at(-1), sheet.getCell('I9').value]).toEqual([1002.5, 'Olga']);
});
