import type { Cell as ExcelCell, Row, Style, Workbook, Worksheet } from 'exceljs';
import type { Picture } from './figures/png.js';
import { type SpreadsheetCell, textCell } from './spreadsheet-cell.js';
import { chartRule, columnName } from './spreadsheet-charts.js';
import type { SheetContent } from './spreadsheet-notes.js';
import { type PrintedSheet, pageLetters, widestPage } from './spreadsheet-print.js';
import { spreadsheetText } from './spreadsheet-text.js';
import { bold, filterButton, manyColumns, sheetColumns, usualWidth } from './spreadsheet-widths.js';
import { textWidth, wrapText } from './width.js';

/** A table of a sheet, with the pictures that stand beside or below it. */
export interface SheetBlock {
  /** Names the table among those of the workbook, before what makes it unlike all others. */
  readonly name: string;
  /** Above the table, where a sheet has several. */
  readonly heading: string;
  readonly content: SheetContent;
  /** Sentences over the whole width, without a header; a column before the last begins them. */
  readonly isProse?: boolean;
  /** Of no use on paper, and so not printed: what comes last on its sheet. */
  readonly isNavigation?: boolean;
  readonly pictures?: readonly Picture[];
  /** Read under the table. */
  readonly notes?: readonly string[];
}

/** The first row of a sheet that is one of a book. */
export interface SheetTitle {
  readonly text: string;
  /** The way to the first sheet. */
  readonly back?: { readonly label: string; readonly chapter: string };
}

/** What the sheets of one workbook share. */
export interface WorkbookContext {
  readonly workbook: Workbook;
  /** Gives tables names that differ. */
  readonly nameTable: (name: string) => string;
  /** The sheet of a chapter. */
  readonly sheetOf: (chapter: string) => string | undefined;
}

/**
 * Fills a sheet with one block, whose header stays in sight, or with several under their headings; the title, where
 * there is one, stays in sight above them.
 */
export function fillSheet(
  sheet: Worksheet,
  blocks: readonly SheetBlock[],
  context: WorkbookContext,
  title?: SheetTitle,
): PrintedSheet {
  const [only] = blocks;
  const isAlone = blocks.length === 1 && only!.isProse !== true;
  const tables = blocks.filter(({ isProse }) => isProse !== true).map(({ content }) => content);
  const { widths, runningOver, beyond } = sheetColumns(tables);
  for (const [index, width] of widths.entries()) sheet.getColumn(index + 1).width = width;
  const total = widths.reduce((sum, width) => sum + width, 0);

  const charts: { readonly ref: string; readonly rule: ReturnType<typeof chartRule> }[] = [];
  const pieces: [first: number, last: number][] = [];
  let next = 1;
  let lastPrinted: number | undefined;
  if (title !== undefined) {
    writeTitle(sheet, title, context);
    next = 2;
  }
  const headerRow = isAlone ? next : undefined;
  for (const block of blocks) {
    const first = next;
    if (block.isNavigation === true) lastPrinted ??= first - 1;
    if (!isAlone) {
      const heading = sheet.getRow(next);
      heading.getCell(1).value = spreadsheetText(block.heading);
      heading.getCell(1).font = { ...headerFont, size: 13 };
      heading.height = headingHeight;
      next += 1;
    }
    const top = next;
    if (block.isProse === true) next = fillProse(sheet, block.content, top, widths, context);
    else {
      next = fillTable(sheet, block, top, { widths, runsOver: runningOver.has(block.content) }, context);
      for (const chart of block.content.charts?.(top + 1) ?? []) {
        charts.push({ ref: chart.cells, rule: chartRule(chart, charts.length + 1, sheet.id) });
      }
    }
    next = fillNotes(sheet, block.notes ?? [], next, widths, isAlone && total > widestPage);
    const bottom = placePictures(sheet, block, { top, bottom: next, widths }, context);
    if (isNarrow(widths) || bottom === next) pieces.push([first, bottom - 1]);
    else pieces.push([first, next - 1], [next, bottom - 1]);
    next = bottom + 1;
  }
  for (const { ref, rule } of charts) sheet.addConditionalFormatting({ ref, rules: [rule] });
  const xSplit = widths.length > manyColumns ? 1 : 0;
  if (headerRow !== undefined) sheet.views = [{ state: 'frozen', ySplit: headerRow, xSplit }];
  else if (title === undefined) sheet.views = [{ showGridLines: false }];
  else sheet.views = [{ state: 'frozen', ySplit: 1, xSplit, showGridLines: false }];
  // What stands right of the columns: pictures, and text that runs over.
  const pictured = isNarrow(widths) ? pictureLetters(blocks) : 0;
  const beside = Math.max(pictured, beyond);
  const column = widths.length + Math.ceil(beside / usualWidth + (pictured > 0 ? besideTable : 0));
  const isCut = lastPrinted !== undefined || beyond > pictured;
  return {
    widths: beside > 0 ? [...widths, beside] : widths,
    headerRow,
    pieces: pieces.filter(([first]) => first <= (lastPrinted ?? first)),
    end: isCut ? { row: lastPrinted ?? next - 2, column } : undefined,
  };
}

/** What a sheet is about, beside the way back to the first. */
function writeTitle(sheet: Worksheet, { text, back }: SheetTitle, context: WorkbookContext): void {
  const row = sheet.getRow(1);
  row.height = headingHeight;
  const style = { alignment: { vertical: 'middle' } } as const;
  if (back !== undefined) {
    setCell(row.getCell(1), { ...textCell(back.label), link: back.chapter }, context, style);
  }
  const cell = row.getCell(back === undefined ? 1 : 2);
  cell.value = spreadsheetText(text);
  cell.style = { ...style, font: { ...headerFont, size: back === undefined ? 14 : 12 } };
}

/**
 * Writes what is read under a table, over the width of its sheet, and gives the first row below.
 * @param isSplit whether the sheet is printed on pages side by side, each with the first column, in which notes would
 *   be cut: they stand beside it then, all on the first page
 */
function fillNotes(
  sheet: Worksheet,
  notes: readonly string[],
  top: number,
  widths: readonly number[],
  isSplit: boolean,
): number {
  if (notes.length === 0) return top;
  const before = isSplit ? 1 : 0;
  const most = isSplit ? pageLetters - widths[0]! : Number.POSITIVE_INFINITY;
  let last = before + 1;
  let width = widths[before]!;
  while (width < leastProse && last < widths.length && width + widths[last]! <= most) {
    width += widths[last]!;
    last += 1;
  }
  for (const [index, note] of notes.entries()) {
    const row = sheet.getRow(top + index);
    const cell = row.getCell(before + 1);
    cell.value = spreadsheetText(note);
    cell.style = {
      font: { ...headerFont, bold: false, italic: true, size: 10, color: { argb: quietColor } },
      alignment: { ...alignment('left'), vertical: 'top', wrapText: true },
    };
    if (last > before + 1) sheet.mergeCells(top + index, before + 1, top + index, last);
    setHeight(row, [note], [textRoom(width)]);
  }
  return top + notes.length;
}

const headerFill = 'FFDCE6F1';
const headerLine = 'FF8EA9C8';
const linkColor = 'FF1F5F9E';
const quietColor = 'FF5A6676';

// The font of the other cells, which has to be named or programs choose their own.
const headerFont = { name: 'Calibri', family: 2, size: 11, bold: true };

/** Writes the header and the rows from row `top`, and gives the first row below. */
function fillTable(
  sheet: Worksheet,
  { name, content: { header, rows, numeric, totalRows = 0 } }: SheetBlock,
  top: number,
  { widths, runsOver }: { readonly widths: readonly number[]; readonly runsOver: boolean },
  context: WorkbookContext,
): number {
  const isRunningOver = (column: number) => runsOver && column === header.length - 1;
  const styles = new Map<string, Partial<Style>>();
  const filtered = rows.length - totalRows;
  const styleOf = (
    { format, align, color }: SpreadsheetCell,
    index: number,
    column: number,
  ): Partial<Style> => {
    const isTotal = index >= filtered;
    // A line parts the first of the totals from the rows.
    const line = index === filtered;
    const wrapText = format === undefined && !isRunningOver(column);
    const key = `${align} ${color ?? ''} ${isTotal} ${line} ${wrapText} ${format ?? ''}`;
    const style = styles.get(key) ?? {
      alignment: { ...alignment(align), vertical: 'top', wrapText },
      ...(format === undefined ? {} : { numFmt: format }),
      ...(color === undefined ? {} : { font: { ...headerFont, bold: isTotal, color: { argb: color } } }),
      ...(isTotal && color === undefined ? { font: headerFont } : {}),
      ...(line ? { border: { top: { style: 'thin', color: { argb: headerLine } } } } : {}),
    };
    styles.set(key, style);
    return style;
  };

  const labels = uniqueLabels(header);
  const headerRow = sheet.getRow(top);
  for (const [index, label] of labels.entries()) {
    const cell = headerRow.getCell(index + 1);
    cell.value = label;
    cell.style = {
      font: headerFont,
      fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: headerFill } },
      border: { bottom: { style: 'thin', color: { argb: headerLine } } },
      alignment: {
        // The filter's button would cover the end of a label at the right edge.
        ...(numeric[index] === true ? { horizontal: 'right', indent: 2 } : alignment('left')),
        vertical: 'middle',
        wrapText: true,
      },
    };
  }
  setHeight(headerRow, labels, widths.map(headerRoom));
  const rooms = widths.map((width, column) =>
    isRunningOver(column) ? Number.POSITIVE_INFINITY : textRoom(width),
  );
  for (const [index, cells] of rows.entries()) {
    const row = sheet.getRow(top + 1 + index);
    for (const [position, cell] of cells.entries()) {
      setCell(row.getCell(position + 1), cell, context, styleOf(cell, index, position));
    }
    const texts = cells.map(({ value, shown }) => (typeof value === 'string' ? shown : ''));
    setHeight(row, texts, rooms);
  }
  if (filtered > 0 && labels.length > 0) {
    // The rows stand there already, and exceljs would write each of them once more.
    const written = Object.assign(new Array<never[]>(filtered), { forEach: () => {} });
    sheet.addTable({
      name: context.nameTable(name),
      ref: `A${top}`,
      columns: labels.map((label) => ({ name: label, filterButton: true })),
      style: { theme: 'TableStyleLight1', showRowStripes: true },
      rows: written,
    });
  }
  return top + 1 + rows.length;
}

/** Excel wants the headers of a table to be there, and to differ whatever their case. */
function uniqueLabels(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((label, index) => {
    const text = spreadsheetText(label.replace(/\s+/g, ' ')) || columnName(index + 1);
    let unique = text;
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1) unique = `${text} (${number})`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** Letters that sentences have room for at least, be the tables narrower or not. */
const leastProse = 150;

/** Writes sentences over the width of all columns, and gives the first row below. */
function fillProse(
  sheet: Worksheet,
  { rows, header }: SheetContent,
  top: number,
  widths: readonly number[],
  context: WorkbookContext,
): number {
  const first = header.length;
  let last = first;
  let width = widths[first - 1]!;
  while (width < leastProse) {
    width += widths[last] ?? usualWidth;
    last += 1;
  }
  for (const [index, cells] of rows.entries()) {
    const row = sheet.getRow(top + index);
    for (const [position, cell] of cells.entries()) {
      setCell(row.getCell(position + 1), cell, context, {
        alignment: { ...alignment('left'), vertical: 'top', wrapText: true },
      });
    }
    if (last > first) sheet.mergeCells(top + index, first, top + index, last);
    setHeight(row, [cells.at(-1)?.shown ?? ''], [textRoom(width)]);
  }
  return top + rows.length;
}

/** Gives a cell its value, or a link with it where it names a chapter that there is. */
function setCell(
  target: ExcelCell,
  { value, link }: SpreadsheetCell,
  { sheetOf }: WorkbookContext,
  style: Partial<Style>,
): void {
  const sheet = link === undefined ? undefined : sheetOf(link);
  if (sheet === undefined) {
    target.value = value;
    target.style = style;
    return;
  }
  target.value = { text: String(value), hyperlink: `#'${sheet.replaceAll("'", "''")}'!A1` };
  target.style = {
    ...style,
    font: { ...headerFont, bold: false, underline: true, color: { argb: linkColor } },
  };
}

/** Pixels of a usual row and of a letter. */
const rowPixels = 20;
const letterPixels = 7;
/** Beside a table of more letters a picture would be out of sight. */
const widestBeside = 170;

/** Puts pictures beside a narrow table, or below a wide one in lines, and gives the first row below it all. */
function placePictures(
  sheet: Worksheet,
  { pictures = [] }: SheetBlock,
  { top, bottom, widths }: { top: number; bottom: number; widths: readonly number[] },
  { workbook }: WorkbookContext,
): number {
  const add = ({ png, width, height }: Picture, col: number, row: number) => {
    const image = workbook.addImage({ buffer: Buffer.from(png) as never, extension: 'png' });
    sheet.addImage(image, { tl: { col, row }, ext: { width, height }, editAs: 'oneCell' });
  };
  const rowsOf = ({ height }: Picture) => Math.ceil(height / rowPixels) + 1;
  if (isNarrow(widths)) {
    let row = top - 1;
    for (const picture of pictures) {
      add(picture, widths.length + besideTable, row);
      row += rowsOf(picture);
    }
    return Math.max(bottom, pictures.length === 0 ? 0 : row + 1);
  }
  // The first column is printed on every page, and what stands in it.
  const start = widths[0]! * letterPixels + columnPadding;
  let [row, left, lineRows] = [bottom, 0, 0];
  for (const picture of pictures) {
    if (left > 0 && left + picture.width > widestLine) {
      row += lineRows;
      [left, lineRows] = [0, 0];
    }
    add(picture, columnAt(widths, start + left), row);
    left += picture.width + rowPixels;
    lineRows = Math.max(lineRows, rowsOf(picture));
  }
  return row + lineRows + (pictures.length === 0 ? 0 : 1);
}

/** Pixels that pictures in a line take. */
const widestLine = 1400;

/** What part of a column parts pictures from the table on their left. */
const besideTable = 0.3;

function isNarrow(widths: readonly number[]): boolean {
  return widths.reduce((sum, width) => sum + width, 0) <= widestBeside;
}

/** The column, and the share of it, that begins so many pixels from the left. */
function columnAt(widths: readonly number[], pixels: number): number {
  let left = 0;
  for (const [index, width] of widths.entries()) {
    const size = width * letterPixels + columnPadding;
    if (pixels < left + size) return index + (pixels - left) / size;
    left += size;
  }
  return widths.length;
}

const columnPadding = 5;

/** How wide the pictures beside the tables of a sheet are, in letters. */
function pictureLetters(blocks: readonly SheetBlock[]): number {
  const widest = blocks
    .flatMap(({ pictures = [] }) => pictures)
    .reduce((most, { width }) => Math.max(most, width), 0);
  return Math.ceil(widest / letterPixels);
}

/** Cells are indented, so that text does not touch the figures of the column before it, nor these a bar or an arrow. */
function alignment(align: SpreadsheetCell['align']): { horizontal: typeof align; indent: number } {
  return { horizontal: align, indent: 1 };
}

const lineHeight = 15;
const headingHeight = 24;
/** The highest row that a spreadsheet allows, in lines. */
const mostLines = 27;

/** Not every program makes a row as high as its wrapped text when it opens a file. */
function setHeight(row: Row, texts: readonly string[], rooms: readonly number[]): void {
  let lines = 1;
  for (const [index, text] of texts.entries()) {
    const room = rooms[index] ?? 1;
    if (textWidth(text) <= room && !text.includes('\n')) continue;
    const needed = text.split('\n').reduce((sum, line) => sum + wrapText(line, room).length, 0);
    lines = Math.max(lines, Math.min(needed, mostLines));
  }
  if (lines > 1) row.height = lines * lineHeight;
}

/** Letters that fit on a line: they are a little narrower than the figures that widths are counted in. */
function textRoom(width: number): number {
  return width - 1;
}

function headerRoom(width: number): number {
  return Math.floor((width - filterButton) / bold);
}
