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
});
