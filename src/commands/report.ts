import type { Command } from 'commander';
import type { Day } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { periodFlags } from './metrics.js';
import { parseActiveDays, parseCurrency, parseDay, parseMargin } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags {
  readonly period?: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly activeDays: number | 'auto';
  readonly margin?: number;
  readonly currency?: string;
}

const help = `
Examples:
  retain report orders.csv customers.csv spend.csv --out report.xlsx
  retain report shop.xlsx --lang ru --period 2024-Q1 --out report.html
  retain report orders.csv --out tables/
  retain report orders.csv --json

A folder takes every table as a CSV file. The default period is the last whole calendar month of the data.`;

export const report: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'The report for managers: KPIs and what changed in words, trend, CAC by channel, segments and their ' +
          'movement, cohorts and repeat orders, forecast, churn risk, data quality, the definition of every ' +
          'figure, and how the models did on the past, with charts, in one workbook or page.',
      )
      .option('--period <period>', 'the period to report')
      .option('--from <date>', 'first day of the period', parseDay)
      .option('--to <date>', 'last day of the period', parseDay)
      .option(
        '--active-days <days>',
        "days a customer stays active after a purchase, or 'auto'",
        parseActiveDays,
        'auto' as const,
      )
      .option(
        '--margin <share>',
        'margin on revenue, for LTV:CAC, payback, predicted LTV and what is at stake: 0.4 or 40%',
        parseMargin,
      )
      .option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addRejectsOption(addInputOptions(command)))
      .addHelpText('after', help)
      .action((files: string[], flags: Flags) => run(files, flags, command.parent?.version() ?? ''));
  },
};

async function run(files: string[], flags: Flags, version: string): Promise<void> {
  if (flags.out === undefined && flags.format === undefined && flags.json !== true) {
    throw new UserError('a report is too long for a terminal', {
      remedy: 'Name a file or a folder: --out report.xlsx, report.html or tables/; or --format table.',
      exitCode: exitCodes.usage,
    });
  }
  const input = await inputRequest(files, flags);
  const period = periodFlags(flags);
  const rejects = await rejectsSink(flags, input.files);
  await writeReport(flags, input.files, 'kpis', async (progress) => {
    const { fullReport } = await import('../analyses/report.js');
    const { rfmOptions, usualRfm } = await import('../analyses/rfm/settings.js');
    const { activeDays, margin, currency } = flags;
    const rfm = rfmOptions(usualRfm, flags.configuration?.rfm);
    return fullReport({ ...input, rejects, ...period, activeDays, margin, currency, rfm, version }, progress);
  });
}
