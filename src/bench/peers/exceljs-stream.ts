import ExcelJS from 'exceljs';

// What exceljs alone needs to stream a workbook: every cell is parsed, nothing is done with it.
//   node dist/bench/peers/exceljs-stream.js FILE

const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: exceljs-stream.js FILE');
const workbook = new ExcelJS.stream.xlsx.WorkbookReader(file, {
  worksheets: 'emit',
  sharedStrings: 'cache',
  styles: 'cache',
  hyperlinks: 'ignore',
  entries: 'emit',
});
let rows = 0;
for await (const sheet of workbook) {
  for await (const _row of sheet) rows++;
}
// The header is a row too.
console.log(JSON.stringify({ rows: rows - 1 }));
