import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeError, UserError } from '../core/errors.js';
import { type ZipPart, zipOf } from '../testing/zip.js';
import { crc32ByTable, openArchive } from './archive.js';
import type { SheetRow } from './workbook.js';
import { openWorkbook } from './xlsx.js';
import { columnName } from './xlsx-sheet.js';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retain-xlsx-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${files++}.xlsx`);
  await writeFile(path, bytes);
  return path;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageSpace = 'http://schemas.openxmlformats.org/package/2006/relationships';

function relationships(...list: readonly (readonly [id: string, type: string, target: string])[]): string {
  const items = list.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${packageSpace}">${items.join('')}</Relationships>`;
}

interface Parts {
  [name: string]: string | Buffer | ZipPart | undefined;
}

/** The parts of a workbook with one sheet; `rows` goes into its sheetData. */
function partsOf(rows: string, others: Parts = {}): Parts {
  return {
    '_rels/.rels': relationships(['r1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}"><workbookPr/><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(['r1', 'worksheet', 'worksheets/sheet1.xml']),
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
    ...others,
  };
}

function withStrings(strings: string, others: Parts = {}): Parts {
  return {
    'xl/_rels/workbook.xml.rels': relationships(
      ['r1', 'worksheet', 'worksheets/sheet1.xml'],
      ['r2', 'sharedStrings', 'sharedStrings.xml'],
    ),
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings}</sst>`,
    ...others,
  };
}

function withStyles(styles: string, others: Parts = {}): Parts {
  return {
    'xl/_rels/workbook.xml.rels': relationships(
      ['r1', 'worksheet', 'worksheets/sheet1.xml'],
      ['r2', 'styles', '/xl/styles.xml'],
    ),
    'xl/styles.xml': `<styleSheet xmlns="${main}">${styles}</styleSheet>`,
    ...others,
  };
}

function zipParts(parts: Parts): Buffer {
  return zipOf(
    Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [] : [[name, part] as const])),
  );
}

async function readSheet(path: string, sheet?: string): Promise<SheetRow[]> {
  const workbook = await openWorkbook(path);
  try {
    const rows: SheetRow[] = [];
    for await (const batch of workbook.rows(sheet ?? workbook.sheets[0]!.name)) {
      expect(batch.length).toBeLessThanOrEqual(1000);
      rows.push(...batch);
    }
    return rows;
  } finally {
    await workbook.close();
  }
}

async function readRows(rows: string, others: Parts = {}): Promise<SheetRow[]> {
  return readSheet(await fileOf(zipParts(partsOf(rows, others))));
}

async function firstRow(cells: string, others: Parts = {}): Promise<(string | null)[]> {
  return (await readRows(`<row r="1">${cells}</row>`, others))[0]!.cells;
}

async function errorOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(describeError(error as UserError).split('\n')).toHaveLength(2);
  return error as UserError;
}

describe('cells', () => {
  it('reads every type of cell', async () => {
    const cells = [
      '<c r="A1"><v>1.50</v></c>',
      '<c r="B1" t="s"><v>1</v></c>',
      '<c r="C1" t="inlineStr"><is><t>in &amp; line</t></is></c>',
      '<c r="D1" t="str"><f>A1&amp;"x"</f><v>1.5x</v></c>',
      '<c r="E1" t="b"><v>1</v></c>',
      '<c r="F1" t="b"><v>0</v></c>',
      '<c r="G1" t="e"><v>#N/A</v></c>',
      '<c r="H1" t="d"><v>2024-05-06T00:00:00</v></c>',
      '<c r="I1"><f>1+1</f><v>2</v></c>',
      '<c r="J1"><f>1+1</f></c>',
      '<c r="K1" s="5"/>',
      '<c r="L1" t="s"><v>0</v></c>',
      '<c r="M1" t="n"><v>1E-7</v></c>',
      '<c r="N1" t="str"><v>a_x000D_b</v></c>',
      '<c r="O1"><is><t>no type</t></is></c>',
      '<c r="P1" t="inlineStr"><is><r><t>two </t></r><r><rPr><b/></rPr><t>runs</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>',
      '<c r="Q1" t="inlineStr"><v>value</v></c>',
    ];
    const strings = '<si><t></t></si><si><t xml:space="preserve"> shared </t></si>';
    expect(await firstRow(cells.join(''), withStrings(strings))).toEqual([
      '1.5',
      ' shared ',
      'in & line',
      '1.5x',
      'TRUE',
      'FALSE',
      '#N/A',
      '2024-05-06',
      '2',
      null,
      null,
      null,
      '0.0000001',
      'a\rb',
      'no type',
      'two runs',
      'value',
    ]);
  });

  it('joins the runs of shared strings without phonetic runs', async () => {
    const strings =
      '<si><r><rPr><b/></rPr><t>東</t></r><r><t>京 _x005F_x0041_</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>' +
      '<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></si><si/><si><t><![CDATA[<a>]]></t></si>';
    const cells = [0, 1, 2, 3].map((index) => `<c t="s"><v> ${index} </v></c>`).join('');
    expect(await firstRow(cells, withStrings(strings))).toEqual(
      ['東京 _x0041_', '課', null, '<a>'].slice(0, 4),
    );
  });

  it('recognises dates by their style', async () => {
    const styles =
      '<numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="165" formatCode="[Red]0.00 &quot;days&quot;"/>' +
      '<numFmt numFmtId="14" formatCode="0.00"/><numFmt numFmtId="166" formatCode="General"/></numFmts>' +
      '<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="15"/><xf numFmtId="166"/><xf/></cellXfs>';
    const cells = [0, 1, 2, 3, 4, 5, 6, 7].map((style) => `<c s="${style}"><v>40179.25</v></c>`).join('');
    expect(
      await firstRow(`${cells}<c s="4"><v>-3</v></c><c s="4" t="str"><v>5</v></c>`, withStyles(styles)),
    ).toEqual([
      '40179.25',
      '2010-01-01 06:00:00',
      '40179.25',
      '40179.25',
      '2010-01-01 06:00:00',
      '40179.25',
      '40179.25',
      '40179.25',
      '-3',
      '5',
    ]);
  });

  it('counts days from 1904 where the workbook does', async () => {
    const workbook = (partsOf('')['xl/workbook.xml'] as string).replace(
      '<workbookPr/>',
      '<workbookPr date1904="1"/>',
    );
    const others = withStyles('<cellXfs><xf numFmtId="14"/></cellXfs>', { 'xl/workbook.xml': workbook });
    expect(await firstRow('<c><v>38717</v></c>', others)).toEqual(['2010-01-01']);
  });
});

describe('places', () => {
  it('places rows and cells with and without references', async () => {
    const rows = [
      '<row><c><v>1</v></c><c/><c><v>3</v></c></row>',
      '<row r="5"><c r="C5"><v>5</v></c><c><v>6</v></c><c r="A5"><v>7</v></c></row>',
      '<row/>',
      '<row><c r="AB7"><v>8</v></c></row>',
    ];
    const read = await readRows(rows.join('\n '));
    expect(read.map(({ number, cells }) => [number, cells.length])).toEqual([
      [1, 3],
      [5, 4],
      [6, 0],
      [7, 28],
    ]);
    expect(read[0]!.cells).toEqual(['1', null, '3']);
    expect(read[1]!.cells).toEqual(['7', null, '5', '6']);
    expect(read[3]!.cells[27]).toBe('8');
    expect(columnName(27)).toBe('AB');
    expect(columnName(16_383)).toBe('XFD');
  });

  it('takes the last column and refuses the one after it', async () => {
    const cells = await firstRow('<c r="XFD1"><v>1</v></c>');
    expect(cells).toHaveLength(16_384);
    for (const cell of ['<c r="XFE1"><v>1</v></c>', '<c r="ZZZZZZZZZ1"/>', '<c r="XFD1"/><c/>']) {
      const error = await errorOf(firstRow(cell));
      expect(error.message).toContain('beyond XFD');
      expect(error.place).toMatchObject({ sheet: 'One', row: 1 });
    }
  });

  it.each(['1A', 'a1', 'A', '', '$A$1', 'A-1'])('refuses the reference %j', async (reference) => {
    expect((await errorOf(firstRow(`<c r="${reference}"><v>1</v></c>`))).message).toContain('said to be at');
  });

  it.each(['0', '-1', 'x', '', '1e3', '99999999999999'])('refuses the row number %j', async (number) => {
    expect((await errorOf(readRows(`<row r="${number}"/>`))).message).toContain('a row has the number');
  });

  it('names the cell that refers to a text that is not there', async () => {
    for (const index of ['3', '-1', 'x', '1.5', '99999999999999999999']) {
      const error = await errorOf(
        readRows(`<row r="7"><c r="C7" t="s"><v>${index}</v></c></row>`, withStrings('<si/>')),
      );
      expect(error.message).toContain(`cell C7 refers to text ${index} of 1`);
      expect(error.place).toMatchObject({ sheet: 'One', row: 7, column: 'C' });
    }
  });
});

describe('packages', () => {
  it('reads prefixes, strict namespaces, comments, CDATA, any order and absolute targets', async () => {
    const strict = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
    const strictOffice = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
    const parts: [string, string][] = [
      [
        'data/first.xml',
        `<?xml version="1.0"?><x:worksheet xmlns:x='${strict}' xmlns:o="urn:o"><!-- <x:row/> --><x:sheetData><x:row r='2' ><x:c t='inlineStr' r='B2'><x:is><x:t>a<![CDATA[<b>]]>&#99;</x:t></x:is></x:c><o:c r="C2"><o:v>9</o:v></o:c><x:c><o:v>8</o:v><x:v>7</x:v><x:extLst><x:ext><x:v>6</x:v></x:ext></x:extLst></x:c></x:row></x:sheetData><x:row/></x:worksheet>`,
      ],
      [
        'book/_rels/Book.xml.rels',
        relationships(['a', 'worksheet', '/data/first.xml'], ['b', 'chartsheet', 'none.xml']).replaceAll(
          office,
          strictOffice,
        ),
      ],
      [
        'book/book.xml',
        `<w:workbook xmlns:w="${strict}" xmlns:q="${strictOffice}"><w:sheets><w:sheet name="Chart" q:id="b"/><w:sheet q:id="a" state="veryHidden" name="A &lt; &#1041;"/></w:sheets></w:workbook>`,
      ],
      [
        '_rels/.rels',
        relationships(['r1', 'officeDocument', '/book/Book.xml']).replaceAll(office, strictOffice),
      ],
    ];
    const path = await fileOf(zipOf(parts));
    const workbook = await openWorkbook(path);
    expect(workbook.sheets).toEqual([{ name: 'A < Б', hidden: true }]);
    await workbook.close();
    expect(await readSheet(path)).toEqual([{ number: 2, cells: [null, 'a<b>c', '7'] }]);
  });

  it('reads a sheet in UTF-16', async () => {
    const xml = `\ufeff<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="${main}"><sheetData><row><c t="str"><v>Ж</v></c></row></sheetData></worksheet>`;
    const others = { 'xl/worksheets/sheet1.xml': Buffer.from(xml, 'utf16le') };
    expect(await firstRow('', others)).toEqual(['Ж']);
  });

  it('tells the sheets of a workbook when asked for another', async () => {
    const error = await errorOf(readSheet(await fileOf(zipParts(partsOf(''))), 'Two'));
    expect(error.message).toBe("there is no sheet 'Two'");
    expect(error.remedy).toContain("'One'");
  });

  it('reads two sheets at once and stops early without leaving anything open', async () => {
    const many = Array.from({ length: 30_000 }, (_, index) => `<row><c><v>${index}</v></c></row>`).join('');
    const workbook = await openWorkbook(await fileOf(zipParts(partsOf(many))));
    const open = (await readdir('/proc/self/fd').catch(() => [])).length;
    const counts = await Promise.all(
      [0, 1].map(async () => {
        let count = 0;
        for await (const batch of workbook.rows('One')) count += batch.length;
        return count;
      }),
    );
    expect(counts).toEqual([30_000, 30_000]);
    for await (const batch of workbook.rows('One')) {
      expect(batch).toHaveLength(1000);
      break;
    }
    await workbook.close();
    const after = (await readdir('/proc/self/fd').catch(() => [])).length;
    expect(after).toBeLessThanOrEqual(open);
  });
});

describe('files that are no workbooks', () => {
  it.each<[string, Buffer, string]>([
    ['an empty file', Buffer.alloc(0), 'the file is empty'],
    ['text', Buffer.from('a,b\n1,2\n'), 'not an Excel workbook'],
    ['a web page', Buffer.from('\ufeff<html><table>'), 'a web page'],
    [
      'XML of 2003',
      Buffer.from('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'),
      'format of 2003',
    ],
    ['a PDF', Buffer.from('%PDF-1.7'), 'PDF'],
    ['an old workbook', compoundFile('Workbook'), 'old .xls format'],
    ['a workbook with a password', compoundFile('EncryptedPackage'), 'has a password'],
    ['an empty zip file', zipOf([]), 'an empty zip file'],
    [
      'a Word document',
      zipOf([
        ['_rels/.rels', relationships(['r1', 'officeDocument', 'word/document.xml'])],
        ['word/document.xml', '<d/>'],
      ]),
      'Word',
    ],
    [
      'an OpenDocument file',
      zipOf([
        ['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'],
        ['content.xml', '<c/>'],
      ]),
      'OpenDocument',
    ],
    [
      'a binary workbook',
      zipOf([
        ['_rels/.rels', relationships(['r1', 'officeDocument', 'xl/workbook.bin'])],
        ['xl/workbook.bin', 'x'],
      ]),
      '.xlsb',
    ],
    ['a zipped table', zipOf([['orders.csv', 'a,b']]), 'a zip file with orders.csv'],
    ['some zip file', zipOf([['a.txt', 'a']]), 'some other zip file'],
    ['half a zip file', zipOf([['a.txt', 'a']]).subarray(0, 30), 'damaged: it is cut short'],
    [
      'a zip with a password',
      zipParts(
        partsOf('', { '_rels/.rels': { data: Buffer.from('x'), flags: 1, packed: Buffer.alloc(13) } }),
      ),
      'has a password',
    ],
  ])('tells %s', async (_, bytes, message) => {
    expect((await errorOf(openWorkbook(await fileOf(bytes)))).message).toContain(message);
  });

  it('tells a missing file and a folder', async () => {
    expect((await errorOf(openWorkbook(join(folder, 'none.xlsx')))).message).toContain('does not exist');
    expect((await errorOf(openWorkbook(folder))).message).toContain('a folder');
  });
});

/** A file that begins like a compound file and has a directory entry of that name. */
function compoundFile(stream: string): Buffer {
  const bytes = Buffer.alloc(4096);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
  bytes.write(stream, 1152, 'utf16le');
  return bytes;
}

describe('damage', () => {
  const sheet = 'xl/worksheets/sheet1.xml';
  const rows = Array.from(
    { length: 50 },
    (_, index) => `<row><c t="str"><v>text ${index}</v></c></row>`,
  ).join('');
  const good = Buffer.from(partsOf(rows)[sheet] as string);

  it.each<[string, ZipPart, string]>([
    ['a wrong checksum', { data: good, checksum: 1 }, 'the checksum of the part'],
    ['a size that is too small', { data: good, deflate: true, size: 100 }, 'longer than it should be'],
    ['a size that is too large', { data: good, deflate: true, size: 100_000 }, 'shorter than it should be'],
    [
      'packed data that ends early',
      { data: good, deflate: true, packed: zlib.deflateRawSync(good).subarray(0, 100) },
      'ends too early',
    ],
    [
      'packed data that is broken',
      { data: good, deflate: true, packed: Buffer.alloc(500, 0xff) },
      'packed data is broken',
    ],
    ['an unknown packing', { data: good, method: 9 }, 'packed in a way that cannot be read'],
    ['a bomb by size', { data: good, deflate: true, size: 0xf000_0000 }, 'over 400 times'],
    ['XML cut short', { data: good.subarray(0, 500) }, 'ends before </'],
    ['XML cut before its end', { data: good.subarray(0, -12) }, 'ends before </worksheet>'],
    [
      'XML with an entity of its own',
      { data: Buffer.from(`<!DOCTYPE worksheet [<!ENTITY a "b">]>${good}`) },
      'document type',
    ],
    ['XML of another kind', { data: Buffer.from('<chartsheet/>') }, 'not a worksheet'],
    ['no XML', { data: Buffer.from('hello') }, 'text outside of the root'],
    ['nothing', { data: Buffer.alloc(0) }, 'ends too early'],
  ])('tells %s', async (_, part, message) => {
    const error = await errorOf(readRows('', { [sheet]: part }));
    expect(error.message).toContain(message);
    expect(error.place).toMatchObject({ sheet: 'One' });
  });

  it('tells parts that are missing', async () => {
    const missing = (name: string, others: Parts = {}) =>
      errorOf(readRows('<row/>', { ...others, [name]: undefined }));
    expect((await missing(sheet)).message).toContain(`the part ${sheet} is missing`);
    expect((await missing('xl/_rels/workbook.xml.rels')).message).toContain('is missing');
    expect((await missing('xl/workbook.xml')).message).toContain('is missing');
    expect((await missing('xl/styles.xml', withStyles(''))).message).toContain('styles.xml is missing');
    expect((await missing('xl/sharedStrings.xml', withStrings(''))).message).toContain(
      'sharedStrings.xml is missing',
    );
    const twice = zipOf([
      ...Object.entries(partsOf('')).map(([name, part]) => [name, part!] as const),
      [sheet, 'x'],
    ]);
    expect((await errorOf(openWorkbook(await fileOf(twice)))).message).toContain('twice');
  });

  it('does not keep more texts than fit in memory', async () => {
    const others = withStrings('', {
      'xl/sharedStrings.xml': { data: Buffer.from('x'), deflate: true, size: 0xfffffff0 },
    });
    expect((await errorOf(readRows('<row/>', others))).message).toMatch(/unpacks to \d+ MiB/);
  });

  it('gives the rows before the damage and then the error', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `<row><c><v>${index}</v></c></row>`).join('');
    const data = Buffer.from(partsOf(many)[sheet] as string);
    const path = await fileOf(zipParts(partsOf('', { [sheet]: { data, deflate: true, checksum: 1 } })));
    const workbook = await openWorkbook(path);
    let count = 0;
    const reading = (async () => {
      for await (const batch of workbook.rows('One')) count += batch.length;
    })();
    await errorOf(reading);
    expect(count).toBeGreaterThan(10_000);
    await workbook.close();
  });

  it('tells a file that shrinks while it is read', async () => {
    const noise = Array.from(
      { length: 60_000 },
      (_, index) => `<row><c><v>${(index * 7919) % 104_729}</v></c></row>`,
    );
    const path = await fileOf(zipParts(partsOf(noise.join(''))));
    const workbook = await openWorkbook(path);
    const reading = (async () => {
      for await (const _ of workbook.rows('One')) await truncate(path, 1000);
    })();
    expect((await errorOf(reading)).message).toContain('ends too early');
    await workbook.close();
  });
});

/** A small generator with a seed, so that a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Reads every sheet to its end. The rows, or undefined when a UserError told of damage. */
async function readAll(path: string): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('reading does not end')), 10_000);
  });
  const reading = (async () => {
    const workbook = await openWorkbook(path);
    try {
      const all: unknown[] = [];
      for (const { name } of workbook.sheets) {
        for await (const batch of workbook.rows(name)) all.push(name, batch);
      }
      return JSON.stringify(all);
    } finally {
      await workbook.close();
    }
  })();
  try {
    return await Promise.race([reading, late]);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).not.toContain('\n');
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

describe('workbooks of another writer', () => {
  const columns = ['Order', 'Customer', 'Date', 'Amount', 'Note'];

  async function write(path: string, rows: number): Promise<void> {
    const workbook = new ExcelJS.Workbook();
    for (const name of ['May', 'June 2024']) {
      const sheet = workbook.addWorksheet(name);
      sheet.addRow(columns);
      for (let index = 0; index < rows; index++) {
        const row = sheet.addRow([
          `A-${index % 97}`,
          10_000 + (index % 31),
          new Date(Date.UTC(2024, 4, 1 + (index % 60), index % 24)),
          index / 4,
          index % 3 === 0 ? null : 'Привет & <so on>',
        ]);
        row.getCell(3).numFmt = 'dd.mm.yyyy hh:mm';
      }
    }
    await workbook.xlsx.writeFile(path);
  }

  it('reads what exceljs writes', async () => {
    const path = join(folder, 'exceljs.xlsx');
    await write(path, 2500);
    const rows = await readSheet(path, 'June 2024');
    expect(rows).toHaveLength(2501);
    expect(rows[0]).toEqual({ number: 1, cells: columns });
    expect(rows[2]).toEqual({
      number: 3,
      cells: ['A-1', '10001', '2024-05-02 01:00:00', '0.25', 'Привет & <so on>'],
    });
    expect(rows[25]!.cells.slice(0, 4)).toEqual(['A-24', '10024', '2024-05-25', '6']);
  });

  it('tells a workbook cut anywhere', async () => {
    const path = join(folder, 'whole.xlsx');
    await write(path, 300);
    const bytes = await readFile(path);
    const random = randomNumbers(31);
    const lengths = [0, 1, 3, 4, 21, 22, bytes.length - 1, bytes.length - 21, bytes.length - 22];
    for (let index = 0; index < 100; index++) lengths.push(random(bytes.length));
    const cut = join(folder, 'cut.xlsx');
    for (const length of lengths) {
      await writeFile(cut, bytes.subarray(0, length));
      expect(await readAll(cut), `cut to ${length} of ${bytes.length} bytes`).toBeUndefined();
    }
  });

  it('gives the right rows or a UserError when one byte is wrong', async () => {
    const path = join(folder, 'whole.xlsx');
    await write(path, 60);
    const expected = await readAll(path);
    expect(expected).toBeDefined();
    const bytes = await readFile(path);
    const random = randomNumbers(32);
    const places = Array.from({ length: 300 }, () => random(bytes.length));
    // Most of the file is packed data; the directory at its end deserves as much.
    for (let index = 0; index < 300; index++) places.push(bytes.length - 1 - random(1000));
    const flipped = join(folder, 'flipped.xlsx');
    let told = 0;
    for (const place of places) {
      const damaged = Buffer.from(bytes);
      damaged[place]! ^= 1 << random(8);
      await writeFile(flipped, damaged);
      const rows = await readAll(flipped);
      if (rows === undefined) told++;
      else expect(rows, `byte ${place}`).toBe(expected);
    }
    expect(told).toBeGreaterThan(200);
  });

  it('gives back what was written', async () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      fc
        .string({ unit: 'grapheme', minLength: 1 })
        .filter((text) => !/_x[0-9a-f]{4}_|\r/i.test(text) && text.trim() !== ''),
      fc.date({ min: new Date('1900-03-01'), max: new Date('2900-01-01'), noInvalidDate: true }),
    );
    const table = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (rows, shared) => {
        const path = join(folder, `round-${count++}.xlsx`);
        const writer = new ExcelJS.stream.xlsx.WorkbookWriter({
          filename: path,
          useSharedStrings: shared,
          useStyles: true,
        });
        const sheet = writer.addWorksheet('Data');
        for (const row of rows) {
          const written = sheet.addRow(row);
          row.forEach((value, index) => {
            if (value instanceof Date) written.getCell(index + 1).numFmt = 'yyyy-mm-dd';
          });
          written.commit();
        }
        await writer.commit();
        const expected = rows.map((row) => row.map(expectedText));
        const read = new Map((await readSheet(path)).map(({ number, cells }) => [number, cells]));
        expected.forEach((cells, index) => {
          const actual = read.get(index + 1) ?? [];
          expect(cells.map((_, column) => actual[column] ?? null)).toEqual(cells);
        });
        await rm(path);
      }),
      { numRuns: 60, seed: 33 },
    );
  });
});

function expectedText(value: string | number | boolean | Date | null): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) {
    const rounded = new Date(Math.round(value.getTime() / 1000) * 1000).toISOString();
    const time = rounded.slice(11, 19);
    return time === '00:00:00' ? rounded.slice(0, 10) : `${rounded.slice(0, 10)} ${time}`;
  }
  const kept = Number.isInteger(value) ? value : Number(value.toPrecision(15));
  const text = kept.toLocaleString('en', {
    useGrouping: false,
    maximumFractionDigits: 20,
    maximumSignificantDigits: 17,
  });
  // The expected text where it is easily had; else at least the same value.
  const plain = /^-?\d{1,15}(\.\d{1,6})?$/.test(String(kept)) ? String(kept) : text;
  return /\.\d{3}$/.test(plain) ? `${plain}0` : plain === '-0' ? '0' : plain;
}

describe('archive', () => {
  it('computes the usual checksum, at once or in pieces', () => {
    expect(crc32ByTable(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc32ByTable(Buffer.from('6789'), crc32ByTable(Buffer.from('12345')))).toBe(0xcbf43926);
  });

  it('refuses a directory that points nowhere', async () => {
    const bytes = zipOf([['a.txt', 'a']]);
    bytes.writeUInt32LE(0xfffffff0, bytes.length - 6);
    expect((await errorOf(openArchive(await fileOf(bytes)))).message).toContain('beyond the end');
    // The long form of the same, with an offset that no number can hold.
    const locator = Buffer.alloc(20);
    locator.write('PK\x06\x07', 'latin1');
    locator.writeBigUInt64LE(2n ** 63n, 8);
    const long = Buffer.concat([bytes.subarray(0, -22), locator, bytes.subarray(-22)]);
    expect((await errorOf(openArchive(await fileOf(long)))).message).toContain('beyond the end');
  });

  it('finds parts whatever their case and reads them as often as wanted', async () => {
    const archive = await openArchive(
      await fileOf(zipOf([['A/b.TXT', { data: Buffer.from('text'), deflate: true }]])),
    );
    expect(archive.names).toEqual(['A/b.TXT']);
    for (let time = 0; time < 2; time++) {
      const chunks: Buffer[] = [];
      for await (const chunk of archive.read('a/B.txt')) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe('text');
    }
    await archive.close();
  });
});

const realExport = join('..', 'shared', 'data', 'online_retail_II_small.xlsx');

// Skipped where the real export, which is not part of the project, is not at hand.
it.skipIf(!existsSync(realExport))('reads a real export (skipped if ../shared/data is absent)', async () => {
  const first = await readSheet(realExport, 'Year 2009-2010');
  const second = await readSheet(realExport, 'Year 2010-2011');
  expect(first).toHaveLength(14_270);
  expect(second).toHaveLength(20_498);
  expect(first[0]!.cells).toEqual([
    'Invoice',
    'StockCode',
    'Description',
    'Quantity',
    'InvoiceDate',
    'Price',
    'Customer ID',
    'Country',
  ]);
  const odd = [...first.slice(1), ...second.slice(1)].filter(
    ({ cells }) =>
      !/^20(09|10|11)-\d\d-\d\d( \d\d:\d\d:00)?$/.test(cells[4] ?? '') ||
      !/^-?\d+$/.test(cells[3] ?? '') ||
      !/^-?\d+(\.\d+)?$/.test(cells[5] ?? ''),
  );
  expect(odd).toEqual([]);
});
