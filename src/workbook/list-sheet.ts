import type { Column } from '../core/table.js';
import { damaged } from '../input/archive.js';
import type { NumberStyle } from '../input/xlsx-values.js';
import { XmlError } from '../input/xlsx-xml.js';
import type { PackageSheet, WorkbookPackage } from '../ooxml/package.js';
import {
  cellsOf,
  cellValue,
  formulaOf,
  parseSheet,
  type SheetCell,
  type SheetRow,
  type SheetXml,
} from '../ooxml/sheet.js';
import { withoutZeros } from './keys.js';
import { comparable, isNamed } from './managed-list.js';
import { canonical, keyText } from './values.js';

/** What the cells of a workbook refer to. */
export interface CellContext {
  readonly sharedStrings: readonly string[];
  readonly numberStyles: readonly NumberStyle[];
  /** Whether the workbook counts days from 1904, not from 1900. */
  readonly date1904: boolean;
}

/** A column of a table in a sheet, whoever made it. */
export interface SheetColumn {
  /** From 0. */
  readonly index: number;
  /** As its header is written; '' where it has none. */
  readonly header: string;
  /** The name of the column that it is known as. */
  readonly name: string | undefined;
  /** Which of several columns with this header that people added it is, from 0. */
  readonly occurrence: number;
}

/** A row below the header with something in its key column. */
export interface ListRow {
  readonly row: SheetRow;
  readonly key: string;
}

/** A sheet that holds a table with known columns, taken apart. */
export interface TableSheet {
  readonly sheet: PackageSheet;
  readonly xml: SheetXml;
  readonly context: CellContext;
  readonly headerRow: number;
  /** The column of the keys, from 0. */
  readonly keyIndex: number;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly ListRow[];
  /** Rows below the header with nothing in the key column, but something in another known one. */
  readonly keyless: readonly SheetRow[];
  /** The last row with a key; that of the header without any. */
  readonly lastRow: number;
  /** The number of columns that the sheet uses. */
  readonly width: number;
}

/** The header is looked for in so many rows. */
const headerRows = 50;

/** A row of headers, and the columns that it names. */
export interface TableHeader {
  readonly row: number;
  readonly columns: readonly SheetColumn[];
  /** How many of the columns are known. */
  readonly known: number;
}

/**
 * The row that names the most columns, among them the key; undefined where none names the key.
 * @param ids keys of customers who may be there: of several columns with the header of the key it is the one that has most
 */
export function findHeader(
  xml: SheetXml,
  context: CellContext,
  known: readonly Column[],
  key: Column,
  ids: ReadonlySet<string> = new Set(),
): TableHeader | undefined {
  const { rows, prefix } = xml;
  const { sharedStrings } = context;
  let header: TableHeader | undefined;
  for (const row of rows) {
    if (row.number > headerRows) break;
    const texts = cellsOf(row, prefix).map(
      (cell) => [cell.column, canonical(cellValue(cell, prefix, sharedStrings)).trim()] as const,
    );
    const keys = texts.filter(([, header]) => isNamed(key, header)).map(([index]) => index);
    const others = keys.length > 1 ? withoutOthers(keys, row.number, xml, context, ids) : [];
    const columns = nameColumns(texts, known, { name: key.name, others });
    if (!columns.some(({ name }) => name === key.name)) continue;
    const count = columns.filter(({ name }) => name !== undefined).length;
    if (count > (header?.known ?? 0)) header = { row: row.number, columns, known: count };
  }
  return header;
}

/** Of several columns that may hold the keys, those that hold fewer of the ids than another: somebody's own. */
function withoutOthers(
  keys: readonly number[],
  headerRow: number,
  { rows, prefix }: SheetXml,
  { sharedStrings }: CellContext,
  ids: ReadonlySet<string>,
): number[] {
  const bareIds = new Set([...ids].map(withoutZeros));
  const found = new Map(keys.map((index) => [index, 0]));
  for (const row of rows) {
    if (row.number <= headerRow) continue;
    for (const cell of cellsOf(row, prefix)) {
      const count = found.get(cell.column);
      // A formula gives the ids of another column.
      if (count === undefined || formulaOf(cell, prefix) !== undefined) continue;
      if (bareIds.has(withoutZeros(keyText(cellValue(cell, prefix, sharedStrings)))))
        found.set(cell.column, count + 1);
    }
  }
  const most = Math.max(...found.values());
  const [first] = keys.filter((index) => found.get(index) === most);
  return keys.filter((index) => index !== first);
}

/** Reads a sheet as the table that is below a header. */
export function readTable(
  sheet: PackageSheet,
  xml: SheetXml,
  context: CellContext,
  header: TableHeader,
  key: Column,
): TableSheet {
  const { prefix } = xml;
  const contentOf = (cell: SheetCell) => cellValue(cell, prefix, context.sharedStrings);
  const keyIndex = header.columns.find(({ name }) => name === key.name)!.index;
  const rows: ListRow[] = [];
  const headless = new Set<number>();
  const keyless: SheetRow[] = [];
  const named = new Set(header.columns.filter(({ name }) => name !== undefined).map(({ index }) => index));
  const withHeader = new Set(header.columns.map(({ index }) => index));
  let width = Math.max(...header.columns.map(({ index }) => index)) + 1;
  for (const row of xml.rows) {
    if (row.number <= header.row) continue;
    let text = '';
    let isKnown = false;
    for (const cell of cellsOf(row, prefix)) {
      if (cell.inner === '') continue;
      if (cell.column === keyIndex) text = keyText(contentOf(cell));
      if (named.has(cell.column)) isKnown = true;
      if (!withHeader.has(cell.column)) headless.add(cell.column);
      if (cell.column >= width) width = cell.column + 1;
    }
    if (text !== '') rows.push({ row, key: text });
    else if (isKnown) keyless.push(row);
  }
  const columns = [
    ...header.columns,
    ...[...headless].map((index) => ({ index, header: '', name: undefined, occurrence: index })),
  ].sort((one, other) => one.index - other.index);
  return {
    sheet,
    xml,
    context,
    headerRow: header.row,
    keyIndex,
    columns,
    rows,
    keyless,
    lastRow: rows.at(-1)?.row.number ?? header.row,
    width,
  };
}

/** Takes a sheet apart. */
export function parseSheetOf(text: string, workbook: WorkbookPackage, sheet: PackageSheet): SheetXml {
  try {
    return parseSheet(text);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw damaged(workbook.place, `the sheet '${sheet.name}': ${error.message}`, error);
  }
}

/**
 * Tells which column each header names; the first of two with one name counts, but for the key. Those that people added are told by
 * their header and, where several have the same, by which of these they are.
 */
function nameColumns(
  texts: readonly (readonly [number, string])[],
  known: readonly Column[],
  key: { readonly name: string; readonly others: readonly number[] },
): SheetColumn[] {
  const taken = new Set<string>();
  const seen = new Map<string, number>();
  return texts
    .filter(([, header]) => header !== '')
    .map(([index, header]) => {
      const isFree = ({ name }: Column) =>
        !taken.has(name) && !(name === key.name && key.others.includes(index));
      const name = known.find((column) => isFree(column) && isNamed(column, header))?.name;
      if (name !== undefined) {
        taken.add(name);
        return { index, header, name, occurrence: 0 };
      }
      const same = comparable(header);
      const occurrence = seen.get(same) ?? 0;
      seen.set(same, occurrence + 1);
      return { index, header, name, occurrence };
    });
}

/** The cells of a row by their column. */
export function cellMap(row: SheetRow, prefix: string): Map<number, SheetCell> {
  return new Map(cellsOf(row, prefix).map((cell) => [cell.column, cell]));
}
