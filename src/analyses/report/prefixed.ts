import type { Content, ResultTable } from '../../core/table.js';

/** Tables under names that no other part of a report has. */
export function prefixed(prefix: string, tables: readonly ResultTable<Content>[]): ResultTable<Content>[] {
  return tables.map((table) => ({ ...table, name: `${prefix}_${table.name}` }));
}
