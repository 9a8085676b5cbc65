import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { customerColumns } from '../analyses/customer-view/columns.js';
import { type ReadyMadeList, readyMadeLists } from '../analyses/list/ready-made.js';
import { closest } from '../config/similar.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { CommandModule } from './command.js';
import { addInputOptions, type InputFlags, inputRequest } from './input-options.js';
import { parseCurrency, parseLimit } from './options.js';
import { addOutputOptions, type OutputFlags, writeReport } from './output-options.js';
import { addRejectsOption, type RejectsFlags, rejectsSink } from './rejects-option.js';
import { addRfmOptions, type RfmFlags, rfmFlags } from './rfm-options.js';
import { asksForList, writeWorkList } from './work-list.js';

interface Flags extends InputFlags, OutputFlags, RejectsFlags, RfmFlags {
  readonly where?: string;
  readonly columns?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly currency?: string;
}

/** Rows that a terminal shows. */
const terminalRows = 50;

const aligned = (entries: readonly (readonly [string, string])[]) => {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  return entries.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join('\n');
};

const help = () => `
The name of a ready-made list may stand before the files; --where narrows it further:
${aligned(readyMadeLists().map(({ name, where }) => [name, where]))}

A condition compares columns with values and with each other, in the words of SQL: = <> < <= > >=, and, or, not,
between, in (...), like 'A%', ilike, is null, + - * /, ||, and the functions lower, upper, trim, length, abs, round,
floor, ceil, coalesce, year, month, day. Text and dates stand in single quotes ('Ads', '2024-03-31'); date + 30 is
30 days later, date - date is days; as_of is the as-of date. What is unknown meets no condition but 'is null'.

Columns:
${aligned([...customerColumns.map(({ name, description }) => [name, description.en] as const)])}

--out FILE.xlsx writes a list to work in, with columns for owner, status, reason, comment, next contact and result. The
next run with the same file keeps what was written there; who is on the list no more goes to its archive, with the
reason. --out FILE.csv holds the columns asked for and nothing else, for mailing programs.

Examples:
  retain list lapsed-1y orders.csv customers.csv
  retain list lapsed-1y orders.csv customers.csv --out lapsed.xlsx
  retain list orders.csv customers.csv --where "orders >= 3 and overdue_ratio > 2 and has_phone"
  retain list orders.csv crm.xlsx --where "days_to_birthday <= 7 and manager = 'Olga'" --sort days_to_birthday
  retain list orders.csv --where "segment in ('At Risk', 'Lost')" --columns customer_id,email,revenue --out risk.csv
  retain list big-spenders-silent orders.csv --limit 100 --json`;

export const list: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Lists customers that meet a condition over orders, RFM scores, rhythm, contacts, bonuses, birthdays and ' +
          'subscriptions, everybody without one. The terminal shows the first of them; a file holds all.',
      )
      .option('--where <condition>', 'who is listed: orders >= 3 and days_since_last_order > 90')
      .option('--columns <names>', 'columns to show, between commas')
      .option('--sort <names>', 'columns to sort by, between commas; -revenue is falling (default: -revenue)')
      .option('--limit <number>', 'keep the first of them only', parseLimit);
    addRfmOptions(command).option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency);
    addOutputOptions(addRejectsOption(addInputOptions(command)))
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(named: string[], flags: Flags): Promise<void> {
  const rfm = rfmFlags(flags);
  const { ready, files } = listAndFiles(named, readyMadeLists(rfm));
  const { readAsked } = await import('../analyses/list/asked.js');
  const { where, columns, sort, limit, currency } = flags;
  const asked = readAsked({ ready, where, columns, sort, limit }, rfm);
  const input = await inputRequest(files, flags);
  const rejects = await rejectsSink(flags, input.files);
  if (asksForList(flags, 'workbook')) {
    const { customerList, knownCustomerList } = await import('../analyses/customer-list.js');
    const request = { ...input, rejects, asked, rfm, currency };
    await writeWorkList(flags, input.files, knownCustomerList, (former, progress) =>
      customerList(request, former, progress),
    );
    return;
  }
  await writeReport(flags, input.files, 'customers', async (progress, format) => {
    const { listReport } = await import('../analyses/list.js');
    const rowsShown = format === 'table' ? terminalRows : undefined;
    return listReport({ ...input, rejects, asked, rfm, currency, rowsShown }, progress);
  });
}

/**
 * The ready-made list that the first word names, if it does, and the files.
 * @throws UserError (usage) for a word that is no file, and that such a name is close to
 */
function listAndFiles(
  named: readonly string[],
  lists: readonly ReadyMadeList[],
): {
  ready: ReadyMadeList | undefined;
  files: readonly string[];
} {
  const [first, ...others] = named;
  const ready = lists.find(({ name }) => name === first);
  if (ready !== undefined) return { ready, files: others };
  if (first === undefined || !/^[\w-]+$/.test(first) || first === '-' || existsSync(first)) {
    return { ready: undefined, files: named };
  }
  const names = lists.map(({ name }) => name);
  const near = closest(first, names);
  throw new UserError(`no list '${first}', and no such file`, {
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Lists are ${names.join(', ')}.`,
    exitCode: exitCodes.usage,
  });
}
