import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../core/progress.js';
import type { Content, Report } from '../core/table.js';
import type { Language } from '../core/text.js';
import { listNames } from '../input/paths.js';
import { type Format, render } from '../output/index.js';
import { selectFor } from '../output/select.js';
import { makeFolder, writeFileAtomic, writeStdout } from '../output/write.js';
import { refuseToReplaceWork } from './keep-lists.js';
import { isFolder } from './output-options.js';

export interface EmitOptions {
  readonly format: Format;
  readonly language: Language;
  /** A file; undefined for standard output. */
  readonly out: string | undefined;
  readonly quiet: boolean;
  /** The table that CSV holds. */
  readonly table: string;
  readonly progress: Progress;
}

/** Renders a report and writes it, whole or not at all. */
export async function emit(report: Report<Content>, options: EmitOptions): Promise<void> {
  const { format, language, out, table } = options;
  options.progress.step('writing');
  if (out !== undefined && format === 'csv' && isFolder(out)) {
    await writeTables(report, out, options);
    return;
  }
  const toTerminal = out === undefined && process.stdout.isTTY;
  const bytes = await render(format, report, {
    language,
    width: toTerminal ? process.stdout.columns : 0,
    color: toTerminal && useColor(),
    manyColors: hasManyColors(),
    table,
  });
  if (out === undefined) {
    // All of it is made before any is written: what fails halfway leaves nothing behind.
    const pieces = [...bytes].map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
    options.progress.done();
    for (const piece of pieces) await writeStdout(piece);
    return;
  }
  await writeFileAtomic(out, bytes);
  options.progress.done();
  if (options.quiet) return;
  process.stderr.write(`written: ${out}\n`);
  const left = report.tables
    .filter(({ name, onlyOn }) => name !== table && onlyOn !== 'terminal')
    .map(({ name }) => name);
  if (format === 'csv' && left.length > 0) {
    process.stderr.write(`CSV holds one table, ${table}; JSON and XLSX hold ${left.join(', ')} too\n`);
  }
}

/** Every table as a CSV file of a folder, each whole or not at all. */
async function writeTables(
  report: Report<Content>,
  folder: string,
  { language, quiet, progress }: EmitOptions,
): Promise<void> {
  await makeFolder(folder);
  const { tables } = selectFor('file', report, language);
  for (const { name } of tables) await refuseToReplaceWork(join(folder, `${name}.csv`));
  for (const table of tables) {
    const bytes = await render('csv', { ...report, tables: [table] }, { language, table: table.name });
    await writeFileAtomic(join(folder, `${table.name}.csv`), bytes);
  }
  progress.done();
  if (quiet) return;
  process.stderr.write(`written: ${folder}, files: ${tables.length}\n`);
  const written = new Set(tables.map(({ name }) => `${name}.csv`));
  const others = (await readdir(folder)).filter((name) => /\.csv$/i.test(name) && !written.has(name)).sort();
  if (others.length === 0) return;
  process.stderr.write(
    `${folder} holds CSV files that are not of this report: ${listNames(others, 'en')}. ` +
      'Remove those that an earlier one left.\n',
  );
}

/** NO_COLOR (no-color.org) and TERM=dumb turn colours off. */
function useColor(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

/** Whether the terminal says that it has 256 colours or more. */
function hasManyColors(): boolean {
  const { COLORTERM, TERM } = process.env;
  return /truecolor|24bit/i.test(COLORTERM ?? '') || /256|kitty|alacritty|direct/i.test(TERM ?? '');
}
