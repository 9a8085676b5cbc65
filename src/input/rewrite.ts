import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { usedWidth } from './dialect.js';
import { type Encoding, utf8Chunks } from './encoding.js';
import { type CsvRecord, openQuote, quoteCell, type RecordFormat, RecordSplitter } from './records.js';

/** Where the data rows of a CSV file are, and what they are like. */
export interface DataRows {
  /** The last row of the header as a spreadsheet numbers it, from 1. */
  readonly headerRow: number;
  readonly hasSeparatorLine: boolean;
  readonly format: RecordFormat;
  readonly width: number;
  readonly hasShortRows: boolean;
}

/** Writes a file anew as UTF-8, and changes nothing else: the engine reads it as it would read the file. */
export async function writeUtf8Copy(
  from: string,
  to: string,
  encoding: Encoding,
  name = from,
): Promise<void> {
  await pipeline(Readable.from(utf8Chunks(from, encoding, name)), createWriteStream(to, { mode: 0o600 }));
}

/**
 * Writes the data rows of a file anew as the engine reads them: the row number in front, quotes by the standard,
 * one kind of line end. Rows keep their columns, however many; short ones are filled up where the file has
 * such; blank lines are left out.
 * @param name what the file is called in messages, if not by its path
 * @returns the number of rows written
 * @throws UserError for a quote that is never closed
 */
export async function writePlainCopy(
  from: string,
  to: string,
  encoding: Encoding,
  rows: DataRows,
  name = from,
): Promise<number> {
  const { delimiter } = rows.format;
  let written = 0;
  async function* lines(): AsyncGenerator<Buffer> {
    let text = '';
    for await (const { row, record } of dataRecords(from, encoding, rows, name)) {
      if (record.isOpen) throw openQuote({ file: name, row });
      if (isBlank(record)) continue;
      written += 1;
      text += row;
      for (const cell of record.cells) text += delimiter + quoteCell(cell, delimiter);
      if (rows.hasShortRows) {
        text += delimiter.repeat(Math.max(0, rows.width - record.cells.length));
      }
      text += '\n';
      if (text.length > 1 << 20) {
        yield Buffer.from(text, 'latin1');
        text = '';
      }
    }
    yield Buffer.from(text, 'latin1');
  }
  await pipeline(Readable.from(lines()), createWriteStream(to, { mode: 0o600 }));
  return written;
}

/**
 * Reads a file as a spreadsheet would, counting the rows that the engine counts, up to the last one wanted.
 * @param counted data rows, from 1
 * @returns their numbers in a spreadsheet, from 1
 */
export async function findRowNumbers(
  file: string,
  encoding: Encoding,
  rows: DataRows,
  counted: readonly number[],
): Promise<number[]> {
  const numbers: number[] = [];
  let dataRow = 0;
  for await (const { row, record } of dataRecords(file, encoding, rows)) {
    if (isBlank(record) || isBroken(record, rows)) continue;
    dataRow += 1;
    while (counted[numbers.length] === dataRow) numbers.push(row);
    if (numbers.length === counted.length) break;
  }
  return counted.map((number, index) => numbers[index] ?? number + rows.headerRow);
}

/**
 * The records below the header with their row numbers. Their cells are the bytes of UTF-8 as Latin-1: the
 * marks that tell them apart are ASCII, and damaged characters stay as they are.
 */
async function* dataRecords(
  file: string,
  encoding: Encoding,
  { format, headerRow, hasSeparatorLine }: DataRows,
  name = file,
): AsyncGenerator<{ row: number; record: CsvRecord }> {
  const splitter = new RecordSplitter(format);
  let row = hasSeparatorLine ? -1 : 0;
  let isFirst = true;
  for await (const chunk of utf8Chunks(file, encoding, name)) {
    let text = chunk.toString('latin1');
    if (isFirst) text = text.replace(/^\u00ef\u00bb\u00bf/, '');
    isFirst = false;
    for (const record of splitter.push(text)) {
      row += 1;
      if (row > headerRow) yield { row, record };
    }
  }
  for (const record of splitter.end()) {
    row += 1;
    if (row > headerRow) yield { row, record };
  }
}

function isBlank({ cells }: CsvRecord): boolean {
  return cells.length === 1 && cells[0] === '';
}

/** Whether the engine rejects a record, as its columns are not those of the header. */
function isBroken(record: CsvRecord, { width, hasShortRows }: DataRows): boolean {
  return record.isLoose || usedWidth(record.cells) > width || (!hasShortRows && record.cells.length < width);
}
