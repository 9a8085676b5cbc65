import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const orders = (amount: number, more = '') =>
  `order_id,date,customer_id,amount\n1,2024-01-02,a,${amount}\n${more}`;

test('names that mean something to the engine are names of files', async () => {
  const folder = dirname(files.write('orders.csv', orders(5, '2,2024-01-03,b,1,too,many,cells\n')));
  // What the engine would read for '~/orders.csv'.
  mkdirSync(files.path('home'));
  files.write(join('home', 'orders.csv'), orders(999));
  const names = ['~/orders.csv', '~orders.csv', 'file:orders.csv', 'http:orders [1]*.csv', "it's {a,b}.csv"];
  for (const name of names) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    copyFileSync(files.path('orders.csv'), join(folder, name));
    const args = ['metrics', name, '--max-rejects', '50%', '--json'];
    const outcome = await retain(args, { cwd: folder, env: { HOME: files.path('home') } });
    expect([name, outcome.code, outcome.stderr]).toEqual([name, 0, '']);
    const report = JSON.parse(outcome.stdout);
    expect(report.sources).toMatchObject([{ file: name, rows_read: 2, rows_used: 1, rows_rejected: 1 }]);
    const [kpis] = report.tables;
    expect(kpis.rows[0]).toMatchObject({ kpi: 'revenue', value: 5 });
  }
});
