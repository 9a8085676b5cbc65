import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { writeListWorkbook } from '../workbook/workbook-file.js';

// Writes a list of customers to a workbook, or brings the one that is there up to date.
//   node dist/bench/list-run.js FILE ROWS [TURN]

const [, , file, rows, turn = '0'] = process.argv;
if (file === undefined || rows === undefined) throw new Error('usage: list-run.js FILE ROWS [TURN]');
const first = Number(turn) * 1000;
const customers = Array.from({ length: Number(rows) }, (_, index) =>
  sampleCustomer(first + index, Number(turn)),
);
const list = sampleList(customers, { asOf: `2024-0${6 + Number(turn)}-28` });
const { kept, added, archived } = await writeListWorkbook(file, list, 'en');
console.log(JSON.stringify({ kept, added, archived }));
