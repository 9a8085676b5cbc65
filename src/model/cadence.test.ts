import { describe, expect, test } from 'vitest';
import { addDays } from '../core/dates.js';
import { join, raw, sql } from '../sql/sql.js';
import { withEngine } from '../testing/engine.js';
import { purchaseDays } from './activity.js';
import { cadence } from './cadence.js';

/** Cadences of customers by the days, from 2024-01-01, on which each ordered. */
async function cadencesOf(customers: Readonly<Record<string, readonly number[]>>) {
  return withEngine(async (engine) => {
    const orders = Object.entries(customers).flatMap(([id, days]) =>
      days.map((day) => sql`(${id}, cast(${addDays('2024-01-01', day)} as date))`),
    );
    await engine.run(sql`
      create table int_orders as select id as customer_id, day as ordered_on, 1 as orders
      from (values ${join(orders, ', ')}) as t (id, day)`);
    await engine.run(purchaseDays());
    const base = await cadence(engine);
    const rows = await engine.query(raw('select * from int_cadence order by customer_id'));
    return {
      base,
      days: Object.fromEntries(rows.map((row) => [row.customer_id, row.cadence_days])),
      own: Object.fromEntries(rows.map((row) => [row.customer_id, row.own_days])),
      purchases: Object.fromEntries(rows.map((row) => [row.customer_id, row.purchase_days])),
    };
  });
}

describe('cadence', () => {
  test('the own median from three purchase days on; several orders of a day are one purchase', async () => {
    const { base, days, own, purchases } = await cadencesOf({
      a: [0, 0, 10, 40, 40], // gaps 10 and 30
      b: [0, 40], // one gap
      c: [5],
      d: [0, 1, 2, 102], // gaps 1, 1, 100
      e: [7, 7],
    });
    // Own medians are 20, 40 and 1, so 20 days are typical.
    expect(base).toEqual({ typicalDays: 20, repeatCustomers: 3, ownShare: 0.5, settledCustomers: 2 });
    expect(purchases).toEqual({ a: 3, b: 2, c: 1, d: 4, e: 1 });
    expect(own).toEqual({ a: 20, b: 40, c: null, d: 1, e: null });
    // Between 40 and 20 on the scale of logarithms: the root of their product.
    expect(days).toEqual({ a: 20, b: 28.28, c: 20, d: 1, e: 20 });
  });

  test('where every customer keeps a rhythm, a single gap counts as it is', async () => {
    const regular = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const gap = 2 + index;
        return [`r${index}`, [0, gap, 2 * gap, 3 * gap]];
      }),
    );
    const { base, days } = await cadencesOf({ ...regular, x: [0, 90] });
    expect(base.ownShare).toBe(1);
    expect(days.x).toBe(90);
  });

  test('where customers do not differ, a single gap says nothing', async () => {
    const alike = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`r${index}`, [0, 5, 25, 30, 50]]),
    );
    const { base, days } = await cadencesOf({ ...alike, x: [0, 90] });
    expect(base).toMatchObject({ ownShare: 0, typicalDays: 12.5 });
    expect(days.x).toBe(12.5);
  });

  test('the share is that of a one-way analysis of variance', async () => {
    const pairs = Array.from({ length: 30 }, (_, index) => [3 + index, 5 + index + (index % 4) * 9] as const);
    const { base } = await cadencesOf(
      Object.fromEntries(pairs.map(([one, other], index) => [`c${index}`, [0, one, one + other]])),
    );
    // By mean squares: two gaps of each of 30 customers.
    const logs = pairs.map((pair) => pair.map(Math.log));
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
    const means = logs.map(mean);
    const within =
      logs
        .flatMap((pair, index) => pair.map((one) => (one - means[index]!) ** 2))
        .reduce((sum, one) => sum + one) / 30;
    const between = (2 * means.map((one) => (one - mean(means)) ** 2).reduce((sum, one) => sum + one)) / 29;
    const correlation = (between - within) / (between + within);
    expect(correlation).toBeGreaterThan(0.2);
    expect(base.ownShare).toBeCloseTo(correlation, 3);
  });

  test('where nobody bought twice nothing is typical', async () => {
    const { base, days } = await cadencesOf({ a: [0], b: [3, 3] });
    expect(base).toEqual({ typicalDays: null, repeatCustomers: 0, ownShare: 0.5, settledCustomers: 0 });
    expect(days).toEqual({ a: null, b: null });
  });
});
