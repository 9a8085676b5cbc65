import { crc32 } from '../input/archive.js';
import type { CellValue } from '../ooxml/sheet.js';
import { canonical } from './values.js';

/** The computed cells of a row in short: they tell whose row it is where its id was typed over. */
export function fingerprintOf(values: readonly CellValue[]): string {
  return crc32(Buffer.from(values.map(canonical).join('\u001f')))
    .toString(16)
    .padStart(8, '0');
}
