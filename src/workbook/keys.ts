import type { ListRow } from './list-sheet.js';

/**
 * The keys that were meant, by those of a sheet that differ. Programs take ids for numbers and drop their zeros; such
 * a key counts where only one customer can be meant.
 * @param keys as the sheet has them, of any number of rows
 * @param known the keys that there are
 */
export function matchKeys(keys: Iterable<string>, known: Iterable<string>): ReadonlyMap<string, string> {
  const exact = new Set(known);
  const loose = new Map<string, string | undefined>();
  for (const key of exact) {
    const bare = withoutZeros(key);
    if (bare === key || exact.has(bare)) continue;
    loose.set(bare, loose.has(bare) ? undefined : key);
  }
  const matched = new Map<string, string>();
  for (const key of keys) {
    const meant = exact.has(key) ? key : loose.get(withoutZeros(key));
    if (meant !== undefined && meant !== key) matched.set(key, meant);
  }
  return matched;
}

/** Rows with the keys that were meant. */
export function withMeantKeys(rows: readonly ListRow[], known: Iterable<string>): ListRow[] {
  const meant = matchKeys(
    rows.map(({ key }) => key),
    known,
  );
  return rows.map(({ row, key }) => ({ row, key: meant.get(key) ?? key }));
}

/** Rows with the keys that customers have today. */
export function withTodaysKeys(
  rows: readonly ListRow[],
  todaysIds: ReadonlyMap<string, string> = new Map(),
): ListRow[] {
  return rows.map(({ row, key }) => ({ row, key: todaysIds.get(key) ?? key }));
}

/** An id as programs leave it that take it for a number. */
export function withoutZeros(key: string): string {
  return key.replace(/^0+(?=\d)/, '');
}
