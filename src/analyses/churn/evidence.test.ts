import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cadence } from '../../model/cadence.js';
import { baseOf, withInputs } from '../../model/session.js';
import { sql } from '../../sql/sql.js';
import { projectRoot, temporaryFiles } from '../../testing/cli.js';
import { inputRequest, silent } from '../../testing/report.js';
import { type Cause, causeOf } from './causes.js';
import { evidenceOf, mainCause } from './evidence.js';
import type { Evidence } from './signal.js';

const files = temporaryFiles();

/** Evidence of all customers with purchases or subscriptions in some files. */
async function evidenceIn(
  paths: readonly string[],
  asOf?: string,
): Promise<ReadonlyMap<string, readonly Evidence[]>> {
  const request = inputRequest(paths, { maxRejectedShare: 1, asOf });
  return withInputs(request, silent, async (session) => {
    const { engine } = session;
    const base = await baseOf(session, request, { keepDetails: true, keepReturns: true });
    if (base.orders) await cadence(engine);
    await engine.run(
      base.orders
        ? sql`create table int_shown as select distinct customer_id from int_purchase_days`
        : sql`create table int_shown as select distinct customer_id from stg_customers`,
    );
    return evidenceOf(engine, {
      asOf: base.asOf,
      customers: 'int_shown',
      has: { ...base, details: base.accounts.some(({ role }) => role === 'customers') },
    });
  });
}

function texts(evidence: readonly Evidence[] | undefined, language: 'en' | 'ru' = 'en'): string[] {
  return (evidence ?? []).map(({ text }) => text[language]);
}

describe('the generated shop', () => {
  test('every planted leaver shows the planted signal, and the cause', async () => {
    const names = ['orders', 'customers', 'contacts', 'feedback', 'incidents'];
    const found = await evidenceIn(names.map((name) => join(projectRoot, `fixtures/shop/${name}.csv`)));
    const planted: { customer_id: string; signal: string; signal_on: string | null; cause: string }[] =
      JSON.parse(readFileSync(join(projectRoot, 'fixtures/shop/expected-leavers.json'), 'utf8'));
    const told = planted.map(({ customer_id, signal, signal_on }) => {
      const evidence = found.get(customer_id) ?? [];
      const shown = evidence.find(({ code }) => code === signal);
      const days = Object.values(shown?.numbers ?? {});
      const isDated = signal_on === null || days.includes(signal_on);
      return { customer_id, signal: isDated ? shown?.code : undefined, cause: mainCause(evidence)?.cause };
    });
    expect(told).toEqual(planted.map(({ customer_id, signal, cause }) => ({ customer_id, signal, cause })));
    // Silence comes first, and is past the rhythm of all of them.
    for (const { customer_id } of planted) {
      const [first] = found.get(customer_id)!;
      expect(first!.code).toBe('silent');
      expect(Number(first!.numbers.silent_days)).toBeGreaterThan(1.2 * Number(first!.numbers.cadence_days));
    }
  });
});

describe('kinds of evidence', () => {
  const orders = files.write(
    'orders.csv',
    `order_id,customer_id,date,quantity,amount,status
1,A,2024-01-01,1,100,completed
2,A,2024-01-31,1,100,completed
3,A,2024-03-01,1,100,completed
4,A,2024-03-31,1,100,completed
5,A,2024-04-30,1,20,completed
6,A,2024-05-30,1,40,completed
7,B,2024-03-01,1,10,completed
8,B,2024-04-01,1,10,returned
9,B,2024-05-01,1,10,completed
9,B,2024-05-10,-1,-10,completed
10,C,2024-05-01,2,20,completed
10,C,2024-05-10,-1,-10,completed
11,D,2024-05-01,1,10,completed
12,E,2024-08-30,1,10,completed
`,
  );

  test('silence, falling value and orders that came back', async () => {
    const found = await evidenceIn([orders], '2024-08-31');
    expect(texts(found.get('A'))).toEqual([
      'silent 93 days; usually orders every 30 days',
      'last two orders 70% below the usual',
    ]);
    expect(texts(found.get('A'), 'ru')[0]).toBe('молчит 93 дн.; обычно заказывает раз в 30 дн.');
    expect(texts(found.get('B'))[1]).toBe('last two orders returned');
    expect(texts(found.get('B'), 'ru')[1]).toBe('последние заказы возвращены: 2');
    expect(texts(found.get('C'))).toEqual([
      'silent 122 days since the only order; others order again after 30 days',
      'part of the last order returned',
    ]);
    expect(texts(found.get('E'))[0]).toMatch(/^silent 1 day since/);
    expect(mainCause(found.get('B')!)).toEqual({ cause: 'quality', isStated: false });
    expect(mainCause(found.get('A')!)).toBeNull();
  });

  test('scores: the last of each scale, faded by purchases after it', async () => {
    const feedback = files.write(
      'feedback.csv',
      `customer_id,date,nps,csat,ces,reason,comment
A,2024-04-11,3,,,,
B,2024-02-01,2,,,,
B,2024-05-11,9,2,,,Слишком дорого
C,2024-05-12,,,3,,
D,2024-05-12,6,,,Rude staff,
E,2023-05-12,0,,,,
`,
    );
    const found = await evidenceIn([orders, feedback], '2024-08-31');
    expect(texts(found.get('A'))).toContain('NPS 3 on 2024-04-11');
    expect(found.get('A')!.find(({ code }) => code === 'low_nps')).toMatchObject({
      strength: 0.7 / 4,
      cause: null,
      numbers: { score: 3, answered_on: '2024-04-11', purchases_since: 2 },
    });
    // The detractor of February promotes in May, but is not satisfied.
    expect(texts(found.get('B'))).toContain('CSAT 2 on 2024-05-11: Слишком дорого');
    expect(texts(found.get('B')).join()).not.toContain('NPS');
    expect(found.get('B')!.find(({ code }) => code === 'low_csat')).toMatchObject({
      cause: 'price',
      isStated: true,
    });
    expect(mainCause(found.get('C')!)?.cause).toBe('inconvenience');
    expect(texts(found.get('D'), 'ru')).toContain('NPS 6 от 12.05.2024: Rude staff');
    expect(mainCause(found.get('D')!)).toEqual({ cause: 'service', isStated: true });
    expect(texts(found.get('E'))).toHaveLength(1);
  });

  test('incidents: open ones before settled ones, nothing of the future', async () => {
    const incidents = files.write(
      'incidents.csv',
      `customer_id,opened at,resolved at,incident type
A,2024-06-01,,late
A,2024-06-20,2024-06-25,complaint
B,2024-05-02,2024-05-14,late
C,2024-05-02,2024-10-01,complaint
D,2024-05-02,yes,refund
E,2024-10-01,,late
`,
    );
    const found = await evidenceIn([orders, incidents], '2024-08-31');
    expect(texts(found.get('A'))[1]).toBe('late delivery opened 2024-06-01, not resolved');
    expect(texts(found.get('B'))).toContain('late delivery opened 2024-05-02, resolved after 12 days');
    expect(texts(found.get('C'), 'ru')[1]).toBe('жалоба от 02.05.2024, без решения');
    expect(mainCause(found.get('C')!)?.cause).toBe('unhandled_complaint');
    expect(texts(found.get('D'))).toContain('refund opened 2024-05-02');
    expect(texts(found.get('E'))).toHaveLength(1);
  });

  test('messages and offers', async () => {
    const contacts = files.write(
      'contacts.csv',
      `customer_id,sent at,channel,campaign,delivered,opened,offer used
A,2024-02-01,mail,x,yes,yes,
A,2024-03-01,mail,x,yes,no,
A,2024-04-01,mail,x,yes,no,no
A,2024-05-01,mail,x,yes,no,no
A,2024-06-01,mail,x,yes,no,
E,2024-06-01,sms,x,yes,yes,no
E,2024-06-11,sms,x,yes,yes,no
E,2024-06-21,sms,x,yes,no,no
B,2024-01-01,mail,x,no,no,
B,2024-02-01,mail,x,no,no,
B,2024-03-01,mail,x,no,no,
C,2024-06-01,mail,x,yes,no,
C,2024-07-01,mail,x,yes,yes,
D,2024-03-01,mail,x,yes,yes,yes
`,
    );
    const found = await evidenceIn([orders, contacts], '2024-08-31');
    expect(texts(found.get('A'))).toContain('none of the last 4 messages opened, since 2024-03-01');
    // Offers that were not opened tell nothing of themselves.
    expect(texts(found.get('A')).join()).not.toContain('offers');
    expect(texts(found.get('E'))).toContain('none of 3 offers used, the last of 2024-06-21');
    expect(texts(found.get('B'))).toContain('none of the last 3 messages delivered, since 2024-01-01');
    expect(texts(found.get('C'))).toHaveLength(2);
    expect(texts(found.get('D'))).toContain('not contacted since 2024-03-01');
    expect(texts(found.get('D'), 'ru')).toContain('контактов не было с 01.03.2024');
  });

  test('offers alone do not tell that messages were not opened', async () => {
    const contacts = files.write(
      'offers.csv',
      `customer_id,sent at,channel,offer used
A,2024-04-01,mail,no
A,2024-05-01,mail,no
A,2024-06-01,mail,no
`,
    );
    const found = await evidenceIn([orders, contacts], '2024-08-31');
    expect(texts(found.get('A')).join()).not.toContain('opened');
    expect(texts(found.get('A'))).toContain('none of 3 offers used, the last of 2024-06-01');
  });

  test('bonuses and last contacts of the customers file', async () => {
    const customers = files.write(
      'customers.csv',
      `customer_id,name,bonus,bonus expires,last contact
A,Ann,350,2024-09-10,2024-08-01
B,Bob,100.50,,2024-01-05
C,Cid,20,2024-07-01,2024-08-01
D,Dan,0,,2024-08-01
`,
    );
    const found = await evidenceIn([orders, customers], '2024-08-31');
    expect(texts(found.get('A'))).toContain('bonus of 350 not used, expires 2024-09-10');
    expect(texts(found.get('B'))).toContain('bonus of 100.5 not used');
    expect(texts(found.get('B'))).toContain('not contacted since 2024-01-05');
    expect(texts(found.get('C')).join()).not.toContain('bonus');
    expect(texts(found.get('D'))).toHaveLength(1);
  });

  test('subscriptions: cancelled, with the stated reason, unless another runs on', async () => {
    const customers = files.write(
      'subscriptions.csv',
      `customer_id,subscription start,cancellation date,cancellation reason
A,2024-01-01,2024-05-02,Too expensive
B,2024-01-01,2024-05-02,
B,2024-05-03,,
C,2024-01-01,,
D,2024-01-01,2024-06-02,
E,2023-01-01,2023-05-02,Too expensive
E,2024-01-01,2024-05-02,Poor quality
F,2023-01-01,2023-05-02,Too expensive
F,2024-01-01,2024-05-02,
`,
    );
    const found = await evidenceIn([customers], '2024-08-31');
    expect([...found.keys()]).toEqual(['A', 'D', 'E', 'F']);
    // The reason is that of the last cancellation, or none.
    expect(texts(found.get('E'))).toEqual(['subscription cancelled 2024-05-02: Poor quality']);
    expect(texts(found.get('F'))).toEqual(['subscription cancelled 2024-05-02']);
    expect(texts(found.get('A'))).toEqual(['subscription cancelled 2024-05-02: Too expensive']);
    expect(mainCause(found.get('A')!)).toEqual({ cause: 'price', isStated: true });
    expect(texts(found.get('D'), 'ru')).toEqual(['подписка отменена 02.06.2024']);
    expect(mainCause(found.get('D')!)).toBeNull();
  });
});

describe('causes by the words of customers', () => {
  test.each<[string, Cause | null]>([
    ['Too expensive', 'price'],
    ['Цены выросли', 'price'],
    ['Слишком дорого', 'price'],
    ['Качество обслуживания', 'service'],
    ['Качество товара', 'quality'],
    ['the courier was late', 'service'],
    ['I bought a plate of chocolate', null],
    ['Нашли другой магазин', 'competitor'],
    ['switched to a competitor, cheaper', 'competitor'],
    ['Hard to order', 'inconvenience'],
    ['не ответили на жалобу', 'unhandled_complaint'],
    ['Мало скидок', 'no_rewards'],
    ['забыла про вас', 'no_reminder'],
    ['moved abroad', null],
    ['оценка', null],
  ])('%s: %s', (words, cause) => {
    expect(causeOf(words)).toBe(cause);
  });
});
