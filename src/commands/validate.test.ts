import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const sample = '../shared/data/cdnow_sample_purchases.csv';
const hasData = existsSync(join(projectRoot, sample));
const shop = 'fixtures/shop/orders.csv';

const chosenOf = (report: Json) =>
  report.tables.find((table: Json) => table.name === 'scores').rows.find((row: Json) => row.chosen);

test.skipIf(!hasData)(
  'CDNOW sample, 39 weeks held out: better than BG/NBD, purchases within a tenth',
  async () => {
    const report = await retainJson('validate', sample, '--cutoff', '1997-09-30');
    const scores = rowsBy(report, 'scores', 'candidate');
    const chosen = chosenOf(report);
    expect(chosen.customers).toBe(2357);
    expect(chosen.actual_purchases).toBe(1882);
    expect(chosen.auc).toBeGreaterThan(scores.bg_nbd_alive.auc);
    expect(chosen.auc).toBeGreaterThan(scores.bg_nbd.auc);
    expect(chosen.brier).toBeLessThan(scores.bg_nbd_alive.brier);
    expect(chosen.brier).toBeLessThan(scores.bg_nbd.brier);
    expect(chosen.brier).toBeLessThan(scores.window_rule.brier);
    expect(Math.abs(chosen.purchases_error)).toBeLessThan(10);
    expect(chosen.calibration_error).toBeLessThan(4);
    const byFrequency = rowsBy(report, 'purchases_by_frequency', 'purchases_before');
    expect(byFrequency.all.actual).toBe(1882);
    expect(byFrequency.all.customers).toBe(2357);
  },
);

describe('nothing after the cut-off is known', () => {
  test('what is chosen, and every risk, is the same whatever came after', async () => {
    const lines: string[] = [];
    for (let customer = 0; customer < 120; customer++) {
      const rhythm = 5 + (customer % 40);
      const leaves = 60 + ((customer * 37) % 200);
      for (let day = customer % 30; day < leaves; day += rhythm) lines.push(line(customer, day));
    }
    const quiet = files.write(
      'quiet.csv',
      csv([...lines.filter((one) => one.split(',')[1]! <= '2024-05-29'), line(0, 200)]),
    );
    const busy = files.write('busy.csv', csv([...lines, line(0, 200)]));
    const [one, other] = await Promise.all(
      [quiet, busy].map((path) => retainJson('validate', path, '--cutoff', '2024-05-29', '--horizon', '50')),
    );
    const told = (report: Json) =>
      report.tables
        .find((table: Json) => table.name === 'scores')
        .rows.map((row: Json) => [row.candidate, row.chosen, row.predicted_none, row.predicted_purchases]);
    expect(told(one)).toEqual(told(other));
    expect(one.tables[0].rows[0].actual_purchases).not.toBe(other.tables[0].rows[0].actual_purchases);
  });
});

describe('the shop', () => {
  test('several folds are told one by one and together', async () => {
    const report = await retainJson('validate', shop, '--folds', '2');
    const { rows } = report.tables.find((table: Json) => table.name === 'scores');
    expect([...new Set(rows.map((row: Json) => row.cutoff))]).toHaveLength(3);
    expect(chosenOf(report).candidate).toBe('chosen');
    expect(chosenOf(report).auc).toBeGreaterThan(0.75);
    expect(rows.filter((row: Json) => row.chosen)).toHaveLength(3);
  });

  test('in Russian, in a pipe', async () => {
    const { code, stdout } = await retain(['validate', shop, '--lang', 'ru']);
    expect(code).toBe(0);
    expect(stdout).toContain('Вывод о выбранном');
    expect(stdout).toContain('Калибровка');
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('what cannot be validated', () => {
  test.each([
    ['a cut-off at the end', ['--cutoff', '2024-12-31'], /leaves nothing/],
    ['a cut-off before the data', ['--cutoff', '2020-01-01'], /leaves nothing/],
    ['a horizon beyond the data', ['--cutoff', '2024-12-01', '--horizon', '90'], /only 30 days/],
    ['both ways', ['--cutoff', '2024-12-01', '--folds', '2'], /exclude/],
  ])('%s', async (_, options, message) => {
    const { code, stderr } = await retain(['validate', shop, ...options]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('one day of data', async () => {
    const path = files.write('day.csv', csv([line(1, 0), line(2, 0)]));
    const { code, stderr } = await retain(['validate', path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing can be held out/);
  });
});

function line(customer: number, day: number): string {
  const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
  return `C${customer},${date},${10 + (customer % 7)}`;
}

function csv(lines: readonly string[]): string {
  return `customer_id,date,amount\n${lines.join('\n')}\n`;
}
