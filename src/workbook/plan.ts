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
  /** Rows of nobody whom the base knows; they stay as they are. */
  readonly unknown: readonly PlannedRow[];
  /** Rows whose key was typed over or cleared, with the key that they had. */
  readonly restored: ReadonlyMap<number, string>;
  /** Rows after the first of their customer. */
  readonly doubled: readonly PlannedRow[];
  /** Customers to add, in the order of the list. */
  readonly added: readonly string[];
  /** Customers whose row somebody deleted since the last run. */
  readonly dismissed: readonly string[];
  /** Customers whose row is missing but may be one of the unknown rows: they are added anew. */
  readonly missing: readonly string[];
}

/** Decides what becomes of every row and customer; nothing of it depends on the order of rows. */
export function planList(options: {
  readonly rows: readonly PlannedRow[];
  /** Keys of the list as computed now, in its order. */
  readonly keys: readonly string[];
  readonly state: ListState | undefined;
  /** Customers dismissed before. */
  readonly dismissedBefore: ReadonlySet<string>;
  readonly whyLeft: ((key: string) => Departure | undefined) | undefined;
  readonly unknownDeparture: Departure;
}): Plan {
  const { rows, keys, state, dismissedBefore, whyLeft, unknownDeparture } = options;
  const current = new Set(keys);
  const written = new Map([...(state?.rows ?? [])].filter(([, { fingerprint }]) => fingerprint !== ''));
  const departureOf = (key: string): Departure | undefined =>
    whyLeft?.(key) ?? (written.has(key) ? unknownDeparture : undefined);
  const isKnown = (key: string) => current.has(key) || departureOf(key) !== undefined;

  const present = new Set(rows.map(({ key }) => key));
  const lost = new Map<string, string | undefined>();
  for (const [key, { fingerprint }] of written) {
    if (present.has(key)) continue;
    // Two missing customers who look alike cannot be told apart.
    lost.set(fingerprint, lost.has(fingerprint) ? undefined : key);
  }

  const refreshed = new Map<number, string>();
  const archived = new Map<number, { key: string; departure: Departure }>();
  const restored = new Map<number, string>();
  const unknown: PlannedRow[] = [];
  const doubled: PlannedRow[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    let { key } = row;
    if (!isKnown(key)) {
      const former = row.fingerprint === undefined ? undefined : lost.get(row.fingerprint);
      if (former === undefined) {
        if (key !== '' || row.fingerprint !== undefined) unknown.push(row);
        continue;
      }
      key = former;
      restored.set(row.number, key);
    }
    if (seen.has(key)) doubled.push(row);
    seen.add(key);
    if (current.has(key)) refreshed.set(row.number, key);
    else archived.set(row.number, { key, departure: departureOf(key)! });
  }

  // A row that looks like one of ours and is nobody's may be that of a customer whose row seems to be deleted.
  const isAmbiguous = unknown.some(
    ({ key, fingerprint }) => fingerprint !== undefined && state?.rows.get(key)?.fingerprint !== '',
  );
  const gone = [...written.keys()].filter((key) => !seen.has(key) && current.has(key));
  const dismissed = isAmbiguous ? [] : gone;
  const dismissedNow = new Set(dismissed);
  return {
    refreshed,
    archived,
    unknown,
    restored,
    doubled,
    dismissed,
    missing: isAmbiguous ? gone : [],
    added: keys.filter((key) => !seen.has(key) && !dismissedNow.has(key) && !dismissedBefore.has(key)),
  };
}
