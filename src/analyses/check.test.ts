import { describe, expect, it } from 'vitest';
import type { Cell } from '../core/table.js';
import { selectFor } from '../output/select.js';
import { temporaryFiles } from '../testing/cli.js';
import { metricsRequest, silent } from '../testing/report.js';
import { type CheckRequest, checkReport } from './check.js';

const files = temporaryFiles();

async function checked(paths: readonly string[], options: Partial<CheckRequest> = {}) {
  const { report, shares } = await checkReport(
    { ...metricsRequest(paths), staleDays: 180, ...options },
    silent,
  );
  const table = (name: string): Record<string, Cell | undefined>[] => {
    const { columns, rows } = selectFor('file', report, 'en').tables.find((one) => one.name === name)!;
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index]])));
  };
  const checks: Record<string, Record<string, Cell | undefined>> = Object.fromEntries(
    table('checks').map((row) => [row.check, row]),
  );
  const found = Object.fromEntries(
    Object.entries(checks)
      .filter(([, row]) => Number(row.count) > 0)
      .map(([name, row]) => [name, row.count]),
  );
  const examples = table('examples').map((row) => [row.check, row.row, row.value]);
  return { report, shares, checks, found, examples };
}

/** 28 orders of 14 customers on 28 days, each of 10 to 23. */
const cleanOrders = Array.from({ length: 28 }, (_, index) => {
  const day = String(index + 1).padStart(2, '0');
  return [`O${index + 1}`, `2024-02-${day}`, `C${(index % 14) + 1}`, `${10 + (index % 14)}.00`, 'EUR'];
});
const cleanCustomers = Array.from({ length: 14 }, (_, index) => [
  `C${index + 1}`,
  `Name ${index + 1}`,
  `name${index + 1}@shop.de`,
  `+49301234${String(index + 10)}`,
  '1980-05-17',
  '2024-01-15',
]);
const csv = (header: string, rows: readonly (readonly string[])[]) =>
  `${header}\n${rows.map((row) => row.join(',')).join('\n')}\n`;
const orderHeader = 'Order ID,Date,Customer ID,Amount,Currency';
const customerHeader = 'Customer ID,Name,E-mail,Phone,Birthday,Last contact';

describe('check', () => {
  it('finds nothing in a clean base', async () => {
    const { found, checks, report } = await checked([
      files.write('clean-orders.csv', csv(orderHeader, cleanOrders)),
      files.write('clean-customers.csv', csv(customerHeader, cleanCustomers)),
    ]);
    expect(found).toEqual({});
    expect(new Set(Object.values(checks).map(({ severity }) => severity))).toEqual(new Set(['none']));
    expect(report.notices.map(({ code }) => code)).toContain('nothing_found');
    expect(report.asOf).toBe('2024-02-28');
  });

  it('finds each planted fault, where it is, and nothing else', async () => {
    const orders = files.write(
      'faulty-orders.csv',
      csv(orderHeader, [
        ...cleanOrders,
        ['O29', '2024-02-10', '', '12.00', 'EUR'], // row 30: without a customer
        ['O30', '2024-02-10', 'X1', '12.00', 'EUR'], // 31: customer not listed
        ['O31', '2099-01-01', 'C1', '12.00', 'EUR'], // 32: in the future
        ['O32', '1900-01-01', 'C1', '12.00', 'EUR'], // 33: before 1990
        ['O33', '2024-02-11', 'C2', '0', 'EUR'], // 34: zero
        ['O34', '2024-02-11', 'C2', '-12.00', 'EUR'], // 35: negative
        ['O35', '2024-02-11', 'C2', '99000', 'EUR'], // 36: far outside
        ['O1', '2024-02-01', 'C1', '10.00', 'EUR'], // 37: stands twice
        ['O2', '2024-02-02', 'C5', '14.00', 'EUR'], // 38: order of several customers
        ['O36', '2024-02-12', 'C3', '12.00', 'USD'], // 39: another currency
        ['O37', 'soon', 'C3', '12.00', 'EUR'], // 40: cannot be read
      ]),
    );
    const customers = files.write(
      'faulty-customers.csv',
      csv(customerHeader, [
        ...cleanCustomers,
        ['C15', 'Silent', '', '', '1990-01-01', '2023-01-01'], // 16: no contacts, no orders, contact long ago
        ['C16', 'Bad', 'a@b', '+49 12', '1850-01-01', ''], // 17: invalid, before 1900, no orders
        ['C17', 'Young', 'young@shop.de', '+493012999', '2031-01-01', ''], // 18: born later, no orders
        ['C18', 'Odd', 'odd@shop.de', '+493012888', '31.31.2000', ''], // 19: birthday unreadable, no orders
        ['C1', 'Other name', '', '', '', ''], // 20: same id, other data
        ['C19', 'Twin', 'name2@shop.de', '', '', ''], // 21: same person as C2, who has a phone and orders
      ]),
    );
    const { found, examples, shares } = await checked([orders, customers]);
    expect(found).toEqual({
      faulty_rows: 1,
      dates_in_future: 1,
      dates_before_1990: 1,
      zero_amounts: 1,
      negative_amounts: 1,
      amounts_far_outside: 1,
      several_currencies: 1,
      orders_without_customer: 1,
      customers_not_listed: 1,
      customers_without_orders: 4,
      repeated_lines: 1,
      orders_of_several_customers: 1,
      ids_with_different_data: 1,
      persons_under_several_ids: 1,
      without_phone: 1,
      without_email: 1,
      without_contacts: 1,
      invalid_phones: 1,
      invalid_emails: 1,
      unreadable_birthdays: 1,
      birthdays_in_future: 1,
      birthdays_before_1900: 1,
      stale_contacts: 1,
    });
    expect(examples).toEqual(
      expect.arrayContaining([
        ['orders_without_customer', 30, 'O29'],
        ['customers_not_listed', 31, 'X1'],
        ['dates_in_future', 32, '2099-01-01'],
        ['dates_before_1990', 33, '1900-01-01'],
        ['negative_amounts', 35, '-12.00'],
        ['amounts_far_outside', 36, '99000.00'],
        ['repeated_lines', 37, 'O1'],
        ['several_currencies', 39, 'USD'],
        ['without_contacts', 16, 'C15'],
        ['invalid_emails', 17, 'a@b'],
        ['birthdays_in_future', 18, '2031-01-01'],
        ['ids_with_different_data', 20, 'C1'],
      ]),
    );
    expect(shares.find(({ title }) => title.en === 'Rows that cannot be used')?.share).toBeCloseTo(
      1 / 59,
      12,
    );
  });

  it('compares with the as-of date where one is given', async () => {
    const path = files.write('as-of.csv', csv(orderHeader, cleanOrders));
    const { found } = await checked([path], { asOf: '2024-02-20' });
    expect(found).toEqual({ dates_in_future: 8 });
  });

  it('looks at what others stop at: hardly a row that can be read, and customers alone', async () => {
    const bad = files.write(
      'bad.csv',
      csv('Order ID,Date,Amount', [
        ['1', 'x', '1'],
        ['2', 'y', '1'],
        ['3', '2024-01-01', '1'],
      ]),
    );
    expect((await checked([bad])).found).toEqual({ faulty_rows: 2, orders_without_customer: 1 });
    const alone = files.write('alone.csv', csv(customerHeader, cleanCustomers));
    const { found, checks } = await checked([alone]);
    expect(found).toEqual({});
    expect(checks.gaps).toMatchObject({ severity: 'not_checked', count: null, rule: 'no file of orders' });
  });
});
