import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import { type Place, UserError } from '../core/errors.js';
import { decodeHead, detectEncoding, type Encoding } from './encoding.js';
import { findHeaderRow } from './header.js';
import type { FileSettings } from './settings.js';
import type { LineEnd, Source } from './source.js';

const headBytes = 256 * 1024;
const sampleBytes = 64 * 1024;
const sampleRows = 1000;
const delimiters = [',', ';', '\t', '|'] as const;

interface ParsedRow {
  readonly cells: string[];
  /** Lines of the file up to and with this row. */
  readonly lines: number;
}

/**
 * Looks at a CSV file: encoding, delimiter, header row and sample rows. Only its first bytes are read, and
 * some from the middle and the end.
 * @throws UserError for a file that is empty, has no rows or is not text
 */
export async function inspectCsv(file: string, settings: FileSettings): Promise<Source> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await readAt(handle, 0, headBytes);
    const encoding = detectEncoding(head);
    const isWide = encoding.startsWith('utf-16');
    if (!isWide && head.includes(0)) {
      throw new UserError('this is no text file, though it is read as CSV', {
        place: { file },
        remedy: 'Give a CSV or XLSX export.',
      });
    }
    const complete = size <= head.length;
    const text = decodeHead(head, encoding);
    if (text.trim() === '') {
      throw new UserError('the file is empty', {
        place: { file },
        remedy: 'Export it again, or leave it out.',
      });
    }
    const { delimiter, rows } = detectDelimiter(text, complete);
    const headerIndex = findHeaderRow(rows.map((row) => row.cells));
    const headerRow = rows[headerIndex]!;
    const header = headerRow.cells.map((cell) => cell.trim());
    const sample = rows.slice(headerIndex + 1, headerIndex + 1 + sampleRows).map((row) => row.cells);
    const textBelow = text.split(/\r\n|\n|\r/).slice(headerRow.lines);
    if (sample.length === 0 && textBelow.some((line) => line.trim() !== '')) {
      throw openQuote({ file, row: headerIndex + 2 });
    }
    if (sample.every((cells) => cells.every((cell) => cell.trim() === ''))) {
      throw new UserError('the file has a header and no rows', {
        place: { file },
        remedy: 'Export it again, or leave it out.',
      });
    }
    if (!complete && !isWide) {
      for (const position of [Math.floor(size / 2), size - sampleBytes]) {
        const part = decodeHead(await readAt(handle, position, sampleBytes), encoding);
        // The first and the last line of a part are cut somewhere.
        const lines = part.slice(part.indexOf('\n') + 1, part.lastIndexOf('\n') + 1);
        const parsed = parseText(lines, delimiter, sampleRows);
        sample.push(...parsed.map((row) => row.cells).filter((cells) => cells.length === header.length));
      }
    }
    // A cut may go through a '\r\n'.
    const lineEnds = [...lineEndsOf(complete ? text : text.replace(/\r$/, ''))];
    const hasShortRows = sample.some((cells) => cells.length > 1 && cells.length < header.length);
    return {
      file,
      sheet: null,
      layout: { format: 'csv', encoding, delimiter, headerRow: headerIndex + 1 },
      settings,
      header,
      sample: sample.map((cells) => cells.map((cell) => (cell === '' ? null : cell))),
      decimalComma: delimiter === ';',
      rowNumbers: (counted) =>
        findRowNumbers(
          file,
          encoding,
          delimiter,
          { headerIndex, width: header.length, hasShortRows },
          counted,
        ),
      prepare: async (columns, temporaryFolder) => {
        let path = file;
        // The engine counts line ends its own way in quoted headers, and reads one kind of line end a file.
        const needsCopy = encoding !== 'utf-8' || lineEnds.length > 1 || headerRow.lines !== headerIndex + 1;
        let rowsWritten: number | undefined;
        if (needsCopy) {
          path = join(temporaryFolder, `${temporaryName()}.csv`);
          rowsWritten = await writePlainCopy(file, path, { encoding, delimiter, skipRows: headerIndex + 1 });
        }
        return {
          scan: {
            path,
            delimiter,
            skipLines: needsCopy ? 0 : headerRow.lines,
            rowsCutOff: needsCopy ? headerIndex + 1 : 0,
            columnCount: header.length,
            lineEnd: needsCopy ? '\n' : lineEnds[0],
            hasShortRows,
            rowNumberColumn: undefined,
          },
          positions: columns,
          rowsWritten,
        };
      },
    };
  } finally {
    await handle.close();
  }
}

/** The error for a quote that swallows the rows after it. */
export function openQuote(place: Place): UserError {
  return new UserError(
    'a quote is opened in this row and not closed, so the rows after it cannot be told apart',
    {
      place,
      remedy: 'Close the quote or double it (""), or export the file again.',
    },
  );
}

let temporaryFiles = 0;
/** A name for a temporary file that no other in this process has. */
export function temporaryName(): string {
  temporaryFiles += 1;
  return `table-${temporaryFiles}`;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The delimiter that splits the most rows into the same number of columns, more than one. */
function detectDelimiter(text: string, complete: boolean): { delimiter: string; rows: ParsedRow[] } {
  // A last line that is cut off would look like a short row.
  const whole = complete ? text : text.slice(0, text.lastIndexOf('\n') + 1) || text;
  let best: { delimiter: string; rows: ParsedRow[] } | undefined;
  let bestScore = -1;
  for (const delimiter of delimiters) {
    if (!whole.includes(delimiter) && delimiter !== ',') continue;
    const rows = parseText(whole, delimiter, sampleRows + 50);
    const widths = new Map<number, number>();
    for (const { cells } of rows) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
    for (const [width, count] of widths) {
      const score = width < 2 ? 0 : count * (1 + width / 1000);
      if (score > bestScore) {
        bestScore = score;
        best = { delimiter, rows };
      }
    }
  }
  return best!;
}

/** The kinds of line end in a text. */
function lineEndsOf(text: string): Set<LineEnd> {
  return new Set((text.match(/\r\n|\n|\r/g) ?? []) as LineEnd[]);
}

/**
 * Writes the data rows of a file anew as the engine reads them best: UTF-8, one kind of line end. Rows keep
 * their columns, however many; a quote that is never closed is an error.
 */
async function writePlainCopy(
  from: string,
  to: string,
  { encoding, delimiter, skipRows }: { encoding: Encoding; delimiter: string; skipRows: number },
): Promise<number> {
  const { parse: parseStream } = await import('csv-parse');
  const records = Readable.from(decodedChunks(from, encoding)).pipe(
    parseStream({ ...leniently, skip_records_with_error: false, delimiter }),
  ) as AsyncIterable<string[]>;
  let written = 0;
  async function* lines(): AsyncGenerator<string> {
    let row = 0;
    let text = '';
    for await (const cells of records) {
      row += 1;
      if (row <= skipRows || (cells.length === 1 && cells[0] === '')) continue;
      written += 1;
      text += `${cells.map((cell) => quoteCell(cell, delimiter)).join(delimiter)}\n`;
      if (text.length > 1 << 20) {
        yield text;
        text = '';
      }
    }
    yield text;
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(to, { mode: 0o600 }));
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('CSV_') !== true) throw error;
    const { lines: line } = error as { lines?: number };
    throw openQuote({ file: from, ...(line === undefined ? {} : { row: line }) });
  }
  return written;
}

/** A cell as CSV holds it. */
export function quoteCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

async function* decodedChunks(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    yield decoder.decode(chunk as Buffer, { stream: true });
  }
  yield decoder.decode();
}

interface Layout {
  readonly headerIndex: number;
  readonly width: number;
  readonly hasShortRows: boolean;
}

/** Reads a file as a spreadsheet would, counting the rows that the engine counts, up to the last one wanted. */
async function findRowNumbers(
  file: string,
  encoding: Encoding,
  delimiter: string,
  layout: Layout,
  counted: readonly number[],
): Promise<number[]> {
  const { parse: parseStream } = await import('csv-parse');
  const found = new Map<number, number>();
  const last = Math.max(...counted);
  let row = 0;
  let dataRow = 0;
  const records = Readable.from(decodedChunks(file, encoding)).pipe(parseStream({ ...leniently, delimiter }));
  for await (const cells of records as AsyncIterable<string[]>) {
    row += 1;
    const isBlank = cells.length === 1 && cells[0] === '';
    const isBroken = layout.hasShortRows ? false : cells.length < layout.width;
    if (row <= layout.headerIndex + 1 || isBlank || isBroken) continue;
    dataRow += 1;
    if (counted.includes(dataRow)) found.set(dataRow, row);
    if (dataRow === last) break;
  }
  return counted.map((number) => found.get(number) ?? number + layout.headerIndex + 1);
}

/** How rows are split where no row may be an error: what is wrong with one is judged when it is loaded. */
const leniently = {
  bom: true,
  record_delimiter: ['\r\n', '\n', '\r'] as string[],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: false,
  skip_records_with_error: true,
} as const;

function parseText(text: string, delimiter: string, rows: number): ParsedRow[] {
  const records = parse(text, {
    ...leniently,
    delimiter,
    to: rows,
    info: true,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  return records.map(({ record, info }) => ({ cells: record, lines: info.lines }));
}
