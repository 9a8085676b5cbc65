import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../core/errors.js';
import { writeFileAtomic, writeStdout } from './write.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retain-write-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

async function failure(path: string): Promise<UserError> {
  const error = await writeFileAtomic(path, 'new').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('writeFileAtomic', () => {
  it('writes text and bytes and leaves nothing else behind', async () => {
    const path = join(folder, 'отчёт.csv');
    await writeFileAtomic(path, 'да\n');
    expect(await readFile(path, 'utf8')).toBe('да\n');
    await writeFileAtomic(path, new Uint8Array([1, 2, 3]));
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    expect(await readdir(folder)).toEqual(['отчёт.csv']);
  });

  it('keeps the mode of a file', async () => {
    const path = join(folder, 'report.csv');
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    await writeFileAtomic(path, 'new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('replaces what a link leads to, not the link', async () => {
    await mkdir(join(folder, 'real'));
    const link = join(folder, 'link.csv');
    await symlink(join('real', 'report.csv'), link);
    for (const text of ['first', 'second']) {
      await writeFileAtomic(link, text);
      expect((await lstat(link)).isSymbolicLink()).toBe(true);
      expect(await readFile(join(folder, 'real', 'report.csv'), 'utf8')).toBe(text);
    }
    // A relative link counts from its real folder, not from the link that led there.
    await mkdir(join(folder, 'far', 'deep'), { recursive: true });
    await symlink(join('far', 'deep'), join(folder, 'short'));
    await symlink(join('..', 'report.csv'), join(folder, 'far', 'deep', 'latest.csv'));
    await writeFileAtomic(join(folder, 'short', 'latest.csv'), 'far');
    expect(await readFile(join(folder, 'far', 'report.csv'), 'utf8')).toBe('far');
    await symlink('loop', join(folder, 'loop'));
    expect((await failure(join(folder, 'loop'))).message).toBe('the link leads back to itself');
  });

  it('writes to a device instead of replacing it', async () => {
    await writeFileAtomic('/dev/null', 'gone');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('says what is in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    expect((await failure(join(folder, 'missing', 'report.csv'))).message).toBe('the folder does not exist');
    expect((await failure(join(folder, 'file', 'report.csv'))).message).toContain('is a file, not a folder');
    expect((await failure(join(folder, 'x'.repeat(300)))).message).toBe('the path is too long');
    const error = await failure(folder);
    expect(error.message).toBe('this is a folder, not a file');
    expect(error.place.file).toBe(folder);
    expect(error.remedy).not.toBe('');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it.skipIf(process.getuid?.() === 0)('respects protection from writing', async () => {
    const path = join(folder, 'report.csv');
    await writeFile(path, 'old', { mode: 0o444 });
    expect((await failure(path)).message).toBe('no permission to write here');
    await chmod(folder, 0o500);
    expect((await failure(join(folder, 'other.csv'))).message).toBe('no permission to write here');
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});

describe('writeStdout', () => {
  it('waits until the text is taken', async () => {
    const taken: string[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        setTimeout(() => {
          taken.push(String(chunk));
          done();
        }, 5);
      },
    });
    await writeStdout('one', slow);
    expect(taken).toEqual(['one']);
  });

  it('ends quietly when nobody reads any more', async () => {
    const closed = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    await writeStdout('one', closed);
    await writeStdout('two', closed);
  });

  it('says what is wrong otherwise', async () => {
    const full = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      },
    });
    await expect(writeStdout('one', full)).rejects.toThrow('the disk is full');
  });
});
