import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Place, shorten, UserError } from '../core/errors.js';
import { packageRoot } from '../core/package-root.js';
import { temporaryPath } from '../core/temporary.js';
import { hasPassword, openArchive } from './archive.js';
import { checkCompoundFile } from './compound-file.js';
import type { LocalFile } from './local-file.js';
import type { TableFormat } from './source.js';
import type { SpreadsheetResult, SpreadsheetWork, WrittenSheet } from './spreadsheet-worker.js';
import type { SheetRow, Workbook } from './workbook.js';

/** Formats of workbooks that are read whole, through the library. */
export type OtherSpreadsheet = Extract<TableFormat, 'xls' | 'xlsb' | 'ods' | 'html' | 'spreadsheetml'>;

const mebibyte = 1024 * 1024;
/** The most that a file, or a part of one that is packed, may hold: the library takes many times as much memory. */
const sizeLimit = 256 * mebibyte;
/** What reading a workbook may take: mebibytes of memory, and milliseconds for it and for each mebibyte of it. */
const usualLimits = { memory: 3072, time: 60_000, timePerMebibyte: 5_000 };
const rowsPerBatch = 1000;
const saveAsXlsx = 'Open it in Excel or LibreOffice and save it as .xlsx.';

/**
 * Opens a workbook of an older or another program than Excel's of today: its sheets are written to the temporary
 * folder at once, and read from there.
 * @throws UserError for a file that is damaged, has a password, or is too large to be read whole
 */
export async function openOtherSpreadsheet(
  file: LocalFile,
  format: OtherSpreadsheet,
  temporaryFolder: string,
  limits = usualLimits,
): Promise<Workbook> {
  const place: Place = { file: file.name };
  const { size } = await stat(file.path);
  if (size > sizeLimit) throw tooLarge(place);
  let hiddenSheets: ReadonlySet<string> | undefined;
  if (format === 'xls') await checkCompoundFile(file);
  else if (format === 'ods' || format === 'xlsb') hiddenSheets = await checkPackage(file, format);
  const written = await convert(
    {
      path: file.path,
      kind: format === 'html' ? 'html' : format === 'spreadsheetml' ? 'xml' : 'binary',
      target: temporaryPath(temporaryFolder),
    },
    limits.memory,
    limits.time + (size / mebibyte) * limits.timePerMebibyte,
    place,
  );
  // The library gives the names of an OpenDocument file as they stand in the XML.
  const sheets =
    format === 'ods' ? written.map((sheet) => ({ ...sheet, name: unescapeXml(sheet.name) })) : written;
  return {
    format,
    sheets: sheets.map(({ name, hidden }) => ({ name, hidden: hidden || hiddenSheets?.has(name) === true })),
    rows: (wanted) => rowsOf(sheets.find(({ name }) => name === wanted)!),
    close: async () => {},
  };
}

/** What the thread runs: built, as there is nothing beside the source that could run. */
const workerScript = join(packageRoot, 'dist/program/input/spreadsheet-worker.js');

async function convert(
  work: SpreadsheetWork,
  memory: number,
  time: number,
  place: Place,
): Promise<WrittenSheet[]> {
  const worker = new Worker(workerScript, {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: memory },
    // What the library has to say about a file is told by its result.
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const result = await new Promise<SpreadsheetResult>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the reading of a workbook ended before its result')));
      timer = setTimeout(() => reject(tooSlow(place, time)), time);
    });
    if ('sheets' in result) return result.sheets;
    if (/password|encrypt/i.test(result.error)) throw hasPassword(place);
    // A disk that is full is no fault of the workbook.
    if (result.code === 'ENOSPC') throw Object.assign(new Error(result.error), { code: result.code });
    throw damaged(place, result.error);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') throw tooLarge(place);
    throw error;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function damaged(place: Place, detail: string): UserError {
  return new UserError(`the workbook is damaged, or of a kind that is not read: ${shorten(detail)}`, {
    place,
    remedy: `${saveAsXlsx.slice(0, -1)}, or export it anew.`,
  });
}

function tooLarge(place: Place): UserError {
  return new UserError('the workbook is too large to be read in this format', {
    place,
    remedy: 'Save it as .xlsx or .csv, which are read piece by piece.',
  });
}

function tooSlow(place: Place, time: number): UserError {
  return new UserError(`the workbook could not be read within ${Math.round(time / 1000)} s`, {
    place,
    remedy: 'Save it as .xlsx or .csv, which are read piece by piece.',
  });
}

/**
 * Reads every part of a packed workbook once, so that damage is found by sizes and checksums.
 * @returns the names of hidden sheets of an OpenDocument file, which the library does not tell
 */
async function checkPackage(
  { path, name }: LocalFile,
  format: 'ods' | 'xlsb',
): Promise<ReadonlySet<string> | undefined> {
  const place: Place = { file: name };
  const archive = await openArchive(path, name);
  try {
    let content = '';
    for (const part of archive.names) {
      const isWanted = format === 'ods' && (part === 'content.xml' || part === 'META-INF/manifest.xml');
      const chunks: Buffer[] = [];
      for await (const chunk of archive.read(part, { limit: sizeLimit, place })) {
        if (isWanted) chunks.push(chunk);
      }
      if (!isWanted) continue;
      const text = Buffer.concat(chunks).toString('utf8');
      if (part === 'content.xml') content = text;
      else if (text.includes('encryption-data')) throw hasPassword(place);
    }
    return format === 'ods' ? hiddenSheetsOf(content) : undefined;
  } finally {
    await archive.close();
  }
}

/** Sheets whose style says that they are not shown. */
function hiddenSheetsOf(content: string): ReadonlySet<string> {
  const styles = new Set(
    [
      ...content.matchAll(/<style:style\b([^>]*)>(?:(?!<\/?style:style\b)[\s\S])*?table:display="false"/g),
    ].map(([, attributes]) => attributeOf(attributes!, 'style:name')),
  );
  return new Set(
    [...content.matchAll(/<table:table\b([^>]*)>/g)]
      .filter(([, attributes]) => styles.has(attributeOf(attributes!, 'table:style-name')))
      .map(([, attributes]) => attributeOf(attributes!, 'table:name')),
  );
}

function attributeOf(attributes: string, name: string): string {
  return unescapeXml(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

/** Rows can be wide: a batch is also complete when it has so many cells. */
const cellsPerBatch = 100_000;

/** The rows of a sheet as the thread wrote them. */
async function* rowsOf({ path }: WrittenSheet): AsyncGenerator<SheetRow[]> {
  let rest = '';
  let batch: SheetRow[] = [];
  let cellsInBatch = 0;
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [number, ...written] = JSON.parse(line) as [number, ...(number | string)[]];
      const cells: (string | null)[] = [];
      for (let at = 0; at < written.length; at += 2) {
        while (cells.length < Number(written[at])) cells.push(null);
        cells.push(String(written[at + 1]));
      }
      batch.push({ number, cells });
      cellsInBatch += cells.length;
      if (batch.length < rowsPerBatch && cellsInBatch < cellsPerBatch) continue;
      yield batch;
      batch = [];
      cellsInBatch = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
