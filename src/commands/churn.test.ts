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
const noticeOf = (report: Json, code: string): string | undefined =>
  [...report.warnings, ...report.notes].find((notice: Json) => notice.code === code)?.message;

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
      expect(row.evidence).toMatch(/^silent \d+ days?; usually orders every \d+ days; /);
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

  const header = 'customer_id,subscription_start,cancelled_on,subscription_price';
  const churnOf = (name: string, rows: readonly string[], ...options: string[]) =>
    retainJson('churn', files.write(name, `${[header, ...rows].join('\n')}\n`), ...options);
  const risksOf = (report: Json): Record<string, number> =>
    Object.fromEntries(
      tableOf(report, 'churn_risk').map(({ customer_id, risk }: Json) => [customer_id, risk]),
    );

  test('unknown starts do not count as long tenures, and a notice tells of them', async () => {
    // Of 40 that began on 1 January, 10 leave on each 1st of the month from February on: 10 remain after April.
    const rows = Array.from(
      { length: 40 },
      (_, i) => `K${i},2024-01-01,${i % 4 === 3 ? '' : `2024-0${2 + (i % 4)}-01`},10`,
    );
    const known = risksOf(await churnOf('known.csv', rows, '--as-of', '2024-04-15'));
    const blank = Array.from({ length: 30 }, (_, i) => `U${i},,${i % 2 ? '' : '2024-03-10'},10`);
    const report = await churnOf('blank.csv', [...rows, ...blank], '--as-of', '2024-04-15');
    const risks = risksOf(report);
    expect(known.K3).toBeGreaterThan(50);
    // The model is that of the known ones, and 15 that run on are as who began on the first day of the data.
    expect(risks.K3).toBe(known.K3);
    expect(risks.U1).toBe(known.K3);
    expect(risks.U0).toBe(100);
    expect(noticeOf(report, 'without_start')).toContain('Subscriptions without a start: 30;');
    expect(noticeOf(report, 'risk_model')).toContain('30 of 40 subscriptions have ended');
    const none = await retain(['churn', files.write('starts.csv', `${[header, ...blank].join('\n')}\n`)]);
    expect(none.code).not.toBe(0);
    expect(none.stderr).toContain('has a start, so nothing tells how long they last');
  });

  test('all spells are learnt from, prices of what runs on are added, an unknown one is no 0', async () => {
    const rows = [
      'both,2024-01-01,,10',
      'both,2024-03-01,,25',
      'later,2024-01-01,,10',
      'later,2025-03-01,,90',
      'again,2023-01-01,2023-03-01,10',
      'again,2024-06-01,,20',
      'bare,2024-01-01,,',
      'gone,2024-01-01,2024-05-01,10',
    ];
    const horizon = ['--as-of', '2024-12-31', '--horizon', '30', '--margin', '50%'];
    const report = await churnOf('prices.csv', rows, ...horizon);
    const list: Json[] = tableOf(report, 'churn_risk');
    const value = (id: string) => list.find(({ customer_id }) => customer_id === id).value_if_stays;
    const months = 0.5 * (30 / 30.4375);
    expect(value('both')).toBeCloseTo(35 * months, 2);
    expect(value('later')).toBeCloseTo(10 * months, 2);
    expect(value('bare')).toBe(null);
    const last = list.slice(-2);
    expect(last).toMatchObject([
      { customer_id: 'bare', value_at_stake: null },
      { customer_id: 'gone', value_at_stake: 0, value_if_stays: null, risk: 100 },
    ]);
    expect(noticeOf(report, 'without_price')).toContain('Subscribers without a price: 1;');
    // 'again' has two spells, of which one has ended.
    expect(noticeOf(report, 'risk_model')).toContain('2 of 6 subscriptions have ended');
    const bare = await churnOf('bare.csv', ['a,2024-01-01,,', 'b,2024-01-01,2024-02-01,'], ...horizon);
    expect(noticeOf(bare, 'no_price')).toContain('No subscription has a price');
    expect(tableOf(bare, 'bands').map((row: Json) => row.value_at_stake)).toContain(null);
  });

  test('an end that is known ahead is a risk of 100 % within the horizon, and evidence', async () => {
    const rows = [
      'soon,2024-01-01,2025-02-01,5',
      'late,2024-01-01,2025-12-01,5',
      'stays,2024-01-01,,5',
      'other,2024-01-01,2025-02-01,5',
      'other,2024-01-01,,5',
    ];
    const report = await churnOf('ends.csv', rows, '--as-of', '2024-12-31', '--horizon', '90');
    const risks = risksOf(report);
    expect(risks.soon).toBe(100);
    expect(risks.stays).toBeLessThan(50);
    expect(risks.late).toBe(risks.stays);
    expect(risks.other).toBe(risks.stays);
    const evidence = Object.fromEntries(
      tableOf(report, 'churn_risk').map((row: Json) => [row.customer_id, row.evidence]),
    );
    expect(evidence).toEqual({
      soon: 'subscription ends 2025-02-01',
      late: 'subscription ends 2025-12-01',
      stays: null,
      other: null,
    });
    expect(noticeOf(report, 'known_ends')).toContain('known already: 1;');
  });

  test('billed by calendar months with a hazard of one in five, half leave within 90 days', async () => {
    // A linear congruential generator, so that every run is the same.
    let state = 20241226;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const [asOf, months] = ['2024-12-31', 36];
    const rows: string[] = [];
    for (let i = 0; i < 4000; i++) {
      const begun = Math.floor(random() * months);
      let left = begun + 1;
      while (random() >= 0.2) left++;
      const day = (month: number) => new Date(Date.UTC(2022, month, 1)).toISOString().slice(0, 10);
      rows.push(`c${i},${day(begun)},${left < months ? day(left) : ''},10`);
    }
    const report = await churnOf('billed.csv', rows, '--as-of', asOf, '--horizon', '90');
    const staying = tableOf(report, 'churn_risk').filter((row: Json) => row.band !== 'lost');
    expect(staying.length).toBeGreaterThan(300);
    const told = staying.reduce((sum: number, row: Json) => sum + row.risk, 0) / staying.length;
    // 1 - 0.8 ** (90 / 30.4375) = 48.3 %.
    expect(Math.abs(told - 48.3)).toBeLessThan(1.5);
  });
});
