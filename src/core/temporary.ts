import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exitCodes, UserError } from './errors.js';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work with a folder of its own for temporary files, readable by this user alone, and removes it
 * whatever happens, an interrupt included.
 */
export async function withTemporaryFolder<T>(
  parent: string | undefined,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await makeFolder(parent ?? tmpdir());
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals) => {
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of stopSignals) process.once(signal, stop);
  try {
    return await work(folder);
  } catch (error) {
    throw isDiskFull(error) ? noRoom(folder, error) : error;
  } finally {
    for (const signal of stopSignals) process.off(signal, stop);
    remove();
  }
}

/** Files that are written to elsewhere tell of a full disk themselves, as a UserError. */
function isDiskFull(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof UserError) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || /no space left on device/i.test(error.message);
}

function noRoom(folder: string, cause: Error): UserError {
  return new UserError(`there is no room for temporary files in ${dirname(folder)}`, {
    remedy: 'Name a folder with more room: --temp FOLDER.',
    cause,
  });
}

async function makeFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'retain-'));
  } catch (error) {
    throw new UserError(`no temporary folder can be made in ${parent}`, {
      remedy: 'Name a folder that can be written to: --temp FOLDER.',
      exitCode: exitCodes.usage,
      cause: error,
    });
  }
}

let temporaryFiles = 0;

/** A path in a temporary folder that no other in this process has. */
export function temporaryPath(folder: string, extension = ''): string {
  temporaryFiles += 1;
  return join(folder, `table-${temporaryFiles}${extension}`);
}
