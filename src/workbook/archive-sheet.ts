import type { Language } from '../core/text.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import { columnName, RowShift } from '../ooxml/references.js';
import { type CellValue, cellValue, parseSheet } from '../ooxml/sheet.js';
import { shiftOtherParts } from '../ooxml/shift-parts.js';
import type { StyleBook } from '../ooxml/styles.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { computedWidth, dateFormat, headerStyle } from './columns.js';
import { cellMap, type SheetColumn, type TableSheet } from './list-sheet.js';
import {
  archiveColumns,
  comparable,
  computedColumns,
  type Departure,
  inputColumns,
  isOutcome,
  keyColumn,
  type ManagedList,
  outcomes,
  sheetTitles,
} from './managed-list.js';
import { newSheet } from './new-workbook.js';
import { type ListWorkbook, nameSheet } from './open-list.js';
import { editedSheet, type NewCell, withColumnWidths } from './sheet-edit.js';
import { freeName } from './sheet-name.js';
import { canonical, daySerial } from './values.js';

/** A row of the list on its way to the archive. */
export interface ArchivedRow {
  readonly key: string;
  readonly departure: Departure;
  /** By column of the list. Formulas are what they gave last. */
  readonly cells: ReadonlyMap<number, { readonly value: CellValue; readonly style: number }>;
  readonly notes: readonly string[];
}

/** Customers whose rows somebody deleted, as the archive has them. */
export function dismissedKeys(archive: TableSheet | undefined): Set<string> {
  const dismissed = new Set<string>();
  for (const { key, value } of valuesOf(archive, 'outcome')) {
    if (isOutcome('dismissed', canonical(value))) dismissed.add(key);
  }
  return dismissed;
}

/** What was last written of each customer in the archive. */
export function lastArchived(
  archive: TableSheet | undefined,
): Map<string, { wasLeftOut: boolean; inputs: ReadonlyMap<string, CellValue> }> {
  const last = (name: string) => new Map([...valuesOf(archive, name)].map(({ key, value }) => [key, value]));
  const outcome = last('outcome');
  const columns = inputColumns.map(({ name }) => [name, last(name)] as const);
  return new Map(
    (archive?.rows ?? []).map(({ key }) => [
      key,
      {
        wasLeftOut: isOutcome('left_out', canonical(outcome.get(key) ?? null)),
        inputs: new Map(columns.map(([name, values]) => [name, values.get(key) ?? null])),
      },
    ]),
  );
}

function* valuesOf(
  table: TableSheet | undefined,
  name: string,
): Generator<{ key: string; value: CellValue }> {
  const index = table?.columns.find((column) => column.name === name)?.index;
  if (table === undefined || index === undefined) return;
  for (const { row, key } of table.rows) {
    const cell = cellMap(row, table.xml.prefix).get(index);
    const value = cell === undefined ? null : cellValue(cell, table.xml.prefix, table.context.sharedStrings);
    yield { key, value };
  }
}

/** Adds rows at the end of the archive, which is made where there is none. */
export async function appendToArchive(
  workbook: WorkbookPackage,
  found: ListWorkbook,
  rows: readonly ArchivedRow[],
  list: ManagedList,
  language: Language,
  styles: StyleBook,
  date1904: boolean,
): Promise<void> {
  if (rows.length === 0) return;
  const key = keyColumn(list);
  const computed = computedColumns(list);
  const existing = found.archive;
  const headerCells: NewCell[] = [];
  const widths = new Map<number, number>();
  const known: SheetColumn[] = [...(existing?.columns ?? [])];
  let next = existing?.width ?? 0;
  const addColumn = (header: string, name: string | undefined, occurrence: number, width: number): number => {
    const index = next;
    next += 1;
    known.push({ index, header, name, occurrence });
    const label = { en: header, ru: header };
    const input = inputColumns.find((column) => column.name === name);
    const column = input ?? computed.find((one) => one.name === name);
    const style = headerStyle(
      input === undefined ? 'computed' : 'input',
      column ?? { name: '', label, kind: 'text' },
    );
    headerCells.push({ column: index, value: spreadsheetText(header), usualStyle: styles.style(style) });
    widths.set(index, width);
    return index;
  };
  const named = (name: string, header: string, width: number): number =>
    known.find((column) => column.name === name)?.index ?? addColumn(header, name, 0, width);

  const keyIndex = named(key.name, key.label[language], computedWidth(key, list, language));
  const own = new Map(
    archiveColumns.map((column) => [
      column.name,
      named(column.name, column.label[language], column.kind === 'date' ? 14 : 28),
    ]),
  );
  // Columns of the list find theirs by name, those that people added by header.
  const targets = new Map<number, number>();
  for (const column of found.list.columns) {
    if (column.name === key.name) continue;
    const header = column.header || columnName(column.index);
    const same = known.find((other) =>
      column.name === undefined
        ? other.name === undefined &&
          comparable(other.header) === comparable(header) &&
          (column.header === '' || other.occurrence === column.occurrence)
        : other.name === column.name,
    );
    const ours = computed.find(({ name }) => name === column.name);
    const width =
      inputColumns.find(({ name }) => name === column.name)?.width ??
      (ours === undefined ? 18 : computedWidth(ours, list, language));
    targets.set(column.index, same?.index ?? addColumn(header, column.name, column.occurrence, width));
  }

  const dateStyle = styles.style({ format: dateFormat(language), align: 'left' });
  const textStyle = styles.style({ format: '@', align: 'left' });
  const today = daySerial(list.asOf) - (date1904 ? 1462 : 0);
  const inserted = (index: number): NewCell[] => {
    const { key: id, departure, cells, notes } = rows[index]!;
    const text = (name: string, value: string): NewCell => {
      return { column: own.get(name)!, value: spreadsheetText(value), usualStyle: textStyle };
    };
    return [
      { column: keyIndex, value: spreadsheetText(id), usualStyle: textStyle },
      { column: own.get('left_on')!, value: today, usualStyle: dateStyle },
      text('outcome', outcomes[departure.outcome][language]),
      text('left_because', departure.reason[language]),
      ...(notes.length === 0 ? [] : [text('cell_notes', notes.join('\n'))]),
      ...[...cells].flatMap(([column, { value, style }]): NewCell[] => {
        const target = targets.get(column);
        if (target === undefined) return [];
        const held = typeof value === 'string' ? spreadsheetText(value) : value;
        return [{ column: target, value: held, style, usualStyle: style }];
      }),
    ];
  };

  const table = existing ?? newTable();
  const shift = new RowShift([], table.headerRow + 1, table.lastRow, rows.length);
  const title = existing?.sheet.name ?? freeName(found.sheets, sheetTitles.archive[language]);
  const sheet = { ...table.xml, head: withColumnWidths(table.xml.head, table.xml.prefix, widths) };
  const edited = editedSheet(sheet, {
    shift,
    name: title,
    width: next,
    changed: (row) => (row.number === table.headerRow ? headerCells : undefined),
    inserted,
  });
  const xml = [...edited].join('');
  if (existing === undefined) await workbook.addSheet(title, xml);
  await nameSheet(workbook, 'archive', { sheet: { name: title }, headerRow: table.headerRow, keyIndex });
  if (existing === undefined) return;
  workbook.set(existing.sheet.part, xml);
  await shiftOtherParts(workbook, existing.sheet, shift);
}

function newTable(): Pick<TableSheet, 'xml' | 'headerRow' | 'lastRow'> {
  const views =
    '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/><selection pane="bottomRight"/>';
  const page =
    '<pageSetup paperSize="9" pageOrder="overThenDown" orientation="landscape" fitToWidth="2" fitToHeight="0"/>';
  const empty = parseSheet(newSheet({ views, isFitted: true, after: page }));
  const xml = { ...empty, rows: [{ number: 1, attributes: ' ht="32" customHeight="1"', inner: '' }] };
  return { xml, headerRow: 1, lastRow: 1 };
}
