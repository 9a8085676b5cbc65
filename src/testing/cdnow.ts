import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpendHistories } from '../stats/gamma-gamma.js';
import type { PurchaseHistories } from '../stats/purchase-histories.js';
import { projectRoot } from './cli.js';

/** The histories of fixtures/cdnow, time in weeks. */
export function cdnowHistories(): PurchaseHistories {
  const rows = numbersOf('fixtures/cdnow/histories.csv');
  return {
    frequency: column(rows, (row) => row[0]!),
    recency: column(rows, (row) => row[1]! / 7),
    age: column(rows, (row) => row[2]! / 7),
    weight: column(rows, (row) => row[3]!),
  };
}

/** What its repeat buyers spent, in dollars. */
export function cdnowSpend(): SpendHistories {
  const rows = numbersOf('fixtures/cdnow/repeat-spend.csv');
  return {
    purchases: column(rows, (row) => row[0]!),
    mean: column(rows, (row) => row[1]! / row[0]!),
    weight: column(rows, (row) => row[2]!),
  };
}

/** The same from lines of customer_id, date, cds, amount, of whom purchases up to `end` are known. */
export function historiesOfLines(
  path: string,
  end: string,
): { histories: PurchaseHistories; spend: SpendHistories } {
  const dayOf = (date: string) => Date.parse(date) / 86_400_000;
  const customers = new Map<string, Map<number, number>>();
  for (const line of readFileSync(path, 'utf8').trim().split('\n').slice(1)) {
    const [customer, date, , amount] = line.split(',') as [string, string, string, string];
    if (date > end) continue;
    const days = customers.get(customer) ?? new Map<number, number>();
    days.set(dayOf(date), (days.get(dayOf(date)) ?? 0) + Math.round(Number(amount) * 100));
    customers.set(customer, days);
  }
  const rows = [...customers.values()].map((days) => {
    const order = [...days.keys()].sort((one, other) => one - other);
    const [first, last] = [order[0]!, order.at(-1)!];
    const cents = order.slice(1).reduce((sum, day) => sum + days.get(day)!, 0);
    return [order.length - 1, (last - first) / 7, (dayOf(end) - first) / 7, cents / 100];
  });
  const repeat = rows.filter((row) => row[0]! > 0);
  return {
    histories: {
      frequency: column(rows, (row) => row[0]!),
      recency: column(rows, (row) => row[1]!),
      age: column(rows, (row) => row[2]!),
      weight: column(rows, () => 1),
    },
    spend: {
      purchases: column(repeat, (row) => row[0]!),
      mean: column(repeat, (row) => row[3]! / row[0]!),
      weight: column(repeat, () => 1),
    },
  };
}

function numbersOf(path: string): number[][] {
  const lines = readFileSync(join(projectRoot, path), 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number));
}

function column(rows: readonly number[][], of: (row: number[]) => number): Float64Array {
  return Float64Array.from(rows, of);
}
