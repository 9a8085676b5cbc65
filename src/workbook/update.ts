import type { Cell, Notice } from '../core/table.js';
import type { Language } from '../core/text.js';
import { damaged } from '../input/archive.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import { RowShift } from '../ooxml/references.js';
import { forgetResults } from '../ooxml/results.js';
import { cellsOf, type SheetRow } from '../ooxml/sheet.js';
import { type LostReference, shiftOtherParts } from '../ooxml/shift-parts.js';
import { StyleBook } from '../ooxml/styles.js';
import { packText } from '../ooxml/zip.js';
import { addColumns } from './add-columns.js';
import { appendToArchive, dismissedKeys } from './archive-sheet.js';
import { ComputedCells, inputStyle } from './columns.js';
import { withMeantKeys, withTodaysKeys } from './keys.js';
import { archivedRows } from './leaving-rows.js';
import { parseSheetOf, type TableSheet } from './list-sheet.js';
import {
  computedColumns,
  type Departure,
  inputColumns,
  keyColumn,
  type ManagedList,
  outcomes,
} from './managed-list.js';
import { partedNotices } from './merged-cells.js';
import { formulasToFill, newCells, newsOf, type RowContext } from './new-rows.js';
import { type ListWorkbook, nameSheet, openList, refuseOtherList } from './open-list.js';
import { customersOf, departuresOf, type Plan, planList, rowsByHand } from './plan.js';
import { rowProblems } from './problems.js';
import { editedSheet, type NewCell } from './sheet-edit.js';
import type { ListState } from './state.js';
import { plannedRows } from './telling-cells.js';
import { keyText } from './values.js';
import { InputReader, writeState } from './write-state.js';

/** What a run did to a list. */
export interface ListChanges {
  readonly kept: number;
  readonly added: number;
  readonly archived: number;
  readonly dismissed: number;
  /** Of each customer who went to the archive. */
  readonly departures: readonly Departure[];
  /** What somebody should look at, each with its cell. */
  readonly notices: readonly Notice[];
}

const unknownDeparture: Departure = { outcome: 'left', reason: outcomes.left };

/**
 * Brings a list in a workbook up to date: computed cells are written anew, everything else stays. Rows keep their
 * order; new customers come below the last row, those who left go to the archive.
 * @throws UserError where no sheet has the key column, or the list is another one
 */
export async function updateList(
  workbook: WorkbookPackage,
  list: ManagedList,
  language: Language,
): Promise<ListChanges> {
  const opened = await openList(workbook, () => computedColumns(list));
  refuseOtherList(workbook, opened, list);
  const rowsByKey = new Map(list.table.rows.map((row) => [keyOf(row, list), row]));
  const known = [...rowsByKey.keys(), ...(opened.state?.rows.keys() ?? []), ...(list.knownIds ?? [])];
  const meant = <Table extends TableSheet | undefined>(table: Table): Table =>
    table && { ...table, rows: withMeantKeys(table.rows, known) };
  // Rows of the list have the keys that the state has, until it is planned what becomes of them.
  const today = (table: TableSheet | undefined) =>
    table && { ...table, rows: withTodaysKeys(table.rows, list.todaysIds) };
  const found = { ...opened, list: meant(opened.list), archive: today(meant(opened.archive)) };
  const stylesPart = await workbook.stylesPart();
  if (stylesPart === undefined) throw damaged(workbook.place, 'it has no styles');
  const styles = new StyleBook(await workbook.text(stylesPart));
  const date1904 = await workbook.date1904();
  const computed = new ComputedCells(list, language, styles, date1904);

  const plan = planList({
    ...plannedRows(found, computed),
    keys: [...rowsByKey.keys()],
    state: found.state,
    dismissedBefore: dismissedKeys(found.archive),
    knownIds: list.knownIds,
    whyLeft: list.whyLeft,
    unknownDeparture,
    todaysIds: list.todaysIds,
  });
  const inputStyles = new Map(
    inputColumns.map((column) => [column.name, styles.style(inputStyle(column, language, list.currency))]),
  );
  // Cells are taken from where they stand, before anything moves.
  const archived = await archivedRows(
    workbook,
    found.list,
    plan,
    rowsByKey,
    computed,
    inputsBefore(found.state, list),
    inputStyles,
  );
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
    beside,
    notices: columnNotices,
  } = addColumns(moved, found.state, list, language, styles);
  const table: TableSheet = { ...moved, xml: { ...moved.xml, head, tail } };
  const shift = new RowShift(
    [...plan.archived.keys()],
    table.headerRow + 1,
    table.lastRow,
    plan.added.length,
  );
  const notices = rowProblems(found.list, plan, keyColumn(list).label, found.state, shift);
  const context = { list, computed, table, columns, inputStyles };
  const fillDown = formulasToFill(table);
  const news = newsOf(plan, found);
  const byHand = rowsByHand(plan);
  const inputs = new InputReader(table, columns, plan, shift);
  const changed = (row: SheetRow): readonly NewCell[] | undefined => {
    if (row.number === table.headerRow) return headerCells;
    inputs.read(row);
    const key = plan.refreshed.get(row.number);
    if (key === undefined) return undefined;
    const isByHand = byHand.has(row.number);
    return refreshedCells(context, row, rowsByKey.get(key)!, isByHand);
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
  await writeState(workbook, found, context, plan, rowsByKey, inputs, news, beside);
  workbook.set(stylesPart, styles.xml);
  await forgetResults(workbook, table.sheet.part);
  return {
    ...customersOf(plan),
    added: plan.added.length,
    dismissed: plan.dismissed.length,
    departures: departuresOf(plan),
    notices: [
      ...olderState(found),
      ...partedNotices(found.list.sheet.name, found.parted),
      ...columnNotices,
      ...notices,
      ...inputs.problems.notices,
      ...lost,
    ],
  };
}

/** What the state of another version does not tell. */
function olderState({ state, list }: ListWorkbook): Notice[] {
  if (state === undefined || state.telling !== undefined) return [];
  const { name } = list.sheet;
  return [
    {
      code: 'other_version',
      level: 'warning',
      text: {
        en: `${name}: another version of retain wrote this list, so an id that was typed over since is not told this time; each row is taken to be of the id that it has.`,
        ru: `${name}: этот список записан другой версией retain, поэтому исправленные с тех пор номера клиентов на этот раз не распознаются: строка считается строкой того клиента, чей номер в ней стоит.`,
      },
    },
  ];
}

/** The rows of customers; below them may be totals and rows that people added, which new ones go above. */
function ownRows(table: TableSheet, plan: Plan): Pick<TableSheet, 'rows' | 'lastRow'> {
  const isOwn = (number: number) => plan.refreshed.has(number) || plan.archived.has(number);
  const rows = table.rows.filter(({ row }) => isOwn(row.number));
  return { rows, lastRow: rows.at(-1)?.row.number ?? table.headerRow };
}

/** What the manager's cells of each customer held when the last run read them, by today's ids. */
function inputsBefore(
  state: ListState | undefined,
  { todaysIds }: ManagedList,
): Map<string, readonly string[]> {
  return new Map([...(state?.rows ?? [])].map(([key, { inputs }]) => [todaysIds?.get(key) ?? key, inputs]));
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

/** The computed cells of a row that stays. What is new or since when is not told again. */
function refreshedCells(
  context: RowContext,
  row: SheetRow,
  computedRow: readonly Cell[],
  isByHand: boolean,
): NewCell[] {
  const { computed, columns, list, table } = context;
  const cells: NewCell[] = [];
  for (const { index, computedIndex } of columns) {
    if (computedIndex === undefined) continue;
    const { name } = computed.columns[computedIndex]!;
    const keepsOwn = name === 'listed_since' || (isByHand && computedIndex > 0);
    if (keepsOwn && hasValue(row, index, table)) continue;
    const own = { news: null, since: list.asOf };
    const [value, style] = computed.cell(computedIndex, computedRow, own);
    cells.push({ column: index, value, usualStyle: style });
  }
  return cells;
}

function hasValue(row: SheetRow, column: number, { xml }: TableSheet): boolean {
  return (cellsOf(row, xml.prefix).find((cell) => cell.column === column)?.inner ?? '') !== '';
}

function keyOf(row: readonly Cell[], list: ManagedList): string {
  const key = row[list.table.columns.findIndex(({ name }) => name === list.key)];
  if (key === null || key === undefined || key === '') throw new Error('a row of the list has no key');
  return keyText(typeof key === 'boolean' ? String(key) : key);
}
