import { describe, expect, test } from 'vitest';
import type { Day } from '../core/dates.js';
import { raw, sql } from '../sql/sql.js';
import { temporaryFiles } from '../testing/cli.js';
import { inputRequest, silent } from '../testing/report.js';
import { withBase } from './session.js';
import { signalFeatures } from './signals.js';

const files = temporaryFiles();
const paths = [
  files.write(
    'orders.csv',
    `order_id,customer_id,date,quantity,amount,status
1,A,2024-01-01,1,10,completed
2,A,2024-02-01,1,10,completed
2,A,2024-02-10,-1,-10,completed
3,A,2024-03-01,1,10,returned
4,B,2024-01-01,2,20,completed
4,B,2024-01-20,-1,-10,completed
5,B,2024-03-05,1,10,completed
R1,B,2024-03-20,-1,-4,completed
6,C,2024-06-01,1,10,completed
`,
  ),
  files.write(
    'incidents.csv',
    `customer_id,opened at,resolved at,incident type
A,2024-02-05,2024-03-05,late
A,2024-03-10,,complaint
B,2023-01-05,2023-01-06,late
`,
  ),
  files.write(
    'feedback.csv',
    `customer_id,date,nps,csat,ces
A,2024-01-10,9,,
A,2024-02-10,3,2,
A,2024-02-20,,5,7
B,2024-01-10,7,,3
`,
  ),
  files.write(
    'contacts.csv',
    `customer_id,sent at,channel,opened,offer used
A,2024-01-05,mail,yes,
A,2024-01-15,mail,no,
A,2024-02-15,sms,no,no
A,2024-03-15,sms,no,no
B,2024-01-05,mail,no,
B,2024-03-05,sms,yes,yes
`,
  ),
  files.write(
    'customers.csv',
    'customer_id,subscription start,cancellation date\nA,2023-01-01,2024-02-20\nB,2023-01-01,\n',
  ),
];

async function featuresAt(at: Day, from = paths): Promise<Record<string, Record<string, unknown>>> {
  const request = inputRequest(from, { maxRejectedShare: 1 });
  return withBase(
    request,
    silent,
    async ({ engine, base }) => {
      const columns = await signalFeatures(engine, { at, table: 'int_signals', has: base });
      const rows = await engine.query(
        sql`select customer_id, ${raw(columns.join(', '))} from int_signals order by customer_id`,
      );
      return Object.fromEntries(rows.map(({ customer_id, ...row }) => [String(customer_id), row]));
    },
    { keepReturns: true },
  );
}

describe('signals at a day', () => {
  test('at the end', async () => {
    const { A, B, C } = await featuresAt('2024-06-30');
    expect(A).toEqual({
      // Order 2 came back by a row of its own, order 3 by its status.
      returned_orders: 2,
      returned_last: 2,
      returns_365: 2,
      incidents_365: 2,
      incidents_open: 1,
      incident_days: 112,
      low_scores_365: 1,
      last_nps: 3,
      last_csat: 5,
      last_ces: 7,
      feedback_days: 131,
      contacts_90: 0,
      opened_90: 0,
      unanswered: 3,
    });
    expect(B).toMatchObject({
      returned_orders: 0,
      returned_last: 0,
      returns_365: 2,
      incidents_365: 0,
      incidents_open: 0,
      last_nps: 7,
      last_csat: null,
      last_ces: 3,
      low_scores_365: 1,
      unanswered: 0,
    });
    expect(C).toMatchObject({
      returned_orders: 0,
      incident_days: null,
      last_nps: null,
      feedback_days: null,
      unanswered: 0,
    });
  });

  test('nothing later than the day is used', async () => {
    const { A, B, C } = await featuresAt('2024-02-15');
    expect(A).toMatchObject({
      returned_orders: 1,
      returned_last: 1,
      // Opened on 5 February and settled in March: open in between.
      incidents_365: 1,
      incidents_open: 1,
      last_nps: 3,
      last_csat: 2,
      last_ces: null,
      contacts_90: 3,
      opened_90: 1,
      // The message of the day itself may still be opened.
      unanswered: 1,
    });
    expect(B).toMatchObject({ returns_365: 1, last_nps: 7 });
    expect(C).toBeUndefined();
    // An order that its status alone calls returned is not known to be until a month after.
    expect((await featuresAt('2024-03-05')).A).toMatchObject({ returned_orders: 1, returned_last: 0 });
  });

  test('columns of files that are not there are left out', async () => {
    const { A } = await featuresAt('2024-06-30', [paths[0]!]);
    expect(Object.keys(A!)).toEqual(['returned_orders', 'returned_last', 'returns_365']);
  });
});
