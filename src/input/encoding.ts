export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251' | 'windows-1252';

/**
 * Tells the encoding of a text by its first bytes: a byte-order mark, valid UTF-8, else the Windows code page
 * whose letters it is made of.
 */
export function detectEncoding(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  try {
    // `stream` lets the last character be cut off.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    const cyrillic = new TextDecoder('windows-1251').decode(head).match(/[а-яё]{3,}/giu);
    return cyrillic === null ? 'windows-1252' : 'windows-1251';
  }
}

/** Decodes the first bytes of a text, without its byte-order mark. */
export function decodeHead(head: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(head, { stream: true });
}
