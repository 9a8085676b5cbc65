import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { type Json, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();

// Small enough to count by hand: 101, 102 and the guest anna@x.org are one person, 103 and 104 another; the
// phone of 105 to 110 is the shop's own.
const orders = files.write(
  'orders.csv',
  `order_id,customer_id,email,phone,date,amount
1,101,,,2024-01-10,1000
2,102,,,2024-02-10,500
3,103,,,2024-02-20,700
4,,ANNA@x.org,,2024-02-25,300
5,104,,,2024-02-05,900
6,105,,,2024-01-15,400
7,,=cmd@x.org,8 916 123 45 62,2024-02-07,50
8,,none@none,,2024-02-08,20
9,106,,+7 495 100-20-30,2024-02-29,10
`,
);
const customers = files.write(
  'customers.csv',
  `customer_id,name,email,phone
101,Anna,anna@x.org,+7 916 123-45-60
102,Anna I.,,8 (916) 123-45-60
103,Boris,boris@x.org,
104,"=HYPERLINK(""http://x"")",Boris@X.org,+7 916 123-45-61
105,Vera,vera@x.org,+7 495 100-20-30
106,Gleb,,+7 495 100-20-30
107,Dan,,+7 495 100-20-30
108,Eva,,+7 495 100-20-30
109,Fil,,+7 495 100-20-30
110,Gus,none@none,+7 495 100-20-30
`,
);
const options = ['--active-days', '30'];

describe('retain people', () => {
  test('lists who is one person, by what, and what was not used', async () => {
    const report = await retainJson('people', orders, customers, ...options);
    const rowsOf = (name: string) => report.tables.find((table: Json) => table.name === name).rows;
    expect(rowsOf('people')).toEqual([
      {
        person: '101',
        customer_id: '101',
        name: 'Anna',
        email: 'anna@x.org',
        phone: '+7 916 123-45-60',
        joined_by: 'anna@x.org, +79161234560',
        orders: 1,
        revenue: 1000,
      },
      expect.objectContaining({ person: '101', customer_id: '102', joined_by: '+79161234560', revenue: 500 }),
      expect.objectContaining({ person: '101', customer_id: null, joined_by: 'anna@x.org', revenue: 300 }),
      expect.objectContaining({ person: '103', customer_id: '103', joined_by: 'boris@x.org', revenue: 700 }),
      expect.objectContaining({ person: '103', customer_id: '104', joined_by: 'boris@x.org', revenue: 900 }),
    ]);
    expect(rowsOf('not_used')).toEqual([
      { kind: 'phone', value: '+74951002030', customer_ids: 6, guests: 0, reason: 'shared_by_many' },
    ]);
    expect(Object.fromEntries(rowsOf('summary').map((row: Json) => [row.figure, row.value]))).toMatchObject({
      customer_ids: 10,
      guests: 2,
      merged: 3,
      nobody: 0,
      persons: 9,
      persons_joined: 2,
      by_email: 1,
      by_both: 1,
      values_not_used: 1,
    });
  });

  test('KPIs before and after, counted by hand, are those of metrics without and with persons', async () => {
    const report = await retainJson('people', orders, customers, ...options);
    const kpis = rowsBy(report, 'kpis', 'kpi');
    // February: before, 102, 103, 104, 106 and two guests bought; after, four persons, two of them twice.
    expect(kpis).toMatchObject({
      revenue: { before: 2480, after: 2480, change: 0 },
      orders: { before: 7, after: 7 },
      buyers: { before: 6, after: 4 },
      customers_start: { before: 2, after: 2 },
      customers_new: { before: 6, after: 3 },
      customers_lost: { before: 2, after: 1 },
      crr: { before: 0, after: 50, change: 50 },
      churn_rate: { before: 100, after: 50 },
      repeat_purchase_rate: { before: 0, after: 50 },
      purchase_frequency: { before: 1, after: 1.5 },
      ltv_historic: { before: 482.5, after: 772 },
    });
    const notes = report.tables.find((table: Json) => table.name === 'kpis').notes.join(' ');
    expect(notes).toContain(
      'New customers are 3, not 6: the others had bought before under another id or as a guest.',
    );
    for (const [column, more] of [
      ['before', ['--no-identity']],
      ['after', []],
    ] as const) {
      const metrics = rowsBy(
        await retainJson('metrics', orders, customers, ...options, ...more),
        'kpis',
        'kpi',
      );
      for (const [id, row] of Object.entries(kpis)) expect(metrics[id].value).toBe(row[column]);
    }
  });

  test('metrics says how many were joined, and by what', async () => {
    const report = await retainJson('metrics', orders, customers);
    const { message } = report.notes.find((note: Json) => note.code === 'persons');
    expect(message).toContain('4 customer ids and 1 guest stand for 2 persons');
    expect(message).toContain('more than 5 customers each and join nobody: +74951002030 (6)');
    expect(message).toContain('--no-identity');
  });

  test('the workbook holds the list, and no cell of it is a formula', async () => {
    const out = files.path('merged.xlsx');
    const outcome = await retain(['people', orders, customers, '--out', out, '--lang', 'ru']);
    expect(outcome.code).toBe(0);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(out);
    const texts: string[] = [];
    for (const sheet of workbook.worksheets) {
      sheet.eachRow((row) =>
        row.eachCell((cell) => {
          expect(cell.type).not.toBe(ExcelJS.ValueType.Formula);
          texts.push(cell.text);
        }),
      );
    }
    expect(texts).toContain('anna@x.org, +79161234560');
    expect(texts.some((text) => text.includes('HYPERLINK'))).toBe(true);
  });

  test('a terminal shows the first rows of a long list', async () => {
    const many = Array.from({ length: 60 }, (_, n) => n);
    const list = files.write(
      'many.csv',
      `customer_id,email\n${many.map((n) => `${n},mail${n % 30}@x.org`).join('\n')}\n`,
    );
    const outcome = await retain(['people', orders, list]);
    expect(outcome.stdout).toContain('The first 20 of 60 rows; --out FILE.xlsx holds them all.');
  });

  test('files without contacts, and --no-identity, are errors with a remedy', async () => {
    const bare = files.write('bare.csv', 'order_id,customer_id,date,amount\n1,a,2024-01-05,1\n');
    const outcome = await retain(['people', bare]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('no e-mails, phones or person ids among the files');
    const refused = await retain(['people', orders, '--no-identity']);
    expect(refused.code).toBe(2);
    const country = await retain(['people', orders, customers, '--country', 'XX']);
    expect(country).toMatchObject({ code: 1 });
    expect(country.stderr).toContain("'XX' is no country whose phone numbers are known");
  });
});
