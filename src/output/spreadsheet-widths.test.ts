import { describe, expect, it } from 'vitest';
import { textCell } from './spreadsheet-cell.js';
import type { SheetContent } from './spreadsheet-notes.js';
import { sheetColumns } from './spreadsheet-widths.js';

const table = (header: readonly string[], row: readonly string[], from?: number): SheetContent => ({
  header,
  rows: [row.map(textCell)],
  /** From which column on figures stand; none does unless said. */
  numeric: header.map((_, index) => index >= (from ?? header.length)),
});

describe('the columns that tables of a sheet share', () => {
  const figures = table(['Score', 'Customers', 'Least', 'Greatest'], ['5', '80', '1', '20'], 1);
  const meaning = table(['Parameter', 'Meaning'], ['r', 'm'.repeat(60)]);

  it('are as wide as figures need, where the text of another table may run over them', () => {
    const alone = sheetColumns([figures]);
    const shared = sheetColumns([figures, meaning]);
    expect(shared.widths.slice(1)).toEqual(alone.widths.slice(1));
    expect(shared.runningOver).toEqual(new Set([meaning]));
    const room = shared.widths.slice(1).reduce((sum, width) => sum + width, 0);
    expect(room + shared.beyond).toBeGreaterThanOrEqual(60);
  });

  it('are as wide as the text where no column stands beside it, or it is too long', () => {
    const beside = table(['Parameter', 'Meaning', 'Value'], ['r', 'm'.repeat(60), '1'], 2);
    expect(sheetColumns([figures, beside])).toMatchObject({ runningOver: new Set(), beyond: 0 });
    expect(sheetColumns([figures, beside]).widths[1]).toBeGreaterThanOrEqual(60);
    const long = table(['Parameter', 'Meaning'], ['r', 'm'.repeat(400)]);
    expect(sheetColumns([figures, long]).runningOver).toEqual(new Set());
    expect(sheetColumns([meaning]).runningOver).toEqual(new Set());
  });

  it('never cut a header of text that runs over', () => {
    const short = table(['Parameter', 'Importance'], ['r', 'm'.repeat(60)]);
    const narrow = table(['a', 'b', 'c', 'd'], ['1', '2', '3', '4'], 1);
    const { widths } = sheetColumns([narrow, short]);
    expect(widths[1]).toBeGreaterThanOrEqual('Importance'.length * 1.1 + 4);
  });
});
