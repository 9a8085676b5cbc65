import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { UserError } from '../../core/errors.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { createRandom } from '../fixtures/random.js';
import type { TextForm } from './dialect.js';
import { mutate } from './mutate.js';
import { type ReadLine, type ReadOrders, readOrders } from './read-back.js';
import { type Case, describeCase, expectedLine, fileName, firstDifference, makeCase } from './round-trip.js';

export interface MutatedCase {
  readonly made: Case;
  readonly how: string;
  readonly bytes: Buffer;
}

/** The mutated file of a seed: the same on every machine. */
export async function makeMutatedCase(seed: number): Promise<MutatedCase> {
  const made = await makeCase(seed);
  return { made, ...mutate(made.bytes, createRandom(seed ^ 0x5bd1e995)) };
}

export interface MutatedOutcome {
  readonly seed: number;
  readonly outcome: 'read' | 'refused' | 'failed';
  /** What went wrong, in words. */
  readonly fault: string | undefined;
}

/**
 * Reads a mutated file. It is to be read or refused by a UserError, and what is read of it without a word is to
 * be true: a line whose cells are as they were is read as it was.
 */
export async function checkMutatedCase(
  engine: LoadingEngine,
  { made, how, bytes }: MutatedCase,
  folder: string,
): Promise<MutatedOutcome> {
  const { seed } = made;
  const path = join(folder, fileName(made.dialect));
  writeFileSync(path, bytes);
  const fault = (what: string) => ({
    seed,
    outcome: 'failed' as const,
    fault: describeCase(made, `after ${how}: ${what}`),
  });
  try {
    const read = await readOrders(engine, [path], folder, { accounts: true });
    const wrong = wrongWithoutWord(made, bytes, read);
    return wrong === undefined ? { seed, outcome: 'read', fault: undefined } : fault(wrong);
  } catch (error) {
    if (error instanceof UserError) {
      return /internal|state machine|Error:/i.test(error.message)
        ? fault(`the error is not for users: ${error.message}`)
        : { seed, outcome: 'refused', fault: undefined };
    }
    return fault(`it failed: ${error instanceof Error ? error.stack : error}`);
  }
}

function wrongWithoutWord(made: Case, bytes: Buffer, { lines, accounts }: ReadOrders): string | undefined {
  if (accounts?.some(({ reasons }) => reasons.some(({ fault }) => fault))) return undefined;
  const { dialect, orders, grid } = made;
  if (dialect.form.format !== 'csv' || dialect.form.isPacked) {
    // Archives and gzip have checksums: what can be read is what was written.
    const read = lines.filter(({ fate }) => fate !== 'blank' && fate !== 'total_row');
    if (read.length !== orders.lines.length) return `${read.length} lines were read without a word`;
    return firstDifference(orders, dialect, read);
  }
  const rows = plainRows(bytes, dialect.form);
  const header = grid.rows[dialect.titles.length]!.map(({ text }) => text);
  const start = rows?.findIndex((cells) => cells.join('\0') === header.join('\0')) ?? -1;
  if (rows === undefined || start < 0) return undefined;
  // Empty lines are no rows; blank ones are, and are left out with that reason.
  const below = rows.slice(start + 1).filter((cells) => cells.length > 1 || cells[0] !== '');
  if (below.length !== lines.length) {
    return `another reader finds ${below.length} lines, and ${lines.length} were read without a word`;
  }
  const key = (cells: readonly string[]) => header.map((_, index) => cells[index] ?? '').join('\0');
  const known = new Map<string, ReadLine>();
  for (const [index, line] of orders.lines.entries()) {
    const cells = grid.rows[dialect.titles.length + 1 + index]!.map(({ text }) => text);
    known.set(key(cells), expectedLine(orders, line, dialect));
  }
  for (const [index, cells] of below.entries()) {
    const expected = known.get(key(cells));
    if (expected === undefined || expected.fate === 'cancelled') continue;
    const found = lines[index]!;
    for (const name of ['orderId', 'customerId', 'at', 'amount'] as const) {
      if (expected[name] !== found[name]) {
        return `line ${index + 1} is as it was, and its ${name} ${expected[name]} is read as ${found[name]} without a word`;
      }
    }
  }
  return undefined;
}

/** The rows by another reader, strict and simple; undefined where it finds no sense in the file. */
function plainRows(bytes: Buffer, { encoding, delimiter }: TextForm): string[][] | undefined {
  try {
    const text = new TextDecoder(encoding.replace(' with mark', ''), { fatal: true }).decode(bytes);
    return parse(text, {
      delimiter,
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count_less: true,
    }) as string[][];
  } catch {
    return undefined;
  }
}
