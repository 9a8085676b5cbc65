import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type Day } from '../../core/dates.js';
import { periodContaining, periodsCovering } from '../../core/period.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { purchaseDays } from '../../model/activity.js';
import { join, raw, sql } from '../../sql/sql.js';
import { withEngine } from '../../testing/engine.js';
import { cohortCells } from './cells.js';
import { cohortSteps } from './choices.js';
import { calendar } from './steps.js';

/** An order, or a return document where orders is 0. */
interface Sale {
  readonly customer: string | null;
  readonly day: Day;
  readonly cents: number;
  readonly orders: 0 | 1;
}

const first = '2023-11-20';
const sale = fc.record({
  customer: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { freq: 9 }),
  day: fc.nat(200).map((days) => addDays(first, days)),
  cents: fc.integer({ min: 1, max: 99_999 }),
  orders: fc.constantFrom<(0 | 1)[]>(1, 1, 1, 0),
});

async function make(engine: LoadingEngine, sales: readonly Sale[]): Promise<void> {
  for (const table of ['int_orders', 'int_purchase_days', 'int_cohort_cells', 'int_cohort_splits']) {
    await engine.run(raw(`drop table if exists ${table}`));
  }
  const rows = sales.map(
    ({ customer, day, cents, orders }) => sql`(cast(${customer} as varchar), cast(${day} as date),
      cast(${raw(String(orders === 1 ? cents : -cents))} as decimal(38,4)) / 100, ${raw(String(orders))})`,
  );
  await engine.run(sql`
    create table int_orders as
    select customer_id, ordered_on, cast(revenue as decimal(38,4)) as revenue, orders
    from (values ${join(rows, ', ')}) as sales (customer_id, ordered_on, revenue, orders)`);
  await engine.run(purchaseDays({ numbered: true }));
}

describe('random bases', () => {
  test('every cell is what counting customer by customer gives', () =>
    withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(sale, { minLength: 1, maxLength: 40 }),
          fc.constantFrom(...cohortSteps),
          fc.nat(20),
          async (sales, step, later) => {
            await make(engine, sales);
            const days = sales.map(({ day }) => day).sort();
            const asOf = addDays(days.at(-1)!, later);
            await engine.run(cohortCells(engine, calendar(days[0]!, asOf, step), false));
            const found = await engine.query(sql`
              select cohort, period, customers, active_customers, orders,
                cast(revenue * 100 as bigint) as cents, cast(cumulative_revenue * 100 as bigint) as so_far, is_complete
              from int_cohort_cells order by cohort, period`);
            const numbers = found.map((row) =>
              Object.values(row).map((cell) => (typeof cell === 'boolean' ? cell : Number(cell))),
            );
            expect(numbers).toEqual(countedByHand(sales, days[0]!, asOf, step));
          },
        ),
        { seed: 7, numRuns: 60 },
      );
    }));

  test('splits add up to the whole', () =>
    withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 40 }), async (sales) => {
          const of = async (hasSplits: boolean) => {
            await make(engine, sales);
            await engine.run(sql`
              create table int_cohort_splits as
              select distinct customer_id, case when customer_id in ('a', 'b') then 'x' when customer_id = 'c' then 'y' else '' end as split
              from int_purchase_days`);
            await engine.run(cohortCells(engine, calendar(first, '2024-06-30', 'month'), hasSplits));
            // A cohort that a split lacks has no rows, so only those with figures are compared.
            return engine.query(sql`
              select cohort, period, sum(customers) as customers, sum(active_customers) as active_customers,
                sum(orders) as orders, cast(sum(cumulative_revenue) as decimal(38,4)) as so_far
              from int_cohort_cells group by 1, 2 order by 1, 2`);
          };
          expect(await of(true)).toEqual(await of(false));
        }),
        { seed: 8, numRuns: 20 },
      );
    }));
});

/** Straight from the definitions, with periods by name. */
function countedByHand(sales: readonly Sale[], first: Day, asOf: Day, step: (typeof cohortSteps)[number]) {
  const names = periodsCovering(first, addDays(asOf, 1), step).map(({ name }) => name);
  const indexOf = (day: Day) => names.indexOf(periodContaining(day, step).name);
  const firstOrder = new Map<string, Day>();
  for (const { customer, day, orders } of sales) {
    if (customer === null || orders === 0) continue;
    const known = firstOrder.get(customer);
    if (known === undefined || day < known) firstOrder.set(customer, day);
  }
  const cohorts = [...new Set([...firstOrder.values()].map(indexOf))].sort((a, b) => a - b);
  return cohorts.flatMap((cohort) => {
    const members = [...firstOrder]
      .filter(([, day]) => indexOf(day) === cohort)
      .map(([customer]) => customer);
    const theirs = sales.filter(({ customer }) => customer !== null && members.includes(customer));
    let soFar = 0;
    return names.slice(cohort).map((name, period) => {
      const inPeriod = theirs.filter(
        ({ day, orders }) =>
          indexOf(day) - cohort === period || (period === 0 && orders === 0 && indexOf(day) < cohort),
      );
      const bought = inPeriod.filter(({ orders }) => orders === 1);
      const cents = inPeriod.reduce((sum, { cents, orders }) => sum + (orders === 1 ? cents : -cents), 0);
      soFar += cents;
      const { from, to } = periodsCovering(first, addDays(asOf, 1), step).find((one) => one.name === name)!;
      return [
        cohort,
        period,
        members.length,
        new Set(bought.map(({ customer }) => customer)).size,
        bought.length,
        cents,
        soFar,
        from >= first && to <= addDays(asOf, 1),
      ];
    });
  });
}
