import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Help, Option } from 'commander';
import type { Day } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { DateOrder } from '../input/dates.js';
import type { ColumnOverride, InputFile } from '../input/settings.js';
import { roles } from '../input/vocabulary.js';
import type { InputRequest } from '../model/session.js';
import { type AppliedConfig, addConfigOptions, type ConfigFlags } from './config-options.js';
import {
  collect,
  collectColumns,
  parseAsOf,
  parseCountry,
  parseMemory,
  parseShare,
  parseSharedLimit,
  parseThreads,
} from './options.js';

/** What the options that say which files are read, and how, give. */
export interface InputFlags extends ConfigFlags {
  readonly orders?: string[];
  readonly customers?: string[];
  readonly spend?: string[];
  readonly contacts?: string[];
  readonly feedback?: string[];
  readonly incidents?: string[];
  readonly column?: ColumnOverride[];
  readonly dateOrder?: DateOrder;
  readonly decimal?: 'comma' | 'point';
  readonly maxRejects: number;
  readonly asOf?: Day | 'today';
  readonly identity: boolean;
  readonly country?: string;
  readonly sharedLimit: number;
  readonly memory?: string;
  readonly threads?: number;
  readonly temp?: string;
}

/**
 * Adds the files and the options about them, the same for every command.
 * @param options.listsCustomers whether --customers without a file asks for a list of them; it is then an empty path
 */
export function addInputOptions(
  command: Command,
  { listsCustomers = false }: { readonly listsCustomers?: boolean } = {},
): Command {
  const customers = listsCustomers
    ? new Option(
        '--customers [file]',
        'list the customers; with a file, a file of customers (repeatable)',
      ).preset('')
    : new Option('--customers <file>', 'a file of customers (repeatable)');
  // Help would tell of the empty path.
  if (listsCustomers) {
    command.configureHelp({
      optionDescription: (option) =>
        option === customers ? option.description : Help.prototype.optionDescription(option),
    });
  }
  return addConfigOptions(command)
    .argument(
      '[files...]',
      "exports to read: files, folders, patterns ('2024-*.csv'), - for standard input (default: those of retain.yaml)",
    )
    .option('--orders <file>', 'a file of orders, whatever its headers say (repeatable)', collect)
    .addOption(customers.argParser(collect))
    .option('--spend <file>', 'a file of marketing spend (repeatable)', collect)
    .option('--contacts <file>', 'a file of contacts made: mails, messages, calls (repeatable)', collect)
    .option('--feedback <file>', 'a file of feedback: NPS, CSAT, CES (repeatable)', collect)
    .option(
      '--incidents <file>',
      'a file of incidents: late deliveries, complaints, ... (repeatable)',
      collect,
    )
    .option(
      '--column <field=header>',
      "which column is which: amount='Total paid' (repeatable)",
      collectColumns,
    )
    .addOption(
      new Option('--date-order <order>', 'order of day and month in dates').choices(['dmy', 'mdy', 'ymd']),
    )
    .addOption(
      new Option('--decimal <mark>', 'decimal mark of the numbers, where they do not tell').choices([
        'comma',
        'point',
      ]),
    )
    .option('--max-rejects <share>', 'faulty rows allowed per file: 0.1 or 10%', parseShare, 0.1)
    .option(
      '--as-of <date>',
      "last day to know: a date or 'today' (default: last day of the data)",
      parseAsOf,
    )
    .option(
      '--no-identity',
      'take every customer id for a person of its own, whatever e-mails and phones it shares',
    )
    .option(
      '--country <code>',
      'country of phone numbers without a +, such as RU (default: told from the data)',
      parseCountry,
    )
    .option(
      '--shared-limit <number>',
      'customers that one e-mail or phone may belong to; of more it joins nobody',
      parseSharedLimit,
      5,
    )
    .option(
      '--memory <size>',
      "bound on the engine's memory, such as 500MB; beyond it work goes to disk",
      parseMemory,
    )
    .option('--threads <number>', 'threads of the engine', parseThreads)
    .option('--temp <folder>', 'where temporary files go');
}

/** @throws UserError (usage) where no file is named, neither by the command line nor by a configuration */
export async function inputRequest(files: readonly string[], flags: InputFlags): Promise<InputRequest> {
  const { configuration } = flags;
  const { inputs, notices } = await configuredFiles(namedFiles(files, flags), configuration);
  return {
    files: inputs,
    notices,
    rates: configuration?.rates,
    columns: flags.column ?? [],
    dateOrder: flags.dateOrder,
    decimal: flags.decimal,
    maxRejectedShare: flags.maxRejects,
    asOf: flags.asOf === 'today' ? today() : flags.asOf,
    joinPersons: flags.identity,
    country: flags.country,
    sharedLimit: flags.sharedLimit,
    memory: flags.memory,
    threads: flags.threads,
    temporaryFolder: flags.temp,
  };
}

function namedFiles(files: readonly string[], flags: InputFlags): InputFile[] {
  const forced = roles.flatMap((role) => (flags[role] ?? []).map((path) => ({ path, settings: { role } })));
  return [
    ...files
      .filter((path) => !forced.some((file) => file.path === path))
      .map((path) => ({ path, settings: {} })),
    ...forced,
  ];
}

/** The files of the command line, or else of the configuration, with the settings that it has for them. */
async function configuredFiles(
  named: readonly InputFile[],
  config: AppliedConfig | undefined,
): Promise<{ inputs: readonly InputFile[]; notices: Notice[] }> {
  if (config === undefined) {
    if (named.length > 0) return { inputs: named, notices: [] };
    throw new UserError('no file to read', {
      remedy: 'Name the exports (orders.csv customers.csv spend.csv), or in retain.yaml: retain init FILE...',
      exitCode: exitCodes.usage,
    });
  }
  const { configFiles, withSettings } = await import('../config/files.js');
  const { files, notices } = named.length > 0 ? await withSettings(config, named) : await configFiles(config);
  if (files.length === 0) {
    throw new UserError(`no file to read: ${config.path} names no sources`, {
      remedy: 'Name the exports, or add them to its sources.',
      exitCode: exitCodes.usage,
    });
  }
  const { configNotice } = await import('../config/notice.js');
  return { inputs: files, notices: [configNotice(config, files), ...notices] };
}

/**
 * An export is never overwritten by its own report, by whatever name it is reached. A folder takes files of names that
 * an export may have, and is read whole the next time, so none of the exports may lie in it.
 */
export async function refuseToOverwrite(
  out: string,
  inputs: readonly InputFile[],
  option = '--out',
): Promise<void> {
  const target = identityOf(out);
  if (target === undefined) return;
  const { expandPaths } = await import('../input/paths.js');
  const { files } = await expandPaths(inputs);
  const read = new Map<string, string>();
  for (const { path } of files) {
    const identity = identityOf(path);
    if (identity !== undefined) read.set(identity, path);
  }
  if (read.has(target)) {
    throw new UserError(`${option} ${out} is one of the files to read`, {
      remedy: 'Give another name for it.',
      exitCode: exitCodes.usage,
    });
  }
  if (!statSync(out).isDirectory()) return;
  // Links count as what they lead to: writing to one replaces that.
  const inside = namesIn(out, option)
    .map((name) => read.get(identityOf(join(out, name)) ?? ''))
    .find((path) => path !== undefined);
  if (inside === undefined) return;
  throw new UserError(`${option} ${out} holds a file to read, ${inside}`, {
    remedy: 'Give another folder, which the exports are not in.',
    exitCode: exitCodes.usage,
  });
}

function namesIn(folder: string, option: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UserError(
      `${option} ${folder}: the folder cannot be read (${(error as NodeJS.ErrnoException).code})`,
      { remedy: 'Give another folder.', exitCode: exitCodes.usage, cause: error },
    );
  }
}

/** What is the same for all names of one file; undefined where there is none that can be reached. */
function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true });
    return `${found.dev}:${found.ino}`;
  } catch {
    // Why it cannot be reached is told when it is opened.
    return undefined;
  }
}

/** The one place that looks at the clock, and only for --as-of today. */
function today(): Day {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}
