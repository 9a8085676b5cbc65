import type { Sql } from './sql.js';

/** What the portable subset of SQL does not say in one way; each engine brings its own. */
export interface Dialect {
  readonly name: string;
  /** Whole days from one date to another; both are dates. */
  daysBetween(from: Sql, to: Sql): Sql;
  /**
   * Whole calendar months from one date to another, negative backwards; a month from a day that the next month lacks ends
   * with that month.
   */
  monthsBetween(from: Sql, to: Sql): Sql;
  /** A date some days after a date. */
  addDays(date: Sql, days: Sql): Sql;
  /** The exact median of a group of numbers, the mean of the two in the middle; null of none. */
  median(value: Sql): Sql;
}
