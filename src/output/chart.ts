import type { Cell, Column, ResultTable } from '../core/table.js';
import { cellUnit, isNumeric } from './unit.js';

/** Columns of a terminal that a full bar takes. */
export const barWidth = 10;

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The share that each figure has of the highest, 0-1; 0 for what is unknown, zero or below. */
export function barShares(figures: readonly Cell[]): number[] {
  const highest = figures.reduce<number>((most, figure) => Math.max(most, numberOf(figure) ?? 0), 0);
  return figures.map((figure) => {
    const value = numberOf(figure) ?? 0;
    return value <= 0 ? 0 : value / highest;
  });
}

/** A bar for each figure, as long as its share of the highest; none for what is unknown, zero or below. */
export function bars(figures: readonly Cell[]): string[] {
  return barShares(figures).map((share) => {
    if (share === 0) return '';
    // Something is never shown as nothing.
    const length = Math.max(1, Math.round(share * barWidth * 8));
    return '█'.repeat(Math.floor(length / 8)) + eighths[length % 8];
  });
}

const heights = [...'▁▂▃▄▅▆▇█'];

/** Where each figure of a sparkline's text lies between the lowest and the highest, 0-1; null for the unknown. */
export function sparklinePoints(text: string): (number | null)[] {
  const figures = text.split(' ').map((word) => (word === '-' ? null : Number(word)));
  const known = figures.filter((figure) => figure !== null);
  const lowest = known.reduce((least, figure) => Math.min(least, figure), Number.POSITIVE_INFINITY);
  const highest = known.reduce((most, figure) => Math.max(most, figure), Number.NEGATIVE_INFINITY);
  // A level line is neither low nor high.
  const placeOf = (figure: number) => (lowest === highest ? 0.4 : (figure - lowest) / (highest - lowest));
  return figures.map((figure) => (figure === null ? null : placeOf(figure)));
}

/** The line that text of figures draws, '3 - 5 8' as '▁ ▄█': from the lowest to the highest, a gap for '-'. */
export function sparkline(text: string): string {
  return sparklinePoints(text)
    .map((place) => (place === null ? ' ' : heights[Math.round(place * (heights.length - 1))]))
    .join('');
}

/** Where a cell of the heat columns lies between the lowest and the highest of its unit, 0-1; null for no colour. */
export type HeatScale = (row: readonly Cell[], column: Column) => number | null;

/** The scale that the heat columns of a table share. Figures that are all alike have no colour. */
export function heatScale({ columns, rows }: Pick<ResultTable, 'columns' | 'rows'>): HeatScale {
  const heat = columns.filter((column) => column.chart === 'heat');
  const ranges = new Map<string, { lowest: number; highest: number }>();
  const figureOf = (row: readonly Cell[], column: Column) => {
    const unit = cellUnit(column, row, columns);
    const value = isNumeric(unit) ? numberOf(row[columns.indexOf(column)] ?? null) : null;
    return { unit, value };
  };
  for (const row of rows) {
    for (const column of heat) {
      const { unit, value } = figureOf(row, column);
      if (value === null) continue;
      const { lowest, highest } = ranges.get(unit) ?? { lowest: value, highest: value };
      ranges.set(unit, { lowest: Math.min(lowest, value), highest: Math.max(highest, value) });
    }
  }
  return (row, column) => {
    if (column.chart !== 'heat') return null;
    const { unit, value } = figureOf(row, column);
    const range = ranges.get(unit);
    if (value === null || range === undefined || range.lowest === range.highest) return null;
    return (value - range.lowest) / (range.highest - range.lowest);
  };
}

/** A figure to draw: a binary number is exact enough for that. */
function numberOf(cell: Cell): number | null {
  if (cell === null || typeof cell === 'boolean') return null;
  const number = Number(cell);
  return Number.isFinite(number) ? number : null;
}

/**
 * Colours of a heat map from cold to hot, of the 256 that terminals have: white to blue, each with the text colour,
 * black or white, that has the better contrast. Both are from the part of the palette that themes leave alone, so
 * the map looks the same on dark and light terminals.
 */
export const heatColors: readonly { readonly background: number; readonly text: number }[] = [
  { background: 231, text: 16 },
  { background: 195, text: 16 },
  { background: 159, text: 16 },
  { background: 117, text: 16 },
  { background: 75, text: 16 },
  { background: 33, text: 16 },
  { background: 26, text: 231 },
  { background: 19, text: 231 },
];

/** The colours of a place on the scale, 0-1. */
export function heatColor(place: number): (typeof heatColors)[number] {
  return heatColors[Math.min(Math.floor(place * heatColors.length), heatColors.length - 1)]!;
}
