import ExcelJS from 'exceljs';
import { sampleCustomer } from '../../testing/sample-list.js';

// The same cells as list-run.js, written plainly by exceljs: no styles but dates, no checks, no state.
//   node dist/bench/peers/exceljs-list.js FILE ROWS [held|streamed]

const [, , file, rows, way = 'held'] = process.argv;
if (file === undefined || rows === undefined)
  throw new Error('usage: exceljs-list.js FILE ROWS [held|streamed]');
const header = ['Customer', 'Name', 'Phone', 'Last order', 'Revenue', 'Risk', 'News', 'On the list since'];
const manager = ['Owner', 'Status', 'Reason', 'Comment', 'Next contact', 'Result amount'];
const asOf = new Date('2024-06-28T00:00:00Z');
const cellsOf = (number: number) => {
  const { id, name, phone, lastOrder, revenue, risk } = sampleCustomer(number);
  return [id, name, phone, new Date(`${lastOrder}T00:00:00Z`), Number(revenue), risk / 100, null, asOf];
};
if (way === 'held') {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Churn risk');
  sheet.addRow([...header, ...manager]);
  for (let number = 0; number < Number(rows); number += 1) sheet.addRow(cellsOf(number));
  await book.xlsx.writeFile(file);
} else {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true });
  const sheet = book.addWorksheet('Churn risk');
  sheet.addRow([...header, ...manager]).commit();
  for (let number = 0; number < Number(rows); number += 1) sheet.addRow(cellsOf(number)).commit();
  sheet.commit();
  await book.commit();
}
console.log(JSON.stringify({ rows: Number(rows) }));
