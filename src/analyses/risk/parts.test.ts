import { join } from 'node:path';
import { expect, test } from 'vitest';
import { customersAt, customersBetween, factsAt, sampleCustomers } from '../../model/customers-at.js';
import { withBase } from '../../model/session.js';
import { concatenate } from '../../stats/columns.js';
import { projectRoot } from '../../testing/cli.js';
import { inputRequest, silent } from '../../testing/report.js';
import { learnRisk } from './learn.js';

test('customers asked about in parts are told what all at once are', async () => {
  const files = ['orders', 'customers', 'feedback', 'incidents', 'contacts'];
  await withBase(
    inputRequest(files.map((name) => join(projectRoot, `fixtures/shop/${name}.csv`))),
    silent,
    async ({ engine, base }) => {
      const sample = await sampleCustomers(engine, 25_000);
      const question = { first: base.first, day: base.asOf, horizon: 90, window: 90, base };
      const { candidates } = await learnRisk(engine, sample, question, { make: 'all' });
      const all = await customersAt(engine, factsAt(engine, sample, base.asOf, 0), base.asOf, base);
      const parts = [0, 1, 100, all.size].slice(1).map((to, i) => customersBetween(all, [0, 1, 100][i]!, to));
      expect(Object.keys(all.signals).length).toBeGreaterThan(0);
      expect(candidates.map(({ code }) => code)).toContain('regression');
      for (const candidate of candidates) {
        const whole = candidate.predict(all, 90).risk;
        const pieces = concatenate(parts.map((part) => candidate.predict(part, 90).risk));
        expect([...pieces], candidate.code).toEqual([...whole]);
      }
    },
    { keepReturns: true, keepDetails: true },
  );
});
