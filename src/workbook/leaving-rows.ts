import type { Cell } from '../core/table.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import { cellFormula, sharedFormulas } from '../ooxml/shared-formulas.js';
import { type CellValue, cellsOf, cellValue } from '../ooxml/sheet.js';
import type { ArchivedRow } from './archive-sheet.js';
import type { ComputedCells } from './columns.js';
import type { CellContext, TableSheet } from './list-sheet.js';
import { type InputColumn, inputColumns } from './managed-list.js';
import { notesByRow } from './notes.js';
import type { Plan } from './plan.js';
import { asStored } from './values.js';

/**
 * What goes to the archive: the rows that left with all their cells, and those that somebody deleted, with what the last
 * run found in the manager's columns.
 */
export async function archivedRows(
  workbook: WorkbookPackage,
  table: TableSheet,
  plan: Plan,
  rowsByKey: ReadonlyMap<string, readonly Cell[]>,
  computed: ComputedCells,
  inputsBefore: ReadonlyMap<string, readonly string[]>,
  inputStyles: ReadonlyMap<string, number>,
): Promise<ArchivedRow[]> {
  const { xml, context } = table;
  const rows = new Map(
    [...table.rows.map(({ row }) => row), ...table.keyless].map((row) => [row.number, row]),
  );
  const notes =
    plan.archived.size === 0
      ? new Map<number, string[]>()
      : await notesByRow(workbook, table.sheet.part, xml.tail);
  const shared = plan.archived.size === 0 ? new Map() : sharedFormulas(xml);
  const left = [...plan.archived].map(([number, { key, departure }]): ArchivedRow => {
    const row = rows.get(number)!;
    const cells = new Map<number, { value: CellValue; style: number }>();
    for (const cell of cellsOf(row, xml.prefix)) {
      const value = cellValue(cell, xml.prefix, context.sharedStrings);
      const formula = value === null ? cellFormula(cell, number, xml.prefix, shared) : undefined;
      // A formula that nothing has computed yet is kept as what it says.
      cells.set(cell.column, { value: formula === undefined ? value : `=${formula}`, style: cell.style });
    }
    return { key, departure, cells, notes: notes.get(number) ?? [] };
  });
  const dismissed = plan.dismissed.map((key): ArchivedRow => {
    const cells = new Map<number, { value: CellValue; style: number }>();
    for (const column of table.columns) {
      const input = inputColumns.findIndex(({ name }) => name === column.name);
      if (input !== -1) {
        const value = writtenValue(inputColumns[input]!, inputsBefore.get(key)?.[input] ?? '', context);
        if (value !== null) cells.set(column.index, { value, style: inputStyles.get(column.name!)! });
        continue;
      }
      const index = computed.columns.findIndex(({ name }) => name === column.name);
      const row = rowsByKey.get(key);
      if (index === -1 || row === undefined) continue;
      const [value, style] = computed.cell(index, row, { news: null, since: null });
      cells.set(column.index, { value, style });
    }
    const reason = {
      en: 'its row was deleted; delete this row too to have it back',
      ru: 'строка была удалена; удалите и эту, чтобы вернуть клиента в список',
    };
    return { key, departure: { outcome: 'dismissed', reason }, cells, notes: [] };
  });
  return [...left, ...dismissed];
}

/** What a cell held, by what the state compares it by: a formula stays text. */
function writtenValue({ kind }: InputColumn, text: string, context: CellContext): CellValue {
  if (text === '') return null;
  const number = kind === 'text' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) return text;
  return kind === 'date' ? asStored(number, context) : number;
}
