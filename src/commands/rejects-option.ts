import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes, UserError } from '../core/errors.js';
import type { Language } from '../core/text.js';
import type { InputFile } from '../input/settings.js';
import type { RejectsSink } from '../model/rejects.js';
import { refuseToOverwrite } from './input-options.js';
import { refuseToReplaceWork } from './keep-lists.js';

export interface RejectsFlags {
  readonly rejects?: string;
}

export function addRejectsOption(command: Command): Command {
  return command.option(
    '--rejects <file>',
    'write every row left out, with its place and reason: .csv, .json or .xlsx',
  );
}

/**
 * What writes the rejected rows to the file of --rejects, or undefined where it is not given.
 * @throws UserError (usage) for a name that cannot be written to, before any work is done
 */
export async function rejectsSink(
  { rejects: path, out, lang, quiet }: RejectsFlags & { out?: string; lang: Language; quiet?: boolean },
  inputs: readonly InputFile[],
): Promise<RejectsSink | undefined> {
  if (path === undefined) return undefined;
  await refuseToOverwrite(path, inputs, '--rejects');
  await refuseToReplaceWork(path, '--rejects');
  if (out !== undefined && resolve(path) === resolve(out)) {
    throw new UserError(`--out and --rejects name the same file, ${path}`, {
      remedy: 'Give one of them another name.',
      exitCode: exitCodes.usage,
    });
  }
  const { canStreamTo, writeTable } = await import('../output/table-stream.js');
  if (!canStreamTo(path)) {
    throw new UserError(`--rejects ${path}: no format is known by this name`, {
      remedy: 'End the name in .csv, .json or .xlsx.',
      exitCode: exitCodes.usage,
    });
  }
  const { rejectReasons } = await import('../model/fate.js');
  return async (batches) => {
    let count = 0;
    async function* rows() {
      for await (const batch of batches) {
        count += batch.length;
        yield batch.map(({ file, sheet, row, column, value, reason }) => [
          ...[file, sheet, row, column, value, reason],
          rejectReasons[reason]?.text[lang] ?? reason,
        ]);
      }
    }
    await writeTable(path, ['file', 'sheet', 'row', 'column', 'value', 'reason', 'explanation'], rows());
    if (!quiet) process.stderr.write(`written: ${path} (${count} rows left out)\n`);
  };
}
