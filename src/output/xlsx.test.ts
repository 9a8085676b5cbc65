import exceljs, { type Workbook } from 'exceljs';
import { describe, expect, it, vi } from 'vitest';
import type { Cell, Column, Report } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { sampleReport } from '../testing/sample-report.js';
import { renderXlsx } from './xlsx.js';

async function readBack(report: Report, language: 'en' | 'ru' = 'en'): Promise<Workbook> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load((await renderXlsx(report, language)).buffer as ArrayBuffer);
  return workbook;
}

function reportOf(columns: Column[], rows: Cell[][], currency: string | null = 'USD'): Report {
  return {
    ...sampleReport,
    currency,
    tables: [{ name: 'table', title: verbatim('Table'), grain: 'row', columns, rows, notes: [] }],
  };
}

function column(kind: Column['kind'], more: Partial<Column> = {}): Column {
  return { name: kind, label: verbatim(kind), kind, ...more };
}

describe('renderXlsx', () => {
  it('has a sheet for each table, and the notes and the sources', async () => {
    const english = await readBack(sampleReport);
    expect(english.worksheets.map(({ name }) => name)).toEqual([
      'Key figures',
      'Acquisition cost by channel',
      'Trend',
      'Notes',
      'Sources',
    ]);
    expect(english.creator).toBe('retain');
    expect(english.title).toBe('Key figures, June 2024');
    const russian = await readBack(sampleReport, 'ru');
    expect(russian.worksheets.map(({ name }) => name)).toEqual([
      'Ключевые показатели',
      'Стоимость привлечения по канал…',
      'Динамика',
      'Примечания',
      'Источники',
    ]);
  });

  it('keeps real numbers with the format of their row', async () => {
    const sheet = (await readBack(sampleReport)).getWorksheet('Key figures')!;
    expect(sheet.getRow(1).values).toEqual([
      undefined,
      'KPI',
      'Value',
      'Previous period',
      'Change',
      'Year ago',
    ]);
    const cell = (address: string) => [sheet.getCell(address).value, sheet.getCell(address).numFmt];
    expect(cell('A2')[0]).toBe('Customer acquisition cost');
    expect(cell('B3')).toEqual([76109.3, '"$"#,##0.00']);
    expect(cell('D3')).toEqual([-0.049972, '+0.0%;-0.0%;0.0%']);
    expect(cell('B5')).toEqual([0.894, '0.0%']);
    expect(cell('D5')).toEqual([1.8, '+0.0"\u00a0pp";-0.0"\u00a0pp";0.0"\u00a0pp"']);
    expect(cell('B7')).toEqual([1204, '#,##0']);
    expect(cell('B8')).toEqual([3.1049, '#,##0.00']);
    expect(cell('B9')[0]).toBeNull();
    expect(cell('B10')).toEqual([41, '#,##0"\u00a0d"']);
    const russian = (await readBack(sampleReport, 'ru')).getWorksheet('Ключевые показатели')!;
    expect(russian.getCell('B3').numFmt).toBe('#,##0.00"\u00a0$"');
  });

  it('keeps real dates, the same day in every time zone', async () => {
    const report = reportOf([column('date')], [['2024-06-30'], ['1899-12-31'], ['soon']]);
    for (const language of ['en', 'ru'] as const) {
      const sheet = (await readBack(report, language)).worksheets[0]!;
      expect(sheet.getCell('A2').value).toEqual(new Date('2024-06-30T00:00:00Z'));
      expect(sheet.getCell('A2').numFmt).toBe(language === 'en' ? 'yyyy-mm-dd' : 'dd.mm.yyyy');
      expect(sheet.getCell('A4').value).toBe('soon');
    }
    const sheet = (await readBack(report)).worksheets[0]!;
    expect(sheet.getCell('A3').value).toBe('1899-12-31');
  });

  it('writes an amount that a spreadsheet would round as text', async () => {
    const amounts = ['9999999999999.99', '90071992547409.93', '1000000000000000000.00', '-0.01'];
    const sheet = (
      await readBack(
        reportOf(
          [column('money')],
          amounts.map((amount) => [amount]),
        ),
      )
    ).worksheets[0]!;
    expect(sheet.getColumn(1).values.slice(2)).toEqual([
      9999999999999.99,
      '$90,071,992,547,409.93',
      1e18,
      -0.01,
    ]);
    expect(sheet.getCell('A3').alignment.horizontal).toBe('right');
  });

  it('writes an estimate of a count as a number, however many digits it has', async () => {
    const sheet = (await readBack(reportOf([column('integer')], [[471.9303481234567], [1e15 + 0.5]])))
      .worksheets[0]!;
    expect(sheet.getColumn(1).values.slice(2)).toEqual([471.9303481234567, 1e15 + 0.5]);
  });

  it('never makes a formula of text, and gives it back as it was', async () => {
    const texts = [
      '=1+1',
      '+1',
      '-1',
      '@x',
      "'x",
      '=cmd|/c calc!A1',
      ' _x0041_ ',
      '<a>&"',
      'two\nlines',
      '12',
      'TRUE',
    ];
    const rows = texts.map((text) => [text]);
    const report = reportOf([column('text', { label: verbatim('=1+1') })], rows);
    const sheet = (await readBack({ ...report, title: verbatim('=1+1 & "x"') })).worksheets[0]!;
    expect(sheet.getColumn(1).values.slice(1)).toEqual(['=1+1', ...texts]);
    sheet.eachRow((row) => row.eachCell((cell) => expect(cell.type).toBe(exceljs.ValueType.String)));
  });

  it('survives what workbooks cannot hold', async () => {
    const report = reportOf([column('text')], [['a\u0000b\u001bc\uffff'], ['\ud800'], ['x'.repeat(40_000)]]);
    const sheet = (await readBack(report)).worksheets[0]!;
    expect(sheet.getCell('A2').value).toBe('abc');
    expect(sheet.getCell('A3').value).toBe('\ufffd');
    expect(String(sheet.getCell('A4').value)).toHaveLength(32_767);
  });

  it('gives sheets valid names, each its own', async () => {
    const titles = [
      'Notes',
      'notes',
      "'a/b:c'",
      'History',
      '',
      'x'.repeat(40),
      'X'.repeat(40),
      '😀'.repeat(20),
    ];
    const tables = titles.map((title) => ({ ...sampleReport.tables[1]!, title: verbatim(title) }));
    const names = (await readBack({ ...sampleReport, tables })).worksheets.map(({ name }) => name);
    expect(names).toEqual([
      'Notes (2)',
      'notes (3)',
      'a b c',
      'History (2)',
      'Sheet',
      `${'x'.repeat(30)}…`,
      `${'X'.repeat(26)}… (2)`,
      `${'😀'.repeat(15)}…`,
      'Notes',
      'Sources',
    ]);
  });

  it('is laid out for reading and printing', async () => {
    const sheet = (await readBack(sampleReport)).getWorksheet('Trend')!;
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', xSplit: 1, ySplit: 1 });
    // biome-ignore lint/suspicious/noExplicitAny: the types of exceljs have only the half of it
    const [table] = sheet.getTables() as any[];
    expect(table.table).toMatchObject({ name: 'retain_trend', tableRef: 'A1:U4', autoFilterRef: 'A1:U4' });
    expect(sheet.getCell('A1').font.bold).toBe(true);
    expect(sheet.getCell('A1').fill).toMatchObject({ type: 'pattern', pattern: 'solid' });
    expect(sheet.pageSetup).toMatchObject({
      paperSize: 9,
      orientation: 'landscape',
      fitToPage: true,
      fitToHeight: 0,
    });
    for (let index = 1; index <= 21; index += 1) expect(sheet.getColumn(index).width).toBeLessThanOrEqual(60);
  });

  it('keeps rows that sum others up out of what is filtered and sorted', async () => {
    const report = reportOf(
      [column('text'), column('integer')],
      [
        ['a', 1],
        ['b', 2],
        ['all', 3],
      ],
    );
    const summed = { ...report, tables: report.tables.map((table) => ({ ...table, totalRows: 1 })) };
    const sheet = (await readBack(summed)).getWorksheet('Table')!;
    // biome-ignore lint/suspicious/noExplicitAny: the types of exceljs have only the half of it
    const [table] = sheet.getTables() as any[];
    expect(table.table).toMatchObject({ tableRef: 'A1:B3', autoFilterRef: 'A1:B3' });
    expect([sheet.getCell('A4').value, sheet.getCell('B4').value]).toEqual(['all', 3]);
    expect(sheet.getCell('B4').font.bold).toBe(true);
    expect(sheet.getCell('B3').font?.bold).not.toBe(true);
    const alone = { ...summed, tables: summed.tables.map((table) => ({ ...table, totalRows: 3 })) };
    expect((await readBack(alone)).getWorksheet('Table')!.getTables()).toEqual([]);
  });

  it('repeats on paper only the headers that a longer table needs, and cuts no note', async () => {
    const columns = Array.from({ length: 24 }, (_, index) =>
      column('text', { name: `c${index}`, label: verbatim(`Column ${index} of the table`) }),
    );
    const bookOf = (rows: number): Report => {
      const report = reportOf(
        columns,
        Array.from({ length: rows }, () => columns.map(() => 'some text')),
      );
      const [table] = report.tables;
      return {
        ...report,
        notices: [],
        tables: [{ ...table!, notes: [verbatim('A note that is read under the table. '.repeat(5))] }],
        chapters: [{ name: 'one', title: verbatim('One'), tables: ['table'] }],
      };
    };
    const short = (await readBack(bookOf(10))).getWorksheet('One')!;
    expect(short.pageSetup).toMatchObject({ fitToWidth: 2, printTitlesColumn: 'A:A' });
    expect(short.pageSetup.printTitlesRow).toBeUndefined();
    // Beside the column that every page repeats.
    expect(short.getCell('A13').value).toBeNull();
    expect(short.getCell('B13').value).toContain('A note');
    expect(short.getRow(13).height).toBeGreaterThan(15);
    const long = (await readBack(bookOf(200))).getWorksheet('One')!;
    expect(long.pageSetup.printTitlesRow).toBe('2:2');
  });

  it('tells the notes and where the rows went', async () => {
    const workbook = await readBack(sampleReport);
    const notes = workbook.getWorksheet('Notes')!.getColumn(3).values.join('\n');
    expect(notes).toContain('200 days, the 90th percentile');
    expect(notes).toContain('Only 19 months of purchases');
    expect(notes).toContain('Payback is empty because');
    const row = workbook.getWorksheet('Sources')!.getRow(2).values as unknown[];
    expect(row.slice(1, 8)).toEqual(['exports/2024/orders.csv', '', 'orders', 184_020, 183_905, 100, 15]);
    expect(row[8]).toContain(
      "3 rows left out: the date cannot be read\n  row 17, column 'Order Date', value '31/31/2024'",
    );
  });

  it('gives the same bytes at any time', async () => {
    const first = await renderXlsx(sampleReport, 'ru');
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-02-03T04:05:06Z') });
    try {
      expect(Buffer.compare(await renderXlsx(sampleReport, 'ru'), first)).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('writes a report without tables', async () => {
    const workbook = await readBack({ ...sampleReport, tables: [], sources: [], notices: [] });
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Notes', 'Sources']);
    expect((await readBack(reportOf([], []))).worksheets).toHaveLength(3);
  });
});
