import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../core/errors.js';
import { EmptyInput } from './empty-input.js';
import { detectEncoding, type Encoding, utf8Chunks } from './encoding.js';
import { JsonError, JsonRows } from './json-row.js';
import type { LocalFile } from './local-file.js';
import { numberedCopy, type RowCounter } from './numbered-copy.js';
import { quoteCell } from './records.js';
import type { FileSettings } from './settings.js';
import type { Source } from './source.js';

const sampleRows = 1000;
/** Beyond the first rows, one in so many is looked at too. */
const sampleStep = 997;
/** Characters; no record of an export is as long. */
const maximumLength = 16 * 1024 * 1024;
/** The engine takes no longer rows. */
const maximumRowLength = 1024 * 1024;
const shownLength = 80;
const headBytes = 256 * 1024;

/** A piece of the file that should be one object. */
interface Piece {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * Looks at JSON lines, or at a list of objects: all of it is read, as any line may have keys of its own.
 * @throws UserError for a file that holds no objects
 */
export async function inspectJson(
  file: LocalFile,
  format: 'jsonl' | 'json',
  settings: FileSettings,
): Promise<Source> {
  const { name } = file;
  const encoding = settings.encoding ?? (await encodingOf(file));
  const found = new JsonRows();
  const sample: (string | null)[][] = [];
  let rows = 0;
  let broken = 0;
  for await (const pieces of piecesOf(file, format, encoding)) {
    for (const { text } of pieces) {
      const cells = rowOf(found, text);
      if (cells === undefined) broken += 1;
      else {
        rows += 1;
        if (rows <= sampleRows || (rows % sampleStep === 0 && sample.length < 2 * sampleRows))
          sample.push(cells);
      }
    }
    if (rows === 0 && broken >= sampleRows) break;
  }
  if (rows === 0) {
    if (broken === 0) throw new EmptyInput('the file has no rows', { file: name });
    throw new UserError('the file is JSON of some kind, but holds no list of objects', {
      place: { file: name },
      remedy: 'Export it as JSON lines, one object a line, as a list of objects, or as CSV.',
    });
  }
  const { header } = found;
  return {
    file: name,
    sheet: null,
    layout: { format, encoding, delimiter: null, headerRow: null },
    settings,
    header: [...header],
    headerRows: [],
    hasHeader: true,
    sample: sample.map((cells) => header.map((_, index) => cells[index] ?? null)),
    decimalComma: false,
    // The scan holds the numbers themselves.
    rowNumbers: async (counted) => [...counted],
    prepare: (columns, temporaryFolder) => {
      const wanted = columns.map((column) => header[column]!);
      return numberedCopy(temporaryFolder, { wanted: columns.length, behind: 2 }, (counter) =>
        csvText(piecesOf(file, format, encoding), wanted, counter),
      );
    },
  };
}

function rowOf(found: JsonRows, text: string): (string | null)[] | undefined {
  try {
    return found.read(text);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

/**
 * Rows as CSV: the line, the columns wanted, and two empty ones. What is no object becomes the line and the
 * beginning of its text, too few columns for a row, so that the engine counts it among the broken lines.
 */
async function* csvText(
  pieces: AsyncIterable<Piece[]>,
  wanted: readonly string[],
  counter: RowCounter,
): AsyncGenerator<string> {
  const found = new JsonRows();
  let known = 0;
  let positions: number[] = [];
  for await (const batch of pieces) {
    let text = '';
    for (const piece of batch) {
      counter.rows += 1;
      const cells = rowOf(found, piece.text);
      // Columns get their places in the order in which keys appear, so these move only when one is new.
      if (found.header.length !== known) {
        known = found.header.length;
        positions = wanted.map((name) => found.header.indexOf(name));
      }
      let row = String(piece.line);
      if (cells !== undefined) {
        for (const position of positions) {
          const cell = cells[position];
          row += cell == null ? ',' : `,${quoteCell(cell, ',')}`;
        }
        row += ',,';
      }
      if (cells === undefined || row.length > maximumRowLength) {
        row = `${piece.line},${quoteCell(piece.text.slice(0, shownLength), ',')}`;
      }
      text += `${row}\n`;
    }
    if (text !== '') yield text;
  }
}

async function encodingOf({ path }: LocalFile): Promise<Encoding> {
  const handle: FileHandle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0);
    return detectEncoding([buffer.subarray(0, bytesRead)]);
  } finally {
    await handle.close();
  }
}

/** The pieces of a file in batches, one batch for each part that is read. */
async function* piecesOf(
  { path, name }: LocalFile,
  format: 'jsonl' | 'json',
  encoding: Encoding,
): AsyncGenerator<Piece[]> {
  const splitter = format === 'jsonl' ? new LineSplitter(name) : new ListSplitter(name);
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  for await (const chunk of utf8Chunks(path, encoding)) {
    const text = decoder.write(chunk);
    yield splitter.push(isFirst ? text.replace(/^\ufeff/, '') : text);
    isFirst = false;
  }
  yield splitter.end();
}

/** Lines that are not blank. */
class LineSplitter {
  private rest = '';
  private line = 0;

  constructor(private readonly name: string) {}

  push(text: string): Piece[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    if (this.rest.length > maximumLength) throw tooLong(this.name, this.line + 1);
    const pieces: Piece[] = [];
    for (const content of lines) {
      this.line += 1;
      if (!isBlank(content)) pieces.push({ line: this.line, text: content });
    }
    return pieces;
  }

  end(): Piece[] {
    return isBlank(this.rest) ? [] : [{ line: this.line + 1, text: this.rest }];
  }
}

function isBlank(line: string): boolean {
  return line.charCodeAt(0) !== 123 && line.trim() === '';
}

/** Elements of a list: what stands between its commas, whether it is an object or not. */
class ListSplitter {
  private line = 1;
  private state: 'before' | 'within' | 'after' = 'before';
  private depth = 0;
  private inText = false;
  private isEscaped = false;
  private element = '';
  private startLine = 0;

  constructor(private readonly name: string) {}

  push(text: string): Piece[] {
    const pieces: Piece[] = [];
    // Where the part of the open element that is in this text begins; -1 while none is open.
    let start = this.startLine > 0 ? 0 : -1;
    const finish = (end: number) => {
      if (start >= 0) pieces.push({ line: this.startLine, text: this.element + text.slice(start, end) });
      this.element = '';
      this.startLine = 0;
      start = -1;
    };
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (character === '\n') this.line += 1;
      if (this.inText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (character === '\\') this.isEscaped = true;
        else if (character === '"') this.inText = false;
        continue;
      }
      if (/\s/.test(character)) continue;
      if (this.state === 'before') {
        // The format was told by this bracket.
        this.state = 'within';
        continue;
      }
      if (this.state === 'after') throw damagedList(this.name, this.line, 'something follows the list');
      if (this.depth === 0 && (character === ',' || character === ']')) {
        finish(at);
        if (character === ']') this.state = 'after';
        continue;
      }
      if (start < 0) {
        start = at;
        this.startLine = this.line;
      }
      if (character === '"') this.inText = true;
      else if (character === '{' || character === '[') this.depth += 1;
      else if (character === '}' || character === ']') this.depth -= 1;
    }
    if (start >= 0) this.element += text.slice(start);
    if (this.element.length > maximumLength) throw tooLong(this.name, this.startLine);
    return pieces;
  }

  end(): Piece[] {
    if (this.state !== 'after') throw damagedList(this.name, this.line, 'it ends before its list does');
    return [];
  }
}

function damagedList(name: string, row: number, what: string): UserError {
  return new UserError(`the JSON file is damaged: ${what}`, {
    place: { file: name, row },
    remedy: 'Copy or export it again; it may have been cut short.',
  });
}

function tooLong(name: string, row: number): UserError {
  return new UserError(`a record is longer than ${maximumLength / 1024 / 1024} MiB`, {
    place: { file: name, row },
    remedy: 'Export it as JSON lines, one object a line, or as CSV.',
  });
}
