import { UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import { withConstants } from './constants.js';
import { EmptyInput } from './empty-input.js';
import { exporterOf } from './exporters.js';
import { type OpenContext, openTables } from './formats.js';
import { localFile } from './local-file.js';
import { checkColumnsOfOptions, checkColumnsOfSettings } from './named-columns.js';
import { exporterNotices, pairOrderParts, unneededNotice } from './order-parts.js';
import { expandPaths, type FoundFile, listNames } from './paths.js';
import { recognise, Unrecognised, unrecognised } from './recognise.js';
import type { ColumnOverride, InputFile } from './settings.js';
import type { RecognisedSource, Source } from './source.js';
import type { Role } from './vocabulary.js';

/** What opening files may need besides them. */
export type ReadContext = Omit<OpenContext, 'keepsOpen'>;

/** Beyond so many files workbooks are not kept open: each holds a handle and its texts. */
const mostKeptOpen = 32;

export interface Inputs {
  readonly sources: readonly RecognisedSource[];
  readonly notices: readonly Notice[];
  /** Releases open workbooks. */
  close(): Promise<void>;
}

/**
 * Opens files, finds their tables and tells what each holds.
 * @throws UserError for a file that cannot be read or holds no table of a known role; those that only a folder
 *   or a pattern brought are passed over where they have no rows or hold something else
 */
export async function readInputs(
  inputs: readonly InputFile[],
  overrides: readonly ColumnOverride[],
  context: ReadContext,
): Promise<Inputs> {
  const { files, notices: found } = await expandPaths(inputs);
  const sources: RecognisedSource[] = [];
  const notices: Notice[] = [...found];
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0)) await closer();
  };
  const passedOver: { file: FoundFile; error: UserError }[] = [];
  const openContext = { ...context, keepsOpen: files.length <= mostKeptOpen };
  try {
    for (const file of files) {
      try {
        const opened = await sourcesOf(file, overrides, openContext, closers);
        sources.push(...opened.sources);
        notices.push(...opened.notices);
      } catch (error) {
        const isNothing = error instanceof EmptyInput || error instanceof Unrecognised;
        if (!file.isFound || !isNothing) throw error;
        passedOver.push({ file, error });
      }
    }
    if (sources.length === 0 && passedOver.length > 0) throw passedOver[0]!.error;
    notices.push(...passedOverNotices(passedOver));
    if (sources.length === 0) {
      throw new UserError('nothing but tables that are not needed', {
        place: { file: files.map(({ path }) => path).join(', ') },
        remedy: 'Add the file of orders.',
      });
    }
    const found = new Set(files.filter(({ isFound }) => isFound).map(({ path }) => path));
    const paired = pairOrderParts(sources, ({ file }) => found.has(file));
    notices.push(...paired.notices, ...exporterNotices(paired.sources));
    checkColumnsOfOptions(
      overrides,
      sources.map(({ source }) => source),
    );
    return { sources: paired.sources, notices, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The tables of one file that hold something known. */
async function sourcesOf(
  { path, settings }: FoundFile,
  overrides: readonly ColumnOverride[],
  context: OpenContext,
  closers: (() => Promise<void>)[],
): Promise<{ sources: RecognisedSource[]; notices: Notice[] }> {
  const file = await localFile(path, context.temporaryFolder);
  const { tables: opened, empty, hidden, notices, release } = await openTables(file, settings, context);
  closers.push(release);
  const tables = opened.map(withConstants);
  checkColumnsOfSettings(path, settings, tables);
  const sources: RecognisedSource[] = [];
  const skipped: Source[] = [];
  const unneeded: Notice[] = [];
  for (const table of tables) {
    const recognised = recogniseOrSkip(
      table,
      settings.role,
      [...(settings.columns ?? []), ...overrides],
      tables.length > 1,
    );
    const exporter = exporterOf(table.header);
    if (recognised !== undefined) sources.push(recognised);
    else if (exporter !== undefined && exporter.role === undefined)
      unneeded.push(unneededNotice(table, exporter.name));
    else skipped.push(table);
  }
  if (skipped.length === tables.length) {
    if (skipped[0] !== undefined) throw unrecognised(skipped[0]);
    throw new EmptyInput(
      empty.length > 0 ? 'the workbook has no rows below a header' : 'the workbook has no visible sheets',
      { file: path },
    );
  }
  const left = skipped.map((source) => source.sheet ?? '');
  return {
    sources,
    notices: [
      ...notices,
      ...unneeded,
      ...(left.length > 0 ? [leftOutNotice('sheets_skipped', path, left)] : []),
      ...(hidden.length > 0 ? [leftOutNotice('sheets_hidden', path, hidden)] : []),
    ],
  };
}

/** A sheet that lacks what a forced role needs is passed over where the workbook has others. */
function recogniseOrSkip(
  table: Source,
  role: Role | undefined,
  overrides: readonly ColumnOverride[],
  hasOthers: boolean,
): RecognisedSource | undefined {
  if (role !== undefined && hasOthers) {
    const own = recognise(table, undefined, overrides);
    if (own === undefined || own.role !== role) return undefined;
  }
  return recognise(table, role, overrides);
}

const whyLeftOut = {
  sheets_skipped: {
    en: 'sheets left out, as they hold neither orders, customers, spend, contacts, feedback nor incidents',
    ru: 'листы без заказов, клиентов, расходов, контактов, отзывов и инцидентов пропущены',
  },
  sheets_hidden: { en: 'hidden sheets are left out', ru: 'скрытые листы пропущены' },
} as const;

function leftOutNotice(code: keyof typeof whyLeftOut, path: string, sheets: readonly string[]): Notice {
  const names = sheets.map((sheet) => `'${sheet}'`).join(', ');
  const { en, ru } = whyLeftOut[code];
  return {
    code,
    level: 'warning',
    text: { en: `${path}: ${en}: ${names}.`, ru: `${path}: ${ru}: ${names}.` },
  };
}

const whyPassedOver = {
  files_empty: { en: 'Files without rows are left out', ru: 'Файлы без строк пропущены' },
  files_unrecognised: {
    en: 'Files left out, as they hold neither orders, customers, spend, contacts, feedback nor incidents',
    ru: 'Файлы без заказов, клиентов, расходов, контактов, отзывов и инцидентов пропущены',
  },
} as const;

function passedOverNotices(passedOver: readonly { file: FoundFile; error: UserError }[]): Notice[] {
  return (['files_empty', 'files_unrecognised'] as const).flatMap((code) => {
    const names = passedOver
      .filter(({ error }) => error instanceof EmptyInput === (code === 'files_empty'))
      .map(({ file }) => file.path);
    if (names.length === 0) return [];
    const { en, ru } = whyPassedOver[code];
    const text = { en: `${en}: ${listNames(names, 'en')}.`, ru: `${ru}: ${listNames(names, 'ru')}.` };
    return [{ code, level: 'warning' as const, text }];
  });
}
