import type { DateForm } from '../input/dates.js';
import type { DecimalMark } from '../input/numbers.js';
import type { ParquetColumn, Scan } from '../input/source.js';
import type { Sql } from '../sql/sql.js';
import type { Engine } from './engine.js';

/** An engine that can read files. */
export type LoadingEngine = Engine & { readonly loader: Loader };

/** Lines of a CSV file that cannot be split into its columns. */
export interface BrokenLines {
  readonly count: number;
  /** How many of them have bytes that are not UTF-8. */
  readonly badEncoding: number;
  /** The line of a quote that is never closed and so swallows the lines after it. */
  readonly openQuote: number | undefined;
  /** The first of either kind. */
  readonly first: readonly BrokenLine[];
}

export interface BrokenLine {
  readonly line: number;
  readonly isBadEncoding: boolean;
  readonly text: string;
}

/**
 * A number that is read in two steps, in two nested selects, because most numbers are plain and the careful
 * reading of the rest costs many times more: first `quick`, under an alias, then `exact` given that alias.
 */
export interface ParsedNumber {
  readonly quick: Sql;
  /** The value, given the name of the column that holds `quick`. */
  exact(quick: Sql): Sql;
  /** Two steps at once, for small tables. */
  readonly atOnce: Sql;
}

/** A time that is read in the same two steps, of type timestamp. */
export interface ParsedTime {
  readonly quick: Sql;
  exact(quick: Sql): Sql;
  readonly atOnce: Sql;
}

/** A factor of a product; `quick` is selected under `alias` in the nested select. */
export interface Factor {
  readonly quick: Sql;
  readonly alias: Sql;
  readonly text: Sql;
  readonly mark: DecimalMark;
}

/**
 * How an engine that reads files turns their text into values. Every parsed value is null where the text is
 * not one.
 */
export interface Loader {
  /** The rows of a scan as a from-clause; columns are text, named c0, c1, ... */
  rowsOf(scan: Scan): Sql;
  /** The same, and lines that cannot be split are kept for `brokenLines`. Scan once only. */
  rowsOfKeepingBroken(scan: Scan): Sql;
  /** Rows and lines that cannot be split, together. */
  countRows(scan: Scan): Promise<number>;
  /** The same of scans that differ in nothing but their path, with the id of each row's scan as `scan_id`. */
  rowsOfAllKeepingBroken(scans: readonly { readonly scan: Scan; readonly id: number }[]): Sql;
  brokenLines(scan: Scan): Promise<BrokenLines>;
  /** All of them, in batches and in the order of the file, their text whole. */
  everyBrokenLine(scan: Scan): AsyncGenerator<BrokenLine[]>;
  /** The columns of a Parquet file, and its rows as its own directory counts them. */
  parquetColumns(path: string, bytesAreText: boolean): Promise<{ columns: ParquetColumn[]; rows: number }>;
  /** A number as decimal(17,4), rounded half away from zero at the fourth digit; null from 10^13 on. */
  decimal(text: Sql, mark: DecimalMark): ParsedNumber;
  /** quantity × price as decimal(17,4), exact up to the rounding of the product. */
  product(quantity: Factor, price: Factor): Sql;
  /** A number that is to be multiplied, for `product`: its `quick` must be selected under an alias first. */
  factor(text: Sql, mark: DecimalMark, alias: Sql): Factor;
  /** The ISO 4217 code of the currency that an amount names, '1 234,50 ₽'; null where it names none. */
  currency(text: Sql): Sql;
  /** The clock time of the shop, without zone, from 1900 to 2199; written in any form, whatever the sample shows. */
  timestamp(text: Sql, form: DateForm): ParsedTime;
  /** The first day of a month written alone: '2024-03', '03.2024', 'March 2024', 'март 2024 г.'. */
  month(text: Sql): Sql;
  /** Lower case, one kind of space and of minus, nothing invisible, trimmed: for telling words. Slow. */
  folded(text: Sql): Sql;
  /** Whether a cell holds an error of a spreadsheet, '#N/A', in place of its value; never null. Slow. */
  isError(text: Sql): Sql;
  /** Trimmed of every kind of space, and without characters that have no width. Slow. */
  visible(text: Sql): Sql;
  /** Whether a text is one of some words, at least one; null for null. */
  isOneOf(text: Sql, words: readonly string[]): Sql;
  /** Trimmed text, null where nothing is left. */
  trimmed(text: Sql): Sql;
  /** Runs queries for which rows of a scan come in file order. */
  inFileOrder<T>(work: () => Promise<T>): Promise<T>;
}
