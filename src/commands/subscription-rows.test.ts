import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Json, projectRoot, retainJson, rowsBy, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();

const shop = (name: string) => join(projectRoot, 'fixtures/shop', name);

test('customers with a status of their own are no subscribers', async () => {
  const [header, ...rows] = readFileSync(shop('customers.csv'), 'utf8').trim().split('\n');
  const lines = rows.map((row, i) => `${row},${['active', 'inactive', 'new'][i % 3]}`);
  const file = files.write('customers-status.csv', [`${header},status`, ...lines].join('\n'));
  for (const command of ['metrics', 'churn']) {
    const [plain, withStatus] = [
      await retainJson(command, shop('orders.csv'), shop('customers.csv')),
      await retainJson(command, shop('orders.csv'), file),
    ];
    expect(withStatus.tables).toEqual(plain.tables);
  }
});

test('of customers and subscriptions in two files, those without a subscription are no subscribers', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
  const customers = files.write(
    'all-customers.csv',
    ['customer_id,name,registered', ...names.map((id) => `${id},Ann ${id},2023-12-01`)].join('\n'),
  );
  const subscriptions = files.write(
    'some-subscriptions.csv',
    [
      'customer_id,subscription_start,cancelled_on,subscription_price',
      ...names.slice(0, 6).map((id, i) => `${id},2024-01-10,${i < 3 ? '2024-03-10' : ''},10`),
    ].join('\n'),
  );
  const active = (report: Json) => rowsBy(report, 'kpis', 'kpi').customers_end.value;
  for (const order of [
    [customers, subscriptions],
    [subscriptions, customers],
  ]) {
    const metrics = await retainJson('metrics', ...order, '--as-of', '2024-03-31');
    expect(active(metrics)).toBe(3);
    const churn = await retainJson('churn', ...order, '--as-of', '2024-03-31');
    const listed = rowsBy(churn, 'churn_risk', 'customer_id');
    expect(Object.keys(listed).sort()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
    expect(listed.c0.band).toBe('lost');
  }
});

test('a status and a price alone are a subscription, also where another file names the customer first', async () => {
  const customers = files.write(
    'named.csv',
    'customer_id,name,registered\nA,Ann,2024-01-01\nB,Bob,2024-01-02\nC,Cid,2024-01-03\n',
  );
  const subscriptions = files.write(
    'states.csv',
    'customer_id,subscription_status,subscription_price,registered\nA,active,10,2024-01-01\nB,,,2024-01-02\nC,active,20,2024-01-03\n',
  );
  const metrics = await retainJson('metrics', customers, subscriptions, '--as-of', '2024-01-31');
  expect(rowsBy(metrics, 'kpis', 'kpi').customers_end.value).toBe(2);
});
