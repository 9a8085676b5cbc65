import ExcelJS from 'exceljs';

export async function loadWorkbook(path: string): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  return book;
}

/** Opens, edits and saves a workbook with another library, as a person would with a spreadsheet program. */
export async function editWorkbook(
  path: string,
  change: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void,
): Promise<void> {
  const book = await loadWorkbook(path);
  change(book.worksheets[0]!, book);
  await book.xlsx.writeFile(path);
}

/** The rows of a sheet as records by header. */
export async function workbookRows(
  path: string,
  name: string | number = 0,
): Promise<Record<string, unknown>[]> {
  const book = await loadWorkbook(path);
  const sheet = typeof name === 'number' ? book.worksheets[name]! : book.getWorksheet(name)!;
  const headers = (sheet.getRow(1).values as string[]).slice(1);
  const rows: Record<string, unknown>[] = [];
  sheet.eachRow((row, number) => {
    if (number === 1) return;
    rows.push(
      Object.fromEntries(headers.map((header, index) => [header, row.getCell(index + 1).value ?? ''])),
    );
  });
  return rows;
}
