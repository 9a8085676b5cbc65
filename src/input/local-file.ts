import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../core/errors.js';
import { temporaryPath } from '../core/temporary.js';
import type { Archive } from './archive.js';
import { EmptyInput } from './empty-input.js';
import { standardInput } from './paths.js';

/** A file that can be read at any position, and what it is called in messages. */
export interface LocalFile {
  /** As the user gave it. */
  readonly name: string;
  /** Where its bytes are: the user's file, or an unpacked copy in the temporary folder. */
  readonly path: string;
  /** What it was unpacked from. */
  readonly packed: 'gzip' | 'zip' | null;
  /** Its first bytes. */
  readonly head: Buffer;
}

const headBytes = 4096;
const gibibyte = 1024 ** 3;
/** The most that a packed file may unpack to. */
const unpackedLimit = 256 * gibibyte;
/** Tables shrink some 3 to 30 times; a gigabyte that shrank more than this is made to fill the disk. */
const maximumRatio = 200;
const ratioMattersFrom = gibibyte;

const tableInArchive = /\.(csv|tsv|tab|txt|xlsx|xlsm|xlsb|xls|ods|parquet|jsonl|ndjson|json)$/i;

/**
 * Makes a file readable at any position: standard input and pipes are spooled, gzip and zip files of one table
 * unpacked into the temporary folder.
 * @throws UserError for a file that does not exist, may not be read, is empty, or is packed and damaged
 */
export async function localFile(name: string, temporaryFolder: string): Promise<LocalFile> {
  const spooled = await spoolStream(name, temporaryFolder);
  let path = spooled ?? name;
  let packed: LocalFile['packed'] = null;
  let head = await headOf(path, name);
  const moveTo = async (unpacked: string, how: 'gzip' | 'zip') => {
    if (path !== name) await rm(path);
    path = unpacked;
    packed = how;
    head = await headOf(path, name);
  };
  if (isGzip(head)) {
    await moveTo(await gunzip(path, name, temporaryFolder), 'gzip');
    if (isGzip(head)) {
      throw new UserError('the file is packed twice over', {
        place: { file: name },
        remedy: 'Unpack it and give the file inside.',
      });
    }
  }
  if (isZip(head)) {
    const unpacked = await onlyTableInZip(path, name, temporaryFolder);
    if (unpacked !== undefined) await moveTo(unpacked, 'zip');
  }
  if (head.length === 0) {
    throw new EmptyInput('the file is empty', { file: name });
  }
  return { name, path, packed, head };
}

export function isZip(head: Buffer): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/** Whether a file is a container of Office before 2007, by its first bytes. */
export function isCompoundFile(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Copies standard input or a pipe into a file; undefined for a plain file. */
async function spoolStream(name: string, temporaryFolder: string): Promise<string | undefined> {
  const place = { file: name };
  let source: Readable;
  if (name === standardInput) source = process.stdin;
  else {
    try {
      const found = await stat(name);
      if (found.isDirectory()) {
        throw new UserError('this is a folder, not a file', { place, remedy: 'Name the files in it.' });
      }
      if (found.isFile()) return undefined;
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw cannotOpen(name, error);
    }
    source = createReadStream(name);
  }
  const path = temporaryPath(temporaryFolder);
  try {
    await pipeline(source, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    throw cannotOpen(name, error);
  }
  return path;
}

async function headOf(path: string, name: string): Promise<Buffer> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw cannotOpen(name, error);
  }
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw cannotOpen(name, error);
  } finally {
    await handle.close();
  }
}

function cannotOpen(name: string, error: unknown): UserError {
  const place = { file: name };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UserError('there is no such file', { place, remedy: 'Check the name and the folder.' });
  }
  if (code === 'ENOSPC') {
    return new UserError('there is no room for a temporary copy', {
      place,
      remedy: 'Name a folder with more room: --temp FOLDER.',
    });
  }
  return new UserError(`the file cannot be read (${code ?? (error as Error).message})`, {
    place,
    remedy: 'Check its permissions.',
    cause: error,
  });
}

async function gunzip(path: string, name: string, temporaryFolder: string): Promise<string> {
  const { size } = await stat(path);
  const target = temporaryPath(temporaryFolder);
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 18 }),
      createGunzip({ chunkSize: 1 << 18 }),
      bounded(size, name),
      createWriteStream(target, { mode: 0o600, highWaterMark: 1 << 20 }),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof Error) || !code?.startsWith('Z_')) {
      throw error instanceof UserError ? error : cannotOpen(name, error);
    }
    throw new UserError(
      code === 'Z_BUF_ERROR' ? 'the gzip file ends too early' : 'the gzip file is damaged',
      { place: { file: name }, remedy: 'Copy or export it again; it may have been cut short.', cause: error },
    );
  }
  return target;
}

/** Passes bytes on until they are more than any real table of that packed size has. */
function bounded(packedSize: number, name: string): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      const isBomb = size > ratioMattersFrom && size > packedSize * maximumRatio;
      if (!isBomb && size <= unpackedLimit) return done(null, chunk);
      done(
        new UserError(
          isBomb
            ? `the file unpacks to over ${maximumRatio} times its size, as no real table does`
            : `the file unpacks to over ${unpackedLimit / gibibyte} GiB, the most that is read`,
          {
            place: { file: name },
            remedy: 'Make sure that the file comes from whom you think, or unpack it yourself.',
          },
        ),
      );
    },
  });
}

/** Unpacks the one table of a zip file; undefined where the zip file is itself a document, or holds no table or many. */
async function onlyTableInZip(
  path: string,
  name: string,
  temporaryFolder: string,
): Promise<string | undefined> {
  let archive: Archive;
  try {
    archive = await (await import('./archive.js')).openArchive(path);
  } catch {
    // The reader of workbooks tells what is wrong with it.
    return undefined;
  }
  try {
    const isDocument = archive.has('[Content_Types].xml') || archive.has('mimetype');
    const tables = archive.names.filter(
      (part) => tableInArchive.test(part) && !/(^|\/)(\.|__MACOSX\/)/.test(part),
    );
    if (isDocument || archive.names.some((part) => part.startsWith('xl/')) || tables.length !== 1) {
      return undefined;
    }
    const target = temporaryPath(temporaryFolder);
    const place = { file: name };
    const content = Readable.from(archive.read(tables[0]!, { limit: unpackedLimit, place }));
    await pipeline(content, createWriteStream(target, { mode: 0o600, highWaterMark: 1 << 20 }));
    return target;
  } catch (error) {
    if (!(error instanceof UserError)) throw cannotOpen(name, error);
    throw new UserError(error.message.replace('the workbook', 'the zip file'), {
      place: { file: name },
      remedy: 'Copy or pack it again, or unpack it yourself and give the file inside.',
      cause: error,
    });
  } finally {
    await archive.close();
  }
}
