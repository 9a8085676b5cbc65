import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { temporaryPath } from '../core/temporary.js';
import type { Prepared } from './source.js';

/** Counts the rows that are written, apart from the engine. */
export interface RowCounter {
  rows: number;
}

/**
 * Writes a table that the engine does not read itself as CSV, whose lines are the number of the row, the columns
 * wanted, and maybe some behind them.
 */
export async function numberedCopy(
  temporaryFolder: string,
  columns: { readonly wanted: number; readonly behind: number },
  linesOf: (counter: RowCounter) => AsyncIterable<string>,
): Promise<Prepared> {
  const path = temporaryPath(temporaryFolder, '.csv');
  const counter: RowCounter = { rows: 0 };
  await pipeline(Readable.from(linesOf(counter)), createWriteStream(path, { mode: 0o600 }));
  return {
    scan: {
      kind: 'csv',
      path,
      delimiter: ',',
      skipLines: 0,
      rowsCutOff: 0,
      columnCount: 1 + columns.wanted + columns.behind,
      hasShortRows: false,
      rowNumberColumn: 0,
    },
    positions: Array.from({ length: columns.wanted }, (_, position) => position + 1),
    rowsWritten: counter.rows,
  };
}
