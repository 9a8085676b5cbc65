import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BookType, read, utils, type WorkBook, type WorkSheet, write } from '@e965/xlsx';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeError, UserError } from '../core/errors.js';
import { type Json, projectRoot, retain, retainJson, temporaryFiles } from '../testing/cli.js';
import { zipOf } from '../testing/zip.js';
import { localFile } from './local-file.js';
import { type OtherSpreadsheet, openOtherSpreadsheet } from './other-spreadsheets.js';
import type { SheetRow } from './workbook.js';

const files = temporaryFiles();
const shopWorkbook = join(projectRoot, 'fixtures/shop-xlsx/shop.xlsx');

async function open(path: string, format: OtherSpreadsheet) {
  return openOtherSpreadsheet(await localFile(path, files.path('.')), format, files.path('.'));
}

async function rowsOf(path: string, format: OtherSpreadsheet, sheet?: string): Promise<SheetRow[]> {
  const workbook = await open(path, format);
  const rows: SheetRow[] = [];
  for await (const batch of workbook.rows(sheet ?? workbook.sheets[0]!.name)) rows.push(...batch);
  return rows;
}

function bytesOf(book: WorkBook, bookType: BookType): Buffer {
  return write(book, { type: 'buffer', bookType }) as Buffer;
}

/** A sheet with a cell of every kind, and one that is hidden. */
function everything(): WorkBook {
  const sheet: WorkSheet = utils.aoa_to_sheet([
    ['id', 'date', 'sum', 'flag', 'error', 'formula', 'text'],
    [],
    [],
  ]);
  const cells: WorkSheet = {
    A3: { t: 's', v: '000123' },
    B3: { t: 'n', v: 45_322.420_138_888_89, z: 'yyyy-mm-dd hh:mm' },
    C3: { t: 'n', v: 1234.5 },
    D3: { t: 'b', v: true },
    E3: { t: 'e', v: 42 },
    F3: { t: 'n', v: 7, f: '3+4' },
    G3: { t: 's', v: 'Ёлка & «ель»' },
    A4: { t: 'n', v: 123_456_789_012 },
    B4: { t: 'n', v: 45_351, z: 'dd/mm/yy' },
    C4: { t: 'n', v: 0.1 + 0.2 },
    D4: { t: 'b', v: false },
    G4: { t: 's', v: '1,234 "quoted"' },
  };
  Object.assign(sheet, cells, { '!ref': 'A1:G4' });
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Лист');
  utils.book_append_sheet(book, utils.aoa_to_sheet([['x'], [1]]), 'Hidden');
  book.Workbook = { Sheets: [{}, { Hidden: 1 }] };
  return book;
}

const formats: readonly (readonly [OtherSpreadsheet, BookType, string])[] = [
  ['xls', 'biff8', 'xls'],
  ['xls', 'biff5', 'xls'],
  ['ods', 'ods', 'ods'],
  ['xlsb', 'xlsb', 'xlsb'],
  ['spreadsheetml', 'xlml', 'xls'],
];

const odsContent = (body: string, styles = '') =>
  `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:spreadsheet>${body}</office:spreadsheet></office:body></office:document-content>`;
const ods = (content: string) =>
  zipOf([
    ['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'],
    ['content.xml', { data: Buffer.from(content), deflate: true }],
    ['styles.xml', '<office:document-styles/>'],
    [
      'META-INF/manifest.xml',
      '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
    ],
  ]);

describe('cells', () => {
  test.each(formats)('%s (%s): every kind of cell as text', async (format, bookType, extension) => {
    // The library writes Excel 5 without Cyrillic.
    const isOld = bookType === 'biff5';
    const path = files.write(`${bookType}.${extension}`, bytesOf(everything(), bookType));
    const rows = await rowsOf(path, format);
    expect(rows.map(({ number }) => number)).toEqual([1, 3, 4]);
    const text = isOld ? expect.any(String) : 'Ёлка & «ель»';
    // The library does not write errors to ODS.
    const error = format === 'ods' ? null : '#N/A';
    expect(rows[1]!.cells).toEqual(['000123', '2024-01-31 10:05:00', '1234.5', 'TRUE', error, '7', text]);
    expect(rows[2]!.cells).toEqual([
      '123456789012',
      '2024-02-29',
      '0.3',
      'FALSE',
      null,
      null,
      '1,234 "quoted"',
    ]);
    const workbook = await open(path, format);
    if (format !== 'ods') expect(workbook.sheets.map(({ hidden }) => hidden)).toEqual([false, true]);
  });

  test.each(['xls', 'xlsb', 'spreadsheetml'] as const)('%s: days counted from 1904', async (format) => {
    const book = everything();
    book.Workbook = { ...book.Workbook, WBProps: { date1904: true } };
    const bookType = { xls: 'biff8', xlsb: 'xlsb', spreadsheetml: 'xlml' }[format] as BookType;
    const written = bytesOf(book, bookType);
    const rows = await rowsOf(files.write(`1904.${bookType}`, written), format);
    // What the library itself takes the day for, whether it has shifted it or not.
    const again = read(written, { cellDates: true, UTC: true });
    const day = again.Sheets[again.SheetNames[0]!]!.B4.v as Date;
    expect(rows[2]!.cells[1]).toBe(day.toISOString().slice(0, 10));
  });

  test('ODS as LibreOffice writes it: hidden sheets, repeated and empty cells, dates, errors', async () => {
    const body = `
      <table:table table:name="Итог &amp; всё" table:style-name="ta1">
      <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
      <table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.5"><text:p>1,50</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-01-31T10:05:00"><text:p>31.01.24</text:p></table:table-cell><table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""><text:p>#N/A</text:p></table:table-cell></table:table-row>
      <table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
      </table:table>
      <table:table table:name="Скрытый" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`;
    const styles =
      '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
    const path = files.write('libre.ods', ods(odsContent(body, styles)));
    const workbook = await open(path, 'ods');
    expect(workbook.sheets).toEqual([
      { name: 'Итог & всё', hidden: false },
      { name: 'Скрытый', hidden: true },
    ]);
    const rows = await rowsOf(path, 'ods');
    expect(rows).toEqual([{ number: 3, cells: ['id', '1.5', '1.5', '2024-01-31 10:05:00', '#N/A'] }]);
  });

  test('ODS with a password', async () => {
    const path = files.write(
      'secret.ods',
      zipOf([
        ['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'],
        ['content.xml', 'x'],
        ['META-INF/manifest.xml', '<manifest:encryption-data/>'],
      ]),
    );
    await expect(open(path, 'ods')).rejects.toThrow('has a password');
  });

  test('HTML named .xls: text as it stands, in the encoding that it declares', async () => {
    const html = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body>
      <table border=1><tr><th>Номер</th><th>Дата</th><th>Сумма</th></tr>
      <tr><td>000123</td><td>31.01.2024</td><td>1&nbsp;234,50</td></tr></table></body></html>`;
    const bytes = Buffer.from(
      [...html].map((letter) => {
        const code = letter.codePointAt(0)!;
        return code < 128 ? code : code - 0x410 + 0xc0;
      }),
    );
    const rows = await rowsOf(files.write('page.xls', bytes), 'html');
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['Номер', 'Дата', 'Сумма'],
      ['000123', '31.01.2024', '1 234,50'],
    ]);
  });
});

describe('the shop in each format', () => {
  const options = ['--by', 'month', '--margin', '0.4'];
  let plain: Json;
  let book: WorkBook;
  beforeAll(async () => {
    const names = ['orders', 'customers', 'spend'].map((name) => `fixtures/shop/${name}.csv`);
    plain = await retainJson('metrics', ...names, ...options);
    book = read(await readFile(shopWorkbook), { cellNF: true });
  });

  test.each([...formats, ['xlsx', 'xlsm', 'xlsm'] as const])('%s (%s)', async (_, bookType, extension) => {
    const path = files.write(`shop-${bookType}.${extension}`, bytesOf(book, bookType));
    const report = await retainJson('metrics', path, ...options);
    expect(report.tables).toEqual(plain.tables);
    expect(report.sources).toHaveLength(3);
  });

  test('HTML and tab-separated text named .xls', async () => {
    const paths = book.SheetNames.flatMap((name) => {
      const one = utils.book_new();
      utils.book_append_sheet(one, book.Sheets[name]!, name);
      const csv = readFileSync(`fixtures/shop/${name.toLowerCase()}.csv`, 'utf8');
      const tabs = utils.sheet_to_csv(read(csv, { type: 'string', raw: true }).Sheets.Sheet1!, { FS: '\t' });
      return [
        name === 'Orders'
          ? files.write(`${name}.xls`, tabs)
          : files.write(`${name}.xls`, bytesOf(read(csv, { type: 'string', raw: true }), 'html')),
      ];
    });
    const report = await retainJson('metrics', ...paths, ...options);
    expect(report.tables).toEqual(plain.tables);
  });

  test('packed, by way of standard input', async () => {
    const { code, stdout, stderr } = await retain(['metrics', '-', ...options, '--json'], {
      input: gzipSync(bytesOf(book, 'biff8')),
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout).tables).toEqual(plain.tables);
  });

  const office = ['soffice', 'libreoffice'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  test.skipIf(office === undefined)(
    'XLS and ODS as LibreOffice writes them (skipped where it is not installed)',
    { timeout: 120_000 },
    async () => {
      for (const extension of ['xls', 'ods']) {
        execFileSync(
          office!,
          ['--headless', '--convert-to', extension, '--outdir', files.path('.'), shopWorkbook],
          {
            stdio: 'ignore',
          },
        );
        const report = await retainJson(
          'metrics',
          files.path(`${basename(shopWorkbook, '.xlsx')}.${extension}`),
          ...options,
        );
        expect(report.tables).toEqual(plain.tables);
      }
    },
  );

  describe('damaged files', () => {
    async function messageOf(name: string, bytes: Uint8Array, format: OtherSpreadsheet): Promise<string> {
      try {
        await open(files.write(name, bytes), format);
      } catch (error) {
        if (error instanceof UserError) return describeError(error);
        throw error;
      }
      return 'no error';
    }

    test.each(formats.filter(([format]) => format !== 'spreadsheetml'))(
      '%s (%s) cut short',
      async (format, bookType) => {
        const bytes = bytesOf(book, bookType);
        for (const share of [0.3, 0.9, 0.999]) {
          const cut = bytes.subarray(0, Math.floor(bytes.length * share));
          expect(await messageOf(`cut-${bookType}`, cut, format)).toMatch(/cut-\w+: the workbook is damaged/);
        }
      },
    );

    test('XML cut short', async () => {
      const bytes = bytesOf(book, 'xlml');
      const cut = bytes.subarray(0, Math.floor(bytes.length / 2));
      expect(await messageOf('cut-xml', cut, 'spreadsheetml')).toMatch(/cut-xml: the workbook is damaged/);
    });

    test('a document of another program, and one that would fill the memory', async () => {
      const word = bytesOf(book, 'biff8');
      const name = Buffer.from('Workbook\0', 'utf16le');
      word.fill(0x41, word.indexOf(name), word.indexOf(name) + 4);
      expect(await messageOf('letter.doc', word, 'xls')).toMatch(
        /letter\.doc: this is not an Excel workbook/,
      );
      const cell =
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>';
      const bomb = ods(
        odsContent(
          `<table:table table:name="a"><table:table-row table:number-rows-repeated="1000000">${cell}</table:table-row></table:table>`,
        ),
      );
      const file = await localFile(files.write('bomb.ods', bomb), files.path('.'));
      const limits = { memory: 64, time: 60_000, timePerMebibyte: 0 };
      await expect(openOtherSpreadsheet(file, 'ods', files.path('.'), limits)).rejects.toThrow(
        'is too large',
      );
      const impatient = { memory: 3072, time: 1000, timePerMebibyte: 0 };
      await expect(openOtherSpreadsheet(file, 'ods', files.path('.'), impatient)).rejects.toThrow(
        'within 1 s',
      );
    });
  });
});
