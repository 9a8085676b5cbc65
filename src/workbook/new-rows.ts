import type { Cell } from '../core/table.js';
import { fillFormula, moveFormula, type RowShift } from '../ooxml/references.js';
import { cellFormula, sharedFormulas } from '../ooxml/shared-formulas.js';
import { type CellValue, cellsOf, type SheetCell } from '../ooxml/sheet.js';
import type { WrittenColumn } from './add-columns.js';
import { lastArchived } from './archive-sheet.js';
import type { ComputedCells } from './columns.js';
import { cellMap, type TableSheet } from './list-sheet.js';
import { carriesInputs, type InputColumn, type ManagedList } from './managed-list.js';
import type { ListWorkbook } from './open-list.js';
import type { Plan } from './plan.js';
import type { NewCell } from './sheet-edit.js';
import { canonical } from './values.js';

/** The list and the sheet that its rows are written to. */
export interface RowContext {
  readonly list: ManagedList;
  readonly computed: ComputedCells;
  readonly table: TableSheet;
  readonly columns: readonly WrittenColumn[];
  /** Styles of the manager's columns, by name. */
  readonly inputStyles: ReadonlyMap<string, number>;
}

/** What a new row says of the customer: new, or back with some of what was written before. */
export interface News {
  readonly code: 'new' | 'back' | null;
  /** By names of the manager's columns. */
  readonly inputs: ReadonlyMap<string, CellValue>;
}

export function newsOf(plan: Plan, found: ListWorkbook): (key: string) => News {
  const before = lastArchived(found.archive);
  // Nothing is news on the first day.
  const isFirst = found.list.rows.length === 0 && found.state === undefined && before.size === 0;
  const missing = new Set(plan.missing);
  return (key) => {
    const former = before.get(key);
    if (former === undefined) {
      return { code: isFirst ? null : missing.has(key) ? 'back' : 'new', inputs: new Map() };
    }
    const isCarried = carriesInputs(former.wasLeftOut, canonical(former.inputs.get('status') ?? null));
    return { code: 'back', inputs: new Map([...former.inputs].filter(([name]) => isCarried(name))) };
  };
}

/** What a manager's column of a new row holds. */
export function newInput({ name }: InputColumn, { inputs }: News): CellValue {
  return inputs.get(name) ?? null;
}

export function newCells(
  { computed, columns, list, inputStyles, table }: RowContext,
  computedRow: readonly Cell[],
  news: News,
  fillDown: ReadonlyMap<number, { formula: string; row: number; style: number }>,
  shift: RowShift,
  position: number,
): NewCell[] {
  const template = table.rows.at(-1);
  const templateCells = template === undefined ? new Map<number, SheetCell>() : templateOf(table);
  const cells: NewCell[] = [];
  for (const { index, computedIndex, input } of columns) {
    const look = templateCells.get(index)?.style;
    if (computedIndex !== undefined) {
      const [value, usualStyle] = computed.cell(computedIndex, computedRow, {
        news: news.code,
        since: list.asOf,
      });
      cells.push({ column: index, value, usualStyle: look ?? usualStyle });
    } else if (input !== undefined) {
      const usualStyle = look ?? inputStyles.get(input.name)!;
      cells.push({ column: index, value: newInput(input, news), usualStyle });
    } else {
      const filled = fillDown.get(index);
      if (filled !== undefined) {
        const down = shift.firstInserted + position - filled.row;
        const formula = moveFormula(filled.formula, down, shift, table.sheet.name);
        cells.push({ column: index, value: null, formula, usualStyle: filled.style });
      } else if (look !== undefined && look !== 0) {
        cells.push({ column: index, value: null, usualStyle: look });
      }
    }
  }
  return cells;
}

const templates = new WeakMap<TableSheet, Map<number, SheetCell>>();

/** The cells of the last row, after which new ones are formatted. */
function templateOf(table: TableSheet): Map<number, SheetCell> {
  let cells = templates.get(table);
  if (cells === undefined) {
    cells = cellMap(table.rows.at(-1)!.row, table.xml.prefix);
    templates.set(table, cells);
  }
  return cells;
}

/**
 * Formulas that people filled down their columns, to be filled on into new rows: those that the last two rows have
 * alike.
 */
export function formulasToFill(
  table: TableSheet,
): ReadonlyMap<number, { formula: string; row: number; style: number }> {
  const found = new Map<number, { formula: string; row: number; style: number }>();
  const [before, last] = [table.rows.at(-2), table.rows.at(-1)];
  if (before === undefined || last === undefined) return found;
  const { xml } = table;
  const shared = sharedFormulas(xml);
  const above = cellMap(before.row, xml.prefix);
  for (const cell of cellsOf(last.row, xml.prefix)) {
    const column = table.columns.find(({ index }) => index === cell.column);
    if (column === undefined || column.name !== undefined) continue;
    const other = above.get(cell.column);
    const formula = cellFormula(cell, last.row.number, xml.prefix, shared);
    if (formula === undefined || other === undefined) continue;
    const former = cellFormula(other, before.row.number, xml.prefix, shared);
    if (former === undefined) continue;
    if (fillFormula(former, last.row.number - before.row.number, 0) !== formula) continue;
    found.set(cell.column, { formula, row: last.row.number, style: cell.style });
  }
  return found;
}
