import { UserError } from '../core/errors.js';
import type { Column } from '../core/table.js';
import type { PackageSheet, WorkbookPackage } from '../ooxml/package.js';
import { type CellContext, readTableSheet, type TableSheet } from './list-sheet.js';
import { archiveColumns, inputColumns, sheetTitles } from './managed-list.js';
import { type ListState, readState } from './state.js';

/** The sheets of a workbook that have to do with a list. */
export interface ListWorkbook {
  readonly list: TableSheet;
  readonly archive: TableSheet | undefined;
  readonly state: ListState | undefined;
  readonly stateSheet: PackageSheet | undefined;
  readonly sheets: readonly PackageSheet[];
  readonly context: CellContext;
}

/**
 * Finds the list in a workbook by its headers, whatever its sheets are called by now.
 * @throws UserError where no sheet has the key column
 */
export async function openList(
  workbook: WorkbookPackage,
  computed: readonly Column[],
  key: Column,
): Promise<ListWorkbook> {
  const context = {
    sharedStrings: await workbook.sharedStrings(),
    numberStyles: await workbook.numberStyles(),
  };
  const known = [...archiveColumns, ...computed, ...inputColumns];
  const sheets = await workbook.sheets();
  let list: TableSheet | undefined;
  let archive: TableSheet | undefined;
  let state: { rows: ListState; sheet: PackageSheet } | undefined;
  for (const sheet of sheets) {
    if (sheet.hidden && state === undefined) {
      const rows = await readState(workbook, sheet.part, context.sharedStrings);
      if (rows !== undefined) {
        state = { rows, sheet };
        continue;
      }
    }
    const table = await readTableSheet(workbook, sheet, context, known, key);
    if (table === undefined) continue;
    if (isConflicts(sheet.name)) continue;
    if (isArchive(table)) archive ??= table;
    else if (knownColumns(table) > (list === undefined ? 0 : knownColumns(list))) list = table;
  }
  if (list === undefined) {
    const names = sheets.filter(({ hidden }) => !hidden).map(({ name }) => `'${name}'`);
    throw new UserError(`no sheet has the column '${key.label.en}' ('${key.label.ru}', ${key.name})`, {
      place: {
        ...workbook.place,
        ...(names.length === 1 ? { sheet: sheets.find(({ hidden }) => !hidden)!.name } : {}),
      },
      remedy: `Put the header back over the ids (sheets: ${names.join(', ')}), or write to another file.`,
    });
  }
  return { list, archive, state: state?.rows, stateSheet: state?.sheet, sheets, context };
}

function knownColumns({ columns }: TableSheet): number {
  return columns.filter(({ name }) => name !== undefined).length;
}

function isArchive({ columns }: TableSheet): boolean {
  const names = columns.map(({ name }) => name);
  return names.includes('outcome') && names.includes('left_on');
}

function isConflicts(sheet: string): boolean {
  return [sheetTitles.conflicts.en, sheetTitles.conflicts.ru].some((title) => sheet.startsWith(title));
}
