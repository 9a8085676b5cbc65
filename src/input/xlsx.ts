import { type Place, UserError } from '../core/errors.js';
import { type Archive, damaged, openArchive } from './archive.js';
import type { Workbook } from './workbook.js';
import { describeOtherArchive, refuseOtherFormats } from './xlsx-foreign.js';
import {
  findWorkbookPart,
  readNumberStyles,
  readSharedStrings,
  readWorkbookPart,
  scanPart,
  type WorkbookParts,
} from './xlsx-parts.js';
import { type CellContext, SheetHandler } from './xlsx-sheet.js';

/** The most that a sheet may unpack to. Sheets are never in memory as a whole, so this only ends endless ones. */
const sheetLimit = 16 * 1024 ** 3;

/**
 * Opens an .xlsx or .xlsm file. Files that are something else or damaged are told as UserErrors.
 * @param name what the file is called in messages, if not by its path
 */
export async function openWorkbook(path: string, name = path): Promise<Workbook> {
  const place: Place = { file: name };
  await refuseOtherFormats(path, name);
  const archive = await openArchive(path, name);
  try {
    return workbookOf(archive, await readParts(archive, place), place);
  } catch (error) {
    await archive.close();
    throw error;
  }
}

async function readParts(archive: Archive, place: Place): Promise<WorkbookParts> {
  const part = await findWorkbookPart(archive, place);
  if (part === undefined) throw describeOtherArchive(archive, place);
  if (!archive.has(part)) throw damaged(place, `the part ${part} is missing`);
  const parts = part.endsWith('.xml') ? await readWorkbookPart(archive, part, place) : undefined;
  if (parts === undefined) throw describeOtherArchive(archive, place);
  return parts;
}

function workbookOf(archive: Archive, parts: WorkbookParts, place: Place): Workbook {
  let shared: Promise<Omit<CellContext, 'place'>> | undefined;
  return {
    format: 'xlsx',
    sheets: parts.sheets.map(({ name, hidden }) => ({ name, hidden })),
    async *rows(sheet) {
      const found = parts.sheets.find(({ name }) => name === sheet);
      if (found === undefined) {
        const names = parts.sheets.map(({ name }) => `'${name}'`).join(', ');
        throw new UserError(`there is no sheet '${sheet}'`, {
          place,
          remedy: names === '' ? 'The workbook has no sheets with cells.' : `Its sheets are ${names}.`,
        });
      }
      // Read once, when the first sheet is: listing the sheets of a large workbook should take no time.
      shared ??= readShared(archive, parts, place);
      const sheetPlace: Place = { ...place, sheet };
      const handler = new SheetHandler({ place: sheetPlace, ...(await shared) });
      for await (const _ of scanPart(archive, found.part, handler, {
        place: sheetPlace,
        limit: sheetLimit,
      })) {
        yield handler.take();
      }
      const rest = handler.take();
      if (rest.length > 0) yield rest;
    },
    close: () => archive.close(),
  };
}

async function readShared(
  archive: Archive,
  parts: WorkbookParts,
  place: Place,
): Promise<Omit<CellContext, 'place'>> {
  return {
    date1904: parts.date1904,
    styles: parts.styles === undefined ? [] : await readNumberStyles(archive, parts.styles, place),
    sharedStrings:
      parts.sharedStrings === undefined ? [] : await readSharedStrings(archive, parts.sharedStrings, place),
  };
}
