import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['orders', 'customers', 'contacts', 'feedback', 'incidents'].map(
  (name) => `fixtures/shop/${name}.csv`,
);
const tableOf = (report: Json, name: string) =>
  report.tables.find((table: Json) => table.name === name)?.rows;

describe('the shop', async () => {
  const report = await retainJson('churn', ...shop);
  const list: Json[] = tableOf(report, 'churn_risk');
  const planted: Json[] = JSON.parse(
    readFileSync(join(projectRoot, 'fixtures/shop/expected-leavers.json'), 'utf8'),
  );

  test('the planted leavers are on top, with a high risk', () => {
    const places = planted.map(({ customer_id }) => list.findIndex((row) => row.customer_id === customer_id));
    // Most of the others on top left too, without a cause that was planted.
    const among = (most: number) => places.filter((place) => place < most).length;
    expect(among(3)).toBe(3);
    expect(among(20)).toBeGreaterThanOrEqual(10);
    expect(among(Math.ceil(list.length / 5))).toBe(planted.length);
    for (const place of places) expect(list[place].risk).toBeGreaterThan(70);
  });

  test('evidence names the planted cause', () => {
    for (const { customer_id, cause, signal_on } of planted) {
      const row = list.find((one) => one.customer_id === customer_id);
      expect([customer_id, row.cause]).toEqual([customer_id, cause]);
      expect(row.evidence).toMatch(/^silent \d+ days?; usually orders every \d+; /);
      if (signal_on !== null) expect(row.evidence).toContain(signal_on);
    }
  });

  test('the list goes by value at stake, which is risk × value, and nothing of the lost', () => {
    const stakes = list.map((row) => row.value_at_stake);
    expect(stakes).toEqual(stakes.toSorted((one: number, other: number) => other - one));
    for (const row of list) {
      const stake = row.band === 'lost' ? 0 : (row.risk / 100) * row.value_if_stays;
      expect(row.value_at_stake).toBeCloseTo(stake, 1);
      expect(row.overdue_ratio).toBeCloseTo(row.silent_days / row.cadence_days, 2);
    }
    expect(list.filter((row) => row.silent_days > 365).every((row) => row.band === 'lost')).toBe(true);
    const bands: Json[] = tableOf(report, 'bands');
    expect(bands.reduce((sum, band) => sum + band.customers, 0)).toBe(list.length);
  });

  test('it says what was chosen and how the others did', () => {
    const rows: Json[] = tableOf(report, 'risk_candidates');
    expect(rows.filter((row) => row.chosen)).toHaveLength(1);
    const chosen = rows.find((row) => row.chosen);
    const rule = rows.find((row) => row.candidate === 'window_rule');
    expect(chosen.log_loss).toBeLessThan(rule.log_loss);
    expect(chosen.auc).toBeGreaterThan(rule.auc);
    const notice = report.notes.find((one: Json) => one.code === 'risk_model');
    expect(notice.message).toContain('least log-loss');
  });

  test('--top, --min-risk and --segment narrow the list, --margin scales it', async () => {
    const narrow = await retainJson(
      'churn',
      ...shop,
      ...['--min-risk', '90%', '--segment', "Can't Lose Them", '--top', '5', '--margin', '50%'],
    );
    const rows: Json[] = tableOf(narrow, 'churn_risk');
    const wanted = list.filter((row) => row.risk >= 90 && row.segment === 'cant_lose_them');
    expect(rows.map((row) => row.customer_id)).toEqual(wanted.slice(0, 5).map((row) => row.customer_id));
    expect(rows[0].value_at_stake).toBeCloseTo(wanted[0].value_at_stake / 2, 1);
  });

  test('in Russian, on a pipe', async () => {
    const { code, stdout } = await retain(['churn', ...shop, '--lang', 'ru']);
    expect(code).toBe(0);
    expect(stdout).toContain('Клиенты по сумме под угрозой');
    expect(stdout).toContain('дефект от 24.09.2024, без решения');
    expect(stdout).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('an unknown segment', async () => {
    const { code, stderr } = await retain(['churn', ...shop, '--segment', 'nobody']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is no segment/);
  });
});

describe('one-time buyers', () => {
  test('their risk rises with silence', async () => {
    const lines = ['customer_id,date,amount'];
    const day = (offset: number) => new Date(Date.UTC(2024, 0, 1 + offset)).toISOString().slice(0, 10);
    for (let customer = 0; customer < 300; customer++) {
      const start = (customer * 7) % 300;
      const purchases = customer % 3;
      for (let k = 0; k <= purchases; k++) {
        if (start + k * 25 <= 330) lines.push(`C${customer},${day(start + k * 25)},20`);
      }
    }
    const report = await retainJson('churn', files.write('once.csv', `${lines.join('\n')}\n`));
    const once = tableOf(report, 'churn_risk').filter((row: Json) => row.purchases === 1);
    const byRisk = once.toSorted((one: Json, other: Json) => one.silent_days - other.silent_days);
    expect(byRisk.length).toBeGreaterThan(50);
    for (let i = 1; i < byRisk.length; i++) {
      expect(byRisk[i].risk).toBeGreaterThanOrEqual(byRisk[i - 1].risk - 1e-6);
    }
    expect(byRisk.at(-1).risk).toBeGreaterThan(byRisk[0].risk + 10);
  });
});

describe('subscriptions', () => {
  test('risk is of cancelling, who has cancelled is lost, the longer subscribed the safer', async () => {
    const rows = [
      'customer_id,subscription_status,subscription_start,cancellation_date,subscription_price,cancellation_reason',
    ];
    for (let i = 0; i < 200; i++) {
      const month = String(1 + (i % 12)).padStart(2, '0');
      const gone = i % 3 === 0 && i % 12 < 9;
      rows.push(
        `S${i},${gone ? 'cancelled' : 'active'},2023-${month}-05,${gone ? `2023-${String(2 + (i % 12)).padStart(2, '0')}-20` : ''},${10 + (i % 5)},${gone ? 'too expensive' : ''}`,
      );
    }
    const path = files.write('subscribers.csv', `${rows.join('\n')}\n`);
    const report = await retainJson('churn', path, '--as-of', '2023-12-31', '--horizon', '60');
    const list: Json[] = tableOf(report, 'churn_risk');
    const gone = list.filter((row) => row.band === 'lost');
    expect(list).toHaveLength(200);
    expect(gone.every((row) => row.risk === 100 && row.value_at_stake === 0 && row.cause === 'price')).toBe(
      true,
    );
    expect(gone.map((row) => row.customer_id)).toContain('S0');
    expect(gone.find((row) => row.customer_id === 'S0').evidence).toContain(
      'subscription cancelled 2023-02-20',
    );
    const riskOf = (id: string) => list.find((row) => row.customer_id === id).risk;
    // From January and from December.
    expect(riskOf('S1')).toBeLessThan(riskOf('S11'));
    const one = list.find((row) => row.customer_id === 'S1');
    expect(one.value_if_stays).toBeCloseTo((11 * 60) / (365.25 / 12), 2);
  });
});
