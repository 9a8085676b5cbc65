import type { SheetRow } from '../ooxml/sheet.js';
import type { CellContent, ContentReader } from './cell-content.js';
import type { SheetColumn } from './list-sheet.js';
import { comparable } from './managed-list.js';

/** A column that people added, and what it is told by wherever it stands. */
export interface OwnColumn {
  /** From 0. */
  readonly index: number;
  readonly id: string;
}

/** The columns that people added, of those that their header alone tells. */
export function ownColumns(columns: readonly SheetColumn[]): OwnColumn[] {
  const own = columns
    .filter(({ name, header }) => name === undefined && comparable(header) !== '')
    // None is the name of a column of ours.
    .map(({ index, header }) => ({ index, id: `own ${comparable(header)}` }));
  return own.filter(({ id }) => own.filter((other) => other.id === id).length === 1);
}

/** Digits of a hash. */
const digits = 8;
const emptyCell = '0'.repeat(digits);

/**
 * What a cell is compared by (`CellContent.text`) in short: eight hexadecimal digits, '00000000' for an empty cell.
 */
export function contentHash(text: CellContent['text']): string {
  if (text === '') return emptyCell;
  // FNV-1a of 32 bits, over the bytes of each unit.
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return (hash >>> 0 || 1).toString(16).padStart(digits, '0');
}

/** The cells of people's own columns in a row, in short; '' where all are empty. */
export function ownCells(reader: ContentReader, row: SheetRow, columns: readonly OwnColumn[]): string {
  const hashes = columns.map(({ index }) => contentHash(reader.read(row, index).text)).join('');
  return /^0*$/.test(hashes) ? '' : hashes;
}

/** What such a short form says of the column at a place. */
export function ownCell(cells: string, place: number): string {
  return cells.slice(place * digits, (place + 1) * digits) || emptyCell;
}
