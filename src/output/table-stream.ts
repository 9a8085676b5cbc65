import { extname } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { textField } from './csv.js';
import { quote } from './json.js';
import { spreadsheetText } from './spreadsheet-text.js';
import { writeFileAtomic } from './write.js';
import { setZipTimes } from './zip-times.js';

/** A row of a table that may be too long to be held: texts and counts by position. */
export type StreamedRow = readonly (string | number | null)[];
type Batches = AsyncIterable<readonly StreamedRow[]>;

const writers: Record<
  string,
  (header: readonly string[], rows: Batches) => AsyncIterable<string | Uint8Array>
> = {
  '.csv': csvText,
  '.json': jsonText,
  '.xlsx': workbookBytes,
};

/** Names that a streamed table can have. */
export const streamedExtensions = Object.keys(writers);

/** Whether a table can be streamed to a file of this name. */
export function canStreamTo(path: string): boolean {
  return extname(path).toLowerCase() in writers;
}

/** Writes a table of any length to a .csv, .json or .xlsx file, whole or not at all. */
export async function writeTable(path: string, header: readonly string[], rows: Batches): Promise<void> {
  await writeFileAtomic(path, writers[extname(path).toLowerCase()]!(header, rows));
}

async function* csvText(header: readonly string[], rows: Batches): AsyncGenerator<string> {
  yield `${header.map(textField).join(',')}\n`;
  for await (const batch of rows) {
    yield batch
      .map(
        (row) =>
          `${row.map((cell) => (typeof cell === 'string' ? textField(cell) : (cell ?? ''))).join(',')}\n`,
      )
      .join('');
  }
}

/** An array of objects, one to a line. */
async function* jsonText(header: readonly string[], rows: Batches): AsyncGenerator<string> {
  let mark = '[\n';
  for await (const batch of rows) {
    if (batch.length === 0) continue;
    const objects = batch.map(
      (row) =>
        `  {${header.map((name, index) => `${quote(name)}: ${literal(row[index] ?? null)}`).join(', ')}}`,
    );
    yield mark + objects.join(',\n');
    mark = ',\n';
  }
  yield mark === '[\n' ? '[]\n' : '\n]\n';
}

function literal(cell: string | number | null): string {
  return typeof cell === 'number' ? String(cell) : quote(cell);
}

/** Rows of a sheet, less the header. */
const rowsOfSheet = 1_048_575;
const widths = { least: 10, most: 40 };

/** A workbook, in sheets as long as a sheet can be. Its bytes are held, compressed, to be dated alike. */
async function* workbookBytes(header: readonly string[], rows: Batches): AsyncGenerator<Uint8Array> {
  const { default: exceljs } = await import('exceljs');
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const someTime = new Date('2000-01-01T00:00:00Z');
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({ stream, useStyles: true });
  workbook.creator = 'retain';
  workbook.lastModifiedBy = 'retain';
  workbook.created = someTime;
  workbook.modified = someTime;
  const addSheet = () => {
    const sheet = workbook.addWorksheet(String(sheets + 1), { views: [{ state: 'frozen', ySplit: 1 }] });
    sheet.columns = header.map((name) => ({
      width: Math.min(Math.max(name.length + 4, widths.least), widths.most),
    }));
    const headerRow = sheet.addRow([...header]);
    headerRow.font = { bold: true };
    headerRow.commit();
    return sheet;
  };
  let sheets = 0;
  let sheet = addSheet();
  let count = 0;
  for await (const batch of rows) {
    for (const row of batch) {
      if (count === rowsOfSheet) {
        sheet.commit();
        sheets += 1;
        sheet = addSheet();
        count = 0;
      }
      sheet.addRow(row.map((cell) => (typeof cell === 'string' ? spreadsheetText(cell) : cell))).commit();
      count += 1;
    }
    // Lets the archive be written on the way, which has no other means to slow the rows down.
    await setImmediate();
  }
  sheet.commit();
  await workbook.commit();
  const bytes = Buffer.concat(chunks);
  setZipTimes(bytes, '2000-01-01');
  yield bytes;
}
