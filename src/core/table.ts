import type { Text } from './text.js';

/**
 * What a column holds, and so how every renderer shows it.
 *
 * money    exact decimal text, '76109.30', in the report's currency
 * percent  0-100
 * ratio    a plain quotient
 * integer  a count
 * days, months  a length of time
 * date     'YYYY-MM-DD'
 * measure  whichever of the above the row's own `unitColumn` cell names
 * change   from one measure to another: percent, or percentage points where the row's unit is percent
 */
export type Kind =
  | 'text'
  | 'integer'
  | 'money'
  | 'ratio'
  | 'percent'
  | 'days'
  | 'months'
  | 'date'
  | 'boolean'
  | 'measure'
  | 'change';

/** Kinds that a `unitColumn` cell may name. */
export type Unit = 'integer' | 'money' | 'ratio' | 'percent' | 'days' | 'months';

export interface Column {
  /** Stable snake_case name: JSON key and CSV header. */
  readonly name: string;
  /** Header for people. */
  readonly label: Text;
  readonly kind: Kind;
  /** For kinds measure and change: the column whose cell names the unit of the row. */
  readonly unitColumn?: string;
  /** Digits after the point for people; each kind has its default. */
  readonly digits?: number;
  /** Of figures that a model expects: people see those from 100 on without digits after the point. */
  readonly isEstimate?: boolean;
  readonly description?: Text;
  /** For text columns of fixed codes: what people read instead of the code. */
  readonly values?: Readonly<Record<string, Text>>;
  /** Written to JSON and CSV only; left out of terminal and spreadsheet tables. */
  readonly machineOnly?: boolean;
  /** Where alone it is shown: a terminal says in one column, or in a heading, what files hold in several. */
  readonly onlyOn?: 'terminal' | 'file';
  /** Drawn with the figures for people; JSON and CSV hold the figures alone. */
  readonly chart?: Chart;
  /** The column whose cell names the columns, a space between, whose figures in its row people see with an asterisk. */
  readonly markColumn?: string;
  /** Of codes that are names of chapters: files for people lead there. */
  readonly linksToChapters?: boolean;
}

/**
 * How figures are drawn.
 *
 * bar        a bar beside each figure, as long as its share of the column's highest
 * heat       a colour behind each figure; all heat columns of a table share one scale for each unit, and their
 *            empty cells stay blank
 * sparkline  a small line in place of the text: figures and '-' for unknown, a space between them
 */
export type Chart = 'bar' | 'heat' | 'sparkline';

/**
 * A picture of a table's rows, drawn where files for people have pictures. Its figures are cells of the table.
 *
 * lines    columns over the rows, from the first row to the last, one line for each
 * curves   rows over the columns, from the first column to the last, one line for each row
 * bars     a bar for each row
 */
export interface Figure {
  /** Stable, and of one figure in its report. */
  readonly name: string;
  readonly title: Text;
  readonly kind: 'lines' | 'curves' | 'bars';
  /** The table that is drawn, where it is not the one beside which the figure stands. */
  readonly table?: string;
  /** The column that names the rows. */
  readonly rows: string;
  /** Columns of one unit that are drawn, the first of them alone for bars. */
  readonly figures: readonly string[];
  /** Names of rows that are not drawn: of part of a month, beside whole ones. */
  readonly without?: readonly string[];
  /** Of curves and bars: at most so many rows, the last of curves, the first of bars; all otherwise. */
  readonly most?: number;
}

/** Null is unknown; zero is a measured zero. Money, and any exact decimal, travels as decimal text. */
export type Cell = string | number | boolean | null;

/** A cell, or words that every format writes in the language of the report. */
export type Content = Cell | Text;

/** Consecutive rows of a table that a terminal shows under a heading of their own. */
export interface Section {
  readonly title: Text;
  /** Read above the rows. */
  readonly facts: readonly Text[];
  readonly rowCount: number;
  /** Read under the rows. */
  readonly notes: readonly Text[];
}

/** What is read under a table. */
export interface TableNote extends Text {
  /** Where alone it is shown. */
  readonly onlyOn?: 'terminal' | 'file';
  /** What a report for managers says instead, where the text speaks of options. */
  readonly inReport?: Text;
}

export interface ResultTable<C extends Content = Cell> {
  readonly name: string;
  readonly title: Text;
  /** What one row stands for. */
  readonly grain: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly C[])[];
  /** How many of the last rows sum the others up: they stay below them however these are sorted. */
  readonly totalRows?: number;
  /** How many rows a terminal shows, where a long list is for a file; all of them otherwise. */
  readonly terminalRows?: number;
  /** How many rows there are, where only the first of them are held, as a terminal shows no more. */
  readonly rowCount?: number;
  /** Which rows these are; the first unless said. */
  readonly terminalShows?: 'first' | 'last';
  /** Read under the table: why cells are empty, what an estimate rests on. */
  readonly notes: readonly TableNote[];
  /** How a terminal breaks the table up, from its first row to its last. */
  readonly sections?: readonly Section[];
  /** Where alone it is shown: sections on a terminal may tell what files hold in a table of its own. */
  readonly onlyOn?: 'terminal' | 'file';
  readonly figures?: readonly Figure[];
  /** Sentences, which people read as lines without a header; a column before the last begins them. */
  readonly isProse?: boolean;
  /** Whether it only leads to other chapters, which nothing does on paper. */
  readonly isNavigation?: boolean;
}

/** Tables that belong together: a sheet of a workbook, a section of a page. */
export interface Chapter {
  readonly name: string;
  readonly title: Text;
  /** The question that it answers. */
  readonly about?: Text;
  /** Names of tables, in their order. */
  readonly tables: readonly string[];
}

/** Something a reader must know. `hint` names what is missing and what brings it. */
export interface Notice {
  /** Stable, for scripts: 'activity_window', 'no_spend', ... */
  readonly code: string;
  readonly level: 'info' | 'warning' | 'hint';
  readonly text: Text;
  /** What a report for managers says instead, where the text speaks of options. */
  readonly inReport?: Text;
}

/** A cell that a row was rejected for. `row` is the number a spreadsheet shows beside it, from 1. */
export interface RejectedExample {
  readonly row: number;
  readonly column: string;
  readonly value: string | null;
}

/** Why rows of a source do not count. */
export interface RejectReason {
  /** Stable: 'bad_date', 'bad_amount', 'cancelled', 'after_as_of', ... */
  readonly code: string;
  readonly text: Text;
  readonly rows: number;
  /** True where the file is at fault; false where the row is well read but does not count. */
  readonly fault: boolean;
  readonly examples: readonly RejectedExample[];
}

/** Every row of one file or sheet: rowsRead = rowsUsed + rowsMerged + rowsRejected. */
export interface SourceAccount {
  readonly file: string;
  readonly sheet: string | null;
  readonly role: string;
  /** The last row of the header as a spreadsheet numbers it, from 1; null where the format has none. */
  readonly headerRow: number | null;
  readonly rowsRead: number;
  readonly rowsUsed: number;
  readonly rowsMerged: number;
  readonly rowsRejected: number;
  readonly reasons: readonly RejectReason[];
}

/** A setting that the figures depend on, as it was after defaults. */
export interface Parameter {
  /** Stable snake_case name. */
  readonly name: string;
  readonly label: Text;
  readonly value: string | number | null;
  /** For people, where the bare value does not say enough ('200 days, the 90th percentile of ...'). */
  readonly explanation?: Text;
  /** Written to JSON only. */
  readonly machineOnly?: boolean;
}

export interface Report<C extends Content = Cell> {
  readonly title: Text;
  /** 'YYYY-MM-DD', or null for a report that knows of no date. */
  readonly asOf: string | null;
  /** ISO 4217 code, or null where the data does not say. */
  readonly currency: string | null;
  readonly parameters: readonly Parameter[];
  readonly tables: readonly ResultTable<C>[];
  /** How files for people divide the tables; each is a chapter of its own otherwise. */
  readonly chapters?: readonly Chapter[];
  readonly notices: readonly Notice[];
  readonly sources: readonly SourceAccount[];
}
