import type { Command } from 'commander';
import type { Day } from '../core/dates.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseCurrency, parseDay } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';
import { addRfmOptions, type RfmFlags, rfmFlags } from './rfm-options.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags, RfmFlags {
  readonly compare?: Day;
  readonly currency?: string;
}

const help = `
Recency is days since the last order, frequency orders, monetary revenue; each is scored from 1, worst, to 5, best,
and the scores make 11 segments. --customers alone lists the customers; with a FILE it is a file of customers, so put
it after the exports.

Examples:
  retain rfm orders.csv
  retain rfm orders.csv customers.csv --customers --out segments.xlsx
  retain rfm orders.csv --compare 2024-06-30 --json
  retain rfm orders.csv --scoring r-rfm --map r-rfm

Fixed thresholds and a segment map of your own stand in retain.yaml, in section rfm.`;

export const rfm: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Scores customers by recency, frequency and monetary value and puts them in 11 segments, with ' +
          'customers, revenue, means and what to do for each; the thresholds in use; and who moved since a day.',
      )
      .option('--compare <date>', 'movement between segments since this day', parseDay);
    addRfmOptions(command).option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addRejectsOption(addInputOptions(command, { listsCustomers: true })))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], given: Flags): Promise<void> {
  const listCustomers = given.customers?.includes('') ?? false;
  const flags = { ...given, customers: given.customers?.filter((file) => file !== '') ?? [] };
  const input = await inputRequest(files, flags);
  const options = rfmFlags(flags);
  const rejects = await rejectsSink(flags, input.files);
  await writeReport(flags, input.files, listCustomers ? 'customers' : 'segments', async (progress) => {
    const { rfmReport } = await import('../analyses/rfm.js');
    const { compare, currency } = flags;
    return rfmReport({ ...input, rejects, rfm: options, compare, listCustomers, currency }, progress);
  });
}
