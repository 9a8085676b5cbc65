import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import {
  CodePageTranscoder,
  decodeCodePage,
  type SingleByteEncoding,
  singleByteEncodings,
} from './code-pages.js';
import { guessCodePage } from './letters.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | SingleByteEncoding;

export const encodings: readonly Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', ...singleByteEncodings];

/**
 * Tells the encoding of a text by parts of it: a byte-order mark, zeros in every other byte, valid UTF-8, else
 * the code page whose letters it is made of. UTF-8 with some damaged bytes is UTF-8.
 * @param samples the first bytes, and any other parts that begin at an even offset
 */
export function detectEncoding(samples: readonly Uint8Array[]): Encoding {
  const head = samples[0]!;
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const wide = detectWide(head);
  if (wide !== undefined) return wide;
  const unclear = samples.filter((sample) => !isAscii(sample));
  if (unclear.every((sample) => isUtf8(wholeCharacters(sample)))) return 'utf-8';
  let valid = 0;
  let invalid = 0;
  for (const sample of unclear) {
    const found = countSequences(wholeCharacters(sample));
    valid += found.valid;
    invalid += found.invalid;
  }
  // In a code page two letters that make a valid sequence by chance are rare.
  return valid >= invalid ? 'utf-8' : guessCodePage(unclear, singleByteEncodings);
}

/**
 * UTF-16 without a mark: ASCII signs, of which every table has many, have a zero as their upper byte, and
 * nothing else has a zero.
 */
function detectWide(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at & 1]! += 1;
  const [even, odd] = zeros;
  if (Math.max(even, odd) < head.length / 20 || Math.min(even, odd) > Math.max(even, odd) / 50)
    return undefined;
  const encoding = odd > even ? 'utf-16le' : 'utf-16be';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these no text has
    return /[\r\n]/.test(text) && !/[\u0000-\u0008\u000e-\u001f\ufffe\uffff]/.test(text)
      ? encoding
      : undefined;
  } catch {
    return undefined;
  }
}

/** Without the parts of a character that a sample begins or ends with. */
function wholeCharacters(sample: Uint8Array): Uint8Array {
  let start = 0;
  while (start < Math.min(3, sample.length) && (sample[start]! & 0xc0) === 0x80) start += 1;
  for (let back = 1; back <= Math.min(3, sample.length - start); back++) {
    const byte = sample[sample.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? sample.subarray(start, sample.length - back) : sample.subarray(start);
  }
  return sample.subarray(start);
}

/** Characters of several bytes that are valid UTF-8, and bytes that are none. */
function countSequences(bytes: Uint8Array): { valid: number; invalid: number } {
  let valid = 0;
  let invalid = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 128) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (
      byte >= 0xc2 &&
      byte < 0xf5 &&
      isUtf8(bytes.subarray(at, at + length)) &&
      at + length <= bytes.length
    ) {
      valid += 1;
      at += length - 1;
    } else invalid += 1;
  }
  return { valid, invalid };
}

/** Decodes a part of a text, without its byte-order mark; a character that is cut off at its end is left out. */
export function decodePart(part: Uint8Array, encoding: Encoding): string {
  if (isCodePage(encoding)) return decodeCodePage(part, encoding);
  return new TextDecoder(encoding).decode(part, { stream: true });
}

function isCodePage(encoding: Encoding): encoding is SingleByteEncoding {
  return (singleByteEncodings as readonly Encoding[]).includes(encoding);
}

const chunkBytes = 1 << 20;

/**
 * A file as UTF-8, chunk by chunk. Bytes of a UTF-8 file are given as they are, damaged ones too, as the
 * engine tells their rows.
 * @param name what messages call the file
 * @throws UserError for UTF-16 that is damaged
 */
export async function* utf8Chunks(file: string, encoding: Encoding, name = file): AsyncGenerator<Buffer> {
  const chunks = createReadStream(file, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>;
  if (encoding === 'utf-8') {
    yield* chunks;
  } else if (isCodePage(encoding)) {
    const transcoder = new CodePageTranscoder(encoding);
    for await (const chunk of chunks) yield transcoder.transcode(chunk);
  } else {
    yield* wideChunks(name, encoding, chunks);
  }
}

/** Whether a file is UTF-8 throughout; a tenth of a second for a gigabyte. */
export function isUtf8File(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    // One block that stays in the processor's cache: a stream of them takes three times as long.
    const block = Buffer.allocUnsafe(chunkBytes);
    let kept = 0;
    while (true) {
      const read = readSync(descriptor, block, kept, block.length - kept, null);
      if (read === 0) return kept === 0;
      const bytes = block.subarray(0, kept + read);
      const end = endOfCharacters(bytes);
      if (!isUtf8(bytes.subarray(0, end))) return false;
      kept = bytes.copy(block, 0, end);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Where the last whole character ends: what follows is the beginning of one of two to four bytes. */
function endOfCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (length > 0) return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

async function* wideChunks(
  name: string,
  encoding: 'utf-16le' | 'utf-16be',
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let offset = 0;
  try {
    for await (const chunk of chunks) {
      yield Buffer.from(decoder.decode(chunk, { stream: true }));
      offset += chunk.length;
    }
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new UserError(`the file is ${encoding.toUpperCase()}, and damaged after byte ${offset}`, {
      place: { file: name },
      remedy: 'Export it again, or save it as UTF-8.',
      cause: error,
    });
  }
}
