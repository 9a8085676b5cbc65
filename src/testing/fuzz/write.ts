import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { Dialect, TextForm, WorkbookForm } from './dialect.js';
import { encode } from './encode.js';
import type { Cell, Grid } from './grid.js';

/** The bytes of a grid in the format of a dialect. */
export async function writeGrid(grid: Grid, { form }: Dialect): Promise<Buffer> {
  if (form.format !== 'csv') return workbookOf(grid, form);
  const text = encode(csvOf(grid, form), form.encoding);
  return form.isPacked ? gzipSync(text) : text;
}

function csvOf(grid: Grid, form: TextForm): string {
  const cell = (text: string): string =>
    form.quotes === 'everywhere' || text.includes(form.delimiter) || /["\r\n]/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const line = (cells: readonly Cell[], row: number): string => {
    const texts = cells.map(({ text }) => text);
    // Rows beyond the header are refused, so a header is never cut, even where its last name is empty.
    if (form.shortRows && row !== grid.headerRow) while (texts.length > 0 && texts.at(-1) === '') texts.pop();
    return texts.map(cell).join(form.delimiter);
  };
  return grid.rows.map(line).join(form.lineEnd) + (form.endsWithLineEnd ? form.lineEnd : '');
}

async function workbookOf(grid: Grid, form: WorkbookForm): Promise<Buffer> {
  const { default: ExcelJS } = await import('exceljs');
  const stream = new PassThrough();
  const bytes = buffer(stream);
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream,
    useStyles: true,
    useSharedStrings: form.strings === 'shared',
  });
  const sheet = workbook.addWorksheet('Sheet 1');
  grid.rows.forEach((cells, rowIndex) => {
    const row = sheet.getRow(rowIndex + 1);
    cells.forEach(({ text, value }, index) => {
      const cell = row.getCell(index + 1);
      if (value instanceof Date && form.dates === 'values') {
        cell.value = value;
        cell.numFmt = 'dd.mm.yyyy hh:mm:ss';
      } else if (typeof value === 'number' && form.amounts === 'values') cell.value = value;
      else if (text !== '') cell.value = text;
    });
    row.commit();
  });
  sheet.commit();
  await workbook.commit();
  return bytes;
}
