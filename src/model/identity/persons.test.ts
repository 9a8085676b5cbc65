import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricsRequest } from '../../analyses/metrics.js';
import { sql } from '../../sql/sql.js';
import { temporaryFiles } from '../../testing/cli.js';
import { metricsRequest, silent } from '../../testing/report.js';
import { withBase } from '../session.js';

const files = temporaryFiles();
let made = 0;

/** Writes tables and gives the orders, customers and rows as a base has them. */
async function persons(tables: readonly string[], options: Partial<MetricsRequest> = {}) {
  const paths = tables.map((text) => {
    made += 1;
    return files.write(`base-${made}.csv`, `${text.trim().replace(/^ +/gm, '')}\n`);
  });
  const request = metricsRequest(paths, { maxRejectedShare: 1, ...options });
  return withBase(request, silent, async ({ engine, base }) => {
    const orders = await engine.query(
      sql`select customer_id, sum(revenue) as revenue from int_orders group by customer_id order by customer_id nulls last`,
    );
    const merged = await engine.query(
      base.identity === null
        ? sql`select '' as holder, '' as person where false`
        : sql`select holder_key as holder, person_id as person from int_members`,
    );
    return {
      revenue: Object.fromEntries(orders.map((row) => [String(row.customer_id), Number(row.revenue)])),
      personOf: Object.fromEntries(merged.map((row) => [String(row.holder), String(row.person)])),
      identity: base.identity,
      base,
      notice: base.notices.find(({ code }) => code === 'persons')?.text.en,
    };
  });
}

const orders = (rows: string) => `order_id,customer_id,date,amount\n${rows}`;

describe('who is one person', () => {
  test('a chain, by phone and then by e-mail', async () => {
    const { revenue, personOf, identity, base } = await persons([
      orders('1,30,2024-01-05,1\n2,20,2024-01-06,10\n3,100,2024-01-07,100\n4,5,2024-01-31,1000'),
      `customer_id,email,phone
      30,,+7 916 123-45-60
      20,Anna@X.org,8 (916) 123-45-60
      100,mailto:anna@x.org,
      5,other@x.org,+7 916 123-45-61`,
    ]);
    expect(revenue).toEqual({ '20': 111, '5': 1000 });
    expect(personOf).toEqual({ '20': '20', '30': '20', '100': '20' });
    expect(identity).toMatchObject({
      joinedIds: 3,
      joinedGuests: 0,
      persons: 1,
      byBoth: 1,
      byEmail: 0,
      byPhone: 0,
    });
    expect(
      base.accounts.map(({ rowsRead, rowsUsed, rowsMerged }) => [rowsRead, rowsUsed, rowsMerged]),
    ).toEqual([
      [4, 4, 0],
      [4, 2, 2],
    ]);
  });

  test('across files: one file knows the phone, another the e-mail', async () => {
    const { revenue } = await persons([
      orders('1,a,2024-01-05,1\n2,b,2024-01-06,10\n3,c,2024-01-31,100'),
      'customer_id,name,phone\na,Anna,+79161234560\nb,Anna,89161234560',
      'customer_id,name,email\nb,Anna,b@x.org\nc,Anna,B@X.ORG',
    ]);
    expect(revenue).toEqual({ a: 111 });
  });

  test('guests and customers, by e-mail and phone of the orders', async () => {
    const { revenue, identity } = await persons([
      `order_id,customer_id,email,phone,date,amount
      1,17,,,2024-01-05,1
      2,,ANNA@x.org,,2024-01-06,10
      3,guest,,8 916 123 45 60,2024-01-07,100
      4,,new@x.org,+7 916 123 45 69,2024-01-08,1000
      5,,,+7 916 123 45 69,2024-01-31,10000
      6,,,,2024-01-31,100000`,
      'customer_id,email,phone\n17,anna@x.org,+79161234560',
    ]);
    expect(revenue).toEqual({ '17': 111, 'new@x.org': 11000, null: 100000 });
    expect(identity).toMatchObject({ joinedIds: 1, joinedGuests: 4, persons: 2 });
  });

  test('a list of customers whose ids are e-mails meets customers with ids', async () => {
    const { revenue } = await persons([
      'order_id,customer,date,amount\n1,Anna@x.org,2024-01-05,1\n2,17,2024-01-31,10',
      'customer_id,email\n17,anna@x.org',
    ]);
    expect(revenue).toEqual({ '17': 11 });
  });

  test('a person id that the data give', async () => {
    const { revenue, identity } = await persons([
      orders('1,a,2024-01-05,1\n2,b,2024-01-06,10\n3,c,2024-01-31,100'),
      'customer_id,customer_unique_id,channel\na,u1,ads\nb,u1,\nc,u2,ads',
    ]);
    expect(revenue).toEqual({ a: 11, c: 100 });
    expect(identity).toMatchObject({ persons: 1, byPersonId: 1 });
  });

  test('several phones and e-mails in one cell', async () => {
    const { revenue } = await persons([
      orders('1,a,2024-01-05,1\n2,b,2024-01-06,10\n3,c,2024-01-31,100'),
      `customer_id;email;phone
      a;"a@x.org, b@x.org";"+7 900 000-00-01, 8 (495) 123-45-67; доб. 12"
      b;B@x.org;
      c;;4951234567`,
    ]);
    expect(revenue).toEqual({ a: 111 });
  });

  test('a foreign number is met however it is written', async () => {
    const { revenue } = await persons(
      [
        orders('1,a,2024-01-05,1\n2,b,2024-01-06,10\n3,c,2024-01-06,100\n4,d,2024-01-31,1000'),
        `customer_id,phone
      a,+49 30 901820
      b,8 10 49 30 901820
      c,"+7 916 123-45-60, +49 (30) 901820"
      d,89161234560`,
      ],
      { country: 'RU' },
    );
    expect(revenue).toEqual({ a: 1111 });
  });
});

describe('what joins nobody', () => {
  test("a shop's own phone, above the limit; the guests who gave nothing else are nobody", async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { revenue, notice, identity, base } = await persons([
      `order_id,customer_id,phone,date,amount
      ${ids.map((id, index) => `${index},${id},+7 495 000-11-22,2024-01-05,1`).join('\n')}
      8,,+7 495 000-11-22,2024-01-31,50`,
    ]);
    expect(revenue).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, null: 50 });
    expect(identity).toMatchObject({ persons: 0, sharedByManyCount: 1 });
    expect(notice).toContain('belong to more than 5 customers each and join nobody: +74950001122 (7)');
    expect(base.rowsWithoutCustomer).toBe(1);
  });

  test('at the limit they are one person still, and the limit can be set', async () => {
    const table = `customer_id,email,date,amount\n${['a', 'b', 'c'].map((id) => `${id},x@x.org,2024-01-05,1`).join('\n')}`;
    expect((await persons([table], { sharedLimit: 3 })).revenue).toEqual({ a: 3 });
    expect((await persons([table], { sharedLimit: 2 })).revenue).toEqual({ a: 1, b: 1, c: 1 });
  });

  test.each(['none@none', 'no@mail.ru', 'test@test', '-', 'нет', 'n/a', 'not an address'])(
    'e-mail %s',
    async (email) => {
      const { revenue } = await persons([
        orders('1,a,2024-01-05,1\n2,b,2024-01-31,10'),
        `customer_id,email\na,${email}\nb,${email}`,
      ]);
      expect(revenue).toEqual({ a: 1, b: 10 });
    },
  );

  test.each(['-', '+7 (000) 000-00-00', '11111111', '0', 'нет', '123-45-67'])('phone %s', async (phone) => {
    const { revenue } = await persons(
      [orders('1,a,2024-01-05,1\n2,b,2024-01-31,10'), `customer_id,phone\na,${phone}\nb,${phone}`],
      { country: 'RU' },
    );
    expect(revenue).toEqual({ a: 1, b: 10 });
  });

  test('guests who give a placeholder are told by their other contact, or nobody', async () => {
    const { revenue } = await persons([
      `order_id,email,phone,date,amount
      1,no@mail.ru,+7 916 123 45 60,2024-01-05,1
      2,NO@mail.ru,8 916 123 45 60,2024-01-06,10
      3,no@mail.ru,+7 916 123 45 61,2024-01-07,100
      4,none@none,,2024-01-31,1000`,
    ]);
    expect(revenue).toEqual({ '+79161234560': 11, '+79161234561': 100, null: 1000 });
  });

  test('a customer id with the contacts of a crowd, a marketplace, is no person', async () => {
    const buyers = Array.from({ length: 25 }, (_, index) => index);
    const { revenue } = await persons([
      `order_id,customer_id,email,date,amount
      ${buyers.map((n) => `m${n},market,b${n}@x.org,2024-01-05,1`).join('\n')}
      ${buyers.map((n) => `o${n},${100 + n},b${n}@x.org,2024-01-31,1`).join('\n')}`,
    ]);
    expect(Object.keys(revenue)).toHaveLength(26);
    expect(revenue.market).toBe(25);
  });

  test('nothing at all with --no-identity', async () => {
    const tables = [
      orders('1,a,2024-01-05,1\n2,b,2024-01-31,10'),
      'customer_id,email,person_id\na,x@x.org,p\nb,x@x.org,p',
    ];
    const { revenue, identity, notice } = await persons(tables, { joinPersons: false });
    expect(revenue).toEqual({ a: 1, b: 10 });
    expect(identity).toBeNull();
    expect(notice).toBeUndefined();
  });
});

describe('phone numbers without a +', () => {
  const table = (phones: readonly string[]) => [
    orders(phones.map((_, index) => `${index},c${index},2024-01-05,1`).join('\n')),
    `customer_id,phone\n${phones.map((phone, index) => `c${index},${phone}`).join('\n')}`,
  ];

  test.each([
    ['RU', ['8 916 123 45 60', '+7 916 123 45 60', '8 916 123 45 61']],
    ['RU', ['8 916 123 45 60', '89161234560', '7 916 123 45 61']],
    ['US', ['(212) 555-0175', '+1 212 555 0175', '212-555-0176']],
    ['DE', ['030 901820', '+49 30 901820', '030 901821']],
  ])('are of %s where most are valid there', async (country, phones) => {
    const { revenue, identity } = await persons(table(phones));
    expect(identity!.country.country).toBe(country);
    expect(revenue).toEqual({ c0: 2, c2: 1 });
  });

  test('are not used where the country is not told, and the notice says so', async () => {
    const { revenue, notice } = await persons([
      ...table(['555-0175', '555-0175']),
      'customer_id,email\nc0,x@x.org\nc00,x@x.org',
    ]);
    expect(revenue).toEqual({ c0: 1, c1: 1 });
    expect(notice).toContain('Phones without a + are not used');
  });

  test('a country that there is not', async () => {
    await expect(persons(table(['1']), { country: 'XX' })).rejects.toThrow("'XX' is no country");
  });
});

describe('random bases', () => {
  /** A row: its id or none, and numbers of an e-mail and a phone or none. */
  const row = fc.record({
    id: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 5 }),
    email: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 1 }),
    phone: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 1 }),
    spelling: fc.integer({ min: 0, max: 2 }),
    inCustomers: fc.boolean(),
  });
  type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

  const email = ({ email: n, spelling }: Row) =>
    n === null ? '' : [`mail${n}@x.org`, ` Mail${n}@X.org `, `mailto:mail${n}@x.org`][spelling]!;
  const phone = ({ phone: n, spelling }: Row) =>
    n === null ? '' : [`+7 916 000-12-0${n}`, `8(916)000120${n}`, `7916 000 120${n}`][spelling]!;
  const tablesOf = (rows: readonly Row[]) => {
    const line = (r: Row) => `${r.id ?? ''};"${email(r)}";${phone(r)}`;
    return [
      `order_id;customer_id;email;phone;date;amount\n${rows.map((r, i) => `${i};${line(r)};2024-01-05;${2 ** i}`).join('\n')}`,
      `customer_id;email;phone\n0;;\n${rows
        .filter(({ inCustomers, id }) => inCustomers && id !== null)
        .map((r) => line(r))
        .join('\n')}`,
    ];
  };

  /** The same by following links from row to row until nothing changes; the sets of orders by person. */
  const reference = (rows: readonly Row[]) => {
    const label = rows.map((_, index) => index);
    const linked = (a: Row, b: Row) =>
      (a.id !== null && a.id === b.id) ||
      (a.email !== null && a.email === b.email) ||
      (a.phone !== null && a.phone === b.phone);
    for (let changed = true; changed; ) {
      changed = false;
      for (const [i, a] of rows.entries()) {
        for (const [j, b] of rows.entries()) {
          if (linked(a, b) && label[j]! < label[i]!) {
            label[i] = label[j]!;
            changed = true;
          }
        }
      }
    }
    const sums = new Map<number | null, number>();
    for (const [i, r] of rows.entries()) {
      const person = r.id === null && r.email === null && r.phone === null ? null : label[i]!;
      sums.set(person, (sums.get(person) ?? 0) + 2 ** i);
    }
    return [...sums.values()].sort((a, b) => a - b);
  };

  test('are divided as by following the links row by row, in whatever order rows come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(row, { minLength: 2, maxLength: 16 })
          .chain((rows) =>
            fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows.keys()], { minLength: rows.length })),
          ),
        async ([rows, order]) => {
          const options = { sharedLimit: 100, country: 'RU' };
          const { revenue } = await persons(tablesOf(rows), options);
          expect(Object.values(revenue).sort((a, b) => a - b)).toEqual(reference(rows));
          const [orderTable, customerTable] = tablesOf(rows);
          const shuffled = [orderTable!, customerTable!].map((table) => {
            const [header, ...lines] = table.split('\n');
            return [header, ...lines.map((_, i) => lines[order[i] ?? i]!)].join('\n');
          });
          const whole = shuffled[0]!.split('\n').length === orderTable!.split('\n').length;
          expect(whole).toBe(true);
          expect(
            (
              await persons(
                [
                  shuffled[0]!,
                  customerTable!
                    .split('\n')
                    .slice(0, 1)
                    .concat(customerTable!.split('\n').slice(1).reverse())
                    .join('\n'),
                ],
                options,
              )
            ).revenue,
          ).toEqual(revenue);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);
});
