import type { Notice } from '../../core/table.js';
import { sayCount } from '../../core/text.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { join, raw, sql } from '../../sql/sql.js';
import type { FormerList } from '../../workbook/former-list.js';
import { comparable, inputColumns, statuses } from '../../workbook/managed-list.js';
import type { FormerIds } from './former-ids.js';

/** The manager's columns, which tell who is in work: what a list asks of its former file besides its own. */
export const inputNames: readonly string[] = inputColumns.map(({ name }) => name);

/** Table of customers whom --top and --limit do not leave out: customer_id. */
export const keptTable = 'int_kept';

const untouched: readonly string[] = [statuses[0]!.en, statuses[0]!.ru].map(comparable);

/**
 * Customers of a former list whom somebody is at work with, as their row has something in the manager's columns, by
 * today's ids, each with the cells that were asked for.
 * @param at where the manager's columns are among the cells
 */
export function inWork(
  former: FormerList,
  { today }: FormerIds,
  at: number,
): ReadonlyMap<string, readonly (string | null)[]> {
  const isWritten = (cell: string | null | undefined, name: string) =>
    (cell ?? '') !== '' && !(name === 'status' && untouched.includes(comparable(cell!)));
  return new Map(
    [...former.rows]
      .filter(([, cells]) => inputNames.some((name, index) => isWritten(cells[at + index], name)))
      .map(([key, cells]) => [today.get(key) ?? key, cells]),
  );
}

/** Values in one statement. */
const batch = 500;

export async function makeKeptTable(engine: LoadingEngine, ids: readonly string[]): Promise<void> {
  await engine.run(raw(`create table ${keptTable} (customer_id varchar)`));
  for (let from = 0; from < ids.length; from += batch) {
    const rows = ids.slice(from, from + batch).map((id) => sql`(${id})`);
    await engine.run(sql`insert into ${raw(keptTable)} values ${join(rows, ', ')}`);
  }
}

/** Says that a list has more than was asked for. */
export function inWorkNotices(
  option: '--top' | '--limit',
  most: number | undefined,
  listed: number,
): Notice[] {
  if (most === undefined || listed <= most) return [];
  const [some, asked] = [sayCount(listed - most), sayCount(most)];
  return [
    {
      code: 'list_in_work',
      level: 'info',
      text: {
        en: `Beyond the ${asked.en} of ${option}, ${some.en} more stay: somebody is at work with them, as their rows show.`,
        ru: `Сверх ${asked.ru} по ${option} остаются ещё ${some.ru}: по записям в строках, с ними уже работают.`,
      },
    },
  ];
}
