import { copyFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook, workbookRows } from '../testing/edit-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { mergeListWorkbooks, writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const left = { outcome: 'left' as const, reason: { en: 'left', ru: 'ушёл' } };

test('an owner in a cell merged over several rows is that of each, whoever leaves', async () => {
  const path = files.path('owners.xlsx');
  await writeListWorkbook(path, sampleList(customers(1, 2, 3, 4)), 'en');
  await editWorkbook(path, (sheet) => {
    sheet.getCell('O1').value = 'Team';
    sheet.getCell('I2').value = 'Olga';
    sheet.getCell('O2').value = { formula: 'UPPER(I2)', result: 'OLGA' };
    sheet.getCell('L3').value = 'within a row';
    sheet.mergeCells('I2:I4');
    sheet.mergeCells('O2:P3');
    sheet.mergeCells('L3:M3');
    sheet.mergeCells('C4:C5');
    sheet.getCell('B7').value = 'Total';
    sheet.mergeCells('B7:B8');
  });
  const copy = files.path('owners-copy.xlsx');
  copyFileSync(path, copy);
  const { notices } = await writeListWorkbook(
    path,
    sampleList(customers(2, 3, 4), { whyLeft: () => left }),
    'en',
  );
  expect(notices.map(({ text }) => text.en)).toEqual([
    'Churn risk!O2:P3, I2:I4, C4:C5: cells merged over rows of several customers were parted; each row has what stood in them.',
  ]);
  const sheet = (await loadWorkbook(path)).worksheets[0]!;
  expect([2, 3, 4].map((row) => sheet.getCell(row, 9).value)).toEqual(['Olga', 'Olga', null]);
  expect([2, 3, 4].map((row) => sheet.getCell(row, 15).value)).toEqual(['OLGA', null, null]);
  expect([2, 3, 4].map((row) => sheet.getCell(row, 3).value)).toEqual(
    ['2', '3', '4'].map((number) => `+7999100000${number}`),
  );
  expect((sheet.model as unknown as { merges: string[] }).merges.toSorted()).toEqual(['B6:B7', 'L2:M2']);
  expect(await workbookRows(path, 'Archive')).toMatchObject([
    { Customer: 'C-0001', Owner: 'Olga', Team: 'OLGA' },
  ]);
  expect((await writeListWorkbook(path, sampleList(customers(2, 3, 4)), 'en')).notices).toEqual([]);
  // In a copy it means the same, and clears nothing; only the customer who has left is in conflict.
  expect(await mergeListWorkbooks(path, [copy], 'en')).toMatchObject({ taken: 0, added: 0, conflicts: 2 });
  const keys = (await workbookRows(path, 'Conflicts')).map((row) => row.Customer);
  expect(keys).toEqual(['C-0001', 'C-0001']);
});
