import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../core/dates.js';
import { type Period, yearAgo } from '../core/period.js';
import type { Cell } from '../core/table.js';
import { temporaryFiles } from '../testing/cli.js';
import {
  type Purchase,
  referenceKpis,
  referenceMovement,
  referenceWindow,
  type Subscription,
} from '../testing/reference-kpis.js';
import { kpiColumn, metricsRequest, silent } from '../testing/report.js';
import { metricsReport } from './metrics.js';

const files = temporaryFiles();
const dayIn = (first: string, days: number) =>
  fc.nat({ max: days - 1 }).map((offset) => addDays(first, offset));
const purchase: fc.Arbitrary<Purchase> = fc.record({
  customer: fc.constantFrom(...'abcdefghijkl'),
  day: dayIn('2023-01-01', 700),
  cents: fc.integer({ min: 0, max: 1_000_000 }),
});
const base = fc.array(purchase, { minLength: 1, maxLength: 80 });

function csvOf(purchases: readonly Purchase[]): string {
  const lines = purchases.map(({ customer, day, cents }) => `${customer},${day},${(cents / 100).toFixed(2)}`);
  return `customer_id,date,amount\n${lines.join('\n')}\n`;
}

function compare(values: Record<string, Cell>, expected: Record<string, number | null>): void {
  for (const [kpi, value] of Object.entries(expected)) {
    const actual = values[kpi] === null ? null : Number(values[kpi]);
    if (value === null || actual === null) expect({ kpi, value: actual }).toEqual({ kpi, value });
    else expect(Math.abs(actual - value), `${kpi}: ${actual}, expected ${value}`).toBeLessThan(1e-9);
  }
}

describe('random bases and periods', () => {
  test('every count equals the one counted straight from the definitions', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        base,
        fc.nat({ max: 699 }),
        fc.integer({ min: 1, max: 400 }),
        fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 250 })),
        async (purchases, offset, length, activeDays) => {
          const sorted = purchases.map(({ day }) => day).sort();
          const [first, last] = [sorted[0]!, sorted.at(-1)!];
          const from = addDays('2023-01-01', offset);
          const to = addDays(from, length);
          fc.pre(from <= last && to > first);
          runs += 1;
          const path = files.write(`base-${runs}.csv`, csvOf(purchases));
          const report = await metricsReport(
            metricsRequest([path], { from, to: addDays(to, -1), activeDays, by: 'quarter' }),
            silent,
          );
          const end = to <= addDays(last, 1) ? to : addDays(last, 1);
          const window = activeDays === 'auto' ? referenceWindow(purchases) : activeDays;
          const values = kpiColumn(report, 'value');
          compare(values, referenceKpis(purchases, from, end, window));
          const parameters = Object.fromEntries(report.parameters.map(({ name, value }) => [name, value]));
          expect(parameters.activity_window_days).toBe(window);

          // The invariants themselves.
          const { customers_start: S, customers_end: E, customers_lost: lost, customers_gained: N } = values;
          expect(Number(E)).toBe(Number(S) - Number(lost) + Number(N));
          if (values.crr !== null) expect(Number(values.crr) + Number(values.churn_rate)).toBeCloseTo(100, 9);

          // The year before and each step of the trend are computed by the same rules.
          const before = yearAgo({ from, to, step: 'custom', name: '' } as Period);
          if (before.to > first) {
            compare(kpiColumn(report, 'year_ago'), referenceKpis(purchases, before.from, before.to, window));
          }
          const trend = report.tables.find((table) => table.name === 'trend')!;
          const names = trend.columns.map(({ name }) => name);
          for (const row of trend.rows) {
            const [year, quarter] = String(row[0]).split('-Q').map(Number) as [number, number];
            const begin = `${year}-${String(quarter * 3 - 2).padStart(2, '0')}-01`;
            const finish =
              quarter === 4 ? `${year + 1}-01-01` : `${year}-${String(quarter * 3 + 1).padStart(2, '0')}-01`;
            if (finish <= first) continue;
            const cut = finish <= addDays(last, 1) ? finish : addDays(last, 1);
            compare(
              Object.fromEntries(names.map((name, index) => [name, row[index]!])),
              referenceKpis(purchases, begin, cut, window),
            );
          }
        },
      ),
      { numRuns: 60, seed: 20240630 },
    );
  });

  test('subscriptions: overlapping, adjoining, of one day, without an end', async () => {
    const subscription: fc.Arbitrary<Subscription> = fc
      .record({
        customer: fc.constantFrom(...'abcdef'),
        start: dayIn('2023-01-01', 300),
        length: fc.oneof(fc.constant(null), fc.nat({ max: 200 })),
      })
      .map(({ customer, start, length }) => ({
        customer,
        start,
        end: length === null ? null : addDays(start, length),
      }));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(subscription, { minLength: 1, maxLength: 20 }),
        fc.nat({ max: 400 }),
        fc.integer({ min: 1, max: 200 }),
        async (subscriptions, offset, length) => {
          const days = subscriptions.flatMap(({ start, end }) => [start, end ?? start]).sort();
          const from = addDays('2023-01-01', offset);
          const to = addDays(from, length);
          fc.pre(from <= days.at(-1)! && to > days[0]!);
          runs += 1;
          const lines = subscriptions.map(({ customer, start, end }) => `${customer},${start},${end ?? ''}`);
          const path = files.write(
            `subscriptions-${runs}.csv`,
            `customer_id,subscription_start,cancelled_at\n${lines.join('\n')}\n`,
          );
          const report = await metricsReport(
            metricsRequest([path], { from, to: addDays(to, -1), asOf: '2024-12-31' }),
            silent,
          );
          compare(kpiColumn(report, 'value'), referenceMovement(subscriptions, from, to));
          const [account] = report.sources;
          expect(account?.rowsUsed).toBe(new Set(lines).size);
          expect(account?.rowsMerged).toBe(lines.length - new Set(lines).size);
        },
      ),
      { numRuns: 60, seed: 12 },
    );
  });

  test('splitting a base over overlapping files changes nothing but the rows merged', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(base, fc.nat(), fc.nat(), async (purchases, a, b) => {
        runs += 1;
        const rows = csvOf(purchases).trimEnd().split('\n').slice(1);
        const [low, high] = [a % (rows.length + 1), b % (rows.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        // Rows from low to high stand in both files.
        const part = (name: string, lines: string[]) => {
          const text = lines.map((line) => `o${rows.indexOf(line)},${line}`).join('\n');
          return files.write(name, `order_id,customer_id,date,amount\n${text}\n`);
        };
        const one = part(`one-${runs}.csv`, [...new Set(rows)]);
        const unique = [...new Set(rows)];
        const [left, right] = [
          unique.slice(0, Math.max(high, 1)),
          unique.slice(Math.min(low, unique.length - 1)),
        ];
        const two = [part(`left-${runs}.csv`, left), part(`right-${runs}.csv`, right)];
        const whole = await metricsReport(
          metricsRequest([one], { from: '2023-01-01', to: '2024-12-31' }),
          silent,
        );
        const halves = await metricsReport(
          metricsRequest(two, { from: '2023-01-01', to: '2024-12-31' }),
          silent,
        );
        if (new Set([...left, ...right]).size === unique.length) {
          expect(kpiColumn(halves, 'value')).toEqual(kpiColumn(whole, 'value'));
          const merged = halves.sources.reduce((sum, source) => sum + source.rowsMerged, 0);
          expect(merged).toBe(left.length + right.length - unique.length);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
