import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceAccount } from '../../core/table.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { readInputs } from '../../input/read.js';
import { loadBase } from '../../model/base.js';
import { fates } from '../../model/fate.js';
import { orderLines } from '../../model/order-lines.js';
import { orderFields, overlapFields } from '../../model/orders.js';
import { stageSource } from '../../model/staging.js';
import { raw, sql } from '../../sql/sql.js';
import { type Amount, amountOf } from './amount.js';

/** An order line as retain reads it. */
export interface ReadLine {
  readonly fate: string;
  readonly orderId: string | null;
  readonly customerId: string | null;
  /** 'YYYY-MM-DD HH:MM:SS'. */
  readonly at: string | null;
  readonly amount: Amount | null;
  readonly isReturn: boolean;
  readonly product: string | null;
}

export interface ReadOrders {
  /** In file order. */
  readonly lines: readonly ReadLine[];
  /** Undefined where they were not asked for. */
  readonly accounts: readonly SourceAccount[] | undefined;
}

const identity = { country: undefined, sharedLimit: 10 };
const fateNames = new Map<number, string>(Object.entries(fates).map(([name, number]) => [number, name]));

/**
 * Reads the lines of files of orders the way every command does, and where `accounts` are asked for the whole
 * base besides, which takes as long again. The engine is left empty, so that
 * one serves for thousands of files.
 */
export async function readOrders(
  engine: LoadingEngine,
  paths: readonly string[],
  folder: string,
  ask: { readonly accounts: boolean },
): Promise<ReadOrders> {
  const temporaryFolder = mkdtempSync(join(folder, 'read-'));
  try {
    return await readInto(engine, paths, temporaryFolder, ask);
  } finally {
    await emptyEngine(engine);
    rmSync(temporaryFolder, { recursive: true });
  }
}

async function readInto(
  engine: LoadingEngine,
  paths: readonly string[],
  temporaryFolder: string,
  ask: { readonly accounts: boolean },
): Promise<ReadOrders> {
  const inputs = await readInputs(
    paths.map((path) => ({ path, settings: {} })),
    [],
    { engine, temporaryFolder },
  );
  const options = { temporaryFolder, dateOrder: undefined };
  try {
    const base = ask.accounts
      ? await loadBase(engine, inputs.sources, { ...options, asOf: undefined, maxRejectedShare: 1, identity })
      : undefined;
    const lines: ReadLine[] = [];
    for (const [index, source] of inputs.sources.entries()) {
      if (source.role !== 'orders') continue;
      const staged = await stageSource(
        engine,
        index,
        source,
        [...orderFields, ...overlapFields],
        ['date'],
        options,
      );
      const rows = await engine.loader.inFileOrder(() =>
        engine.query(sql`
          select fate, order_id, customer_id, strftime(ordered_at, '%Y-%m-%d %H:%M:%S') as at, amount, is_return, product
          from (${orderLines(staged, engine.loader.rowsOf(staged.scan), undefined, { numbered: false })}) as lines`),
      );
      for (const row of rows) {
        lines.push({
          fate: fateNames.get(Number(row.fate))!,
          orderId: row.order_id as string | null,
          customerId: row.customer_id as string | null,
          at: row.at as string | null,
          amount: row.amount === null ? null : amountOf(String(row.amount)),
          isReturn: row.is_return === true,
          product: row.product as string | null,
        });
      }
    }
    return { lines, accounts: base?.accounts };
  } finally {
    await inputs.close();
  }
}

async function emptyEngine(engine: LoadingEngine): Promise<void> {
  const names = await engine.query(sql`
    select view_name as name, 'view' as kind from duckdb_views() where not internal
    union all select table_name, 'table' from duckdb_tables()`);
  for (const { kind, name } of names) await engine.run(raw(`drop ${kind} "${name}"`));
}
