import { expect, test } from 'vitest';
import { parseSheet } from './sheet.js';

test('a sheet without rows, in every way to write it', () => {
  const around = ['<worksheet><dimension ref="A1"/>', '<pageMargins left="1"/></worksheet>'] as const;
  for (const empty of [
    '<sheetData/>',
    '<sheetData />',
    '<sheetData></sheetData>',
    '<sheetData xml:space="preserve"/>',
    '<sheetData xml:space="preserve"></sheetData>',
  ]) {
    expect(parseSheet(around.join(empty)), empty).toEqual({
      prefix: '',
      head: around[0],
      rows: [],
      tail: around[1],
    });
  }
});
