import { copyFileSync, readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook } from '../testing/edit-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { writeListWorkbook } from '../workbook/workbook-file.js';

const files = temporaryFiles();
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
let count = 0;

/** A list and copies of it, in a folder-wide name of their own. */
async function listWithCopies(...names: string[]): Promise<string[]> {
  count += 1;
  const path = files.path(`${count}-churn.xlsx`);
  await writeListWorkbook(path, sampleList(customers(1, 2, 3, 4)), 'en');
  const copies = names.map((name) => files.path(`${count}-${name}.xlsx`));
  for (const copy of copies) copyFileSync(path, copy);
  return [path, ...copies];
}

/** Rows of a sheet without the header, as texts. */
function rows(sheet: ExcelJS.Worksheet): string[][] {
  const found: string[][] = [];
  sheet.eachRow((row, number) => {
    if (number > 1)
      found.push(Array.from((row.values as unknown[]).slice(1), (value) => String(value ?? '')));
  });
  return found;
}

describe('retain merge', () => {
  test('an id that was typed over or cleared in a copy moves nothing to another customer', async () => {
    const [main, north] = await listWithCopies('north');
    await editWorkbook(north!, (sheet) => {
      sheet.getCell('A2').value = 'C-0002';
      sheet.getCell('L2').value = 'about one';
      sheet.getCell('A5').value = null;
      sheet.getCell('L5').value = 'about four';
    });
    const { code, stderr } = await retain(['merge', main!, '--from', north!]);
    expect(code).toBe(0);
    expect(stderr).toContain("'C-0002' stands where 'C-0001' was");
    expect(stderr).toContain("empty stands where 'C-0004' was");
    const sheet = (await loadWorkbook(main!)).worksheets[0]!;
    expect([2, 3, 4, 5].map((row) => [sheet.getCell(row, 1).value, sheet.getCell(row, 12).value])).toEqual([
      ['C-0001', 'about one'],
      ['C-0002', null],
      ['C-0003', null],
      ['C-0004', 'about four'],
    ]);
  });

  test('takes in what several people wrote, one edit once, and shows what they wrote differently', async () => {
    const [main, north, south] = await listWithCopies('north', 'south');
    await editWorkbook(main!, (sheet) => {
      sheet.getCell('I2').value = 'Head';
    });
    await editWorkbook(north!, (sheet) => {
      sheet.getCell('I3').value = 'Olga';
      sheet.getCell('J3').value = 'reached';
      sheet.getCell('L4').value = 'from the north';
      sheet.getCell('M4').value = new Date('2024-07-09T00:00:00Z');
      sheet.getCell('O1').value = 'Region';
      sheet.getCell('O5').value = 'North';
      sheet.spliceRows(2, 0, [], []);
    });
    await editWorkbook(south!, (sheet) => {
      sheet.getCell('I2').value = 'Ivan';
      sheet.getCell('I3').value = 'Olga';
      sheet.getCell('L4').value = '=from the south';
      sheet.getCell('N5').value = 12.5;
      sheet.getCell('L5').note = 'call her';
      sheet.addRow(['NEW-1', 'by hand']);
    });
    const { code, stderr } = await retain(['merge', main!, '--from', north!, '--from', south!]);
    expect(stderr).toContain('6 cells taken over, 1 row added, 3 conflicts');
    expect(code).toBe(3);
    const book = await loadWorkbook(main!);
    const sheet = book.worksheets[0]!;
    expect(sheet.getCell('I2').value).toBe('Head');
    expect(sheet.getCell('I3').value).toBe('Olga');
    expect(sheet.getCell('J3').value).toBe('reached');
    expect(sheet.getCell('L4').value).toBe('from the north');
    expect(sheet.getCell('M4').value).toEqual(new Date('2024-07-09T00:00:00Z'));
    expect(sheet.getCell('N5').value).toBe(12.5);
    expect(sheet.getCell('O1').value).toBe('Region');
    expect(sheet.getCell('O5').value).toBe('North');
    expect(sheet.getCell('A6').value).toBe('NEW-1');
    const name = (kind: string) => `${count}-${kind}.xlsx`;
    expect(rows(book.getWorksheet('Conflicts')!)).toEqual([
      ['C-0001', 'Owner', 'Head', name('churn'), 'Ivan', name('south')],
      ['C-0003', 'Comment', 'from the north', name('north'), '=from the south', name('south')],
      ['C-0004', 'note', '', name('churn'), 'L5: call her', name('south')],
    ]);

    const again = await retain(['merge', main!, '--from', north!, '--from', south!]);
    expect(again.stderr).toContain('0 cells taken over, 0 rows added, 0 conflicts');
    expect(again.code).toBe(0);
    expect(rows((await loadWorkbook(main!)).getWorksheet('Conflicts')!)).toHaveLength(3);
  });

  test('a row that a copy lacks stays, and is told of', async () => {
    const [main, north] = await listWithCopies('north');
    await editWorkbook(north!, (sheet) => sheet.spliceRows(3, 1));
    const { code, stderr } = await retain(['merge', main!, '--from', north!, '--lang', 'ru']);
    expect(code).toBe(0);
    expect(stderr).toContain('нет строк списка: 1; они остаются');
    expect(rows((await loadWorkbook(main!)).worksheets[0]!)).toHaveLength(4);
  });

  test('a cell that somebody cleared is cleared, and what was cleared while another wrote is shown', async () => {
    const [main, ,] = await listWithCopies();
    await editWorkbook(main!, (sheet) => {
      sheet.getCell('L2').value = 'old';
      sheet.getCell('L3').value = 'old';
    });
    await writeListWorkbook(main!, sampleList(customers(1, 2, 3, 4)), 'en');
    const north = files.path(`${count}-cleared.xlsx`);
    copyFileSync(main!, north);
    await editWorkbook(north, (sheet) => {
      sheet.getCell('L2').value = null;
      sheet.getCell('L3').value = null;
    });
    await editWorkbook(main!, (sheet) => {
      sheet.getCell('L3').value = 'newer';
    });
    expect((await retain(['merge', main!, '--from', north])).code).toBe(3);
    const book = await loadWorkbook(main!);
    expect(book.worksheets[0]!.getCell('L2').value).toBeNull();
    expect(book.worksheets[0]!.getCell('L3').value).toBe('newer');
    expect(rows(book.getWorksheet('Conflicts')!)).toHaveLength(1);
  });

  test('writes elsewhere on demand, and says what it cannot use', async () => {
    const [main, north] = await listWithCopies('north');
    const before = readFileSync(main!);
    await editWorkbook(north!, (sheet) => {
      sheet.getCell('I2').value = 'Olga';
    });
    const out = files.path(`${count}-merged.xlsx`);
    expect((await retain(['merge', main!, '--from', north!, '--out', out])).code).toBe(0);
    expect(readFileSync(main!).equals(before)).toBe(true);
    expect((await loadWorkbook(out)).worksheets[0]!.getCell('I2').value).toBe('Olga');

    files.write(`.~lock.${count}-churn.xlsx#`, '');
    const locked = await retain(['merge', main!, '--from', north!]);
    expect(locked.code).toBe(4);
    expect(locked.stderr).toContain(`written: ${main!.replace('.xlsx', '.2024-06-30.new.xlsx')}`);
    expect(readFileSync(main!).equals(before)).toBe(true);

    expect(await retain(['merge', main!, '--from', files.write('list.csv', 'a')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('only workbooks are merged'),
    });
    const other = new ExcelJS.Workbook();
    other.addWorksheet('Mine').getCell('A1').value = 'x';
    await other.xlsx.writeFile(files.path('other.xlsx'));
    expect(await retain(['merge', main!, '--from', files.path('other.xlsx')])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /other\.xlsx, sheet 'Mine': no sheet has the column 'Customer'.*\n {2}Put/,
      ),
    });
  });
});
