import type { Row, Style, Worksheet } from 'exceljs';
import { UserError } from '../core/errors.js';
import type { Report, ResultTable } from '../core/table.js';
import type { Language } from '../core/text.js';
import { sheetNamer } from './sheet-names.js';
import { type SpreadsheetCell, spreadsheetCell, textCell } from './spreadsheet-cell.js';
import { cellCharts, chartRule } from './spreadsheet-charts.js';
import { notesSheet, type SheetContent, sourcesSheet } from './spreadsheet-notes.js';
import { spreadsheetText } from './spreadsheet-text.js';
import { isNumeric } from './unit.js';
import { textWidth, wrapText } from './width.js';
import { words } from './words.js';
import { setZipTimes } from './zip-times.js';

/** The report as a workbook: a sheet for each table, then notes and sources. Equal reports give equal bytes. */
export async function renderXlsx(report: Report, language: Language): Promise<Uint8Array> {
  // Slow to load: only those who ask for a workbook wait for it.
  const { default: exceljs } = await import('exceljs');
  const workbook = new exceljs.Workbook();
  const day = report.asOf ?? someDay;
  const asOf = new Date(`${day}T00:00:00Z`);
  workbook.creator = 'retain';
  workbook.lastModifiedBy = 'retain';
  workbook.title = spreadsheetText(report.title[language]);
  // The time of the run would make every file differ from the last.
  workbook.created = asOf;
  workbook.modified = asOf;

  const nameSheet = sheetNamer();
  const addSheet = (name: string, content: SheetContent) => {
    const sheet = workbook.addWorksheet(name);
    const width = fillSheet(sheet, content);
    setUpPrinting(sheet, report.title[language], width);
  };
  // These two are found by name, so tables yield to them.
  const notesName = nameSheet(words.notes[language]);
  const sourcesName = nameSheet(words.sources[language]);
  for (const table of report.tables) {
    addSheet(nameSheet(table.title[language]), tableSheet(table, report, language));
  }
  addSheet(notesName, notesSheet(report, language));
  addSheet(sourcesName, sourcesSheet(report, language));

  const bytes = new Uint8Array(await workbook.xlsx.writeBuffer());
  setZipTimes(bytes, day);
  return bytes;
}

/** What a workbook without a date of its own is dated, because the time of the run would make every file differ. */
const someDay = '2000-01-01';

/** Rows of a sheet, less the header. */
const mostRows = 1_048_575;

function tableSheet(table: ResultTable, report: Report, language: Language): SheetContent {
  if (table.rows.length > mostRows) {
    throw new UserError(
      `the table '${table.name}' has ${table.rows.length} rows, a sheet holds ${mostRows}`,
      {
        remedy: 'Write it as CSV: --format csv.',
      },
    );
  }
  const shown = table.columns.filter((column) => column.machineOnly !== true);
  const options = { language, currency: report.currency };
  return {
    header: shown.map((column) => column.label[language]),
    rows: table.rows.map((row) =>
      shown.map((column) => spreadsheetCell(column, row, table.columns, options)),
    ),
    numeric: shown.map((column) => isNumeric(column.kind)),
    charts: cellCharts(shown, table.columns, table.rows),
  };
}

const headerFill = 'FFDCE6F1';
const headerLine = 'FF8EA9C8';

/** Gives the width of all columns. */
function fillSheet(sheet: Worksheet, { header, rows, numeric, charts = [] }: SheetContent): number {
  const styles = new Map<string, Partial<Style>>();
  const styleOf = ({ format, align }: SpreadsheetCell): Partial<Style> => {
    const key = `${align} ${format ?? ''}`;
    const style = styles.get(key) ?? {
      alignment: { ...alignment(align), vertical: 'top', wrapText: format === undefined },
      ...(format === undefined ? {} : { numFmt: format }),
    };
    styles.set(key, style);
    return style;
  };

  const headerRow = sheet.addRow(header.map(spreadsheetText));
  headerRow.eachCell((cell, column) => {
    cell.style = {
      font: headerFont,
      fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: headerFill } },
      border: { bottom: { style: 'thin', color: { argb: headerLine } } },
      alignment: {
        // The filter's button would cover the end of a label at the right edge.
        ...(numeric[column - 1] === true ? { horizontal: 'right', indent: 2 } : alignment('left')),
        vertical: 'middle',
        wrapText: true,
      },
    };
  });
  const widths = header.map((label, index) => columnWidth(label, rows, index));
  for (const [index, width] of widths.entries()) sheet.getColumn(index + 1).width = width;
  setHeight(headerRow, header, widths.map(headerRoom));
  for (const cells of rows) {
    const row = sheet.addRow(cells.map(({ value }) => value));
    for (const [index, cell] of cells.entries()) row.getCell(index + 1).style = styleOf(cell);
    const texts = cells.map(({ value, shown }) => (typeof value === 'string' ? shown : ''));
    setHeight(row, texts, widths.map(textRoom));
  }

  for (const [index, chart] of charts.entries()) {
    sheet.addConditionalFormatting({ ref: chart.cells, rules: [chartRule(chart, index + 1, sheet.id)] });
  }
  sheet.views = [{ state: 'frozen', ySplit: 1, xSplit: header.length > 8 ? 1 : 0 }];
  if (header.length > 0) {
    sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: rows.length + 1, column: header.length } };
  }
  return widths.reduce((sum, width) => sum + width, 0);
}

// The font of the other cells, which has to be named or programs choose their own.
const headerFont = { name: 'Calibri', family: 2, size: 11, bold: true };

/** Text is indented, so that it does not touch the figures of the column before it. */
function alignment(align: SpreadsheetCell['align']): { horizontal: typeof align; indent?: number } {
  return align === 'left' ? { horizontal: align, indent: 1 } : { horizontal: align };
}

const lineHeight = 15;
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

/** Columns of a cell that its text does not use: indent and padding. */
const margin = 3;
/** More than the 9 that exceljs takes for the usual width and so leaves out. */
const narrowest = 10;
const widest = 60;
/** A longer header wraps rather than widen a column of short figures. */
const widestHeader = 16;
/** What the filter's button takes from a header, and how much wider bold letters are. */
const filterButton = 4;
const bold = 1.1;

/** Letters that fit on a line: they are a little narrower than the figures that widths are counted in. */
function textRoom(width: number): number {
  return width - 1;
}

function headerRoom(width: number): number {
  return Math.floor((width - filterButton) / bold);
}

function columnWidth(label: string, rows: SheetContent['rows'], index: number): number {
  let content = 0;
  for (const row of rows) {
    for (const line of (row[index] ?? textCell('')).shown.split('\n')) {
      content = Math.max(content, textWidth(line));
    }
  }
  const words = label.split(' ').map(textWidth);
  const headline =
    Math.ceil(Math.max(Math.min(textWidth(label), widestHeader), ...words) * bold) + filterButton + 1;
  return Math.min(Math.max(content + margin, headline, narrowest), widest);
}

/** Wider tables go on several sheets of paper side by side, because they would be too small to read on one. */
const widestPage = 200;

function setUpPrinting(sheet: Worksheet, title: string, width: number): void {
  sheet.pageSetup = {
    ...sheet.pageSetup,
    paperSize: 9,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: Math.max(1, Math.ceil(width / widestPage)),
    // As many pages long as it takes.
    fitToHeight: 0,
    printTitlesRow: '1:1',
    printTitlesColumn: 'A:A',
  };
  // '&' begins a code in page headers. Excel takes at most 255 characters.
  const plainTitle = spreadsheetText(title.replace(/\s+/g, ' ')).slice(0, 100).replaceAll('&', '&&');
  sheet.headerFooter.oddHeader = `&L${plainTitle}&R&A`;
  sheet.headerFooter.oddFooter = '&C&P / &N';
}
