import type { ConditionalFormattingRule } from 'exceljs';
import type { Cell, Column } from '../core/table.js';
import type { CellChart } from './spreadsheet-notes.js';
import { cellUnit, isNumeric } from './unit.js';

/** Consecutive rows of one column of a sheet, or of several beside each other. */
interface Block {
  readonly unit: string;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  lastColumn: number;
}

/**
 * The charts of a table whose first row is some row of a sheet: bars for each column of its own, arrows for each
 * column of changes, and one heat map for each unit over all heat columns.
 */
export function cellCharts(
  shown: readonly Column[],
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  top = 2,
): CellChart[] {
  const charts: CellChart[] = [];
  const heat = new Map<string, Block[]>();
  for (const [index, column] of shown.entries()) {
    if (column.kind === 'change' && rows.length > 0) {
      const place = { firstColumn: index + 1, lastColumn: index + 1 };
      charts.push({
        kind: 'arrows',
        cells: reference({ ...place, firstRow: top, lastRow: top + rows.length - 1 }),
      });
    }
    if (column.chart !== 'bar' && column.chart !== 'heat') continue;
    for (const block of blocksOf(column, index + 1, columns, rows, top)) {
      if (column.chart === 'bar') {
        charts.push({ kind: 'bar', cells: reference(block) });
        continue;
      }
      const blocks = heat.get(block.unit) ?? [];
      heat.set(block.unit, blocks);
      const neighbour = blocks.find(
        ({ firstRow, lastRow, lastColumn }) =>
          firstRow === block.firstRow && lastRow === block.lastRow && lastColumn === index,
      );
      if (neighbour === undefined) blocks.push(block);
      else neighbour.lastColumn = index + 1;
    }
  }
  for (const blocks of heat.values()) {
    charts.push({ kind: 'heat', cells: blocks.map(reference).join(' ') });
  }
  return charts;
}

function blocksOf(
  column: Column,
  position: number,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  top: number,
): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  while (start < rows.length) {
    const unit = cellUnit(column, rows[start]!, columns);
    let end = start + 1;
    while (end < rows.length && cellUnit(column, rows[end]!, columns) === unit) end += 1;
    if (isNumeric(unit)) {
      blocks.push({
        unit,
        firstRow: top + start,
        lastRow: top + end - 1,
        firstColumn: position,
        lastColumn: position,
      });
    }
    start = end;
  }
  return blocks;
}

function reference({ firstColumn, firstRow, lastColumn, lastRow }: Omit<Block, 'unit'>): string {
  return `${columnName(firstColumn)}${firstRow}:${columnName(lastColumn)}${lastRow}`;
}

/** 1 is A, 27 is AA. */
export function columnName(position: number): string {
  const rest = Math.floor((position - 1) / 26);
  return (rest > 0 ? columnName(rest) : '') + String.fromCharCode(65 + ((position - 1) % 26));
}

// Both light enough for black text: a heat map from white, bars of one colour.
const coldColor = 'FFFFFFFF';
const hotColor = 'FF5B9BD5';
const barColor = 'FF9CC2E5';

const leastRise = 1e-9;

/** The rule of conditional formatting that draws a chart; `number` tells the charts of a sheet apart. */
export function chartRule({ kind }: CellChart, number: number, sheet: number): ConditionalFormattingRule {
  if (kind === 'heat') {
    return {
      type: 'colorScale',
      priority: number,
      cfvo: [{ type: 'min' }, { type: 'max' }],
      color: [{ argb: coldColor }, { argb: hotColor }],
    };
  }
  if (kind === 'arrows') {
    // Gray: whether more is better depends on the figure. Steady is 0 and nothing else.
    return {
      type: 'iconSet',
      priority: number,
      iconSet: '3ArrowsGray',
      cfvo: [
        { type: 'percent', value: 0 },
        { type: 'num', value: 0 },
        { type: 'num', value: leastRise },
      ],
    };
  }
  const rule = {
    type: 'dataBar',
    priority: number,
    gradient: false,
    cfvo: [{ type: 'num', value: 0 }, { type: 'max' }],
    color: { argb: barColor },
  } as const;
  // exceljs sets a random id, and equal reports would give different bytes.
  const id = `{00000000-0000-4000-${8000 + sheet}-${String(number).padStart(12, '0')}}`;
  return Object.defineProperty({ ...rule, cfvo: [...rule.cfvo] }, 'x14Id', { get: () => id, set: () => {} });
}
