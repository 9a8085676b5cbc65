import { writeFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { type GridWorkbook, readGrid, writeGrid } from '../testing/grid-workbook.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { zipOf } from '../testing/zip.js';
import { writeListWorkbook } from './workbook-file.js';

const files = temporaryFiles();
let count = 0;
const newPath = () => files.path(`survival-${++count}.xlsx`);
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const text = (book: GridWorkbook, part: string) => book.parts.get(part)!.toString('utf8');
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Customers 1 to 4 in rows 2 to 5; then 1 leaves and 5 comes, so that row 3 becomes row 2 and row 5 is new. */
const before = sampleList(customers(1, 2, 3, 4));
const after = sampleList(customers(2, 3, 4, 5), { asOf: '2024-07-31' });

describe('what people and programs added to a workbook', () => {
  test('charts, pictures, pivot tables, macros and parts nobody knows', async () => {
    const path = newPath();
    await writeListWorkbook(path, before, 'en');
    const book = await readGrid(path);
    const list = book.sheets[0]!;
    const add = (name: string, content: string) => book.parts.set(name, Buffer.from(content));
    const relate = (name: string, ...links: [string, string, string][]) =>
      add(
        name,
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links
          .map(
            ([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`,
          )
          .join('')}</Relationships>`,
      );
    relate(
      'xl/worksheets/_rels/sheet1.xml.rels',
      ['rId1', 'drawing', '../drawings/drawing1.xml'],
      ['rId2', 'table', '../tables/table1.xml'],
    );
    relate(
      'xl/drawings/_rels/drawing1.xml.rels',
      ['rId1', 'chart', '../charts/chart1.xml'],
      ['rId2', 'image', '../media/image1.png'],
    );
    add(
      'xl/drawings/drawing1.xml',
      '<xdr:wsDr xmlns:xdr="x"><xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:row>9</xdr:row></xdr:from><xdr:to><xdr:col>8</xdr:col><xdr:row>20</xdr:row></xdr:to></xdr:twoCellAnchor></xdr:wsDr>',
    );
    add(
      'xl/charts/chart1.xml',
      "<c:chart xmlns:c=\"c\"><c:f>'Churn risk'!$E$2:$E$5</c:f><c:f>'Churn risk'!$A$4</c:f><c:v>E4</c:v></c:chart>",
    );
    book.parts.set('xl/media/image1.png', Buffer.from([137, 80, 78, 71, 0, 1, 2, 255]));
    book.parts.set('xl/vbaProject.bin', Buffer.from([1, 2, 3, 0, 255]));
    add('customXml/item1.xml', '<a>E4</a>');
    add('xl/tables/table1.xml', '<table xmlns="t" id="1" ref="A1:N5"><autoFilter ref="A1:N5"/></table>');
    add(
      'xl/pivotCache/pivotCacheDefinition1.xml',
      '<pivotCacheDefinition xmlns="p"><cacheSource type="worksheet"><worksheetSource ref="A1:N5" sheet="Churn risk"/></cacheSource></pivotCacheDefinition>',
    );
    const relations = text(book, 'xl/_rels/workbook.xml.rels');
    add(
      'xl/_rels/workbook.xml.rels',
      relations.replace(
        '</Relationships>',
        `<Relationship Id="rId90" Type="${office}/pivotCacheDefinition" Target="pivotCache/pivotCacheDefinition1.xml"/></Relationships>`,
      ),
    );
    (list as { tail: string }).tail = list.tail
      .replace(
        '<pageMargins',
        '<mergeCells count="2"><mergeCell ref="P2:Q2"/><mergeCell ref="P4:Q4"/></mergeCells><pageMargins',
      )
      .replace('</worksheet>', `<drawing xmlns:r="${office}" r:id="rId1"/></worksheet>`);
    writeGrid(path, book, { sharesTexts: true, hasSpans: true });

    await writeListWorkbook(path, after, 'en');
    const next = await readGrid(path);
    for (const part of [
      'xl/media/image1.png',
      'xl/vbaProject.bin',
      'customXml/item1.xml',
      'xl/drawings/_rels/drawing1.xml.rels',
    ]) {
      expect(next.parts.get(part)!.equals(book.parts.get(part)!)).toBe(true);
    }
    expect(text(next, 'xl/charts/chart1.xml')).toBe(
      "<c:chart xmlns:c=\"c\"><c:f>'Churn risk'!$E$2:$E$5</c:f><c:f>'Churn risk'!$A$3</c:f><c:v>E4</c:v></c:chart>",
    );
    // One row went, one came: below the list everything stays where it was.
    expect(text(next, 'xl/drawings/drawing1.xml')).toContain('<xdr:row>9</xdr:row>');
    expect(text(next, 'xl/tables/table1.xml')).toContain('ref="A1:N5"><autoFilter ref="A1:N5"/>');
    expect(text(next, 'xl/pivotCache/pivotCacheDefinition1.xml')).toContain('ref="A1:N5"');
    expect(text(next, 'xl/worksheets/sheet1.xml')).toContain('<mergeCell ref="P3:Q3"/></mergeCells>');
    expect(text(next, 'xl/worksheets/sheet1.xml')).not.toContain('P2:Q2');

    await writeListWorkbook(path, sampleList(customers(3), { asOf: '2024-08-31' }), 'en');
    const last = await readGrid(path);
    expect(text(last, 'xl/drawings/drawing1.xml')).toContain('<xdr:row>6</xdr:row>');
    expect(text(last, 'xl/drawings/drawing1.xml')).toContain('<xdr:row>17</xdr:row>');
    expect(text(last, 'xl/tables/table1.xml')).toContain('ref="A1:N2"');
  });

  test('notes, widths, colours and heights go with their rows and columns', async () => {
    const path = newPath();
    await writeListWorkbook(path, before, 'en');
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    const sheet = book.worksheets[0]!;
    sheet.getCell('B2').note = 'of one who leaves';
    sheet.getCell('B4').note = 'of the third';
    sheet.getCell('B4').fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFF0000' } };
    sheet.getRow(4).height = 44;
    sheet.getColumn(2).width = 33;
    sheet.getCell('L4').value = { text: 'site', hyperlink: 'https://example.com/3' };
    sheet.getCell('L2').value = { text: 'site', hyperlink: 'https://example.com/1' };
    await book.xlsx.writeFile(path);

    await writeListWorkbook(path, after, 'en');
    const next = new ExcelJS.Workbook();
    await next.xlsx.readFile(path);
    const list = next.worksheets[0]!;
    expect(list.getCell('A3').value).toBe('C-0003');
    expect(JSON.stringify(list.getCell('B3').note)).toContain('of the third');
    expect(list.getCell('B2').note).toBeUndefined();
    expect(list.getCell('B4').note).toBeUndefined();
    expect(list.getCell('B3').fill).toMatchObject({ fgColor: { argb: 'FFFF0000' } });
    expect(list.getRow(3).height).toBe(44);
    expect(list.getColumn(2).width).toBe(33);
    expect(list.getCell('L3').value).toMatchObject({ hyperlink: 'https://example.com/3' });
    const archive = next.getWorksheet('Archive')!;
    expect(archive.getCell('E2').value).toBe('B2: of one who leaves\nL2: https://example.com/1');
  });

  test('a list of which nobody is left goes on with its checks and filter', async () => {
    const path = newPath();
    await writeListWorkbook(path, before, 'en');
    await writeListWorkbook(path, sampleList([], { asOf: '2024-07-31' }), 'en');
    await writeListWorkbook(path, sampleList(customers(5, 6), { asOf: '2024-08-31' }), 'en');
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    const sheet = book.worksheets[0]!;
    expect(sheet.getCell('A3').value).toBe('C-0006');
    expect(sheet.autoFilter).toBe('A1:N3');
    expect(sheet.getCell('J3').dataValidation).toMatchObject({ type: 'list' });
    expect(sheet.getCell('I3').fill).toMatchObject({ fgColor: { argb: 'FFFFFBEB' } });
    expect(book.getWorksheet('Archive')!.rowCount).toBe(5);
  });

  test('a workbook with prefixed names, comments and without its hidden sheet', async () => {
    const path = newPath();
    await writeListWorkbook(path, before, 'en');
    const book = await readGrid(path);
    const part = 'xl/worksheets/sheet1.xml';
    const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
    const prefixed = text(book, part)
      .replace(`xmlns="${main}"`, `xmlns:x="${main}"`)
      .replace(/<(\/?)([a-z])/gi, '<$1x:$2')
      .replace('<x:sheetData>', '<!-- <x:c r="A2"/> --><x:sheetData>')
      .replace('C-0003', '<![CDATA[C-0003]]>');
    book.parts.set(part, Buffer.from(prefixed));
    const workbook = text(book, 'xl/workbook.xml').replace(/<sheet [^>]*state="hidden"[^>]*>/, '');
    book.parts.set('xl/workbook.xml', Buffer.from(workbook));
    writeFileSync(path, zipOf([...book.parts]));

    // Without the hidden sheet nobody is taken for gone whom the run does not know.
    const outcome = await writeListWorkbook(path, after, 'en');
    expect(outcome).toMatchObject({ kept: 3, added: 1, archived: 0, dismissed: 0 });
    const xml = text(await readGrid(path), part);
    expect([...xml.matchAll(/C-\d{4}/g)].map(String)).toEqual([
      'C-0001',
      'C-0002',
      'C-0003',
      'C-0004',
      'C-0005',
    ]);
    expect(xml).toContain('<x:c r="A6"');
  });
});
