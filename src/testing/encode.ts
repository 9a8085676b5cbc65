import { decodingTable } from '../input/code-pages.js';
import type { Encoding } from '../input/encoding.js';

/** The bytes of a text in an encoding, without a byte-order mark. A character that it lacks is an error. */
export function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const bytes = new Map(decodingTable(encoding).map((character, byte) => [character, byte]));
  return Buffer.from(
    [...text].map((character) => {
      const byte = bytes.get(character);
      if (byte === undefined) throw new Error(`${encoding} has no '${character}'`);
      return byte;
    }),
  );
}
