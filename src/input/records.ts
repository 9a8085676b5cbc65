import { type Place, UserError } from '../core/errors.js';

/** How the fields of a CSV text are told apart. */
export interface RecordFormat {
  readonly delimiter: string;
  /** A quote within quotes is written \" (and a backslash \\) instead of "". */
  readonly backslash: boolean;
}

export type LineEnd = '\r\n' | '\n' | '\r';

/** A record: a row as a spreadsheet shows it, which may span several lines. */
export interface CsvRecord {
  readonly cells: string[];
  /** Undefined for a last line that has none. */
  readonly lineEnd: LineEnd | undefined;
  /** Quotes are not written as the standard has them: '"5" pipe"'. The engine cannot read such a record. */
  readonly isLoose: boolean;
  /** A quote is opened and never closed. */
  readonly isOpen: boolean;
  /** A quote within quotes may have been written \". */
  readonly hasBackslash: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const space = 0x20;

/** A record longer than this is no record: a quote was opened and not closed. */
const maximumLength = 4 * 1024 * 1024;

/**
 * Splits a text into records, given it piece by piece. Where quotes are not as the standard has them, the most
 * likely reading counts: a quote ends a field only before a delimiter or the end of the line, and a field
 * whose quotes do not close on its line was not quoted.
 */
export class RecordSplitter {
  readonly #format: RecordFormat;
  #text = '';
  #at = 0;

  constructor(format: RecordFormat) {
    this.#format = format;
  }

  /** Records that are complete with this piece. */
  *push(piece: string): Generator<CsvRecord> {
    this.#text = this.#text.slice(this.#at) + piece;
    this.#at = 0;
    yield* this.#records(false);
  }

  /** The rest: a last record without a line end, or one whose quote is open. */
  *end(): Generator<CsvRecord> {
    yield* this.#records(true);
  }

  *#records(isWhole: boolean): Generator<CsvRecord> {
    const reader = new RecordReader(this.#text, this.#format, isWhole);
    while (this.#at < this.#text.length) {
      const record = reader.read(this.#at);
      if (record === undefined) {
        if (this.#text.length - this.#at <= maximumLength) return;
        this.#at = this.#text.length;
        yield { cells: [], lineEnd: undefined, isLoose: false, isOpen: true, hasBackslash: false };
        return;
      }
      this.#at = reader.end;
      yield record;
    }
  }
}

/** The records of a text; a last one that is cut off is left out unless the text is whole. */
export function splitRecords(
  text: string,
  format: RecordFormat,
  isWhole: boolean,
  limit: number,
): CsvRecord[] {
  const records: CsvRecord[] = [];
  const reader = new RecordReader(text, format, isWhole);
  let at = 0;
  while (at < text.length && records.length < limit) {
    const record = reader.read(at);
    if (record === undefined) break;
    records.push(record);
    at = reader.end;
  }
  return records;
}

class RecordReader {
  /** Where the record that was read last ends. */
  end = 0;
  readonly #text: string;
  readonly #delimiter: number;
  readonly #backslash: boolean;
  readonly #isWhole: boolean;
  #isLoose = false;
  #isOpen = false;
  #hasBackslash = false;

  constructor(text: string, format: RecordFormat, isWhole: boolean) {
    this.#text = text;
    this.#delimiter = format.delimiter.charCodeAt(0);
    this.#backslash = format.backslash;
    this.#isWhole = isWhole;
  }

  /** @returns undefined where the text ends before the record does, and more may come */
  read(start: number): CsvRecord | undefined {
    const text = this.#text;
    const cells: string[] = [];
    this.#isLoose = false;
    this.#isOpen = false;
    this.#hasBackslash = false;
    let at = start;
    for (;;) {
      const cell = this.#field(at);
      if (cell === undefined) return undefined;
      cells.push(cell);
      at = this.end;
      if (at < text.length && text.charCodeAt(at) === this.#delimiter) {
        at += 1;
        continue;
      }
      const lineEnd = this.#lineEnd(at);
      if (lineEnd === undefined && !this.#isWhole) return undefined;
      this.end = at + (lineEnd?.length ?? 0);
      return {
        cells,
        lineEnd,
        isLoose: this.#isLoose,
        isOpen: this.#isOpen,
        hasBackslash: this.#hasBackslash,
      };
    }
  }

  /** The kind of line end here; undefined at the end of the text, and where it may be cut in two. */
  #lineEnd(at: number): LineEnd | undefined {
    const code = this.#text.charCodeAt(at);
    if (code === lineFeed) return '\n';
    if (code !== carriageReturn) return undefined;
    if (at + 1 === this.#text.length) return this.#isWhole ? '\r' : undefined;
    return this.#text.charCodeAt(at + 1) === lineFeed ? '\r\n' : '\r';
  }

  /** Reads a field; `end` is then where its delimiter or line end is. Undefined where it may go on. */
  #field(start: number): string | undefined {
    const text = this.#text;
    let at = start;
    while (text.charCodeAt(at) === space && this.#delimiter !== space) at += 1;
    return text.charCodeAt(at) === quote ? this.#quotedField(start, at + 1) : this.#plainField(start);
  }

  #plainField(start: number): string {
    const text = this.#text;
    const delimiter = this.#delimiter;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === lineFeed || code === carriageReturn) break;
    }
    this.end = at;
    return text.slice(start, at);
  }

  #quotedField(start: number, first: number): string | undefined {
    const text = this.#text;
    let value = '';
    let from = first;
    let at = first;
    let isStray = false;
    for (;;) {
      const next = text.indexOf('"', at);
      if (next < 0) {
        if (!this.#isWhole) return undefined;
        if (isStray) return this.#unquoted(start);
        this.#isOpen = true;
        this.end = text.length;
        return value + text.slice(from);
      }
      // Only a field that is not as it should be is worth looking at for line ends.
      if (isStray && /[\r\n]/.test(text.slice(at, next))) return this.#unquoted(start);
      if (text.charCodeAt(next - 1) === backslash && next > first) {
        if (this.#backslash) {
          if (this.#isEscaped(first, next)) {
            at = next + 1;
            continue;
          }
        } else if (next + 1 < text.length && !this.#closes(next + 1)) {
          this.#hasBackslash = true;
        }
      }
      const after = text.charCodeAt(next + 1);
      if (after === quote && !this.#backslash) {
        value += text.slice(from, next + 1);
        from = next + 2;
        at = from;
        continue;
      }
      if (next + 1 === text.length && !this.#isWhole) return undefined;
      if (this.#closes(next + 1)) {
        value += text.slice(from, next);
        if (isStray) this.#isLoose = true;
        this.end = next + 1;
        while (this.end < text.length && text.charCodeAt(this.end) === space) this.end += 1;
        return this.#backslash ? value.replace(/\\(["\\])/g, '$1') : value;
      }
      isStray = true;
      at = next + 1;
    }
  }

  /** Whether a field may end here: a delimiter or the end of the line, maybe after spaces. */
  #closes(at: number): boolean {
    const text = this.#text;
    let end = at;
    while (text.charCodeAt(end) === space && this.#delimiter !== space) end += 1;
    if (end >= text.length) return true;
    const code = text.charCodeAt(end);
    return code === this.#delimiter || code === lineFeed || code === carriageReturn;
  }

  /** Whether the quote follows an odd number of backslashes. */
  #isEscaped(first: number, at: number): boolean {
    let count = 0;
    while (at - 1 - count >= first && this.#text.charCodeAt(at - 1 - count) === backslash) count += 1;
    return count % 2 === 1;
  }

  /** A field that begins with a quote and is not quoted: '"Rose" Ltd'. */
  #unquoted(start: number): string {
    this.#isLoose = true;
    return this.#plainField(start);
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

/** A cell as CSV holds it. */
export function quoteCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
