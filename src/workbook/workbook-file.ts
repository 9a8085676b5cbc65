import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isDay } from '../core/dates.js';
import type { Language } from '../core/text.js';
import { openArchive } from '../input/archive.js';
import { refuseOtherFormats } from '../input/xlsx-foreign.js';
import { WorkbookPackage } from '../ooxml/package.js';
import { columnName } from '../ooxml/references.js';
import { cellXml, valueXml } from '../ooxml/sheet.js';
import { escapeText } from '../ooxml/xml.js';
import { sheetNamer } from '../output/sheet-names.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { dosDate } from '../output/zip-times.js';
import { writeAbout } from './about-sheet.js';
import { columnsInSight } from './add-columns.js';
import { keyColumn, type ManagedList } from './managed-list.js';
import { type MergeResult, mergeCopies } from './merge.js';
import { newSheet, newWorkbook } from './new-workbook.js';
import { nameSheet } from './open-list.js';
import { type Saved, saveList, versionOf } from './save.js';
import { type ListChanges, updateList } from './update.js';

/**
 * Writes a list to a workbook. One that is there is brought up to date: what people wrote, added and changed stays.
 * @throws UserError where the file is no workbook or no sheet of it holds the list, which is then not touched
 */
export async function writeListWorkbook(
  path: string,
  list: ManagedList,
  language: Language,
): Promise<ListChanges & Saved> {
  const version = await versionOf(path);
  if (version !== undefined) await refuseOtherFormats(path);
  const archive = existsSync(path) ? await openArchive(path) : newWorkbook(list.title[language], list.asOf);
  try {
    const workbook = await WorkbookPackage.open(archive, { file: path });
    if (version === undefined) await addListSheet(workbook, list, language);
    const changes = await updateList(workbook, list, language);
    await writeAbout(workbook, list, language, version === undefined);
    const bytes = await workbook.write(dosDate(list.asOf));
    return { ...changes, ...(await saveList(path, bytes, list.asOf, version)) };
  } finally {
    await archive.close();
  }
}

/**
 * Brings what was written in copies of a list into it, and saves it to `out` or in its place.
 * @throws UserError where one of the files is no workbook or holds no list
 */
export async function mergeListWorkbooks(
  path: string,
  copies: readonly string[],
  language: Language,
  out = path,
): Promise<MergeResult & Saved> {
  await refuseOtherFormats(path);
  const version = await versionOf(out);
  const { mtime } = await stat(path);
  const archive = await openArchive(path);
  try {
    const workbook = await WorkbookPackage.open(archive, { file: path });
    const result = await mergeCopies(workbook, copies, language);
    const day =
      result.asOf !== undefined && isDay(result.asOf) ? result.asOf : mtime.toISOString().slice(0, 10);
    const bytes = await workbook.write(dosDate(day));
    return { ...result, ...(await saveList(out, bytes, day, version)) };
  } finally {
    await archive.close();
  }
}

/** A sheet with nothing but the header of the key column; all else is added as to any list that lacks it. */
async function addListSheet(workbook: WorkbookPackage, list: ManagedList, language: Language): Promise<void> {
  const key = spreadsheetText(keyColumn(list).label[language]);
  const cell = cellXml({ column: 0, style: 0, others: '', ...valueXml(key, '') }, 1, '');
  const sheet = newSheet({ isFitted: true }).replace(
    '<sheetData></sheetData>',
    () => `<sheetData><row r="1" ht="32" customHeight="1">${cell}</row></sheetData>`,
  );
  const name = sheetNamer()(list.title[language]);
  await workbook.addSheet(name, sheet);
  // The header and the customer on every page.
  const quoted = `'${name.replaceAll("'", "''")}'`;
  const area = `${quoted}!$A:$${columnName(columnsInSight(list) - 1)},${quoted}!$1:$1`;
  const titles = `<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">${escapeText(area)}</definedName></definedNames>`;
  await workbook.update(workbook.workbookPart, (xml) => xml.replace('</sheets>', () => `</sheets>${titles}`));
  await nameSheet(workbook, 'list', { sheet: { name }, headerRow: 1, keyIndex: 0 });
}
