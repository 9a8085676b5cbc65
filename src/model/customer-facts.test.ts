import { join } from 'node:path';
import { expect, test } from 'vitest';
import { raw, sql } from '../sql/sql.js';
import { projectRoot } from '../testing/cli.js';
import { inputRequest, silent } from '../testing/report.js';
import { customerFacts, customersOfFacts } from './customer-facts.js';
import { factsAt } from './customers-at.js';
import { withBase } from './session.js';

test('customers over the facts of a day are those of their orders, returned and late ones too', async () => {
  await withBase(
    inputRequest([join(projectRoot, 'fixtures/shop/orders.csv')]),
    silent,
    async ({ engine }) => {
      for (const day of ['2023-06-30', '2024-12-31']) {
        await engine.inScope(async () => {
          const tables = { days: 'int_purchase_days', orders: 'int_orders' };
          await engine.run(sql`create table facts as ${factsAt(engine, tables, day, 0)}`);
          await customersOfFacts(engine, 'facts');
          await customerFacts(engine, { asOf: day, table: 'plain', purchaseDays: false });
          const sides = [
            ['int_customers', 'plain'],
            ['plain', 'int_customers'],
          ];
          for (const [one, other] of sides)
            expect(await engine.query(raw(`select * from ${one} except select * from ${other}`))).toEqual([]);
          const [counted] = await engine.query(raw('select count(*) as customers from int_customers'));
          expect(Number(counted!.customers)).toBeGreaterThan(40);
        });
      }
    },
    { keepReturns: true },
  );
});
