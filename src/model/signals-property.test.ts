import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, type Day } from '../core/dates.js';
import type { Engine } from '../engines/engine.js';
import { raw, sql } from '../sql/sql.js';
import { withEngine } from '../testing/engine.js';
import { daysToReact, signalFeatures } from './signals.js';

/** Days from the first one on which anything happens; the last that is known is in the middle. */
const span = 800;
const cut = 400;
const first: Day = '2023-01-01';

const day = fc.integer({ min: 0, max: span });
const customer = fc.constantFrom('A', 'B', 'C');
const later = fc.option(fc.integer({ min: 0, max: span }), { nil: null });
const flag = fc.option(fc.boolean(), { nil: null });
const score = (least: number, most: number) =>
  fc.option(fc.integer({ min: least, max: most }), { nil: null });

const history = fc.record({
  orders: fc.array(
    fc.record({
      customer,
      day,
      returnedAfter: fc.option(fc.integer({ min: 1, max: 300 }), { nil: null }),
      isWhole: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  documents: fc.array(fc.record({ customer, day }), { maxLength: 3 }),
  contacts: fc.array(fc.record({ customer, day, opened: flag, offerUsed: flag }), { maxLength: 12 }),
  feedback: fc.array(fc.record({ customer, day, nps: score(0, 10), csat: score(1, 5), ces: score(1, 7) }), {
    maxLength: 8,
  }),
  incidents: fc.array(fc.record({ customer, day, resolvedAfter: later }), { maxLength: 6 }),
});
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * What a day knows of a history: nothing that came later, incidents settled later and returns booked later undone, no
 * reaction to fresh messages and no use of offers, of which nothing tells the day.
 */
function knownAt(all: History, last: number): History {
  const past = <Row extends { day: number }>(rows: readonly Row[]) => rows.filter((row) => row.day <= last);
  return {
    orders: past(all.orders).map((order) =>
      order.returnedAfter !== null && order.day + order.returnedAfter > last
        ? { ...order, returnedAfter: null }
        : order,
    ),
    documents: past(all.documents),
    contacts: past(all.contacts).map((one) => ({
      ...one,
      opened: last - one.day < daysToReact ? null : one.opened,
      offerUsed: null,
    })),
    feedback: past(all.feedback),
    incidents: past(all.incidents).map((one) =>
      one.resolvedAfter !== null && one.day + one.resolvedAfter > last
        ? { ...one, resolvedAfter: null }
        : one,
    ),
  };
}

async function featuresOf(engine: Engine, known: History): Promise<unknown> {
  const at = (days: number | null) =>
    days === null ? 'cast(null as date)' : `date '${addDays(first, days)}'`;
  const table = async (name: string, columns: string, rows: readonly string[], types: string) => {
    await engine.run(raw(`drop table if exists ${name}`));
    await engine.run(raw(`create table ${name} (${types})`));
    if (rows.length > 0)
      await engine.run(
        raw(`insert into ${name} (${columns}) values ${rows.map((row) => `(${row})`).join(', ')}`),
      );
  };
  const { orders, documents, contacts, feedback, incidents } = known;
  await table(
    'int_orders',
    'customer_id, ordered_on, revenue, orders, returned_on',
    [
      ...orders.map((order) => {
        const isWhole = order.isWhole && order.returnedAfter !== null;
        const returned = order.returnedAfter === null ? null : order.day + order.returnedAfter;
        return `'${order.customer}', ${at(order.day)}, ${isWhole ? 0 : 10}, ${isWhole ? 0 : 1}, ${at(returned)}`;
      }),
      ...documents.map((one) => `'${one.customer}', ${at(one.day)}, -5, 0, ${at(one.day)}`),
    ],
    'customer_id varchar, ordered_on date, revenue decimal(18,4), orders integer, returned_on date',
  );
  await table(
    'int_purchase_days',
    'customer_id, day',
    ["'A'", "'B'", "'C'"].map((id) => `${id}, ${at(0)}`),
    'customer_id varchar, day date',
  );
  await table(
    'stg_contacts',
    'fate, customer_id, contacted_on, opened, offer_used',
    contacts.map((one) => `0, '${one.customer}', ${at(one.day)}, ${one.opened}, ${one.offerUsed}`),
    'fate tinyint, customer_id varchar, contacted_on date, opened boolean, clicked boolean, answered boolean, offer_used boolean',
  );
  await table(
    'stg_feedback',
    'fate, customer_id, answered_on, nps, csat, ces',
    feedback.map((one) => `0, '${one.customer}', ${at(one.day)}, ${one.nps}, ${one.csat}, ${one.ces}`),
    'fate tinyint, customer_id varchar, answered_on date, nps smallint, csat smallint, ces smallint',
  );
  await table(
    'stg_incidents',
    'fate, customer_id, opened_on, resolved_on, is_resolved',
    incidents.map((one) => {
      const resolved = one.resolvedAfter === null ? null : one.day + one.resolvedAfter;
      return `0, '${one.customer}', ${at(one.day)}, ${at(resolved)}, ${resolved !== null}`;
    }),
    'fate tinyint, customer_id varchar, opened_on date, resolved_on date, is_resolved boolean',
  );
  await engine.run(raw('drop table if exists int_signals'));
  const has = { contacts: true, feedback: true, incidents: true };
  await signalFeatures(engine, { at: addDays(first, cut), table: 'int_signals', has });
  return engine.query(sql`select * from int_signals order by customer_id`);
}

test('signals at a day are the same whether or not the files go on after it', async () => {
  await withEngine((engine) =>
    fc.assert(
      fc.asyncProperty(history, async (all) => {
        const whole = await featuresOf(engine, all);
        expect(whole).toEqual(await featuresOf(engine, knownAt(all, cut)));
      }),
      { seed: 20_240_607, numRuns: 60 },
    ),
  );
}, 60_000);
