/** Rows of one piece of text: a table of any length is never one text. */
const rowsAtOnce = 1000;

/** Rows in their order, so many at a time. */
export function* batches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) yield rows.slice(from, from + rowsAtOnce);
}
