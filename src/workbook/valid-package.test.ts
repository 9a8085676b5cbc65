import { copyFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkPackage } from '../testing/check-package.js';
import { temporaryFiles } from '../testing/cli.js';
import { editWorkbook, loadWorkbook } from '../testing/edit-workbook.js';
import { type GridWorkbook, readGrid, writeGrid } from '../testing/grid-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { mergeListWorkbooks, writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

async function newList(...numbers: number[]): Promise<string> {
  const path = files.path(`valid-${++count}.xlsx`);
  await writeListWorkbook(path, sampleList(customers(...numbers)), 'en');
  return path;
}

/** But for what exceljs does: it names a theme that it does not write. */
async function faultsOf(path: string): Promise<string[]> {
  return (await checkPackage(path)).filter((fault) => !fault.includes('theme1.xml is not there'));
}

/** Changes parts of a workbook as text. */
async function changeParts(path: string, change: (book: GridWorkbook) => void): Promise<void> {
  const book = await readGrid(path);
  change(book);
  writeGrid(path, book, { sharesTexts: true, hasSpans: true });
}

function replaceIn(book: GridWorkbook, part: string, from: string, to: string): void {
  const text = book.parts.get(part)?.toString('utf8') ?? '';
  book.parts.set(part, Buffer.from(text.replace(from, () => to)));
}

/** Adds a part that belongs to another, and is declared. */
function addPart(book: GridWorkbook, of: string, type: string, name: string, xml: string): void {
  const relations = of.replace(/([^/]*)$/, '_rels/$1.rels');
  if (!book.parts.has(relations))
    book.parts.set(
      relations,
      Buffer.from(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>',
      ),
    );
  replaceIn(
    book,
    relations,
    '</Relationships>',
    `<Relationship Id="rOf${type}" Type="${office}/${type}" Target="/${name}"/></Relationships>`,
  );
  replaceIn(
    book,
    '[Content_Types].xml',
    '</Types>',
    `<Override PartName="/${name}" ContentType="${types}.${type}+xml"/></Types>`,
  );
  book.parts.set(name, Buffer.from(xml));
}

test('a new list, and one after runs and a merge', async () => {
  const path = await newList(1, 2, 3, 6);
  expect(await faultsOf(path)).toEqual([]);
  const copy = await newList(1, 2, 3, 6);
  await editWorkbook(copy, (sheet) => {
    sheet.getCell('L2').value = 'of the copy';
    sheet.getCell('O1').value = 'More';
    sheet.getCell('O2').value = new Date('2024-07-01T00:00:00Z');
    sheet.addRow(['NEW']);
  });
  await editWorkbook(path, (sheet) => {
    sheet.getCell('L2').value = 'of the list';
  });
  await mergeListWorkbooks(path, [copy], 'en');
  expect(await faultsOf(path)).toEqual([]);
  await writeListWorkbook(path, sampleList(customers(2, 3, 5)), 'ru');
  await writeListWorkbook(path, sampleList([]), 'ru');
  await writeListWorkbook(path, sampleList(customers(7)), 'en');
  expect(await faultsOf(path)).toEqual([]);
});

test('the order in which programs compute is not kept where formulas are written over', async () => {
  const path = await newList(1, 2);
  await editWorkbook(path, (sheet) => {
    sheet.getCell('E2').value = { formula: 'E3*2', result: 1 };
    sheet.getCell('O3').value = { formula: 'E3*2', result: 1 };
  });
  await changeParts(path, (book) =>
    addPart(
      book,
      'xl/workbook.xml',
      'calcChain',
      'xl/calcChain.xml',
      '<calcChain><c r="E2" i="1"/><c r="O3" i="1"/></calcChain>',
    ),
  );
  expect(await faultsOf(path)).toEqual([]);
  await writeListWorkbook(path, sampleList(customers(1, 2)), 'en');
  expect(await faultsOf(path)).toEqual([]);
  expect((await loadWorkbook(path)).worksheets[0]!.getCell('E2').value).toBe(1001.5);
});

test('merged cells, links, formats, breaks and a table of rows that all left', async () => {
  const path = await newList(1, 2, 3);
  await editWorkbook(path, (sheet) => {
    sheet.getCell('L2').value = { text: 'site', hyperlink: 'https://example.com/1' };
    sheet.getCell('L3').note = 'a note';
    sheet.mergeCells('P2:Q3');
  });
  await changeParts(path, (book) => {
    const [list] = book.sheets;
    const names = list!.rows[0]!.slice(0, 8).map((cell) => cell!.value);
    addPart(
      book,
      list!.part,
      'table',
      'xl/tables/table1.xml',
      `<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="T" displayName="T" ref="A1:H4"><autoFilter ref="A1:H4"/><tableColumns count="8">${names
        .map((name, index) => `<tableColumn id="${index + 1}" name="${name}"/>`)
        .join('')}</tableColumns></table>`,
    );
    const format =
      '<ext xmlns:x14="x" uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="m"><x14:cfRule/><xm:sqref>E2:E3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>';
    const tail = list!.tail
      .replace(/<autoFilter[^>]*>(?:<\/autoFilter>)?/, '')
      .replace(
        '<legacyDrawing',
        `<rowBreaks count="2" manualBreakCount="2"><brk id="2"/><brk id="3"/></rowBreaks><legacyDrawing`,
      )
      .replace(
        '</worksheet>',
        `<tableParts count="1"><tablePart xmlns:r="${office}" r:id="rOftable"/></tableParts><extLst>${format}</extLst></worksheet>`,
      );
    (list as { tail: string }).tail = tail;
  });
  expect(await faultsOf(path)).toEqual([]);
  await writeListWorkbook(path, sampleList([]), 'en');
  expect(await faultsOf(path)).toEqual([]);
  const part = (await readGrid(path)).sheets[0]!;
  expect(part.tail).not.toMatch(/mergeCell|hyperlink|sqref>|#REF/);
});

test('formulas of a table on the list move once', async () => {
  const path = await newList(1, 2, 3, 4);
  await changeParts(path, (book) => {
    addPart(
      book,
      book.sheets[0]!.part,
      'table',
      'xl/tables/table1.xml',
      `<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="T" displayName="T" ref="P1:P5"><tableColumns count="1"><tableColumn id="1" name="Mine"><calculatedColumnFormula>'Churn risk'!$E$5</calculatedColumnFormula></tableColumn></tableColumns></table>`,
    );
  });
  await writeListWorkbook(path, sampleList(customers(3, 4)), 'en');
  const table = (await readGrid(path)).parts.get('xl/tables/table1.xml')!.toString('utf8');
  expect(table).toContain('ref="P1:P3"');
  expect(table).toContain("'Churn risk'!$E$3<");
});

test('formulas that cells of another sheet share go each its way', async () => {
  const path = await newList(1, 2, 3, 4);
  await editWorkbook(path, (_, book) => {
    const plan = book.addWorksheet('Plan');
    plan.getCell('A1').value = {
      formula: "'Churn risk'!E2*2",
      result: 1,
      shareType: 'shared',
      ref: 'A1:A4',
    } as never;
    for (const row of [2, 3, 4]) plan.getCell(`A${row}`).value = { sharedFormula: 'A1', result: 1 } as never;
  });
  await writeListWorkbook(path, sampleList(customers(1, 3, 4)), 'en');
  const plan = (await loadWorkbook(path)).getWorksheet('Plan')!;
  expect([1, 2, 3, 4].map((row) => plan.getCell(`A${row}`).formula)).toEqual([
    "'Churn risk'!E2*2",
    "'Churn risk'!#REF!*2",
    "'Churn risk'!E3*2",
    "'Churn risk'!E4*2",
  ]);
  expect(await faultsOf(path)).toEqual([]);
});

test('a shared formula stays where the cell that has its text is written over', async () => {
  const path = await newList(1, 2, 3);
  const copy = files.path('shared-copy.xlsx');
  await editWorkbook(path, (sheet) => {
    sheet.getCell('N2').value = { formula: 'E2*2', result: 1, shareType: 'shared', ref: 'N2:N4' } as never;
    for (const row of [3, 4]) sheet.getCell(`N${row}`).value = { sharedFormula: 'N2', result: 1 } as never;
  });
  await writeListWorkbook(path, sampleList(customers(1, 2, 3)), 'en');
  await editWorkbook(path, (sheet) => {
    sheet.getCell('N2').value = { formula: 'E2*2', result: 1, shareType: 'shared', ref: 'N2:N4' } as never;
    for (const row of [3, 4]) sheet.getCell(`N${row}`).value = { sharedFormula: 'N2', result: 1 } as never;
  });
  copyFileSync(path, copy);
  await editWorkbook(copy, (sheet) => {
    for (const row of [3, 4]) sheet.getCell(`N${row}`).value = { formula: `E${row}*2`, result: 1 };
    sheet.getCell('N2').value = 5;
  });
  expect(await mergeListWorkbooks(path, [copy], 'en')).toMatchObject({ taken: 1, conflicts: 0 });
  const sheet = (await loadWorkbook(path)).worksheets[0]!;
  expect(sheet.getCell('N2').value).toBe(5);
  expect(sheet.getCell('N4').formula).toBe('E4*2');
  expect(await faultsOf(path)).toEqual([]);
});
