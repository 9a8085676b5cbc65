import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findActivityWindow } from '../../model/activity.js';
import { type CustomersAt, meanOf, sampleCustomers } from '../../model/customers-at.js';
import { withBase } from '../../model/session.js';
import { tabulate } from '../../stats/columns.js';
import { projectRoot } from '../../testing/cli.js';
import { inputRequest, silent } from '../../testing/report.js';
import { RepeatModels, trainedCandidate } from './candidates.js';
import { learnRisk } from './learn.js';

type Seen = readonly {
  readonly x: number;
  readonly cadence: number;
  readonly silence: number;
  readonly bought: boolean;
}[];

/** Customers who bought x times after the first, at their cadence, and have been silent since. */
function customersOf(seen: Seen): CustomersAt {
  const column = (of: (one: Seen[number]) => number) => tabulate(seen.length, (i) => of(seen[i]!));
  const nothing = new Float64Array(seen.length);
  const value = column(({ cadence }) => 10 + cadence);
  return {
    day: '2024-06-30',
    size: seen.length,
    frequency: column(({ x }) => x),
    recency: column(({ x, cadence }) => x * cadence),
    age: column(({ x, cadence, silence }) => x * cadence + silence),
    cadence: column(({ cadence }) => cadence),
    hasCadence: true,
    lastGap: column(({ x, cadence }) => (x > 0 ? cadence : 0)),
    spread: nothing,
    value,
    meanValue: meanOf(value),
    growth: nothing,
    returns: nothing,
    signals: {},
    bought: column(({ bought }) => (bought ? 1 : 0)),
  };
}

/** Bases in which anything may have happened, also that the silent bought and the faithful did not. */
const bases = fc.array(
  fc.record({
    x: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })),
    cadence: fc.integer({ min: 1, max: 120 }),
    silence: fc.integer({ min: 0, max: 400 }),
    bought: fc.boolean(),
  }),
  { minLength: 120, maxLength: 200 },
);
const runs = { seed: 5, numRuns: 25 };
const horizon = 60;

function learnt(code: 'cadence' | 'regression', seen: Seen) {
  const customers = customersOf(seen);
  const models = new RepeatModels(customers);
  return trainedCandidate(code, [{ customers, horizon, models }], models);
}

function risks(candidate: NonNullable<ReturnType<typeof learnt>>, seen: Seen): number[] {
  return [...candidate.predict(customersOf(seen), horizon).risk];
}

function expectNeverAgainst(values: readonly number[], direction: 1 | -1) {
  for (let i = 1; i < values.length; i++)
    expect(direction * (values[i]! - values[i - 1]!), `${values}`).toBeGreaterThanOrEqual(-1e-12);
}

test.each(['cadence', 'regression'] as const)(
  '%s: silence never lowers the risk of who bought once',
  (code) => {
    fc.assert(
      fc.property(bases, fc.integer({ min: 1, max: 120 }), (seen, cadence) => {
        const candidate = learnt(code, seen);
        if (candidate === null) return;
        const silences = [0, 1, 7, 30, 90, 200, 500, 2000];
        const asked = silences.map((silence) => ({ x: 0, cadence, silence, bought: false }));
        expectNeverAgainst(risks(candidate, asked), 1);
      }),
      runs,
    );
  },
);

test('cadence: more purchases at the same silence and rhythm never raise the risk', () => {
  fc.assert(
    fc.property(bases, fc.integer({ min: 1, max: 120 }), fc.nat(400), (seen, cadence, silence) => {
      const candidate = learnt('cadence', seen);
      if (candidate === null) return;
      const asked = [1, 2, 3, 5, 10, 30, 100].map((x) => ({ x, cadence, silence, bought: false }));
      expectNeverAgainst(risks(candidate, asked), -1);
    }),
    runs,
  );
});

describe('what is chosen', () => {
  const bases = [
    ['fixtures/shop/orders.csv', 'fixtures/shop/customers.csv'],
    ['../shared/data/cdnow_sample_purchases.csv'],
  ].map((files) => files.map((file) => join(projectRoot, file)));
  for (const files of bases) {
    test.skipIf(!files.every((file) => existsSync(file)))(
      `silence raises the risk of who bought once: ${files[0]!.split('/').at(-1)} (skipped if absent)`,
      async () => {
        await withBase(
          inputRequest(files),
          silent,
          async ({ engine, base }) => {
            const { days: window } = await findActivityWindow(engine, 'auto');
            const sample = await sampleCustomers(engine, 25_000);
            const question = { first: base.first, day: base.asOf, horizon: window, window, base };
            const { chosen, customers, choice } = await learnRisk(engine, sample, question);
            expect(choice.reason).toBe('best');
            const isOnce = (i: number) => customers.frequency[i] === 0;
            const after = (days: number) =>
              chosen
                .predict({ ...customers, age: customers.age.map((age) => age + days) }, window)
                .risk.filter((_, i) => isOnce(i));
            const steps = [0, 7, 30, 90, 300].map(after);
            expect(steps[0]!.length).toBeGreaterThan(50);
            for (let step = 1; step < steps.length; step++)
              for (let i = 0; i < steps[step]!.length; i++)
                expect(steps[step]![i]!).toBeGreaterThan(steps[step - 1]![i]!);
          },
          { keepReturns: true },
        );
      },
    );
  }
});
