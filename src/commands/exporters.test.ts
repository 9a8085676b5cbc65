import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';
import { csvText } from '../testing/fixtures/csv-text.js';

// Every file here is read without any option. The figures are counted by hand from the rows of the fixtures, in
// src/testing/fixtures/exporters; the period is the last whole month that each covers.

const files = temporaryFiles();
const fixture = (name: string) => `fixtures/exporters/${name}`;

interface Figures {
  readonly from: string;
  readonly revenue: number;
  readonly orders: number;
  readonly aov: number;
  readonly buyers: number;
  readonly new: number;
}

function figuresOf(report: Json): Figures {
  const kpis = rowsBy(report, 'kpis', 'kpi');
  const value = (kpi: string) => kpis[kpi].value;
  return {
    from: report.parameters.period_from,
    revenue: value('revenue'),
    orders: value('orders'),
    aov: value('aov'),
    buyers: value('buyers'),
    new: value('customers_new'),
  };
}

/** Which source was taken for what: by the notices, which name the file first. */
function recognisedAs(report: Json): string[] {
  return report.notes
    .filter((note: Json) => note.code === 'exporter')
    .map((note: Json) => /recognised as ([^:.]+)/.exec(note.message)![1]);
}

/** Rows read, used, merged and rejected, and why rejected. */
function account(source: Json): unknown[] {
  const reasons = Object.fromEntries(source.reasons.map((reason: Json) => [reason.reason, reason.rows]));
  return [source.rows_read, source.rows_used, source.rows_merged, source.rows_rejected, reasons];
}

interface Case {
  readonly file: string;
  readonly name: string;
  readonly figures: Figures;
  readonly account: unknown[];
  readonly encoding?: string;
  readonly delimiter?: string;
  /** Columns that an export may lack. */
  readonly optional: readonly string[];
}

const march = '2024-03-01';

const cases: Case[] = [
  {
    file: 'shopify/orders_export.csv',
    name: 'Shopify orders',
    figures: {
      from: march,
      // #1003 + (#1004 less all of it) + (#1005 less the refund) + #1007 + #1008 + #1009; #1006 is cancelled.
      revenue: 100 + (40 - 40) + (90 - 30) + 25 + 60 + 15,
      // 260; #1004 came back whole and is no order.
      orders: 5,
      aov: 260 / 5,
      // ann, bob and eve; #1007 names nobody. ann and bob bought in February.
      buyers: 3,
      new: 1,
    },
    // Both lines of the cancelled order are left out.
    account: [15, 13, 0, 2, { cancelled: 2 }],
    optional: [
      'Phone',
      'Lineitem compare at price',
      'Tax 1 Name',
      'Notes',
      'Vendor',
      'Subtotal',
      'Id',
      'Source',
    ],
  },
  {
    file: 'woocommerce/orders.csv',
    name: 'WooCommerce orders',
    figures: {
      from: march,
      // 103 + 104 + 106 came back + 107 + 108; 105 cancelled, 109 failed.
      revenue: 60 + 45.5 + 0 + 14.5 + 80,
      orders: 4,
      aov: 200 / 4,
      // 5, 6, 8, and the guest by e-mail; 5 and the guest bought in February.
      buyers: 4,
      new: 2,
    },
    account: [10, 8, 0, 2, { cancelled: 2 }],
    optional: [
      'paid_date',
      'shipping_total',
      'customer_user',
      'transaction_id',
      'line_item_2',
      'order_notes',
    ],
  },
  {
    file: 'woocommerce/order-items.csv',
    name: 'WooCommerce orders',
    figures: {
      from: march,
      // 202 less its refund, once and not for each of three items, + 203; 204 cancelled.
      revenue: 110 - 10 + 50,
      orders: 2,
      aov: 150 / 2,
      // 12 and 11; 11 bought in February.
      buyers: 2,
      new: 1,
    },
    account: [9, 7, 0, 2, { cancelled: 2 }],
    optional: ['order_number', 'item_sku', 'item_meta', 'shipping_total', 'customer_note'],
  },
  {
    file: 'woocommerce/advanced-orders.csv',
    name: 'WooCommerce orders',
    figures: {
      from: march,
      // 302 less its refund + 303 less all of it + 304; 305 cancelled.
      revenue: 95.9 - 15.9 + (60 - 60) + 120,
      orders: 2,
      aov: 200 / 2,
      // sven and rita; rita bought in February.
      buyers: 2,
      new: 1,
    },
    account: [9, 8, 0, 1, { cancelled: 1 }],
    optional: ['Customer Note', 'SKU', 'Coupon Code', 'Phone (Billing)', 'Company (Billing)'],
  },
  {
    file: 'woocommerce/analytics-orders.csv',
    name: 'WooCommerce Analytics orders',
    figures: {
      from: march,
      // 402 + 403 and its refund + 404 and its partial refund + 405.
      revenue: 70 + (40 - 40) + (90 - 20) + 70,
      orders: 3,
      aov: 210 / 3,
      // Maria, Ivy and Sam; Tom's order came back whole. Maria bought in February.
      buyers: 3,
      new: 2,
    },
    account: [8, 8, 0, 0, {}],
    optional: ['N. Revenue (formatted)', 'Product(s)', 'Coupon(s)', 'Attribution'],
  },
  {
    file: '1c/sales-register.csv',
    name: '1C sales register',
    encoding: 'windows-1251',
    delimiter: ';',
    figures: {
      from: march,
      // ТД00-000012 in three lines + 13 + 14 + the document of return + 15 in two lines.
      revenue: 1234.5 + 765.5 + 1000 + 12_500 + 750 - 500 + 2250 + 2000,
      // A return under a number of its own is no order.
      orders: 4,
      aov: 20_000 / 4,
      // Ромашка, Соколов and Вектор; the retail buyer is nobody. Ромашка bought in February.
      buyers: 3,
      new: 2,
    },
    account: [11, 11, 0, 0, {}],
    optional: ['Номер строки', 'Характеристика', 'Договор контрагента', 'Подразделение', 'НДС'],
  },
  {
    file: '1c/sales-documents.txt',
    name: '1C sales documents',
    encoding: 'windows-1251',
    delimiter: '\t',
    figures: {
      from: march,
      // Document by document; the return has no sign in the list.
      revenue: 3000 + 12_500 + 750 - 500 + 4250,
      orders: 4,
      aov: 20_000 / 4,
      buyers: 3,
      new: 2,
    },
    account: [7, 7, 0, 0, {}],
    optional: ['Комментарий', 'Ответственный', 'Валюта'],
  },
  {
    file: 'insales/orders.csv',
    name: 'InSales orders',
    encoding: 'windows-1251',
    delimiter: ';',
    figures: {
      from: march,
      // 5002 once, though on two rows + 5004 paid back + 5005, not paid for yet + 5006; 5003 cancelled.
      revenue: 3200 + 0 + 1800 + 1000,
      orders: 3,
      aov: 6000 / 3,
      // Анна, Вера and the buyer of 5006, who left a phone only. Анна bought in February.
      buyers: 3,
      new: 2,
    },
    account: [11, 10, 0, 1, { cancelled: 1 }],
    optional: ['Комментарий покупателя', 'Артикул', 'Стоимость доставки', 'Цена', 'Количество'],
  },
  {
    file: 'online-retail/online_retail.csv',
    name: 'Online Retail',
    figures: {
      from: '2010-11-01',
      // 536365: 6 × 2.55 + 8 × 2.75; 536366: 32 × 1.69; C536379: −2 × 1.69; 536367: 10 × 1.20.
      revenue: 15.3 + 22 + 54.08 - 3.38 + 12,
      orders: 3,
      aov: 33.33,
      // 17850 and 13047; 17850 bought in October.
      buyers: 2,
      new: 1,
    },
    account: [7, 7, 0, 0, {}],
    optional: ['Description', 'Country'],
  },
];

describe('known exporters are read without any option', () => {
  test.each(cases)('$file', async ({ file, name, figures, account: expected }) => {
    const report = await retainJson('metrics', fixture(file));
    expect(recognisedAs(report)).toEqual([name]);
    expect(figuresOf(report)).toEqual(figures);
    expect(report.sources.map(account)).toEqual([expected]);
  });

  test.each(cases)('$file with other columns, in another order', async (one) => {
    const { file, name, figures, optional, delimiter = ',', encoding = 'utf-8' } = one;
    const text = new TextDecoder(encoding).decode(readFileSync(join(projectRoot, fixture(file))));
    const rows = parse(text, { delimiter }) as string[][];
    const header = rows[0]!;
    expect(optional.filter((column) => !header.includes(column))).toEqual([]);
    const kept = header.flatMap((column, index) => (optional.includes(column) ? [] : [index])).reverse();
    const changed = rows.map((row, index) => [
      index === 0 ? 'Custom field' : 'x',
      ...kept.map((column) => row[column]!),
      index === 0 ? '' : 'y',
    ]);
    const path = files.write(`changed-${file.replace('/', '-')}`, csvText(changed, delimiter));
    const report = await retainJson('metrics', path);
    expect(recognisedAs(report)).toEqual([name]);
    expect(figuresOf(report)).toEqual(figures);
  });
});

describe('Shopify', () => {
  test('orders and customers together', async () => {
    const report = await retainJson(
      'metrics',
      fixture('shopify/customers_export.csv'),
      fixture('shopify/orders_export.csv'),
    );
    expect(recognisedAs(report)).toEqual(['Shopify customers', 'Shopify orders']);
    expect(figuresOf(report)).toEqual(cases[0]!.figures);
    expect(report.warnings.map((warning: Json) => warning.code)).not.toContain('customers_unmatched');
    expect(report.sources.map((source: Json) => [source.role, source.rows_read])).toEqual([
      ['orders', 15],
      ['customers', 6],
    ]);
  });

  const header = 'Name,Email,Financial Status,Total,Created at,Refunded Amount,Cancelled at,Lineitem name';

  test('lines without a date or an e-mail belong to the order that they follow', async () => {
    const report = await retainJson(
      'metrics',
      files.write(
        'short-lines.csv',
        [
          header,
          '#1,ann@example.com,paid,30.00,2024-03-01 10:00:00 -0500,0.00,,Cup',
          '#1,,,,,,,Pot',
          '#2,bob@example.com,paid,20.00,2024-03-31 10:00:00 -0500,0.00,,Cup',
          '#2,,,,,,,Pot',
        ].join('\n'),
      ),
    );
    // 30 + 20, ann and bob; no row is at fault.
    expect(figuresOf(report)).toMatchObject({ revenue: 50, orders: 2, buyers: 2 });
    expect(report.sources.map(account)).toEqual([[4, 4, 0, 0, {}]]);
  });

  test('lines of an order whose first row is missing are left out with a reason', async () => {
    const orders = Array.from(
      { length: 20 },
      (_, index) =>
        `#${index},c${index}@example.com,paid,10.00,2024-03-${String(index + 1).padStart(2, '0')} 10:00:00 -0500,0.00,,Cup`,
    );
    const report = await retainJson(
      'metrics',
      files.write(
        'cut-off.csv',
        [header, '#99,zoe@example.com,,,2024-03-01 09:00:00 -0500,,,Pot', ...orders].join('\n'),
      ),
    );
    expect(rowsBy(report, 'kpis', 'kpi').revenue.value).toBe(200);
    expect(report.sources.map(account)).toEqual([[21, 20, 0, 1, { no_order_head: 1 }]]);
    expect(report.sources[0].reasons[0].examples).toEqual([{ row: 2, column: 'Name', value: '#99' }]);
  });

  test('an order that stands in two exports counts once, as the later has it', async () => {
    const early = files.write(
      'early.csv',
      [
        header,
        '#1,ann@example.com,paid,30.00,2024-03-01 10:00:00 -0500,0.00,,Cup',
        '#1,ann@example.com,,,2024-03-01 10:00:00 -0500,,,Pot',
        '#2,bob@example.com,paid,20.00,2024-03-30 10:00:00 -0500,0.00,,Cup',
      ].join('\n'),
    );
    const late = files.write(
      'late.csv',
      [
        header,
        '#1,ann@example.com,partially_refunded,30.00,2024-03-01 10:00:00 -0500,5.00,,Cup',
        '#1,ann@example.com,,,2024-03-01 10:00:00 -0500,,,Pot',
        '#3,eve@example.com,paid,40.00,2024-03-31 10:00:00 -0500,0.00,,Cup',
      ].join('\n'),
    );
    const report = await retainJson('metrics', early, late);
    // #1 less the refund that the later export tells of, #2 and #3.
    expect(figuresOf(report)).toMatchObject({ revenue: 30 - 5 + 20 + 40, orders: 3, buyers: 3 });
    expect(report.sources.map(account)).toEqual([
      [3, 1, 2, 0, {}],
      [3, 3, 0, 0, {}],
    ]);
  });
});

describe('1C', () => {
  test('a report with title rows, a total and dates in the names of documents', async () => {
    const report = await retainJson('metrics', fixture('1c/sales-report.xlsx'));
    expect(recognisedAs(report)).toEqual(['1C sales report']);
    expect(figuresOf(report)).toEqual(cases.find(({ file }) => file === '1c/sales-register.csv')!.figures);
    // Eleven lines and the total below them.
    expect(account(report.sources[0]).slice(0, 4)).toEqual([12, 11, 0, 1]);
  });

  test('counterparties are the customers of the register, by name', async () => {
    const report = await retainJson(
      'metrics',
      fixture('1c/sales-register.csv'),
      fixture('1c/counterparties.csv'),
    );
    expect(recognisedAs(report)).toEqual(['1C sales register', '1C counterparties']);
    expect(report.sources.map((source: Json) => source.role)).toEqual(['orders', 'customers']);
    expect(report.warnings.map((warning: Json) => warning.code)).not.toContain('customers_unmatched');
    expect(figuresOf(report).revenue).toBe(20_000);
  });
});

test('PlanFix contacts are customers', async () => {
  const report = await retainJson('metrics', fixture('planfix/contacts.csv'), fixture('insales/orders.csv'));
  expect(recognisedAs(report)).toEqual(['PlanFix contacts', 'InSales orders']);
  expect(report.sources.map((source: Json) => [source.role, source.rows_read])).toEqual([
    ['orders', 11],
    ['customers', 4],
  ]);
  expect(figuresOf(report)).toEqual(cases.find(({ name }) => name === 'InSales orders')!.figures);
  // Contacts with a number of their own and buyers known by e-mail are the same people.
  expect(report.warnings.map((warning: Json) => warning.code)).not.toContain('customers_unmatched');
});

test('Online Retail II: a workbook of two sheets', async () => {
  const report = await retainJson('metrics', fixture('online-retail/online_retail_II.xlsx'));
  expect(recognisedAs(report)).toEqual(['Online Retail', 'Online Retail']);
  expect(figuresOf(report)).toEqual(cases.find(({ name }) => name === 'Online Retail')!.figures);
});

describe('Olist', () => {
  const olist = (name: string) => fixture(`olist/olist_${name}_dataset.csv`);
  const figures: Figures = {
    from: '2018-02-01',
    // o2 in two items, price and freight + o3 + o5; o4 is cancelled, o6 has no items.
    revenue: 60 + 8 + (20 + 7) + (80.5 + 14.5) + (100 + 10),
    orders: 3,
    aov: 300 / 3,
    // Persons A, B and D. A bought in January, under another customer_id.
    buyers: 3,
    new: 2,
  };

  test('orders, items and customers', async () => {
    const report = await retainJson('metrics', olist('orders'), olist('order_items'), olist('customers'));
    expect(figuresOf(report)).toEqual(figures);
    expect(report.sources.map(account)).toEqual([
      [7, 5, 0, 2, { cancelled: 1, no_order_lines: 1 }],
      [7, 6, 0, 1, { cancelled: 1 }],
      // A and B stand there twice.
      [7, 5, 2, 0, {}],
    ]);
  });

  test('payments tell the same where there are no items', async () => {
    const report = await retainJson('metrics', olist('customers'), olist('order_payments'), olist('orders'));
    expect(figuresOf(report)).toEqual(figures);
  });

  test('every file at once: payments and products are not needed', async () => {
    const report = await retainJson(
      'metrics',
      ...['products', 'order_payments', 'customers', 'order_items', 'orders'].map(olist),
    );
    expect(figuresOf(report)).toEqual(figures);
    const messages = report.notes.map((note: Json) => note.message);
    expect(messages).toContainEqual(expect.stringMatching(/order_payments.*left out/));
    expect(messages).toContainEqual(expect.stringMatching(/products.*not needed/));
  });

  test.each([
    ['order_items', /no date column[\s\S]*Give olist_orders_dataset\.csv as well/],
    ['orders', /no amount column[\s\S]*Give olist_order_items_dataset\.csv as well/],
  ])('%s alone is an error that names what is missing', async (name, message) => {
    const outcome = await retain(['metrics', olist(name)]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(message);
  });
});

describe('orders in two tables, of no known exporter', () => {
  const heads = files.write(
    'heads.csv',
    [
      'order_id,customer_id,order_date,status',
      '1,a,2024-03-01,done',
      '2,b,2024-03-15,done',
      '3,b,2024-03-20,cancelled',
      '4,c,2024-03-31,done',
    ].join('\n'),
  );
  const line = (order: number, quantity: number, price: string) => `${order},sku,${quantity},${price}`;

  test('lines take date and customer from the orders', async () => {
    const lines = files.write(
      'lines.csv',
      [
        'order_id,sku,quantity,price',
        line(1, 2, '5.00'),
        line(1, 1, '3.50'),
        line(2, 1, '20.00'),
        line(3, 1, '9'),
      ].join('\n'),
    );
    const report = await retainJson('metrics', lines, heads, '--period', '2024-03');
    expect(figuresOf(report)).toMatchObject({ revenue: 2 * 5 + 3.5 + 20, orders: 2, buyers: 2 });
    expect(report.sources.map(account)).toEqual([
      [4, 3, 0, 1, { cancelled: 1 }],
      [4, 2, 0, 2, { cancelled: 1, no_order_lines: 1 }],
    ]);
  });

  test('lines of orders that are not there are faults, with their rows', async () => {
    const lines = files.write(
      'stray.csv',
      ['order_id,sku,quantity,price', line(1, 1, '5'), line(77, 1, '5'), line(2, 1, '7')].join('\n'),
    );
    const refused = await retain(['metrics', lines, heads]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/stray\.csv, row 3, column 'order_id', value '77': 1 of 3 rows/);
    const report = await retainJson('metrics', lines, heads, '--max-rejects', '50%', '--period', '2024-03');
    expect(figuresOf(report)).toMatchObject({ revenue: 12, orders: 2 });
  });

  test('are passed over where complete orders are given', async () => {
    const orders = files.write('complete.csv', 'order_id,customer_id,date,amount\n1,a,2024-03-01,5\n');
    const outcome = await retain(['metrics', orders, heads]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/heads\.csv: half of the orders only: no amount column/);
  });
});

describe('orders of no known exporter', () => {
  const header = 'Номер заказа;Дата;Клиент;Сумма;Сумма возврата;Дата отмены;Статус заказа;Статус оплаты';
  const rows = [
    '1;01.03.2024;Анна;1 000,00;;;Выполнен;Оплачен',
    '2;02.03.2024;Борис;2 000,00;500,00;;Выполнен;Частично возвращён',
    '3;03.03.2024;Вера;4 000,00;;04.03.2024;Новый;Не оплачен',
    '4;04.03.2024;Вера;8 000,00;-;;Выполнен;Возвращён',
    '5;31.03.2024;Глеб;600,00;0,00;-;Новый;Не оплачен',
  ];

  test('a refunded amount, a date of cancellation, and two statuses', async () => {
    const report = await retainJson('metrics', files.write('refunds.csv', [header, ...rows].join('\n')));
    expect(recognisedAs(report)).toEqual([]);
    // 1 + (2 less its refund) + 4 paid back + 5; 3 is cancelled by its date.
    expect(figuresOf(report)).toMatchObject({ revenue: 1000 + (2000 - 500) + 0 + 600, orders: 3, buyers: 3 });
    expect(report.sources.map(account)).toEqual([[5, 4, 0, 1, { cancelled: 1 }]]);
  });

  test('a refunded amount that cannot be read is a fault of its cell', async () => {
    const bad = '6;05.03.2024;Дина;700,00;сто;;Выполнен;Оплачен';
    const outcome = await retain([
      'metrics',
      files.write('bad-refund.csv', [header, ...rows, bad].join('\n')),
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/row 7, column 'Сумма возврата', value 'сто'/);
  });
});

describe('rows that go on, of no known exporter', () => {
  test('a total on the first row of an order only', async () => {
    const report = await retainJson(
      'metrics',
      files.write(
        'going-on.csv',
        [
          'Номер заказа;Дата;Клиент;Товар;Сумма',
          'A-1;01.03.2024;Анна;Чай;1 500,00',
          'A-1;;;Чашка;',
          'A-2;31.03.2024;Борис;Чай;500,00',
          'A-2;;;Сито;',
        ].join('\n'),
      ),
    );
    expect(figuresOf(report)).toMatchObject({ revenue: 2000, orders: 2, buyers: 2 });
    expect(report.sources.map(account)).toEqual([[4, 4, 0, 0, {}]]);
  });

  test('amounts that are missing for no such reason are faults', async () => {
    const outcome = await retain([
      'metrics',
      files.write('gaps.csv', 'order_id,customer_id,date,amount\n1,a,2024-03-01,5\n2,b,2024-03-02,\n'),
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/gaps\.csv, row 3, column 'amount'/);
  });
});
