import type { CellValue } from '../ooxml/sheet.js';
import { canonical } from './values.js';

/**
 * The computed cells of a row in short, by which is told whose row it is: four hexadecimal digits for each column,
 * '0000' for an empty cell.
 */
export type Fingerprint = string;

const digits = 4;
const empty = '0'.repeat(digits);

export function fingerprintOf(values: readonly CellValue[]): Fingerprint {
  return values.map((value) => hashOf(canonical(value))).join('');
}

/** FNV-1a of 32 bits, folded to 16. */
function hashOf(text: string): string {
  if (text === '') return empty;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (((hash >>> 16) ^ hash) & 0xffff).toString(16).padStart(digits, '0');
}

/** A fingerprint of some of the columns, by their places. */
export function ofColumns(fingerprint: Fingerprint, places: readonly number[]): Fingerprint {
  return places
    .map((place) => fingerprint.slice(place * digits, (place + 1) * digits).padEnd(digits, '0'))
    .join('');
}

/** The cells that are not empty, each with the place of its column. */
export function filledCells(fingerprint: Fingerprint): [place: number, hash: string][] {
  const cells: [number, string][] = [];
  for (let at = 0; at < fingerprint.length; at += digits) {
    const hash = fingerprint.slice(at, at + digits);
    if (hash !== empty) cells.push([at / digits, hash]);
  }
  return cells;
}

/** How many cells two rows have alike, and what share that is of those that one of them or both have. */
export function likeness(one: Fingerprint, other: Fingerprint): { alike: number; share: number } {
  let alike = 0;
  let filled = 0;
  for (let at = 0; at < one.length; at += digits) {
    const [own, its] = [one.slice(at, at + digits), other.slice(at, at + digits)];
    if (own === empty && its === empty) continue;
    filled += 1;
    if (own === its) alike += 1;
  }
  return { alike, share: filled === 0 ? 0 : alike / filled };
}
