import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../core/dates.js';
import type { Engine } from '../../engines/engine.js';
import { customerFacts } from '../../model/customer-facts.js';
import { join, raw, sql } from '../../sql/sql.js';
import { withEngine } from '../../testing/engine.js';
import { rPackage } from './maps.js';
import { computeMoves, movementTables, tablesThen } from './movement.js';
import { type RfmOptions, rfmScores, rfmTables } from './scores.js';

const options: RfmOptions = { scoring: 'quantile', bins: 5, monetary: 'total', map: rPackage, fixed: {} };
const first = '2024-01-01';
const asOf = addDays(first, 99);

interface Order {
  readonly customer: string;
  readonly day: number;
  readonly cents: number;
}

const order: fc.Arbitrary<Order> = fc.record({
  customer: fc.constantFrom(...'abcdefghijkl'),
  day: fc.nat({ max: 99 }),
  cents: fc.integer({ min: -500, max: 5000 }),
});

/** Negative amounts are returns under a document of their own: they reduce revenue and are no order. */
async function load(engine: Engine, orders: readonly Order[], listed: readonly string[]): Promise<void> {
  for (const table of [
    'int_orders',
    'stg_customers',
    'int_moves',
    ...Object.values(rfmTables),
    ...Object.values(tablesThen),
  ])
    await engine.run(raw(`drop table if exists ${table}`));
  const rows = orders.map(
    ({ customer, day, cents }) =>
      sql`(${customer}, cast(${addDays(first, day)} as date), cast(${(cents / 100).toFixed(2)} as decimal(18,4)), ${cents < 0 ? 0 : 1})`,
  );
  await engine.run(
    sql`create table int_orders as select * from (values ${join(rows, ', ')}) as orders (customer_id, ordered_on, revenue, orders)`,
  );
  await engine.run(
    sql`create table stg_customers as select * from (values ${join(
      listed.map((id) => sql`(${id}, ${`Name of ${id}`})`),
      ', ',
    )}) as listed (customer_id, name)`,
  );
}

describe('movement between two days', () => {
  test('rows and columns sum to the segments of both days; newcomers and those without an order are apart', async () => {
    await withEngine((engine) =>
      fc.assert(
        fc.asyncProperty(
          fc.array(order, { minLength: 1, maxLength: 60 }),
          fc.integer({ min: 0, max: 98 }),
          async (orders, day) => {
            const buysBefore = (until: number) =>
              new Set(
                orders.filter(({ cents, day }) => cents >= 0 && day <= until).map(({ customer }) => customer),
              );
            const [buyersThen, buyersNow] = [buysBefore(day), buysBefore(99)];
            fc.pre(buyersThen.size > 0);
            const listed = [...'abcdefghijklmn'];
            await load(engine, orders, listed);
            await customerFacts(engine, { asOf, purchaseDays: false });
            await customerFacts(engine, {
              asOf: addDays(first, day),
              table: tablesThen.customers,
              purchaseDays: false,
            });
            await rfmScores(engine, options);
            await rfmScores(engine, options, tablesThen);
            await computeMoves(engine, { customersFile: true });
            const tables = await movementTables(engine, options, { names: true });
            const matrix = tables.find(({ name, onlyOn }) => name === 'movement' && onlyOn === 'file')!;
            const at = (name: string) => matrix.columns.findIndex((column) => column.name === name);
            const cell = (row: string, column: string) =>
              Number(matrix.rows.find(([code]) => code === row)![at(column)]);

            const revenue = (until: number, ids: ReadonlySet<string>) =>
              orders
                .filter(({ customer, day }) => day <= until && ids.has(customer))
                .reduce((sum, { cents }) => sum + cents, 0);
            const moves = tables.find(({ name, onlyOn }) => name === 'moves' && onlyOn === 'file')!.rows;
            const sum = (index: number) =>
              moves.reduce((all, row) => all + Math.round(Number(row[index]) * 100), 0);
            expect(sum(3)).toBe(revenue(day, buyersThen));
            expect(sum(4)).toBe(revenue(99, buyersNow));
            expect(cell('total', 'total')).toBe(listed.length);
            expect(cell('total', 'to_not_yet')).toBe(listed.length - buyersNow.size);
            expect(cell('not_yet', 'total')).toBe(listed.length - buyersThen.size);

            for (const [tablesOf, side] of [
              [rfmTables, 'column'],
              [tablesThen, 'row'],
            ] as const) {
              const counts = await engine.query(
                raw(`select segment, count(*) as customers from ${tablesOf.rfm} group by segment`),
              );
              for (const { segment, customers } of counts) {
                const total =
                  side === 'column' ? cell('total', `to_${segment}`) : cell(String(segment), 'total');
                expect(total).toBe(customers);
              }
            }
          },
        ),
        { numRuns: 40 },
      ),
    );
  });
});
