import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook, workbookRows } from '../testing/edit-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { sayChanges } from './say.js';
import { writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
const newPath = () => files.path(`churn-${++count}.xlsx`);
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));

describe('a new workbook', () => {
  test('holds the list with the manager’s columns, and names as text', async () => {
    const path = newPath();
    const outcome = await writeListWorkbook(path, sampleList(customers(1, 2, 3, 6)), 'en');
    expect(outcome).toMatchObject({ added: 4, kept: 0, archived: 0, backup: undefined, notices: [] });
    const book = await loadWorkbook(path);
    const sheet = book.worksheets[0]!;
    expect(sheet.name).toBe('Churn risk');
    expect((sheet.getRow(1).values as string[]).slice(1)).toEqual([
      'Customer',
      'Name',
      'Phone',
      'Last order',
      'Revenue',
      'Risk',
      'News',
      'On the list since',
      'Owner',
      'Status',
      'Reason',
      'Comment',
      'Next contact',
      'Result amount',
    ]);
    expect(sheet.getCell('B2').value).toBe('-1');
    expect(sheet.getCell('B4').value).toBe('+7 (999) 123-45-67');
    expect(sheet.getCell('B5').value).toBe('=HYPERLINK("http://x.example","Anna")');
    expect(sheet.getCell('B5').type).toBe(ExcelJS.ValueType.String);
    expect(sheet.getCell('C2').value).toBe('+79991000001');
    expect(sheet.getCell('C2').numFmt).toBe('@');
    expect(sheet.getCell('D2').value).toEqual(new Date('2024-02-02T00:00:00Z'));
    expect(sheet.getCell('E2').value).toBe(1001.5);
    expect(sheet.getCell('J2').dataValidation).toMatchObject({
      type: 'list',
      formulae: ['"new,in work,reached,returned,refused,do not contact"'],
    });
    expect(sheet.getCell('M2').dataValidation).toMatchObject({ type: 'date' });
    expect(sheet.getCell('A2').dataValidation).toMatchObject({ type: 'custom', errorStyle: 'warning' });
    expect(sheet.autoFilter).toBe('A1:N5');
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', xSplit: 2, ySplit: 1 });
    expect(book.worksheets[1]!.state).toBe('hidden');
    expect(JSON.stringify(sheet.model)).toContain('"formulae":["LEN($G2)>0"]');
  });

  test('is the same to the byte for the same list', async () => {
    const [one, other] = [newPath(), newPath()];
    await writeListWorkbook(one, sampleList(customers(1, 2)), 'ru');
    await writeListWorkbook(other, sampleList(customers(1, 2)), 'ru');
    expect(readFileSync(one).equals(readFileSync(other))).toBe(true);
  });
});

describe('the next run', () => {
  test('keeps the manager’s cells, computes the others anew, adds and archives', async () => {
    const path = newPath();
    await writeListWorkbook(path, sampleList(customers(1, 2, 3)), 'en');
    await editWorkbook(path, (sheet) => {
      sheet.getCell('I3').value = 'Olga';
      sheet.getCell('J3').value = 'in work';
      sheet.getCell('L3').value = {
        richText: [{ text: 'call ' }, { text: 'after six', font: { bold: true } }],
      };
      sheet.getCell('M3').value = new Date('2024-07-05T00:00:00Z');
      sheet.getCell('N4').value = 99.5;
      sheet.getCell('L4').note = 'a note';
      sheet.getCell('B3').value = 'typed over';
    });
    const next = [sampleCustomer(2, 1), ...customers(5)];
    const outcome = await writeListWorkbook(
      path,
      sampleList(next, {
        asOf: '2024-07-31',
        whyLeft: (key) =>
          key === 'C-0003'
            ? { outcome: 'returned', reason: { en: 'returned on 2024-07-12 with €50.00', ru: 'вернулся' } }
            : undefined,
      }),
      'en',
    );
    expect(outcome).toMatchObject({ kept: 1, added: 1, archived: 2, dismissed: 0, notices: [] });
    const rows = await workbookRows(path);
    expect(rows.map((row) => row.Customer)).toEqual(['C-0002', 'C-0005']);
    expect(rows[0]).toMatchObject({
      Name: '@x',
      Revenue: 1003.5,
      Owner: 'Olga',
      Status: 'in work',
      Comment: { richText: [{ text: 'call ' }, { text: 'after six' }] },
      'Next contact': new Date('2024-07-05T00:00:00Z'),
      News: '',
    });
    expect(rows[1]).toMatchObject({ News: 'new', 'On the list since': new Date('2024-07-31T00:00:00Z') });
    const archive = await workbookRows(path, 'Archive');
    expect(archive).toHaveLength(2);
    expect(archive[0]).toMatchObject({ Customer: 'C-0001', Outcome: 'no longer on the list' });
    expect(archive[1]).toMatchObject({
      Customer: 'C-0003',
      Outcome: 'returned',
      'Why it left': 'returned on 2024-07-12 with €50.00',
      'Result amount': 99.5,
      'Notes of its cells': 'L4: a note',
    });
    expect(existsSync(outcome.backup!)).toBe(true);
  });

  test('remembers a deleted row as dismissed, until its row in the archive is deleted too', async () => {
    const path = newPath();
    const list = sampleList(customers(1, 2, 3));
    await writeListWorkbook(path, list, 'en');
    await editWorkbook(path, (sheet) => sheet.spliceRows(3, 1));
    expect(await writeListWorkbook(path, list, 'en')).toMatchObject({ kept: 2, added: 0, dismissed: 1 });
    expect(await writeListWorkbook(path, list, 'en')).toMatchObject({ kept: 2, added: 0, dismissed: 0 });
    expect(await workbookRows(path, 'Archive')).toMatchObject([{ Customer: 'C-0002', Outcome: 'dismissed' }]);
    await editWorkbook(path, (_, book) => book.getWorksheet('Archive')!.spliceRows(2, 1));
    expect(await writeListWorkbook(path, list, 'en')).toMatchObject({ added: 1, dismissed: 0 });
  });

  test('names what is wrong by its cell, and goes on', async () => {
    const path = newPath();
    await writeListWorkbook(path, sampleList(customers(1, 2, 3, 4)), 'en');
    await editWorkbook(path, (sheet) => {
      sheet.getCell('J2').value = 'in wrok';
      sheet.getCell('M2').value = 'tomorrow';
      sheet.getCell('N2').value = 'a lot';
      sheet.getCell('A3').value = 'C-0O02';
      sheet.getCell('L3').value = 'mine';
      sheet.getCell('A5').value = 'C-0003';
      sheet.getCell('L5').value = 'second row';
      sheet.addRow(['X-1', 'by hand']);
    });
    const outcome = await writeListWorkbook(path, sampleList(customers(1, 2, 3, 4)), 'en');
    expect(outcome.notices.map(({ text }) => text.en)).toEqual([
      "Churn risk!A3: 'C-0O02' stood where 'C-0002' was, as the rest of the row shows; it is 'C-0002' again.",
      "Churn risk!A5: 'C-0003' stood where 'C-0004' was, as the rest of the row shows; it is 'C-0004' again.",
      "Churn risk!A6: 'X-1' is not on the list; the row stays as it is.",
      "Churn risk!J2: 'in wrok' is no status (new, in work, reached, returned, refused, do not contact); it stays as it is.",
      "Churn risk!M2: 'tomorrow' is no date; it stays as it is.",
      "Churn risk!N2: 'a lot' is no amount; it stays as it is.",
    ]);
    const rows = await workbookRows(path);
    expect(rows.map((row) => [row.Customer, row.Comment])).toEqual([
      ['C-0001', ''],
      ['C-0002', 'mine'],
      ['C-0003', ''],
      ['C-0004', 'second row'],
      ['X-1', ''],
    ]);
  });

  test('finds the list by its headers: other language, other case, moved down and about', async () => {
    const path = newPath();
    await writeListWorkbook(path, sampleList(customers(1, 2)), 'ru');
    await editWorkbook(path, (sheet) => {
      sheet.name = 'Мой список';
      sheet.getCell('L3').value = 'перезвонить';
      sheet.getCell('L1').value = ' COMMENT ';
      sheet.getCell('O1').value = 'Моё';
      sheet.getCell('O3').value = 7;
      sheet.spliceRows(1, 0, ['Список на июнь'], []);
    });
    const outcome = await writeListWorkbook(path, sampleList(customers(2, 9)), 'en');
    expect(outcome).toMatchObject({ kept: 1, added: 1, archived: 1 });
    const sheet = (await loadWorkbook(path)).getWorksheet('Мой список')!;
    expect(sheet.getCell('A1').value).toBe('Список на июнь');
    expect(sheet.getCell('L3').value).toBe(' COMMENT ');
    expect(sheet.getCell('A4').value).toBe('C-0002');
    expect(sheet.getCell('L4').value).toBe('перезвонить');
    expect(sheet.getCell('O4').value).toBe(7);
    expect(sheet.getCell('A5').value).toBe('C-0009');
  });

  test('formulas, merged cells, formats and filters go with their rows', async () => {
    const path = newPath();
    await writeListWorkbook(path, sampleList(customers(1, 2, 3, 4)), 'en');
    await editWorkbook(path, (sheet, book) => {
      sheet.getCell('O1').value = 'Offer';
      sheet.getCell('O2').value = {
        formula: 'E2*0.1',
        result: 100,
        shareType: 'shared',
        ref: 'O2:O5',
      } as never;
      for (const row of [3, 4, 5])
        sheet.getCell(`O${row}`).value = { sharedFormula: 'O2', result: 1 } as never;
      sheet.getCell('A7').value = 'Total';
      sheet.getCell('E7').value = { formula: 'SUM(E2:E5)', result: 1 };
      sheet.mergeCells('B9:C9');
      sheet.getCell('B9').value = 'merged';
      sheet.addConditionalFormatting({
        ref: 'F2:F5',
        rules: [{ type: 'expression', formulae: ['$F2>$E$4'], priority: 5, style: {} }],
      });
      const plan = book.addWorksheet('Plan');
      plan.getCell('A1').value = { formula: "'Churn risk'!E4", result: 1 };
      plan.getCell('A2').value = { formula: "SUM('Churn risk'!E2:E5)", result: 1 };
      plan.getCell('A3').value = { formula: "'Churn risk'!E2", result: 1 };
      book.definedNames.add("'Churn risk'!$E$2:$E$5", 'revenue');
    });
    const outcome = await writeListWorkbook(path, sampleList(customers(2, 3, 4, 5, 6)), 'en');
    expect(outcome).toMatchObject({ kept: 3, added: 2, archived: 1 });
    expect(outcome.notices.map(({ text }) => text.en)).toEqual([
      "Churn risk!A8: 'Total' is not on the list; the row stays as it is.",
      "Plan!A3: the formula 'Churn risk'!E2 referred to a row that went to the archive.",
    ]);
    const book = await loadWorkbook(path);
    const sheet = book.worksheets[0]!;
    expect([2, 3, 4, 5, 6].map((row) => sheet.getCell(`O${row}`).formula)).toEqual([
      'E2*0.1',
      'E3*0.1',
      'E4*0.1',
      'E5*0.1',
      'E6*0.1',
    ]);
    expect(sheet.getCell('E8').formula).toBe('SUM(E2:E6)');
    expect(sheet.getCell('B10').isMerged).toBe(true);
    expect(sheet.getCell('B10').value).toBe('merged');
    expect(sheet.autoFilter).toBe('A1:N6');
    expect(JSON.stringify(sheet.model)).toContain(
      '"ref":"F2:F6","rules":[{"type":"expression","priority":5,"formulae":["$F2>$E$3"]',
    );
    const plan = book.getWorksheet('Plan')!;
    expect([1, 2, 3].map((row) => plan.getCell(`A${row}`).formula)).toEqual([
      "'Churn risk'!E3",
      "SUM('Churn risk'!E2:E6)",
      "'Churn risk'!#REF!",
    ]);
    expect(book.definedNames.getRanges('revenue').ranges).toEqual(["'Churn risk'!$E$2:$E$6"]);
  });
});

describe('what is not overwritten', () => {
  test.each(['~$', '.~lock.'])('a file that is open: %s', async (mark) => {
    const path = newPath();
    const list = sampleList(customers(1));
    await writeListWorkbook(path, list, 'en');
    const name = path.slice(path.lastIndexOf('/') + 1);
    files.write(mark === '~$' ? `~$${name}` : `.~lock.${name}#`, '');
    const outcome = await writeListWorkbook(path, list, 'en');
    expect(outcome.path).toBe(path.replace('.xlsx', '.2024-06-30.new.xlsx'));
    expect(outcome.beside).toMatchObject({ reason: 'open' });
    expect((await writeListWorkbook(path, list, 'en')).path).toContain('.2024-06-30.2.new.xlsx');
  });

  test('a file that somebody saves during the run', async () => {
    const path = newPath();
    await writeListWorkbook(path, sampleList(customers(1, 2)), 'en');
    const saved = readFileSync(path);
    const list = sampleList(customers(1), {
      whyLeft: () => {
        writeFileSync(path, saved);
        return { outcome: 'risk_fell', reason: { en: 'risk fell', ru: 'риск снизился' } };
      },
    });
    const outcome = await writeListWorkbook(path, list, 'en');
    expect(readFileSync(path).equals(saved)).toBe(true);
    const beside = path.replace('.xlsx', '.2024-06-30.new.xlsx');
    expect(outcome).toMatchObject({ path: beside, beside: { reason: 'changed' }, backup: undefined });
    expect(sayChanges(outcome, 'en')).toEqual([
      `written: ${beside}`,
      'the file itself was saved by somebody meanwhile, so it is as it was; run again to take in what was written',
      'customers on the list: 1 (1 from before, 0 new); to the archive: 1',
      'risk fell: 1',
    ]);
    expect(await workbookRows(beside, 'Archive')).toMatchObject([
      { Customer: 'C-0002', Outcome: 'risk fell' },
    ]);
  });

  test('an earlier copy', async () => {
    const path = newPath();
    for (const number of [1, 2, 3]) {
      await writeListWorkbook(path, sampleList(customers(number)), 'en');
    }
    const name = path.slice(path.lastIndexOf('/') + 1, -'.xlsx'.length);
    const folder = path.slice(0, path.lastIndexOf('/'));
    const copies = readdirSync(folder).filter(
      (file) => file.startsWith(`${name}.`) && file.includes('.bak.'),
    );
    expect(copies.sort()).toEqual([`${name}.2024-06-30.2.bak.xlsx`, `${name}.2024-06-30.bak.xlsx`]);
    expect((await workbookRows(join(folder, copies[1]!)))[0]).toMatchObject({ Customer: 'C-0001' });
  });

  test('a workbook that holds no list, and what is no workbook', async () => {
    const path = newPath();
    const book = new ExcelJS.Workbook();
    book.addWorksheet('Mine').getCell('A1').value = 'precious';
    await book.xlsx.writeFile(path);
    await expect(writeListWorkbook(path, sampleList(customers(1)), 'en')).rejects.toThrow(
      "no sheet has the column 'Customer'",
    );
    expect((await loadWorkbook(path)).worksheets[0]!.getCell('A1').value).toBe('precious');
    writeFileSync(path, 'text');
    await expect(writeListWorkbook(path, sampleList(customers(1)), 'en')).rejects.toThrow(
      'not an Excel workbook',
    );
  });
});
