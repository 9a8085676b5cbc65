import { readFile } from 'node:fs/promises';
import { exitCodes, UserError } from '../core/errors.js';
import { parseConfig } from './parse.js';
import type { Config } from './types.js';

/**
 * Reads the configuration at a path.
 * @throws UserError (usage) for a file that cannot be read or is not in order
 */
export async function loadConfig(path: string): Promise<Config> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code ?? error})`,
      {
        place: { file: path },
        remedy: 'Check the name after --config, or write one: retain init FILE...',
        exitCode: exitCodes.usage,
        cause: error,
      },
    );
  }
  return parseConfig(decode(bytes, path), path);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError('the file is not UTF-8 text', {
      place: { file: path },
      remedy: 'Save it as UTF-8.',
      exitCode: exitCodes.usage,
      cause: error,
    });
  }
}
