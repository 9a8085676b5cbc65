import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import { type PrintedSheet, setUpPrinting } from './spreadsheet-print.js';

/** The breaks of a sheet of as many rows, each after its row. */
function breaksOf(printed: PrintedSheet): number[] {
  const sheet = new exceljs.Workbook().addWorksheet('Trend');
  const last = printed.pieces.at(-1)![1];
  for (let row = 1; row <= last; row += 1) sheet.getRow(row).height = 15;
  setUpPrinting(sheet, 'Report', printed);
  expect(sheet.pageSetup.fitToHeight).toBe(0);
  // biome-ignore lint/suspicious/noExplicitAny: not in the types of exceljs
  return ((sheet as any).rowBreaks as { id: number }[]).map(({ id }) => id);
}

describe('pictures below a long table', () => {
  // As wide as a page, so that rows are printed in their own size: 33 of 20 pixels on a page.
  const widths = [149];

  it('are on one page whatever the length of the table', () => {
    for (let rows = 34; rows <= 140; rows += 1) {
      const [first, last] = [rows + 1, rows + 20];
      const breaks = breaksOf({
        widths,
        headerRow: 2,
        pieces: [
          [1, rows],
          [first, last],
        ],
        end: undefined,
      });
      // The pages that the table takes: the first of 33 rows, the others less the header.
      const begun = ((rows - 33 - 1) % 32) + 1 + 1;
      const fits = begun + 20 <= 33;
      expect(breaks, `${rows} rows`).toEqual(fits ? [] : [rows]);
    }
  });
});
