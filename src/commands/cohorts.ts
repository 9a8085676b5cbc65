import { type Command, Option } from 'commander';
import {
  type CohortMeasure,
  type CohortSplit,
  type CohortStep,
  cohortMeasures,
  cohortSplits,
  cohortSteps,
} from '../analyses/cohorts/choices.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseCurrency, parseOrder, parsePeriods } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRfmOptions, type RfmFlags, rfmFlags } from './rfm-options.js';

interface Flags extends InputFlags, OutputFlags, RfmFlags {
  readonly by: CohortStep;
  readonly measure: CohortMeasure;
  readonly split?: CohortSplit;
  readonly periods?: number;
  readonly order: number;
  readonly currency?: string;
}

const help = `
A cohort is the customers whose first order falls in one calendar period; its row tells what they did in that
period (0) and in those after it. Cells that have not come yet are empty; zero is a measured zero.

Measures: share (of the cohort's customers, who ordered in the period), customers, orders, revenue, and ltv,
the revenue per customer of the cohort so far.

Segments of --split segment are those of retain rfm: --scoring, --bins, --map and --monetary are the same.

Examples:
  retain cohorts orders.csv
  retain cohorts orders.csv customers.xlsx --split channel --by quarter
  retain cohorts orders.csv --measure ltv --periods 24 --out cohorts.xlsx
  retain cohorts orders.csv --json --order 6`;

export const cohorts: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Retention by cohorts of first order: customers, share, orders, revenue or LTV, with a weighted average; ' +
          'and the time from one order to the next, by Kaplan-Meier.',
      )
      .addOption(
        new Option('--by <step>', 'calendar period of a cohort').choices(cohortSteps).default('month'),
      )
      .addOption(
        new Option('--measure <measure>', 'what the cells hold').choices(cohortMeasures).default('share'),
      )
      .addOption(
        new Option('--split <by>', 'add a table with all cohorts of each value').choices(cohortSplits),
      )
      .option(
        '--periods <number>',
        'periods after the first (default: all in files, 12 on a terminal)',
        parsePeriods,
      )
      .option(
        '--order <number>',
        'tell the time from one order to the next up to this one; orders of one day are one',
        parseOrder,
        4,
      )
      .option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addInputOptions(addRfmOptions(command)))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], flags: Flags): Promise<void> {
  const input = await inputRequest(files, flags);
  const rfm = rfmFlags(flags);
  await writeReport(flags, input.files, 'cohorts', async (progress) => {
    const { cohortsReport } = await import('../analyses/cohorts.js');
    const { by, measure, split, periods, order, currency } = flags;
    return cohortsReport({ ...input, by, measure, split, rfm, periods, order, currency }, progress);
  });
}
