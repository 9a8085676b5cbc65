import type { Content, Figure, ResultTable } from '../../core/table.js';

/** Figures of which something is known, less the columns of which nothing is. */
export function drawable(table: ResultTable<Content> | undefined, figures: readonly Figure[]): Figure[] {
  if (table === undefined || table.rows.length < 2) return [];
  const isKnown = (name: string) => {
    const index = table.columns.findIndex((column) => column.name === name);
    return table.rows.some((row) => row[index] !== null);
  };
  return figures
    .map((figure) => ({ ...figure, figures: figure.figures.filter(isKnown) }))
    .filter((figure) => figure.figures.length > 0);
}
