import type { Encoding } from './encoding.js';
import type { FileSettings } from './settings.js';
import type { Field, Role } from './vocabulary.js';

export type LineEnd = '\n' | '\r\n' | '\r';

/** A text table that the engine can scan: a UTF-8 CSV file, the reader's own or one made from a sheet. */
export interface Scan {
  readonly path: string;
  readonly delimiter: string;
  /** Lines before the first data row. */
  readonly skipLines: number;
  /** Rows above the data that a copy left out, so that its line numbers are short by as many. */
  readonly rowsCutOff: number;
  readonly columnCount: number;
  /** How rows end where not with a line feed; quoted cells hold any line ends. */
  readonly lineEnd?: LineEnd | undefined;
  /** Rows may lack columns at their end, which are empty then; reading takes longer. */
  readonly hasShortRows: boolean;
  /** The column that holds the number of the row; undefined where rows are counted as they come. */
  readonly rowNumberColumn: number | undefined;
}

/** What a file turned out to be, for people: `retain inspect` shows it. */
export interface Layout {
  readonly format: 'csv' | 'xlsx' | 'xls' | 'ods' | 'parquet' | 'jsonl';
  /** Null where the format says it. */
  readonly encoding: Encoding | null;
  readonly delimiter: string | null;
  /** The last row of the header as a spreadsheet numbers it, from 1; null where the format has no rows of names. */
  readonly headerRow: number | null;
}

/** One file or one sheet, with the header found and some rows to judge its columns by. */
export interface Source {
  /** As the user gave it. */
  readonly file: string;
  readonly sheet: string | null;
  readonly layout: Layout;
  readonly settings: FileSettings;
  readonly header: readonly string[];
  /** Rows from the beginning, and for large files from the middle and the end. */
  readonly sample: readonly (readonly (string | null)[])[];
  /** Default decimal mark where the numbers do not show one. */
  readonly decimalComma: boolean;
  /**
   * Row numbers as a spreadsheet shows them, from 1, of data rows counted from 1 as the engine counts them:
   * without blank lines and lines that do not split into the columns. Reads the file up to the last of them.
   */
  rowNumbers(counted: readonly number[]): Promise<number[]>;
  /** Makes the table scannable; only the given columns are needed. Gives the scan and where each is in it. */
  prepare(columns: readonly number[], temporaryFolder: string): Promise<Prepared>;
}

export interface Prepared {
  readonly scan: Scan;
  /** Where each wanted column is in the scan. */
  readonly positions: readonly number[];
  /** Rows written into a copy, counted apart from the engine; undefined where it scans the user's file. */
  readonly rowsWritten: number | undefined;
}

/** A source whose role and columns are known. */
export interface RecognisedSource {
  readonly source: Source;
  readonly role: Role;
  /** Column index in the source by field. */
  readonly columns: Readonly<Partial<Record<Field, number>>>;
}
