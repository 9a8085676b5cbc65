import type { Source } from '../input/source.js';

/** A source of a header alone, names divided by commas or semicolons; it cannot be scanned. */
export function sourceOf(header: string, file = 'export.csv'): Source {
  return {
    file,
    sheet: null,
    layout: { format: 'csv', encoding: 'utf-8', delimiter: ',', headerRow: 1 },
    settings: {},
    header: header.split(/\s*[,;]\s*/),
    headerRows: [],
    hasHeader: true,
    sample: [],
    decimalComma: false,
    rowNumbers: () => Promise.reject(new Error('not read here')),
    prepare: () => Promise.reject(new Error('not scanned here')),
  };
}
