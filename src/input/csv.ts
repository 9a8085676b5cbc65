import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { temporaryPath } from '../core/temporary.js';
import { type Dialect, detectDialect, lineEndsOf } from './dialect.js';
import { EmptyInput } from './empty-input.js';
import { decodePart, detectEncoding, type Encoding, isUtf8File } from './encoding.js';
import { type Header, repeatsHeader } from './header.js';
import { type CsvRecord, openQuote, splitRecords } from './records.js';
import { type DataRows, findRowNumbers, writePlainCopy, writeUtf8Copy } from './rewrite.js';
import type { FileSettings } from './settings.js';
import type { Source } from './source.js';

const headBytes = 256 * 1024;
const partBytes = 64 * 1024;
/** Parts of a large file that are looked at for its encoding. */
const partCount = 16;
const sampleRows = 1000;

/**
 * Looks at a CSV file: encoding, dialect, header and sample rows. Only its first bytes are read, and some
 * parts of the rest.
 * @param path where its bytes are, if not under the name that messages give it
 * @throws UserError for a file that is empty, has no rows or is not text
 */
export async function inspectCsv(file: string, settings: FileSettings, path = file): Promise<Source> {
  checkDelimiter(file, settings.delimiter);
  const { size, head, parts } = await readSamples(path);
  const encoding = settings.encoding ?? detectEncoding([head, ...parts]);
  if (!encoding.startsWith('utf-16') && [head, ...parts].some(isBinary)) {
    throw new UserError('this is no text file, though it is read as CSV', {
      place: { file },
      remedy: 'Give a CSV or XLSX export.',
    });
  }
  const isWhole = size <= head.length;
  const text = decodePart(head, encoding);
  if (text.trim() === '') throw new EmptyInput('the file is empty', { file });
  const dialect = detectDialect(text, isWhole, settings);
  const { header, records, format } = dialect;
  if (header === undefined) {
    if (settings.headerRow !== undefined) throw noSuchRow(file, settings.headerRow);
    throw new EmptyInput('the file is empty', { file });
  }
  const headerRow = header.last + 1;
  checkQuotes(file, dialect, header, isWhole);
  const below = records.slice(headerRow, headerRow + sampleRows);
  if (below.every(({ cells }) => cells.every((cell) => cell.trim() === ''))) {
    throw new EmptyInput('the file has a header and no rows', { file });
  }
  const width = header.names.length;
  const later = isWhole ? [] : laterRecords(parts, encoding, dialect);
  const all = [...records, ...later.flat()];
  const sample = [...below, ...later.flatMap((records) => inStep(records, width))].filter(
    ({ cells }) => !repeatsHeader(cells, header),
  );
  const rows: DataRows = {
    headerRow,
    hasSeparatorLine: dialect.hasSeparatorLine,
    format,
    width,
    hasShortRows: sample.some(({ cells }) => cells.length > 1 && cells.length < width),
  };
  // What the engine does not read: more than one kind of line end, quotes that are not as the standard has them,
  // and a line end within quotes right after the byte-order mark.
  const lineEnds = [...lineEndsOf(all)];
  const needsPlainCopy =
    format.backslash ||
    lineEnds.length > 1 ||
    (hasMark(head) && /[\r\n]/.test(records[0]!.cells[0]!)) ||
    all.some((record) => record.isLoose && !record.isOpen);
  return {
    file,
    sheet: null,
    layout: { format: 'csv', encoding, delimiter: format.delimiter, headerRow },
    settings,
    header: header.names,
    headerRows: header.rows,
    hasHeader: header.isFound,
    sample: sample.map(({ cells }) => cells.map((cell) => (cell === '' ? null : cell))),
    decimalComma: format.delimiter === ';',
    // A plain copy holds the numbers themselves.
    rowNumbers: async (counted) =>
      needsPlainCopy ? [...counted] : findRowNumbers(path, encoding, rows, counted),
    prepare: async (columns, temporaryFolder) => {
      const copy = temporaryPath(temporaryFolder, '.csv');
      if (needsPlainCopy) {
        const rowsWritten = await writePlainCopy(path, copy, encoding, rows, file);
        return {
          scan: {
            kind: 'csv',
            path: copy,
            delimiter: format.delimiter,
            skipLines: 0,
            rowsCutOff: 0,
            columnCount: width + 1,
            hasBadBytes: !isUtf8File(copy),
            hasShortRows: false,
            rowNumberColumn: 0,
          },
          positions: columns.map((column) => column + 1),
          rowsWritten,
        };
      }
      if (encoding !== 'utf-8') await writeUtf8Copy(path, copy, encoding, file);
      const separatorLines = dialect.hasSeparatorLine ? 1 : 0;
      return {
        scan: {
          kind: 'csv',
          path: encoding === 'utf-8' ? path : copy,
          delimiter: format.delimiter,
          skipLines: headerRow + separatorLines,
          rowsCutOff: -separatorLines,
          columnCount: width,
          lineEnd: lineEnds[0],
          hasBadBytes: encoding === 'utf-8' && !isUtf8File(path),
          hasShortRows: rows.hasShortRows,
          rowNumberColumn: undefined,
        },
        positions: columns,
        rowsWritten: undefined,
      };
    },
  };
}

function checkDelimiter(file: string, delimiter: string | undefined): void {
  if (delimiter === undefined || /^[^"\r\n\\\u0080-\uffff]$/.test(delimiter)) return;
  throw new UserError(`the delimiter '${delimiter}' is not one ASCII character`, {
    place: { file },
    remedy: 'Give a comma, a semicolon, a tab, a pipe or another single character.',
  });
}

function noSuchRow(file: string, row: number): UserError {
  return new UserError(
    'the header is said to be in this row, which the beginning of the file does not have',
    {
      place: { file, row },
      remedy: 'Give the row of the header as a spreadsheet numbers it, from 1.',
    },
  );
}

/** @throws UserError where a quote that stays open swallows rows among those that were looked at */
function checkQuotes(file: string, { records }: Dialect, header: Header, isWhole: boolean): void {
  const open = records.findIndex((record) => record.isOpen);
  if (open >= 0) throw openQuote({ file, row: open + 1 });
  // Then one record is longer than all that was read.
  if (!isWhole && records.length === header.last + 1) throw openQuote({ file, row: header.last + 2 });
}

interface Samples {
  readonly size: number;
  readonly head: Uint8Array;
  /** Parts of what follows the head, in order, from even offsets; the last is the end of the file. */
  readonly parts: readonly Uint8Array[];
}

async function readSamples(file: string): Promise<Samples> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await readAt(handle, 0, headBytes);
    const parts: Uint8Array[] = [];
    const rest = size - head.length;
    const count = Math.min(partCount, Math.ceil(rest / partBytes));
    for (let part = 1; part <= count; part++) {
      const end = head.length + Math.floor((rest * part) / count);
      parts.push(await readAt(handle, Math.max(head.length, end - partBytes) & ~1, partBytes));
    }
    return { size, head, parts };
  } finally {
    await handle.close();
  }
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

function hasMark(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

/** Whether bytes are no text: a zero, or many control characters. */
function isBinary(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  let controls = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (byte < 32 && (byte < 9 || byte > 13)) controls += 1;
  }
  return controls * 20 > bytes.length;
}

/** Records of the middle and of the very end of a large file. */
function laterRecords(parts: readonly Uint8Array[], encoding: Encoding, { format }: Dialect): CsvRecord[][] {
  const last = parts.length - 1;
  return [...new Set([Math.floor(last / 2), last])].map((index) => {
    const isEnd = index === last;
    // The first record of a part is cut somewhere, and so is the last of one that is not the end.
    const text = decodePart(parts[index]!, encoding).replace(/^[^\r\n]*(?:\r\n|\n|\r|$)/, '');
    if (!isEnd) return splitRecords(text, format, false, sampleRows);
    return splitRecords(text, format, true, Number.POSITIVE_INFINITY).slice(-sampleRows);
  });
}

/**
 * The records of a part that are in step with the columns: a part may begin within a quoted cell. Where most have
 * all columns, those that lack some behind them are rows whose empty cells were left out, such as totals.
 */
function inStep(records: readonly CsvRecord[], width: number): CsvRecord[] {
  const isFull = ({ cells }: CsvRecord) => cells.length === width;
  const full = records.filter(isFull);
  if (full.length * 2 <= records.length) return full;
  const first = records.findIndex(isFull);
  return records.filter((record, index) => {
    const isShort =
      record.cells.length > 1 && record.cells.length < width && !record.isLoose && !record.isOpen;
    return isFull(record) || (index > first && isShort);
  });
}
