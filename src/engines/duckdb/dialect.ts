import type { Dialect } from '../../sql/dialect.js';
import { sql } from '../../sql/sql.js';

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  daysBetween: (from, to) => sql`(${to} - ${from})`,
  monthsBetween: (from, to) => sql`datesub('month', ${from}, ${to})`,
  addDays: (date, days) => sql`(${date} + ${days})`,
  median: (value) => sql`median(${value})`,
};
