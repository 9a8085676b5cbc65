import {
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  type DuckDBDoubleVector,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { exitCodes, UserError } from '../../core/errors.js';
import type { Cell } from '../../core/table.js';
import { raw, type Sql } from '../../sql/sql.js';
import type { Engine, EngineOptions, Row } from '../engine.js';
import type { Loader } from '../loader.js';
import { duckdbDialect } from './dialect.js';
import { DuckDBLoader } from './loader.js';
import { parsingMacros } from './macros.js';

/** Opens an in-memory DuckDB that never reaches for the network and spills into the temporary folder. */
export async function openDuckDB(options: EngineOptions): Promise<Engine & { readonly loader: Loader }> {
  const settings: Record<string, string> = {
    temp_directory: options.temporaryFolder,
    // Results are ordered where order matters; keeping file order everywhere costs time and memory.
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (options.memory !== undefined) settings.memory_limit = options.memory;
  if (options.threads !== undefined) settings.threads = String(options.threads);
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(':memory:', settings);
  } catch (error) {
    throw new UserError(`the engine does not start: ${firstLine(error)}`, {
      remedy: "Give --memory a size such as '500MB' or '4GB', and --threads a whole number.",
      exitCode: exitCodes.usage,
      cause: error,
    });
  }
  const engine = new DuckDBEngine(instance, await instance.connect());
  for (const macro of parsingMacros) await engine.run(macro);
  return engine;
}

class DuckDBEngine implements Engine {
  readonly dialect = duckdbDialect;
  readonly loader: Loader = new DuckDBLoader(this);
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** Where tables are made. */
  #schema = 'main';

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  async run(statement: Sql): Promise<void> {
    await this.#execute(statement, () => this.#connection.run(statement.text, [...statement.values]));
  }

  async query(statement: Sql): Promise<Row[]> {
    const reader = await this.#execute(statement, () =>
      this.#connection.runAndReadAll(statement.text, [...statement.values]),
    );
    return reader.getRowObjects().map(toRow);
  }

  async *stream(statement: Sql): AsyncGenerator<Row[]> {
    const result = await this.#execute(statement, () =>
      this.#connection.stream(statement.text, [...statement.values]),
    );
    const batches = result.yieldRowObjects();
    while (true) {
      const batch = await this.#execute(statement, () => batches.next());
      if (batch.done === true) return;
      yield batch.value.map(toRow);
    }
  }

  async columns(statement: Sql): Promise<Float64Array[]> {
    const result = await this.#execute(statement, () =>
      this.#connection.stream(statement.text, [...statement.values]),
    );
    const parts: Float64Array[][] = Array.from({ length: result.columnCount }, () => []);
    while (true) {
      const chunk = await this.#execute(statement, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) break;
      parts.forEach((of, column) => {
        const vector = chunk.getColumnVector(column);
        const numbers = new Float64Array(chunk.rowCount);
        for (let row = 0; row < numbers.length; row++) {
          const item = vector.getItem(row);
          if (typeof item !== 'number') throw new Error(`a query for numbers gave ${String(item)}`);
          numbers[row] = item;
        }
        of.push(numbers);
      });
    }
    return parts.map(joined);
  }

  async loadColumns(table: string, columns: Readonly<Record<string, Float64Array>>): Promise<void> {
    const names = Object.keys(columns);
    const values = Object.values(columns);
    await this.run(raw(`create table ${table} (${names.map((name) => `${name} double`).join(', ')})`));
    const appender = await this.#connection.createAppender(table, this.#schema);
    const rows = values[0]?.length ?? 0;
    for (let from = 0; from < rows; from += rowsOfChunk) {
      const length = Math.min(rowsOfChunk, rows - from);
      const chunk = DuckDBDataChunk.create(
        names.map(() => DOUBLE),
        length,
      );
      values.forEach((column, index) => {
        const vector = chunk.getColumnVector(index) as DuckDBDoubleVector;
        for (let row = 0; row < length; row++) vector.setItem(row, column[from + row]!);
        vector.flush();
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  async inScope<T>(work: () => Promise<T>): Promise<T> {
    await this.#connection.run("create schema scope; set search_path = 'scope,main'");
    this.#schema = 'scope';
    try {
      return await work();
    } finally {
      this.#schema = 'main';
      await this.#connection.run("set search_path = 'main'; drop schema scope cascade");
    }
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #execute<T>(statement: Sql, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && /Out of Memory Error/i.test(error.message)) {
        throw new UserError(`the work does not fit the memory given: ${firstLine(error)}`, {
          remedy: 'Give more with --memory, fewer --threads, or a --temp folder with more room.',
          cause: error,
        });
      }
      if (error instanceof Error && /CSV (Parser|Error)|csv scanner/i.test(error.message)) {
        throw new UserError(
          'a CSV file cannot be split into rows: its line ends or quotes change on the way',
          {
            remedy:
              'Make all its line ends and quotes alike, for instance by saving it again from a spreadsheet.',
            cause: error,
          },
        );
      }
      // The engine keeps 10 000 bytes of a line that does not split, and fails where that cuts a character in two.
      if (error instanceof Error && /^Invalid Input Error: Invalid unicode/i.test(error.message)) {
        throw new UserError(
          'a line of a CSV file that does not split into the columns of the header is longer than 10,000 bytes',
          {
            remedy: 'Look for a row that runs into the next ones, and mend it or export the file again.',
            cause: error,
          },
        );
      }
      if (error instanceof Error && isParquetDamage(error, statement)) {
        throw new UserError(`a Parquet file is damaged: ${firstLine(error)}`, {
          place: placeOfParquet(statement),
          remedy: 'Copy or export it again.',
          cause: error,
        });
      }
      throw error;
    }
  }
}

/** Rows of a chunk of the engine. */
const rowsOfChunk = 2048;

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The same object, which nobody else has. */
function toRow(row: Record<string, DuckDBValue | Cell>): Row {
  for (const name in row) row[name] = toCell(row[name] as DuckDBValue);
  return row as Row;
}

/** Faults in the data, and not in the statement, while Parquet is read. */
function isParquetDamage(error: Error, { text }: Sql): boolean {
  return (
    text.includes('read_parquet(') && !/^(Binder|Parser|Catalog|INTERNAL|Interrupt)/i.test(error.message)
  );
}

/** The file, where the statement reads but one. */
function placeOfParquet({ text }: Sql): { file?: string } {
  const lists = [...text.matchAll(/read_parquet\(\['((?:[^']|'')*)'(,?)/g)];
  const paths = new Set(lists.map((match) => match[1]!));
  const isOne = paths.size === 1 && lists.every((match) => match[2] === '');
  return isOne ? { file: [...paths][0]!.replaceAll("''", "'").replace(/\[([*?[])\]/g, '$1') } : {};
}

function toCell(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`a query gave ${value}`);
    return value;
  }
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof DuckDBDecimalValue || value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return value.toString();
  throw new Error(`a query gave a value of an unexpected type: ${String(value)}`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
