export const singleByteEncodings = ['windows-1251', 'windows-1252', 'koi8-r', 'ibm866'] as const;
/** Code pages: one byte a character, the first 128 of them ASCII. */
export type SingleByteEncoding = (typeof singleByteEncodings)[number];

/** Bytes 128-159 of windows-1252: the decoder of some Node releases takes them for those of Latin-1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const tables = new Map<SingleByteEncoding, readonly string[]>();

/** The character of each byte. */
export function decodingTable(encoding: SingleByteEncoding): readonly string[] {
  let table = tables.get(encoding);
  if (table === undefined) {
    table = [...new TextDecoder(encoding).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))];
    if (encoding === 'windows-1252') table = [...table.slice(0, 128), ...windows1252, ...table.slice(160)];
    tables.set(encoding, table);
  }
  return table;
}

export function decodeCodePage(bytes: Uint8Array, encoding: SingleByteEncoding): string {
  return new CodePageTranscoder(encoding).transcode(bytes).toString();
}

/**
 * Turns bytes of a code page into UTF-8. Bytes of ASCII stay, the others are looked up: several times faster
 * than decoding to text and encoding that.
 */
export class CodePageTranscoder {
  /** The UTF-8 bytes of each byte above ASCII, the first in the lowest eight bits. */
  readonly #packed = new Uint32Array(128);

  constructor(encoding: SingleByteEncoding) {
    for (const [byte, character] of decodingTable(encoding).entries()) {
      if (byte < 128) continue;
      const bytes = Buffer.from(character);
      this.#packed[byte - 128] = bytes.reduce((packed, value, index) => packed | (value << (8 * index)), 0);
    }
  }

  transcode(bytes: Uint8Array): Buffer {
    const packed = this.#packed;
    const out = Buffer.allocUnsafe(bytes.length * 3);
    let end = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte < 128) {
        out[end++] = byte;
        continue;
      }
      const utf8 = packed[byte - 128]!;
      out[end++] = utf8 & 255;
      out[end++] = (utf8 >> 8) & 255;
      if (utf8 > 0xffff) out[end++] = utf8 >> 16;
    }
    return out.subarray(0, end);
  }
}
