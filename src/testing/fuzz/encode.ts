import type { SingleByteEncoding } from '../../input/code-pages.js';
import { decodingTable } from '../../input/code-pages.js';
import { encode as encodeWithoutMark } from '../encode.js';

/** Encodings of text files, with what stands in front of the text. */
export const encodings = [
  'utf-8',
  'utf-8 with mark',
  'utf-16le',
  'utf-16be',
  'windows-1251',
  'windows-1252',
  'koi8-r',
] as const;
export type FileEncoding = (typeof encodings)[number];

const repertoires = new Map<FileEncoding, ReadonlySet<string>>();

/** Whether an encoding has every character of a text. */
export function canEncode(text: string, encoding: FileEncoding): boolean {
  if (encoding.startsWith('utf')) return true;
  let repertoire = repertoires.get(encoding);
  if (repertoire === undefined) {
    repertoire = new Set(decodingTable(encoding as SingleByteEncoding));
    repertoires.set(encoding, repertoire);
  }
  return [...text].every((character) => repertoire.has(character));
}

/** The bytes of a text file. UTF-16 is told by its byte-order mark, UTF-8 may have one. */
export function encode(text: string, encoding: FileEncoding): Buffer {
  if (encoding === 'utf-8 with mark') return encodeWithoutMark(`\uFEFF${text}`, 'utf-8');
  return encodeWithoutMark(encoding.startsWith('utf-16') ? `\uFEFF${text}` : text, encoding);
}
