import { columnNumberRow, isDataLike, isUnitRow } from './header-cells.js';
import { cleanName, joinNames } from './header-names.js';
import { countKnownHeaders } from './recognise.js';

/** How far down a header is looked for. */
export const headerSearchRows = 50;

type Cells = readonly (string | null)[];

/** The header of a table: a row of names, maybe with groups above, and units or column numbers below. */
export interface Header {
  /** Index of its last row; data begin below. */
  readonly last: number;
  readonly names: readonly string[];
  /** Its rows as they stand, to know them where they are repeated further down. */
  readonly rows: readonly Cells[];
  /** False where the row taken for the header looks like data: the table has none. */
  readonly isFound: boolean;
}

/**
 * Finds the header among the first rows of a table: the row, or two rows, with the most known names; where
 * none is known the first row of names that stands over cells which look different.
 * @param fixed the index of the row of names where the user says it
 * @returns undefined where every row is blank
 */
export function findHeader(rows: readonly Cells[], fixed?: number): Header | undefined {
  if (fixed !== undefined) {
    const row = rows[fixed];
    return row === undefined ? undefined : withRowsBelow(rows, fixed, row.map(cleanName), [row], true);
  }
  return findKnown(rows) ?? findByShape(rows);
}

/** The row with the most known names, alone or joined with the row of groups above. At least two are known. */
function findKnown(rows: readonly Cells[]): Header | undefined {
  let best: { known: number; index: number; names: string[]; rows: Cells[] } | undefined;
  for (const [index, row] of rows.slice(0, headerSearchRows).entries()) {
    const names = row.map(cleanName);
    const known = countKnownHeaders(names);
    if (known > Math.max(1, best?.known ?? 0)) best = { known, index, names, rows: [row] };
    const above = rows[index - 1];
    if (above === undefined || above.some(isDataLike) || row.some(isDataLike)) continue;
    const joined = joinNames(above.map(cleanName), names);
    if (joined === undefined) continue;
    const knownTogether = countKnownHeaders(joined.names);
    // Rows that belong together go before either of them alone, but not before an earlier header.
    const isEither = joined.isTelling && (best === undefined || best.index >= index - 1);
    const isBetter = knownTogether + (isEither ? 1 : 0) > (best?.known ?? 0);
    if (knownTogether > 1 && isBetter) {
      best = { known: knownTogether, index, names: joined.names, rows: [above, row] };
    }
  }
  return best === undefined ? undefined : withRowsBelow(rows, best.index, best.names, best.rows, true);
}

/** The fullest row of names, about as wide as the table is, above rows that have numbers or dates somewhere. */
function findByShape(rows: readonly Cells[]): Header | undefined {
  const width = usualWidth(rows);
  const wide = rows
    .slice(0, headerSearchRows)
    .flatMap((row, index) => (filled(row) >= Math.max(width > 1 ? 2 : 1, width / 2) ? [index] : []));
  const named = wide
    .filter((index) => isNameRow(rows[index]!) && standsOverData(rows, index))
    .reduce<number | undefined>(
      (one, other) => (one !== undefined && filled(rows[one]!) >= filled(rows[other]!) ? one : other),
      undefined,
    );
  const index = named ?? wide[0] ?? rows.findIndex((row) => filled(row) > 0);
  const row = rows[index];
  if (row === undefined) return undefined;
  const isFound = named !== undefined || !row.some(isDataLike);
  return withRowsBelow(rows, index, row.map(cleanName), [row], isFound);
}

/** Adds the rows of units and column numbers that belong to the header. */
function withRowsBelow(
  rows: readonly Cells[],
  index: number,
  names: readonly string[],
  own: readonly Cells[],
  isFound: boolean,
): Header {
  const all = [...own];
  let last = index;
  for (let below = index + 1; below < Math.min(rows.length - 1, index + 5); below++) {
    const row = rows[below]!;
    if (filled(row) === 0) continue;
    if (!isUnitRow(row) && !columnNumberRow(row, rows.slice(below + 1, below + 20))) break;
    all.push(row);
    last = below;
  }
  return { last, names, rows: all, isFound };
}

/** Whether a row is one of the rows of the header again. */
export function repeatsHeader(row: Cells, { rows }: Header): boolean {
  const textOf = (cells: Cells) => cells.map((cell) => cell?.trim() ?? '').join('\u0000');
  return rows.some((own) => textOf(own) === textOf(row));
}

function filled(row: Cells): number {
  return row.filter((cell) => cell !== null && cell.trim() !== '').length;
}

/** Filled cells of the middle row. */
function usualWidth(rows: readonly Cells[]): number {
  const widths = rows.map(filled).filter((width) => width > 0);
  widths.sort((one, other) => one - other);
  return widths[Math.floor(widths.length / 2)] ?? 0;
}

function isNameRow(row: Cells): boolean {
  const names = row.map(cleanName).filter((name) => name !== '');
  const data = names.filter(isDataLike).length;
  return data * 5 <= names.length && new Set(names).size * 5 >= names.length * 4;
}

/** Whether some column is of names in this row and of numbers or dates in most rows below. */
function standsOverData(rows: readonly Cells[], index: number): boolean {
  const below = rows.slice(index + 1, index + 51);
  return rows[index]!.some((name, column) => {
    if (name === null || name.trim() === '' || isDataLike(name)) return false;
    const cells = below
      .map((row) => row[column] ?? null)
      .filter((cell) => cell !== null && cell.trim() !== '');
    return cells.length > 0 && cells.filter(isDataLike).length * 2 > cells.length;
  });
}
