import { statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { exitCodes, UserError } from '../core/errors.js';
import { type Progress, startProgress } from '../core/progress.js';
import type { Content, Report } from '../core/table.js';
import { type Language, languages } from '../core/text.js';
import type { InputFile } from '../input/settings.js';
import { type Format, formatFromPath, formats } from '../output/index.js';
import { refuseToOverwrite } from './input-options.js';
import { refuseToReplaceWork } from './keep-lists.js';

/** What the options that say how a report is written give. */
export interface OutputFlags {
  readonly lang: Language;
  readonly format?: Format;
  readonly json?: boolean;
  readonly out?: string;
  readonly quiet?: boolean;
}

/** Adds the options about the report, the same for every command. */
export function addOutputOptions(command: Command): Command {
  return command
    .addOption(new Option('--lang <language>', 'language of the report').choices(languages).default('en'))
    .addOption(new Option('--format <format>', 'format of the output (default: table)').choices(formats))
    .option('--json', 'the same as --format json')
    .option(
      '--out <file>',
      'write to a file; .xlsx, .html, .csv, .json and .txt set the format; a folder/ takes every table as .csv',
    )
    .option('--quiet', 'no progress and no messages on standard error but errors');
}

/**
 * Makes a report and writes it as the options say, with progress on a terminal.
 * @param table the table that CSV holds
 * @throws UserError for options that contradict each other, before any work is done
 */
export async function writeReport(
  flags: OutputFlags,
  inputs: readonly InputFile[],
  table: string,
  work: (progress: Progress, format: Format) => Promise<Report<Content>>,
): Promise<void> {
  const format = formatOf(flags);
  if (flags.out !== undefined) {
    await refuseToOverwrite(flags.out, inputs);
    await refuseToReplaceWork(flags.out);
  }
  const quiet = flags.quiet ?? false;
  const progress = startProgress(process.stderr, quiet);
  try {
    const report = await work(progress, format);
    const { emit } = await import('./emit.js');
    await emit(report, { format, language: flags.lang, out: flags.out, quiet, table, progress });
  } finally {
    progress.done();
  }
}

/** Whether a path names a folder, by a slash at its end or because it is one. */
export function isFolder(path: string): boolean {
  return /[/\\]$/.test(path) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/**
 * The format that options and the name of the file ask for.
 * @throws UserError (usage) where they contradict each other
 */
export function formatOf(flags: OutputFlags): Format {
  const byName =
    flags.out === undefined ? undefined : isFolder(flags.out) ? 'csv' : formatFromPath(flags.out);
  const asked = flags.json ? 'json' : flags.format;
  if (flags.json && flags.format !== undefined && flags.format !== 'json') {
    throw new UserError(`--json and --format ${flags.format} exclude each other`, {
      remedy: 'Give one of them.',
      exitCode: exitCodes.usage,
    });
  }
  if (flags.out !== undefined && byName === undefined && asked === undefined) {
    throw new UserError(`--out ${flags.out}: no format is known by this name`, {
      remedy: 'End the name in .xlsx, .html, .csv, .json or .txt, or give --format.',
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
