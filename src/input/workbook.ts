import type { TableFormat } from './source.js';

/** A row of a sheet. */
export interface SheetRow {
  /** As Excel shows it, from 1. */
  readonly number: number;
  /** Index 0 is column A; empty cells at the end may be absent. */
  readonly cells: (string | null)[];
}

export interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
}

/** An open workbook of any format. Its sheets are read from the file as their rows are asked for. */
export interface Workbook {
  readonly format: TableFormat;
  /** In the order of the workbook; sheets without cells, such as chart sheets, are left out. */
  readonly sheets: readonly Sheet[];
  /**
   * The rows of a sheet in batches of up to 1000, in the order of the file. Blank rows may be absent. Every
   * cell is text: dates as 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS', times as 'HH:MM:SS', numbers without exponent.
   */
  rows(sheet: string): AsyncIterable<SheetRow[]>;
  close(): Promise<void>;
}
