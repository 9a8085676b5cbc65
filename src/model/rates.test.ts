import { describe, expect, test } from 'vitest';
import { openDuckDB } from '../engines/duckdb/engine.js';
import { raw, sql } from '../sql/sql.js';
import { convertRows, noRate, type Rates } from './rates.js';

const rates: Rates = {
  base: 'RUB',
  byCurrency: { EUR: '98.5', USD: { '2024-01': '89.9', '2024-02': '91.12345678' }, KZT: {} },
};

/** Rows (fate, currency, amount, day) and what becomes of them. */
async function convert(rows: readonly (readonly [number, string | null, string, string])[], used = rates) {
  const engine = await openDuckDB({ temporaryFolder: '/tmp' });
  try {
    const values = rows.map(
      ([fate, currency, amount, day]) =>
        sql`select cast(${fate} as tinyint) as fate, cast(${currency} as varchar) as currency,
          cast(${amount} as decimal(18,4)) as amount, cast(${day} as timestamp) as day`,
    );
    const all = values.reduce((one, other) => sql`${one} union all ${other}`);
    const found = await engine.query(convertRows(sql`(${all}) as given`, raw('day'), used));
    return found.map(({ fate, amount, missing_rate }) => [fate, amount, missing_rate]);
  } finally {
    await engine.close();
  }
}

describe('amounts in the base currency', () => {
  test('a fixed rate, a rate of the month, the base itself, and no currency', async () => {
    expect(
      await convert([
        [0, 'EUR', '10', '2024-01-05'],
        [0, 'EUR', '-10.01', '2030-01-05'],
        [0, 'USD', '2', '2024-01-31 23:59:59'],
        [0, 'USD', '2', '2024-02-01'],
        [0, 'RUB', '7.1234', '2024-02-01'],
        [0, null, '7.1234', '2024-02-01'],
      ]),
    ).toEqual([
      [0, '985.0000', null],
      [0, '-985.9850', null],
      [0, '179.8000', null],
      // 2 × 91.12345678 = 182.24691356
      [0, '182.2469', null],
      [0, '7.1234', null],
      [0, '7.1234', null],
    ]);
  });

  test('halves are rounded away from zero at the fourth digit', async () => {
    const half: Rates = { base: 'RUB', byCurrency: { EUR: '0.5' } };
    expect(
      await convert(
        [
          [0, 'EUR', '0.0001', '2024-01-05'],
          [0, 'EUR', '-0.0001', '2024-01-05'],
          [0, 'EUR', '0.0003', '2024-01-05'],
        ],
        half,
      ),
    ).toEqual([
      [0, '0.0001', null],
      [0, '-0.0001', null],
      [0, '0.0002', null],
    ]);
  });

  test('a used row without a rate is told by currency and month; one that does not count is not', async () => {
    expect(
      await convert([
        [0, 'USD', '1', '2024-03-05'],
        [1, 'USD', '1', '2024-03-05'],
        [0, 'GBP', '1', '2024-03-05'],
        [0, 'KZT', '1', '2024-03-05'],
      ]),
    ).toEqual([
      [0, '1.0000', 'USD 2024-03'],
      [1, '1.0000', null],
      [0, '1.0000', 'GBP 2024-03'],
      [0, '1.0000', 'KZT 2024-03'],
    ]);
  });

  test('an amount that grows beyond every amount is none', async () => {
    const high: Rates = { base: 'RUB', byCurrency: { EUR: '999999.99999999' } };
    expect(await convert([[0, 'EUR', '99999999999999.9999', '2024-01-01']], high)).toEqual([[3, null, null]]);
  });
});

test('what to add is told as it is written', () => {
  const error = noRate(['USD 2024-03', 'GBP 2024-03', 'USD 2024-04', 'GBP 2024-05'], rates);
  expect(error.message).toBe('no rate to RUB for GBP; USD in 2024-03, 2024-04');
  expect(error.remedy).toBe(
    'Add to rates in retain.yaml, as RUB for one unit: GBP: RATE, USD: {2024-03: RATE, 2024-04: RATE}.',
  );
});
