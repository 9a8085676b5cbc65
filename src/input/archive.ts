import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { type Place, UserError } from '../core/errors.js';

/** The parts of a zip file, found by its central directory, so that their order does not matter. */
export interface Archive {
  readonly names: readonly string[];
  /** Whether the part exists; as the package format wants it, upper and lower case do not matter. */
  has(name: string): boolean;
  /** The bytes of a part, unpacked; its length and checksum are verified once all of it has been read. */
  read(name: string, options?: ReadOptions): AsyncGenerator<Buffer, void, void>;
  close(): Promise<void>;
}

export interface ReadOptions {
  /** The most bytes that the part may unpack to. */
  readonly limit?: number;
  /** Where an error is said to be. */
  readonly place?: Place;
}

const mebibyte = 1024 * 1024;
const defaultLimit = 64 * mebibyte;
const maximumEntries = 65_535;
/** Real sheets shrink some 10 to 60 times; deflate ends at 1032, where only zeros upon zeros arrive. */
const maximumRatio = 400;
const ratioMattersFrom = 64 * mebibyte;
const chunkSize = 128 * 1024;

/** The error for a workbook whose bytes are not as they were written. */
export function damaged(place: Place, detail: string, cause?: unknown): UserError {
  return new UserError(`the workbook is damaged: ${oneLine(detail)}`, {
    place,
    remedy: 'Open it in Excel or LibreOffice and save it again as .xlsx, or export it anew.',
    cause,
  });
}

/** The error for a workbook that cannot be read without a password. */
export function hasPassword(place: Place): UserError {
  return new UserError('the workbook has a password', { place, remedy: 'Save it without a password.' });
}

/**
 * Opens a zip file. Whatever is wrong with it is told as a UserError.
 * @param name what the file is called in messages, if not by its path
 */
export async function openArchive(path: string, name = path): Promise<Archive> {
  const place: Place = { file: name };
  const handle = await openFile(path, name);
  try {
    const { size } = await handle.stat();
    const zip = await fromRandomAccessReaderPromise(new HandleReader(handle, size), size, {
      autoClose: false,
      lazyEntries: true,
      // Names are decoded here, so that one odd name among parts nobody reads is no reason to give up.
      decodeStrings: false,
    });
    // Errors arrive through the promises; without a listener a late one would end the process.
    zip.on('error', () => {});
    const entries = await listEntries(zip, place);
    return archiveOf(handle, zip, entries, place);
  } catch (error) {
    await handle.close();
    if (error instanceof UserError) throw error;
    if (messageOf(error).startsWith('strong encryption')) throw hasPassword(place);
    throw damaged(place, explainZipError(error), error);
  }
}

/** Opens a file for reading; a missing or unreadable one is a UserError. */
export async function openFile(path: string, name = path): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unreadable(name, error);
  }
  try {
    if ((await handle.stat()).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return handle;
  } catch (error) {
    await handle.close();
    throw unreadable(name, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  const place: Place = { file: path };
  const code = codeOf(error);
  if (code === 'ENOENT') {
    return new UserError('the file does not exist', { place, remedy: 'Check the path.', cause: error });
  }
  if (code === 'EISDIR') {
    return new UserError('this is a folder, not a file', {
      place,
      remedy: 'Name a file in it.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const remedy = 'Ask for the right to read it, or copy it to a folder of your own.';
    return new UserError('the file may not be read', { place, remedy, cause: error });
  }
  const remedy = 'Close it in other programs and try again.';
  return new UserError(`the file cannot be read (${code ?? oneLine(messageOf(error))})`, {
    place,
    remedy,
    cause: error,
  });
}

/**
 * Reads for the zip library from a file handle. The library's own reader throws outside of any promise when a
 * damaged directory points beyond the end of the file; this one reports it.
 */
class HandleReader extends RandomAccessReader {
  constructor(
    private readonly handle: FileHandle,
    private readonly size: number,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (!Number.isSafeInteger(position) || position < 0 || position + length > this.size) {
      setImmediate(callback, new Error('its directory points beyond the end of the file'));
      return;
    }
    readFully(this.handle, buffer, offset, length, position).then(
      () => setImmediate(callback, null),
      (error: Error) => setImmediate(callback, error),
    );
  }
}

async function readFully(
  handle: FileHandle,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number,
): Promise<void> {
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, offset + done, length - done, position + done);
    if (bytesRead === 0) throw new Error('the file ends too early');
    done += bytesRead;
  }
}

async function listEntries(zip: ZipFile, place: Place): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString('utf8').replaceAll('\\', '/').replace(/^\/+/, '');
    if (name.endsWith('/')) continue;
    // Which of the two would be the right one cannot be known.
    if (entries.has(name)) throw damaged(place, `it holds the part ${name} twice`);
    if (entries.size === maximumEntries) throw damaged(place, `it holds more than ${maximumEntries} parts`);
    entries.set(name, entry);
  }
  return entries;
}

function archiveOf(handle: FileHandle, zip: ZipFile, entries: Map<string, Entry>, file: Place): Archive {
  const lowerCase = new Map([...entries].map(([name, entry]) => [name.toLowerCase(), entry]));
  const find = (name: string): Entry | undefined => entries.get(name) ?? lowerCase.get(name.toLowerCase());
  return {
    names: [...entries.keys()],
    has: (name) => find(name) !== undefined,
    async *read(name, { limit = defaultLimit, place = file } = {}) {
      const entry = find(name);
      if (entry === undefined) throw damaged(place, `the part ${name} is missing`);
      try {
        checkBeforeReading(entry, name, limit, place);
        const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
        yield* verified(contentOf(handle, fileDataStart, entry), entry, name, place);
      } catch (error) {
        if (error instanceof UserError) throw error;
        throw damaged(place, `the part ${name} cannot be read (${explainZipError(error)})`, error);
      }
    },
    close: () => handle.close(),
  };
}

function checkBeforeReading(entry: Entry, name: string, limit: number, place: Place): void {
  if (entry.isEncrypted()) {
    throw hasPassword(place);
  }
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw new UserError(`the part ${name} is packed in a way that cannot be read`, {
      place,
      remedy: 'Open it in Excel or LibreOffice and save it again as .xlsx.',
    });
  }
  // The sizes in the directory can be relied on here: reading stops as soon as a part exceeds its own.
  const size = entry.uncompressedSize;
  if (size > limit) {
    throw new UserError(
      `the part ${name} unpacks to ${toMebibytes(size)} MiB, and at most ${toMebibytes(limit)} are read`,
      { place, remedy: 'Split the workbook into smaller ones, or export it as CSV.' },
    );
  }
  if (size > ratioMattersFrom && size > entry.compressedSize * maximumRatio) {
    throw new UserError(
      `the part ${name} unpacks to ${toMebibytes(size)} MiB, over ${maximumRatio} times its packed size, as no real workbook does`,
      { place, remedy: 'Make sure that the file comes from whom you think, or export it as CSV.' },
    );
  }
}

/** The bytes of an entry, inflated off the main thread, at most a few chunks ahead of the reader. */
function contentOf(handle: FileHandle, start: number, entry: Entry): AsyncIterable<Buffer> {
  const packed = fileBytes(handle, start, entry.compressedSize);
  if (entry.compressionMethod === 0) return packed;
  const inflate = zlib.createInflateRaw({ chunkSize });
  // The reader of `inflate` sees every error, also those of the source; leaving its loop destroys both.
  pipeline(Readable.from(packed, { highWaterMark: 2 }), inflate, () => {});
  return inflate;
}

async function* fileBytes(handle: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkSize, length - done));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start + done);
    if (bytesRead === 0) throw new Error('the file ends too early');
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* verified(
  content: AsyncIterable<Buffer>,
  entry: Entry,
  name: string,
  place: Place,
): AsyncGenerator<Buffer, void, void> {
  let size = 0;
  let checksum = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > entry.uncompressedSize) throw damaged(place, `the part ${name} is longer than it should be`);
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (size < entry.uncompressedSize) throw damaged(place, `the part ${name} is shorter than it should be`);
  if (checksum !== entry.crc32) throw damaged(place, `the checksum of the part ${name} is wrong`);
}

type Checksum = (data: Uint8Array, start?: number) => number;

/** Nodes before 20.15 come without a checksum of their own. */
export const crc32: Checksum = (zlib as { crc32?: Checksum }).crc32 ?? crc32ByTable;

let table: Uint32Array | undefined;

/** CRC-32 as zip files use it; pass the former result as `start` to go on with more data. */
export function crc32ByTable(data: Uint8Array, start = 0): number {
  table ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  let checksum = ~start;
  for (const byte of data) checksum = table[(checksum ^ byte) & 0xff]! ^ (checksum >>> 8);
  return ~checksum >>> 0;
}

/** What the zip library or zlib reports, in words that say what it means. */
function explainZipError(error: unknown): string {
  const message = messageOf(error);
  const code = codeOf(error);
  if (message.startsWith('End of central directory record signature not found')) {
    return 'it is cut short, the directory at its end is missing';
  }
  if (message.startsWith('Invalid comment length')) return 'its end has been cut off or something was added';
  if (message.startsWith('file data overflows')) return 'a part reaches beyond the end of the file';
  if (code === 'Z_BUF_ERROR') return 'its packed data ends too early';
  if (code?.startsWith('Z_')) return 'its packed data is broken';
  return message;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

function toMebibytes(bytes: number): number {
  return Math.ceil(bytes / mebibyte);
}
