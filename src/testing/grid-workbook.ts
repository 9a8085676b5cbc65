import { writeFileSync } from 'node:fs';
import { openArchive } from '../input/archive.js';
import { zipOf } from './zip.js';

/** A cell as a person sees it: a value, or a formula. */
export interface GridCell {
  value: string | number | null;
  formula?: string;
  style?: string;
}

export interface GridSheet {
  name: string;
  readonly part: string;
  /** By row and column, from 0; holes are empty. */
  rows: (GridCell | undefined)[][];
  /** Before and after the rows. */
  readonly head: string;
  readonly tail: string;
}

/** A small workbook as grids of cells, read and written apart from the code under test, as another program would. */
export interface GridWorkbook {
  readonly parts: Map<string, Buffer>;
  readonly sheets: GridSheet[];
}

export function letters(column: number): string {
  let name = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

export async function readGrid(path: string): Promise<GridWorkbook> {
  const archive = await openArchive(path);
  const parts = new Map<string, Buffer>();
  for (const name of archive.names) {
    const pieces: Buffer[] = [];
    for await (const piece of archive.read(name)) pieces.push(piece);
    parts.set(name, Buffer.concat(pieces));
  }
  await archive.close();
  const text = (name: string) => parts.get(name)?.toString('utf8') ?? '';
  const targets = new Map(
    [...text('xl/_rels/workbook.xml.rels').matchAll(/<Relationship [^>]*>/g)].map(([element]) => [
      attribute(element, 'Id'),
      `xl/${attribute(element, 'Target').replace(/^\/?xl\//, '')}`,
    ]),
  );
  const shared = [...text('xl/sharedStrings.xml').matchAll(/<si>([\s\S]*?)<\/si>/g)].map(([, item]) =>
    textOf(item!),
  );
  const sheets = [...text('xl/workbook.xml').matchAll(/<sheet [^>]*>/g)].map(([element]): GridSheet => {
    const part = targets.get(attribute(element, 'r:id'))!;
    const xml = text(part);
    const [head, tail] = [
      xml.replace(/<sheetData[\s\S]*$/, ''),
      xml.replace(/^[\s\S]*<\/sheetData>|^[\s\S]*<sheetData\/>/, ''),
    ];
    return { name: unescapeXml(attribute(element, 'name')), part, rows: rowsOf(xml, shared), head, tail };
  });
  return { parts, sheets };
}

function rowsOf(xml: string, shared: readonly string[]): GridSheet['rows'] {
  const rows: GridSheet['rows'] = [];
  for (const [, attributes, inner = ''] of xml.matchAll(/<row ([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g)) {
    const cells: (GridCell | undefined)[] = [];
    for (const [, given, content = ''] of inner.matchAll(/<c ([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      const style = attribute(given!, 's');
      const cell: GridCell = { value: contentOf(attribute(given!, 't'), content, shared) };
      if (style !== '') cell.style = style;
      const formula = /<f[^>]*>([^<]*)<\/f>/.exec(content)?.[1];
      if (formula !== undefined) cell.formula = unescapeXml(formula);
      cells[columnOf(attribute(given!, 'r'))] = cell;
    }
    rows[Number(attribute(attributes!, 'r')) - 1] = cells;
  }
  return Array.from(rows, (row) => row ?? []);
}

function contentOf(type: string, content: string, shared: readonly string[]): string | number | null {
  if (type === 'inlineStr') return textOf(content);
  const raw = /<v[^>]*>([^<]*)<\/v>/.exec(content)?.[1];
  if (raw === undefined) return null;
  if (type === 's') return shared[Number(raw)]!;
  return type === 'str' ? unescapeXml(raw) : Number(raw);
}

function textOf(xml: string): string {
  return [...xml.matchAll(/<t(?: [^>]*)?>([^<]*)<\/t>/g)].map(([, text]) => unescapeXml(text!)).join('');
}

function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]+/.exec(reference)![0]) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function attribute(element: string, name: string): string {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(element)?.[1] ?? '';
}

function escapeXml(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#10;', '\n')
    .replaceAll('&#13;', '\r')
    .replaceAll('&amp;', '&')
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** How a program writes a workbook. */
export interface Habits {
  /** Texts in a part of their own, or in the cells. */
  readonly sharesTexts: boolean;
  /** Attributes that other programs add to rows. */
  readonly hasSpans: boolean;
}

/** Writes the sheets as they are now; other parts stay. */
export function writeGrid(path: string, book: GridWorkbook, habits: Habits): void {
  const parts = new Map(book.parts);
  const shared: string[] = [];
  for (const sheet of book.sheets) {
    const data = sheet.rows.map((row, index) => rowXml(row ?? [], index + 1, habits, shared)).join('');
    parts.set(sheet.part, Buffer.from(`${sheet.head}<sheetData>${data}</sheetData>${sheet.tail}`));
  }
  if (habits.sharesTexts) shareTexts(parts, shared);
  writeFileSync(path, zipOf([...parts].map(([name, data]) => [name, { data, deflate: true }])));
}

function rowXml(
  row: readonly (GridCell | undefined)[],
  number: number,
  habits: Habits,
  shared: string[],
): string {
  const cells = Array.from(row, (cell, column) => {
    if (cell === undefined) return '';
    const style = cell.style === undefined ? '' : ` s="${cell.style}"`;
    const start = `<c r="${letters(column)}${number}"${style}`;
    if (cell.formula !== undefined) {
      const isText = typeof cell.value === 'string';
      const value = cell.value === null ? '' : `<v>${escapeXml(String(cell.value))}</v>`;
      return `${start}${isText ? ' t="str"' : ''}><f>${escapeXml(cell.formula)}</f>${value}</c>`;
    }
    if (cell.value === null) return `${start}/>`;
    if (typeof cell.value === 'number') return `${start}><v>${cell.value}</v></c>`;
    const text = escapeXml(cell.value);
    if (!habits.sharesTexts) return `${start} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
    shared.push(text);
    return `${start} t="s"><v>${shared.length - 1}</v></c>`;
  });
  const spans = habits.hasSpans ? ` spans="1:${Math.max(row.length, 1)}" x14ac:dyDescent="0.25"` : '';
  const namespace = habits.hasSpans
    ? ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    : '';
  return `<row r="${number}"${spans}${namespace}>${cells.join('')}</row>`;
}

function shareTexts(parts: Map<string, Buffer>, shared: readonly string[]): void {
  const items = shared.map((text) => `<si><t xml:space="preserve">${text}</t></si>`).join('');
  const name = 'xl/sharedStrings.xml';
  const isNew = !parts.has(name);
  parts.set(
    name,
    Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${items}</sst>`,
    ),
  );
  if (isNew) declare(parts, 'sharedStrings', 'sharedStrings.xml');
}

/** Makes a part of the workbook known. Gives the id of its relationship. */
function declare(parts: Map<string, Buffer>, type: string, target: string): string {
  const change = (name: string, replace: (xml: string) => string) =>
    parts.set(name, Buffer.from(replace(parts.get(name)!.toString('utf8'))));
  const id = `rIdOf${type}${target.replace(/\W/g, '')}`;
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  change('[Content_Types].xml', (xml) =>
    xml.replace(
      '</Types>',
      `<Override PartName="/xl/${target}" ContentType="${types}.${type}+xml"/></Types>`,
    ),
  );
  change('xl/_rels/workbook.xml.rels', (xml) =>
    xml.replace(
      '</Relationships>',
      `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`,
    ),
  );
  return id;
}

/** Adds a sheet of somebody's own, behind the others or before them. */
export function addGridSheet(
  book: GridWorkbook,
  name: string,
  rows: GridSheet['rows'],
  place: 'first' | 'last' = 'last',
): void {
  const target = `worksheets/own${book.sheets.length}.xml`;
  const id = declare(book.parts, 'worksheet', target);
  const workbook = book.parts.get('xl/workbook.xml')!.toString('utf8');
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const sheet = `<sheet xmlns:r="${office}" name="${escapeXml(name)}" sheetId="${500 + book.sheets.length}" r:id="${id}"/>`;
  const added =
    place === 'last'
      ? workbook.replace('</sheets>', `${sheet}</sheets>`)
      : workbook
          .replace('<sheets>', `<sheets>${sheet}`)
          .replace(/localSheetId="(\d+)"/g, (_, index: string) => `localSheetId="${Number(index) + 1}"`);
  book.parts.set('xl/workbook.xml', Buffer.from(added));
  const head =
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">';
  const grid = { name, part: `xl/${target}`, rows, head, tail: '</worksheet>' };
  if (place === 'last') book.sheets.push(grid);
  else book.sheets.unshift(grid);
}
