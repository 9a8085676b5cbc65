import { extname } from 'node:path';
import { exitCodes, UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { Language } from '../core/text.js';
import type { Departure, ManagedList } from './managed-list.js';
import type { Saved } from './save.js';
import type { ListChanges } from './update.js';

/** A list that an analysis made, for `writeList`. */
export interface ListToWrite {
  readonly list: Omit<ManagedList, 'whyLeft'>;
  /** Why those left it who were on the former list. */
  readonly departures: ReadonlyMap<string, Departure>;
  /** What a reader must know of the figures. */
  readonly notices: readonly Notice[];
}

/**
 * Writes a list that people work in to a workbook or a CSV file, or brings the one that is there up to date.
 * `sayChanges` tells of the outcome; where it has `beside`, the exit code is `exitCodes.beside`.
 * @throws UserError for another format, and where the file there is no such list, which is then not touched
 */
export async function writeList(
  path: string,
  list: ManagedList,
  language: Language,
): Promise<ListChanges & Saved> {
  switch (extname(path).toLowerCase()) {
    case '.xlsx':
    case '.xlsm':
      return (await import('./workbook-file.js')).writeListWorkbook(path, list, language);
    case '.csv':
      return (await import('./csv-list.js')).writeListCsv(path, list, language);
    default:
      throw new UserError('a list to work in is a workbook or a CSV file', {
        place: { file: path },
        remedy: 'End the name in .xlsx or .csv.',
        exitCode: exitCodes.usage,
      });
  }
}
