import type { Command } from 'commander';
import { exitCodes } from '../core/errors.js';
import { sayPercent } from '../core/text.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseDays, parseShare } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags {
  readonly staleDays: number;
  readonly failAbove?: number;
}

const help = `
Examples:
  retain check orders.csv customers.xlsx
  retain check orders.csv customers.xlsx --out quality.xlsx --rejects rejects.csv
  retain check orders.csv --as-of today --fail-above 5%

It also looks at files that other commands stop at: too many faulty rows, several currencies.`;

export const check: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Quality of the customer base: rows left out, orders without customers, missing and invalid contacts, ' +
          'duplicates, impossible dates and amounts, gaps. Each with count, share, examples and what to do.',
      )
      .option('--stale-days <days>', 'days after which a last contact is long ago', parseDays, 180)
      .option(
        '--fail-above <share>',
        'exit code 1 where an error or warning is above this share',
        parseShare,
      );
    addOutputOptions(addRejectsOption(addInputOptions(command)))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], flags: Flags): Promise<void> {
  const input = await inputRequest(files, flags);
  const rejects = await rejectsSink(flags, input.files);
  await writeReport(flags, input.files, 'checks', async (progress) => {
    const { checkReport } = await import('../analyses/check.js');
    const { report, shares } = await checkReport({ ...input, rejects, staleDays: flags.staleDays }, progress);
    for (const { title, share } of shares) {
      if (flags.failAbove === undefined || share <= flags.failAbove) continue;
      process.stderr.write(
        `above ${sayPercent(100 * flags.failAbove).en}: ${title.en}, ${sayPercent(100 * share).en}\n`,
      );
      process.exitCode = exitCodes.badInput;
    }
    return report;
  });
}
