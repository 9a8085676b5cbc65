import { type Fingerprint, filledCells } from './fingerprint.js';
import type { Departure } from './managed-list.js';
import type { ListState } from './state.js';
import { RowOwners } from './whose-row.js';

/** A row of the sheet as the plan sees it. */
export interface PlannedRow {
  /** As the sheet shows it, from 1. */
  readonly number: number;
  /** Its key; '' where the cell is empty. */
  readonly key: string;
  /** Its computed cells in short; undefined where it has next to none, as rows added by hand. */
  readonly fingerprint: Fingerprint | undefined;
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
  /** Customers whose row somebody deleted since the last run, be they on the list now or not. */
  readonly dismissed: readonly string[];
  /** Customers whose row is missing but may be one of the unknown or doubled rows: they are added anew. */
  readonly missing: readonly string[];
}

/**
 * Decides what becomes of every row and customer; nothing of it depends on the order of rows.
 *
 * Whose a row is, its computed cells tell before its key does, where they are enough: they are what the last run wrote
 * for one customer, and what people wrote beside them was meant for that one. Else the key decides.
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
  /** Ids that the base knows, of those in the list and others. */
  readonly knownIds?: ReadonlySet<string> | undefined;
  readonly whyLeft: ((key: string) => Departure | undefined) | undefined;
  readonly unknownDeparture: Departure;
  /** What the last run wrote of each customer, of the same columns as the fingerprints of the rows. */
  readonly fingerprints?: ReadonlyMap<string, Fingerprint>;
}): Plan {
  const { rows, keys, state, dismissedBefore, knownIds, todaysIds, whyLeft, unknownDeparture } = options;
  const fingerprints: ReadonlyMap<string, Fingerprint> = options.fingerprints ?? new Map();
  const today = (key: string) => todaysIds?.get(key) ?? key;
  const current = new Set(keys);
  const written: ListState['rows'] = state?.rows ?? new Map();
  /** Who was never on the list has not left it: such a row somebody added by hand. */
  const departureOf = (key: string): Departure | undefined => {
    if (state === undefined) return whyLeft?.(key);
    return written.has(key) ? (whyLeft?.(key) ?? unknownDeparture) : undefined;
  };
  const isKnown = (key: string) => current.has(today(key)) || departureOf(key) !== undefined;
  const owners = new RowOwners(
    rows,
    fingerprints,
    isKnown,
    (key) => isKnown(key) || (knownIds?.has(key) ?? false),
  );

  const refreshed = new Map<number, string>();
  const archived = new Map<number, { key: string; departure: Departure }>();
  const restored = new Map<number, string>();
  const unknown: PlannedRow[] = [];
  const doubled: PlannedRow[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const owner = owners.ownerOf(row);
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
    if (key !== undefined) return twice.has(key) && !owners.isUntouched(row);
    return row.fingerprint !== undefined && !state?.others.has(nameOfOther(row));
  };
  const doubtful = rows.filter(isDoubtful);
  const cellsOf = (fingerprint: Fingerprint | undefined) =>
    filledCells(fingerprint ?? '').map((cell) => cell.join(' '));
  const found = new Set(doubtful.flatMap(({ fingerprint }) => cellsOf(fingerprint)));
  const lookAlikes = new Set(doubled.map(({ fingerprint }) => fingerprint));
  const isMissing = (key: string): boolean => {
    const fingerprint = fingerprints.get(key);
    // Without columns to tell by, any of them may be the one.
    if (!fingerprint) return doubtful.length > 0;
    return lookAlikes.has(fingerprint) || cellsOf(fingerprint).some((cell) => found.has(cell));
  };
  const gone = [...written.keys()].filter((key) => !seen.has(today(key)));
  const missing = new Set(gone.filter((key) => isMissing(key) && current.has(today(key))).map(today));
  const dismissed = new Set(
    gone
      .filter((key) => !isMissing(key))
      .map(today)
      .filter((key) => !missing.has(key)),
  );
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

/** Customers whose rows stay, and who left: once each, however many rows they have. */
export function customersOf({ refreshed, archived }: Plan): {
  readonly kept: number;
  readonly archived: number;
} {
  return {
    kept: new Set(refreshed.values()).size,
    archived: new Set([...archived.values()].map(({ key }) => key)).size,
  };
}

/**
 * Further rows of customers that no run has written: what people have there in computed columns is theirs, as in a
 * table below the list. By their number.
 */
export function rowsByHand({ doubled }: Plan): ReadonlySet<number> {
  return new Set(doubled.filter(({ fingerprint }) => fingerprint === undefined).map(({ number }) => number));
}

/** Why the customers left who went to the archive: once of each, however many rows they had. */
export function departuresOf({ archived }: Plan): Departure[] {
  const departures = [...archived.values()].map(({ key, departure }) => [key, departure] as const);
  return [...new Map(departures).values()];
}
