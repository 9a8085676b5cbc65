import { existsSync } from 'node:fs';
import { exitCodes, UserError } from '../core/errors.js';
import { type Progress, startProgress } from '../core/progress.js';
import type { Column } from '../core/table.js';
import type { InputFile } from '../input/settings.js';
import { mostRows } from '../ooxml/references.js';
import type { FormerList } from '../workbook/former-list.js';
import type { ListToWrite } from '../workbook/write-list.js';
import { refuseToOverwrite } from './input-options.js';
import { formatOf, isFolder, type OutputFlags } from './output-options.js';

/** How a list is found in a file that holds one already. */
export interface KnownList {
  readonly key: Column;
  readonly columns: readonly Column[];
  /** Columns whose cells `make` is told. */
  readonly cells: readonly string[];
}

/**
 * Writes a list to work in to the file of --out, or brings the one there up to date, and says what changed.
 * @param make computes the list, given what the file holds
 */
export async function writeWorkList(
  flags: OutputFlags & { readonly out: string },
  inputs: readonly InputFile[],
  known: KnownList,
  make: (former: FormerList | undefined, progress: Progress) => Promise<ListToWrite>,
): Promise<void> {
  const { out, lang } = flags;
  if (!isMacroWorkbook(out)) formatOf(flags);
  await refuseToOverwrite(out, inputs);
  const quiet = flags.quiet ?? false;
  const progress = startProgress(process.stderr, quiet);
  try {
    progress.step(`reading ${out}`);
    const { readFormerList } = await import('../workbook/former-list.js');
    // First, so that a file that holds no list is told of before the work.
    const former = await readFormerList(out, known.key, known.columns, known.cells);
    const made = await make(former, progress);
    checkRows(made, out);
    progress.step('writing');
    const { writeList } = await import('../workbook/write-list.js');
    const whyLeft = (key: string) => made.departures.get(key);
    const changes = await writeList(out, { ...made.list, whyLeft }, lang);
    progress.done();
    const { sayChanges } = await import('../workbook/say.js');
    if (!quiet) {
      const lines = sayChanges(changes, lang, {
        isFirst: former === undefined,
        currency: made.list.currency,
        notices: made.notices.filter(
          ({ code, level }) => level === 'warning' || code.startsWith('list_') || code === 'column_values',
        ),
      });
      process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    }
    if (changes.beside !== undefined) process.exitCode = exitCodes.beside;
  } finally {
    progress.done();
  }
}

/** @throws UserError for more customers than a sheet has rows */
function checkRows({ list }: ListToWrite, out: string): void {
  const { length } = list.table.rows;
  if (length < mostRows || /\.csv$/i.test(out)) return;
  throw new UserError(`the list has ${length} customers, a sheet has ${mostRows} rows`, {
    place: { file: out },
    remedy: 'Ask for fewer, or write CSV.',
    exitCode: exitCodes.usage,
  });
}

/** Whether --out names a file that people work in: a workbook, or CSV. */
export function asksForList<Flags extends OutputFlags>(
  flags: Flags,
  formats: 'workbook' | 'workbook or csv',
): flags is Flags & { readonly out: string } {
  const { out } = flags;
  if (out === undefined || isFolder(out)) return false;
  return (
    /\.xlsx$/i.test(out) || isMacroWorkbook(out) || (formats === 'workbook or csv' && /\.csv$/i.test(out))
  );
}

/** Somebody may have added macros to a list; a new one has none. */
function isMacroWorkbook(path: string): boolean {
  return /\.xlsm$/i.test(path) && existsSync(path);
}
