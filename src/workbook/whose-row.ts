import { type Fingerprint, filledCells, likeness } from './fingerprint.js';
import type { PlannedRow } from './plan.js';

/** Of the cells that are compared, so many must be alike: people and programs change some. */
const leastShare = 0.8;
/** So many must be alike to overrule an id that the base knows. */
const leastAgainstId = 4;
/** So many must be alike to tell whose a row is that has no id, or one that nobody has. */
const leastWithoutId = 3;
/** Cells that more customers share than this tell nobody. */
const mostCandidates = 1000;

/** Tells whose the rows of a list are by what the last run wrote into them. */
export class RowOwners {
  /** Customers of whom a row is as the last run left it. */
  readonly untouched = new Set<string>();
  #index: Map<string, string[]> | undefined;

  /**
   * @param written what the last run wrote of each customer
   * @param isKnown whether a customer of this id is on the list, or has left it now
   * @param isOfBase whether there is a customer of this id at all
   */
  constructor(
    rows: readonly PlannedRow[],
    private readonly written: ReadonlyMap<string, Fingerprint>,
    private readonly isKnown: (key: string) => boolean,
    private readonly isOfBase: (key: string) => boolean,
  ) {
    for (const row of rows) if (this.isUntouched(row)) this.untouched.add(row.key);
  }

  isUntouched({ key, fingerprint }: PlannedRow): boolean {
    return fingerprint !== undefined && this.written.get(key) === fingerprint;
  }

  /** The key of the customer whose row it is; undefined where it is nobody's, or cannot be told. */
  ownerOf(row: PlannedRow): string | undefined {
    const { key, fingerprint } = row;
    if (this.isUntouched(row)) return key;
    if (fingerprint === undefined) return this.isKnown(key) ? key : undefined;
    const written = this.written.get(key);
    const own = written === undefined ? 0 : likeness(fingerprint, written).share;
    const others = this.#mostLike(fingerprint, this.isOfBase(key) ? leastAgainstId : leastWithoutId);
    if (own >= leastShare && own >= others.share) return key;
    // Two who look alike cannot be told apart.
    if (others.keys.length > 0) return others.keys.length === 1 ? others.keys[0] : undefined;
    // Beside the customer's own row, one with the cells of somebody else is not a second one.
    if (this.untouched.has(key)) return undefined;
    return this.isKnown(key) ? key : undefined;
  }

  /** Of the customers of whom no row is as the last run left it, those whose row this is most like. */
  #mostLike(fingerprint: Fingerprint, least: number): { keys: string[]; share: number } {
    let keys: string[] = [];
    let most = leastShare;
    for (const key of this.#candidates(fingerprint)) {
      const { alike, share } = likeness(fingerprint, this.written.get(key)!);
      if (alike < least || share < most) continue;
      if (share > most) keys = [];
      most = share;
      keys.push(key);
    }
    return { keys, share: keys.length === 0 ? 0 : most };
  }

  /** Who shares one of the cells that fewest have: of so many that one of them is alike wherever enough are. */
  #candidates(fingerprint: Fingerprint): Iterable<string> {
    this.#index ??= this.#indexOfCells();
    const index = this.#index;
    const cells = filledCells(fingerprint);
    const owners = cells
      .map(([place, hash]) => index.get(`${place} ${hash}`) ?? [])
      .sort((one, other) => one.length - other.length)
      .slice(0, Math.floor(cells.length * (1 - leastShare) + 1e-9) + 1);
    const candidates = new Set(owners.flat());
    return candidates.size > mostCandidates ? [] : candidates;
  }

  #indexOfCells(): Map<string, string[]> {
    const index = new Map<string, string[]>();
    for (const [key, fingerprint] of this.written) {
      if (this.untouched.has(key)) continue;
      for (const [place, hash] of filledCells(fingerprint)) {
        const cell = `${place} ${hash}`;
        const owners = index.get(cell);
        if (owners === undefined) index.set(cell, [key]);
        else owners.push(key);
      }
    }
    return index;
  }
}
