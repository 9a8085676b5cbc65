import { type Command, Option } from 'commander';
import { type RepeatBuyingName, repeatBuyingNames } from '../stats/repeat-buying-names.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseCurrency, parseHorizon, parseMargin, parseShare } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRfmOptions, type RfmFlags, rfmFlags } from './rfm-options.js';

interface Flags extends InputFlags, OutputFlags, RfmFlags {
  readonly horizon: number;
  readonly discount: number;
  readonly margin?: number;
  readonly model: RepeatBuyingName;
  readonly currency?: string;
}

const help = `
Models of repeat buying are fitted to the days on which each customer bought; value per purchase by Gamma-Gamma.
Today's customers alone are forecast: those still to be won come on top. --customers alone lists the customers; with a
FILE it is a file of customers, so put it after the exports.

Examples:
  retain forecast orders.csv
  retain forecast orders.csv customers.xlsx --horizon 12m --discount 12% --margin 35% --out forecast.xlsx
  retain forecast orders.csv --customers --out customers.csv
  retain forecast orders.csv --model pareto_nbd --json`;

export const forecast: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Expected purchases, revenue and lifetime value of the customers of today: in total and by month with ' +
          'intervals, by segment, channel and cohort, and for each customer.',
      )
      .option('--horizon <time>', 'how far: 365d, 52w, 12m, 1y', parseHorizon, 365)
      .option('--discount <share>', 'yearly discount of LTV: 0.1 or 10%', parseShare, 0.1)
      .option('--margin <share>', 'margin on revenue for LTV: 0.4 or 40%', parseMargin)
      .addOption(
        new Option('--model <model>', 'model of repeat buying').choices(repeatBuyingNames).default('mbg_nbd'),
      )
      .option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addInputOptions(addRfmOptions(command), { listsCustomers: true }))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], given: Flags): Promise<void> {
  const listCustomers = given.customers?.includes('') ?? false;
  const flags = { ...given, customers: given.customers?.filter((file) => file !== '') ?? [] };
  const input = await inputRequest(files, flags);
  const rfm = rfmFlags(flags);
  await writeReport(flags, input.files, listCustomers ? 'customers' : 'months', async (progress) => {
    const { forecastReport } = await import('../analyses/forecast.js');
    const { horizon, discount, margin, model, currency } = flags;
    return forecastReport(
      { ...input, horizon, discount, margin, model, rfm, listCustomers, currency },
      progress,
    );
  });
}
