import { findHeader, repeatsHeader } from './header.js';
import { numberedCopy, type RowCounter } from './numbered-copy.js';
import { quoteCell } from './records.js';
import type { FileSettings } from './settings.js';
import type { Source } from './source.js';
import type { Sheet, SheetRow, Workbook } from './workbook.js';

const sampleRows = 1000;

/**
 * Looks at the first rows of a sheet.
 * @returns undefined for a sheet without rows; `header` alone where there are none below it
 */
export async function inspectSheet(
  file: string,
  workbook: Pick<Workbook, 'format' | 'rows'>,
  sheet: Sheet,
  settings: FileSettings,
): Promise<Source | undefined> {
  const first: SheetRow[] = [];
  for await (const batch of workbook.rows(sheet.name)) {
    first.push(...batch.filter(hasCells));
    if (first.length > sampleRows) break;
  }
  const fixed =
    settings.headerRow === undefined
      ? undefined
      : first.findIndex((row) => row.number === settings.headerRow);
  const header = findHeader(
    first.map((row) => row.cells),
    fixed,
  );
  if (header === undefined) return undefined;
  const headerRow = first[header.last]!;
  return {
    file,
    sheet: sheet.name,
    layout: { format: workbook.format, encoding: null, delimiter: null, headerRow: headerRow.number },
    settings,
    header: header.names,
    headerRows: header.rows,
    hasHeader: header.isFound,
    sample: first
      .slice(header.last + 1)
      .map((row) => row.cells)
      .filter((cells) => !repeatsHeader(cells, header)),
    decimalComma: false,
    // The scan holds the numbers themselves.
    rowNumbers: async (counted) => [...counted],
    prepare: (columns, temporaryFolder) =>
      numberedCopy(temporaryFolder, { wanted: columns.length, behind: 0 }, (counter) =>
        csvText(workbook.rows(sheet.name), headerRow.number, columns, counter),
      ),
  };
}

function hasCells(row: SheetRow): boolean {
  return row.cells.some((cell) => cell !== null);
}

/** The rows below the header as CSV: the row number, then the columns wanted. Blank rows are left out. */
async function* csvText(
  batches: AsyncIterable<SheetRow[]>,
  headerNumber: number,
  columns: readonly number[],
  counter: RowCounter,
): AsyncGenerator<string> {
  for await (const batch of batches) {
    let text = '';
    for (const row of batch) {
      if (row.number <= headerNumber || !hasCells(row)) continue;
      counter.rows += 1;
      text += row.number;
      for (const column of columns) {
        const cell = row.cells[column];
        text += cell == null ? ',' : `,${quoteCell(cell, ',')}`;
      }
      text += '\n';
    }
    if (text !== '') yield text;
  }
}
