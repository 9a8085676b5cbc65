import { describe, expect, it } from 'vitest';
import type { Content, Report } from '../core/table.js';
import { selectFor } from '../output/select.js';
import { renderTerminal } from '../output/terminal.js';
import { temporaryFiles } from '../testing/cli.js';
import { metricsRequest, silent } from '../testing/report.js';
import { inspectFiles } from './inspect.js';

const files = temporaryFiles();

async function inspected(paths: readonly string[]) {
  return inspectFiles(metricsRequest(paths), silent);
}

/** Rows of a table as objects, as programs read them. */
function rowsOf(report: Report<Content>, name: string) {
  const table = selectFor('file', report, 'en').tables.find((candidate) => candidate.name === name)!;
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, index) => [column.name, row[index]])),
  );
}

describe('inspect', () => {
  it('tells the layout, the role and each column of a file', async () => {
    const path = files.write(
      'orders.csv',
      'Выгрузка за год\n\nНомер заказа;Дата;Сумма;Примечание\n007;05.01.2024;1 234,50;\n008;31.01.2024;10,00;срочно\n',
    );
    const { report, errors } = await inspected([path]);
    expect(errors).toEqual([]);
    expect(rowsOf(report, 'files')).toMatchObject([
      {
        state: 'used',
        role: 'orders',
        format: 'csv',
        encoding: 'utf-8',
        delimiter: ';',
        decimal_mark: 'comma',
        header_row: 3,
        rows: 2,
        columns: 4,
        columns_used: 3,
        problem: null,
      },
    ]);
    expect(rowsOf(report, 'columns')).toMatchObject([
      { column: 'Номер заказа', field: 'order_id', certainty: 'likely', type: 'text', sample_1: '007' },
      { column: 'Дата', field: 'date', certainty: 'likely', type: 'date', date_form: 'dd.mm.yyyy' },
      { column: 'Сумма', field: 'amount', certainty: 'likely', type: 'money', empty_share: 0 },
      { column: 'Примечание', field: null, certainty: null, type: 'text', empty_share: 50 },
    ]);
  });

  it('counts broken lines and says why a file cannot be used, and goes on', async () => {
    const ambiguous = files.write(
      'ambiguous.csv',
      'Date,Total,Revenue\n2024-01-01,1,2\n2024-01-02,1,2,3\n2024-01-03\n2024-01-04,1,2\n',
    );
    const unknown = files.write('unknown.csv', 'a,Quantity\n1,2\n');
    const { report, errors } = await inspected([ambiguous, files.path('missing.csv'), unknown]);
    expect(errors.map((error) => error.message)).toEqual(['there is no such file']);
    expect(rowsOf(report, 'files').map(({ state, rows }) => [state, rows])).toEqual([
      ['problem', 4],
      ['unreadable', null],
      ['unrecognised', 1],
    ]);
    expect(rowsOf(report, 'columns').map(({ field, certainty }) => [field, certainty])).toEqual([
      ['date', 'likely'],
      ['amount', 'ambiguous'],
      ['amount', 'ambiguous'],
      [null, null],
      ['quantity', 'possible'],
    ]);
    const text = renderTerminal(selectFor('terminal', report, 'en'), {
      language: 'en',
      width: 80,
      color: false,
    });
    expect(text.replace(/\s+/g, ' ')).toContain('Say which it is: --column amount="Total"');
    expect(text.replace(/\s+/g, ' ')).toContain('cannot be read: there is no such file');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('lists hidden and empty sheets', async () => {
    const { default: exceljs } = await import('exceljs');
    const workbook = new exceljs.Workbook();
    workbook.addWorksheet('Orders').addRows([
      ['Order ID', 'Date', 'Amount'],
      ['1', '2024-01-01', 5],
    ]);
    workbook.addWorksheet('Header only').addRow(['Order ID', 'Date', 'Amount']);
    workbook.addWorksheet('Old', { state: 'hidden' }).addRow(['Order ID']);
    workbook.addWorksheet('Notes').addRows([['Anything'], ['else']]);
    const path = files.write('shop.xlsx', new Uint8Array(await workbook.xlsx.writeBuffer()));
    const { report } = await inspected([path]);
    expect(rowsOf(report, 'files').map(({ sheet, state, rows }) => [sheet, state, rows])).toEqual([
      ['Orders', 'used', 1],
      ['Notes', 'unrecognised', 1],
      ['Header only', 'empty', null],
      ['Old', 'hidden', null],
    ]);
  });

  it('takes what the user says for certain', async () => {
    const path = files.write('named.csv', 'Day,Paid\n2024-01-01,3\n');
    const { report } = await inspectFiles(
      metricsRequest([path], {
        columns: [
          { field: 'date', header: 'Day' },
          { field: 'amount', header: 'Paid' },
        ],
      }),
      silent,
    );
    expect(rowsOf(report, 'columns').map(({ field, certainty }) => [field, certainty])).toEqual([
      ['date', 'certain'],
      ['amount', 'certain'],
    ]);
  });
});
