import { textCell } from './spreadsheet-cell.js';
import type { SheetContent } from './spreadsheet-notes.js';
import { textWidth } from './width.js';

/** The columns that the tables of a sheet share. */
export interface SheetColumns {
  /** Letters of each. */
  readonly widths: readonly number[];
  /** Tables whose last column is of text that runs over the columns beside it, which are only of other tables. */
  readonly runningOver: ReadonlySet<SheetContent>;
  /** Letters that such text takes beyond the last of the columns. */
  readonly beyond: number;
}

/** How wide the columns of a sheet have to be for its tables. */
export function sheetColumns(tables: readonly SheetContent[]): SheetColumns {
  const count = tables.reduce((most, { header }) => Math.max(most, header.length), 1);
  const lastOf = ({ header }: SheetContent) => header.length - 1;
  const widthsBut = (isOver: (table: SheetContent) => boolean) =>
    Array.from({ length: count }, (_, index) =>
      tables
        .filter(({ header }) => index < header.length)
        .map((table) =>
          isOver(table) && index === lastOf(table)
            ? headerWidth(table.header[index]!)
            : limitedWidth(table, index),
        )
        .reduce((most, width) => Math.max(most, width), narrowest),
    );
  const hasRoomBeside = (table: SheetContent) =>
    table.header.length > 0 && table.header.length < count && table.numeric[lastOf(table)] !== true;
  const least = widthsBut(hasRoomBeside);
  const sum = (some: readonly number[]) => some.reduce((total, width) => total + width, 0);
  const beyondOf = (table: SheetContent) =>
    columnWidth(table, lastOf(table)) - sum(least.slice(lastOf(table)));
  const mostBeyond = Math.max(0, widestSheet - sum(least));
  const runningOver = new Set(
    tables.filter((table) => hasRoomBeside(table) && beyondOf(table) <= mostBeyond),
  );
  return {
    widths: widthsBut((table) => runningOver.has(table)).map((width) =>
      width === usualWidth ? width + 1 : width,
    ),
    runningOver,
    beyond: [...runningOver].reduce((most, table) => Math.max(most, beyondOf(table)), 0),
  };
}

/** Letters up to which text may make a sheet wider. */
const widestSheet = 170;

/** Letters of a column that nothing is said about: exceljs does not say it of one that is as wide. */
export const usualWidth = 9;
/** Of so many columns the first stays in sight. */
export const manyColumns = 8;
/** What the filter's button takes from a header, and how much wider bold letters are. */
export const filterButton = 4;
export const bold = 1.1;

/** Columns of a cell that its text does not use: indent and padding. */
const margin = 3;
const narrowest = 8;
const widest = 60;
/** A longer header wraps rather than widen a column of short figures. */
const widestHeader = 12;
const fewColumns = 3;
const severalColumns = 6;
const widestOfFew = 100;

/** Long texts take less room beside several columns, a little more in the last, which explains the others. */
function limitedWidth(table: SheetContent, index: number): number {
  const { length } = table.header;
  const most =
    length <= fewColumns ? widestOfFew : length <= severalColumns ? widest : index < length - 1 ? 40 : 50;
  return Math.min(columnWidth(table, index), most);
}

function columnWidth({ header, rows }: SheetContent, index: number): number {
  let content = 0;
  for (const row of rows) {
    for (const line of (row[index] ?? textCell('')).shown.split('\n')) {
      content = Math.max(content, textWidth(line));
    }
  }
  return Math.max(content + margin, headerWidth(header[index]!), narrowest);
}

function headerWidth(label: string): number {
  const words = label.split(' ').map(textWidth);
  return Math.ceil(Math.max(Math.min(textWidth(label), widestHeader), ...words) * bold) + filterButton + 1;
}
