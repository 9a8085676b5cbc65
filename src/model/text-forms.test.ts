import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { metricsReport } from '../analyses/metrics.js';
import type { Encoding } from '../input/encoding.js';
import type { FileSettings } from '../input/settings.js';
import { temporaryFiles } from '../testing/cli.js';
import { countCsvRows } from '../testing/csv-rows.js';
import { encode } from '../testing/encode.js';
import { csvText } from '../testing/fixtures/csv-text.js';
import { makeShop } from '../testing/fixtures/shop.js';
import { englishFiles } from '../testing/fixtures/shop-english.js';
import { russianFiles } from '../testing/fixtures/shop-russian.js';
import { kpiColumn, metricsRequest, silent } from '../testing/report.js';

const files = temporaryFiles();
let made = 0;

/** Reads one file as orders of January 2024, and checks that as many rows were read as another reader counts. */
async function read(content: string | Uint8Array, settings: FileSettings = {}) {
  made += 1;
  const path = files.write(`text-${made}.csv`, content);
  const report = await metricsReport(
    metricsRequest([], {
      files: [{ path, settings }],
      from: '2024-01-01',
      to: '2024-01-31',
      maxRejectedShare: 1,
    }),
    silent,
  );
  const source = report.sources[0]!;
  expect(source.rowsRead).toBe(countCsvRows(path, source.headerRow));
  return {
    ...source,
    revenue: Number(kpiColumn(report, 'value').revenue),
    faults: source.reasons.flatMap(({ code, rows, examples }) => [
      [code, rows, ...examples.map((example) => example.row)],
    ]),
  };
}

const failure = (content: string | Uint8Array, settings?: FileSettings) =>
  read(content, settings).then(
    () => expect.unreachable('it was read'),
    (error) => error,
  );

const day = (number: number) => `2024-01-${String(number).padStart(2, '0')}`;

describe('the shop in every form of text', () => {
  const shop = makeShop();
  const tables = (content: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(content).map(([name, text]) => {
        const delimiter = text.split('\n')[0]!.includes(';') ? ';' : ',';
        return [name, parse(text, { bom: true, delimiter }) as string[][]];
      }),
    );
  const english = tables(englishFiles(shop));
  const russian = tables(russianFiles(shop));
  // Letters and signs of every kind that a code page may have.
  english['customers.csv']!.forEach((row, index) => {
    if (index > 0) row[1] = `${row[1]} Müller–Peña €`;
  });

  async function report(
    content: Record<string, string[][]>,
    encoding: Encoding,
    mark: boolean,
    delimiter: string,
    lineEnd: string,
  ) {
    made += 1;
    const paths = Object.entries(content).map(([name, rows]) => {
      // Quotes of books, which not every code page has, as those of typewriters.
      const cells = rows.map((row) => row.map((cell) => cell.replace(/[«»]/g, '"')));
      const text = csvText(cells, delimiter).replaceAll('\n', lineEnd);
      return files.write(`${made}-${name}`, encode(mark ? `\ufeff${text}` : text, encoding));
    });
    const result = await metricsReport(metricsRequest(paths, { by: 'month', margin: 0.4 }), silent);
    for (const source of result.sources)
      expect(source.rowsRead).toBe(countCsvRows(source.file, source.headerRow));
    return result;
  }

  const plain = report(english, 'utf-8', false, ',', '\n');
  test.each<['en' | 'ru', Encoding, boolean, string, string]>([
    ['en', 'utf-8', true, ';', '\r\n'],
    ['en', 'windows-1252', false, '|', '\r'],
    ['en', 'utf-16le', true, '\t', '\r\n'],
    ['ru', 'utf-8', false, '|', '\r\n'],
    ['ru', 'utf-8', true, '\t', '\r'],
    ['ru', 'utf-16le', false, ';', '\n'],
    ['ru', 'utf-16be', true, ',', '\r\n'],
    ['ru', 'utf-16be', false, '|', '\r'],
    ['ru', 'windows-1251', false, ';', '\r\n'],
    ['ru', 'windows-1251', false, ',', '\n'],
    ['ru', 'windows-1251', false, '\t', '\r'],
    ['ru', 'koi8-r', false, ';', '\n'],
    ['ru', 'ibm866', false, ',', '\r\n'],
  ])('%s %s, mark %s, %j, %j', async (language, encoding, mark, delimiter, lineEnd) => {
    const content = language === 'en' ? english : russian;
    const result = await report(content, encoding, mark, delimiter, lineEnd);
    expect(result.tables).toEqual((await plain).tables);
  });
});

describe('encodings', () => {
  const orders = (names: readonly string[]) =>
    `Номер заказа;Дата;Клиент;Сумма\n${names.map((name, index) => `${index};${day(index + 1)};${name};10\n`).join('')}`;
  const names = Array.from({ length: 31 }, () => 'Иванов');

  test('the settings say it, whatever the letters', async () => {
    const bytes = encode(orders(names), 'windows-1251');
    expect(await read(bytes, { encoding: 'windows-1251' })).toMatchObject({ revenue: 310 });
    await expect(failure(bytes, { encoding: 'koi8-r' })).resolves.toMatchObject({
      message: expect.stringContaining('recognised neither'),
    });
  });

  test('letters that come only late in a large file', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => {
      const name = index % 1000 === 999 && index > 20_000 ? 'Москва' : 'a';
      return `${index},${day((index % 31) + 1)},${index % 7},1,${name}\n`;
    });
    const bytes = encode(`order id,date,customer id,amount,channel\n${rows.join('')}`, 'windows-1251');
    expect(bytes.length).toBeGreaterThan(1_000_000);
    expect(await read(bytes)).toMatchObject({ revenue: 60_000, rowsRejected: 0 });
  });

  test('damaged UTF-8 is said with its rows, and nothing is replaced', async () => {
    const [before, after] = orders([...names.slice(0, 30), '#']).split('#');
    const bytes = Buffer.concat([Buffer.from(before!), Buffer.of(0xcf, 0xf0), Buffer.from(after!)]);
    expect(await read(bytes)).toMatchObject({ revenue: 300, faults: [['bad_encoding', 1, 32]] });
    const mixedLineEnds = Buffer.from(bytes.toString('latin1').replace('\n', '\r\n'), 'latin1');
    expect(await read(mixedLineEnds)).toMatchObject({ revenue: 300, faults: [['bad_encoding', 1, 32]] });
  });

  test('damaged UTF-8 in a column beyond as many as are read', async () => {
    const rows = names.slice(0, 30).map((name, index) => `n,m,${index},${day(index + 1)},${name},10`);
    const [before, after] = `a,b,order id,date,customer id,amount\n${rows.join('\n')}#\n`.split('#');
    const bytes = Buffer.concat([Buffer.from(before!), Buffer.of(0xcf, 0xf0), Buffer.from(after!)]);
    expect(await read(bytes)).toMatchObject({ revenue: 290, faults: [['bad_encoding', 1, 31]] });
  });

  test('damaged UTF-16, and bytes that are no text', async () => {
    const wide = Buffer.concat([
      encode(`\ufeff${orders(names)}`, 'utf-16le'),
      Buffer.of(0x00, 0xd8, 0x41, 0),
    ]);
    expect(await failure(wide)).toMatchObject({ message: expect.stringMatching(/UTF-16LE, and damaged/) });
    const zeros = Buffer.concat([Buffer.from('date,amount\n2024-01-01,1\n'), Buffer.alloc(5)]);
    expect(await failure(zeros)).toMatchObject({ message: expect.stringMatching(/no text file/) });
  });
});

describe('delimiters', () => {
  const cases: [what: string, text: string, revenue: number][] = [
    ['decimal commas', 'Дата;Цена;Количество\n2024-01-05;1,50;2,00\n2024-01-31;2,30;1,00\n', 5.3],
    [
      'decimal commas and names that are unknown but for two',
      'a;date;b;sum\n1,5;2024-01-05;2,5;3,5\n2,5;2024-01-31;2,5;4,5\n',
      8,
    ],
    ['texts full of commas', 'date|amount|note\n2024-01-05|1|a, b, c, d\n2024-01-31|2|e, f\n', 3],
    ['texts full of semicolons', 'date,amount,note\n2024-01-05,1,a; b; c\n2024-01-31,2,d; e; f\n', 3],
    [
      'quoted delimiters and line breaks',
      'date,note,amount\n2024-01-05,"a;b;\n;c",1\n2024-01-31,"d;e",2\n',
      3,
    ],
    ['Excel says it', 'sep=;\r\ndate;amount\r\n2024-01-05;1,5\r\n2024-01-31;2,5\r\n', 4],
    [
      'titles of other widths above',
      'Report, of, all, orders, ever\n\ndate;amount\n2024-01-05;1\n2024-01-31;2\n',
      3,
    ],
    ['one at the end of each row', 'date;amount;\n2024-01-05;1;\n2024-01-31;2;\n', 3],
    ['several at the end of each row but the header', 'date;amount\n2024-01-05;1;;;\n2024-01-31;2;;;\n', 3],
    ['several at the end of the header alone', 'date;amount;;;\n2024-01-05;1\n2024-01-31;2\n', 3],
    ['rows cut after their last value', 'date\tamount\tchannel\tnote\n2024-01-05\t1\n2024-01-31\t2\tx\n', 3],
  ];
  test.each(cases)('%s', async (_what, text, revenue) => {
    expect(await read(text)).toMatchObject({ revenue, rowsRejected: 0 });
  });

  test('the settings say it, and one that cannot be is refused', async () => {
    const text = 'date~amount\n2024-01-05~1\n2024-01-31~2\n';
    expect(await read(text, { delimiter: '~' })).toMatchObject({ revenue: 3 });
    expect(await failure(text, { delimiter: '~~' })).toMatchObject({
      message: expect.stringContaining('one ASCII'),
    });
  });

  test('one column', async () => {
    expect(await failure('customer\nAnn\nBob\n')).toMatchObject({
      message: expect.stringContaining('recognised'),
    });
  });

  test('what is more than the columns is a broken line', async () => {
    const text = 'date;amount\n2024-01-05;1;;\n2024-01-06;2;x\n2024-01-31;2\n';
    expect(await read(text)).toMatchObject({ revenue: 3, faults: [['broken_line', 1, 3]] });
  });
});

describe('quotes', () => {
  test.each([
    ['doubled', 'date,item,amount\n2024-01-05,"5"" pipe, long",1\n2024-01-31,x,2\n'],
    ['stray within a field', 'date,item,amount\n2024-01-05,5" pipe,1\n2024-01-31,6" pipe,2\n'],
    ['stray within quotes', 'date,item,amount\n2024-01-05,"5" pipe",1\n2024-01-31,"a "b, c" d",2\n'],
    ['around a part of a field', 'date;item;amount\n2024-01-05;"Rose" Ltd;1\n2024-01-31;"Tulip" Ltd;2\n'],
    ['with a backslash', 'date,item,amount\n2024-01-05,"5\\" pipe, long",1\n2024-01-31,"a \\"b\\"",2\n'],
    ['a backslash at the end of a field', 'date,item,amount\n2024-01-05,"C:\\",1\n2024-01-31,"D:\\",2\n'],
  ])('%s', async (_what, text) => {
    expect(await read(text)).toMatchObject({ revenue: 3, rowsRejected: 0 });
  });

  test('one that is never closed is named with its row', async () => {
    for (const text of [
      'date,item,amount\n2024-01-05,a,1\n2024-01-06,"b,1\n2024-01-31,c,2\n',
      'sep=,\r\ndate,item,amount\r\n2024-01-05,a\\",1\r\n2024-01-06,"b,1\n2024-01-31,c,2\r\n',
    ]) {
      const error = await failure(text);
      expect(error).toMatchObject({ message: expect.stringContaining('quote is opened'), place: { row: 3 } });
    }
  });
});

describe('headers', () => {
  const rows = `${day(5)};Аня;10\n${day(31)};Боря;20\n`;
  test.each([
    ['titles and blank lines above', `Отчёт\n\n"за\nянварь";;\n\nДата;Клиент;Сумма\n${rows}`, 5],
    ['line breaks, no-break spaces and units', `Дата;"Кли-\nент";"Сумма,\u00a0 руб."\n${rows}`, 1],
    ['column numbers below', `Дата;Клиент;Сумма\n1;2;3\n${rows}`, 2],
    ['units below', `Дата;Клиент;Сумма\n;;руб.\n${rows}`, 2],
    ['groups above', `Отчёт\n;Покупатель;\nДата;Имя;Сумма\n${rows}`, 3],
  ])('%s', async (_what, text, headerRow) => {
    expect(await read(text)).toMatchObject({ revenue: 30, headerRow, rowsRejected: 0 });
  });

  test('none at all', async () => {
    const error = await failure(rows);
    expect(error.message).toMatch(/no row with the names of the columns/);
    expect(error.place.row).toBe(1);
    expect(error.remedy).toMatch(/Write a row/);
  });

  test('the settings say which row it is', async () => {
    const text = `Дата;Клиент;Сумма\nWhen;Who;How much\n${rows}`;
    const columns = [
      { field: 'date', header: 'When' },
      { field: 'amount', header: 'How much' },
    ] as const;
    expect(await read(text, { headerRow: 2, columns })).toMatchObject({
      revenue: 30,
      headerRow: 2,
      rowsRead: 2,
    });
    expect(await failure(text, { headerRow: 9 })).toMatchObject({ place: { row: 9 } });
  });

  test('repeated further down, as page breaks and joined files leave it', async () => {
    const one = `Дата;Клиент;Сумма\n${rows}`;
    expect(await read(`${one}${one}\ufeff${one}`)).toMatchObject({
      revenue: 90,
      rowsRead: 8,
      reasons: [{ code: 'repeated_header', rows: 2, fault: false }],
    });
    const mixed = `${one}${one.replaceAll('\n', '\r\n')}`;
    expect(await read(mixed)).toMatchObject({ revenue: 60, faults: [['repeated_header', 1]] });
  });
});

describe('sheets', () => {
  test('titles, groups in merged cells, column numbers, a blank column and a repeated header', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('Продажи');
    sheet.getCell('C1').value = 'Отчёт о продажах';
    sheet.mergeCells('C1:H1');
    const names = [
      ['Дата', 'Клиент', null, null, 'Сумма, руб.'],
      [null, 'Код', 'Прозвище', null, null],
      [1, 2, 3, null, 4],
    ];
    const rows = [
      ['05.01.2024', '007', 'Ваня', null, 10],
      ['вчера', '008', 'Петя', null, 11],
      ...names.slice(0, 2),
      ['31.01.2024', '007', 'Ваня', null, 20],
    ];
    for (const [index, row] of [...names, ...rows].entries()) {
      for (const [column, value] of row.entries()) sheet.getCell(index + 4, column + 3).value = value;
    }
    sheet.mergeCells('D4:E4');
    sheet.mergeCells('C4:C5');
    const path = files.path('groups.xlsx');
    await workbook.xlsx.writeFile(path);
    const report = await metricsReport(
      metricsRequest([path], { from: '2024-01-01', to: '2024-01-31', maxRejectedShare: 1 }),
      silent,
    );
    expect(kpiColumn(report, 'value')).toMatchObject({ revenue: '30.0000', buyers: 1 });
    expect(report.sources[0]).toMatchObject({
      headerRow: 6,
      rowsRead: 5,
      reasons: [
        { code: 'bad_date', rows: 1, examples: [{ row: 8 }] },
        { code: 'repeated_header', rows: 2 },
      ],
    });
  });
});

describe('row numbers are those of a spreadsheet', () => {
  const faulty = (lineEnd: string, head: string, quoted: string) =>
    [
      head,
      'Дата;Товар;Сумма',
      `${day(1)};a;1`,
      '',
      `${day(2)};${quoted};1`,
      `${day(3)};b;1;2;3`,
      `${day(4)};c;много`,
      'когда-то;d;1',
      `${day(31)};e;1`,
      '',
    ].join(lineEnd);
  const expected = (above: number) => [
    ['bad_date', 1, 8 + above],
    ['bad_amount', 1, 7 + above],
    ['broken_line', 1, 6 + above],
  ];
  for (const lineEnd of ['\n', '\r\n', '\r']) {
    test.each<[string, string, string, Encoding, number]>([
      ['a title', 'Отчёт', '"x\ny"', 'utf-8', 0],
      ['a code page', 'Отчёт', '"x\r\ny"', 'windows-1251', 0],
      ['UTF-16', 'Отчёт', 'x', 'utf-16le', 0],
      ['Excel names the delimiter', 'sep=;', 'x', 'utf-8', -1],
      ['the same in a code page', 'sep=;', '"x\ny"', 'koi8-r', -1],
      ['stray quotes', 'Отчёт', '"x" y', 'utf-8', 0],
      ['stray quotes in a code page', 'Отчёт', '"x" y', 'windows-1251', 0],
      ['a backslash', 'Отчёт', '"x \\"y\\"; z"', 'utf-8', 0],
    ])(`${JSON.stringify(lineEnd)}, %s`, async (_what, head, quoted, encoding, above) => {
      const result = await read(encode(faulty(lineEnd, head, quoted), encoding));
      expect(result.faults).toEqual(expected(above));
      expect(result.rowsRead).toBe(6);
    });
  }

  test('a broken line so long that the engine cuts a character of it is refused in words', async () => {
    const text = `date;customer;amount\n${day(1)};a;1\nx${'я'.repeat(6000)};b;1;d\n${day(31)};c;1\n`;
    await expect(read(text)).rejects.toThrow('longer than 10,000 bytes');
    // Where it cuts between characters, it is one broken line among others.
    const kept = await read(text.replace('\nx', '\n'));
    expect(kept.faults).toMatchObject([['broken_line', 1, 3]]);
  });

  test('with two kinds of line end', async () => {
    const text = faulty('\n', 'Отчёт', '"x\ny"').replace('a;1\n', 'a;1\r\n');
    expect((await read(text)).faults).toEqual(expected(0));
  });

  test('where rows may be short', async () => {
    const text = faulty('\n', 'Отчёт', 'x').replace(`${day(31)};e;1`, `${day(30)};z\n${day(31)};e;1`);
    const result = await read(text);
    expect(result.faults).toEqual([
      ['bad_date', 1, 8],
      ['bad_amount', 2, 7, 9],
      ['broken_line', 1, 6],
    ]);
  });
});
