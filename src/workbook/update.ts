import type { Cell, Notice } from '../core/table.js';
import type { Language } from '../core/text.js';
import { damaged } from '../input/archive.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import { fillFormula, moveFormula, RowShift } from '../ooxml/references.js';
import { forgetResults } from '../ooxml/results.js';
import { cellFormula, sharedFormulas } from '../ooxml/shared-formulas.js';
import {
  type CellValue,
  cellsOf,
  cellValue,
  formulaOf,
  type SheetCell,
  type SheetRow,
} from '../ooxml/sheet.js';
import { type LostReference, shiftOtherParts } from '../ooxml/shift-parts.js';
import { StyleBook } from '../ooxml/styles.js';
import { packText } from '../ooxml/zip.js';
import { addColumns, type WrittenColumn } from './add-columns.js';
import { type ArchivedRow, appendToArchive, dismissedKeys, lastArchived } from './archive-sheet.js';
import { ContentReader } from './cell-content.js';
import { allColumns, ComputedCells, inputStyle } from './columns.js';
import { fingerprintOf } from './fingerprint.js';
import { matchKeys } from './keys.js';
import { cellMap, parseSheetOf, type TableSheet } from './list-sheet.js';
import {
  comparable,
  computedColumns,
  type Departure,
  doNotContact,
  type InputColumn,
  inputColumns,
  keyColumn,
  type ManagedList,
  markColumn,
  outcomes,
  sinceColumn,
} from './managed-list.js';
import { notesByRow } from './notes.js';
import { type ListWorkbook, nameSheet, openList } from './open-list.js';
import { nameOfOther, type Plan, type PlannedRow, planList } from './plan.js';
import { CellProblems, rowProblems } from './problems.js';
import { editedSheet, type NewCell } from './sheet-edit.js';
import { freeName } from './sheet-name.js';
import { type RowState, stateSheet, stateSheetName } from './state.js';
import { canonical, keyText } from './values.js';

/** What a run did to a list. */
export interface ListChanges {
  readonly kept: number;
  readonly added: number;
  readonly archived: number;
  readonly dismissed: number;
  /** What somebody should look at, each with its cell. */
  readonly notices: readonly Notice[];
}

const unknownDeparture: Departure = { outcome: 'left', reason: outcomes.left };
/** A row with fewer computed cells than this was not written by a run. */
const leastComputed = 3;

/**
 * Brings a list in a workbook up to date: computed cells are written anew, everything else stays. Rows keep their
 * order; new customers come below the last row, those who left go to the archive.
 * @throws UserError where no sheet has the key column
 */
export async function updateList(
  workbook: WorkbookPackage,
  list: ManagedList,
  language: Language,
): Promise<ListChanges> {
  const found = await openList(workbook, () => computedColumns(list));
  const stylesPart = await workbook.stylesPart();
  if (stylesPart === undefined) throw damaged(workbook.place, 'it has no styles');
  const styles = new StyleBook(await workbook.text(stylesPart));
  const date1904 = await workbook.date1904();
  const computed = new ComputedCells(list, language, styles, date1904);

  const rowsByKey = new Map(list.table.rows.map((row) => [keyOf(row, list), row]));
  const keys = matchKeys(
    found.list.rows.map(({ key }) => key),
    [...rowsByKey.keys(), ...(found.state?.rows.keys() ?? [])],
  );
  const plan = planList({
    ...plannedRows(found, keys, rowsByKey, computed),
    keys: [...rowsByKey.keys()],
    state: found.state,
    dismissedBefore: dismissedKeys(found.archive),
    whyLeft: list.whyLeft,
    unknownDeparture,
  });
  const notices = rowProblems(found.list, plan, keyColumn(list).label, found.state);
  // Cells are taken from where they stand, before anything moves.
  const archived = await archivedRows(workbook, found.list, plan, rowsByKey, computed);
  await appendToArchive(workbook, found, archived, list, language, styles, date1904);

  // Formulas of the list that refer to the archive may have moved with it.
  const { part } = found.list.sheet;
  const xml = workbook.isChanged(part)
    ? parseSheetOf(await workbook.text(part), workbook, found.list.sheet)
    : found.list.xml;
  const moved = {
    ...found.list,
    ...ownRows(found.list, plan),
    xml,
  };
  const {
    head,
    tail,
    columns,
    headerCells,
    notices: columnNotices,
  } = addColumns(moved, found.state, list, language, styles);
  const table: TableSheet = { ...moved, xml: { ...moved.xml, head, tail } };
  const shift = new RowShift(
    [...plan.archived.keys()],
    table.headerRow + 1,
    table.lastRow,
    plan.added.length,
  );
  const inputStyles = new Map(
    inputColumns.map((column) => [column.name, styles.style(inputStyle(column, language, list.currency))]),
  );
  const context = { list, computed, table, columns, inputStyles };
  const fillDown = formulasToFill(table);
  const news = newsOf(plan, found);
  const inputs = new InputReader(table, columns, plan);
  const changed = (row: SheetRow): readonly NewCell[] | undefined => {
    if (row.number === table.headerRow) return headerCells;
    inputs.read(row);
    const key = plan.refreshed.get(row.number);
    return key === undefined ? undefined : refreshedCells(context, row, rowsByKey.get(key)!);
  };
  const inserted = (index: number): readonly NewCell[] => {
    const key = plan.added[index]!;
    return newCells(context, rowsByKey.get(key)!, news(key), fillDown, shift, index);
  };
  // Packed at once, because styles are made as cells are, and have to be complete when they are written.
  const width = Math.max(table.width, ...columns.map(({ index }) => index + 1));
  const edit = { shift, name: table.sheet.name, width, changed, inserted };
  workbook.set(table.sheet.part, await packText(editedSheet(table.xml, edit)));
  const lost = shift.isNothing
    ? []
    : (await shiftOtherParts(workbook, table.sheet, shift)).slice(0, 20).map(lostReference);
  await nameSheet(workbook, 'list', table);
  await writeState(workbook, found, context, plan, rowsByKey, inputs, news);
  workbook.set(stylesPart, styles.xml);
  await forgetResults(workbook, table.sheet.part);
  return {
    kept: plan.refreshed.size,
    added: plan.added.length,
    archived: plan.archived.size,
    dismissed: plan.dismissed.length,
    notices: [...columnNotices, ...notices, ...inputs.problems.notices, ...lost],
  };
}

/** The rows of customers; below them may be totals and rows that people added, which new ones go above. */
function ownRows(table: TableSheet, plan: Plan): Pick<TableSheet, 'rows' | 'lastRow'> {
  const isOwn = (number: number) => plan.refreshed.has(number) || plan.archived.has(number);
  const rows = table.rows.filter(({ row }) => isOwn(row.number));
  return { rows, lastRow: rows.at(-1)?.row.number ?? table.headerRow };
}

function lostReference({ where, formula }: LostReference): Notice {
  return {
    code: 'lost_reference',
    level: 'warning',
    text: {
      en: `${where}: the formula ${formula} referred to a row that went to the archive.`,
      ru: `${where}: формула ${formula} ссылалась на строку, ушедшую в архив.`,
    },
  };
}

interface RowContext {
  readonly list: ManagedList;
  readonly computed: ComputedCells;
  readonly table: TableSheet;
  readonly columns: readonly WrittenColumn[];
  /** Styles of the manager's columns, by name. */
  readonly inputStyles: ReadonlyMap<string, number>;
}

/** The computed cells of a row that stays. What is new or since when is not told again. */
function refreshedCells(context: RowContext, row: SheetRow, computedRow: readonly Cell[]): NewCell[] {
  const { computed, columns, list, table } = context;
  const cells: NewCell[] = [];
  for (const { index, computedIndex } of columns) {
    if (computedIndex === undefined) continue;
    const { name } = computed.columns[computedIndex]!;
    if (name === 'listed_since' && hasValue(row, index, table)) continue;
    const own = { news: null, since: list.asOf };
    const [value, style] = computed.cell(computedIndex, computedRow, own);
    cells.push({ column: index, value, usualStyle: style });
  }
  return cells;
}

function hasValue(row: SheetRow, column: number, { xml }: TableSheet): boolean {
  return (cellsOf(row, xml.prefix).find((cell) => cell.column === column)?.inner ?? '') !== '';
}

/** What a new row says of the customer: new, or back with some of what was written before. */
interface News {
  readonly code: 'new' | 'back' | null;
  readonly owner: CellValue;
  readonly status: CellValue;
}

function newsOf(plan: Plan, found: ListWorkbook): (key: string) => News {
  const before = lastArchived(found.archive);
  // Nothing is news on the first day.
  const isFirst = found.list.rows.length === 0 && found.state === undefined && before.size === 0;
  const missing = new Set(plan.missing);
  return (key) => {
    const former = before.get(key);
    if (former === undefined) {
      return { code: isFirst ? null : missing.has(key) ? 'back' : 'new', owner: null, status: null };
    }
    const isBarred = [doNotContact.en, doNotContact.ru].some(
      (text) => comparable(text) === comparable(canonical(former.status)),
    );
    return { code: 'back', owner: former.owner, status: isBarred ? former.status : null };
  };
}

/** What a manager's column of a new row holds. */
function newInput({ name }: InputColumn, { owner, status }: News): CellValue {
  return name === 'owner' ? owner : name === 'status' ? status : null;
}

function newCells(
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
function formulasToFill(
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

function keyOf(row: readonly Cell[], list: ManagedList): string {
  const key = row[list.table.columns.findIndex(({ name }) => name === list.key)];
  if (key === null || key === undefined || key === '') throw new Error('a row of the list has no key');
  return keyText(typeof key === 'boolean' ? String(key) : key);
}

/** The rows of the sheet, and their computed cells, by which they are told. */
function plannedRows(
  found: ListWorkbook,
  keys: ReadonlyMap<string, string>,
  rowsByKey: ReadonlyMap<string, readonly Cell[]>,
  computed: ComputedCells,
): Pick<Parameters<typeof planList>[0], 'rows' | 'cells'> {
  const { list: table, state } = found;
  const { xml, context } = table;
  const written = new Set(state?.columns.map(({ name }) => name));
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
    const isWritten = filled > 0 && filled >= Math.min(leastComputed, columns.length);
    return {
      number: row.number,
      key: keys.get(key) ?? key,
      fingerprint: isWritten ? fingerprintOf(values) : undefined,
    };
  });
  const byNumber = new Map(sheetRows.map(({ row }) => [row.number, row]));
  const cells = {
    ofRow: ({ number }: PlannedRow) => valuesOf(byNumber.get(number)!).map(canonical),
    ofCustomer: (key: string) => computedValues(columns, rowsByKey.get(key)!, computed).map(canonical),
  };
  return { rows, cells };
}

/** A column by which rows are told, and which of the computed ones it is. */
interface TellingColumn {
  readonly index: number;
  readonly name: string;
  readonly computedIndex: number;
}

/** The columns of the sheet that come from the list's table, but for the key; in the order of that. */
function tellingColumns(
  columns: readonly { readonly index: number; readonly name: string | undefined }[],
  computed: ComputedCells,
): TellingColumn[] {
  const indexes = new Map(columns.map(({ name, index }) => [name, index]));
  return computed.columns.slice(1).flatMap((column, at) => {
    const index = indexes.get(column.name);
    if (index === undefined || column === markColumn || column === sinceColumn) return [];
    return [{ index, name: column.name, computedIndex: at + 1 }];
  });
}

function computedValues(
  columns: readonly TellingColumn[],
  row: readonly Cell[],
  computed: ComputedCells,
): CellValue[] {
  return columns.map(({ computedIndex }) => computed.cell(computedIndex, row, noNews)[0]);
}

/** What goes to the archive: the rows that left with all their cells, and those that somebody deleted. */
async function archivedRows(
  workbook: WorkbookPackage,
  table: TableSheet,
  plan: Plan,
  rowsByKey: ReadonlyMap<string, readonly Cell[]>,
  computed: ComputedCells,
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
      const index = computed.columns.findIndex(({ name }) => name === column.name);
      if (index === -1) continue;
      const [value, style] = computed.cell(index, rowsByKey.get(key)!, { news: null, since: null });
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

/** What people wrote into the manager's columns, read as rows are written, while their cells are at hand. */
class InputReader {
  /** Of each customer's first row, what its cells are compared by. */
  readonly texts = new Map<string, readonly string[]>();
  readonly problems: CellProblems;
  readonly #reader: ContentReader;
  readonly #inputs: readonly { readonly input: InputColumn; readonly index: number | undefined }[];
  readonly #unknown: ReadonlySet<number>;

  constructor(
    table: TableSheet,
    columns: readonly WrittenColumn[],
    private readonly plan: Plan,
  ) {
    this.#reader = new ContentReader(table);
    this.problems = new CellProblems(table.sheet.name);
    this.#inputs = inputColumns.map((input) => {
      return { input, index: columns.find((column) => column.input?.name === input.name)?.index };
    });
    this.#unknown = new Set(plan.unknown.filter(({ key }) => key !== '').map(({ number }) => number));
  }

  read(row: SheetRow): void {
    const key = this.plan.refreshed.get(row.number);
    if (key === undefined && !this.#unknown.has(row.number)) return;
    const texts = this.#inputs.map(({ input, index }) => {
      if (index === undefined) return '';
      const { value, text } = this.#reader.read(row, index);
      this.problems.check(input, value, row.number, index);
      return text;
    });
    if (key === undefined || this.texts.has(key)) return;
    this.texts.set(key, texts.every((text) => text === '') ? nothing : texts);
  }
}

const nothing: readonly string[] = inputColumns.map(() => '');

async function writeState(
  workbook: WorkbookPackage,
  found: ListWorkbook,
  context: RowContext,
  plan: Plan,
  rowsByKey: ReadonlyMap<string, readonly Cell[]>,
  inputs: InputReader,
  news: (key: string) => News,
): Promise<void> {
  const { columns, computed, list } = context;
  const telling = tellingColumns(columns, computed);
  const fingerprint = (key: string) => fingerprintOf(computedValues(telling, rowsByKey.get(key)!, computed));
  function* states(): Generator<[string, RowState]> {
    for (const [key, texts] of inputs.texts) yield [key, { fingerprint: fingerprint(key), inputs: texts }];
    for (const key of plan.added) {
      const texts = inputColumns.map((input) => canonical(newInput(input, news(key))));
      yield [key, { fingerprint: fingerprint(key), inputs: texts }];
    }
  }
  const others = new Set(plan.unknown.map(nameOfOther));
  const content = await packText(
    stateSheet({ asOf: list.asOf, columns: allColumns(list), others }, states()),
  );
  if (found.stateSheet !== undefined) workbook.set(found.stateSheet.part, content);
  else await workbook.addSheet(freeName(await workbook.sheets(), stateSheetName), content, true);
}

const noNews = { news: null, since: null };
