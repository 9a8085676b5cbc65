import { basename } from 'node:path';
import type { Column, Notice } from '../core/table.js';
import { type Language, sayCount, type Text } from '../core/text.js';
import { damaged, openArchive } from '../input/archive.js';
import { refuseOtherFormats } from '../input/xlsx-foreign.js';
import { WorkbookPackage } from '../ooxml/package.js';
import { columnName, RowShift } from '../ooxml/references.js';
import { forgetResults } from '../ooxml/results.js';
import type { SheetRow } from '../ooxml/sheet.js';
import { shiftOtherParts } from '../ooxml/shift-parts.js';
import { StyleBook } from '../ooxml/styles.js';
import { packText } from '../ooxml/zip.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { type CellContent, ContentReader, shownContent } from './cell-content.js';
import { dateFormat, headerStyle, inputStyle } from './columns.js';
import { addConflicts, type Conflict } from './conflicts-sheet.js';
import { withMeantKeys } from './keys.js';
import type { CellContext, ListRow, SheetColumn, TableSheet } from './list-sheet.js';
import { besideOwn, comparable, customerKey, inputColumns } from './managed-list.js';
import { partedNotices } from './merged-cells.js';
import { notesByRow } from './notes.js';
import { type ListWorkbook, openList, refuseOtherList } from './open-list.js';
import { contentHash, ownCell, ownColumns } from './own-cells.js';
import {
  CopyMemory,
  copyPath,
  findSeen,
  isSameCopy,
  rememberCopies,
  rowName,
  rowOfName,
  type SeenCopy,
} from './seen-copies.js';
import { editedSheet, type NewCell, withColumnWidths } from './sheet-edit.js';
import { idsBefore, type ListState, type NamedColumn, type RowState, stateSheet } from './state.js';
import { plannedRows } from './telling-cells.js';
import { asStored } from './values.js';
import { RowOwners } from './whose-row.js';

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
  /** As it is remembered (`SeenCopy`). */
  readonly path: string;
  readonly found: ListWorkbook;
  readonly notes: ReadonlyMap<number, readonly string[]>;
}

/** The key of a list whose state is lost. */
const usualKeys: readonly NamedColumn[] = [
  customerKey,
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
      if (main.state !== undefined) refuseOtherList(copy, found, main.state);
      const { sheet, xml } = found.list;
      const notes = await notesByRow(copy, sheet.part, xml.tail);
      copies.push({ name: basename(path), path: copyPath(workbook.place.file ?? '', path), found, notes });
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
      (column: NamedColumn): Column => {
        const text: Column = { ...column, kind: 'text' };
        return own === undefined && column.isBeside ? besideOwn(text) : text;
      },
    );
    return [key!, ...others];
  });
}

/** What a cell of the list becomes. */
interface Merged extends CellContent {
  /** The file that it was taken from; undefined for the list's own. */
  readonly from: string | undefined;
  /** The formula as it reads in a row of the list; undefined where the cell holds a value. */
  readonly formulaIn?: (row: number) => string | undefined;
}

/** A list while copies are merged into it. */
interface Merging {
  readonly main: ListWorkbook;
  /** The name of its file. */
  readonly file: string;
  readonly language: Language;
  readonly reader: ContentReader;
  readonly columns: Columns;
  /** Rows of the list by key; a customer may have several. */
  readonly rows: ReadonlyMap<string, readonly SheetRow[]>;
  readonly notes: ReadonlyMap<number, readonly string[]>;
  /** By row of the list, then column: what is no longer as it was. */
  readonly changes: Map<number, Map<number, Merged>>;
  /** Rows that only copies have, by key, then column. */
  readonly added: Map<string, Map<number, Merged>>;
  readonly conflicts: Conflict[];
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
  const notices = partedNotices(table.sheet.name, main.parted);
  const keyed = keyedRows([main, ...copies.map(({ found }) => found)]);
  const merging: Merging = {
    main,
    file: basename(workbook.place.file ?? ''),
    language,
    reader: new ContentReader(table),
    columns: new Columns(table),
    rows: rowsByKey(keyed[0]!),
    notes: await notesByRow(workbook, table.sheet.part, table.xml.tail),
    changes: new Map(),
    added: new Map(),
    conflicts: [],
  };
  const before = main.state?.copies ?? [];
  const formers = findSeen(
    copies.map(({ path, found }) => ({ path, of: found.state?.id ?? '' })),
    before,
  );
  const seen: Parameters<typeof rememberCopies>[1][number][] = [];
  for (const [index, copy] of copies.entries()) {
    const rows = keyed[index + 1]!;
    notices.push(...typedOver(copy, rows));
    const former = formers[index];
    seen.push({ former, now: mergeCopy(merging, copy, rows, former) });
    notices.push(...copyNotices(copy, main, merging.rows, new Set(rows.map(({ key }) => key))));
  }

  const { columns, changes, conflicts } = merging;
  const taken = [...changes.values()].reduce((sum, cells) => sum + cells.size, 0);
  const newRows = [...merging.added.values()];
  const shift = new RowShift([], table.headerRow + 1, table.lastRow, newRows.length);
  if (taken > 0 || newRows.length > 0 || columns.added.length > 0) {
    const newCells = cellWriter(columns, styles, language, table.context);
    const headerCells = columns.added.map(({ index, header }): NewCell => {
      const style = headerStyle('input', { name: '', label: { en: header, ru: header }, kind: 'text' });
      return { column: index, value: spreadsheetText(header), usualStyle: styles.style(style) };
    });
    const widths = new Map(columns.added.map(({ index }) => [index, 18]));
    const head = withColumnWidths(table.xml.head, table.xml.prefix, widths);
    const edit = {
      shift,
      name: table.sheet.name,
      width: columns.width,
      changed: (row: SheetRow) => {
        if (row.number === table.headerRow) return headerCells;
        const cells = changes.get(row.number);
        return cells && newCells(cells, row.number);
      },
      inserted: (index: number) => newCells(newRows[index]!, shift.firstInserted + index),
    };
    workbook.set(table.sheet.part, await packText(editedSheet({ ...table.xml, head }, edit)));
    if (!shift.isNothing) await shiftOtherParts(workbook, table.sheet, shift);
    await forgetResults(workbook, table.sheet.part);
  }
  const shown = await addConflicts(workbook, main, conflicts, language, styles);
  const { state, stateSheet: sheet } = main;
  // What another version wrote is left to the next run.
  if (state?.telling !== undefined && sheet !== undefined) {
    const copiesSeen = rememberCopies(before, seen);
    workbook.set(
      sheet.part,
      await packText(stateSheet({ ...state, formerIds: idsBefore(state), copies: copiesSeen }, state.rows)),
    );
  }
  workbook.set(stylesPart, styles.xml);
  return { taken, added: newRows.length, conflicts: shown, asOf: main.state?.asOf, notices };
}

/** The rows of several files of one list, with the keys that were meant, as the last runs knew them. */
function keyedRows(files: readonly ListWorkbook[]): ListRow[][] {
  const known = new Set(
    files.flatMap(({ state }) => (state === undefined ? [] : [...state.rows.keys(), ...state.others])),
  );
  return files.map((file) => {
    const list = { ...file.list, rows: withMeantKeys(file.list.rows, known) };
    const columns = (file.state?.columns ?? []).map((column): Column => ({ ...column, kind: 'text' }));
    const { rows, fingerprints = new Map() } = plannedRows({ ...file, list }, { columns });
    const isKnown = (key: string) => known.has(key);
    const owners = new RowOwners(rows, fingerprints, isKnown, isKnown);
    // An id that was typed over moves nothing to another customer.
    const keys = new Map(rows.map((row) => [row.number, owners.ownerOf(row) ?? row.key]));
    const sheetRows = [...list.rows.map(({ row }) => row), ...list.keyless];
    return sheetRows
      .map((row): ListRow => ({ row, key: keys.get(row.number)! }))
      .filter(({ key }) => key !== '');
  });
}

/** Rows of a copy that are of another customer than their id says. */
function typedOver({ name, found: { list } }: Copy, keyed: readonly ListRow[]): Notice[] {
  const keys = new Map(list.rows.map(({ row, key }) => [row.number, key]));
  return keyed
    .map(({ row, key }) => ({ number: row.number, key, there: keys.get(row.number) ?? '' }))
    .filter(({ key, there }) => bare(key) !== bare(there))
    .slice(0, 20)
    .map(({ number, key, there }): Notice => {
      const place = `${name}: ${list.sheet.name}!${columnName(list.keyIndex)}${number}`;
      return {
        code: 'key_restored',
        level: 'warning',
        text: {
          en: `${place}: ${there === '' ? 'empty' : `'${there}'`} stands where '${key}' was, as the rest of the row shows; what is written there is taken for '${key}'.`,
          ru: `${place}: ${there === '' ? 'пусто' : `«${there}»`} вместо «${key}», как видно по остальной строке; записи отнесены к «${key}».`,
        },
      };
    });
}

function bare(key: string): string {
  return key.replace(/^0+/, '');
}

function rowsByKey(rows: readonly ListRow[]): Map<string, SheetRow[]> {
  const found = new Map<string, SheetRow[]>();
  for (const { key, row } of rows) {
    const same = found.get(key);
    if (same === undefined) found.set(key, [row]);
    else same.push(row);
  }
  return found;
}

/** A cell of a copy, and what it may come to be in the list. */
interface Edit {
  readonly header: string;
  /** The column of the list. */
  readonly index: number;
  readonly theirs: Merged;
  /** Hash of what was in the cell when the copy was last merged, or made; undefined where that is not known. */
  readonly was: string | undefined;
}

/**
 * Whether a copy was computed anew since it was one: its state takes for given what people wrote before that, which the
 * list may not have.
 */
function wasRunAnew(copy: ListState | undefined, main: ListState | undefined): boolean {
  if (copy === undefined || main === undefined || copy.id === '') return false;
  return ![...main.formerIds, main.id].includes(copy.id);
}

/** Hashes of what stands in the cells of a copy, by the name of a row and the id of a column. */
function cellHashes(
  reader: ContentReader,
  keyedRows: readonly ListRow[],
  columns: readonly { readonly column: SheetColumn; readonly id: string | undefined }[],
): (name: string, id: string) => string | undefined {
  const rows = rowsByKey(keyedRows);
  const places = new Map(columns.map(({ column, id }) => [id, column.index]));
  return (name, id) => {
    const { key, occurrence } = rowOfName(name);
    const [row, column] = [rows.get(key)?.[occurrence], places.get(id)];
    return row === undefined || column === undefined ? undefined : contentHash(reader.read(row, column).text);
  };
}

/** In place of a column. */
const notesOfRow = 'notes of the row';

/** @returns what there is in the copy, to be remembered */
function mergeCopy(
  merging: Merging,
  { name, path, found, notes }: Copy,
  keyedRows: readonly ListRow[],
  seenBefore: SeenCopy | undefined,
): SeenCopy {
  const { main, columns, rows, added, conflicts } = merging;
  const copy = found.list;
  const reader = new ContentReader(copy);
  const own = new Map(ownColumns(copy.columns).map(({ index, id }) => [index, id]));
  const pairs = copy.columns
    .filter((column) => column.name === undefined || isInput(column.name))
    .map((column) => ({ column, index: columns.find(column), id: column.name ?? own.get(column.index) }));
  const former =
    seenBefore !== undefined && isSameCopy(seenBefore, cellHashes(reader, keyedRows, pairs))
      ? seenBefore
      : undefined;
  const memory = new CopyMemory(
    { path, of: found.state?.id ?? '' },
    [...pairs.flatMap(({ id }) => (id === undefined ? [] : [id])), notesOfRow],
    former,
  );
  const isTold = !wasRunAnew(found.state, main.state);
  const ownPlaces = new Map(found.state?.own.map((id, place) => [id, place]));
  /** What the state of the copy has of a cell. */
  const atFirst = (before: RowState | undefined, { name }: SheetColumn, id: string | undefined) => {
    if (before === undefined || !isTold) return undefined;
    const at = inputColumns.findIndex((input) => input.name === name);
    if (at !== -1) return contentHash(before.inputs[at] ?? '');
    const place = ownPlaces.get(id ?? '');
    return place === undefined ? undefined : ownCell(before.own, place);
  };
  const archived = new Set(main.archive?.rows.map(({ key }) => key));
  const read = (row: SheetRow, column: number): Merged => {
    const content = reader.read(row, column);
    const { formula } = content;
    if (formula === undefined) return { ...content, from: name };
    const formulaIn = (to: number) =>
      reader.carried(formula, row.number, to, (other) => columns.locate(other), main.sheets);
    return { ...content, from: name, formulaIn };
  };
  const seen = new Map<string, number>();
  for (const { row, key } of keyedRows) {
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    // The state has the first row of each customer.
    const before = occurrence === 0 ? found.state?.rows.get(key) : undefined;
    const edits = pairs.flatMap(({ column, index, id }): Edit[] => {
      const theirs = read(row, column.index);
      const now = contentHash(theirs.text);
      const was = memory.compare(rowName(key, occurrence), id, now, atFirst(before, column, id));
      if (now === (was ?? contentHash(''))) return [];
      return [{ header: column.header || columnName(column.index), index, theirs, was }];
    });
    const conflict = ({ header, theirs }: Pick<Edit, 'header' | 'theirs'>, kept: Merged | undefined) =>
      conflicts.push({
        key,
        header,
        kept: kept === undefined ? '' : shownContent(kept),
        keptFrom: kept?.from ?? merging.file,
        other: shownContent(theirs),
        otherFrom: name,
      });
    const target = rows.get(key)?.[occurrence];
    const ofAnother = added.get(key);
    const wasListed =
      rows.has(key) || main.state?.rows.has(key) || main.state?.others.has(key) || archived.has(key);
    // What was added from the copy before and was deleted from the list since stays deleted.
    const isDeleted = edits.length === 0 && former?.rows.has(rowName(key, occurrence)) === true;
    if (target !== undefined) mergeRow(merging, target, edits, conflict);
    else if (isDeleted) continue;
    else if (!wasListed && before === undefined && ofAnother === undefined) {
      const cells = copy.columns.map((column): [number, Merged] => [
        columns.find(column),
        read(row, column.index),
      ]);
      added.set(key, new Map(cells));
      for (const edit of edits) if (!isCarried(edit.theirs)) conflict(edit, asValue(edit.theirs));
    } else {
      for (const edit of edits) {
        const own = ofAnother?.get(edit.index);
        if (own?.text !== edit.theirs.text) conflict(edit, own);
      }
    }
    const own = new Set(
      (target === undefined ? [] : (merging.notes.get(target.number) ?? [])).map(withoutCell),
    );
    const theirNotes = notes.get(row.number) ?? [];
    const now = contentHash(theirNotes.map(withoutCell).join('\n'));
    const areKnown = memory.compare(rowName(key, occurrence), notesOfRow, now, undefined) === now;
    for (const note of areKnown ? [] : theirNotes) {
      if (own.has(withoutCell(note))) continue;
      conflicts.push({
        key,
        header: merging.language === 'ru' ? 'примечание' : 'note',
        kept: [...own].join('\n'),
        keptFrom: merging.file,
        other: note,
        otherFrom: name,
      });
    }
  }
  return memory.seen;
}

/** Takes what was written in a row of a copy over into the list's row, or tells of the conflict. */
function mergeRow(
  { reader, changes }: Merging,
  target: SheetRow,
  edits: readonly Edit[],
  conflict: (edit: Edit, kept: Merged) => void,
): void {
  const here = changes.get(target.number) ?? new Map<number, Merged>();
  for (const edit of edits) {
    const { index, theirs, was } = edit;
    const mine = here.get(index) ?? { ...reader.read(target, index), from: undefined };
    if (mine.text === theirs.text) continue;
    // Without knowing what was there before, only an empty cell is surely nobody's.
    const isTaken = was === undefined ? mine.text === '' : contentHash(mine.text) === was;
    if (isTaken && isCarried(theirs)) here.set(index, theirs);
    else if (isTaken || was !== undefined || theirs.text !== '') conflict(edit, mine);
  }
  if (here.size > 0) changes.set(target.number, here);
}

/** Whether a cell can be written elsewhere as it was meant: not a formula that refers to other rows. */
function isCarried({ formulaIn }: Merged): boolean {
  return formulaIn === undefined || formulaIn(1) !== undefined;
}

function asValue({ value, isDate, text, from }: Merged): Merged {
  return { value, isDate, text, from, formula: undefined };
}

function isInput(name: string): boolean {
  return inputColumns.some((input) => input.name === name);
}

/** Makes the cells of a row of the list. */
function cellWriter(
  columns: Columns,
  styles: StyleBook,
  language: Language,
  context: CellContext,
): (cells: ReadonlyMap<number, Merged>, row: number) => NewCell[] {
  const styleOf = (index: number, isDate: boolean): number => {
    const input = inputColumns.find((column) => column.name === columns.nameOf(index));
    if (input !== undefined) return styles.style(inputStyle(input, language, null));
    return isDate ? styles.style({ format: dateFormat(language), align: 'left' }) : 0;
  };
  return (cells, row) =>
    [...cells].map(([column, { value, isDate, formulaIn }]): NewCell => {
      const formula = formulaIn?.(row);
      return {
        column,
        value: typeof value === 'string' ? spreadsheetText(value) : isDate ? asStored(value, context) : value,
        usualStyle: styleOf(column, isDate),
        ...(formula === undefined ? {} : { formula }),
      };
    });
}

/** 'L4: call' and 'L7: call' are the same note on a row that stands elsewhere. */
function withoutCell(note: string): string {
  return note.replace(/^[A-Z]+\d+: /, '');
}

/** What of a copy is not merged. */
function copyNotices(
  { name, found }: Copy,
  main: ListWorkbook,
  rows: ReadonlyMap<string, unknown>,
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
  if (wasRunAnew(found.state, main.state)) {
    warn('run_anew', {
      en: `${name} is of another run than the list, so what was written there is told by comparing with the list alone: what differs is a conflict, and nothing is cleared.`,
      ru: `${name}: файл обновлён отдельно от списка, поэтому записи определены только сравнением со списком: всё, что отличается, в расхождениях, и ничего не стёрто.`,
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

/** The columns of the list, and those that copies add to it. */
class Columns {
  readonly added: SheetColumn[] = [];
  #next: number;

  constructor(private readonly table: TableSheet) {
    this.#next = table.width;
  }

  get width(): number {
    return this.#next;
  }

  /** Where a column of a copy is in the list, to which it is added if need be. */
  find(column: SheetColumn): number {
    const there = this.locate(column);
    if (there !== undefined) return there;
    const index = this.#next;
    this.#next += 1;
    this.added.push({ ...column, index, header: column.header || columnName(column.index) });
    return index;
  }

  /** Where a column of a copy is in the list; undefined where it is not there. */
  locate(column: SheetColumn): number | undefined {
    const header = column.header || columnName(column.index);
    return [...this.table.columns, ...this.added].find((other) =>
      column.name !== undefined
        ? other.name === column.name
        : other.name === undefined &&
          comparable(other.header || columnName(other.index)) === comparable(header) &&
          (column.header === '' || other.occurrence === column.occurrence),
    )?.index;
  }

  nameOf(index: number): string | undefined {
    return [...this.table.columns, ...this.added].find((column) => column.index === index)?.name;
  }
}
