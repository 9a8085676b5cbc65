import { expect, test } from 'vitest';
import { raw } from '../sql/sql.js';
import { temporaryFiles } from '../testing/cli.js';
import { inputRequest, silent } from '../testing/report.js';
import { subscriptionActivity } from './activity.js';
import { withBase } from './session.js';
import { subscriptionTenures, tenureTables } from './subscription-tenures.js';

const files = temporaryFiles();

/** The tenures and subscribers that some rows of subscriptions make. */
async function tenuresOf(rows: readonly string[], asOf: string) {
  const header = 'customer_id,subscription_start,cancelled_on,subscription_price';
  const path = files.write('subscriptions.csv', `${[header, ...rows].join('\n')}\n`);
  const request = inputRequest([path], { maxRejectedShare: 1, asOf });
  return withBase(request, silent, async ({ engine, base }) => {
    for (const statement of subscriptionActivity(engine)) await engine.run(statement);
    const known = await subscriptionTenures(engine, base);
    const all = (table: string) =>
      engine.query(raw(`select * from ${table} order by customer_id, starts_on`));
    return {
      known,
      tenures: await all(tenureTables.tenures),
      subscribers: await all(tenureTables.subscribers),
    };
  });
}

test('renewals of who left are the months begun, less one', async () => {
  const rows = [
    'first_day,2024-01-01,2024-01-01,10',
    'first_month,2024-01-01,2024-01-15,10',
    'last_day,2024-01-01,2024-01-31,10',
    'first_renewal,2024-01-01,2024-02-01,10',
    'second_month,2024-01-01,2024-02-02,10',
    'second_renewal,2024-01-01,2024-03-01,10',
    'after_year,2023-03-15,2024-03-15,10',
    'short_month,2024-01-31,2024-02-29,10',
    'past_short_month,2024-01-31,2024-03-01,10',
  ];
  const { tenures, known } = await tenuresOf(rows, '2024-06-30');
  expect(
    Object.fromEntries(tenures.map(({ customer_id, renewals }) => [customer_id, Number(renewals)])),
  ).toEqual({
    first_day: 0,
    first_month: 0,
    last_day: 0,
    first_renewal: 0,
    second_month: 1,
    second_renewal: 1,
    after_year: 11,
    short_month: 0,
    past_short_month: 1,
  });
  expect(known.subscribers).toBe(0);
  expect([...known.tenures.renewals]).toEqual([0, 1, 11]);
  expect([...known.tenures.weight]).toEqual([5, 3, 1]);
  expect([...known.tenures.hasLeft]).toEqual([1, 1, 1]);
});

test('renewals of who is there are the calendar months passed, their price is the sum of what runs on', async () => {
  const rows = [
    'today,2024-02-29,,10',
    'month,2024-01-29,,10',
    'almost,2024-01-30,2024-02-10,10',
    'end_of_month,2024-01-31,,10',
    'leap,2023-02-28,,10',
    'two,2023-12-30,,10',
    'two,2024-02-01,,25',
    'two,2024-04-01,,90',
    'two,2023-12-30,2024-01-20,7',
    'ancient,,,',
    'notice,2024-01-01,2024-05-01,10',
    'tomorrow,2024-03-01,,10',
  ];
  const { subscribers, known } = await tenuresOf(rows, '2024-02-29');
  const told = subscribers.map(({ customer_id, renewals, price, has_start, notice_on }) => [
    customer_id,
    Number(renewals),
    price === null ? null : Number(price),
    has_start,
    notice_on,
  ]);
  // Who began at an unknown time did so by 2023-02-28, the first day known.
  expect(told).toEqual([
    ['ancient', 12, null, false, null],
    ['end_of_month', 1, 10, true, null],
    ['leap', 12, 10, true, null],
    ['month', 1, 10, true, null],
    ['notice', 1, 10, true, '2024-05-01'],
    ['today', 0, 10, true, null],
    ['two', 2, 35, true, null],
  ]);
  expect(known).toMatchObject({ withoutStart: 1, subscribers: 7, withoutPrice: 1 });
  expect([...known.tenures.weight].reduce((sum, one) => sum + one)).toBe(7);
});

test('every spell of a customer counts, and those that follow within a day are one', async () => {
  const rows = [
    'a,2023-01-01,2023-03-01,10',
    'a,2024-01-01,,10',
    'b,2023-01-01,2023-06-30,10',
    'b,2023-07-01,2023-08-01,10',
  ];
  const { tenures } = await tenuresOf(rows, '2024-04-15');
  const told = tenures.map(({ customer_id, starts_on, ends_on, renewals }) => [
    customer_id,
    starts_on,
    ends_on,
    Number(renewals),
  ]);
  expect(told).toEqual([
    ['a', '2023-01-01', '2023-03-01', 1],
    ['a', '2024-01-01', null, 3],
    ['b', '2023-01-01', '2023-08-01', 6],
  ]);
});
