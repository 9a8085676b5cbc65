import { unescapeText } from '../input/xlsx-values.js';
import { columnIndex, columnName } from './references.js';
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
  const opened = new RegExp(`<${prefix}sheetData(\\s[^>]*)?>`).exec(xml);
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

export function cellsOf(row: SheetRow, prefix: string): SheetCell[] {
  const cells: SheetCell[] = [];
  const { inner: xml } = row;
  const opening = `<${prefix}c`;
  const closing = `</${prefix}c>`;
  let column = -1;
  for (let at = xml.indexOf(opening); at !== -1; at = xml.indexOf(opening, at)) {
    const tagEnd = tagEndAt(xml, at);
    const isEmpty = xml.charCodeAt(tagEnd - 1) === 47;
    column += 1;
    let style = 0;
    let type = 'n';
    let others = '';
    const attributes = xml.slice(at + opening.length, isEmpty ? tagEnd - 1 : tagEnd);
    for (const [whole, name, double, single] of attributes.matchAll(
      /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
    )) {
      const value = double ?? single ?? '';
      if (name === 'r') column = columnIndex(/^[A-Za-z]*/.exec(value)![0]);
      else if (name === 's') style = Number(value);
      else if (name === 't') type = value;
      else others += whole;
    }
    let close = tagEnd + 1;
    let inner = '';
    if (!isEmpty) {
      close = xml.indexOf(closing, tagEnd);
      // A closing tag may have a space before its end.
      if (close === -1) close = xml.slice(tagEnd).search(new RegExp(`</${prefix}c\\s`)) + tagEnd;
      inner = xml.slice(tagEnd + 1, close);
    }
    cells.push({ column, style, type, others, inner });
    at = close;
  }
  return cells;
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
  const raw = new RegExp(`<${prefix}v(?:\\s[^>]*)?>([^<]*)<`).exec(inner)?.[1];
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

/** The text of an `is` element, without the readings of Asian characters. */
function textOf(inner: string, prefix: string): string | null {
  if (!inner.includes(`<${prefix}is`)) return null;
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
