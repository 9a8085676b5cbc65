import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import * as cptable from '@e965/xlsx/dist/cpexcel.full';
import { type CellObject, read, set_cptable, type WorkBook, type WorkSheet } from '@e965/xlsx/xlsx.mjs';
import { decodePart, detectEncoding } from './encoding.js';
import { dateText, isDateFormat, numberText } from './xlsx-values.js';

/**
 * Runs in a thread of its own, where a hostile file can neither take the memory of the program nor keep it
 * busy for ever: reads a workbook whole through the library and writes each sheet as lines of JSON, a line a row:
 * its number, then column and text of each cell that is not empty, so that a far column costs no more than itself.
 */
export interface SpreadsheetWork {
  readonly path: string;
  /** Documents of text are decoded before the library sees them. */
  readonly kind: 'binary' | 'html' | 'xml';
  /** Where sheets are written: this and their index. */
  readonly target: string;
}

export interface WrittenSheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly path: string;
}

export type SpreadsheetResult =
  | { readonly sheets: WrittenSheet[] }
  | { readonly error: string; readonly code?: string };

const errorTexts: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
  43: '#GETTING_DATA',
};

const options = {
  dense: true,
  cellNF: true,
  cellFormula: false,
  cellHTML: false,
  cellText: false,
  // Whatever stands in an HTML cell is text here: ids keep their zeros, dates their form.
  raw: true,
} as const;

function readWorkbook({ path, kind }: SpreadsheetWork): WorkBook {
  set_cptable(cptable);
  const bytes = readFileSync(path);
  if (kind === 'binary') return read(bytes, { ...options, type: 'buffer' });
  const text = textOf(bytes);
  // The library takes what there is.
  const isWhole =
    kind === 'xml'
      ? /<\/(\w+:)?Workbook>\s*$/.test(text.slice(-200))
      : text.toLowerCase().lastIndexOf('</table') > text.toLowerCase().lastIndexOf('<tr');
  if (!isWhole) throw new Error('it ends before its last table does');
  return read(text, { ...options, type: 'string' });
}

/** The text of an HTML or XML document, in the encoding that it declares, or else seems to have. */
function textOf(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 4096);
  const isMarked = /^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/.test(start);
  const declared = /<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]*?charset\s*=\s*["']?([\w.:-]+)/i.exec(
    start,
  );
  const label = declared?.[1] ?? declared?.[2];
  if (!isMarked && label !== undefined && !/^utf-?(8|16)$/i.test(label)) {
    try {
      return new TextDecoder(label).decode(bytes);
    } catch {
      // An encoding that nobody knows: judged by its bytes.
    }
  }
  return decodePart(bytes, detectEncoding([bytes]));
}

function cellText(cell: CellObject, date1904: boolean): string | null {
  const { t: type, v: value } = cell;
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'n':
      return typeof cell.z === 'string' && isDateFormat(cell.z)
        ? dateText(String(value), date1904)
        : numberText(String(value));
    case 'b':
      return value ? 'TRUE' : 'FALSE';
    case 'e':
      return errorTexts[Number(value)] ?? '#N/A';
    case 'd':
      return value instanceof Date ? value.toISOString().slice(0, 19).replace('T', ' ') : String(value);
    case 's':
      return String(value) || null;
    default:
      return null;
  }
}

function writeSheet(sheet: WorkSheet, path: string, date1904: boolean): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    let text = '';
    // Far rows may be alone: forEach passes over what is not there.
    (sheet['!data'] as (CellObject | undefined)[][] | undefined)?.forEach((row, index) => {
      const cells: (number | string)[] = [];
      row.forEach((cell, column) => {
        const content = cell === undefined ? null : cellText(cell, date1904);
        if (content !== null) cells.push(column, content);
      });
      if (cells.length === 0) return;
      text += `${JSON.stringify([index + 1, ...cells])}\n`;
      if (text.length > 1 << 20) {
        writeSync(file, text);
        text = '';
      }
    });
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

function convert(work: SpreadsheetWork): WrittenSheet[] {
  const book = readWorkbook(work);
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  return book.SheetNames.flatMap((name, index) => {
    const sheet = book.Sheets[name];
    if (sheet === undefined || sheet['!type'] === 'chart') return [];
    const path = `${work.target}-${index}`;
    writeSheet(sheet, path, date1904);
    return [{ name, hidden: (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0, path }];
  });
}

let result: SpreadsheetResult;
try {
  result = { sheets: convert(workerData as SpreadsheetWork) };
} catch (error) {
  const { message = String(error), code } = error as NodeJS.ErrnoException;
  result = { error: message, ...(code === undefined ? {} : { code }) };
}
parentPort!.postMessage(result);
