import { basename } from 'node:path';
import type { Column, Notice } from '../core/table.js';
import { type Language, sayCount, type Text } from '../core/text.js';
import { damaged, openArchive } from '../input/archive.js';
import { refuseOtherFormats } from '../input/xlsx-foreign.js';
import { WorkbookPackage } from '../ooxml/package.js';
import { columnName, RowShift } from '../ooxml/references.js';
import { forgetResults } from '../ooxml/results.js';
import { type CellValue, cellValue, type SheetCell, type SheetRow } from '../ooxml/sheet.js';
import { shiftOtherParts } from '../ooxml/shift-parts.js';
import { StyleBook } from '../ooxml/styles.js';
import { packText } from '../ooxml/zip.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { dateFormat, headerStyle, inputStyle } from './columns.js';
import { addConflicts, type Conflict } from './conflicts-sheet.js';
import { cellMap, type SheetColumn, type TableSheet } from './list-sheet.js';
import { comparable, inputColumns } from './managed-list.js';
import { notesByRow } from './notes.js';
import { type ListWorkbook, openList } from './open-list.js';
import { editedSheet, type NewCell, withColumnWidths } from './sheet-edit.js';
import type { ListState, NamedColumn } from './state.js';
import { canonical, shownValue } from './values.js';

/** What a merge did. */
export interface MergeResult {
  /** Cells that were taken over from the copies. */
  readonly taken: number;
  /** Rows that only a copy had. */
  readonly added: number;
  readonly conflicts: number;
  /** The day of the list, as its last run had it. */
  readonly asOf: string | undefined;
  readonly notices: readonly Notice[];
}

/** An open copy, and the file that it is. */
interface Copy {
  readonly name: string;
  readonly found: ListWorkbook;
  readonly notes: ReadonlyMap<number, readonly string[]>;
}

/** The key of a list whose state is lost. */
const usualKeys: readonly NamedColumn[] = [
  { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' } },
  { name: 'customer', label: { en: 'Customer id', ru: 'Код клиента' } },
];

/**
 * Brings what people wrote in copies of a list into it. A cell counts as written in a copy where it differs from what
 * the last run left there; where two wrote different things the list keeps its own, and both are shown.
 * @throws UserError where one of the files is no workbook or holds no list
 */
export async function mergeCopies(
  workbook: WorkbookPackage,
  paths: readonly string[],
  language: Language,
): Promise<MergeResult> {
  const main = await openAny(workbook);
  const archives = [];
  try {
    const copies: Copy[] = [];
    for (const path of paths) {
      await refuseOtherFormats(path);
      const archive = await openArchive(path);
      archives.push(archive);
      const copy = await WorkbookPackage.open(archive, { file: path });
      const found = await openAny(copy, main.state);
      const { sheet, xml } = found.list;
      const notes = await notesByRow(copy, sheet.part, xml.tail);
      copies.push({ name: basename(path), found, notes });
    }
    return await merge(workbook, main, copies, language);
  } finally {
    for (const archive of archives) await archive.close();
  }
}

/** Opens a list whose columns only its state tells, or that of another copy. */
function openAny(workbook: WorkbookPackage, other?: ListState): Promise<ListWorkbook> {
  return openList(workbook, (own) => {
    const written = (own ?? other)?.columns ?? [];
    const computed = written.filter(({ name }) => !inputColumns.some((input) => input.name === name));
    const [key, ...others] = (computed.length > 0 ? computed : usualKeys).map(
      (column): Column => ({ ...column, kind: 'text' }),
    );
    return [key!, ...others];
  });
}

interface Merged {
  value: CellValue;
  /** The file that it was taken from; undefined for the list's own. */
  from: string | undefined;
  isDate: boolean;
}

async function merge(
  workbook: WorkbookPackage,
  main: ListWorkbook,
  copies: readonly Copy[],
  language: Language,
): Promise<MergeResult> {
  const stylesPart = await workbook.stylesPart();
  if (stylesPart === undefined) throw damaged(workbook.place, 'it has no styles');
  const styles = new StyleBook(await workbook.text(stylesPart));
  const table = main.list;
  const file = basename(workbook.place.file ?? '');
  const columns = new Columns(table);
  const rows = new Map(table.rows.map(({ row, key }) => [key, row]));
  const reader = new Reader(table);
  /** By row of the list, then column: what is no longer as it was. */
  const changes = new Map<number, Map<number, Merged>>();
  const added = new Map<string, Map<number, Merged>>();
  const conflicts: Conflict[] = [];
  const notices: Notice[] = [];
  const mainNotes = await notesByRow(workbook, table.sheet.part, table.xml.tail);

  for (const { name, found, notes } of copies) {
    const copy = found.list;
    const from = new Reader(copy);
    const pairs = copy.columns
      .filter(
        (column) => column.name === undefined || inputColumns.some((input) => input.name === column.name),
      )
      .map((column) => ({ column, target: columns.find(column) }));
    const seen = new Set<string>();
    for (const { row, key } of copy.rows) {
      const isFirst = !seen.has(key);
      seen.add(key);
      const target = rows.get(key);
      const before = found.state?.rows.get(key)?.inputs;
      const edits = pairs.map(({ column, target: index }) => {
        const at = inputColumns.findIndex((input) => input.name === column.name);
        return {
          column,
          index,
          ...from.read(row, column.index),
          was: at === -1 ? undefined : before && (before[at] ?? ''),
        };
      });
      const written = edits.filter(({ value, was }) => canonical(value) !== (was ?? ''));
      const say = (header: string, kept: Merged | undefined, other: string): Conflict => ({
        key,
        header,
        kept: kept === undefined ? '' : shownValue(kept.value, kept.isDate),
        keptFrom: kept?.from ?? file,
        other,
        otherFrom: name,
      });
      if (target === undefined || !isFirst) {
        const wasListed =
          main.state?.rows.has(key) ||
          main.state?.others.has(key) ||
          main.archive?.rows.some((one) => one.key === key);
        if (target === undefined && !wasListed && before === undefined && !added.has(key)) {
          added.set(
            key,
            new Map(
              copy.columns.map((column) => [
                columns.find(column),
                { ...from.read(row, column.index), from: name },
              ]),
            ),
          );
        } else {
          for (const { column, value, isDate } of written) {
            const own = added.get(key)?.get(columns.find(column));
            if (own !== undefined && canonical(own.value) === canonical(value)) continue;
            conflicts.push(say(column.header || columnName(column.index), own, shownValue(value, isDate)));
          }
        }
      } else {
        const here = changes.get(target.number) ?? new Map<number, Merged>();
        for (const { column, index, value, isDate, was } of written) {
          const current = here.get(index) ?? { ...reader.read(target, index), from: undefined };
          const [mine, theirs] = [canonical(current.value), canonical(value)];
          if (mine === theirs) continue;
          // Without knowing what was there before, only an empty cell is surely nobody's.
          if (was === undefined ? mine === '' : mine === was) here.set(index, { value, from: name, isDate });
          else if (was !== undefined || theirs !== '') {
            conflicts.push(
              say(column.header || columnName(column.index), current, shownValue(value, isDate)),
            );
          }
        }
        if (here.size > 0) changes.set(target.number, here);
      }
      const own = new Set(
        (target === undefined ? [] : (mainNotes.get(target.number) ?? [])).map(withoutCell),
      );
      for (const note of notes.get(row.number) ?? []) {
        if (own.has(withoutCell(note))) continue;
        const header = language === 'ru' ? 'примечание' : 'note';
        conflicts.push({ ...say(header, undefined, note), kept: [...own].join('\n') });
      }
    }
    notices.push(...copyNotices(name, found, main, rows, seen));
  }

  const taken = [...changes.values()].reduce((sum, cells) => sum + cells.size, 0);
  const styleOf = (index: number, isDate: boolean): number => {
    const input = inputColumns.find((column) => column.name === columns.nameOf(index));
    if (input !== undefined) return styles.style(inputStyle(input, language, null));
    return isDate ? styles.style({ format: dateFormat(language), align: 'left' }) : 0;
  };
  const cell = (index: number, { value, isDate }: Merged): NewCell => ({
    column: index,
    value: typeof value === 'string' ? spreadsheetText(value) : value,
    usualStyle: styleOf(index, isDate),
  });
  const headerCells = columns.added.map(({ index, header }): NewCell => {
    const style = headerStyle('input', { name: '', label: { en: header, ru: header }, kind: 'text' });
    return { column: index, value: spreadsheetText(header), usualStyle: styles.style(style) };
  });
  const head = withColumnWidths(
    table.xml.head,
    table.xml.prefix,
    new Map(columns.added.map(({ index }) => [index, 18])),
  );
  const newRows = [...added.values()];
  const shift = new RowShift([], table.headerRow + 1, table.lastRow, newRows.length);
  if (taken > 0 || newRows.length > 0 || headerCells.length > 0) {
    const edit = {
      shift,
      name: table.sheet.name,
      changed: (row: SheetRow) => {
        if (row.number === table.headerRow) return headerCells;
        const cells = changes.get(row.number);
        return cells && [...cells].map(([index, merged]) => cell(index, merged));
      },
      inserted: (index: number) => [...newRows[index]!].map(([column, merged]) => cell(column, merged)),
    };
    workbook.set(table.sheet.part, await packText(editedSheet({ ...table.xml, head }, edit)));
    if (!shift.isNothing) await shiftOtherParts(workbook, table.sheet, shift);
  }
  if (taken > 0 || newRows.length > 0) await forgetResults(workbook, table.sheet.part);
  const shown = await addConflicts(workbook, main, conflicts, language, styles);
  workbook.set(stylesPart, styles.xml);
  return {
    taken,
    added: newRows.length,
    conflicts: shown,
    asOf: main.state?.asOf,
    notices,
  };
}

/** 'L4: call' and 'L7: call' are the same note on a row that stands elsewhere. */
function withoutCell(note: string): string {
  return note.replace(/^[A-Z]+\d+: /, '');
}

/** What of a copy is not merged. */
function copyNotices(
  name: string,
  found: ListWorkbook,
  main: ListWorkbook,
  rows: ReadonlyMap<string, SheetRow>,
  seen: ReadonlySet<string>,
): Notice[] {
  const notices: Notice[] = [];
  const warn = (code: string, text: Text) => notices.push({ code, level: 'warning', text });
  if (found.state === undefined) {
    warn('no_state', {
      en: `${name}: its hidden sheet is gone, so what was written there is told by comparing with the list alone.`,
      ru: `${name}: скрытого листа нет, поэтому записи определены только сравнением со списком.`,
    });
  }
  const missing = [...rows.keys()].filter((key) => !seen.has(key)).length;
  if (missing > 0) {
    warn('rows_missing', {
      en: `${name} lacks ${sayCount(missing).en} of the list's rows; they stay. To dismiss a customer, delete its row in the list itself.`,
      ru: `${name}: нет строк списка: ${sayCount(missing).ru}; они остаются. Чтобы снять клиента, удалите его строку в самом списке.`,
    });
  }
  const known = new Set(main.sheets.map((sheet) => comparable(sheet.name)));
  const own = found.sheets.filter(
    (sheet) => !sheet.hidden && sheet.part !== found.list.sheet.part && !known.has(comparable(sheet.name)),
  );
  if (own.length > 0) {
    const names = own.map((sheet) => `'${sheet.name}'`).join(', ');
    warn('sheets_left', {
      en: `${name} has sheets that the list has not, which are not merged: ${names}.`,
      ru: `${name}: есть листы, которых нет в списке; они не объединены: ${names}.`,
    });
  }
  return notices;
}

/** Values of the cells of a table. */
class Reader {
  #row: SheetRow | undefined;
  #cells = new Map<number, SheetCell>();

  constructor(private readonly table: TableSheet) {}

  read(row: SheetRow, column: number): { value: CellValue; isDate: boolean } {
    const { xml, context } = this.table;
    if (this.#row !== row) {
      this.#row = row;
      this.#cells = cellMap(row, xml.prefix);
    }
    const cell = this.#cells.get(column);
    if (cell === undefined) return { value: null, isDate: false };
    return {
      value: cellValue(cell, xml.prefix, context.sharedStrings),
      isDate: context.numberStyles[cell.style]?.kind === 'date',
    };
  }
}

/** The columns of the list, and those that copies add to it. */
class Columns {
  readonly added: SheetColumn[] = [];
  #next: number;

  constructor(private readonly table: TableSheet) {
    this.#next = table.width;
  }

  /** Where a column of a copy is in the list. */
  find(column: SheetColumn): number {
    const header = column.header || columnName(column.index);
    const same = [...this.table.columns, ...this.added].find((other) =>
      column.name !== undefined
        ? other.name === column.name
        : other.name === undefined &&
          comparable(other.header || columnName(other.index)) === comparable(header) &&
          (column.header === '' || other.occurrence === column.occurrence),
    );
    if (same !== undefined) return same.index;
    const index = this.#next;
    this.#next += 1;
    this.added.push({ ...column, index, header });
    return index;
  }

  nameOf(index: number): string | undefined {
    return [...this.table.columns, ...this.added].find((column) => column.index === index)?.name;
  }
}
