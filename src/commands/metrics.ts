import { existsSync, realpathSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Day } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import { type Step, steps } from '../core/period.js';
import { type Language, languages } from '../core/text.js';
import type { DateOrder } from '../input/dates.js';
import type { ColumnOverride } from '../input/recognise.js';
import type { Role } from '../input/vocabulary.js';
import { type Format, formatFromPath, formats } from '../output/index.js';
import type { CommandModule } from './command.js';
import {
  collect,
  collectColumns,
  parseActiveDays,
  parseAsOf,
  parseCurrency,
  parseDay,
  parseMargin,
  parseMemory,
  parseShare,
  parseThreads,
} from './options.js';

interface Flags {
  readonly orders?: string[];
  readonly customers?: string[];
  readonly spend?: string[];
  readonly column?: ColumnOverride[];
  readonly dateOrder?: DateOrder;
  readonly maxRejects: number;
  readonly period?: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly by?: Step;
  readonly asOf?: Day | 'today';
  readonly activeDays: number | 'auto';
  readonly margin?: number;
  readonly currency?: string;
  readonly lang: Language;
  readonly format?: Format;
  readonly json?: boolean;
  readonly out?: string;
  readonly memory?: string;
  readonly threads?: number;
  readonly temp?: string;
  readonly quiet?: boolean;
}

const help = `
Files may be CSV or XLSX, in any order; what each holds is told by its headers, in English or Russian.

Examples:
  retain metrics orders.csv customers.xlsx spend.csv
  retain metrics orders.csv --period 2024-Q1 --by month --out kpis.xlsx
  retain metrics shop.xlsx --json --as-of 2024-06-30 --margin 40%

Periods: 2024, 2024-Q1, 2024-03, 2024-W05, 2024-03-15, last-month, last-quarter, last-year, last-30d.
The default is the last whole calendar month of the data.`;

export const metrics: CommandModule = {
  register(program: Command): void {
    program
      .command('metrics')
      .summary('retention KPIs of a period, exact and explained')
      .description(
        'Retention KPIs of a period against the one before and the same a year earlier: revenue, AOV, LTV,\n' +
          'CAC, retention and churn, from exported spreadsheets of orders, customers and marketing spend.',
      )
      .argument('[files...]', 'exports to read')
      .option('--orders <file>', 'a file of orders, whatever its headers say (repeatable)', collect)
      .option('--customers <file>', 'a file of customers (repeatable)', collect)
      .option('--spend <file>', 'a file of marketing spend (repeatable)', collect)
      .option(
        '--column <field=header>',
        "which column is which: amount='Total paid' (repeatable)",
        collectColumns,
      )
      .addOption(
        new Option('--date-order <order>', 'order of day and month in dates').choices(['dmy', 'mdy', 'ymd']),
      )
      .option('--max-rejects <share>', 'faulty rows allowed per file: 0.1 or 10%', parseShare, 0.1)
      .option('--period <period>', 'the period to report')
      .option('--from <date>', 'first day of the period', parseDay)
      .option('--to <date>', 'last day of the period', parseDay)
      .addOption(new Option('--by <step>', 'add a trend with one row per step').choices(steps))
      .option(
        '--as-of <date>',
        "last day to know: a date or 'today' (default: last day of the data)",
        parseAsOf,
      )
      .option(
        '--active-days <days>',
        "days a customer stays active after a purchase, or 'auto'",
        parseActiveDays,
        'auto' as const,
      )
      .option('--margin <share>', 'margin on revenue for LTV:CAC and payback: 0.4 or 40%', parseMargin)
      .option('--currency <code>', 'currency of the amounts, such as EUR', parseCurrency)
      .addOption(new Option('--lang <language>', 'language of the report').choices(languages).default('en'))
      .addOption(new Option('--format <format>', 'format of the output (default: table)').choices(formats))
      .option('--json', 'the same as --format json')
      .option('--out <file>', 'write to a file; .csv, .json, .xlsx and .txt set the format')
      .option(
        '--memory <size>',
        "bound on the engine's memory, such as 500MB; beyond it work goes to disk",
        parseMemory,
      )
      .option('--threads <number>', 'threads of the engine', parseThreads)
      .option('--temp <folder>', 'where temporary files go')
      .option('--quiet', 'no progress and no messages on standard error but errors')
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], flags: Flags): Promise<void> {
  const format = formatOf(flags);
  const inputs = inputFiles(files, flags);
  const period = periodFlags(flags);
  if (flags.out !== undefined) refuseToOverwrite(flags.out, inputs);
  const { startProgress } = await import('../core/progress.js');
  const progress = startProgress(process.stderr, flags.quiet ?? false);
  try {
    const { metricsReport } = await import('../analyses/metrics.js');
    const report = await metricsReport(
      {
        files: inputs,
        columns: flags.column ?? [],
        dateOrder: flags.dateOrder,
        maxRejectedShare: flags.maxRejects,
        ...period,
        by: flags.by,
        asOf: flags.asOf === 'today' ? today() : flags.asOf,
        activeDays: flags.activeDays,
        margin: flags.margin,
        currency: flags.currency,
        memory: flags.memory,
        threads: flags.threads,
        temporaryFolder: flags.temp,
      },
      progress,
    );
    const { emit } = await import('./emit.js');
    await emit(report, {
      format,
      language: flags.lang,
      out: flags.out,
      quiet: flags.quiet ?? false,
      table: flags.by === undefined ? 'kpis' : 'trend',
      progress,
    });
  } finally {
    progress.done();
  }
}

function formatOf(flags: Flags): Format {
  const byName = flags.out === undefined ? undefined : formatFromPath(flags.out);
  const asked = flags.json ? 'json' : flags.format;
  if (flags.json && flags.format !== undefined && flags.format !== 'json') {
    throw new UserError(`--json and --format ${flags.format} exclude each other`, {
      remedy: 'Give one of them.',
      exitCode: exitCodes.usage,
    });
  }
  if (flags.out !== undefined && byName === undefined && asked === undefined) {
    throw new UserError(`--out ${flags.out}: no format is known by this name`, {
      remedy: 'End the name in .xlsx, .csv, .json or .txt, or give --format.',
      exitCode: exitCodes.usage,
    });
  }
  if (asked !== undefined && byName !== undefined && asked !== byName) {
    throw new UserError(`--out ${flags.out} asks for ${byName}, the options for ${asked}`, {
      remedy: 'Change the name or leave --format out.',
      exitCode: exitCodes.usage,
    });
  }
  return asked ?? byName ?? 'table';
}

function inputFiles(files: readonly string[], flags: Flags): { path: string; role: Role | undefined }[] {
  const forced = (['orders', 'customers', 'spend'] as const).flatMap((role) =>
    (flags[role] ?? []).map((path) => ({ path, role })),
  );
  const all = [
    ...files
      .filter((path) => !forced.some((file) => file.path === path))
      .map((path) => ({ path, role: undefined })),
    ...forced,
  ];
  if (all.length === 0) {
    throw new UserError('no file to read', {
      remedy: 'Name the exports: retain metrics orders.csv customers.csv spend.csv',
      exitCode: exitCodes.usage,
    });
  }
  return all;
}

/** An export is never overwritten by its own report, by whatever name it is reached. */
function refuseToOverwrite(out: string, inputs: readonly { path: string }[]): void {
  const realPath = (path: string) => (existsSync(path) ? realpathSync(path) : undefined);
  const target = realPath(out);
  if (target === undefined || !inputs.some(({ path }) => realPath(path) === target)) return;
  throw new UserError(`--out ${out} is one of the files to read`, {
    remedy: 'Give another name for the report.',
    exitCode: exitCodes.usage,
  });
}

function periodFlags(flags: Flags): {
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

/** The one place that looks at the clock, and only for --as-of today. */
function today(): Day {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}
