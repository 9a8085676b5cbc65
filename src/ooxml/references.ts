import { columnName } from '../input/xlsx-sheet.js';

/** Rows and columns that Excel has. */
export const mostRows = 1_048_576;
export const mostColumns = 16_384;

export { columnName };

/** 'AA' is 26. */
export function columnIndex(name: string): number {
  let index = 0;
  for (const letter of name.toUpperCase()) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

/**
 * Whether a range that covers a list grows with it. One of a single row may as well mean that row, and does not
 * grow unless it is known to mean the list.
 */
type Growth = 'list' | 'even of one row' | 'never';

/**
 * Rows of a sheet that are taken out, and rows that are put in below the last row of a list, as a spreadsheet
 * program does both: what refers to rows below goes on referring to them.
 */
export class RowShift {
  readonly #deleted: readonly number[];

  /**
   * @param first the first row of the list
   * @param last its last row, below which `inserted` rows are put in; that of the header where the list has none
   */
  constructor(
    deleted: readonly number[],
    readonly first: number,
    readonly last: number,
    readonly inserted: number,
  ) {
    this.#deleted = [...deleted].sort((one, other) => one - other);
  }

  /** Whether every row stays where it is and no range grows. */
  get isNothing(): boolean {
    return this.#deleted.length === 0 && this.inserted === 0;
  }

  /** The new number of a row; undefined for one that is taken out. */
  row(row: number): number | undefined {
    return this.isDeleted(row) ? undefined : this.#moved(row);
  }

  isDeleted(row: number): boolean {
    const before = this.#countUpTo(row);
    return before > 0 && this.#deleted[before - 1] === row;
  }

  /** Where a place that is not part of the list goes: with a row taken out, to the one that follows. */
  nearest(row: number): number {
    return this.isDeleted(row) ? this.#moved(row) + 1 : this.#moved(row);
  }

  /** The first of the rows put in. */
  get firstInserted(): number {
    return this.last - this.#countUpTo(this.last) + 1;
  }

  /**
   * The new ends of a range of rows; undefined where all of it is taken out.
   * One that covers the list grows with it.
   */
  range(from: number, to: number, growth: Growth = 'list'): [number, number] | undefined {
    if (from > to) return this.range(to, from, growth);
    const covers = from <= this.first && to === this.last && (to > from || growth === 'even of one row');
    const grows = this.inserted > 0 && covers && growth !== 'never';
    // What is below the list, or only its last row, keeps what it covers.
    const kept = to - from + 1 - (this.#countUpTo(to) - this.#countUpTo(from - 1));
    // In a list without rows the first ones come where a range below the header begins.
    const begins =
      this.last < this.first && from === this.first && (to > from || growth === 'even of one row');
    const within = (from <= this.last || begins) && to > this.last && this.inserted > 0;
    if (kept === 0 && !grows && !within) return undefined;
    const start = from - this.#countUpTo(from - 1) + (from > this.last && !begins ? this.inserted : 0);
    const end = to - this.#countUpTo(to) + (grows || to > this.last ? this.inserted : 0);
    return [start, to >= mostRows ? mostRows : Math.min(end, mostRows)];
  }

  #moved(row: number): number {
    return row - this.#countUpTo(row) + (row > this.last ? this.inserted : 0);
  }

  /** How many of the rows taken out are at this row or above. */
  #countUpTo(row: number): number {
    let low = 0;
    let high = this.#deleted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#deleted[middle]! <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const cell = /^(\$?)([A-Z]{1,3})(\$?)(\d{1,7})$/i;

/** 'B2' or 'B2:C9' after a shift; undefined where nothing of it is left. */
export function shiftReference(
  reference: string,
  shift: RowShift,
  growth: Growth = 'list',
): string | undefined {
  const [first, second] = reference.split(':');
  const start = cell.exec(first!);
  if (start === null) return shiftRows(reference, shift);
  const end = second === undefined ? start : cell.exec(second);
  if (end === null) return reference;
  const rows = shift.range(Number(start[4]), Number(end[4]), growth);
  if (rows === undefined) return undefined;
  const from = `${start[1]}${start[2]}${start[3]}${rows[0]}`;
  if (second === undefined && rows[0] === rows[1]) return from;
  return `${from}:${end[1]}${end[2]}${end[3]}${rows[1]}`;
}

/** '2:5' after a shift. Whole rows do not grow with a list: they are titles to print, or heights. */
function shiftRows(reference: string, shift: RowShift): string | undefined {
  const match = /^(\$?)(\d{1,7}):(\$?)(\d{1,7})$/.exec(reference);
  if (match === null) return reference;
  const [from, to] = [Number(match[2]), Number(match[4])];
  const rows = shift.range(from, to, 'never');
  return rows && `${match[1]}${rows[0]}:${match[3]}${rows[1]}`;
}

/** Several ranges with spaces between them; undefined where nothing of any is left. */
export function shiftReferences(
  references: string,
  shift: RowShift,
  growth: Growth = 'list',
): string | undefined {
  const kept = references
    .trim()
    .split(/\s+/)
    .map((reference) => shiftReference(reference, shift, growth))
    .filter((reference) => reference !== undefined);
  return kept.length === 0 ? undefined : kept.join(' ');
}

const part = String.raw`\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}`;
const notWithin = String.raw`(?![\p{L}\p{N}_.(!?\\])`;
/** The pieces of a formula that matter, and those in which nothing is to be looked for. */
const formulaToken = new RegExp(
  [
    `"(?:[^"]|"")*"`,
    // The sheet that a reference is to: 'My sheet'!, Sheet1!, [1]Sheet1!, Jan:Dec!
    String.raw`(?<sheet>(?:'(?:[^']|'')*'|(?:\[\d+\])?[\p{L}_\\][\p{L}\p{N}_.\\]*(?::[\p{L}_\\][\p{L}\p{N}_.\\]*)?|\[\d+\])!)`,
    String.raw`\[(?:[^[\]]|\[(?:[^[\]]|'[[\]])*\])*\]`,
    `(?<cells>${part}${notWithin}(?::${part}${notWithin})?)`,
    String.raw`(?<rows>\$?[1-9]\d{0,6}:\$?[1-9]\d{0,6}${notWithin})`,
    `#[A-Z0-9/]+[!?]?`,
    String.raw`[\p{L}_\\$][\p{L}\p{N}_.?\\$]*`,
    String.raw`\d+(?:\.\d*)?(?:[eE][+-]?\d+)?`,
  ].join('|'),
  'gu',
);

/** Replaces the references of a formula; `sheet` is the name written before one, if any. */
export function mapReferences(
  formula: string,
  map: (reference: string, sheet: string | undefined) => string | undefined,
): string {
  let sheet: string | undefined;
  let sheetEnd = -1;
  return formula.replace(formulaToken, (...match) => {
    const groups = match.at(-1) as { sheet?: string; cells?: string; rows?: string };
    const whole = match[0] as string;
    const at = match.at(-3) as number;
    if (groups.sheet !== undefined) {
      sheet = sheetName(groups.sheet);
      sheetEnd = at + whole.length;
      return whole;
    }
    const reference = groups.cells ?? groups.rows;
    if (reference === undefined) return whole;
    return map(reference, at === sheetEnd ? sheet : undefined) ?? '#REF!';
  });
}

/** The sheet of the first cell that a formula names with its sheet. */
export function sheetOf(formula: string): string | undefined {
  let found: string | undefined;
  mapReferences(formula, (reference, sheet) => {
    found ??= sheet;
    return reference;
  });
  return found;
}

function sheetName(prefix: string): string {
  const name = prefix.slice(0, -1);
  return name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;
}

/**
 * A formula after rows of a sheet have moved.
 * @param isOwn whether the formula stands on that sheet, so that references without a sheet are to it
 */
export function shiftFormula(formula: string, shift: RowShift, sheet: string, isOwn: boolean): string {
  return mapReferences(formula, (reference, named) => {
    const isMeant = named === undefined ? isOwn : named.toLowerCase() === sheet.toLowerCase();
    return isMeant ? shiftReference(reference, shift) : reference;
  });
}

/** A formula as it reads when it is filled into a cell so many rows below and columns to the right. */
export function fillFormula(formula: string, rows: number, columns: number): string {
  const movedRow = (fixed: string, row: string) => (fixed ? Number(row) : Number(row) + rows);
  const move = (reference: string): string | undefined => {
    const match = cell.exec(reference);
    if (match === null) {
      const row = /^(\$?)(\d+)$/.exec(reference)!;
      const moved = movedRow(row[1]!, row[2]!);
      return moved < 1 || moved > mostRows ? undefined : `${row[1]}${moved}`;
    }
    const [, fixedColumn, letters, fixedRow, number] = match;
    const row = movedRow(fixedRow!, number!);
    const column = columnIndex(letters!) + (fixedColumn ? 0 : columns);
    if (row < 1 || row > mostRows || column < 0 || column >= mostColumns) return undefined;
    return `${fixedColumn}${columnName(column)}${fixedRow}${row}`;
  };
  return mapReferences(formula, (reference) => {
    const moved = reference.split(':').map(move);
    return moved.includes(undefined) ? undefined : moved.join(':');
  });
}

/**
 * A formula of the sheet whose rows move, for a cell so many rows below: references to rows that are fixed ($F$1)
 * follow them, others keep their distance.
 */
export function moveFormula(formula: string, rows: number, shift: RowShift, sheet: string): string {
  const fixed = mapReferences(formula, (reference, named) => {
    const isOwn = named === undefined || named.toLowerCase() === sheet.toLowerCase();
    const isFixed = reference.split(':').every((one) => /\$\d+$/.test(one));
    return isOwn && isFixed ? shiftReference(reference, shift) : reference;
  });
  return fillFormula(fixed, rows, 0);
}
