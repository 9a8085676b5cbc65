import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { createRandom, type Random } from '../fixtures/random.js';
import { type Amount, plainText } from './amount.js';
import { isDecided, keptOf } from './dates.js';
import { canWriteIn, type Dialect, describeDialect, makeDialect } from './dialect.js';
import { type Grid, layOut } from './grid.js';
import { showsDecimalMark } from './numbers.js';
import { type ReadLine, type ReadOrders, readOrders } from './read-back.js';
import { makeOrders, type TrueLine, type TrueOrders } from './truth.js';
import { writeGrid } from './write.js';

/** A table whose values are known, the dialect it is written in, and its file. */
export interface Case {
  readonly seed: number;
  readonly orders: TrueOrders;
  readonly dialect: Dialect;
  readonly grid: Grid;
  readonly bytes: Buffer;
}

/** The case of a seed: the same on every machine. */
export async function makeCase(seed: number): Promise<Case> {
  const random = createRandom(seed);
  const { orders, dialect } = makeReadable(random);
  const grid = layOut(random, orders, dialect);
  return { seed, orders, dialect, grid, bytes: await writeGrid(grid, dialect) };
}

/** What the file of a dialect is called. */
export function fileName({ form }: Dialect): string {
  return form.format === 'csv' && form.isPacked ? 'orders.csv.gz' : `orders.${form.format}`;
}

/** A column of nothing but amounts like '1,234' is what its writer knows and no reader can: drawn anew. */
function makeReadable(random: Random): { orders: TrueOrders; dialect: Dialect } {
  for (;;) {
    const dialect = makeDialect(random);
    const orders = makeOrders(random, canWriteIn(dialect.form));
    const amounts = (['amount', 'unitPrice', 'discount'] as const).map((name) =>
      orders.lines.map((line) => line[name]),
    );
    if (!amounts.every((column) => showsDecimalMark(column, dialect.numbers))) continue;
    // Below prices alone a row of totals has nothing to tell, and counts as blank.
    return { orders, dialect: orders.columns.includes('amount') ? dialect : { ...dialect, total: '' } };
  }
}

/**
 * Reads the file of a case and compares it with the truth; of every fourth the account of its rows too.
 * @returns what differs first, in words, or undefined
 */
export async function checkCase(
  engine: LoadingEngine,
  { seed, orders, dialect, grid, bytes }: Case,
  folder: string,
): Promise<string | undefined> {
  const path = join(folder, fileName(dialect));
  writeFileSync(path, bytes);
  const isOpen =
    hasDateTexts(dialect) &&
    !isDecided(
      orders.lines.map(({ at }) => at),
      dialect.dates,
    );
  try {
    const read = await readOrders(engine, [path], folder, { accounts: seed % 4 === 0 });
    if (isOpen) return 'day and month cannot be told apart, and it was read without a word';
    return (
      differenceOfAccounts(read.accounts, orders.lines.length + grid.emptyRows + totalRows(dialect)) ??
      differenceOfLines(orders, dialect, read.lines)
    );
  } catch (error) {
    if (!(error instanceof UserError)) return `it failed: ${error instanceof Error ? error.stack : error}`;
    if (isOpen && error.message === 'day and month cannot be told apart in this column') return undefined;
    return `it was refused: ${error.message} (${JSON.stringify(error.place)})`;
  }
}

function totalRows({ total }: Dialect): number {
  return total === '' ? 0 : 1;
}

function hasDateTexts({ form }: Dialect): boolean {
  return form.format === 'csv' || form.dates === 'texts';
}

function differenceOfAccounts(accounts: ReadOrders['accounts'], written: number): string | undefined {
  if (accounts === undefined) return undefined;
  const [account] = accounts;
  if (accounts.length !== 1 || account === undefined) return `${accounts.length} tables were read`;
  const { rowsRead, rowsUsed, rowsMerged, rowsRejected, reasons } = account;
  const faults = reasons.filter(({ fault }) => fault);
  if (faults.length > 0) return `rows were rejected: ${JSON.stringify(faults)}`;
  if (rowsRead !== written) return `${written} rows were written and ${rowsRead} read`;
  return rowsRead === rowsUsed + rowsMerged + rowsRejected ? undefined : 'rows do not add up';
}

function differenceOfLines(
  orders: TrueOrders,
  dialect: Dialect,
  lines: readonly ReadLine[],
): string | undefined {
  const totals = lines.filter(({ fate }) => fate === 'total_row').length;
  if (totals !== totalRows(dialect)) return `${totals} rows were taken for totals`;
  const read = lines.filter(({ fate }) => fate !== 'blank' && fate !== 'total_row');
  if (read.length !== orders.lines.length) {
    return `${orders.lines.length} lines were written and ${read.length} read`;
  }
  return firstDifference(orders, dialect, read);
}

/** What differs first between the lines of a table and as many as were read of it. */
export function firstDifference(
  orders: TrueOrders,
  dialect: Dialect,
  read: readonly ReadLine[],
): string | undefined {
  for (const [index, line] of orders.lines.entries()) {
    const expected = expectedLine(orders, line, dialect);
    const found = { ...read[index]! };
    for (const name of Object.keys(expected) as (keyof ReadLine)[]) {
      // A cancelled line counts nowhere, whatever its amount.
      if (expected.fate === 'cancelled' && (name === 'amount' || name === 'isReturn')) continue;
      if (expected[name] !== (name === 'product' ? (found.product ?? '') : found[name])) {
        return `line ${index + 1}: ${name} was ${show(expected[name])} and read as ${show(found[name])}`;
      }
    }
  }
  return undefined;
}

function show(value: string | boolean | Amount | null): string {
  return typeof value === 'bigint' ? plainText(value) : JSON.stringify(value);
}

/** What retain is to read, by its documentation. */
export function expectedLine({ columns }: TrueOrders, line: TrueLine, dialect: Dialect): ReadLine {
  const has = (column: (typeof columns)[number]) => columns.includes(column);
  const returned = has('status') && line.status === 'returned';
  const amount = amountOf();
  return {
    fate: has('status') && line.status === 'cancelled' ? 'cancelled' : 'used',
    orderId: has('order_id') ? line.orderId.trim() || null : null,
    customerId: has('customer_id') ? line.customerId.trim() || null : null,
    at: keptOf(line.at, dialect.dates),
    amount: returned && amount > 0n ? 0n : amount,
    isReturn: returned || amount < 0n || (has('quantity') && line.quantity < 0n),
    product: has('product') ? line.product : '',
  };

  function amountOf(): Amount {
    if (has('amount')) return line.amount;
    if (!has('quantity')) return line.unitPrice;
    if (!has('discount')) return line.amount;
    return line.amount < 0n ? line.amount + line.discount : line.amount - line.discount;
  }
}

/** What whoever meets a failing case needs to know. */
export function describeCase({ seed, dialect, orders }: Case, difference: string): string {
  return [
    `seed ${seed}: ${difference}`,
    `  ${describeDialect(dialect)}`,
    `  columns ${orders.columns.join(', ')}; ${orders.lines.length} lines`,
    `  Again: RETAIN_SEED=${seed} npx vitest run src/testing/fuzz`,
  ].join('\n');
}
