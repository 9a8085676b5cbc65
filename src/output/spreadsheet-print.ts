import type { Worksheet } from 'exceljs';
import { columnName } from './spreadsheet-charts.js';
import { spreadsheetText } from './spreadsheet-text.js';

/** What of a sheet matters on paper. */
export interface PrintedSheet {
  /** Letters of each column, and at the end of what stands beside them. */
  readonly widths: readonly number[];
  /** The header that every page repeats: of a table that has the sheet for itself. */
  readonly headerRow: number | undefined;
  /** Rows that belong together, from the first to the last: a table with its heading, a line of pictures. */
  readonly pieces: readonly (readonly [first: number, last: number])[];
  /** The last row and column that are printed, where these are not just those that hold something. */
  readonly end: { readonly row: number; readonly column: number } | undefined;
}

/** Wider tables go on several sheets of paper side by side, because they would be too small to read on one. */
export const widestPage = 270;
/** Where tables stand below one another, pages side by side would tear them apart. */
const widestPageOfSeveral = 340;

const a4 = 9;
const margins = { left: 0.4, right: 0.4, top: 0.7, bottom: 0.6, header: 0.3, footer: 0.3 };
const pixelsPerInch = 96;
/** What the margins leave of A4 landscape, in pixels of a sheet that is printed in its own size. */
const page = {
  width: (11.69 - margins.left - margins.right) * pixelsPerInch,
  height: (8.27 - margins.top - margins.bottom) * pixelsPerInch,
};
const letterPixels = 7;
/** Letters that a page is wide at least, when the first column of the sheet is printed on several side by side. */
export const pageLetters = Math.floor(page.width / letterPixels);
const usualRowHeight = 15;
const pixelsPerPoint = pixelsPerInch / 72;

/** Sets a sheet up for A4 landscape, with the title of the report, the sheet and the page on each page. */
export function setUpPrinting(sheet: Worksheet, title: string, printed: PrintedSheet): void {
  const { widths, headerRow, pieces, end } = printed;
  const width = widths.reduce((sum, letters) => sum + letters, 0);
  const pagesWide = Math.max(
    1,
    Math.ceil(width / (headerRow === undefined ? widestPageOfSeveral : widestPage)),
  );
  const scale = scaleFor(widths, pagesWide);
  const length = pieces.length === 0 ? 0 : heightOf(sheet, 1, pieces.at(-1)![1]) / (page.height / scale);
  // What may be cut anywhere: a table without pictures below it.
  const isOneTable = headerRow !== undefined && pieces.length === 1;
  const pagesLong = fewerPages(length, scale, isOneTable);
  const shrunk = pagesLong === 0 ? scale : (scale * pagesLong) / length;
  const tableLength = pieces.length === 0 ? 0 : heightOf(sheet, 1, pieces[0]![1]);
  // Only where they are needed: pictures on a page of their own would stand under headers of nothing.
  const repeatsHeader = headerRow !== undefined && tableLength * shrunk > surelyFits * page.height;
  sheet.pageSetup = {
    ...sheet.pageSetup,
    paperSize: a4,
    orientation: 'landscape',
    margins,
    fitToPage: true,
    fitToWidth: pagesWide,
    // Zero: as many pages long as it takes.
    fitToHeight: pagesLong,
    ...(end === undefined ? {} : { printArea: `A$1:${columnName(end.column)}$${end.row}` }),
    ...(repeatsHeader ? { printTitlesRow: `${headerRow}:${headerRow}` } : {}),
    ...(headerRow !== undefined && pagesWide > 1 ? { printTitlesColumn: 'A:A' } : {}),
  };
  const repeated = repeatsHeader ? heightOf(sheet, headerRow, headerRow) : 0;
  if (pagesLong === 0) breakPages(sheet, pieces, page.height / scale, repeated);
  // '&' begins a code in page headers. Excel takes at most 255 characters.
  const plainTitle = spreadsheetText(title.replace(/\s+/g, ' ')).slice(0, 100).replaceAll('&', '&&');
  sheet.headerFooter.oddHeader = `&L${plainTitle}&R&A`;
  sheet.headerFooter.oddFooter = '&C&P / &N';
}

/** How small the columns have to be printed for so many pages side by side, each of which begins with the first. */
function scaleFor(widths: readonly number[], pagesWide: number): number {
  const whole = widths.reduce((sum, letters) => sum + letters * letterPixels, 0);
  if (pagesWide === 1) return Math.min(1, page.width / whole);
  for (let percent = 100; percent > leastPercent; percent -= 1) {
    if (pagesFor(widths, (page.width * 100) / percent) <= pagesWide) return percent / 100;
  }
  return leastPercent / 100;
}

/** Spreadsheets print no smaller. */
const leastPercent = 10;

/** Pages side by side of so many pixels that columns take, which are not cut. */
function pagesFor([first = 0, ...others]: readonly number[], room: number): number {
  let pages = 1;
  let used = first;
  for (const letters of others) {
    if ((used + letters) * letterPixels > room) {
      pages += 1;
      used = first;
    }
    used += letters;
  }
  return pages;
}

/** Programs differ a little in the height of rows: so much of a page holds what is reckoned to. */
const surelyFits = 0.95;

/** Smaller is not to be read. */
const leastScale = 0.45;

/**
 * How many pages a sheet is made to fit by printing it a little smaller, so that no page holds a few rows alone; zero
 * where it is not. Tables below one another are made one page or cut between them, a table of its own anywhere.
 */
function fewerPages(length: number, scale: number, isOneTable: boolean): number {
  if (length <= 1) return 0;
  const pages = isOneTable ? Math.floor(length) : 1;
  const shrunk = length / pages;
  return shrunk <= (pages === 1 ? 1.5 : 1.2) && scale / shrunk >= leastScale ? pages : 0;
}

/** Pixels of consecutive rows that are printed in their own size. */
function heightOf(sheet: Worksheet, first: number, last: number): number {
  let points = 0;
  for (let row = first; row <= last; row += 1) points += sheet.findRow(row)?.height ?? usualRowHeight;
  return points * pixelsPerPoint;
}

/** A table that is longer than a page begins where it is only if so much of the page is left. */
const leastRest = 0.3;

/**
 * Begins a page before what would be cut by its end, and could stand whole on the next.
 * @param repeated what the header takes of every page but the first
 */
function breakPages(
  sheet: Worksheet,
  pieces: PrintedSheet['pieces'],
  pageHeight: number,
  repeated: number,
): void {
  let used = 0;
  let next = 1;
  for (const [first, last] of pieces) {
    used += heightOf(sheet, next, first - 1);
    next = last + 1;
    const height = heightOf(sheet, first, last);
    const fits = used + height <= pageHeight;
    const mayBegin = height > pageHeight && pageHeight - used >= leastRest * pageHeight;
    if (!fits && !mayBegin && first > 1 && used > 0) {
      sheet.getRow(first - 1).addPageBreak();
      used = repeated;
    }
    for (let row = first; row <= last; row += 1) {
      const rowHeight = heightOf(sheet, row, row);
      used = used + rowHeight > pageHeight ? repeated + rowHeight : used + rowHeight;
    }
  }
}
