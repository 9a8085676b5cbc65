import type { Engine } from '../../engines/engine.js';
import { type Sql, sql } from '../../sql/sql.js';
import type { FormerList } from '../../workbook/former-list.js';
import { matchKeys } from '../../workbook/keys.js';
import type { Departure } from '../../workbook/managed-list.js';

/** A customer who was on a list and is not any more. */
export interface LeftCustomer {
  /** As the list has the id; programs that took it for a number have dropped its zeros. */
  readonly key: string;
  /** Cells of the former row that were asked for; none where somebody deleted the row. */
  readonly cells: readonly (string | null)[];
}

/**
 * Customers of a former list who are not on it now, by their ids.
 * @param current keys of the list as it is now
 * @param base a from-clause with all ids, as customer_id
 */
export async function leftCustomers(
  engine: Engine,
  former: FormerList,
  current: ReadonlySet<string>,
  base: Sql,
): Promise<ReadonlyMap<string, LeftCustomer>> {
  const keys = [...new Set([...former.rows.keys(), ...former.written])].filter((key) => !current.has(key));
  const numbers = keys.filter((key) => /^\d+$/.test(key) && !former.written.has(key));
  const ids =
    numbers.length === 0
      ? []
      : await engine.query(
          sql`select customer_id from ${base} where customer_id >= '0' and customer_id < ':'`,
        );
  const meant = matchKeys(
    numbers,
    ids.map(({ customer_id }) => String(customer_id)),
  );
  const left = keys.map((key): [string, LeftCustomer] => [
    meant.get(key) ?? key,
    { key, cells: former.rows.get(key) ?? [] },
  ]);
  return new Map(left.filter(([id]) => !current.has(id)));
}

/** Of customers whom a run had written and whom nothing tells of any more. */
export const gone: Departure = {
  outcome: 'left',
  reason: { en: 'no longer in the data', ru: 'больше нет в данных' },
};
