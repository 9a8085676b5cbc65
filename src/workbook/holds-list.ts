import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Column } from '../core/table.js';
import { openArchive } from '../input/archive.js';
import { detectDialect } from '../input/dialect.js';
import { decodePart, detectEncoding } from '../input/encoding.js';
import { isCompoundFile } from '../input/local-file.js';
import { WorkbookPackage } from '../ooxml/package.js';
import { comparable, customerKey, inputColumns, isNamed } from './managed-list.js';
import { nameOfSheet } from './open-list.js';
import { stateSheetName } from './state.js';

/** A header with the key and so many of the manager's columns is that of a list; people may have deleted others. */
const leastInputs = 3;
/** Enough for the header of a CSV file. */
const headSize = 65_536;

/**
 * Whether a file is a list that people work in, or its archive, so that no other report may take its place.
 * A workbook with a password may be one.
 */
export async function holdsList(path: string): Promise<boolean> {
  const head = await headOf(path);
  if (head === undefined) return false;
  if (extname(path).toLowerCase() === '.csv') return isListHeader(head);
  if (isCompoundFile(head)) return true;
  if (head.subarray(0, 2).toString('latin1') !== 'PK') return false;
  try {
    const archive = await openArchive(path);
    try {
      const workbook = await WorkbookPackage.open(archive, { file: path });
      if ((await workbook.sheetNamed(nameOfSheet.list)) !== undefined) return true;
      return (await workbook.sheets()).some(({ name }) => comparable(name) === comparable(stateSheetName));
    } finally {
      await archive.close();
    }
  } catch (error) {
    // What cannot be read as a workbook is none that a run wrote.
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The first bytes of a file; undefined where there is none, or something else than a file. */
async function headOf(path: string): Promise<Buffer | undefined> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError('the file there cannot be read', {
      place: { file: path },
      remedy: 'Give another name, or the right to read it.',
      cause: error,
    });
  });
  if (handle === undefined) return undefined;
  try {
    if (!(await handle.stat()).isFile()) return undefined;
    const head = Buffer.alloc(headSize);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isListHeader(head: Buffer): boolean {
  const { records } = detectDialect(decodePart(head, detectEncoding([head])), head.length < headSize, {
    headerRow: 1,
  });
  const headers = records[0]?.cells ?? [];
  const has = (column: Column) => headers.some((header) => isNamed(column, header));
  return has(customerKey) && inputColumns.filter(has).length >= leastInputs;
}
