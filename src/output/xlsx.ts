import { UserError } from '../core/errors.js';
import type { Report, ResultTable } from '../core/table.js';
import type { Language } from '../core/text.js';
import { chaptersOf } from './chapters.js';
import type { Picture } from './figures/png.js';
import { warningsOf } from './notices.js';
import { frontParameters, type ShownParameter, shownParameters } from './parameters.js';
import { sheetNamer } from './sheet-names.js';
import { spreadsheetCell, textCell } from './spreadsheet-cell.js';
import { cellCharts } from './spreadsheet-charts.js';
import {
  notesSheet,
  noticesSheet,
  parametersSheet,
  type SheetContent,
  sourcesSheet,
} from './spreadsheet-notes.js';
import { setUpPrinting } from './spreadsheet-print.js';
import { fillSheet, type SheetBlock, type SheetTitle, type WorkbookContext } from './spreadsheet-sheet.js';
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
  workbook.subject = spreadsheetText(shownParameters(report, language).map(sayParameter).join('; '));
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
  const isBook = report.chapters !== undefined;
  const [front] = chapters;
  /** A book says on every sheet what it is about, and leads back to the first. */
  const titleOf = (sheetName: string, about: string | undefined): SheetTitle | undefined => {
    if (!isBook || front === undefined) return undefined;
    return sheetName === front.sheetName
      ? { text: [report.title[language], ...frontParameters(report, language).map(sayParameter)].join(' · ') }
      : {
          text: about === undefined ? sheetName : `${sheetName} · ${about}`,
          back: { label: `← ${front.sheetName}`, chapter: front.name },
        };
  };
  const addSheet = (name: string, blocks: readonly SheetBlock[], about?: string) => {
    const sheet = workbook.addWorksheet(name);
    setUpPrinting(sheet, report.title[language], fillSheet(sheet, blocks, context, titleOf(name, about)));
  };
  for (const { sheetName, about, tables } of chapters) {
    const blocks: SheetBlock[] = [];
    for (const table of tables) blocks.push(await tableBlock(table, report, language));
    if (isBook && sheetName === front?.sheetName) blocks.unshift(...warningsBlock(report, language));
    addSheet(sheetName, blocks, about?.[language]);
  }
  const block = (name: string, content: SheetContent): SheetBlock => ({ name, heading: '', content });
  addSheet(notesName, [
    block('notes', isBook ? noticesSheet(report, language) : notesSheet(report, language)),
  ]);
  addSheet(sourcesName, [
    ...(!isBook
      ? [block('sources', sourcesSheet(report, language))]
      : [
          { ...block('sources', sourcesSheet(report, language)), heading: words.files[language] },
          { ...block('parameters', parametersSheet(report, language)), heading: words.parameters[language] },
        ]),
  ]);

  const bytes = new Uint8Array(await workbook.xlsx.writeBuffer());
  setZipTimes(bytes, day);
  return bytes;
}

function sayParameter({ label, value }: ShownParameter): string {
  return `${label}: ${value}`;
}

/** Warnings, for the front of a book. */
function warningsBlock(report: Report, language: Language): SheetBlock[] {
  const warnings = warningsOf(report);
  if (warnings.length === 0) return [];
  return [
    {
      name: 'warnings',
      heading: words.warning[language],
      content: {
        header: [words.text[language]],
        rows: warnings.map(({ text }) => [textCell(text[language])]),
        numeric: [false],
      },
      isProse: true,
    },
  ];
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
    isNavigation: table.isNavigation ?? false,
    notes: report.chapters === undefined ? [] : table.notes.map((note) => note[language]),
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
    totalRows: table.totalRows ?? 0,
    numeric: shown.map((column) => isNumeric(column.kind)),
    charts: (firstRow) => cellCharts(shown, table.columns, table.rows, firstRow),
  };
}
