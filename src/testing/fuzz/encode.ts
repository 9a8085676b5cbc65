/** How the bytes of a text file are made from its text; the first three by Node, the others by their tables. */
export const encodings = [
  'utf-8',
  'utf-8 with mark',
  'utf-16le',
  'utf-16be',
  'windows-1251',
  'windows-1252',
  // 'koi8-r',
] as const;
export type FileEncoding = (typeof encodings)[number];

const tables = new Map<FileEncoding, ReadonlyMap<string, number>>();

/** Bytes by character of a single-byte encoding, by turning its decoder round; undefined for Unicode. */
function tableOf(encoding: FileEncoding): ReadonlyMap<string, number> | undefined {
  if (encoding.startsWith('utf')) return undefined;
  let table = tables.get(encoding);
  if (table === undefined) {
    const decoder = new TextDecoder(encoding);
    table = new Map(
      Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const),
    );
    tables.set(encoding, table);
  }
  return table;
}

/** Whether an encoding has every character of a text. */
export function canEncode(text: string, encoding: FileEncoding): boolean {
  const table = tableOf(encoding);
  return table === undefined || [...text].every((character) => table.has(character));
}

/** @throws Error for a character that the encoding lacks: the writer must not have used it */
export function encode(text: string, encoding: FileEncoding): Buffer {
  const table = tableOf(encoding);
  if (table !== undefined) {
    return Buffer.from(
      [...text].map((character) => {
        const byte = table.get(character);
        if (byte === undefined) throw new Error(`${encoding} has no ${JSON.stringify(character)}`);
        return byte;
      }),
    );
  }
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-8 with mark':
      return Buffer.from(`\uFEFF${text}`, 'utf8');
    case 'utf-16le':
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    default:
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  }
}
