import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseActiveDays, parseCurrency, parseMargin } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags {
  readonly retention: number;
  readonly per?: 'month' | 'quarter' | 'year';
  readonly margin?: number;
  readonly activeDays: number | 'auto';
  readonly currency?: string;
}

const help = `
The next 12 months go as the last ones did, but for retention: the same gains, the same revenue per active customer.
The points are of the retention of a year, where the data reach back that far, else of a month: --per says which.

Examples:
  retain whatif orders.csv --retention +5 --margin 40%
  retain whatif orders.csv spend.csv --retention 2 --per month --margin 0.4 --json
  retain whatif subscriptions.csv --retention -3`;

export const whatif: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Customers, revenue and profit of the next 12 months as retention is, and as it might be: an estimate by the ' +
          'definitions of the KPIs, with a range of retention rates.',
      )
      .option('--retention <points>', 'points of retention more (+5) or fewer (-3)', parsePoints, 5)
      .addOption(
        new Option(
          '--per <period>',
          'what retention is of (default: year, or month where the data are short)',
        ).choices(['month', 'quarter', 'year']),
      )
      .option('--margin <share>', 'margin on revenue: 0.4 or 40%; brings profit', parseMargin)
      .option(
        '--active-days <days>',
        "days a customer stays active after a purchase, or 'auto'",
        parseActiveDays,
        'auto' as const,
      )
      .option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addRejectsOption(addInputOptions(command)))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], flags: Flags): Promise<void> {
  const input = await inputRequest(files, flags);
  const rejects = await rejectsSink(flags, input.files);
  const { retention: points, per, margin, activeDays, currency } = flags;
  await writeReport(flags, input.files, 'range', async (progress) => {
    const { whatifReport } = await import('../analyses/whatif.js');
    return whatifReport({ ...input, rejects, points, per, margin, activeDays, currency }, progress);
  });
}

/** '+5', '-2.5', '5%', '5pp' as points. */
export function parsePoints(text: string): number {
  const match = /^([-+\u2212]?)\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:%|pp|points?)?$/i.exec(text.trim());
  const points = match === null ? Number.NaN : Number(match[2]!.replace(',', '.'));
  if (!(points <= 100)) throw new InvalidArgumentError('It must be points of retention such as +5 or -2.5.');
  return match![1] === '' || match![1] === '+' ? points : -points;
}
