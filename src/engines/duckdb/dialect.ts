import type { Dialect } from '../../sql/dialect.js';
import { sql } from '../../sql/sql.js';

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  daysBetween: (from, to) => sql`(${to} - ${from})`,
  addDays: (date, days) => sql`(${date} + ${days})`,
  median: (value) => sql`median(${value})`,
};
