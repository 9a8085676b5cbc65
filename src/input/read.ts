import { open, stat } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import { withConstants } from './constants.js';
import { inspectCsv } from './csv.js';
import { exporterOf } from './exporters.js';
import { exporterNotices, pairOrderParts, unneededNotice } from './order-parts.js';
import { findHeader, recognise, unrecognised } from './recognise.js';
import type { ColumnOverride, FileSettings, InputFile } from './settings.js';
import { inspectSheet } from './sheet.js';
import type { RecognisedSource, Source } from './source.js';
import type { Role } from './vocabulary.js';

/** What opening files may need besides them. */
export interface ReadContext {
  /** For formats that the engine itself reads. */
  readonly engine: LoadingEngine;
  readonly temporaryFolder: string;
}

export interface Inputs {
  readonly sources: readonly RecognisedSource[];
  readonly notices: readonly Notice[];
  /** Releases open workbooks. */
  close(): Promise<void>;
}

/**
 * Opens files, finds their tables and tells what each holds.
 * @throws UserError for a file that cannot be read or holds no table of a known role
 */
export async function readInputs(
  files: readonly InputFile[],
  overrides: readonly ColumnOverride[],
  context: ReadContext,
): Promise<Inputs> {
  const sources: RecognisedSource[] = [];
  const notices: Notice[] = [];
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0)) await closer();
  };
  try {
    for (const { path, settings } of files) {
      const { tables: found, empty, hidden, release } = await tablesOf(path, settings, context);
      closers.push(release);
      const tables = found.map(withConstants);
      checkColumns(path, settings, tables);
      const skipped: Source[] = [];
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
          notices.push(unneededNotice(table, exporter.name));
        else skipped.push(table);
      }
      if (skipped.length === tables.length) {
        if (skipped[0] !== undefined) throw unrecognised(skipped[0]);
        throw new UserError(
          empty.length > 0 ? 'the workbook has no rows below a header' : 'the workbook has no visible sheets',
          { place: { file: path }, remedy: 'Export it again, or leave it out.' },
        );
      }
      const left = skipped.map((source) => source.sheet ?? '');
      if (left.length > 0) notices.push(leftOutNotice('sheets_skipped', path, left));
      if (hidden.length > 0) notices.push(leftOutNotice('sheets_hidden', path, hidden));
    }
    if (sources.length === 0) {
      throw new UserError('nothing but tables that are not needed', {
        place: { file: files.map(({ path }) => path).join(', ') },
        remedy: 'Add the file of orders.',
      });
    }
    const paired = pairOrderParts(sources);
    notices.push(...paired.notices, ...exporterNotices(paired.sources));
    for (const { header } of overrides) {
      if (!sources.some(({ source }) => source.header.some((name) => sameHeader(name, header)))) {
        throw new UserError(`--column names '${header}', which no file has`, {
          remedy: `Columns found: ${[...new Set(sources.flatMap(({ source }) => source.header))].join(', ')}.`,
        });
      }
    }
    return { sources: paired.sources, notices, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws UserError for a column of the settings that no table of the file has */
function checkColumns(path: string, settings: FileSettings, tables: readonly Source[]): void {
  for (const { field, header } of settings.columns ?? []) {
    if (tables.length === 0 || tables.some((table) => findHeader(table.header, header) >= 0)) continue;
    throw new UserError(`the settings name column '${header}' as ${field}, which the file does not have`, {
      place: { file: path },
      remedy: `Columns found: ${[...new Set(tables.flatMap((table) => table.header))].filter((name) => name !== '').join(', ')}.`,
    });
  }
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

function sameHeader(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

const whyLeftOut = {
  sheets_skipped: {
    en: 'sheets left out, as they hold neither orders, customers nor spend',
    ru: 'листы без заказов, клиентов и расходов пропущены',
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

interface Tables {
  readonly tables: Source[];
  readonly empty: string[];
  readonly hidden: string[];
  release(): Promise<void>;
}

async function tablesOf(path: string, settings: FileSettings, _context: ReadContext): Promise<Tables> {
  const kind = await kindOf(path);
  if (kind === 'text') {
    if (settings.sheets !== undefined) {
      throw new UserError('sheets are named for this file, which has none', {
        place: { file: path },
        remedy: 'Leave them out of its settings.',
      });
    }
    return { tables: [await inspectCsv(path, settings)], empty: [], hidden: [], release: async () => {} };
  }
  const { openWorkbook } = await import('./xlsx.js');
  const workbook = await openWorkbook(path);
  try {
    const tables: Source[] = [];
    const empty: string[] = [];
    const { chosen, hidden } = chooseSheets(path, workbook.sheets, settings.sheets);
    for (const sheet of chosen) {
      const source = await inspectSheet(path, workbook, sheet, settings);
      if (source !== undefined && source.sample.length > 0) tables.push(source);
      else empty.push(sheet.name);
    }
    return { tables, empty, hidden, release: () => workbook.close() };
  } catch (error) {
    await workbook.close();
    throw error;
  }
}

/**
 * The sheets to read: those named, though they be hidden, or all visible ones; and the hidden ones passed over.
 * @throws UserError for a sheet named that the workbook does not have
 */
export function chooseSheets<S extends { readonly name: string; readonly hidden: boolean }>(
  path: string,
  sheets: readonly S[],
  wanted: readonly string[] | undefined,
): { chosen: S[]; hidden: string[] } {
  if (wanted === undefined) {
    return {
      chosen: sheets.filter((sheet) => !sheet.hidden),
      hidden: sheets.filter((sheet) => sheet.hidden).map((sheet) => sheet.name),
    };
  }
  const chosen = wanted.map((name) => {
    const sheet = sheets.find((candidate) => sameHeader(candidate.name, name));
    if (sheet !== undefined) return sheet;
    throw new UserError(`there is no sheet '${name}'`, {
      place: { file: path },
      remedy: `Sheets found: ${sheets.map((candidate) => `'${candidate.name}'`).join(', ')}.`,
    });
  });
  return { chosen, hidden: [] };
}

/** Tells by the first bytes, not the name, whether a file is a workbook or text. */
async function kindOf(path: string): Promise<'workbook' | 'text'> {
  const place = { file: path };
  let head: Buffer;
  try {
    if ((await stat(path)).isDirectory()) {
      throw new UserError('this is a folder, not a file', { place, remedy: 'Name the files in it.' });
    }
    const handle = await open(path, 'r');
    try {
      head = Buffer.alloc(8);
      const { bytesRead } = await handle.read(head, 0, 8, 0);
      head = head.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new UserError('there is no such file', { place, remedy: 'Check the name and the folder.' });
    }
    throw new UserError(`the file cannot be read (${code})`, {
      place,
      remedy: 'Check its permissions.',
      cause: error,
    });
  }
  if (head.length === 0) {
    throw new UserError('the file is empty', { place, remedy: 'Export it again, or leave it out.' });
  }
  const isZip = head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
  const isCompound = head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
  // A damaged workbook must not be read as text.
  return isZip || isCompound || /\.xls[xm]$/i.test(path) ? 'workbook' : 'text';
}
