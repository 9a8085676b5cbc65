import { unescapeText } from '../input/xlsx-values.js';
import { columnName } from './references.js';
import { attributeOf, decode, escapeText, plainDocument } from './xml.js';

/** A cell as its sheet has it. */
export interface SheetCell {
  /** From 0. */
  readonly column: number;
  /** Index of its style in the workbook. */
  readonly style: number;
  /** The attribute `t`. */
  readonly type: string;
  /** Other attributes, with a space before each. */
  readonly others: string;
  /** What is within the element, as XML. */
  readonly inner: string;
}

/** A row of a sheet; its cells are looked at when asked for. */
export interface SheetRow {
  /** As a spreadsheet shows it, from 1. */
  readonly number: number;
  /** Attributes but for the number, with a space before each. */
  readonly attributes: string;
  /** The cells, as XML. */
  readonly inner: string;
}

/** A worksheet part taken apart at its rows. */
export interface SheetXml {
  /** The prefix of its elements with its colon, mostly ''. */
  readonly prefix: string;
  /** Before and after the element `sheetData`. */
  readonly head: string;
  readonly rows: readonly SheetRow[];
  readonly tail: string;
}

/** @throws XmlError where the part is not well formed */
export function parseSheet(part: string): SheetXml {
  const xml = plainDocument(part);
  const root = /<((?:[\w.-]+:)?)worksheet[\s>]/.exec(xml);
  if (root === null) throw new Error('not a worksheet');
  const prefix = root[1]!;
  const opened = new RegExp(`<${prefix}sheetData(?:\\s[^>]*?)?/?>`).exec(xml);
  if (opened === null) throw new Error('a worksheet without sheetData');
  const start = opened.index + opened[0].length;
  const head = xml.slice(0, opened.index);
  if (opened[0].endsWith('/>')) return { prefix, head, rows: [], tail: xml.slice(start) };
  const closing = `</${prefix}sheetData`;
  const end = xml.indexOf(closing, start);
  const tail = xml.slice(xml.indexOf('>', end) + 1);
  return { prefix, head, rows: parseRows(xml, start, end, prefix), tail };
}

function parseRows(xml: string, start: number, end: number, prefix: string): SheetRow[] {
  const rows: SheetRow[] = [];
  const opening = `<${prefix}row`;
  const closing = `</${prefix}row`;
  let number = 0;
  for (let at = xml.indexOf(opening, start); at !== -1 && at < end; at = xml.indexOf(opening, at)) {
    const tagEnd = tagEndAt(xml, at);
    const isEmpty = xml.charCodeAt(tagEnd - 1) === 47;
    const attributes = xml.slice(at + opening.length, isEmpty ? tagEnd - 1 : tagEnd);
    const given = attributeOf(attributes, 'r');
    number = given === undefined ? number + 1 : Number(given);
    const close = isEmpty ? tagEnd + 1 : xml.indexOf(closing, tagEnd);
    rows.push({
      number,
      // What `spans` says may no longer be so; it is but a hint.
      attributes: attributes.replace(/\s(?:r|spans)\s*=\s*(?:"[^"]*"|'[^']*')/g, '').trimEnd(),
      inner: isEmpty ? '' : xml.slice(tagEnd + 1, close),
    });
    at = close;
  }
  return rows;
}

/** Where the tag that begins here has its '>'; one within quotes does not end it. */
function tagEndAt(xml: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const code = xml.charCodeAt(at);
    if (code === 62) return at;
    if (code === 34 || code === 39) at = xml.indexOf(code === 34 ? '"' : "'", at + 1);
  }
}

/** The row looked at last, which often is looked at again. */
let lastRow: SheetRow | undefined;
let lastCells: SheetCell[] = [];

/** The cells of a row, in its order. Every cell of a sheet comes by here, hence the plain loop. */
export function cellsOf(row: SheetRow, prefix: string): readonly SheetCell[] {
  if (row !== lastRow) {
    lastCells = parseCells(row.inner, prefix);
    lastRow = row;
  }
  return lastCells;
}

function parseCells(xml: string, prefix: string): SheetCell[] {
  const cells: SheetCell[] = [];
  const opening = `<${prefix}c`;
  const closing = `</${prefix}c>`;
  const end = xml.length;
  let column = -1;
  for (let at = xml.indexOf(opening); at !== -1; at = xml.indexOf(opening, at)) {
    column += 1;
    let style = 0;
    let type = 'n';
    let others = '';
    let position = at + opening.length;
    let isEmpty = false;
    for (; position < end; ) {
      const code = xml.charCodeAt(position);
      if (code === greater) break;
      if (code === slash) isEmpty = true;
      if (code <= space || code === slash) {
        position += 1;
        continue;
      }
      const equals = xml.indexOf('=', position);
      let start = equals + 1;
      while (xml.charCodeAt(start) <= space) start += 1;
      const valueEnd = xml.indexOf(xml[start]!, start + 1);
      const name = xml.slice(position, equals).trimEnd();
      if (name === 'r') column = columnAt(xml, start + 1);
      else if (name === 's') style = Number(xml.slice(start + 1, valueEnd));
      else if (name === 't') type = xml.slice(start + 1, valueEnd);
      else others += ` ${name}=${xml.slice(start, valueEnd + 1)}`;
      position = valueEnd + 1;
    }
    let close = position + 1;
    let inner = '';
    if (!isEmpty) {
      close = xml.indexOf(closing, position);
      // A closing tag may have a space before its end.
      if (close === -1) close = position + xml.slice(position).search(new RegExp(`</${prefix}c\\s`));
      inner = xml.slice(position + 1, close);
    }
    cells.push({ column, style, type, others, inner });
    at = close;
  }
  return cells;
}

const space = 32;
const slash = 47;
const greater = 62;

/** The column that the letters here name, from 0. */
function columnAt(xml: string, start: number): number {
  let column = 0;
  for (let at = start; ; at++) {
    // Small letters are the same.
    const letter = (xml.charCodeAt(at) & ~32) - 64;
    if (letter < 1 || letter > 26) return column - 1;
    column = column * 26 + letter;
  }
}

export function cellXml(cell: SheetCell, row: number, prefix: string): string {
  const { column, style, type, others, inner } = cell;
  const start = `<${prefix}c r="${columnName(column)}${row}"${style === 0 ? '' : ` s="${style}"`}${
    type === 'n' ? '' : ` t="${type}"`
  }${others}`;
  return inner === '' ? `${start}/>` : `${start}>${inner}</${prefix}c>`;
}

export function rowXml(number: number, attributes: string, inner: string, prefix: string): string {
  const start = `<${prefix}row r="${number}"${attributes}`;
  return inner === '' ? `${start}/>` : `${start}>${inner}</${prefix}row>`;
}

/** What a cell holds. Dates are numbers, shown as dates by the style of the cell. */
export type CellValue = null | string | number | boolean | { readonly error: string };

/** The text, number, ... of a cell, as last computed where it has a formula. */
export function cellValue(cell: SheetCell, prefix: string, sharedStrings: readonly string[]): CellValue {
  const { type, inner } = cell;
  if (inner === '') return null;
  if (type === 'inlineStr') return textOf(inner, prefix);
  const raw = contentOf(inner, `<${prefix}v`);
  if (raw === undefined || raw === '') return type === 'n' ? textOf(inner, prefix) : null;
  switch (type) {
    case 's':
      return sharedStrings[Number(raw)] ?? null;
    case 'b':
      return raw.trim() === '1' || raw.trim() === 'true';
    case 'e':
      return { error: decode(raw) };
    case 'str':
      return unescapeText(decode(raw)) || null;
    case 'd': {
      const time = Date.parse(`${raw.trim().slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(time) ? decode(raw) : time / 86_400_000 + 25_569;
    }
    default: {
      const value = Number(raw);
      return Number.isFinite(value) ? value : decode(raw);
    }
  }
}

/** The text of the first element that begins so; undefined where there is none. */
function contentOf(xml: string, opening: string): string | undefined {
  const at = xml.indexOf(opening);
  if (at === -1) return undefined;
  const start = xml.indexOf('>', at) + 1;
  return xml.charCodeAt(start - 2) === slash ? undefined : xml.slice(start, xml.indexOf('<', start));
}

/** The text of an `is` element, without the readings of Asian characters. */
function textOf(inner: string, prefix: string): string | null {
  if (!inner.includes(`<${prefix}is`)) return null;
  if (!inner.includes(`<${prefix}r`))
    return unescapeText(decode(contentOf(inner, `<${prefix}t`) ?? '')) || null;
  const phonetic = new RegExp(`<${prefix}rPh\\b[\\s\\S]*?</${prefix}rPh>`, 'g');
  const texts = inner.replace(phonetic, '').matchAll(new RegExp(`<${prefix}t(?:\\s[^>]*)?>([^<]*)<`, 'g'));
  return unescapeText(decode([...texts].map(([, text]) => text).join(''))) || null;
}

/** The type and inner XML of a cell that holds a value. Text must be such as a workbook can hold. */
export function valueXml(value: CellValue, prefix: string): { type: string; inner: string } {
  if (value === null || value === '') return { type: 'n', inner: '' };
  if (typeof value === 'number') return { type: 'n', inner: `<${prefix}v>${value}</${prefix}v>` };
  if (typeof value === 'boolean') return { type: 'b', inner: `<${prefix}v>${value ? 1 : 0}</${prefix}v>` };
  if (typeof value === 'object') {
    return { type: 'e', inner: `<${prefix}v>${escapeText(value.error)}</${prefix}v>` };
  }
  const inner = `<${prefix}is><${prefix}t xml:space="preserve">${escapeText(value)}</${prefix}t></${prefix}is>`;
  return { type: 'inlineStr', inner };
}

/** The formula of a cell with its attributes; the text may be missing where it is shared. */
export function formulaOf(
  cell: SheetCell,
  prefix: string,
): { attributes: string; text: string; whole: string } | undefined {
  if (!cell.inner.includes(`<${prefix}f`)) return undefined;
  const match = new RegExp(
    `<${prefix}f((?:\\s+[^\\s=]+\\s*=\\s*(?:"[^"]*"|'[^']*'))*)\\s*(?:/>|>([^<]*)</${prefix}f\\s*>)`,
  ).exec(cell.inner);
  if (match === null) return undefined;
  return { attributes: match[1]!, text: decode(match[2] ?? ''), whole: match[0] };
}
