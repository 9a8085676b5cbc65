import type { Encoding } from './encoding.js';
import type { Exporter, OrderPart } from './exporter.js';
import type { LineEnd } from './records.js';
import type { FileSettings } from './settings.js';
import type { Field, Role } from './vocabulary.js';

/** A table that the engine can scan. */
export type Scan = CsvScan | ParquetScan;

/** A UTF-8 CSV file, the user's own or one made from a table of another format. */
export interface CsvScan {
  readonly kind: 'csv';
  readonly path: string;
  readonly delimiter: string;
  /** Lines before the first data row. */
  readonly skipLines: number;
  /** Rows above the data that a copy left out, so that its line numbers are short by as many. */
  readonly rowsCutOff: number;
  readonly columnCount: number;
  /** How rows end where not with a line feed; quoted cells hold any line ends. */
  readonly lineEnd?: LineEnd | undefined;
  /** Whether some bytes are no UTF-8: rows that hold such are rejected by the engine. */
  readonly hasBadBytes?: boolean;
  /** Rows may lack columns at their end, which are empty then; reading takes longer. */
  readonly hasShortRows: boolean;
  /**
   * The column that holds the number of the row; undefined where rows are counted as they come. A line of such a
   * file that does not split into the columns begins with the number and the text of a row that was no row.
   */
  readonly rowNumberColumn: number | undefined;
}

/** A Parquet file; the engine reads it as it is. */
export interface ParquetScan {
  readonly kind: 'parquet';
  readonly path: string;
  readonly columns: readonly ParquetColumn[];
  /** Whether columns of bare bytes hold text, as old writers have it. */
  readonly bytesAreText: boolean;
  readonly rowsCutOff: 0;
  readonly rowNumberColumn: undefined;
}

export interface ParquetColumn {
  readonly name: string;
  /** As the engine names it: 'VARCHAR', 'DECIMAL(9,2)', ... */
  readonly type: string;
}

export type TableFormat =
  | 'csv'
  | 'xlsx'
  | 'xlsb'
  | 'xls'
  | 'ods'
  | 'html'
  | 'spreadsheetml'
  | 'parquet'
  | 'jsonl'
  | 'json';

/** What a file turned out to be, for people: `retain inspect` shows it. */
export interface Layout {
  readonly format: TableFormat;
  /** What the file was unpacked from. */
  readonly packed?: 'gzip' | 'zip';
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
  /** The rows of the header as they stand, to know them where they are repeated among the data. */
  readonly headerRows: readonly (readonly (string | null)[])[];
  /** False where the first row looks like data, so that its cells are no names. */
  readonly hasHeader: boolean;
  /** Rows from the beginning, and for large files from the middle and the end. */
  readonly sample: readonly (readonly (string | null)[])[];
  /** Columns behind those of the file that hold one value in every row, by field; the value is in the settings. */
  readonly constants?: Readonly<Partial<Record<Field, number>>>;
  /** Default decimal mark where the numbers do not show one. */
  readonly decimalComma: boolean;
  /**
   * Row numbers as a spreadsheet shows them, from 1, of data rows counted from 1 as the engine counts them, in
   * ascending order:
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
  /** The exporter that wrote it, where it is one that is known by name. */
  readonly exporter?: Exporter;
  /**
   * Which half of the orders it holds, where one table has date and customer of each order and another its
   * amounts; undefined for complete rows.
   */
  readonly part?: OrderPart;
  /** Column index in the source by field. */
  readonly columns: Readonly<Partial<Record<Field, number>>>;
}
