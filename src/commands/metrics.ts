import { type Command, Option } from 'commander';
import type { Day } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import { type Step, steps } from '../core/period.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import {
  parseActiveDays,
  parseCurrency,
  parseDay,
  parseHorizon,
  parseMargin,
  parseShare,
} from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags {
  readonly period?: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly by?: Step;
  readonly activeDays: number | 'auto';
  readonly margin?: number;
  readonly currency?: string;
  readonly predictedLtv?: number;
  readonly discount: number;
}

const help = `
Files may be CSV, Excel, ODS, Parquet or JSON lines, also gzip'd, in any order; a folder or a quoted pattern
stands for all its files, '-' for standard input. What each holds is told by its headers, in English or Russian.

Examples:
  retain metrics orders.csv customers.xlsx spend.csv
  retain metrics orders.csv --period 2024-Q1 --by month --out kpis.xlsx
  retain metrics 'exports/2024-*.csv' customers.parquet
  zcat orders.csv.gz | retain metrics - --json
  retain metrics orders.csv --margin 40% --predicted-ltv
  retain metrics shop.xlsx --json --as-of 2024-06-30 --margin 40%

Periods: 2024, 2024-Q1, 2024-03, 2024-W05, 2024-03-15, last-month, last-quarter, last-year, last-30d.
The default is the last whole calendar month of the data.`;

export const metrics: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Retention KPIs of a period against the one before and the same a year earlier: revenue, AOV, LTV, ' +
          'CAC, retention and churn, from exported spreadsheets of orders, customers and marketing spend.',
      )
      .option('--period <period>', 'the period to report')
      .option('--from <date>', 'first day of the period', parseDay)
      .option('--to <date>', 'last day of the period', parseDay)
      .addOption(new Option('--by <step>', 'add a trend with one row per step').choices(steps))
      .option(
        '--active-days <days>',
        "days a customer stays active after a purchase, or 'auto'",
        parseActiveDays,
        'auto' as const,
      )
      .option('--margin <share>', 'margin on revenue for LTV:CAC and payback: 0.4 or 40%', parseMargin)
      .addOption(
        new Option(
          '--predicted-ltv [time]',
          'add predicted LTV over this time after each period: 365d, 12m, 1y (takes as long again)',
        )
          .argParser(parseHorizon)
          .preset('365d'),
      )
      .option('--discount <share>', 'yearly discount of predicted LTV: 0.1 or 10%', parseShare, 0.1)
      .option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addRejectsOption(addInputOptions(command)))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], flags: Flags): Promise<void> {
  const input = await inputRequest(files, flags);
  const period = periodFlags(flags);
  const rejects = await rejectsSink(flags, input.files);
  const table = flags.by === undefined ? 'kpis' : 'trend';
  await writeReport(flags, input.files, table, async (progress) => {
    const { metricsReport } = await import('../analyses/metrics.js');
    return metricsReport(
      {
        ...input,
        rejects,
        ...period,
        by: flags.by,
        activeDays: flags.activeDays,
        margin: flags.margin,
        currency: flags.currency,
        predictedLtv:
          flags.predictedLtv === undefined
            ? undefined
            : { horizon: flags.predictedLtv, discount: flags.discount },
      },
      progress,
    );
  });
}

/** @throws UserError (usage) for options that exclude each other or lack one another */
export function periodFlags(flags: Pick<Flags, 'period' | 'from' | 'to'>): {
  period: string | undefined;
  from: Day | undefined;
  to: Day | undefined;
} {
  const { period, from, to } = flags;
  const usage = (what: string, remedy: string) => new UserError(what, { remedy, exitCode: exitCodes.usage });
  if (period !== undefined && (from !== undefined || to !== undefined)) {
    throw usage('--period and --from/--to exclude each other', 'Give one of them.');
  }
  if ((from === undefined) !== (to === undefined)) {
    throw usage(
      '--from and --to go together',
      'Give both, the last day included: --from 2024-01-01 --to 2024-01-31.',
    );
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw usage(`--from ${from} is after --to ${to}`, 'Change them round.');
  }
  return { period, from, to };
}
