import type { Cell } from '../core/table.js';
import type { Dialect } from '../sql/dialect.js';
import type { Sql } from '../sql/sql.js';

export type Row = Readonly<Record<string, Cell>>;

export interface EngineOptions {
  /** Bound on the engine's memory ('500MB', '4GB'); past it work spills to the temporary folder. */
  readonly memory?: string;
  readonly threads?: number;
  /** Folder for spilled work; it must exist. */
  readonly temporaryFolder: string;
}

/** A SQL engine that holds the tables of one run. */
export interface Engine {
  readonly dialect: Dialect;
  /** Runs a statement for its effect. */
  run(statement: Sql): Promise<void>;
  /** Rows of a query: decimals and large integers as exact text, dates as 'YYYY-MM-DD'. */
  query(statement: Sql): Promise<Row[]>;
  /** The same in batches, for results of any size. No other statement may run before the last batch is taken. */
  stream(statement: Sql): AsyncGenerator<Row[]>;
  /** Tables that the work makes are its own: they may have names of others, which it does not see, and are gone after. */
  inScope<T>(work: () => Promise<T>): Promise<T>;
  /** Columns of a query whose values are all doubles, none of them null: millions of numbers for a model. */
  columns(statement: Sql): Promise<Float64Array[]>;
  /** Makes a table of columns of doubles, all of one length, such as what a model says of each customer. */
  loadColumns(table: string, columns: Readonly<Record<string, Float64Array>>): Promise<void>;
  close(): Promise<void>;
}
