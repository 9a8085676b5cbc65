import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, projectRoot, retain, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const names = ['orders', 'customers', 'spend', 'contacts', 'feedback', 'incidents'];
const shop = (folder: string) => names.map((name) => `fixtures/${folder}/${name}.csv`);
const files = temporaryFiles();

describe('contacts, feedback and incidents beside orders', () => {
  test('every row is accounted for, in English and Russian alike, and no KPI moves', async () => {
    const [english, russian, without] = await Promise.all([
      retainJson('metrics', ...shop('shop')),
      retainJson('metrics', ...shop('shop-ru')),
      retainJson('metrics', ...shop('shop').slice(0, 3)),
    ]);
    const accounts = (report: Json) =>
      Object.fromEntries(
        report.sources.map((source: Json) => [source.role, [source.rows_read, source.rows_used]]),
      );
    expect(accounts(english)).toMatchObject({
      contacts: [2504, 2504],
      feedback: [279, 279],
      incidents: [80, 80],
    });
    expect(accounts(russian)).toEqual(accounts(english));
    expect(rowsBy(english, 'kpis', 'kpi')).toEqual(rowsBy(without, 'kpis', 'kpi'));
    // All of them are of customers that the shop knows.
    const codes = [...english.warnings, ...english.notes].map(({ code }: Json) => code);
    expect(codes.filter((code: string) => code.endsWith('_unmatched'))).toEqual([]);
  });

  test('inspect tells the roles, an option forces one', async () => {
    const report = await retainJson('inspect', ...shop('shop-ru'));
    const roles = report.tables.find(({ name }: Json) => name === 'files').rows.map(({ role }: Json) => role);
    expect(roles).toEqual(names);
    const log = files.write('log.csv', 'customer_id,date,channel\nA,2024-01-05,mail\n');
    const orders = files.write('orders.csv', 'customer_id,date,amount\nA,2024-01-01,10\n');
    const forced = await retainJson('metrics', orders, '--contacts', log);
    expect(forced.sources.map(({ role }: Json) => role)).toEqual(['orders', 'contacts']);
  });

  test('alone they are no base', async () => {
    const outcome = await retain(['metrics', 'fixtures/shop/feedback.csv']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('no purchases and no subscriptions');
  });

  test('a configuration names them, and init writes them', async () => {
    const out = files.path('retain.yaml');
    const paths = shop('shop').map((path) => join(projectRoot, path));
    await retain(['init', ...paths, '--out', out]);
    const text = readFileSync(out, 'utf8');
    for (const role of names) expect(text).toContain(`role: ${role} `);
    const report = await retainJson('metrics', '--config', out);
    expect(report.sources).toHaveLength(6);
  });

  test('a faulty score stops a file of feedback with its place', async () => {
    const orders = files.write('sales.csv', 'customer_id,date,amount\nA,2024-01-01,10\n');
    const feedback = files.write('nps.csv', 'customer_id,date,NPS\nA,2024-01-02,17\n');
    const { code, stderr } = await retain(['metrics', orders, feedback]);
    expect(code).toBe(1);
    expect(stderr).toContain("row 2, column 'NPS', value '17'");
  });
});
