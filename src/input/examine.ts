import { UserError } from '../core/errors.js';
import { withConstants } from './constants.js';
import { openTables } from './formats.js';
import { localFile } from './local-file.js';
import { checkColumnsOfSettings } from './named-columns.js';
import type { ReadContext } from './read.js';
import { type Explanation, explain } from './recognise.js';
import type { ColumnOverride, InputFile } from './settings.js';
import type { Source } from './source.js';

/** One file or sheet as it was found; nothing about it stops the look at the others. */
export type Finding =
  | {
      readonly state: 'table';
      readonly source: Source;
      readonly explanation: Explanation;
      /** Whether the file has other tables that are used, so that this one may well be none. */
      readonly mayBeLeftOut: boolean;
      /** Rows below the header, lines that cannot be split included. */
      readonly rows: number;
    }
  | { readonly state: 'hidden' | 'empty'; readonly file: string; readonly sheet: string }
  | { readonly state: 'unreadable'; readonly file: string; readonly error: UserError };

/** Looks at single files one by one, in the order given, and counts their rows. */
export async function* examine(
  files: readonly InputFile[],
  overrides: readonly ColumnOverride[],
  context: ReadContext,
): AsyncGenerator<Finding> {
  for (const file of files) {
    try {
      yield* await examineFile(file, overrides, context);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield { state: 'unreadable', file: file.path, error };
    }
  }
}

async function examineFile(
  { path, settings }: InputFile,
  overrides: readonly ColumnOverride[],
  context: ReadContext,
): Promise<Finding[]> {
  const file = await localFile(path, context.temporaryFolder);
  const { tables, empty, hidden, release } = await openTables(file, settings, {
    ...context,
    keepsOpen: true,
  });
  try {
    checkColumnsOfSettings(path, settings, tables);
    const explained = tables.map(withConstants).map((source) => ({
      source,
      explanation: explain(source, settings.role, [...(settings.columns ?? []), ...overrides]),
    }));
    const findings: Finding[] = [];
    for (const { source, explanation } of explained) {
      findings.push({
        state: 'table',
        source,
        explanation,
        mayBeLeftOut: explained.some((other) => other.explanation.role !== undefined),
        rows: await countRows(source, context),
      });
    }
    const left = (state: 'hidden' | 'empty', sheets: readonly string[]) =>
      sheets.map((sheet): Finding => ({ state, file: path, sheet }));
    return [...findings, ...left('empty', empty), ...left('hidden', hidden)];
  } finally {
    await release();
  }
}

async function countRows(source: Source, { engine, temporaryFolder }: ReadContext): Promise<number> {
  const { scan, rowsWritten } = await source.prepare([], temporaryFolder);
  return rowsWritten ?? (await engine.loader.countRows(scan));
}
