import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook, workbookRows } from '../testing/edit-workbook.js';
import { readGrid, writeGrid } from '../testing/grid-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { mergeListWorkbooks, writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const list = sampleList(customers(1, 2, 3));

async function newList(): Promise<string> {
  const path = files.path(`which-${++count}.xlsx`);
  await writeListWorkbook(path, list, 'en');
  return path;
}

/** Puts a copy of a sheet before all others, as Excel does. */
function copyOf(book: ExcelJS.Workbook, sheet: ExcelJS.Worksheet, name: string): ExcelJS.Worksheet {
  const copy = book.addWorksheet(name);
  (copy as unknown as { orderNo: number }).orderNo = -1;
  sheet.eachRow((row, number) => {
    row.eachCell((cell, column) => {
      copy.getCell(number, column).value = cell.value;
    });
  });
  return copy;
}

async function changeWorkbook(path: string, change: (xml: string) => string): Promise<void> {
  const book = await readGrid(path);
  const part = 'xl/workbook.xml';
  book.parts.set(part, Buffer.from(change(book.parts.get(part)!.toString('utf8'))));
  writeGrid(path, book, { sharesTexts: false, hasSpans: false });
}

/** Renames a sheet as programs do, with what refers to it. */
const renamed = (xml: string) =>
  xml.replace('name="Churn risk"', 'name="Mine"').replaceAll('&apos;Churn risk&apos;!', 'Mine!');
/** Takes out the names by which sheets are known. */
const withoutNames = (xml: string) => xml.replace(/<definedName [^>]*_retain[^>]*>[^<]*<\/definedName>/g, '');

describe('the hidden sheet', () => {
  test('made visible, or copied, is the one that it was', async () => {
    const path = await newList();
    await editWorkbook(path, (sheet, book) => {
      book.worksheets[1]!.state = 'visible';
      copyOf(book, book.worksheets[1]!, 'a copy');
      sheet.spliceRows(3, 1);
    });
    expect(await writeListWorkbook(path, list, 'en')).toMatchObject({ kept: 2, dismissed: 1, added: 0 });
    const names = (await loadWorkbook(path)).worksheets.map(({ name }) => name);
    expect(names.sort()).toEqual(['Archive', 'Churn risk', 'a copy', 'retain (do not edit)']);
  });

  test('has a name of its own where somebody has emptied it', async () => {
    const path = await newList();
    await editWorkbook(path, (_, book) => {
      book.worksheets[1]!.getCell('A1').value = 'x';
    });
    await writeListWorkbook(path, list, 'en');
    const names = (await loadWorkbook(path)).worksheets.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(3);
  });
});

describe('the sheet of the list', () => {
  for (const isNamed of [true, false]) {
    test(`is told from copies and tables with the same headers, ${isNamed ? 'by its name in the workbook' : 'by its rows'}`, async () => {
      const path = await newList();
      await editWorkbook(path, (sheet, book) => {
        const copy = copyOf(book, sheet, 'As of June');
        copy.getCell('L2').value = 'of the copy';
        if (!isNamed) copy.spliceRows(3, 1);
        const pivot = copyOf(book, sheet, 'Pivot');
        for (const row of [2, 3, 4]) pivot.getCell(`A${row}`).value = `Group ${row}`;
        pivot.getCell('P1').value = 'More';
        sheet.getCell('L2').value = 'of the list';
      });
      await changeWorkbook(path, (xml) => (isNamed ? renamed(xml) : withoutNames(renamed(xml))));
      const next = sampleList([sampleCustomer(1, 1), ...customers(2, 3)]);
      expect(await writeListWorkbook(path, next, 'en')).toMatchObject({ kept: 3, added: 0, notices: [] });
      expect((await workbookRows(path, 'Mine'))[0]).toMatchObject({
        Revenue: 1002.5,
        Comment: 'of the list',
      });
      const untouched = { Revenue: 1001.5, Comment: 'of the copy' };
      expect((await workbookRows(path, 'As of June'))[0]).toMatchObject(untouched);
    });
  }

  test('and its archive are told from a copy of the archive', async () => {
    const path = await newList();
    await writeListWorkbook(path, sampleList(customers(1, 2)), 'en');
    await editWorkbook(path, (_, book) => {
      copyOf(book, book.getWorksheet('Archive')!, 'Old archive');
    });
    await writeListWorkbook(path, sampleList(customers(1)), 'en');
    expect(await workbookRows(path, 'Archive')).toHaveLength(2);
    expect(await workbookRows(path, 'Old archive')).toHaveLength(1);
  });
});

test('a column of somebody’s own may be called as one of the archive', async () => {
  const path = await newList();
  await editWorkbook(path, (sheet) => {
    for (const [column, header] of [
      ['O', 'Outcome'],
      ['P', 'Why it left'],
      ['Q', 'Left the list on'],
    ] as const) {
      sheet.getCell(`${column}1`).value = header;
      for (const row of [2, 3, 4]) sheet.getCell(`${column}${row}`).value = `${header} ${row - 1}`;
    }
  });
  for (const [left, rows] of [
    [customers(1, 2), 1],
    [customers(1), 2],
  ] as const) {
    const outcome = await writeListWorkbook(path, sampleList(left), 'en');
    expect(outcome).toMatchObject({ kept: left.length, archived: 1 });
    const archive = (await loadWorkbook(path)).getWorksheet('Archive')!;
    expect(archive.rowCount).toBe(rows + 1);
    const headers = (archive.getRow(1).values as string[]).slice(1);
    expect(headers.filter((header) => header === 'Outcome')).toHaveLength(2);
    const [first, second] = [headers.indexOf('Outcome') + 1, headers.lastIndexOf('Outcome') + 1];
    expect(archive.getCell(rows + 1, first).value).toBe('no longer on the list');
    expect(archive.getCell(rows + 1, second).value).toBe(`Outcome ${4 - rows}`);
  }
  expect((await workbookRows(path))[0]).toMatchObject({
    Outcome: 'Outcome 1',
    'Why it left': 'Why it left 1',
  });
});

test('empty sheets stay, wherever they stand', async () => {
  const path = await newList();
  await editWorkbook(path, (_, book) => {
    for (const [name, place] of [
      ['Sheet1', -1],
      ['Sheet2', 99],
    ] as const) {
      (book.addWorksheet(name) as unknown as { orderNo: number }).orderNo = place;
    }
  });
  const xml = (await readGrid(path)).parts;
  expect([...xml.values()].some((part) => part.includes('<sheetData/>'))).toBe(true);
  expect(await writeListWorkbook(path, sampleList(customers(1, 2, 4)), 'en')).toMatchObject({
    kept: 2,
    added: 1,
    archived: 1,
  });
  const names = (await loadWorkbook(path)).worksheets.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Sheet1', 'Sheet2', 'Churn risk', 'Archive']));
});

describe('another list', () => {
  const other = { ...list, title: { en: 'No order for a year', ru: 'Без заказов больше года' } };

  test('is not brought up to date, and its file stays as it is', async () => {
    const path = await newList();
    const before = readFileSync(path);
    await expect(writeListWorkbook(path, other, 'en')).rejects.toThrow(
      "holds the list 'Churn risk' and not 'No order for a year'",
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('is not merged into one', async () => {
    const [path, copy] = [await newList(), files.path(`which-${++count}.xlsx`)];
    await writeListWorkbook(copy, other, 'en');
    await expect(mergeListWorkbooks(path, [copy], 'en')).rejects.toThrow(
      "holds the list 'No order for a year'",
    );
  });

  test('is a sheet of customers that nobody works in', async () => {
    const path = files.path(`which-${++count}.xlsx`);
    const book = new ExcelJS.Workbook();
    book.addWorksheet('CRM').addRows([
      ['Customer', 'Phone'],
      ['C-0001', '+7 900'],
    ]);
    await book.xlsx.writeFile(path);
    await expect(writeListWorkbook(path, list, 'en')).rejects.toThrow('nothing of a list to work in');
  });
});
