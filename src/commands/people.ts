import type { Command } from 'commander';
import type { Day } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { periodFlags } from './metrics.js';
import { parseActiveDays, parseDay } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';

interface Flags extends InputFlags, OutputFlags {
  readonly period?: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly activeDays: number | 'auto';
}

const help = `
Customers and guests that share an e-mail or a phone are one person, and so are those joined by a chain of such.
The terminal shows the first of them; a file holds all.

Examples:
  retain people orders.csv customers.xlsx
  retain people orders.csv customers.xlsx --out merged.xlsx
  retain people orders.csv customers.csv --country RU --shared-limit 3`;

export const people: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Lists the customer ids and guests that are one person, the e-mail or phone that says so, the contacts ' +
          'that too many share to say anything, and the KPIs before and after.',
      )
      .option('--period <period>', 'the period of the KPIs')
      .option('--from <date>', 'first day of the period', parseDay)
      .option('--to <date>', 'last day of the period', parseDay)
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
  if (!flags.identity) {
    throw new UserError('retain people shows what --no-identity turns off', {
      remedy: 'Leave --no-identity out, or identity: false in retain.yaml.',
      exitCode: exitCodes.usage,
    });
  }
  const input = await inputRequest(files, flags);
  const period = periodFlags(flags);
  await writeReport(flags, input.files, 'people', async (progress) => {
    const { peopleReport } = await import('../analyses/people.js');
    return peopleReport({ ...input, ...period, activeDays: flags.activeDays }, progress);
  });
}
