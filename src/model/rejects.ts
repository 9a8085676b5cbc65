import type { LoadingEngine } from '../engines/loader.js';
import type { Field } from '../input/vocabulary.js';
import { raw, sql } from '../sql/sql.js';
import { faultyRows } from './accounts.js';
import type { StagedBase } from './base.js';
import { fates } from './fate.js';
import { placeOf, type StagedSource } from './staging.js';

/** An input row that does not count, and the cell that it was left out for. */
export interface RejectedRow {
  readonly file: string;
  readonly sheet: string | null;
  /** The number that a spreadsheet shows beside it, from 1. */
  readonly row: number;
  /** Null where no single cell is the reason. */
  readonly column: string | null;
  readonly value: string | null;
  /** Why, as the accounts of rows name it: 'bad_date', 'cancelled', ... */
  readonly reason: string;
}

/** What takes rejected rows as they come. */
export type RejectsSink = (rows: AsyncIterable<readonly RejectedRow[]>) => Promise<void>;

/**
 * Every rejected row of every source, in batches, by row within a source, and after them the lines that cannot be
 * split into columns. To be asked with order lines kept
 * (`keepLines`). No other query may run while it is read.
 */
export async function* rejectedRows(
  engine: LoadingEngine,
  base: Pick<StagedBase, 'orders' | 'customers' | 'spend' | 'interactions' | 'accounts'>,
): AsyncGenerator<readonly RejectedRow[]> {
  const { orders, customers, spend, interactions, accounts } = base;
  for (const [index, staged] of [...orders, ...customers, ...spend, ...interactions].entries()) {
    let found = 0;
    for (const rows of [unusableRows(engine, staged), brokenLines(staged)]) {
      for await (const batch of rows) {
        found += batch.length;
        yield batch;
      }
    }
    const { file, rowsRejected } = accounts[index]!;
    if (found !== rowsRejected) {
      throw new Error(`${rowsRejected} rows of ${file} are rejected and ${found} were found again`);
    }
  }
}

/** Rows that were split into columns and do not count. */
async function* unusableRows(
  engine: LoadingEngine,
  staged: StagedSource,
): AsyncGenerator<readonly RejectedRow[]> {
  const { source, columns } = staged.recognised;
  const rows = faultyRows(staged, raw(`fate not in (${fates.used}, ${fates.merged})`), { areKept: true });
  const counted: number[] = [];
  for await (const batch of engine.stream(
    sql`select row_number from (${rows}) as rows order by row_number`,
  )) {
    for (const row of batch) counted.push(Number(row.row_number));
  }
  if (counted.length === 0) return;
  const numbers = await source.rowNumbers(counted);
  let position = 0;
  for await (const batch of engine.stream(sql`${rows} order by row_number`)) {
    yield batch.map((row) => {
      const index = columns[row.field as Field];
      const number = numbers[position]!;
      position += 1;
      return {
        file: source.file,
        sheet: source.sheet,
        row: number,
        column: index === undefined ? null : source.header[index]!,
        value: row.content == null ? null : String(row.content),
        reason: fateNames.get(Number(row.fate))!,
      };
    });
  }
}

const fateNames: ReadonlyMap<number, string> = new Map(
  Object.entries(fates).map(([name, fate]) => [fate, name]),
);

/** Lines that cannot be split into columns, with their text. */
async function* brokenLines(staged: StagedSource): AsyncGenerator<readonly RejectedRow[]> {
  const { recognised, scan, loader } = staged;
  for await (const batch of loader.everyBrokenLine(scan)) {
    yield batch.map(({ line, text, isBadEncoding }) => ({
      ...placeOf(recognised),
      row: line + scan.rowsCutOff,
      column: null,
      value: text.replace(/[\r\n]+$/, ''),
      reason: isBadEncoding ? 'bad_encoding' : 'broken_line',
    }));
  }
}
