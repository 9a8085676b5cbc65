import type { Departure } from './managed-list.js';
import type { ListState } from './state.js';

/** A row of the sheet as the plan sees it. */
export interface PlannedRow {
  /** As the sheet shows it, from 1. */
  readonly number: number;
  /** Its key; '' where the cell is empty. */
  readonly key: string;
  /** Its computed cells in short; undefined where it has next to none, as rows added by hand. */
  readonly fingerprint: string | undefined;
}

/** What becomes of a list. Rows are by their number. */
export interface Plan {
  /** Rows whose computed cells are written anew, with their key. */
  readonly refreshed: ReadonlyMap<number, string>;
  /** Rows that go to the archive, with their key. */
  readonly archived: ReadonlyMap<number, { readonly key: string; readonly departure: Departure }>;
  /** Rows of nobody on the list, or of somebody who cannot be told; they stay as they are. */
  readonly unknown: readonly PlannedRow[];
  /** Rows whose key was typed over, be it with that of another customer, or cleared, with the key that they had. */
  readonly restored: ReadonlyMap<number, string>;
  /** Rows after the first of their customer, with the key of that one. */
  readonly doubled: readonly PlannedRow[];
  /** Customers to add, in the order of the list. */
  readonly added: readonly string[];
  /** Customers whose row somebody deleted since the last run. */
  readonly dismissed: readonly string[];
  /** Customers whose row is missing but may be one of the unknown or doubled rows: they are added anew. */
  readonly missing: readonly string[];
}

/**
 * Decides what becomes of every row and customer; nothing of it depends on the order of rows.
 *
 * Whose a row is, its computed cells tell before its key does: they are what the last run wrote for one customer, and
 * what people wrote beside them was meant for that one. The key decides where they tell nothing.
 */
export function planList(options: {
  readonly rows: readonly PlannedRow[];
  /** Keys of the list as computed now, in its order. */
  readonly keys: readonly string[];
  readonly state: ListState | undefined;
  /** Customers dismissed before. */
  readonly dismissedBefore: ReadonlySet<string>;
  /** Today's ids of customers who have another now than rows and state say. */
  readonly todaysIds?: ReadonlyMap<string, string> | undefined;
  readonly whyLeft: ((key: string) => Departure | undefined) | undefined;
  readonly unknownDeparture: Departure;
  /** The computed cells of a row, and what they are now for a customer, in the same order; '' is empty. */
  readonly cells?: {
    ofRow(row: PlannedRow): readonly string[];
    ofCustomer(key: string): readonly string[];
  };
}): Plan {
  const { rows, keys, state, dismissedBefore, whyLeft, unknownDeparture, cells, todaysIds } = options;
  const today = (key: string) => todaysIds?.get(key) ?? key;
  const current = new Set(keys);
  const written: ListState['rows'] = state?.rows ?? new Map();
  /** Who was never on the list has not left it: such a row somebody added by hand. */
  const departureOf = (key: string): Departure | undefined => {
    if (state === undefined) return whyLeft?.(key);
    return written.has(key) ? (whyLeft?.(key) ?? unknownDeparture) : undefined;
  };
  const isKnown = (key: string) => current.has(today(key)) || departureOf(key) !== undefined;
  const isUntouched = ({ key, fingerprint }: PlannedRow) =>
    fingerprint !== undefined && written.get(key)?.fingerprint === fingerprint;

  const untouched = new Set<string>();
  for (const row of rows) if (isUntouched(row)) untouched.add(row.key);
  /** Customers of whom no row is as the last run left it, by what it was. */
  const sought = new Map<string, string[]>();
  for (const [key, { fingerprint }] of written) {
    if (untouched.has(key)) continue;
    const alike = sought.get(fingerprint);
    if (alike === undefined) sought.set(fingerprint, [key]);
    else alike.push(key);
  }
  /** The key of the customer whose row it is; undefined where it is nobody's, or cannot be told. */
  const ownerOf = (row: PlannedRow): string | undefined => {
    const { key, fingerprint } = row;
    if (isUntouched(row)) return key;
    const meant = fingerprint === undefined ? undefined : sought.get(fingerprint);
    // Two who look alike cannot be told apart.
    if (meant !== undefined) return meant.length === 1 ? meant[0] : undefined;
    // Beside the customer's own row, one with the cells of somebody else is not a second one.
    if (fingerprint !== undefined && untouched.has(key)) return undefined;
    return isKnown(key) ? key : undefined;
  };

  const refreshed = new Map<number, string>();
  const archived = new Map<number, { key: string; departure: Departure }>();
  const restored = new Map<number, string>();
  const unknown: PlannedRow[] = [];
  const doubled: PlannedRow[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const owner = ownerOf(row);
    if (owner === undefined) {
      if (row.key !== '' || row.fingerprint !== undefined) unknown.push(row);
      continue;
    }
    const key = today(owner);
    if (owner !== row.key) restored.set(row.number, key);
    if (seen.has(key)) doubled.push({ ...row, key });
    seen.add(key);
    if (current.has(key)) refreshed.set(row.number, key);
    else archived.set(row.number, { key, departure: departureOf(owner)! });
  }

  // The row of a customer that seems to be deleted may be one that is nobody's, or one of two of somebody else, and
  // has some of the customer's cells; or a second one of a customer who looks alike.
  const twice = new Set(doubled.map(({ key }) => key));
  const isDoubtful = (row: PlannedRow): boolean => {
    const key = refreshed.get(row.number) ?? archived.get(row.number)?.key;
    if (key !== undefined) return twice.has(key) && !isUntouched(row);
    return row.fingerprint !== undefined && !state?.others.has(nameOfOther(row));
  };
  const found = new Set(
    rows
      .filter(isDoubtful)
      .flatMap((row) => cells?.ofRow(row).map((text, column) => `${column} ${text}`) ?? []),
  );
  const lookAlikes = new Set(doubled.map(({ fingerprint }) => fingerprint));
  const isMissing = (key: string) =>
    lookAlikes.has(written.get(key)!.fingerprint) ||
    cells?.ofCustomer(today(key)).some((text, column) => text !== '' && found.has(`${column} ${text}`));
  const gone = [...written.keys()].filter((key) => !seen.has(today(key)) && current.has(today(key)));
  const missing = new Set(gone.filter(isMissing).map(today));
  const dismissed = new Set(gone.map(today).filter((key) => !missing.has(key)));
  return {
    refreshed,
    archived,
    unknown,
    restored,
    doubled,
    dismissed: [...dismissed],
    missing: [...missing],
    added: keys.filter((key) => !seen.has(key) && !dismissed.has(key) && !dismissedBefore.has(key)),
  };
}

/** By what a state remembers a row that is nobody's: totals have no key, but what they hold. */
export function nameOfOther({ key, fingerprint }: PlannedRow): string {
  return key || (fingerprint ?? '');
}
