import { describe, expect, it } from 'vitest';
import { retain, retainJson, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();

describe('retain inspect', () => {
  it('reads the generated shop as it is', async () => {
    const report = await retainJson('inspect', 'fixtures/shop/orders.csv', 'fixtures/shop/customers.csv');
    const [columns, sources] = report.tables;
    expect(sources.rows).toMatchObject([
      { role: 'orders', rows: 2603, encoding: 'utf-8', delimiter: ',' },
      { role: 'customers', rows: 400 },
    ]);
    expect(columns.rows.map((row: { field: string | null }) => row.field)).toEqual([
      ...['order_id', 'date', 'customer_id', 'product', null, 'quantity', 'unit_price', 'discount', 'status'],
      ...['customer_id', 'name', 'email', 'phone', 'registered', 'channel'],
    ]);
  });

  it('tells a damaged file in its place, looks at the others and ends with code 1', async () => {
    const damaged = files.write('damaged.xlsx', 'PK\u0003\u0004 and no more');
    const outcome = await retain([
      'inspect',
      'fixtures/shop/spend.csv',
      damaged,
      'fixtures/shop/customers.csv',
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(`retain: ${damaged}: `);
    const places = ['fixtures/shop/spend.csv\n', `${damaged}\n`, 'fixtures/shop/customers.csv\n'].map(
      (name) => outcome.stdout.indexOf(name),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places.every((place) => place > 0)).toBe(true);
  });

  it('a column that is named is found by its letters, and said where no file has it', async () => {
    const orders = files.write('sums.csv', 'order_id,date,Total Paid,Net sum\n1,2024-01-02,5,4\n');
    for (const command of ['inspect', 'metrics']) {
      const found = await retain([command, orders, '--column', 'amount=total-paid', '--quiet']);
      expect([command, found.code, found.stderr]).toEqual([command, 0, '']);
      const missing = await retain([
        command,
        orders,
        '--column',
        'discount=Rebate',
        '--column',
        'amount=Net sum',
      ]);
      expect(missing).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          "--column names 'Rebate', which no file has\n  Columns found: 'order_id', 'date', 'Total Paid', 'Net sum'.",
        ),
      });
    }
  });

  it('looks at tables of very many columns in seconds', async () => {
    const columns = Array.from({ length: 10_000 }, (_, index) => index);
    const groups = columns.map((index) => (index % 2 === 0 ? `Group ${index}` : ''));
    const lines = [groups, columns.map((index) => `Name ${index}`), columns];
    const wide = files.write('wide.csv', lines.map((cells) => cells.join(',')).join('\n'));
    const outcome = await retain(['inspect', wide, '--json']);
    expect(JSON.parse(outcome.stdout).tables[0].rows).toHaveLength(10_000);
  }, 20_000);
});
