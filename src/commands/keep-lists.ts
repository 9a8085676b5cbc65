import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { exitCodes, UserError } from '../core/errors.js';

/**
 * A list that people work in, and a file that is open in a spreadsheet program, is never replaced by another report,
 * which would lose what was written there.
 * @throws UserError (usage)
 */
export async function refuseToReplaceWork(path: string, option = '--out'): Promise<void> {
  if (!existsSync(path) || !statSync(path).isFile() || !/\.(?:csv|xls[xm])$/i.test(path)) return;
  const { holdsList } = await import('../workbook/holds-list.js');
  if (await holdsList(path)) {
    throw new UserError(`${option} ${path}: the file there is a list that people work in, or may be one`, {
      remedy: 'Give another name, or move that file away.',
      exitCode: exitCodes.usage,
    });
  }
  const { lockOf } = await import('../workbook/save.js');
  const lock = await lockOf(path);
  if (lock === undefined) return;
  throw new UserError(`${option} ${path} is open in another program (${basename(lock)})`, {
    remedy: 'Close it there, or give another name.',
    exitCode: exitCodes.usage,
  });
}
