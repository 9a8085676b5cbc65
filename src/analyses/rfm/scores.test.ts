import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../engines/engine.js';
import { purchaseDays } from '../../model/activity.js';
import { customerFacts } from '../../model/customer-facts.js';
import { join, raw, sql } from '../../sql/sql.js';
import { withEngine } from '../../testing/engine.js';
import { grid } from './maps.js';
import { quantilePlusOne, type RfmOptions, type RfmScores, rfmScores } from './scores.js';

const usual: RfmOptions = { scoring: 'quantile', bins: 5, monetary: 'total', map: grid, fixed: {} };

interface Customer {
  readonly recency: number;
  readonly orders: number;
  readonly revenue: string;
}

interface Scored {
  readonly scores: RfmScores;
  readonly rows: readonly {
    readonly recency: number;
    readonly frequency: number;
    readonly monetary: number;
  }[];
}

/** Scores of customers given by their facts, in the order given. */
function scored(customers: readonly Customer[], options: Partial<RfmOptions> = {}): Promise<Scored> {
  return withEngine((engine) => scoredIn(engine, customers, options));
}

async function scoredIn(
  engine: Engine,
  customers: readonly Customer[],
  options: Partial<RfmOptions>,
): Promise<Scored> {
  await engine.run(raw('drop table if exists int_customers'));
  await engine.run(raw('drop table if exists int_rfm'));
  const values = customers.map(
    ({ recency, orders, revenue }, index) =>
      sql`(${String(index).padStart(4, '0')}, cast(${recency} as bigint), cast(${orders} as bigint), cast(${revenue} as decimal(38,4)))`,
  );
  await engine.run(
    sql`create table int_customers as select * from (values ${join(values, ', ')}) as facts (customer_id, recency_days, orders, revenue)`,
  );
  const scores = await rfmScores(engine, { ...usual, ...options });
  const rows = await engine.query(
    raw('select recency_score, frequency_score, monetary_score from int_rfm order by customer_id'),
  );
  return {
    scores,
    rows: rows.map((row) => ({
      recency: Number(row.recency_score),
      frequency: Number(row.frequency_score),
      monetary: Number(row.monetary_score),
    })),
  };
}

/** Type 7: at (n - 1) p of the sorted values, from 0. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}

const customer: fc.Arbitrary<Customer> = fc.record({
  recency: fc.integer({ min: 0, max: 30 }),
  orders: fc.integer({ min: 1, max: 6 }),
  // Quarters, which binary numbers hold exactly, so that the yardstick is exact too.
  revenue: fc.integer({ min: -20, max: 80 }).map((quarters) => (quarters / 4).toFixed(2)),
});
const base = fc.array(customer, { minLength: 1, maxLength: 40 });

describe('quantile scoring', () => {
  test('equal values have equal scores, better values no worse ones, and the best is never below', async () => {
    await withEngine((engine) =>
      fc.assert(
        fc.asyncProperty(
          base,
          fc.integer({ min: 2, max: 10 }),
          fc.constantFrom('quantile' as const, 'r-rfm' as const),
          fc.constantFrom('total' as const, 'average' as const),
          async (customers, bins, scoring, monetary) => {
            const { rows } = await scoredIn(engine, customers, { bins, scoring, monetary });
            expect(rows).toHaveLength(customers.length);
            const money = ({ revenue, orders }: Customer) =>
              monetary === 'total' ? Number(revenue) : Number(revenue) / orders;
            const check = (
              value: (one: Customer) => number,
              score: (row: Scored['rows'][number]) => number,
            ) => {
              customers.forEach((one, i) => {
                expect(score(rows[i]!)).toBeGreaterThanOrEqual(1);
                expect(score(rows[i]!)).toBeLessThanOrEqual(bins);
                customers.forEach((other, j) => {
                  if (value(one) === value(other)) expect(score(rows[i]!)).toBe(score(rows[j]!));
                  if (value(one) > value(other))
                    expect(score(rows[i]!)).toBeGreaterThanOrEqual(score(rows[j]!));
                });
              });
            };
            check(
              (one) => -one.recency,
              (row) => row.recency,
            );
            check(
              (one) => one.orders,
              (row) => row.frequency,
            );
            check(money, (row) => row.monetary);
          },
        ),
        { numRuns: 60 },
      ),
    );
  });

  test('a bin holds the values up to and with its type 7 quantile', async () => {
    await withEngine((engine) =>
      fc.assert(
        fc.asyncProperty(base, fc.constantFrom(2, 4, 5, 8), async (customers, bins) => {
          const { rows } = await scoredIn(engine, customers, { bins });
          const expected = (values: readonly number[], value: number) =>
            1 +
            Array.from({ length: bins - 1 }, (_, index) => quantile(values, (index + 1) / bins)).filter(
              // The yardstick itself rounds; no two values here are closer than 0.01.
              (threshold) => value > threshold + 1e-9,
            ).length;
          customers.forEach((one, index) => {
            expect(rows[index]).toEqual({
              recency:
                bins +
                1 -
                expected(
                  customers.map((each) => each.recency),
                  one.recency,
                ),
              frequency: expected(
                customers.map((each) => each.orders),
                one.orders,
              ),
              monetary: expected(
                customers.map((each) => Number(each.revenue)),
                Number(one.revenue),
              ),
            });
          });
        }),
        { numRuns: 60 },
      ),
    );
  });

  test('ten customers by hand', async () => {
    // Six of ten have one order: they fill three fifths, and all have the score of the first.
    const customers = [1, 1, 1, 1, 1, 1, 2, 2, 3, 9].map((orders, index) => ({
      recency: index,
      orders,
      revenue: `${(index + 1) * 10}`,
    }));
    const { rows, scores } = await scored(customers);
    expect(rows.map(({ frequency }) => frequency)).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
    expect(rows.map(({ recency }) => recency)).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    expect(rows.map(({ monetary }) => monetary)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(scores.customers).toBe(10);
    expect(scores.thresholds.frequency).toEqual({ rule: 'up_to', values: ['1', '1', '1', '2'] });
    expect(scores.thresholds.monetary.values.map(Number)).toEqual([20, 40, 60, 80]);
  });
});

describe('degenerate bases', () => {
  test('three customers are ranked', async () => {
    const { rows } = await scored([
      { recency: 1, orders: 1, revenue: '5' },
      { recency: 2, orders: 2, revenue: '6' },
      { recency: 3, orders: 3, revenue: '7' },
    ]);
    expect(rows).toEqual([
      { recency: 5, frequency: 1, monetary: 1 },
      { recency: 3, frequency: 3, monetary: 3 },
      { recency: 1, frequency: 5, monetary: 5 },
    ]);
  });

  test('one customer, and customers who are all alike, have one score each', async () => {
    const one = { recency: 7, orders: 1, revenue: '10.00' };
    for (const scoring of ['quantile', 'r-rfm'] as const) {
      expect((await scored([one], { scoring })).rows).toEqual([{ recency: 5, frequency: 1, monetary: 1 }]);
      expect(
        new Set((await scored(Array(9).fill(one), { scoring })).rows.map((row) => JSON.stringify(row))).size,
      ).toBe(1);
    }
  });
});

describe('scoring of the R package', () => {
  test('bins begin at the type 7 quantile + 1 and are closed on the left', async () => {
    await withEngine((engine) =>
      fc.assert(
        fc.asyncProperty(base, fc.constantFrom(2, 4, 5, 8), async (customers, bins) => {
          const { rows } = await scoredIn(engine, customers, { bins, scoring: 'r-rfm' });
          // As the package computes it: bin by bin, the last that fits wins.
          const expected = (values: readonly number[], value: number) => {
            const cuts = Array.from(
              { length: bins - 1 },
              (_, index) => quantile(values, (index + 1) / bins) + 1,
            );
            const lower = [Math.min(...values), ...cuts];
            const upper = [...cuts, Math.max(...values) + 1];
            let bin = 0;
            for (let i = 0; i < bins; i += 1) {
              if (value >= lower[i]! - 1e-9 && value < upper[i]! - 1e-9) bin = i + 1;
            }
            return bin;
          };
          customers.forEach((one, index) => {
            expect(rows[index]).toEqual({
              recency:
                bins +
                1 -
                expected(
                  customers.map((each) => each.recency),
                  one.recency,
                ),
              frequency: expected(
                customers.map((each) => each.orders),
                one.orders,
              ),
              monetary: expected(
                customers.map((each) => Number(each.revenue)),
                Number(one.revenue),
              ),
            });
          });
        }),
        { numRuns: 60 },
      ),
    );
  });

  test('a table in which quantile + 1 and the plain quantile differ', async () => {
    // Quantiles of 10, 10.50, 11, 11.50, 12 at fifths: 10.40, 10.80, 11.20, 11.60. Plus one: 11.40, 11.80, 12.20,
    // 12.60, so that the last two scores are never reached.
    const customers = ['10', '10.50', '11', '11.50', '12'].map((revenue, index) => ({
      recency: 100 * index,
      orders: index + 1,
      revenue,
    }));
    const own = await scored(customers, { scoring: 'r-rfm' });
    expect(own.scores.thresholds.monetary).toEqual({
      rule: 'from',
      values: ['11.4', '11.8', '12.2', '12.6'],
    });
    expect(own.rows.map(({ monetary }) => monetary)).toEqual([1, 1, 1, 2, 3]);
    const plain = await scored(customers);
    expect(plain.rows.map(({ monetary }) => monetary)).toEqual([1, 2, 3, 4, 5]);
    // Days far apart and whole numbers of orders: there the two agree, which hides the rule.
    expect(own.rows.map(({ recency }) => recency)).toEqual([5, 4, 3, 2, 1]);
    expect(own.rows.map(({ recency }) => recency)).toEqual(plain.rows.map(({ recency }) => recency));
    expect(own.rows.map(({ frequency }) => frequency)).toEqual([1, 1, 2, 3, 4]);
    // Of 1..5 orders the quantiles are 1.8, 2.6, 3.4, 4.2, plus one 2.8, 3.6, 4.4, 5.2.
    expect(own.scores.thresholds.frequency.values).toEqual(['2.8', '3.6', '4.4', '5.2']);
  });

  test('a quantile is exact, and rounded up where it has no end', () => {
    expect(quantilePlusOne('10', '11', 1, 5)).toBe('11.2');
    expect(quantilePlusOne('-1', '0', 1, 3)).toBe('0.3333333334');
    expect(quantilePlusOne('-2.5', '-2.5', 2, 7)).toBe('-1.5');
    expect(quantilePlusOne('9007199254740993.0001', '9007199254740993.0001', 1, 5)).toBe(
      '9007199254740994.0001',
    );
  });
});

describe('other scorings', () => {
  test('ntile makes bins of one size, whatever they hold', async () => {
    const customers = Array.from({ length: 10 }, (_, index) => ({
      recency: 3,
      orders: 1,
      revenue: `${index}`,
    }));
    const { rows, scores } = await scored(customers, { scoring: 'ntile' });
    for (const measure of ['recency', 'frequency', 'monetary'] as const) {
      expect(rows.map((row) => row[measure])).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }
    expect(scores.thresholds.monetary).toEqual({ rule: 'rank', values: [] });
  });

  test('fixed thresholds: days up to, orders and money from', async () => {
    const customers = [
      { recency: 30, orders: 1, revenue: '99.9999' },
      { recency: 31, orders: 2, revenue: '100' },
      { recency: 91, orders: 3, revenue: '500.5' },
    ];
    const { rows } = await scored(customers, {
      bins: 3,
      fixed: { recency: ['30', '90'], frequency: ['2', '3'], monetary: ['100', '500.50'] },
    });
    expect(rows).toEqual([
      { recency: 3, frequency: 1, monetary: 1 },
      { recency: 2, frequency: 2, monetary: 2 },
      { recency: 1, frequency: 3, monetary: 3 },
    ]);
  });

  test('monetary of an order: a third of 0.30 is 0.10', async () => {
    const { rows } = await scored(
      [
        { recency: 1, orders: 3, revenue: '0.30' },
        { recency: 1, orders: 1, revenue: '0.10' },
        { recency: 1, orders: 7, revenue: '0.70' },
        { recency: 1, orders: 1, revenue: '0.20' },
      ],
      { monetary: 'average' },
    );
    expect(rows.map(({ monetary }) => monetary)).toEqual([1, 1, 1, 5]);
  });
});

describe('facts of customers', () => {
  test('orders up to a day, with returns, by hand', async () => {
    await withEngine(async (engine) => {
      await engine.run(
        raw(`create table int_orders as select customer_id, cast(day as date) as ordered_on, cast(revenue as decimal(18,4)) as revenue, orders
          from (values ('a', '2024-01-01', 10.10, 1), ('a', '2024-01-01', 5, 1), ('a', '2024-01-05', -3, 0), ('a', '2024-02-01', 7, 1),
            ('b', '2024-01-10', -4, 0), ('c', '2024-01-03', 0, 0), ('d', '2024-01-04', 1, 1), ('d', '2024-01-06', -9, 0),
            (null, '2024-01-02', 50, 1)) as orders (customer_id, day, revenue, orders)`),
      );
      await engine.run(purchaseDays());
      await customerFacts(engine, { asOf: '2024-01-31' });
      await customerFacts(engine, { asOf: '2024-02-01', table: 'int_customers_now' });
      expect(await engine.query(raw('select * from int_customers order by customer_id'))).toEqual([
        {
          customer_id: 'a',
          first_on: '2024-01-01',
          last_on: '2024-01-01',
          orders: 2,
          revenue: '12.1000',
          purchase_days: 1,
          recency_days: 30,
        },
        // The return is later than the order: recency is of the order, and revenue is below zero.
        {
          customer_id: 'd',
          first_on: '2024-01-04',
          last_on: '2024-01-04',
          orders: 1,
          revenue: '-8.0000',
          purchase_days: 1,
          recency_days: 27,
        },
      ]);
      const [now] = await engine.query(raw("select * from int_customers_now where customer_id = 'a'"));
      expect(now).toMatchObject({
        last_on: '2024-02-01',
        orders: 3,
        revenue: '19.1000',
        purchase_days: 2,
        recency_days: 0,
      });
    });
  });
});
