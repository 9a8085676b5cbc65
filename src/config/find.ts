import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { exitCodes, UserError } from '../core/errors.js';

const names = ['retain.yaml', 'retain.yml'] as const;

/**
 * The configuration that holds in a folder: the nearest retain.yaml or retain.yml, from the folder upward.
 * @returns its path as seen from the folder, or undefined where there is none
 * @throws UserError (usage) where a folder has both
 */
export function findConfig(folder: string): string | undefined {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const found = names.filter((name) => existsSync(join(current, name)));
    const path = (name: string) => relative(folder, join(current, name));
    if (found.length > 1) {
      throw new UserError(`there are both ${path(names[0])} and ${path(names[1])}`, {
        remedy: 'Remove one of them, or say which: --config FILE.',
        exitCode: exitCodes.usage,
      });
    }
    if (found[0] !== undefined) return path(found[0]);
    if (dirname(current) === current) return undefined;
  }
}
