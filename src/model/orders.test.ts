import { describe, expect, test } from 'vitest';
import type { MetricsRequest } from '../analyses/metrics.js';
import { metricsReport } from '../analyses/metrics.js';
import { temporaryFiles } from '../testing/cli.js';
import { kpiColumn, metricsRequest, silent } from '../testing/report.js';

const files = temporaryFiles();
let made = 0;

/** Writes small tables, as small as can be checked by hand, and reads them back as KPIs of January 2024. */
async function january(tables: readonly string[], options: Partial<MetricsRequest> = {}) {
  const paths = tables.map((text) => {
    made += 1;
    return files.write(`orders-${made}.csv`, `${text.trim().replace(/^ +/gm, '')}\n`);
  });
  const report = await metricsReport(
    metricsRequest(paths, { from: '2024-01-01', to: '2024-01-31', maxRejectedShare: 1, ...options }),
    silent,
  );
  const values = kpiColumn(report, 'value');
  return {
    report,
    revenue: Number(values.revenue),
    orders: values.orders,
    buyers: values.buyers,
    merged: report.sources.map((source) => source.rowsMerged),
    codes: report.notices.map((notice) => notice.code),
  };
}

describe('what an order is', () => {
  test('lines of one order id and one customer', async () => {
    const result = await january([
      `order_id,customer_id,date,amount
      1,a,2024-01-05,10
      1,a,2024-01-06,5
      1,b,2024-01-06,7
      2,a,2024-01-31,1`,
    ]);
    expect(result).toMatchObject({ revenue: 23, orders: 3, buyers: 2 });
  });

  test('without order ids: one customer at one time, or on one day where dates have no time', async () => {
    const timed = await january([
      `customer_id,date,amount
      a,2024-01-05 10:00,10
      a,2024-01-05 10:00,5
      a,2024-01-05 12:00,5
      a,2024-01-31 12:00,1`,
    ]);
    expect(timed).toMatchObject({ revenue: 21, orders: 3 });
    const dated = await january(['customer_id,date,amount\na,2024-01-05,10\na,2024-01-05,5\na,2024-01-31,1']);
    expect(dated).toMatchObject({ orders: 2 });
  });

  test('without both: every sale row', async () => {
    const result = await january(['date,amount\n2024-01-05,10\n2024-01-05,10\n2024-01-06,-3\n2024-01-31,1']);
    expect(result).toMatchObject({ revenue: 18, orders: 3, buyers: null });
    expect(result.codes).toContain('rows_without_customer');
  });

  test('spaces around ids are no part of them', async () => {
    const result = await january(['order_id,customer_id,date,amount\n1,a,2024-01-05,10\n1 , a,2024-01-31,5']);
    expect(result).toMatchObject({ orders: 1, buyers: 1 });
  });

  test('ids written as floats, and e-mails where there is no id', async () => {
    const floats = await january([
      'order_id,customer_id,date,amount\n1.0,7.0,2024-01-05,10\n2.0,7.0,2024-01-31,5',
    ]);
    expect(floats).toMatchObject({ orders: 2, buyers: 1 });
    const mails = await january([
      'order_id,email,date,amount\n1,A@x.org,2024-01-05,10\n2,a@x.org ,2024-01-31,5',
    ]);
    expect(mails).toMatchObject({ orders: 2, buyers: 1 });
  });
});

describe('amounts', () => {
  test('quantity × unit price − discount, exact to the cent', async () => {
    const result = await january([
      `order_id,customer_id,date,quantity,unit_price,discount
      1,a,2024-01-05,3,0.1,0
      1,a,2024-01-05,1,1234567.89,0.89
      2,a,2024-01-05,0.333,3.003,
      3,a,2024-01-31,-1,10,2`,
    ]);
    // 0.3 + 1234567 + 0.999999, held to four digits, − (10 − 2)
    expect(kpiColumn(result.report, 'value').revenue).toBe('1234560.3000');
    expect(result).toMatchObject({ orders: 2 });
  });

  test('a product of numbers that are not plain is rounded half away from zero like that of plain ones', async () => {
    const result = await january([
      `order_id,customer_id,date,quantity,unit_price
      1,a,2024-01-05,-2.415,$15.0003
      1,a,2024-01-05,0.5,$72.4511
      2,a,2024-01-31,0.125,594111.1028`,
    ]);
    // −36.2257245, 36.22555 and 74263.88785, each to four digits
    expect(kpiColumn(result.report, 'value').revenue).toBe('74263.8878');
  });

  test('an amount that is given is after its discount', async () => {
    const result = await january([
      'order_id,customer_id,date,amount,discount\n1,a,2024-01-05,90,10\n2,a,2024-01-31,1,',
    ]);
    expect(result.revenue).toBe(91);
  });

  test.each([
    ['"1,234.50"', 1234.5],
    ['$1234.50', 1234.5],
    ['1 234.50', 1234.5],
    ['1\u00a0234.50', 1234.5],
    ["1'234.50", 1234.5],
    ['(12.00)', -12],
    ['"1,5"', 1.5],
    ['"1.234,50"', 1234.5],
    ['1 234.50 ₽', 1234.5],
  ])('%s beside plain numbers', async (text, value) => {
    const result = await january([
      `order_id,customer_id,date,amount\n1,a,2024-01-05,${text}\n2,a,2024-01-31,0.25`,
    ]);
    expect(result.revenue).toBe(value + 0.25);
  });

  test('a column with decimal commas reads 1.234 as thousands, one with points as a fraction', async () => {
    const comma = await january([
      'order_id;customer_id;date;amount\n1;a;2024-01-05;1.234\n2;a;2024-01-31;0,5',
    ]);
    expect(comma.revenue).toBe(1234.5);
    const point = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,1.234\n2,a,2024-01-31,0.5',
    ]);
    expect(point.revenue).toBe(1.734);
  });

  test('where a column does not tell its decimal mark, the others of the file do', async () => {
    const table = (sum: string) =>
      `order_id;customer_id;date;quantity;amount\n1;a;2024-01-05;1,000;${sum}\n2;a;2024-01-31;2,000;1`;
    expect((await january([table('10,5')])).revenue).toBe(11.5);
    const priced = await january([
      'order_id;customer_id;date;quantity;price\n1;a;2024-01-05;1,500;10,50\n2;a;2024-01-31;2,000;1',
    ]);
    expect(priced.revenue).toBe(17.75);
  });

  test('a decimal mark that shows only past the sample decides all the same', async () => {
    const rows = Array.from(
      { length: 40_000 },
      (_, index) => `${index};c;2024-01-05;${index % 9};some filler`,
    );
    rows[10] = '10;c;2024-01-05;1,234;';
    rows[39_999] = '39999;c;2024-01-31;0;';
    const table = (late: string) => {
      rows[15_000] = `15000;c;2024-01-05;${late};`;
      return `order_id;customer_id;date;amount;note\n${rows.join('\n')}`;
    };
    const whole = rows.length / 9;
    const sum = async (late: string) => (await january([table(late)])).revenue;
    const [comma, point] = [await sum('0,5'), await sum('0.5')];
    expect(point - comma).toBeCloseTo(1234 - 1.234, 6);
    expect(comma).toBeGreaterThan(whole);
  });

  test('where nothing in the file tells, an error names the option, and the option decides', async () => {
    const table = 'order_id;customer_id;date;amount\n1;a;2024-01-05;1,234\n2;a;2024-01-31;12,345';
    await expect(january([table])).rejects.toMatchObject({
      message: 'decimals and thousands cannot be told apart in this column',
      remedy: expect.stringContaining('--decimal comma'),
      place: { column: 'amount', value: '1,234' },
    });
    expect((await january([table], { decimal: 'comma' })).revenue).toBe(13.579);
    expect((await january([table], { decimal: 'point' })).revenue).toBe(13579);
  });

  test('a comma that also stands between the fields is no decimal mark', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,"1,234"\n2,a,2024-01-31,"12,345"',
    ]);
    expect(result.revenue).toBe(13579);
  });

  test('a number too large to be an amount is none', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,99999999999999\n2,a,2024-01-31,9999999999999.99',
    ]);
    expect(kpiColumn(result.report, 'value').revenue).toBe('9999999999999.9900');
    expect(result.report.sources[0]?.reasons).toMatchObject([{ code: 'bad_amount', rows: 1 }]);
  });

  test('text with a number in it is no number', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,12abc\n2,a,2024-01-31,1',
    ]);
    expect(result.revenue).toBe(1);
    expect(result.report.sources[0]?.reasons).toMatchObject([{ code: 'bad_amount', rows: 1 }]);
  });
});

describe('returns and cancellations', () => {
  test('negative lines reduce revenue; an order of which nothing remains is none', async () => {
    const result = await january([
      `order_id,customer_id,date,quantity,unit_price
      1,a,2024-01-05,2,10
      1,a,2024-01-09,-1,10
      2,b,2024-01-05,1,30
      2,b,2024-01-06,-1,30
      3,c,2024-01-31,1,0`,
    ]);
    // A free order stays an order: nothing of it came back.
    expect(result).toMatchObject({ revenue: 10, orders: 2, buyers: 2 });
    expect(result.codes).toContain('return_rows');
  });

  test('a C invoice is a return where the others are numbers, and nothing where every number has a letter', async () => {
    const numbers = await january([
      'invoice,customer_id,date,quantity,price\n101,a,2024-01-05,2,10\n102,a,2024-01-05,1,5\nC103,a,2024-01-31,1,10',
    ]);
    expect(numbers).toMatchObject({ revenue: 15, orders: 2 });
    const letters = await january([
      'invoice,customer_id,date,quantity,price\nC101,a,2024-01-05,2,10\nC102,a,2024-01-31,1,5',
    ]);
    expect(letters).toMatchObject({ revenue: 25, orders: 2 });
  });

  test('status: cancelled counts nowhere, returned is sold and returned at once', async () => {
    const result = await january([
      `order_id,customer_id,date,amount,status
      1,a,2024-01-05,100,completed
      2,a,2024-01-05,50,Returned
      3,b,2024-01-05,70,CANCELLED
      4,b,2024-01-31,5,Выполнен
      5,b,2024-01-31,9,Отменён`,
    ]);
    expect(result).toMatchObject({ revenue: 105, orders: 2, buyers: 2 });
    expect(result.report.sources[0]).toMatchObject({ rowsUsed: 3, rowsRejected: 2 });
  });

  test('a return document is negative whatever its sign', async () => {
    const result = await january([
      `Номер документа;Контрагент;Дата;Сумма;Вид документа
      1;ООО Ромашка;05.01.2024;1 000,00;Реализация
      2;ООО Ромашка;07.01.2024;400,00;Возврат товаров от покупателя
      3;ООО Ромашка;31.01.2024;-100,00;Возврат`,
    ]);
    expect(result).toMatchObject({ revenue: 500, orders: 1 });
  });
});

describe('what exports write for want of better', () => {
  test.each([
    ['wc-cancelled', 100, 1],
    ['Cancelled by customer', 100, 1],
    ['Отменён клиентом', 100, 1],
    ['payment failed', 100, 1],
    ['Ожидает оплаты', 100, 1],
    ['wc-refunded', 100, 1],
    ['Refunded (full)', 100, 1],
    ['partially_refunded', 110, 2],
    ['shipped', 110, 2],
  ])('status %s', async (status, revenue, orders) => {
    const result = await january([
      `order_id,customer_id,date,amount,status\n1,a,2024-01-05,100,completed\n2,b,2024-01-31,10,${status}`,
    ]);
    expect(result).toMatchObject({ revenue, orders });
    expect(result.report.notices.find(({ code }) => code === 'status_words')?.text.en).toContain(
      `'${status}'`,
    );
  });

  test('a status that no sample row has is read all the same', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, index) => `${index},c${index},2024-01-05,1,done,some filler text here`,
    );
    rows[7_000] = '7000,c7000,2024-01-05,1,Order CANCELLED,';
    rows[29_999] = '29999,c1,2024-01-31,1,done,';
    const result = await january([`order_id,customer_id,date,amount,status,note\n${rows.join('\n')}`]);
    expect(result).toMatchObject({ revenue: 29_999, orders: 29_999 });
  });

  test('a negative quantity beside a positive amount is a return', async () => {
    const result = await january([
      'order_id,customer_id,date,quantity,amount\n1,a,2024-01-05,2,100\n2,a,2024-01-31,-1,50',
    ]);
    expect(result).toMatchObject({ revenue: 50, orders: 1 });
  });

  test.each([
    ['Discount %', '10'],
    ['Скидка, %', '10'],
    ['discount', '10%'],
  ])('a discount in percent: %s %s', async (header, discount) => {
    const result = await january([
      `order_id,customer_id,date,quantity,unit price,"${header}"\n1,a,2024-01-05,2,100,${discount}\n2,a,2024-01-31,1,50,0`,
    ]);
    expect(result.revenue).toBe(230);
  });

  test('the total of an order beside its lines does not count for each', async () => {
    const result = await january([
      `order_id,customer_id,date,product,quantity,unit price,order total
      1,a,2024-01-05,Mug,1,40,90
      1,a,2024-01-05,Cup,1,50,90
      2,b,2024-01-31,Cup,1,50,50`,
    ]);
    expect(result).toMatchObject({ revenue: 140, orders: 2 });
  });

  test('guests by any name are no customer', async () => {
    const names = ['Guest', 'guest', '-', 'N/A', 'NULL', '0', 'Розничный покупатель'];
    const rows = names.map((name, index) => `${index},${name},2024-01-05,1`);
    const result = await january([`order_id,customer_id,date,amount\n${rows.join('\n')}\n99,a,2024-01-31,1`]);
    expect(result).toMatchObject({ revenue: 8, orders: 8, buyers: 1 });
  });
});

describe('overlapping exports', () => {
  const header = 'order_id,customer_id,date,product,quantity,unit_price';

  test('a line counts as often as in the source that has it most; identical lines of one file stay', async () => {
    const result = await january([
      `${header}\n1,a,2024-01-05,x,1,10\n1,a,2024-01-05,x,1,10\n2,b,2024-01-06,y,1,5`,
      `${header}\n1,a,2024-01-05,x,1,10\n2,b,2024-01-06,y,1,5\n3,c,2024-01-31,z,1,1`,
    ]);
    expect(result).toMatchObject({ revenue: 26, orders: 3, merged: [0, 2] });
    expect(result.codes).toContain('overlap');
  });

  test('a return in a later export is no copy of its sale', async () => {
    const result = await january([
      `${header}\n1,a,2024-01-05,x,2,10\n2,b,2024-01-05,x,1,1`,
      `${header}\n1,a,2024-01-31,x,-1,10`,
    ]);
    expect(result).toMatchObject({ revenue: 11, orders: 2, merged: [0, 0] });
    expect(result.codes).not.toContain('overlap_differs');
  });

  test('order by order the later source wins, its cancellation too', async () => {
    const result = await january([
      'order_id,customer_id,date,amount,status\n1,a,2024-01-05,100,completed\n2,b,2024-01-06,50,completed\n3,c,2024-01-31,5,completed',
      'order_id,customer_id,date,amount,status\n1,a,2024-01-05,80,completed\n2,b,2024-01-06,50,cancelled',
    ]);
    expect(result).toMatchObject({ revenue: 85, orders: 2, merged: [2, 0] });
  });

  test('an order given by lines and as a whole counts by its lines', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,30\n2,b,2024-01-31,7',
      `${header}\n1,a,2024-01-05,x,1,10\n1,a,2024-01-05,y,1,20`,
    ]);
    expect(result).toMatchObject({ revenue: 37, orders: 2, merged: [1, 0] });
  });

  test('the same number with another customer is another order', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,30\n2,a,2024-01-31,1',
      'order_id,customer_id,date,amount\n1,b,2024-01-05,30',
    ]);
    expect(result).toMatchObject({ revenue: 61, orders: 3, merged: [0, 0] });
  });

  test('lines that differ are all counted, and a warning says so', async () => {
    const result = await january([
      `${header}\n1,a,2024-01-05,x,1,10\n2,a,2024-01-31,x,1,1`,
      `${header}\n1,a,2024-01-05,y,1,20`,
    ]);
    expect(result).toMatchObject({ revenue: 31 });
    expect(result.codes).toContain('overlap_differs');
  });
});

describe('dates', () => {
  test.each([
    ['05.01.2024', '31.01.2024'],
    ['05/01/2024', '31/01/2024'],
    ['01/05/2024', '01/31/2024'],
    ['2024/01/05', '2024/01/31'],
    ['2024-01-05T23:30:00+03:00', '2024-01-31T23:30:00+03:00'],
    ['2024-01-05 23:30:00 +0300', '2024-01-31 23:30:00 +0300'],
    ['05.01.2024 23:30', '31.01.2024 23:30:59'],
    ['1/5/2024 11:30 PM', '1/31/2024 11:30 PM'],
  ])('%s and %s', async (first, last) => {
    const result = await january([`order_id,customer_id,date,amount\n1,a,${first},1\n2,a,${last},1`]);
    expect(result.report.asOf).toBe('2024-01-31');
    expect(result).toMatchObject({ revenue: 2, orders: 2 });
  });

  test.each(['01.03.24', '01/03/24', '01-03-24', '01.03.24 10:05'])(
    'a year of two digits: %s',
    async (first) => {
      const result = await january([`order_id,customer_id,date,amount\n1,a,${first},1\n2,a,31.03.24,1`], {
        dateOrder: 'dmy',
        from: '2024-03-01',
        to: '2024-03-31',
      });
      expect(result).toMatchObject({ revenue: 2, orders: 2 });
    },
  );

  test('a column that contradicts itself stops the run', async () => {
    const table = 'order_id,customer_id,date,amount\n1,a,13/02/2024,1\n2,a,02/28/2024,1';
    await expect(january([table])).rejects.toThrow(/contradict each other/);
    expect((await january([table], { dateOrder: 'mdy', from: '2024-02-01', to: '2024-02-28' })).revenue).toBe(
      1,
    );
  });

  test('words that the engine would take for dates are none; spaces around dates are no fault', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,infinity,1\n2,a,epoch,1\n3,a,2024-01-31 ,1\n4,a, 2024-01-30,1',
    ]);
    expect(result.revenue).toBe(2);
    expect(result.report.sources[0]?.reasons).toMatchObject([{ code: 'bad_date', rows: 2 }]);
  });

  test('--date-order decides where the column does not', async () => {
    const table = 'order_id,customer_id,date,amount\n1,a,01/02/2024,1\n2,a,03/01/2024,1';
    expect((await january([table], { dateOrder: 'dmy' })).revenue).toBe(1);
    expect((await january([table], { dateOrder: 'mdy' })).report.asOf).toBe('2024-03-01');
  });

  test('text after a date makes it no date', async () => {
    const result = await january(['order_id,customer_id,date,amount\n1,a,2024-01-05xyz,1\n2,a,2024-01-31,1']);
    expect(result.report.sources[0]?.reasons).toMatchObject([{ code: 'bad_date', rows: 1 }]);
  });

  test('forms of several exports in one column', async () => {
    const result = await january([
      `order_id;customer_id;date;amount
      1;a;2024-01-05;1
      2;a;06.01.2024 10:30;1
      3;a;2024/01/07;1
      4;a;8 января 2024 г.;1
      5;a;Jan 31, 2024;1
      6;a;31.02.2024;1`,
    ]);
    expect(result).toMatchObject({ revenue: 5, orders: 5 });
    expect(result.report.sources[0]?.reasons).toMatchObject([{ code: 'bad_date', rows: 1 }]);
  });

  test('days of Excel and Unix time', async () => {
    const excel = await january(['order_id,customer_id,date,amount\n1,a,45296,1\n2,a,45322.75,1']);
    expect(excel).toMatchObject({ revenue: 2, orders: 2 });
    const unix = await january(['order_id,customer_id,date,amount\n1,a,1704412800,1\n2,a,1706659200,1']);
    expect(unix).toMatchObject({ revenue: 2, orders: 2 });
    expect(unix.report.asOf).toBe('2024-01-31');
  });

  test('rows after --as-of are left out and counted', async () => {
    const result = await january(['order_id,customer_id,date,amount\n1,a,2024-01-05,1\n2,a,2024-01-31,1'], {
      asOf: '2024-01-10',
    });
    expect(result.revenue).toBe(1);
    expect(result.report.sources[0]?.reasons).toMatchObject([{ code: 'after_as_of', rows: 1, fault: false }]);
  });
});

describe('files', () => {
  test('broken lines are counted and shown', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\n1,a,2024-01-05,1\n2,a,2024-01-06,1,2,3\n3,a,2024-01-31,1',
    ]);
    expect(result.revenue).toBe(2);
    expect(result.report.sources[0]).toMatchObject({ rowsRead: 3, rowsUsed: 2, rowsRejected: 1 });
    expect(result.report.sources[0]?.reasons).toMatchObject([
      { code: 'broken_line', rows: 1, examples: [{ row: 3 }] },
    ]);
  });

  test('broken lines are counted under any name', async () => {
    const path = files.write(
      'br [1].csv',
      'order_id,date,customer_id,amount\n1,2024-01-05,a,100\nxx\n2,2024-01-31,b,10\n',
    );
    const report = await metricsReport(metricsRequest([path], { maxRejectedShare: 1 }), silent);
    expect(report.sources[0]).toMatchObject({ rowsRead: 3, rowsUsed: 2, rowsRejected: 1 });
  });

  test('broken lines of a file that is copied first keep their row numbers', async () => {
    const result = await january([
      'order_id,customer_id,date,amount\r\n1,a,2024-01-05,1\n2,a,2024-01-06,1,2,3\n3,a,2024-01-31,1',
    ]);
    expect(result.report.sources[0]?.reasons).toMatchObject([
      { code: 'broken_line', examples: [{ row: 3 }] },
    ]);
  });

  test('line ends of two kinds, and a header with a line end in a cell', async () => {
    const rows = Array.from(
      { length: 31 },
      (_, index) => `${index},2024-01-${String(index + 1).padStart(2, '0')},a,10`,
    );
    for (const text of [
      `order id,date,customer id,amount\r\n${rows.join('\n')}\n`,
      `order id,date,customer id,amount\n${rows.join('\n')}\r\n`,
      `order id,date,"customer\r\nid",amount\r\n${rows.join('\r\n')}\r\n`,
      `order id,date,"customer\nid",amount\n${rows.join('\n')}`,
      `order id,date,"customer\r\nid",amount\n${rows.join('\n')}\n`,
      `\uFEFF"order\nid",date,customer id,amount\r\n${rows.join('\r\n')}\r\n`,
      `date,amount,customer id,order id\n2024-01-01,10,"a\r\n",0\n${rows
        .slice(1)
        .map((row) => row.replace(/(.*),(.*),(.*),(.*)/, '$2,$4,$3,$1'))
        .join('\n')}\n`,
      `"Report\r\nof orders",,,\r\norder id,date,customer id,amount\r\n${rows.join('\r\n')}\r\n`,
    ]) {
      made += 1;
      const path = files.write(`lines-${made}.csv`, text);
      const report = await metricsReport(
        metricsRequest([path], { from: '2024-01-01', to: '2024-01-31' }),
        silent,
      );
      expect(report.sources[0]).toMatchObject({ rowsRead: 31, rowsUsed: 31 });
      expect(kpiColumn(report, 'value').revenue).toBe('310.0000');
    }
  });

  test('title rows above the header, other case and spacing in a second file', async () => {
    const result = await january([
      'Sales report,,,\n,,,\nOrder ID,Customer ID,Order Date,Amount\n1,a,2024-01-05,1',
      'customer_id,AMOUNT,order_id,ORDER DATE\nb,2,2,2024-01-31',
    ]);
    expect(result).toMatchObject({ revenue: 3, orders: 2, buyers: 2 });
  });

  test('quotes, delimiters and line ends within cells; names with brackets', async () => {
    const path = files.write(
      'orders [1] *.csv',
      'order_id;customer_id;date;amount;note\r\n1;"a;b";2024-01-05;1;"two\r\nlines ""quoted"""\r\n2;c;2024-01-31;2;\r\n',
    );
    const report = await metricsReport(
      metricsRequest([path], { from: '2024-01-01', to: '2024-01-31' }),
      silent,
    );
    expect(kpiColumn(report, 'value')).toMatchObject({ revenue: '3.0000', buyers: 2 });
  });

  test.each(['windows-1251', 'utf-16le', 'utf-8'] as const)('a Russian file in %s', async (encoding) => {
    const text =
      'Номер заказа;Код клиента;Дата;Сумма;Статус\n1;Ёлкин;05.01.2024;1,5;Выполнен\n2;Ёлкин;31.01.2024;2;Отменён\n';
    const bytes = {
      'windows-1251': () => Buffer.from([...text].map((character) => windows1251(character))),
      'utf-16le': () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      'utf-8': () => Buffer.from(text),
    }[encoding]();
    const path = files.write(`russian-${encoding}.csv`, bytes);
    const report = await metricsReport(
      metricsRequest([path], { from: '2024-01-01', to: '2024-01-31', maxRejectedShare: 0 }),
      silent,
    );
    expect(kpiColumn(report, 'value')).toMatchObject({ revenue: '1.5000', orders: 1 });
    expect(report.sources[0]?.reasons).toMatchObject([{ code: 'cancelled', rows: 1 }]);
  });
});

function windows1251(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 128) return code;
  if (character === 'Ё') return 0xa8;
  if (character === 'ё') return 0xb8;
  return code - 0x410 + 0xc0;
}
