import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../core/dates.js';
import { repeatBuyingNames } from '../../stats/repeat-buying-names.js';
import { temporaryFiles } from '../../testing/cli.js';
import { inputRequest, silent } from '../../testing/report.js';
import { forecastReport } from '../forecast.js';
import { rfmOptions } from '../rfm/settings.js';

const files = temporaryFiles();

const order = fc.record({
  customer: fc.oneof(fc.constantFrom('', 'A'), fc.integer({ min: 0, max: 40 }).map(String)),
  day: fc.oneof(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 3000 })),
  cents: fc.oneof(
    fc.constantFrom(0, 1, -1),
    fc.integer({ min: -5_000, max: 100_000 }),
    fc.integer({ min: 0, max: 10 ** 12 }),
  ),
});

test('random bases: every figure is a number that can be, or unknown', { timeout: 120_000 }, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(order, { minLength: 1, maxLength: 120 }),
      fc.constantFrom(...repeatBuyingNames),
      fc.constantFrom(1, 45, 365, 3653),
      fc.constantFrom(0, 0.1, 1),
      async (orders, model, horizon, discount) => {
        const lines = orders.map(
          ({ customer, day, cents }, i) => `${i},${customer},${addDays('2016-01-01', day)},${cents / 100}`,
        );
        const path = files.write(`${run++}.csv`, `order_id,customer_id,date,amount\n${lines.join('\n')}\n`);
        const report = await forecastReport(
          {
            ...inputRequest([path], { maxRejectedShare: 1 }),
            horizon,
            discount,
            margin: undefined,
            model,
            rfm: rfmOptions({ scoring: 'quantile', bins: undefined, monetary: 'total', map: undefined }),
            listCustomers: true,
            currency: undefined,
          },
          silent,
        );
        for (const table of report.tables) {
          table.columns.forEach((column, at) => {
            for (const row of table.rows) {
              const cell = row[at]!;
              const what = `${table.name}.${column.name}: ${cell}`;
              if (cell === null) continue;
              if (typeof cell === 'number') expect(Number.isFinite(cell) && cell >= 0, what).toBe(true);
              if (column.kind === 'money') expect(cell, what).toMatch(/^\d+\.\d{2}$/);
              if (column.name === 'probability_alive') expect(Number(cell), what).toBeLessThanOrEqual(1);
            }
          });
        }
        if (report.tables.length === 0)
          expect(report.notices.map(({ code }) => code)).toContain('nothing_to_forecast');
      },
    ),
    { numRuns: 30, seed: 41 },
  );
});
