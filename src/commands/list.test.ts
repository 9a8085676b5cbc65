import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ListFlags, readAsked } from '../analyses/list/asked.js';
import { readyMadeLists } from '../analyses/list/ready-made.js';
import { listReport } from '../analyses/list.js';
import { grid } from '../analyses/rfm/maps.js';
import type { RfmOptions } from '../analyses/rfm/scores.js';
import { render } from '../output/index.js';
import { type Json, retain, retainJson, temporaryFiles } from '../testing/cli.js';
import { metricsRequest, silent, wholeOf } from '../testing/report.js';

const files = temporaryFiles();

const orders = files.write(
  'orders.csv',
  `order_id,customer_id,date,amount
1,a,2023-01-01,100
2,a,2023-01-11,50.5
3,a,2023-02-10,49.5
4,b,2024-02-20,300
5,c,2024-01-20,20
6,c,2024-02-29,30
7,d,2024-02-28,10
8,e,2022-12-01,5
9,g,2024-02-01,40
9,g,2024-02-02,-40
`,
);
const crm = files.write(
  'crm.csv',
  `Код клиента;ФИО;Пол;Дата рождения;Менеджер;Согласие на рассылку;Бонусы;Дата сгорания бонусов;Последний контакт;Телефон;Канал
a;Анна Белова;ж;29.02.1992;Ольга;да;120,50;10.03.2024;01.11.2023;+79000000001;Ads
b;Борис Громов;м;05.03.1985;Ольга;нет;0;;28.02.2024;;Ads
c;=HYPERLINK("x");;31.12.1970;Пётр;;15;01.01.2024;;+79000000003;Email
f;Фёдор;м;01.03.2000;;да;500;14.03.2024;02.03.2024;;
`,
);
const subscriptions = files.write(
  'subscriptions.csv',
  `customer_id,name,subscription status,subscription start,cancellation date,cancellation reason
s1,Sam,active,2023-01-01,,
s2,Tom,cancelled,2023-01-01,2024-01-31,too dear
s3,Uma,active,2023-06-01,2024-03-15,
s4,Vic,active,2024-02-29,,
`,
);

/** The report as JSON, without starting the program. */
async function list({
  ready,
  asOf,
  paths = [orders, crm],
  scores = {},
  ...asked
}: Partial<Omit<ListFlags, 'ready'>> & {
  ready?: string;
  asOf?: string;
  paths?: readonly string[];
  scores?: Partial<RfmOptions>;
} = {}): Promise<Json> {
  const rfm: RfmOptions = {
    ...{ scoring: 'quantile', bins: 5, monetary: 'total', map: grid, fixed: {} },
    ...scores,
  };
  const nothing = { where: undefined, columns: undefined, sort: undefined, limit: undefined };
  const found = readyMadeLists(rfm).find(({ name }) => name === ready);
  const report = await listReport(
    {
      ...metricsRequest(paths, { asOf }),
      asked: readAsked({ ...nothing, ...asked, ready: found }, rfm),
      rfm,
      rowsShown: undefined,
    },
    silent,
  );
  return JSON.parse(wholeOf(await render('json', report, { language: 'en' })));
}

const rows = (report: Json): Json[] => report.tables[0].rows;
const ids = (report: Json): string[] => rows(report).map((row) => row.customer_id);

describe('the customer view', () => {
  test('facts of those with orders and of those without', async () => {
    const columns =
      'customer_id,orders,revenue,aov,first_order,last_order,days_since_first_order,days_since_last_order,purchase_days,cadence,overdue_ratio,has_phone,has_email';
    const [a, b, c, d, e, f, ...others] = rows(await list({ columns, sort: 'customer_id' }));
    expect(a).toEqual({
      customer_id: 'a',
      orders: 3,
      revenue: 200,
      aov: 66.67,
      first_order: '2023-01-01',
      last_order: '2023-02-10',
      days_since_first_order: 424,
      days_since_last_order: 384,
      purchase_days: 3,
      cadence: 20, // gaps of 10 and 30 days
      overdue_ratio: 19.2,
      has_phone: true,
      has_email: null,
    });
    // One purchase: the base's own, the median of 20 (a) and 40 (c). Two: the root of 40 × 30.
    expect(b).toMatchObject({ cadence: 30, overdue_ratio: 0.3, has_phone: false });
    expect(c).toMatchObject({ orders: 2, cadence: 34.64, overdue_ratio: 0 });
    expect(d).toMatchObject({ has_phone: false });
    expect(e).toMatchObject({ days_since_last_order: 455 });
    expect(f).toMatchObject({
      customer_id: 'f',
      orders: 0,
      revenue: 0,
      aov: null,
      last_order: null,
      purchase_days: 0,
      cadence: null,
      overdue_ratio: null,
    });
    // g took everything back and stands in no file of customers.
    expect(others).toEqual([]);
  });

  test('what the file of customers says', async () => {
    const columns =
      'customer_id,name,sex,manager,consent,bonus,bonus_expires,days_to_bonus_expiry,last_contact,days_since_contact,channel';
    const [a, , c, , , f] = rows(await list({ columns, sort: 'customer_id' }));
    expect(a).toEqual({
      customer_id: 'a',
      name: 'Анна Белова',
      sex: 'female',
      manager: 'Ольга',
      consent: true,
      bonus: 120.5,
      bonus_expires: '2024-03-10',
      days_to_bonus_expiry: 10,
      last_contact: '2023-11-01',
      days_since_contact: 120,
      channel: 'Ads',
    });
    expect(c).toMatchObject({ consent: null, sex: null, last_contact: null, days_to_bonus_expiry: -59 });
    expect(f).toMatchObject({ days_since_contact: -2, manager: null });
  });

  test.each([
    ['2024-02-28', { a: 1, b: 6, c: 307, f: 2 }, { a: 31, b: 38, c: 53, f: 23 }],
    ['2024-02-29', { a: 0, b: 5, c: 306, f: 1 }, { a: 32, b: 38, c: 53, f: 23 }],
    // No 29 February: the 28th counts, and on the day after it there is a year to go.
    ['2023-02-28', { a: 0, b: 5, c: 306, f: 1 }, { a: 31, b: 37, c: 52, f: 22 }],
    ['2023-03-01', { a: 365, b: 4, c: 305, f: 0 }, { a: 31, b: 37, c: 52, f: 23 }],
    ['2023-12-31', { a: 60, b: 65, c: 0, f: 61 }, { a: 31, b: 38, c: 53, f: 23 }],
  ])('birthdays on %s', async (asOf, days, ages) => {
    const report = await list({ asOf, columns: 'customer_id,days_to_birthday,age', where: 'age > 0' });
    const column = (name: string) =>
      Object.fromEntries(rows(report).map((row) => [row.customer_id, row[name]]));
    expect(column('days_to_birthday')).toEqual(days);
    expect(column('age')).toEqual(ages);
  });

  test('subscriptions, without any orders', async () => {
    const report = await list({
      paths: [subscriptions],
      asOf: '2024-02-29',
      sort: 'customer_id',
      columns: 'customer_id,subscribed,subscription_end,days_to_subscription_end,cancellation_reason,orders',
    });
    expect(rows(report).map((row) => Object.values(row))).toEqual([
      ['s1', true, null, null, null, null],
      ['s2', false, '2024-01-31', -29, 'too dear', null],
      ['s3', true, '2024-03-15', 15, null, null],
      ['s4', true, null, null, null, null],
    ]);
    expect(report.warnings.map(({ code }: Json) => code)).toContain('columns_untold');
  });

  test('contacts of orders, where no file of customers has them', async () => {
    const shop = files.write(
      'shop.csv',
      `order_id,customer_id,email,phone,date,amount
1,1,ann@example.com,,2024-01-01,10
2,2,,+7 900 000 00 02,2024-01-02,10
3,,bob@example.com,,2024-01-03,10
`,
    );
    const report = await list({
      paths: [shop],
      sort: 'customer_id',
      columns: 'customer_id,email,phone,has_phone',
    });
    expect(rows(report).map((row) => Object.values(row))).toEqual([
      ['1', 'ann@example.com', null, false],
      ['2', null, '+7 900 000 00 02', true],
      ['bob@example.com', 'bob@example.com', null, false],
    ]);
  });
});

test('the channel is that of the customer, else that of the first order', async () => {
  const shop = files.write(
    'channels.csv',
    `order_id,customer_id,date,amount,channel
1,a,2023-01-01,100,Search
2,d,2024-01-02,10,Search
3,d,2024-01-01,10,Shop
`,
  );
  const where = "channel in ('Shop', 'Search', 'Ads')";
  expect(rows(await list({ paths: [shop], where, sort: 'customer_id' }))).toMatchObject([
    { customer_id: 'a', channel: 'Search' },
    { customer_id: 'd', channel: 'Shop' },
  ]);
  const columns = 'customer_id,channel';
  const both = await list({ paths: [shop, crm], columns, sort: 'customer_id' });
  expect(rows(both).map(({ channel }) => channel)).toEqual(['Ads', 'Ads', 'Email', 'Shop', null]);
});

describe('a log of contacts', () => {
  const log = files.write(
    'contacts.csv',
    'customer_id,contact date,channel,delivered\na,2024-02-01,email,yes\na,2024-01-01,email,yes\nb,2024-02-01,sms,yes\nd,2024-03-05,sms,yes\n',
  );
  test('tells the last contact, with the files of customers or without', async () => {
    const columns = 'customer_id,last_contact,days_since_contact';
    const both = await list({ paths: [orders, crm, log], columns, sort: 'customer_id' });
    expect(rows(both).map((row) => row.last_contact)).toEqual([
      ...['2024-02-01', '2024-02-28', null, null, null, '2024-03-02'],
    ]);
    const alone = await list({ paths: [orders, log], columns, sort: 'customer_id' });
    expect(rows(alone).map((row) => row.days_since_contact)).toEqual([28, 28, null, null, null]);
  });
});

describe('what is listed', () => {
  test.each([
    ['orders = 0', ['f']],
    ['orders >= 2 and revenue > 100', ['a']],
    ["manager = 'Ольга' and not consent", ['b']],
    ["name ilike 'анна%'", ['a']],
    ['last_order < as_of - 365', ['a', 'e']],
    ["birthday between '1985-01-01' and '1992-12-31'", ['b', 'a']],
    ["segment in ('champions', 'Champions')", ['c']],
    ['email is null', ['b', 'a', 'c', 'd', 'e', 'f']],
  ])('--where "%s"', async (where, expected) => {
    const run = list({ where });
    if (where.startsWith('email')) return expect(run).rejects.toThrow('no file has a column of it');
    expect(ids(await run)).toEqual(expected);
  });

  test('--sort, --limit; what is unknown comes last either way', async () => {
    expect(ids(await list({ sort: 'bonus' }))).toEqual(['b', 'c', 'a', 'f', 'd', 'e']);
    expect(ids(await list({ sort: '-bonus' }))).toEqual(['f', 'a', 'c', 'b', 'd', 'e']);
    expect(ids(await list({ sort: 'manager desc, -revenue' }))).toEqual(['c', 'b', 'a', 'd', 'e', 'f']);
    const limited = await list({ sort: '-revenue', limit: 2 });
    expect(ids(limited)).toEqual(['b', 'a']);
    expect(limited.tables[0].notes[0]).toBe('6 customers. The list holds the first 2 (--limit).');
  });

  test('nobody: what the columns of the condition hold', async () => {
    const report = await list({ where: "channel = 'ads' and orders > 7" });
    expect(rows(report)).toEqual([]);
    expect(report.tables[0].notes).toEqual(['0 of 6 customers meet the condition.']);
    expect(report.warnings.map(({ message }: Json) => message)).toEqual([
      'No customer meets the condition. What its columns hold:',
    ]);
    expect(report.notes.slice(0, 2).map(({ message }: Json) => message)).toEqual([
      'orders: 0 to 3.',
      "channel: 'Ads' (2), 'Email' (1); unknown for 3.",
    ]);
    expect((await retain(['list', orders, crm, '--where', 'orders > 7'])).stdout).toContain('(no rows)');
    const out = ['--out', files.path('nobody.xlsx')];
    expect((await retain(['list', orders, crm, '--where', 'orders > 7', ...out])).stderr).toMatch(
      /What its columns hold:\norders: 0 to 3\.\n$/,
    );
  });
});

test('nobody, by a condition on no column; and one of one', async () => {
  const report = await list({ where: '1 = 2' });
  expect(report.warnings.map(({ message }: Json) => message)).toEqual(['No customer meets the condition.']);
  const one = files.write('one.csv', 'customer_id,date,amount\na,2024-01-01,1\n');
  expect((await list({ paths: [one] })).tables[0].notes).toEqual(['1 customer.']);
  const met = await list({ paths: [one], where: 'orders = 1' });
  expect(met.tables[0].notes).toEqual(['1 of 1 customer meets the condition.']);
});

test('orders of nobody are no empty list', async () => {
  const nameless = files.write('nameless.csv', 'order_id,date,amount\n1,2024-01-01,10\n');
  await expect(list({ paths: [nameless] })).rejects.toMatchObject({
    message: expect.stringContaining('no customer with an order'),
    remedy: 'No row names its customer: name the column, --column customer_id="HEADER".',
  });
});

describe('ready-made lists', () => {
  test.each([
    ['lapsed-1y', ['a', 'e']],
    ['birthday-month', ['a']],
    ['bonus-expiring', ['a', 'f']],
    ['no-contact-90d', ['a', 'c', 'd', 'e']],
    ['one-time-buyers', ['d', 'b', 'e']],
    ['second-order-due', []],
    ['big-spenders-silent', []],
  ])('%s', async (name, expected) => {
    const report = await list({ ready: name });
    expect(report.parameters.list).toBe(name);
    expect(ids(report)).toEqual(expected);
  });

  test('on a later day', async () => {
    expect(ids(await list({ ready: 'second-order-due', asOf: '2024-03-30' }))).toEqual(['d', 'b']);
    expect(ids(await list({ ready: 'big-spenders-silent', asOf: '2024-04-30' }))).toEqual(['b']);
    expect(
      ids(await list({ ready: 'subscription-ending', paths: [subscriptions], asOf: '2024-02-29' })),
    ).toEqual(['s3']);
  });

  test('big spenders are those of the top fifth of the scores, however many there are', async () => {
    const silent = (scores: Partial<RfmOptions>) =>
      list({ ready: 'big-spenders-silent', asOf: '2024-04-30', scores });
    const third = await silent({ bins: 3 });
    expect(ids(third)).toEqual(['b', 'a']); // of 300, 200, 50, 10 and 5
    expect(third.parameters.where).toBe('monetary_score = 3 and overdue_ratio > 1.5');
    const tenths = await silent({ bins: 10, monetary: 'average' });
    expect(ids(tenths)).toEqual(['b']);
    expect(tenths.parameters.where).toBe('monetary_score >= 9 and overdue_ratio > 1.5');
    expect(tenths.title).toContain('revenue per order');
  });

  test('--where narrows one further', async () => {
    const report = await retainJson(
      'list',
      'no-contact-90d',
      orders,
      crm,
      '--where',
      'has_phone or orders = 1',
    );
    expect(ids(report)).toEqual(['a', 'c', 'd', 'e']);
    expect(report.parameters.where).toBe(
      '(days_since_contact > 90 or last_contact is null) and (has_phone or orders = 1)',
    );
  });

  test('--help shows them, and every column', async () => {
    const { stdout } = await retain(['list', '--help']);
    for (const word of ['lapsed-1y', 'subscription-ending', 'overdue_ratio', 'days_to_birthday']) {
      expect(stdout).toContain(word);
    }
  });
});

describe('a clear answer', () => {
  test.each([
    ['a wrong column', ['--where', 'ordres > 1'], "--where, character 1: no column 'ordres'"],
    [
      'another statement',
      ['--where', '1=1; drop table stg_customers'],
      "--where, character 4: ';' has no place",
    ],
    ['a subquery', ['--where', 'orders in (select 1)'], "--where, character 12: 'select' has no place"],
    ['a function that reads files', ['--where', "read_text('/etc/passwd') = 'x'"], "no function 'read_text'"],
    ['a table function', ['--where', 'duckdb_settings() = 1'], "no function 'duckdb_settings'"],
    [
      'a wrong type',
      ['--where', "orders > 'abc'"],
      '--where, character 10: this is text, and here should be a number',
    ],
    ['a wrong column to show', ['--columns', 'name, nmae'], "--columns, character 7: no column 'nmae'"],
    ['a wrong column to sort by', ['--sort=-revenu'], "--sort, character 2: no column 'revenu'"],
    ['a limit of nothing', ['--limit', '0'], 'a whole number from 1'],
  ])('to %s', async (_, args, told) => {
    const { code, stdout, stderr } = await retain(['list', orders, crm, ...args]);
    expect(stderr).toContain(told);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('to the name of a list that is none, and to what no file tells', async () => {
    const misspelt = await retain(['list', 'lapsd-1y', orders]);
    expect(misspelt.stderr).toContain('Did you mean lapsed-1y?');
    expect(misspelt.code).toBe(2);
    const untold = await retain(['list', 'birthday-month', orders]);
    expect(untold.stderr).toContain(
      'birthday-month asks for birthday, and no file of customers has a column of it',
    );
    expect(untold.code).toBe(1);
  });
});

describe('outputs', () => {
  test('a terminal shows the first 50, files hold all', async () => {
    const many = files.write(
      'many.csv',
      `customer_id,date,amount\n${Array.from({ length: 120 }, (_, id) => `c${id},2024-01-0${1 + (id % 9)},${id + 1}`).join('\n')}\n`,
    );
    const { stdout } = await retain(['list', many]);
    expect(stdout).toContain('The first 50 of 120 rows');
    expect(stdout).toMatch(/^c119 /m);
    expect(stdout).not.toMatch(/^c69 /m);
    const out = files.path('many-list.csv');
    await retain(['list', many, '--out', out]);
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(122);
    expect((await retain(['list', many, '--limit', '60'])).stdout).toContain('The first 50 of 60 rows');
  });

  test('CSV is safe to open, and in Russian the words are Russian', async () => {
    const { stdout } = await retain([
      'list',
      orders,
      crm,
      '--where',
      'orders = 2',
      '--format',
      'csv',
      '--columns',
      'name,revenue',
    ]);
    expect(stdout).toBe(`name,revenue\n"'=HYPERLINK(""x"")",50.00\n`);
    const russian = await retain(['list', 'bonus-expiring', orders, crm, '--lang', 'ru']);
    expect(russian.stdout).toContain('Бонусы, которые сгорят за 14 дней');
    expect(russian.stdout).toContain('Отвечают условию: 2 из 6.');
    expect(russian.stdout).toContain('10.03.2024');
  });
});
