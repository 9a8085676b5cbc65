import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Day } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import { type Bytes, writeFileAtomic } from '../output/write.js';
import { lockFile } from './locks.js';

/** Where a list was written, and where its former file is. */
export interface Saved {
  readonly path: string;
  readonly backup: string | undefined;
  /** Why it was not written over the former file. */
  readonly beside: { readonly reason: 'open' | 'changed'; readonly lock: string | undefined } | undefined;
}

/** What a file was when it was read; undefined where there was none. */
export type Version = { readonly size: bigint; readonly time: bigint; readonly file: bigint } | undefined;

export async function versionOf(path: string): Promise<Version> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return { size, time: mtimeNs, file: ino };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isSame(one: Version, other: Version): boolean {
  return one?.size === other?.size && one?.time === other?.time && one?.file === other?.file;
}

/**
 * Writes a list in place of the file that its edits were read from, of which a copy is kept first. A file that is
 * open in a spreadsheet program, or was saved since it was read, stays: the list goes beside it.
 * @param version of the file when it was read
 */
export async function saveList(path: string, bytes: Bytes, asOf: Day, version: Version): Promise<Saved> {
  const lock = await lockOf(path);
  if (lock !== undefined) return writeBeside(path, bytes, asOf, 'open', lock);
  if (!isSame(await versionOf(path), version)) return writeBeside(path, bytes, asOf, 'changed', undefined);
  const backup = version === undefined ? undefined : await keepCopy(path, asOf);
  try {
    await writeFileAtomic(path, bytes, async () => {
      // Making the bytes took its time, in which somebody may have opened or saved the file.
      if ((await lockOf(path)) !== undefined || !isSame(await versionOf(path), version)) throw new Changed();
    });
  } catch (error) {
    if (!(error instanceof Changed)) throw error;
    const opened = await lockOf(path);
    return writeBeside(path, bytes, asOf, opened === undefined ? 'changed' : 'open', opened);
  }
  return { path, backup, beside: undefined };
}

/** The mark of a program that has the file open, by the name given or the one that a link leads to. */
export async function lockOf(path: string): Promise<string | undefined> {
  return lockFile(path) ?? lockFile(await realpath(path).catch(() => path));
}

class Changed extends Error {}

/** Writes a list under a name of its own: 'churn.2024-06-30.new.xlsx'. */
export async function writeBeside(
  path: string,
  bytes: Bytes,
  asOf: Day,
  reason: 'open' | 'changed',
  lock: string | undefined,
): Promise<Saved> {
  for (const beside of numbered(path, asOf, 'new')) {
    if ((await versionOf(beside)) !== undefined) continue;
    await writeFileAtomic(beside, bytes);
    return { path: beside, backup: undefined, beside: { reason, lock } };
  }
  throw new Error('unreachable');
}

/** A copy of a file under a name that says when; an earlier copy stays, and an equal one is enough. */
async function keepCopy(path: string, asOf: Day): Promise<string> {
  const bytes = await readFile(path);
  for (const copy of numbered(path, asOf, 'bak')) {
    const existing = await versionOf(copy);
    if (existing !== undefined) {
      if (existing.size === BigInt(bytes.length) && bytes.equals(await readFile(copy))) return copy;
      continue;
    }
    await writeFileAtomic(copy, bytes);
    return copy;
  }
  throw new Error('unreachable');
}

/** 'churn.2024-06-30.bak.xlsx', 'churn.2024-06-30.2.bak.xlsx', ... */
function* numbered(path: string, asOf: Day, kind: string): Generator<string> {
  const extension = extname(path);
  const stem = join(dirname(path), basename(path, extension));
  for (let number = 1; number < 10_000; number += 1) {
    yield `${stem}.${asOf}.${number === 1 ? '' : `${number}.`}${kind}${extension}`;
  }
  throw new UserError(`there are 9999 copies of ${path} already`, { remedy: 'Move some of them away.' });
}
