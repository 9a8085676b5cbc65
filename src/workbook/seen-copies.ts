import { basename, dirname, relative } from 'node:path';
import { contentHash } from './own-cells.js';

/**
 * What a merge found in a copy of a list, so that the next one takes only what was written there since. A copy is told by
 * its path and by the state that it is a copy of: one that was made anew from the list is another.
 */
export interface SeenCopy {
  /** From the folder of the list, with '/'. */
  readonly path: string;
  /** `ListState.id` of its state; '' where it has none. */
  readonly of: string;
  /** Ids of the columns that it had: names of the manager's, and those of `ownColumns`. */
  readonly columns: readonly string[];
  /**
   * By row (`rowName`), the cells that held something else than the state of the copy says: the place of the column and
   * the hash of what was there, as '3:811c9dc5 4:00000000'.
   */
  readonly rows: ReadonlyMap<string, string>;
}

/** Copies that are remembered, and those of one merge at least: files are renamed and sent anew, and nobody tells that an old one comes no more. */
const mostCopies = 20;

/** A row of a list: the key, and which of several rows of that customer it is. */
export function rowName(key: string, occurrence: number): string {
  return occurrence === 0 ? key : `${key}\u001f${occurrence}`;
}

/** The row that `rowName` names. */
export function rowOfName(name: string): { readonly key: string; readonly occurrence: number } {
  const [key, occurrence] = name.split('\u001f') as [string, string | undefined];
  return { key, occurrence: Number(occurrence ?? 0) };
}

/** The path of a copy as it is remembered. */
export function copyPath(list: string, copy: string): string {
  return relative(dirname(list), copy).replaceAll('\\', '/');
}

/** 'north' of 'north.xlsx' and 'North (1).xlsx', as browsers name what is sent a second time. */
function bareName(path: string): string {
  return basename(path)
    .replace(/\.[^.]*$/, '')
    .replace(/\s*\(\d+\)$/, '')
    .toLowerCase();
}

/**
 * What was found in the copies before, each where it is remembered: by its path, else by its name where only one copy
 * of that name is remembered and none of the others is that one.
 */
export function findSeen(
  copies: readonly { readonly path: string; readonly of: string }[],
  seen: readonly SeenCopy[],
): (SeenCopy | undefined)[] {
  const paths = new Set(copies.map(({ path }) => path));
  return copies.map(({ path, of }) => {
    const same = seen.find((one) => one.path === path);
    if (same !== undefined) return same.of === of ? same : undefined;
    const named = seen.filter(
      (one) => one.of === of && !paths.has(one.path) && bareName(one.path) === bareName(path),
    );
    const rivals = copies.filter((one) => bareName(one.path) === bareName(path) && one.of === of);
    return named.length === 1 && rivals.length === 1 ? named[0] : undefined;
  });
}

/**
 * Whether a copy is the one that was seen, and not that of somebody else under its name or in its place: most of what was
 * written there stands in it still. Where that cannot be told it is taken for another, so that what differs is a
 * conflict, and nobody's words are overwritten.
 * @param now the hash of a cell of the copy by row and id of column, undefined where it has none
 */
export function isSameCopy(
  seen: SeenCopy,
  now: (row: string, column: string) => string | undefined,
): boolean {
  let [kept, changed] = [0, 0];
  for (const [row, cells] of seen.rows) {
    for (const cell of cells.split(' ')) {
      const at = cell.indexOf(':');
      const found = now(row, seen.columns[Number(cell.slice(0, at))]!);
      if (found === undefined) continue;
      if (found === cell.slice(at + 1)) kept += 1;
      else changed += 1;
    }
  }
  return kept > changed;
}

/** What is remembered after copies were merged: the latest of each. */
export function rememberCopies(
  before: readonly SeenCopy[],
  merged: readonly { readonly now: SeenCopy; readonly former: SeenCopy | undefined }[],
): SeenCopy[] {
  const gone = new Set(merged.flatMap(({ now, former }) => [now.path, former?.path ?? now.path]));
  const kept = before.filter(({ path }) => !gone.has(path));
  return [...kept, ...merged.map(({ now }) => now)].slice(-Math.max(mostCopies, merged.length));
}

/** Compares what is in a copy with what was there, and notes it for the next time. */
export class CopyMemory {
  readonly #places: ReadonlyMap<string, number>;
  readonly #formerPlaces: ReadonlyMap<string, number>;
  readonly #rows = new Map<string, string>();

  constructor(
    private readonly copy: Pick<SeenCopy, 'path' | 'of'>,
    columns: readonly string[],
    private readonly former: SeenCopy | undefined,
  ) {
    this.#places = new Map(columns.map((id, place) => [id, place]));
    this.#formerPlaces = new Map(former?.columns.map((id, place) => [id, place]));
  }

  /**
   * Notes what a cell holds, and tells what it held when the copy was last merged, or when it was made: hashes.
   * @param column undefined for one that nothing tells for sure the next time
   * @param atFirst what the state of the copy says, undefined where it does not
   */
  compare(
    row: string,
    column: string | undefined,
    now: string,
    atFirst: string | undefined,
  ): string | undefined {
    if (column === undefined) return atFirst;
    if (now !== (atFirst ?? contentHash(''))) {
      const others = this.#rows.get(row);
      this.#rows.set(row, `${others === undefined ? '' : `${others} `}${this.#places.get(column)}:${now}`);
    }
    const place = this.#formerPlaces.get(column);
    if (place === undefined) return atFirst;
    const cells = this.former?.rows.get(row)?.split(' ') ?? [];
    const cell = cells.find((one) => one.startsWith(`${place}:`));
    return cell?.slice(cell.indexOf(':') + 1) ?? atFirst ?? contentHash('');
  }

  get seen(): SeenCopy {
    return { ...this.copy, columns: [...this.#places.keys()], rows: this.#rows };
  }
}
