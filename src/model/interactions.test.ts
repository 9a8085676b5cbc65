import { describe, expect, test } from 'vitest';
import { raw } from '../sql/sql.js';
import { temporaryFiles } from '../testing/cli.js';
import { inputRequest, silent } from '../testing/report.js';
import { type InputRequest, withBase } from './session.js';

const files = temporaryFiles();
const orders = files.write(
  'orders.csv',
  `order_id,customer_id,email,phone,date,amount
1,A,anna@shop.test,+7 916 123-45-67,2024-01-01,10
2,B,,8 (926) 765-43-21,2024-02-01,20
3,,carl@shop.test,,2024-02-05,30
4,D,dora@shop.test,,2024-03-01,40
5,E,anna@shop.test,,2024-03-02,50
`,
);

/** The rows of a table after the base of some files is loaded, as text by column, and how the rows count. */
async function staged(
  table: string,
  columns: string,
  paths: readonly string[],
  options: Partial<InputRequest> = {},
): Promise<{ rows: string[]; counts: Record<string, number>; notices: string[] }> {
  const request = inputRequest(paths, { maxRejectedShare: 1, ...options });
  return withBase(request, silent, async ({ engine, base }) => {
    const names = columns.split(', ');
    const rows = await engine.query(
      raw(`select ${columns} from ${table} where fate = 0 order by source_id, row_number`),
    );
    const account = base.accounts.at(-1)!;
    const { rowsRead, rowsUsed, rowsMerged } = account;
    const reasons = Object.fromEntries(account.reasons.map((reason) => [reason.code, reason.rows]));
    return {
      rows: rows.map((row) => names.map((name) => String(row[name] ?? '')).join('|')),
      counts: { read: rowsRead, used: rowsUsed, merged: rowsMerged, ...reasons },
      notices: base.notices.map(({ code }) => code),
    };
  });
}

describe('whose rows are', () => {
  test('by id, e-mail or phone, as persons are told; strangers keep what they name', async () => {
    const contacts = files.write(
      'mailing.csv',
      `email,phone,sent at,campaign,opened
ANNA@shop.test,,2024-02-01,spring,yes
<carl@shop.test>,,2024-02-01,spring,no
,89267654321,2024-02-01,spring,no
,+7 (926) 765 43 21 доб. 5,2024-02-02,spring,no
lead@shop.test,,2024-02-01,spring,no
,,2024-02-01,spring,no
`,
    );
    const { rows, counts, notices } = await staged('stg_contacts', 'customer_id, opened', [orders, contacts]);
    expect(rows).toEqual([
      // Orders 1 and 5 share an e-mail: the person goes by the first of the ids.
      'A|true',
      'carl@shop.test|false',
      'B|false',
      'B|false',
      'lead@shop.test|false',
    ]);
    expect(counts).toEqual({ read: 6, used: 5, merged: 0, no_customer: 1 });
    expect(notices).toContain('contacts_unmatched');
  });

  test('a foreign phone that one customer alone has, however spaces stand in it', async () => {
    const abroad = files.write(
      'abroad.csv',
      'customer_id,phone,date,amount\nA,+7 916 123-45-67,2024-01-01,1\nF,+49 30 901820,2024-01-01,1\n',
    );
    const contacts = files.write('calls.csv', 'phone,call date,answered\n+4930901820,2024-02-01,yes\n');
    const { rows } = await staged('stg_contacts', 'customer_id, answered', [abroad, contacts]);
    expect(rows).toEqual(['F|true']);
  });

  test('ids are renamed to persons, and none is joined by a mailing', async () => {
    const contacts = files.write(
      'ids.csv',
      'customer_id,email,sent at,opened\nE,dora@shop.test,2024-02-01,1\n',
    );
    const { rows, notices } = await staged('stg_contacts', 'customer_id', [orders, contacts]);
    expect(rows).toEqual(['A']);
    expect(notices).not.toContain('contacts_unmatched');
  });

  test('without identity every id is a person of its own', async () => {
    const contacts = files.write('ids.csv', 'customer_id,email,sent at,opened\nE,,2024-02-01,1\n');
    const { rows } = await staged('stg_contacts', 'customer_id', [orders, contacts], { joinPersons: false });
    expect(rows).toEqual(['E']);
  });

  test('an incident that names an order alone is of its customer', async () => {
    const incidents = files.write(
      'incidents.csv',
      `order id,opened at,incident type
3,2024-02-07,defect
5,2024-03-07,late
77,2024-03-07,late
,2024-03-07,late
`,
    );
    const { rows, counts } = await staged('stg_incidents', 'customer_id, kind', [orders, incidents]);
    expect(rows).toEqual(['carl@shop.test|defect', 'A|late_delivery']);
    expect(counts).toEqual({ read: 4, used: 2, merged: 0, unknown_order: 1, no_customer: 1 });
  });
});

describe('contacts', () => {
  test('a blank is no where the column holds no other no, and unknown elsewhere', async () => {
    const times = files.write(
      'times.csv',
      'customer_id,sent at,opened at,clicked\nA,2024-01-05,2024-01-06 10:00,да\nB,2024-01-05,,нет\nD,2024-01-05,,\nD,2024-01-06,,да\n',
    );
    const { rows } = await staged('stg_contacts', 'delivered, opened, clicked', [orders, times]);
    // Who clicks has opened, whatever the pixel says.
    expect(rows).toEqual(['|true|true', '|false|false', '|false|', '|true|true']);
  });

  test('counts, marks and zero dates', async () => {
    const counts = files.write(
      'counts.csv',
      'customer_id,sent at,opens\nA,2024-01-05,3\nA,2024-01-06,0\nA,2024-01-07,0000-00-00 00:00:00\nA,2024-01-08,+\nA,2024-01-09,n/a\n',
    );
    const { rows } = await staged('stg_contacts', 'opened', [orders, counts]);
    expect(rows).toEqual(['true', 'false', 'false', 'true', '']);
  });

  test('a state tells of what comes before it', async () => {
    const states = files.write(
      'states.csv',
      'customer_id,contact date,channel,status\nA,2024-01-05,mail,Bounced\nA,2024-01-06,mail,Delivered\nA,2024-01-07,mail,Opened\nA,2024-01-08,mail,Clicked\nA,2024-01-09,mail,Sent\n',
    );
    const { rows } = await staged('stg_contacts', 'delivered, opened, clicked, answered', [orders, states]);
    expect(rows).toEqual([
      'false|false|false|',
      'true|false|false|',
      'true|true|false|',
      'true|true|true|',
      '|||',
    ]);
  });

  test('rows of overlapping exports count once, equal rows of one export all count', async () => {
    const row = 'A,2024-01-05,mail,yes\n';
    const header = 'customer_id,sent at,channel,opened\n';
    const first = files.write('first.csv', header + row + row);
    const second = files.write('second.csv', `${header}${row}B,2024-01-05,mail,no\n`);
    const { rows, counts } = await staged('stg_contacts', 'customer_id', [orders, first, second]);
    expect(rows).toEqual(['A', 'A', 'B']);
    expect(counts).toEqual({ read: 2, used: 1, merged: 1 });
  });

  test('rows after the as-of day are left out', async () => {
    const contacts = files.write('late.csv', 'customer_id,sent at,opened\nA,2024-02-01,1\nA,2024-02-02,1\n');
    const { counts } = await staged('stg_contacts', 'customer_id', [orders, contacts], {
      asOf: '2024-02-01',
    });
    expect(counts).toEqual({ read: 2, used: 1, merged: 0, after_as_of: 1 });
  });
});

describe('feedback', () => {
  test('scores in the forms that surveys write, each on its scale', async () => {
    const feedback = files.write(
      'feedback.csv',
      `customer_id,date,nps,csat,ces,comment
A,2024-01-05,0,1,7,
A,2024-01-06,10/10,5 stars,7.0,
A,2024-01-07,9 - very likely,,,
A,2024-01-08,"9 из 10",5 звёзд,,
A,2024-01-09,n/a,,,fine
A,2024-01-10,11,,,
A,2024-01-11,7.5,,,
A,2024-01-12,,0,,
A,2024-01-13,,,8,
A,2024-01-14,-1,,,
A,2024-01-15,,,,
A,soon,9,,,
`,
    );
    const { rows, counts } = await staged('stg_feedback', 'nps, csat, ces, comment', [orders, feedback]);
    expect(rows).toEqual(['0|1|7|', '10|5|7|', '9|||', '9|5||', '|||fine']);
    expect(counts).toEqual({ read: 12, used: 5, merged: 0, bad_score: 5, no_answer: 1, bad_date: 1 });
  });
});

describe('incidents', () => {
  test('kinds by their words, English and Russian', async () => {
    const kinds = [
      'Late delivery',
      'Опоздание курьера',
      'Брак',
      'damaged in transit',
      'Возврат денег',
      'complaint',
      'Грубость',
      'question',
    ];
    const incidents = files.write(
      'kinds.csv',
      `customer_id,opened at,incident type\n${kinds.map((kind) => `A,2024-01-05,${kind}\n`).join('')}`,
    );
    const { rows } = await staged('stg_incidents', 'kind', [orders, incidents]);
    expect(rows).toEqual([
      'late_delivery',
      'late_delivery',
      'defect',
      'defect',
      'refund',
      'complaint',
      'complaint',
      'other',
    ]);
  });

  test('resolved by a date, a mark or a state; unknown where nothing tells', async () => {
    const header = 'customer_id,opened at,incident type';
    const dates = files.write(
      'dates.csv',
      `${header},resolved at\nA,2024-01-05,late,2024-01-09\nA,2024-01-05,late,\nA,2024-01-05,late,yes\nA,2024-01-05,late,no\nA,2024-01-05,late,2024-01-04\nA,2024-01-05,late,soon\n`,
    );
    const byDate = await staged('stg_incidents', 'resolved_on, is_resolved', [orders, dates]);
    expect(byDate.rows).toEqual(['2024-01-09|true', '|false', '|true', '|false']);
    expect(byDate.counts).toMatchObject({ bad_date: 2 });
    const states = files.write(
      'states2.csv',
      `${header},status\nA,2024-01-05,late,Closed\nA,2024-01-05,late,не решено\nA,2024-01-05,late,\n`,
    );
    expect((await staged('stg_incidents', 'is_resolved', [orders, states])).rows).toEqual([
      'true',
      'false',
      '',
    ]);
    const bare = files.write('bare.csv', `${header}\nA,2024-01-05,late\n`);
    expect((await staged('stg_incidents', 'is_resolved', [orders, bare])).rows).toEqual(['']);
  });
});
