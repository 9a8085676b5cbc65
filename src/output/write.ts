import { randomBytes } from 'node:crypto';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { UserError } from '../core/errors.js';

/** What a file is to hold: at once, or piece by piece. */
export type Bytes = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file whole or not at all: a reader sees the old bytes or the new ones, never half of them.
 * A link stays and its target is replaced; an existing file keeps its mode.
 * @param beforeReplacing called when all is written and nothing replaced; what it throws leaves the old file
 */
export async function writeFileAtomic(
  path: string,
  bytes: Bytes,
  beforeReplacing?: () => Promise<void>,
): Promise<void> {
  try {
    const existing = await statIfAny(path);
    if (existing?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    if (existing !== undefined && !existing.isFile()) {
      // Devices and pipes (/dev/stdout) are written to; a rename would replace them. What is made piece by piece is made
      // before, so that what fails halfway leaves nothing there.
      await writeFile(path, isIterable(bytes) ? [...bytes] : bytes);
      return;
    }
    const target = await followLinks(resolve(path));
    // A file protected from writing stays protected, though the folder would allow to replace it.
    if (existing !== undefined) await access(target, constants.W_OK);
    await replaceFile(
      target,
      bytes,
      existing === undefined ? undefined : existing.mode & 0o7777,
      beforeReplacing,
    );
  } catch (error) {
    throw explain(path, error);
  }
}

function isIterable(bytes: Bytes): bytes is Iterable<string | Uint8Array> {
  return typeof bytes !== 'string' && !(bytes instanceof Uint8Array) && Symbol.iterator in bytes;
}

/** Makes a folder where there is none; its parent must exist. */
export async function makeFolder(path: string): Promise<void> {
  try {
    if ((await statIfAny(path))?.isDirectory() !== true) await mkdir(path);
  } catch (error) {
    throw explain(path, error);
  }
}

async function replaceFile(
  target: string,
  bytes: Bytes,
  mode: number | undefined,
  beforeReplacing?: () => Promise<void>,
): Promise<void> {
  // In the same folder, because a rename is only atomic within one file system.
  const temporary = join(dirname(target), `.retain-${randomBytes(8).toString('hex')}.tmp`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx');
    await writeFile(handle, bytes);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
    await handle.close();
    await beforeReplacing?.();
    await rename(temporary, target);
  } catch (error) {
    await handle?.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** The file that a path means in the end, whether or not that file exists yet. */
async function followLinks(path: string): Promise<string> {
  let target = path;
  // As many as Linux follows before it gives up.
  for (let followed = 0; followed < 40; followed += 1) {
    let next: string;
    try {
      next = await readlink(target);
    } catch (error) {
      // Not a link, or nothing there yet. What else may be wrong shows when the file is written.
      if (['EINVAL', 'ENOENT', 'UNKNOWN'].includes(codeOf(error))) return target;
      throw error;
    }
    // Relative to where the link really is, whichever links led to its folder.
    target = resolve(await realpath(dirname(target)), next);
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
}

async function statIfAny(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const explanations: Record<string, { what: string; remedy: string }> = {
  ENOENT: { what: 'the folder does not exist', remedy: 'Create the folder first, or choose another path.' },
  ENOTDIR: { what: 'a part of the path is a file, not a folder', remedy: 'Choose another path.' },
  EEXIST: { what: 'a file of this name stands there', remedy: 'Choose another path.' },
  EISDIR: { what: 'this is a folder, not a file', remedy: 'Add a file name to the path.' },
  ENOSPC: { what: 'the disk is full', remedy: 'Free some space, or choose another disk.' },
  EDQUOT: { what: 'your share of the disk is full', remedy: 'Free some space, or choose another disk.' },
  EROFS: { what: 'the disk is read-only', remedy: 'Choose a path on another disk.' },
  ENAMETOOLONG: { what: 'the path is too long', remedy: 'Choose a shorter file name.' },
  ELOOP: { what: 'the link leads back to itself', remedy: 'Choose another path.' },
  EBUSY: { what: 'the file is open in another program', remedy: 'Close it there and try again.' },
};
const noPermission = {
  what: 'no permission to write here',
  remedy: 'Choose another path, or ask for the right to write to this file and its folder.',
};

function explain(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === '') return error;
  const known = code === 'EACCES' || code === 'EPERM' ? noPermission : explanations[code];
  const { what, remedy } = known ?? { what: `cannot be written (${code})`, remedy: 'Choose another path.' };
  return new UserError(what, { place: { file: path }, remedy, cause: error });
}

const watched = new WeakSet<Writable>();

/**
 * Writes to standard output and waits until it is taken. A reader that has seen enough (`retain ... | head`) is no
 * error.
 */
export async function writeStdout(
  text: string | Uint8Array,
  stream: Writable = process.stdout,
): Promise<void> {
  if (!watched.has(stream)) {
    watched.add(stream);
    // A failed write is reported twice, to its callback and as an event; without a listener the event would end the
    // process with a stack trace.
    stream.on('error', () => {});
  }
  await new Promise<void>((done, fail) => {
    stream.write(text, (error) => {
      if (!error || ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(codeOf(error))) done();
      else fail(explain('standard output', error));
    });
  });
}
