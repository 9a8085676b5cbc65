import { type Place, UserError } from '../core/errors.js';
import { damaged } from './archive.js';
import type { SheetRow } from './workbook.js';
import { RichText } from './xlsx-parts.js';
import {
  dateText,
  isoDateText,
  type NumberStyle,
  numberText,
  percentText,
  unescapeText,
} from './xlsx-values.js';
import { XmlError, type XmlHandler, type XmlScanner } from './xlsx-xml.js';

/** What the cells of a sheet refer to. */
export interface CellContext {
  readonly place: Place;
  readonly sharedStrings: readonly string[];
  readonly styles: readonly NumberStyle[];
  readonly date1904: boolean;
}

const rowsPerBatch = 1000;
/** Rows can be wide: a batch is also complete when it has so many cells. */
const cellsPerBatch = 100_000;
/** XFD, the last column that Excel has. */
const maximumColumns = 16_384;
/** Beyond what any program writes; Excel has 1 048 576. */
const maximumRow = 1_000_000_000;

type CellType = 'number' | 'shared' | 'inline' | 'formula text' | 'boolean' | 'error' | 'date' | 'unknown';

const cellTypes: ReadonlyMap<string, CellType> = new Map([
  ['n', 'number'],
  ['s', 'shared'],
  ['inlineStr', 'inline'],
  ['str', 'formula text'],
  ['b', 'boolean'],
  ['e', 'error'],
  ['d', 'date'],
]);

/** Gathers the rows of a worksheet part; asks for a pause whenever a batch is complete. */
export class SheetHandler implements XmlHandler {
  private rows: SheetRow[] = [];
  private cellsInBatch = 0;
  private inData = false;
  /** The open row, and within it the open cell. */
  private inRow = false;
  private row = 0;
  private cells: (string | null)[] = [];
  private inCell = false;
  private column = -1;
  private type: CellType = 'number';
  private style = 0;
  private value = '';
  private readonly inline = new RichText();

  constructor(private readonly context: CellContext) {}

  /** The rows since the last call. */
  take(): SheetRow[] {
    const rows = this.rows;
    this.rows = [];
    this.cellsInBatch = 0;
    return rows;
  }

  open(name: string, scanner: XmlScanner): void {
    const depth = scanner.depth;
    if (this.inCell) {
      if (depth === 5) {
        if (name === 'v') scanner.capture();
        else if (name === 'is') this.inline.clear();
      } else {
        this.inline.open(name, scanner, 5);
      }
    } else if (this.inRow) {
      if (depth === 4 && name === 'c') this.openCell(scanner);
    } else if (depth === 3) {
      if (this.inData && name === 'row') this.openRow(scanner);
    } else if (depth === 2) {
      this.inData = name === 'sheetData';
    } else if (depth === 1 && name !== 'worksheet') {
      throw new XmlError('it is not a worksheet');
    }
  }

  close(name: string, scanner: XmlScanner): void {
    const depth = scanner.depth;
    if (this.inCell) {
      if (depth === 4) this.closeCell();
      else if (depth === 5 && name === 'v') {
        this.value = scanner.captured;
        scanner.captured = '';
      } else if (depth > 5) this.inline.close(name, scanner);
    } else if (this.inRow && depth === 3) {
      this.inRow = false;
      this.rows.push({ number: this.row, cells: this.cells });
      this.cellsInBatch += this.cells.length;
      if (this.rows.length >= rowsPerBatch || this.cellsInBatch >= cellsPerBatch) scanner.pause();
    }
  }

  private openRow(scanner: XmlScanner): void {
    const reference = scanner.attribute('r');
    if (reference === undefined) this.row++;
    else {
      this.row = wholeNumber(reference);
      if (this.row < 1 || this.row > maximumRow) {
        throw damaged(this.context.place, `a row has the number '${reference.slice(0, 20)}'`);
      }
    }
    this.inRow = true;
    this.cells = [];
    this.column = -1;
  }

  private openCell(scanner: XmlScanner): void {
    this.inCell = true;
    this.type = 'number';
    this.style = 0;
    this.value = '';
    this.inline.clear();
    let referenced = false;
    for (let index = 0; index < scanner.attributeCount; index++) {
      const name = scanner.attributeName(index);
      if (name === 'r') {
        this.column = this.columnOf(scanner, index);
        referenced = true;
      } else if (name === 's') {
        this.style = wholeNumber(scanner.attributeValue(index));
      } else if (name === 't') {
        this.type = cellTypes.get(scanner.attributeValue(index)) ?? 'unknown';
      }
    }
    if (!referenced) this.column++;
    if (this.column >= maximumColumns) {
      throw damaged({ ...this.context.place, row: this.row }, 'a cell lies beyond XFD, the last column');
    }
  }

  /** The column that a reference like 'AB12' names, from 0. Read in place, as every cell has one. */
  private columnOf(scanner: XmlScanner, index: number): number {
    const end = scanner.attributeEnds[index]!;
    let column = 0;
    let at = scanner.attributeStarts[index]!;
    const start = at;
    for (; at < end; at++) {
      const letter = scanner.text.charCodeAt(at) - 64;
      if (letter < 1 || letter > 26) break;
      column = column * 26 + letter;
      if (column > maximumColumns) break;
    }
    const digit = scanner.text.charCodeAt(at);
    if (column > maximumColumns || (at > start && at < end && digit >= 48 && digit <= 57)) return column - 1;
    const reference = scanner.attributeValue(index).slice(0, 20);
    throw damaged({ ...this.context.place, row: this.row }, `a cell is said to be at '${reference}'`);
  }

  private closeCell(): void {
    this.inCell = false;
    const text = this.cellText();
    if (text === null) return;
    const cells = this.cells;
    const column = this.column;
    if (column < cells.length) {
      cells[column] = text;
      return;
    }
    while (cells.length < column) cells.push(null);
    cells.push(text);
  }

  private cellText(): string | null {
    const value = this.value;
    if (value === '') return this.inline.text === '' ? null : this.inline.text;
    switch (this.type) {
      case 'number':
        return this.numberAsShown(value) || null;
      case 'shared':
        return this.sharedText(value) || null;
      case 'boolean':
        return booleanText(value.trim());
      case 'date':
        return isoDateText(value) || null;
      case 'inline':
        // Some programs write the text where the value belongs; others write both, and this is the one meant.
        return this.inline.text || unescapeText(value);
      default:
        return unescapeText(value);
    }
  }

  /** A number as its style shows it, where that says more than how many decimals are wanted. */
  private numberAsShown(value: string): string {
    const style = this.context.styles[this.style];
    if (style === undefined || style.kind === 'plain') return numberText(value);
    if (style.kind === 'date') return dateText(value, this.context.date1904);
    if (style.kind === 'percent') return percentText(value);
    const text = numberText(value);
    // A sign or a decimal point would stand among the zeros.
    return style.kind === 'zeros' && /^\d+$/.test(text) ? text.padStart(style.digits, '0') : text;
  }

  private sharedText(value: string): string {
    const texts = this.context.sharedStrings;
    const text = texts[wholeNumber(value)];
    if (text !== undefined) return text;
    const column = columnName(this.column);
    throw new UserError(
      `the workbook is damaged: cell ${column}${this.row} refers to text ${value.trim().slice(0, 20)} of ${texts.length}`,
      {
        place: { ...this.context.place, row: this.row, column },
        remedy: 'Open it in Excel or LibreOffice and save it again as .xlsx, or export it anew.',
      },
    );
  }
}

function booleanText(value: string): string {
  if (value === '1' || value === 'true') return 'TRUE';
  if (value === '0' || value === 'false') return 'FALSE';
  return value;
}

/** The value of a text of digits, maybe among spaces; -1 for any other. */
function wholeNumber(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return /^\s*\d+\s*$/.test(text) ? Number(text) : -1;
    value = value * 10 + digit;
  }
  return text === '' ? -1 : value;
}

/** 0 is 'A', 26 is 'AA'. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}
