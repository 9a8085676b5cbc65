import { describe, expect, test } from 'vitest';
import type { MetricsRequest } from '../analyses/metrics.js';
import { metricsReport } from '../analyses/metrics.js';
import { temporaryFiles } from '../testing/cli.js';
import { kpiColumn, metricsRequest, silent } from '../testing/report.js';

const files = temporaryFiles();
let made = 0;

/** KPIs of January 2024 over a table, and what became of its rows. */
async function january(table: string, options: Partial<MetricsRequest> = {}) {
  made += 1;
  const path = files.write(`odd-${made}.csv`, `${table.trim().replace(/^ +/gm, '')}\n`);
  const report = await metricsReport(
    metricsRequest([path], { from: '2024-01-01', to: '2024-01-31', maxRejectedShare: 1, ...options }),
    silent,
  );
  const values = kpiColumn(report, 'value');
  return {
    report,
    revenue: Number(values.revenue),
    buyers: values.buyers,
    rejected: Object.fromEntries(report.sources[0]!.reasons.map(({ code, rows }) => [code, rows])),
    notices: Object.fromEntries(report.notices.map(({ code, text }) => [code, text.en])),
  };
}

const filler = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index));

describe('rows of totals', () => {
  test.each([
    ['in the date', 'Итого;;;;30'],
    ['in the date, of a day', '05.01.2024 Итог;;;;30'],
    ['in the order id', ';Grand total;;;30'],
    ['in the customer', ';;Итого по складу:;;30'],
    ['in the customer, with its name', ';;Итого ООО Ромашка;;30'],
    ['in the customer, as Excel writes subtotals', ';;Ромашка Итог;;30'],
    ['in a column that is not read', ';;;Всего;30'],
    ['with a date', '05.01.2024;;;Subtotal for 05.01.2024;30'],
    ['with a date, in the customer', '05.01.2024;;Итого за день;;30'],
  ])('are left out: %s', async (_where, row) => {
    const result = await january(`date;order_id;customer_id;manager;amount
      05.01.2024;1;a;Ann;10
      31.01.2024;2;b;Bob;20
      ${row}`);
    expect(result).toMatchObject({ revenue: 30, rejected: { total_row: 1 } });
    expect(result.report.sources[0]!.reasons[0]).toMatchObject({ fault: false });
  });

  test('is left out at the end of a large file, where its empty cells are cut off', async () => {
    const rows = filler(20_000, (index) => `2024-01-${(index % 31) + 1},${index},c${index},1,note`);
    const header = 'date,order_id,customer_id,amount,comment';
    const result = await january([header, ...rows, ',Total,,20000'].join('\n'), { maxRejectedShare: 0 });
    expect(result).toMatchObject({ revenue: 20_000, rejected: { total_row: 1 } });
  });

  test('a row of an amount alone is one, and many are a fault', async () => {
    const rows = filler(300, (index) => `2024-01-${(index % 31) + 1},${index},c${index},1`);
    const header = 'date,order_id,customer_id,amount';
    const one = await january([header, ...rows, ',,,300'].join('\n'));
    expect(one).toMatchObject({ revenue: 300, rejected: { bare_amount: 1 } });
    expect(one.report.sources[0]!.reasons[0]!.fault).toBe(false);
    const many = await january([header, ...rows, ...filler(10, () => ',,,5')].join('\n'));
    expect(many.report.sources[0]!.reasons).toMatchObject([
      {
        code: 'bare_amount',
        rows: 10,
        fault: true,
        examples: [{ row: 302, column: 'date', value: null }, {}, {}],
      },
    ]);
  });

  test('customers and products named so stay', async () => {
    const result = await january(`date,order_id,customer_id,product,amount
      2024-01-05,1,Total Wine,x,1
      2024-01-05,2,Total,x,2
      2024-01-05,3,a,Total care,4
      2024-01-05,,b,Total,8
      2024-01-05,4,,Итого,16
      2024-01-31,5,c,Colgate Total,32`);
    expect(result).toMatchObject({ revenue: 63, rejected: {} });
  });

  test('a faulty row of a customer named so stays a fault', async () => {
    const result = await january(`date,order_id,customer_id,amount
      2024-01-05,1,a,1
      ,,Total Wine,2
      31.02.2024,3,Total,4
      2024-01-31,4,c,8`);
    expect(result).toMatchObject({ revenue: 9, rejected: { bad_date: 2 } });
  });

  test('in the middle of a large file, where no sample looks', async () => {
    const rows = filler(
      40_000,
      (index) => `2024-01-${(index % 31) + 1},${index},c${index},1,some filler text`,
    );
    rows[13_000] = ',,Итого,13000,';
    const result = await january(`date,order_id,customer_id,amount,note\n${rows.join('\n')}`);
    expect(result).toMatchObject({ revenue: 39_999, rejected: { total_row: 1 } });
  });

  test('of spend and of customers', async () => {
    const orders = files.write(
      's-orders.csv',
      'order_id,customer_id,date,amount\n1,1,2024-01-05,10\n2,2,2024-01-31,5\n',
    );
    const spend = files.write(
      's-spend.csv',
      'month;channel;spend\n2024-01;Email;10\n2024-01;Search;5\n2024-01;Итого;15\nTotal;;15\n;;15\n',
    );
    const people = files.write(
      's-people.csv',
      'customer_id,name,channel\n1,Ann,Email\n2,Total,Search\nИтого,,\n,Всего: 2,\n#N/A,Bob,Email\n',
    );
    const report = await metricsReport(
      metricsRequest([orders, spend, people], { from: '2024-01-01', to: '2024-01-31', maxRejectedShare: 1 }),
      silent,
    );
    const reasons = (role: string) =>
      Object.fromEntries(
        report.sources.find((source) => source.role === role)!.reasons.map(({ code, rows }) => [code, rows]),
      );
    expect(reasons('spend')).toEqual({ total_row: 2, bare_amount: 1 });
    expect(reasons('customers')).toEqual({ total_row: 2, error_cell: 1 });
    expect(Number(kpiColumn(report, 'value').cac)).toBe(7.5);
  });
});

describe('errors of spreadsheets', () => {
  test('in a date or an amount are faults of their own', async () => {
    const result = await january(`order_id,customer_id,date,quantity,unit_price
      1,a,2024-01-05,1,10
      2,a,#REF!,1,10
      3,a,2024-01-06,#ЗНАЧ!,10
      4,a,2024-01-06,1,########
      5,a,2024-01-31,1,5`);
    expect(result).toMatchObject({ revenue: 15, rejected: { error_cell: 3 } });
    expect(result.report.sources[0]!.reasons[0]).toMatchObject({
      fault: true,
      examples: [
        { row: 3, column: 'date', value: '#REF!' },
        { row: 4, column: 'quantity', value: '#ЗНАЧ!' },
        { row: 5, column: 'unit_price', value: '########' },
      ],
    });
  });

  test('are no customer and no order', async () => {
    const result = await january(`order_id,customer_id,date,amount
      1,#N/A,2024-01-05,10
      2,#N/A,2024-01-06,10
      #Н/Д,a,2024-01-07,10
      #Н/Д,a,2024-01-08,10
      3,b,2024-01-31,5`);
    expect(result).toMatchObject({ revenue: 45, buyers: 2 });
    expect(kpiColumn(result.report, 'value').orders).toBe(5);
    expect(result.notices.error_ids).toContain(
      '2 cells hold an error of a spreadsheet in place of an id, first in row',
    );
  });
});

describe('ids', () => {
  const rows = filler(40_000, (index) => `${index},c${index},2024-01-${(index % 31) + 1},1,some filler text`);

  test('that say there is no customer are found where no sample looks', async () => {
    const table = [...rows];
    for (const index of [13_000, 13_001, 13_002]) table[index] = `${index},Guest,2024-01-05,1,`;
    for (const index of [13_003, 13_004]) table[index] = `${index},#N/A,2024-01-05,1,`;
    const result = await january(`order_id,customer_id,date,amount,note\n${table.join('\n')}`);
    expect(result).toMatchObject({ revenue: 40_000, buyers: 39_995 });
    expect(result.notices.error_ids).toContain('2 cells hold an error');
  });

  test('that a spreadsheet made a number of are warned of, with the first', async () => {
    const result = await january(`order_id;customer_id;date;amount
      1;1,23E+11;2024-01-05;10
      2;1,23E+11;2024-01-06;10
      3;123000000001;2024-01-31;5`);
    expect(result.notices.damaged_ids).toMatch(
      /column 'customer_id': 2 ids were damaged by a spreadsheet before the export, first in row 2: '1,23E\+11'/,
    );
  });

  test('keep leading zeros and case, and lose what cannot be seen', async () => {
    const result = await january(`order_id,customer_id,date,amount
      1,007,2024-01-05,10
      2,7,2024-01-05,10
      3,ab,2024-01-05,10
      4,AB,2024-01-05,10
      5,\u00a0ab\u200b,2024-01-06,10
      6,\ufeff007,2024-01-31,5`);
    expect(result).toMatchObject({ revenue: 55, buyers: 4 });
  });
});

test('numbers of a workbook that their format shows with zeros before them, and in percent', async () => {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Orders');
  sheet.addRow(['order_id', 'customer_id', 'date', 'quantity', 'unit_price', 'discount']);
  sheet.addRow([1, 42, new Date(Date.UTC(2024, 0, 5)), 1, 100, 0.1]);
  sheet.addRow([2, '00042', new Date(Date.UTC(2024, 0, 31)), 1, 50, 0]);
  sheet.getColumn(2).numFmt = '00000';
  sheet.getColumn(6).numFmt = '0%';
  const path = files.path('zeros.xlsx');
  await workbook.xlsx.writeFile(path);
  const report = await metricsReport(
    metricsRequest([path], { from: '2024-01-01', to: '2024-01-31' }),
    silent,
  );
  expect(kpiColumn(report, 'value')).toMatchObject({ revenue: '140.0000', buyers: 1, orders: 2 });
});

describe('currencies of amounts', () => {
  const table = (header: string, ...amounts: string[]) =>
    `order_id;customer_id;date;${header}\n${amounts.map((amount, index) => `${index};a;2024-01-${index === amounts.length - 1 ? 31 : '05'};${amount}`).join('\n')}`;

  test.each([
    ['RUB', table('amount', '10,50 ₽', '5 руб.', '1 200,00 RUB', '7')],
    ['USD', table('amount', '$1,234.50', 'US$ 5')],
    ['EUR', table('amount', '12 €', 'EUR 5')],
    ['RUB', table('Сумма, руб.', '10', '5')],
    ['USD', table('Amount (USD)', '10', '5')],
    ['KZT', table('Сумма (₸)', '10', '5')],
    ['RUB', 'order_id;customer_id;date;amount;currency\n1;a;2024-01-05;10;руб.\n2;a;2024-01-31;5;RUB'],
    [null, table('amount', '10', '5')],
  ])('%s', async (currency, text) => {
    expect((await january(text)).report.currency).toBe(currency);
  });

  test('several are an error, with the row', async () => {
    await expect(january(table('amount', '10 ₽', '5 ₽', '7 €', '1 ₽'))).rejects.toMatchObject({
      message: 'amounts in several currencies: EUR, RUB',
      place: { row: 4, column: 'amount', value: '7 €' },
    });
    await expect(
      january('order_id;customer_id;date;amount;currency\n1;a;2024-01-05;10 €;RUB\n2;a;2024-01-31;5;RUB'),
    ).rejects.toThrow('amounts in several currencies: EUR, RUB');
  });

  test('several are found where no sample looks', async () => {
    const rows = filler(
      40_000,
      (index) => `${index};c${index};2024-01-${(index % 31) + 1};1;some filler text`,
    );
    rows[13_000] = '13000;c;2024-01-05;7 ₽;';
    const header = 'order_id;customer_id;date;amount;note';
    const one = await january([header, ...rows].join('\n'));
    expect(one).toMatchObject({ revenue: 40_006, rejected: {} });
    expect(one.report.currency).toBe('RUB');
    rows[13_500] = '13500;c;2024-01-05;$7;';
    await expect(january([header, ...rows].join('\n'))).rejects.toThrow('in several currencies: RUB, USD');
  });

  test('a sign that several share is taken for one, said so, and --currency says otherwise', async () => {
    const text = table('amount', '$10', '$5');
    const assumed = await january(text);
    expect(assumed.notices.currency_sign).toContain("'$' are taken to be in USD");
    expect((await january(text, { currency: 'CAD' })).report.currency).toBe('CAD');
    await expect(january(text, { currency: 'EUR' })).rejects.toThrow('the data say USD');
  });
});

test('times in universal time beside others are warned of, summer and winter are not', async () => {
  const table = (...zones: string[]) =>
    `order_id,customer_id,date,amount\n1,a,2024-01-05T10:00:00${zones[0]},1\n2,a,2024-01-31T10:00:00${zones[1]},1`;
  expect((await january(table('Z', '+03:00'))).notices.mixed_zones).toContain('(Z, +03:00)');
  expect((await january(table('+02:00', '+03:00'))).notices.mixed_zones).toBeUndefined();
});

test('what stands for no value is no amount, and no discount', async () => {
  const result = await january(`order_id,customer_id,date,quantity,unit_price,discount
    1,a,2024-01-05,1,10,-
    2,a,2024-01-06,1,10,нет
    3,a,2024-01-06,1,—,0
    4,a,2024-01-31,1,5,n/a`);
  expect(result).toMatchObject({ revenue: 25, rejected: { bad_amount: 1 } });
});
