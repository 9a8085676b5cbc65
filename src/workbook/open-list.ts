import { areSame } from '../conditions/spelling.js';
import { UserError } from '../core/errors.js';
import type { Column } from '../core/table.js';
import type { Text } from '../core/text.js';
import type { PackageSheet, WorkbookPackage } from '../ooxml/package.js';
import type { SheetXml } from '../ooxml/sheet.js';
import {
  type CellContext,
  findHeader,
  parseSheetOf,
  readTable,
  type TableHeader,
  type TableSheet,
} from './list-sheet.js';
import { archiveColumns, besideOwn, inputColumns, sheetTitles } from './managed-list.js';
import { partMergedRows, partOf } from './merged-cells.js';
import { isState, type ListState, readState, stateSheetName } from './state.js';

/** The sheets of a workbook that have to do with a list. */
export interface ListWorkbook {
  readonly list: TableSheet;
  /** Ranges of it that were merged over several rows: see `partMergedRows`. */
  readonly parted: readonly string[];
  readonly archive: TableSheet | undefined;
  readonly state: ListState | undefined;
  readonly stateSheet: PackageSheet | undefined;
  readonly sheets: readonly PackageSheet[];
  readonly context: CellContext;
}

/** The columns by which a list is known, of which the first is the key. */
export type KnownColumns = readonly [Column, ...Column[]];

/**
 * Names of the workbook that are on the sheets of a list. They stay on them whatever the sheets are called, and on
 * the ones of which somebody makes a copy.
 */
export const nameOfSheet = { list: '_retain_list', archive: '_retain_archive' } as const;

/** A sheet, taken apart. */
interface OpenSheet {
  readonly sheet: PackageSheet;
  readonly xml: SheetXml;
}

/** A sheet that may be the list or its archive. */
interface Candidate extends OpenSheet {
  readonly header: TableHeader;
}

/**
 * Finds the list in a workbook: by the name that is on its sheet, or else by its headers and ids.
 * @param columnsOf tells the computed columns, the key first, for those of which only the state does
 * @throws UserError where no sheet has the key column
 */
export async function openList(
  workbook: WorkbookPackage,
  columnsOf: (state: ListState | undefined) => KnownColumns,
): Promise<ListWorkbook> {
  const context = {
    sharedStrings: await workbook.sharedStrings(),
    numberStyles: await workbook.numberStyles(),
    date1904: await workbook.date1904(),
  };
  const sheets = await workbook.sheets();
  const states: OpenSheet[] = [];
  const others: OpenSheet[] = [];
  for (const sheet of sheets) {
    if (!workbook.has(sheet.part)) continue;
    const xml = parseSheetOf(await workbook.text(sheet.part), workbook, sheet);
    (isState(xml, context.sharedStrings) ? states : others).push({ sheet, xml });
  }
  // Somebody may have copied it, or have made it visible.
  const stateSheet =
    states.find(({ sheet }) => sheet.name === stateSheetName) ??
    states.find(({ sheet }) => sheet.hidden) ??
    states[0];
  const state = stateSheet === undefined ? undefined : readState(stateSheet.xml, context.sharedStrings);

  const columns = writtenColumns(columnsOf(state), state);
  const [key] = columns;
  const known = [...columns, ...inputColumns];
  const ids = new Set(state?.rows.keys());
  const withHeader = (columns: readonly Column[]) => (open: OpenSheet) => {
    const header = findHeader(open.xml, context, columns, key, ids);
    return header === undefined ? [] : [{ ...open, header }];
  };
  const named = {
    list: (await workbook.sheetNamed(nameOfSheet.list))?.part,
    archive: (await workbook.sheetNamed(nameOfSheet.archive))?.part,
  };
  const archives = others
    .filter(({ sheet }) => sheet.part !== named.list)
    .flatMap(withHeader([...archiveColumns, ...known]))
    .filter(({ header }) => isArchive(header));
  const lists = others
    .filter(({ sheet }) => !archives.some((archive) => archive.sheet === sheet))
    .flatMap(withHeader(known));
  const tableOf = ({ sheet, xml, header }: Candidate) => readTable(sheet, xml, context, header, key);
  const list =
    lists.find(({ sheet }) => sheet.part === named.list) ??
    likeliest(
      lists.filter(({ sheet }) => !isConflicts(sheet.name)),
      (one) => tableOf(one).rows.filter((row) => state?.rows.has(row.key)).length,
    );
  if (list === undefined) throw noList(workbook, sheets, key);
  if (state === undefined && list.sheet.part !== named.list && !isToWorkIn(list.header)) {
    throw new UserError(`has customers, but nothing of a list to work in: no ${inputLabels}`, {
      place: { ...workbook.place, sheet: list.sheet.name },
      remedy: 'Write the list to another file.',
    });
  }
  const asRead = tableOf(list);
  const parted = partMergedRows(asRead);
  if (parted !== undefined) workbook.set(list.sheet.part, partOf(parted.xml));
  const archive = archives.find(({ sheet }) => sheet.part === named.archive) ?? archives[0];
  return {
    list: parted === undefined ? asRead : tableOf({ ...list, xml: parted.xml }),
    parted: parted?.ranges ?? [],
    archive: archive && tableOf(archive),
    state,
    stateSheet: stateSheet?.sheet,
    sheets,
    context,
  };
}

/**
 * The columns that may be on a sheet: where a header names one that no run has written, somebody made that column, and
 * what is in it is theirs.
 */
function writtenColumns(columns: KnownColumns, state: ListState | undefined): KnownColumns {
  if (state === undefined || state.columns.length === 0) return columns;
  const written = new Map(state.columns.map((column) => [column.name, column]));
  const [key, ...others] = columns;
  return [
    key,
    ...others.flatMap((column) => {
      const former = written.get(column.name);
      return former === undefined ? [] : [former.isBeside ? besideOwn(column) : column];
    }),
  ];
}

/** Marks the sheets of a list, by which they are known again. */
export async function nameSheet(
  workbook: WorkbookPackage,
  kind: keyof typeof nameOfSheet,
  { sheet, headerRow, keyIndex }: { sheet: { name: string }; headerRow: number; keyIndex: number },
): Promise<void> {
  await workbook.nameCell(nameOfSheet[kind], sheet.name, headerRow, keyIndex);
}

/** The sheet with most known columns; of several, the one with most rows of customers whom the last run wrote. */
function likeliest(
  lists: readonly Candidate[],
  rowsWritten: (list: Candidate) => number,
): Candidate | undefined {
  const most = Math.max(...lists.map(({ header }) => header.known));
  const alike = lists.filter(({ header }) => header.known === most);
  if (alike.length < 2) return alike[0];
  const counted = alike.map((list) => ({ list, rows: rowsWritten(list) }));
  const visible = (list: Candidate) => (list.sheet.hidden ? 0 : 1);
  return counted.sort((one, other) => other.rows - one.rows || visible(other.list) - visible(one.list))[0]!
    .list;
}

/** What the manager's columns are called. */
const inputLabels = inputColumns.map(({ label }) => `'${label.en}'`).join(', ');

/** Whether a table has any of the manager's columns: others are of customers too. */
function isToWorkIn({ columns }: TableHeader): boolean {
  return columns.some(({ name }) => inputColumns.some((input) => input.name === name));
}

/**
 * Of two lists, figures and edits of the one say nothing in the other.
 * @throws UserError where a workbook holds another list than the one of that title and condition
 */
export function refuseOtherList(
  workbook: WorkbookPackage,
  { state }: ListWorkbook,
  { title, condition }: { readonly title: Text | undefined; readonly condition?: string | undefined },
): void {
  if (state?.title === undefined || title === undefined) return;
  const isOther = state.title.en !== title.en;
  const isOfOthers =
    state.condition !== undefined &&
    condition !== undefined &&
    !areSame({ option: '--where', text: state.condition }, { option: '--where', text: condition });
  if (!isOther && !isOfOthers) return;
  const [there, asked] = isOther
    ? [`'${state.title.en}'`, `'${title.en}'`]
    : [`'${title.en}' of ${ofWhom(state.condition!)}`, `of ${ofWhom(condition!)}`];
  throw new UserError(`holds the list ${there} and not ${asked}`, {
    place: workbook.place,
    remedy: isOther
      ? 'Name the file of that list, or one that is not there yet.'
      : "Ask for the same customers (a date that moves is 'as_of - 90'), or name a file that is not there yet: in this one, who does not meet the new condition would leave.",
  });
}

function ofWhom(condition: string): string {
  return condition === '' ? 'everybody' : `--where "${condition}"`;
}

function isArchive({ columns }: TableHeader): boolean {
  const names = columns.map(({ name }) => name);
  return ['left_on', 'outcome', 'left_because'].every((name) => names.includes(name));
}

function isConflicts(sheet: string): boolean {
  return [sheetTitles.conflicts.en, sheetTitles.conflicts.ru].some((title) => sheet.startsWith(title));
}

function noList(workbook: WorkbookPackage, sheets: readonly PackageSheet[], key: Column): UserError {
  const visible = sheets.filter(({ hidden }) => !hidden);
  const [first] = visible;
  return new UserError(`no sheet has the column '${key.label.en}' ('${key.label.ru}', ${key.name})`, {
    place: {
      ...workbook.place,
      ...(visible.length === 1 ? { sheet: first!.name } : {}),
    },
    remedy: `Put the header back over the ids (sheets: ${visible.map(({ name }) => `'${name}'`).join(', ')}), or write to another file.`,
  });
}
