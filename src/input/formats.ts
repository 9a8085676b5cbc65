import { UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import { inspectCsv } from './csv.js';
import { isCompoundFile, isZip, type LocalFile } from './local-file.js';
import type { OtherSpreadsheet } from './other-spreadsheets.js';
import type { FileSettings } from './settings.js';
import { inspectSheet } from './sheet.js';
import type { Source } from './source.js';
import type { Sheet, Workbook } from './workbook.js';

/** What opening a file may need besides it. */
export interface OpenContext {
  /** For formats that the engine itself reads. */
  readonly engine: LoadingEngine;
  readonly temporaryFolder: string;
  /** False where there are so many files that workbooks are closed after a look and opened again for their rows. */
  readonly keepsOpen: boolean;
}

/** The tables of a file. */
export interface Tables {
  readonly tables: readonly Source[];
  /** Sheets without rows, and hidden sheets, by name. */
  readonly empty: readonly string[];
  readonly hidden: readonly string[];
  readonly notices: readonly Notice[];
  release(): Promise<void>;
}

interface Format {
  /** Tells by the first bytes, and by the name only where they do not say enough. */
  recognises(file: LocalFile): boolean;
  open(file: LocalFile, settings: FileSettings, context: OpenContext): Promise<Tables>;
}

/** The formats in the order in which they are asked; text that is nothing else is CSV. */
const formats: readonly Format[] = [
  {
    recognises: ({ head }) => head.subarray(0, 4).toString('latin1') === 'PAR1',
    open: async (file, settings, { engine }) => {
      const { inspectParquet } = await import('./parquet.js');
      const { source, notices } = await inspectParquet(file, settings, engine);
      return oneTable(source, notices);
    },
  },
  {
    recognises: ({ head }) => isZip(head),
    open: async (file, settings, context) => {
      const format = await formatOfPackage(file);
      if (format !== 'xlsx') return otherSheetsOf(file, format, settings, context);
      return xlsxSheetsOf(file, settings, context);
    },
  },
  {
    recognises: ({ name, head }) => isCompoundFile(head) || (isOldBiff(head) && /\.xls$/i.test(name)),
    open: (file, settings, context) => otherSheetsOf(file, 'xls', settings, context),
  },
  // Many programs write HTML or the XML of 2003 and call it .xls.
  {
    recognises: ({ head }) => spreadsheetml.test(textOf(head)),
    open: (file, settings, context) => otherSheetsOf(file, 'spreadsheetml', settings, context),
  },
  {
    recognises: ({ head }) => html.test(textOf(head)),
    open: (file, settings, context) => otherSheetsOf(file, 'html', settings, context),
  },
  {
    // A damaged workbook must not be read as text.
    recognises: ({ name }) => /\.xls[xmb]$|\.ods$/i.test(name),
    open: xlsxSheetsOf,
  },
  {
    recognises: ({ head }) => /^\s*\[\s*(\{|\]\s*$)/.test(textOf(head)),
    open: (file, settings) => jsonOf(file, 'json', settings),
  },
  {
    recognises: ({ name, head }) => /^\s*\{/.test(textOf(head)) || /\.(jsonl|ndjson)(\.gz)?$/i.test(name),
    open: (file, settings) => jsonOf(file, 'jsonl', settings),
  },
  {
    recognises: () => true,
    open: async ({ name, path }, settings) => oneTable(await inspectCsv(name, settings, path)),
  },
];

/**
 * Opens a file and looks at its tables.
 * @throws UserError for a file that is damaged or of a format that is not read
 */
export async function openTables(
  file: LocalFile,
  settings: FileSettings,
  context: OpenContext,
): Promise<Tables> {
  const format = formats.find((candidate) => candidate.recognises(file))!;
  const opened = await format.open(file, settings, context);
  if (settings.sheets !== undefined && opened.tables.every(({ sheet }) => sheet === null)) {
    await opened.release();
    throw new UserError('sheets are named for this file, which has none', {
      place: { file: file.name },
      remedy: 'Leave them out of its settings.',
    });
  }
  if (file.packed === null) return opened;
  const { packed } = file;
  const tables = opened.tables.map((table) => ({ ...table, layout: { ...table.layout, packed } }));
  return { ...opened, tables };
}

function oneTable(table: Source, notices: readonly Notice[] = []): Tables {
  return { tables: [table], empty: [], hidden: [], notices, release: async () => {} };
}

const html =
  /^\s*(<!--((?!-->)[\s\S])*-->\s*|<\?xml[^>]*>\s*)*<(!doctype html|html|head|meta|body|table|style|div)\b/i;
const spreadsheetml =
  /^\s*<[\s\S]*?(progid="Excel\.Sheet"|<(ss:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet)/;

/** The first bytes of a document as text, as far as it is ASCII. */
function textOf(head: Buffer): string {
  return head
    .toString('latin1')
    .replace(/^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
    .replaceAll('\0', '');
}

/** The first record of a workbook of Excel 2 to 4, which has no container; text begins so hardly ever. */
function isOldBiff(head: Buffer): boolean {
  return head[0] === 9 && [0, 2, 4].includes(head[1]!) && [4, 6].includes(head[2]!) && head[3] === 0;
}

async function jsonOf(file: LocalFile, format: 'json' | 'jsonl', settings: FileSettings): Promise<Tables> {
  const { inspectJson } = await import('./json.js');
  return oneTable(await inspectJson(file, format, settings));
}

async function formatOfPackage({ path, name }: LocalFile): Promise<'xlsx' | 'xlsb' | 'ods'> {
  const { openArchive } = await import('./archive.js');
  const archive = await openArchive(path, name);
  try {
    if (archive.has('content.xml') && archive.has('mimetype')) return 'ods';
    return archive.has('xl/workbook.bin') ? 'xlsb' : 'xlsx';
  } finally {
    await archive.close();
  }
}

async function xlsxSheetsOf(file: LocalFile, settings: FileSettings, context: OpenContext): Promise<Tables> {
  const { openWorkbook } = await import('./xlsx.js');
  return sheetsOf(file, () => openWorkbook(file.path, file.name), settings, context.keepsOpen);
}

/** Sheets of other workbooks lie in the temporary folder: nothing is open, whatever their number. */
async function otherSheetsOf(
  file: LocalFile,
  format: OtherSpreadsheet,
  settings: FileSettings,
  { temporaryFolder }: OpenContext,
): Promise<Tables> {
  const { openOtherSpreadsheet } = await import('./other-spreadsheets.js');
  return sheetsOf(file, () => openOtherSpreadsheet(file, format, temporaryFolder), settings, true);
}

/** The sheets of a workbook. */
async function sheetsOf(
  { name }: LocalFile,
  open: () => Promise<Workbook>,
  settings: FileSettings,
  keepsOpen: boolean,
): Promise<Tables> {
  const workbook = await open();
  const rowsLater = keepsOpen ? workbook : { format: workbook.format, rows: rowsOnReopening(open) };
  try {
    const tables: Source[] = [];
    const empty: string[] = [];
    const { chosen, hidden } = chooseSheets(name, workbook.sheets, settings.sheets);
    for (const sheet of chosen) {
      const source = await inspectSheet(name, rowsLater, sheet, settings);
      if (source !== undefined && source.sample.length > 0) tables.push(source);
      else empty.push(sheet.name);
    }
    if (!keepsOpen) await workbook.close();
    return { tables, empty, hidden, notices: [], release: () => workbook.close() };
  } catch (error) {
    await workbook.close();
    throw error;
  }
}

/**
 * The sheets to read: those named, though they be hidden, or all visible ones; and the hidden ones passed over.
 * @throws UserError for a sheet named that the workbook does not have
 */
function chooseSheets(
  path: string,
  sheets: readonly Sheet[],
  wanted: readonly string[] | undefined,
): { chosen: Sheet[]; hidden: string[] } {
  if (wanted === undefined) {
    return {
      chosen: sheets.filter((sheet) => !sheet.hidden),
      hidden: sheets.filter((sheet) => sheet.hidden).map((sheet) => sheet.name),
    };
  }
  const chosen = wanted.map((name) => {
    const isWanted = (sheet: Sheet) => sheet.name.trim().toLowerCase() === name.trim().toLowerCase();
    const sheet = sheets.find(isWanted);
    if (sheet !== undefined) return sheet;
    throw new UserError(`there is no sheet '${name}'`, {
      place: { file: path },
      remedy: `Sheets found: ${sheets.map((candidate) => `'${candidate.name}'`).join(', ')}.`,
    });
  });
  return { chosen, hidden: [] };
}

function rowsOnReopening(open: () => Promise<Workbook>): Workbook['rows'] {
  return async function* (sheet) {
    const workbook = await open();
    try {
      yield* workbook.rows(sheet);
    } finally {
      await workbook.close();
    }
  };
}
