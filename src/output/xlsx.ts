import type { Worksheet } from 'exceljs';
import { UserError } from '../core/errors.js';
import type { Report, ResultTable } from '../core/table.js';
import type { Language } from '../core/text.js';
import { chaptersOf } from './chapters.js';
import type { Picture } from './figures/png.js';
import { shownParameters } from './parameters.js';
import { sheetNamer } from './sheet-names.js';
import { spreadsheetCell } from './spreadsheet-cell.js';
import { cellCharts } from './spreadsheet-charts.js';
import { notesSheet, parametersSheet, type SheetContent, sourcesSheet } from './spreadsheet-notes.js';
import { fillSheet, type SheetBlock, type WorkbookContext } from './spreadsheet-sheet.js';
import { spreadsheetText } from './spreadsheet-text.js';
import { isNumeric } from './unit.js';
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
  workbook.subject = spreadsheetText(
    shownParameters(report, language)
      .map(({ label, value }) => `${label}: ${value}`)
      .join('; '),
  );
  // The time of the run would make every file differ from the last.
  workbook.created = asOf;
  workbook.modified = asOf;

  const nameSheet = sheetNamer();
  // These two are found by name, so tables yield to them.
  const notesName = nameSheet(words.notes[language]);
  const sourcesName = nameSheet(words.sources[language]);
  const chapters = chaptersOf(report).map((chapter) => ({
    ...chapter,
    sheetName: nameSheet(chapter.title[language]),
  }));
  const sheets = new Map([
    ...chapters.map(({ name, sheetName }) => [name, sheetName] as const),
    ['notes', notesName],
    ['sources', sourcesName],
  ]);
  const context: WorkbookContext = {
    workbook,
    nameTable: tableNamer(),
    sheetOf: (chapter) => sheets.get(chapter),
  };
  const addSheet = (name: string, blocks: readonly SheetBlock[]) => {
    const sheet = workbook.addWorksheet(name);
    const width = fillSheet(sheet, blocks, context);
    setUpPrinting(sheet, report.title[language], width, blocks.length === 1);
  };
  for (const { sheetName, tables } of chapters) {
    const blocks: SheetBlock[] = [];
    for (const table of tables) blocks.push(await tableBlock(table, report, language));
    addSheet(sheetName, blocks);
  }
  const block = (name: string, content: SheetContent): SheetBlock => ({ name, heading: '', content });
  addSheet(notesName, [block('notes', notesSheet(report, language))]);
  addSheet(sourcesName, [
    ...(report.chapters === undefined
      ? [block('sources', sourcesSheet(report, language))]
      : [
          { ...block('sources', sourcesSheet(report, language)), heading: words.sources[language] },
          { ...block('parameters', parametersSheet(report, language)), heading: words.parameters[language] },
        ]),
  ]);

  const bytes = new Uint8Array(await workbook.xlsx.writeBuffer());
  setZipTimes(bytes, day);
  return bytes;
}

/** What a workbook without a date of its own is dated, because the time of the run would make every file differ. */
const someDay = '2000-01-01';

/** Rows of a sheet, less the header. */
const mostRows = 1_048_575;

/** Names of tables that no cell, and no other table, has. */
function tableNamer(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const base = `retain_${name.replace(/[^A-Za-z0-9_]/g, '_')}`.slice(0, 200);
    let unique = base;
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1) unique = `${base}_${number}`;
    taken.add(unique.toLowerCase());
    return unique;
  };
}

async function tableBlock(table: ResultTable, report: Report, language: Language): Promise<SheetBlock> {
  const pictures: Picture[] = [];
  if (table.figures !== undefined && table.rows.length > 0) {
    const { figurePicture } = await import('./figures/png.js');
    const { tableOf } = await import('./figures/specification.js');
    for (const figure of table.figures) {
      pictures.push(
        await figurePicture(figure, tableOf(figure, table, report), { language, currency: report.currency }),
      );
    }
  }
  return {
    name: table.name,
    heading: table.title[language],
    content: tableSheet(table, report, language),
    isProse: table.isProse ?? false,
    pictures,
  };
}

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
    charts: (firstRow) => cellCharts(shown, table.columns, table.rows, firstRow),
  };
}

/** Wider tables go on several sheets of paper side by side, because they would be too small to read on one. */
const widestPage = 200;
/** Where tables stand below one another, pages side by side would tear them apart. */
const widestPageOfSeveral = 340;

function setUpPrinting(sheet: Worksheet, title: string, width: number, hasHeader: boolean): void {
  sheet.pageSetup = {
    ...sheet.pageSetup,
    paperSize: 9,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: Math.max(1, Math.ceil(width / (hasHeader ? widestPage : widestPageOfSeveral))),
    // As many pages long as it takes.
    fitToHeight: 0,
    ...(hasHeader ? { printTitlesRow: '1:1', printTitlesColumn: 'A:A' } : {}),
  };
  // '&' begins a code in page headers. Excel takes at most 255 characters.
  const plainTitle = spreadsheetText(title.replace(/\s+/g, ' ')).slice(0, 100).replaceAll('&', '&&');
  sheet.headerFooter.oddHeader = `&L${plainTitle}&R&A`;
  sheet.headerFooter.oddFooter = '&C&P / &N';
}
