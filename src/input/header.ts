import { countKnownHeaders } from './recognise.js';

/** How far down a header row is looked for. */
const headerSearchRows = 30;

/**
 * Index of the header row among the first rows: the first of those with the most known headers, or the first
 * row that is not empty where none is known.
 */
export function findHeaderRow(rows: readonly (readonly (string | null)[])[]): number {
  let best = rows.findIndex((row) => row.some((cell) => cell !== null && cell.trim() !== ''));
  let bestCount = 1;
  for (const [index, row] of rows.slice(0, headerSearchRows).entries()) {
    const count = countKnownHeaders(row.map((cell) => cell ?? ''));
    if (count > bestCount) {
      best = index;
      bestCount = count;
    }
  }
  return best;
}
