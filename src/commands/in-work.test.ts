import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';
import { editWorkbook, workbookRows } from '../testing/edit-workbook.js';

const files = temporaryFiles();
const shop = ['fixtures/shop/orders.csv', 'fixtures/shop/customers.csv', '--no-identity'];

test('--limit leaves out nobody whom somebody is at work with, while they meet the condition', async () => {
  const path = files.path('list.xlsx');
  const list = (limit: string, asOf = '2024-12-31') =>
    retain([
      ...['list', ...shop, '--where', 'days_since_last_order < 100', '--as-of', asOf],
      ...['--limit', limit, '--out', path],
    ]);
  await list('5');
  const before = (await workbookRows(path)).map(({ Customer }) => Customer);
  await editWorkbook(path, (sheet) => {
    const headers = sheet.getRow(1).values as string[];
    const set = (row: number, header: string, value: string | number) => {
      sheet.getCell(row, headers.indexOf(header)).value = value;
    };
    set(3, 'Status', 'new');
    set(4, 'Owner', 'Olga');
    set(5, 'Result amount', 5);
    set(5, 'Status', 'New');
  });
  const { stderr } = await list('1');
  expect(stderr).toContain('Beyond the 1 of --limit, 2 more stay: somebody is at work with them');
  expect(stderr).toContain('left out: 2\n');
  const after = (await workbookRows(path)).map(({ Customer }) => Customer);
  expect(after).toEqual([before[0], before[2], before[3]]);
  // Who does not meet the condition leaves, be somebody at work or not.
  await list('1', '2026-12-31');
  expect(await workbookRows(path)).toEqual([]);
});

test('--top leaves out whom somebody is at work with only when they have bought', async () => {
  // Thirty who buy every month, of whom the first ten stopped in October.
  const orders = ['order_id,customer_id,order_date,amount'];
  for (let at = 10; at < 40; at += 1) {
    for (let turn = 0; turn < (at < 20 ? 10 : 12); turn += 1) {
      const day = new Date(Date.UTC(2023, 0, 2 + (at % 20) + 30 * turn)).toISOString().slice(0, 10);
      orders.push(`${at}-${turn},c${at},${day},${100 + at * (at < 30 ? 1 : 10)}`);
    }
  }
  const input = files.write('orders.csv', `${orders.join('\n')}\n`);
  const path = files.path('churn.csv');
  const churn = (day: string) => retain(['churn', input, '--as-of', day, '--top', '3', '--out', path]);
  await churn('2023-11-30');
  const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  const ids = () => lines().map((line) => line.slice(0, 3));
  const others = ['c12', 'c35'].filter((id) => !ids().includes(id));
  expect(others).not.toEqual([]);
  const [first] = lines() as [string];
  const added = others.map((id) => `${id}${first.slice(3).replace(/,,,,,,$/, ',Olga,,,,,')}\n`).join('');
  writeFileSync(path, readFileSync(path, 'utf8') + added);
  const { stderr } = await churn('2023-12-29');
  // One silent since October stays; one who has bought since the last order of the row leaves.
  expect(ids()).toContain('c12');
  expect(ids()).not.toContain('c35');
  expect(stderr).toContain('returned: ');
});
