import type { Field } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import type { StagedSource } from './staging.js';

/**
 * Whether a row is one of the rows of the header again, as page breaks and exports put one after the other
 * leave them. To be asked of order lines only where they cannot be read, as it costs time on each row.
 * @param fields those whose cells must be the header's, blank ones too
 */
export function repeatsHeader(staged: StagedSource, fields: readonly Field[]): Sql {
  const { source, columns } = staged.recognised;
  const present = fields.filter((field) => staged.text(field) !== undefined);
  const rows = source.headerRows.flatMap((cells) => {
    const names = present.map((field) => cells[columns[field]!]?.trim() ?? '');
    if (names.every((name) => name === '')) return [];
    const tests = present.map(
      (field, index) =>
        sql`coalesce(trim(${staged.text(field)!}, ${' \t\r\n\u00a0\ufeff'}), '') = ${names[index]!}`,
    );
    return [sql`(${join(tests, ' and ')})`];
  });
  return rows.length === 0 ? raw('false') : sql`(${join(rows, ' or ')})`;
}
