import { type Day, isDay } from '../core/dates.js';
import type { Column } from '../core/table.js';
import { openArchive } from '../input/archive.js';
import { refuseOtherFormats } from '../input/xlsx-foreign.js';
import { WorkbookPackage } from '../ooxml/package.js';
import { type CellValue, cellValue } from '../ooxml/sheet.js';
import { readListCsv } from './csv-list.js';
import { withMeantKeys } from './keys.js';
import { cellMap } from './list-sheet.js';
import { openList } from './open-list.js';
import { versionOf } from './save.js';
import { dayText, from1900, keyText } from './values.js';

/** What the last run, and people since, left of a list. */
export interface FormerList {
  /** The as-of date of the last run; undefined where nothing tells, as in CSV. */
  readonly asOf: Day | undefined;
  /** Keys that a run has written; a CSV file does not tell them from those that people wrote. */
  readonly written: ReadonlySet<string>;
  /** Ids of the rows as they stand there, be their zeros lost or not. */
  readonly ids: ReadonlySet<string>;
  /** Keys of the archive. */
  readonly archived: ReadonlySet<string>;
  /** Keys of the rows, each with the cells of the columns asked for as text: days as '2024-06-30', percent as 0-100. */
  readonly rows: ReadonlyMap<string, readonly (string | null)[]>;
}

/**
 * Reads a list before it is computed anew.
 * @param columns all that the list may have, by which it is found
 * @param wanted names of those whose cells are wanted
 * @returns undefined where there is no file
 * @throws UserError where the file holds no list
 */
export async function readFormerList(
  path: string,
  key: Column,
  columns: readonly Column[],
  wanted: readonly string[],
): Promise<FormerList | undefined> {
  if ((await versionOf(path)) === undefined) return undefined;
  if (/\.csv$/i.test(path)) return readListCsv(path, key, columns, wanted);
  await refuseOtherFormats(path);
  const archive = await openArchive(path);
  try {
    const workbook = await WorkbookPackage.open(archive, { file: path });
    const {
      list,
      archive: left,
      state,
    } = await openList(workbook, () => [key, ...columns.filter(({ name }) => name !== key.name)]);
    const sought = wanted.map((name) => {
      const kind = columns.find((column) => column.name === name)?.kind;
      return { kind, index: list.columns.find((column) => column.name === name)?.index };
    });
    const { prefix } = list.xml;
    const rows = new Map<string, (string | null)[]>();
    const written = new Set(state?.rows.keys());
    for (const { row, key: id } of withMeantKeys(list.rows, written)) {
      const cells = cellMap(row, prefix);
      const texts = sought.map(({ index, kind }) => {
        const cell = index === undefined ? undefined : cells.get(index);
        const value = cell === undefined ? null : cellValue(cell, prefix, list.context.sharedStrings);
        if (typeof value !== 'number') return textOf(value);
        if (kind === 'date') return dayText(Number(from1900(value, list.context)));
        return textOf(kind === 'percent' ? 100 * value : value);
      });
      if (!rows.has(id)) rows.set(id, texts);
    }
    return {
      asOf: state !== undefined && isDay(state.asOf) ? state.asOf : undefined,
      written,
      ids: new Set(list.rows.map(({ key: id }) => id)),
      archived: new Set(left?.rows.map(({ key: id }) => id)),
      rows,
    };
  } finally {
    await archive.close();
  }
}

function textOf(value: CellValue): string | null {
  return value === null ? null : keyText(value) || null;
}
