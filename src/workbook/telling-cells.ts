import type { Cell } from '../core/table.js';
import { type CellValue, cellsOf, cellValue, formulaOf, type SheetRow } from '../ooxml/sheet.js';
import type { ComputedCells } from './columns.js';
import { fingerprintOf, ofColumns } from './fingerprint.js';
import { markColumn, sinceColumn } from './managed-list.js';
import type { ListWorkbook } from './open-list.js';
import type { PlannedRow, planList } from './plan.js';

/** A row with fewer computed cells than this was not written by a run. */
const leastComputed = 3;

/** The rows of the sheet, and what the last run wrote of customers in the columns that the sheet still has. */
export function plannedRows(
  found: ListWorkbook,
  computed: Pick<ComputedCells, 'columns'>,
): Pick<Parameters<typeof planList>[0], 'rows' | 'fingerprints'> {
  const { list: table, state } = found;
  const { xml, context } = table;
  const written = new Map(state?.telling?.map((name, place) => [name, place]));
  const columns = tellingColumns(table.columns, computed).filter(({ name }) => written.has(name));
  const places = new Map(columns.map(({ index }, place) => [index, place]));
  const valuesOf = (row: SheetRow): CellValue[] => {
    const values: CellValue[] = columns.map(() => null);
    for (const cell of cellsOf(row, xml.prefix)) {
      const place = places.get(cell.column);
      // No run writes formulas there: those of totals, say, are somebody's own.
      if (place === undefined || formulaOf(cell, xml.prefix) !== undefined) continue;
      values[place] = cellValue(cell, xml.prefix, context.sharedStrings);
    }
    return values;
  };
  const sheetRows = [...table.rows, ...table.keyless.map((row) => ({ row, key: '' }))];
  const rows = sheetRows.map(({ row, key }): PlannedRow => {
    const values = valuesOf(row);
    const filled = values.filter((value) => value !== null).length;
    const isWritten = state !== undefined && filled >= Math.min(leastComputed, columns.length);
    return {
      number: row.number,
      key,
      fingerprint: isWritten ? fingerprintOf(values) : undefined,
    };
  });
  const placesWritten = columns.map(({ name }) => written.get(name)!);
  const fingerprints = new Map(
    [...(state?.rows ?? [])].map(([key, { fingerprint }]) => [key, ofColumns(fingerprint, placesWritten)]),
  );
  return { rows, fingerprints };
}

/** A column by which rows are told, and which of the computed ones it is. */
export interface TellingColumn {
  readonly index: number;
  readonly name: string;
  readonly computedIndex: number;
}

/** The columns of the sheet that come from the list's table, but for the key; in the order of that. */
export function tellingColumns(
  columns: readonly { readonly index: number; readonly name: string | undefined }[],
  computed: Pick<ComputedCells, 'columns'>,
): TellingColumn[] {
  const indexes = new Map(columns.map(({ name, index }) => [name, index]));
  return computed.columns.slice(1).flatMap((column, at) => {
    const index = indexes.get(column.name);
    if (index === undefined || column === markColumn || column === sinceColumn) return [];
    return [{ index, name: column.name, computedIndex: at + 1 }];
  });
}

export function computedValues(
  columns: readonly TellingColumn[],
  row: readonly Cell[],
  computed: ComputedCells,
): CellValue[] {
  return columns.map(({ computedIndex }) => computed.cell(computedIndex, row, noNews)[0]);
}

const noNews = { news: null, since: null };
