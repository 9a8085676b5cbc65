import type { Notice } from '../core/table.js';
import { columnIndex } from '../ooxml/references.js';
import {
  type CellValue,
  cellsOf,
  cellValue,
  cellXml,
  rowXml,
  type SheetXml,
  valueXml,
} from '../ooxml/sheet.js';
import { tidyLists } from '../ooxml/shift-parts.js';
import { rewriteXml } from '../ooxml/xml.js';
import type { TableSheet } from './list-sheet.js';
import { inputColumns } from './managed-list.js';

/** A sheet whose rows can move on their own. */
export interface PartedSheet {
  readonly xml: SheetXml;
  /** Ranges that were merged, as 'I2:I4'. */
  readonly ranges: readonly string[];
}

/**
 * Parts cells that somebody has merged over rows of several customers, so that these can leave, and gives each row what
 * stood in them: an owner in a cell over three rows is that of all three. What is merged within a row stays so.
 * @returns undefined where there are none
 */
export function partMergedRows(table: TableSheet): PartedSheet | undefined {
  const { xml, context } = table;
  const { prefix } = xml;
  const keyed = new Set(table.rows.map(({ row }) => row.number));
  const ranges: { readonly reference: string; readonly column: number; readonly rows: readonly number[] }[] =
    [];
  const tail = rewriteXml(xml.tail, {
    open: (element, attribute) => {
      if (element !== 'mergeCell') return undefined;
      const reference = attribute('ref') ?? '';
      const match = /^\$?([A-Z]+)\$?(\d+):\$?[A-Z]+\$?(\d+)$/i.exec(reference);
      if (match === null) return undefined;
      const [first, last] = [Number(match[2]), Number(match[3])];
      const rows = Array.from({ length: last - first + 1 }, (_, at) => first + at);
      if (rows.filter((row) => keyed.has(row)).length < 2) return undefined;
      ranges.push({ reference, column: columnIndex(match[1]!), rows });
      return 'drop';
    },
  });
  if (ranges.length === 0) return undefined;

  const ofPeople = new Set(
    table.columns
      .filter(({ name }) => name === undefined || inputColumns.some((input) => input.name === name))
      .map(({ index }) => index),
  );
  const rowsByNumber = new Map(xml.rows.map((row) => [row.number, row]));
  /** By row, then column: what it gets. */
  const repeated = new Map<number, Map<number, { readonly value: CellValue; readonly style: number }>>();
  for (const {
    column,
    rows: [first, ...others],
  } of ranges) {
    const row = rowsByNumber.get(first!);
    const cell = row && cellsOf(row, prefix).find((one) => one.column === column);
    if (cell === undefined || !ofPeople.has(column)) continue;
    const content = { value: cellValue(cell, prefix, context.sharedStrings), style: cell.style };
    for (const other of others.filter((number) => keyed.has(number))) {
      const cells = repeated.get(other) ?? new Map();
      repeated.set(other, cells.set(column, content));
    }
  }
  const rows = xml.rows.map((row) => {
    const contents = repeated.get(row.number);
    if (contents === undefined) return row;
    const cells = new Map(cellsOf(row, prefix).map((cell) => [cell.column, cell]));
    for (const [column, { value, style }] of contents) {
      const cell = cells.get(column) ?? { column, style, others: '' };
      cells.set(column, { ...cell, ...valueXml(value, prefix) });
    }
    const sorted = [...cells.values()].sort((one, other) => one.column - other.column);
    return { ...row, inner: sorted.map((cell) => cellXml(cell, row.number, prefix)).join('') };
  });
  return {
    xml: { ...xml, rows, tail: tidyLists(tail) },
    ranges: ranges.map(({ reference }) => reference),
  };
}

/** The part of a sheet that was taken apart. */
export function partOf({ head, prefix, rows, tail }: SheetXml): string {
  const inner = rows.map((row) => rowXml(row.number, row.attributes, row.inner, prefix)).join('');
  return `${head}<${prefix}sheetData>${inner}</${prefix}sheetData>${tail}`;
}

const shown = 3;

export function partedNotices(sheet: string, ranges: readonly string[]): Notice[] {
  if (ranges.length === 0) return [];
  const place = `${sheet}!${ranges.slice(0, shown).join(', ')}${ranges.length > shown ? ', ...' : ''}`;
  return [
    {
      code: 'cells_parted',
      level: 'info',
      text: {
        en: `${place}: cells merged over rows of several customers were parted; each row has what stood in them.`,
        ru: `${place}: ячейки, объединённые по строкам нескольких клиентов, разъединены; их содержимое стоит в каждой строке.`,
      },
    },
  ];
}
