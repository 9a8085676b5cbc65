import { writeListWorkbook } from '../workbook/workbook-file.js';
import { sampleCustomer, sampleList } from './sample-list.js';

// Writes a list to a workbook again and again, each time with other figures, until the process is ended.
//   node dist/testing/write-lists.js FILE

const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: write-lists.js FILE');
for (let turn = 1; ; turn += 1) {
  const customers = Array.from({ length: 20 }, (_, number) => sampleCustomer(number, turn));
  await writeListWorkbook(file, sampleList(customers), 'en');
  if (turn === 1) process.stdout.write('begun\n');
}
