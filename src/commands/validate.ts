import type { Command } from 'commander';
import type { Day } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseActiveDays, parseDay, parseFolds, parseHorizon } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';

interface Flags extends InputFlags, OutputFlags {
  readonly cutoff?: Day;
  readonly folds?: number;
  readonly horizon?: number;
  readonly activeDays: number | 'auto';
}

const help = `
Everything up to the cut-off is what a forecast may know, what came after it is what it is judged by. The way that
retain churn would have chosen is chosen from what was known then, so that its figures are honest.

Examples:
  retain validate orders.csv
  retain validate orders.csv --cutoff 2024-06-30
  retain validate orders.csv --folds 3 --horizon 60 --out validation.xlsx`;

export const validate: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Hold-out in time: tells who will not buy from what was known at a day in the past, by several models and ' +
          'rules, and compares that with what came: AUC, Brier score, log-loss, calibration, lift, purchases.',
      )
      .option('--cutoff <date>', 'last day that is known (default: a horizon before the end)', parseDay)
      .option('--folds <number>', 'hold out several times, a horizon apart', parseFolds)
      .option(
        '--horizon <time>',
        'how far to tell: 90d, 12w, 6m (default: what is left after --cutoff, else the activity window)',
        parseHorizon,
      )
      .option(
        '--active-days <days>',
        "days a customer stays active after a purchase, or 'auto'",
        parseActiveDays,
        'auto' as const,
      );
    addOutputOptions(addInputOptions(command)).addHelpText('after', help).action(run);
  },
};

async function run(files: string[], flags: Flags): Promise<void> {
  const { cutoff, folds, horizon, activeDays } = flags;
  if (cutoff !== undefined && folds !== undefined) {
    throw new UserError('--cutoff and --folds exclude each other', {
      remedy: 'Give one of them.',
      exitCode: exitCodes.usage,
    });
  }
  const input = await inputRequest(files, flags);
  await writeReport(flags, input.files, 'scores', async (progress) => {
    const { validateReport } = await import('../analyses/validate.js');
    return validateReport({ ...input, cutoff, folds, horizon, activeDays }, progress);
  });
}
