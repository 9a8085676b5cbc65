import type { Report, SourceAccount } from '../core/table.js';
import type { Language } from '../core/text.js';
import { formatInteger } from './format.js';
import { notesOf, warningsOf } from './notices.js';
import { shownParameters } from './parameters.js';
import { countCell, type SpreadsheetCell, textCell } from './spreadsheet-cell.js';
import { describeExample, roleName, rowsLeftOut, words } from './words.js';

/** The header and the cells of one sheet. */
export interface SheetContent {
  readonly header: readonly string[];
  readonly rows: readonly (readonly SpreadsheetCell[])[];
  /** How many of the last rows sum the others up: they are neither filtered nor sorted with them. */
  readonly totalRows?: number;
  /** Which columns hold figures. */
  readonly numeric: readonly boolean[];
  /** Drawn by the spreadsheet itself, given the row of the sheet in which the first of these rows stands. */
  readonly charts?: (firstRow: number) => readonly CellChart[];
}

/** Bars, colours or arrows in the cells of a block. */
export interface CellChart {
  readonly kind: 'bar' | 'heat' | 'arrows';
  /** Where: 'C2:F9', or several such with spaces between. */
  readonly cells: string;
}

/** Everything that is said about the figures, in one list that can be filtered. */
export function notesSheet(report: Report, language: Language): SheetContent {
  const lines: string[][] = [[words.report[language], '', report.title[language]]];
  for (const { label, value } of shownParameters(report, language)) {
    lines.push([words.parameter[language], label, value]);
  }
  for (const notice of report.notices) {
    lines.push([words[notice.level][language], '', notice.text[language]]);
  }
  for (const table of report.tables) {
    for (const note of table.notes) {
      lines.push([words.tableNote[language], table.title[language], note[language]]);
    }
  }
  return {
    header: [words.kind, words.about, words.text].map((word) => word[language]),
    rows: lines.map((line) => line.map(textCell)),
    numeric: [false, false, false],
  };
}

/** What is said of the report as a whole, where notes of tables stand under them. */
export function noticesSheet(report: Report, language: Language): SheetContent {
  const notices = [...warningsOf(report), ...notesOf(report)];
  return {
    header: [words.kind, words.text].map((word) => word[language]),
    rows: notices.map(({ level, text }) => [textCell(words[level][language]), textCell(text[language])]),
    numeric: [false, false],
  };
}

/** What the figures depend on. */
export function parametersSheet(report: Report, language: Language): SheetContent {
  return {
    header: [words.parameter[language], words.value[language]],
    rows: shownParameters(report, language).map(({ label, value }) => [textCell(label), textCell(value)]),
    numeric: [false, false],
  };
}

/** Where every row of the input went. */
export function sourcesSheet(report: Report, language: Language): SheetContent {
  const { file, sheet, role, rowsRead, rowsUsed, rowsMerged, rowsRejected, reason } = words;
  const hasSheets = report.sources.some((source) => source.sheet !== null);
  return {
    header: [
      file,
      ...(hasSheets ? [sheet] : []),
      role,
      rowsRead,
      rowsUsed,
      rowsMerged,
      rowsRejected,
      reason,
    ].map((word) => word[language]),
    rows: report.sources.map((source) => [
      textCell(source.file),
      ...(hasSheets ? [textCell(source.sheet ?? '')] : []),
      textCell(roleName(source.role, language)),
      countCell(source.rowsRead),
      countCell(source.rowsUsed),
      countCell(source.rowsMerged),
      countCell(source.rowsRejected),
      textCell(describeReasons(source, language)),
    ]),
    numeric: [false, ...(hasSheets ? [false] : []), false, true, true, true, true, false],
  };
}

const shownExamples = 3;

/** Why rows were left out, one reason or example to a line. */
export function describeReasons(source: SourceAccount, language: Language): string {
  return source.reasons
    .flatMap((reason) => {
      const count = `${formatInteger(reason.rows, language)} ${rowsLeftOut(reason.rows, language)}`;
      const examples = reason.fault ? reason.examples.slice(0, shownExamples) : [];
      return [
        `${count}: ${reason.text[language]}`,
        ...examples.map((example) => `  ${describeExample(example, language)}`),
      ];
    })
    .join('\n');
}
