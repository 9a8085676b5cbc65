import { columnIndex, columnName, mapReferences } from '../ooxml/references.js';
import { cellFormula, type SharedFormulas, sharedFormulas } from '../ooxml/shared-formulas.js';
import { type CellValue, cellsOf, cellValue, type SheetRow } from '../ooxml/sheet.js';
import type { SheetColumn, TableSheet } from './list-sheet.js';
import { comparable } from './managed-list.js';
import { canonical, from1900, shownValue } from './values.js';

/** What somebody wrote into a cell: a value, or a formula with the value that it gave last. */
export interface CellContent {
  /** Dates count from 1900, whatever the workbook does. */
  readonly value: CellValue;
  readonly isDate: boolean;
  /** Without '='. */
  readonly formula: string | undefined;
  /**
   * What it is compared by. A formula is told by the columns of its row that it refers to, whatever row and place
   * these have; its value is not what somebody wrote.
   */
  readonly text: string;
}

const empty: CellContent = { value: null, isDate: false, formula: undefined, text: '' };

/** Reads the cells of a table; those of one row are best asked for together. */
export class ContentReader {
  readonly #shared: SharedFormulas;
  readonly #columns: ReadonlyMap<number, SheetColumn>;

  constructor(private readonly table: TableSheet) {
    this.#shared = sharedFormulas(table.xml);
    this.#columns = new Map(table.columns.map((column) => [column.index, column]));
  }

  read(row: SheetRow, column: number): CellContent {
    const { xml, context } = this.table;
    const cell = cellsOf(row, xml.prefix).find((one) => one.column === column);
    if (cell === undefined || cell.inner === '') return empty;
    const stored = cellValue(cell, xml.prefix, context.sharedStrings);
    const isDate = context.numberStyles[cell.style]?.kind === 'date';
    const value = isDate ? from1900(stored, context) : stored;
    const formula = cellFormula(cell, row.number, xml.prefix, this.#shared);
    const text = formula === undefined ? canonical(value) : this.#comparable(formula, row.number);
    return { value, isDate, formula, text };
  }

  #comparable(formula: string, row: number): string {
    const named = mapReferences(formula, (reference, sheet) => {
      const column = sheet === undefined ? columnInRow(reference, row) : undefined;
      if (column !== undefined) return `[${nameOf(this.#columns.get(column), column)}]`;
      return reference.replace(/(?<!\$)\b\d+$/, (number) => `[${Number(number) - row}]`);
    });
    // Programs write spaces and small letters each in their way.
    return `=${named.replace(/"(?:[^"]|"")*"|\s+|[^"\s]+/g, (piece) =>
      piece.startsWith('"') ? piece : piece.trim().toUpperCase(),
    )}`;
  }

  /**
   * A formula as it reads in a row of another list.
   * @param find where a column is there
   * @param sheets of the other workbook
   * @returns undefined where it refers to more than cells of its own row and sheets that are there
   */
  carried(
    formula: string,
    from: number,
    to: number,
    find: (column: SheetColumn) => number | undefined,
    sheets: readonly { readonly name: string }[],
  ): string | undefined {
    const names = new Set(sheets.map(({ name }) => name.toLowerCase()));
    let isWhole = true;
    const carried = mapReferences(formula, (reference, sheet) => {
      if (sheet !== undefined) {
        isWhole &&= names.has(sheet.toLowerCase());
        return reference;
      }
      const column = this.#columns.get(columnInRow(reference, from) ?? -1);
      const index = column && find(column);
      if (index === undefined) isWhole = false;
      return `${reference.startsWith('$') ? '$' : ''}${columnName(index ?? 0)}${to}`;
    });
    return isWhole ? carried : undefined;
  }
}

/** The column of a reference to one cell of that row, which moves with its formula. */
function columnInRow(reference: string, row: number): number | undefined {
  const match = /^\$?([A-Z]{1,3})(\d+)$/i.exec(reference);
  return match !== null && Number(match[2]) === row ? columnIndex(match[1]!) : undefined;
}

function nameOf(column: SheetColumn | undefined, index: number): string {
  if (column === undefined || (column.name === undefined && column.header === '')) return columnName(index);
  return column.name ?? `${comparable(column.header)} ${column.occurrence}`;
}

/** A content as a message shows it. */
export function shownContent({ formula, value, isDate }: Omit<CellContent, 'text'>): string {
  return formula === undefined ? shownValue(value, isDate) : `=${formula}`;
}
