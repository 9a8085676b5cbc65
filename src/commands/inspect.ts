import type { Command } from 'commander';
import { describeError, exitCodes } from '../core/errors.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';

const help = `
Examples:
  retain inspect orders.csv customers.xlsx
  retain inspect export.csv --column amount="Total paid"
  retain inspect shop.xlsx --json

A file that cannot be read is told in its place, the others are looked at all the same; the exit code is 1 then.`;

export const inspect: CommandModule = {
  register(command: Command): void {
    command.description(
      'What each file and sheet holds and how it would be read: format, encoding, header row, role, rows, and for ' +
        'each column what it is taken for, how sure that is, its type and sample values.',
    );
    addOutputOptions(addInputOptions(command)).addHelpText('after', help).action(run);
  },
};

async function run(files: string[], flags: InputFlags & OutputFlags): Promise<void> {
  const input = await inputRequest(files, flags);
  await writeReport(flags, input.files, 'columns', async (progress) => {
    const { inspectFiles } = await import('../analyses/inspect.js');
    const { report, errors } = await inspectFiles(input, progress);
    for (const error of errors) process.stderr.write(`${describeError(error)}\n`);
    if (errors.length > 0) process.exitCode = exitCodes.badInput;
    return report;
  });
}
