import type { Command } from 'commander';
import { rfmOptions, usualRfm } from '../analyses/rfm/settings.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import {
  collect,
  parseActiveDays,
  parseCurrency,
  parseHorizon,
  parseLimit,
  parseMargin,
  parseShare,
} from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';
import { asksForList, writeWorkList } from './work-list.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags {
  readonly horizon?: number;
  readonly activeDays: number | 'auto';
  readonly margin?: number;
  readonly top?: number;
  readonly minRisk?: number;
  readonly segment?: string[];
  readonly currency?: string;
}

const help = `
Risk is the probability of no purchase within the horizon, told by whichever of several models did best on these very
data; with subscriptions, of cancelling. The list goes by value at stake: risk × what the customer would bring within
the horizon by staying. Files of messages, feedback and incidents add evidence and causes.

--out FILE.xlsx or FILE.csv writes a list to work in: customers of medium and high risk who are not lost, or whom --min-risk
and --top choose, with columns for owner, status, reason, comment, next contact and result. The next run with the same
file keeps what was written there; who is on the list no more goes to its archive, with the reason. While the file is
open in Excel or LibreOffice, the list goes beside it (exit code 4).

Examples:
  retain churn orders.csv customers.csv
  retain churn orders.csv customers.csv feedback.csv incidents.csv --margin 40% --out churn.xlsx
  retain churn orders.csv --min-risk 70% --top 100 --segment cant_lose_them --json`;

export const churn: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Lists customers by the value at stake: the risk that they do not buy again soon, what they would bring, ' +
          'how long they have been silent against their own rhythm, and the evidence in words and numbers.',
      )
      .option('--horizon <time>', 'how far ahead: 90d, 12w, 6m (default: the activity window)', parseHorizon)
      .option('--top <number>', 'list no more than this (default: all; a terminal shows 20)', parseLimit)
      .option(
        '--min-risk <share>',
        'list risks from this on: 0.7 or 70% (default: 0; in a list to work in 40%)',
        parseShare,
      )
      .option('--segment <name>', 'list customers of an RFM segment (repeatable)', collect)
      .option('--margin <share>', 'margin on revenue: 0.4 or 40%', parseMargin)
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
  const rfm = rfmOptions(usualRfm, flags.configuration?.rfm);
  const rejects = await rejectsSink(flags, input.files);
  const { horizon, activeDays, margin, top, minRisk, currency, segment: segments = [] } = flags;
  const question = { ...input, rejects, horizon, activeDays, margin, top, segments, rfm, currency };
  if (asksForList(flags, 'workbook or csv')) {
    const { churnList, knownChurnList } = await import('../analyses/churn-list.js');
    const request = { ...question, minRisk, language: flags.lang };
    await writeWorkList(flags, input.files, knownChurnList, (former, progress) =>
      churnList(request, former, progress),
    );
    return;
  }
  await writeReport(flags, input.files, 'churn_risk', async (progress, format) => {
    const isForTerminal = format === 'table' && flags.out === undefined;
    const { churnReport } = await import('../analyses/churn.js');
    return churnReport({ ...question, minRisk: minRisk ?? 0, isForTerminal }, progress);
  });
}
