import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';
import { editWorkbook, workbookRows } from '../testing/edit-workbook.js';

const files = temporaryFiles();
const shop = ['fixtures/shop/orders.csv', 'fixtures/shop/customers.csv', '--no-identity'];
const inputs = ['Owner', 'Status', 'Reason', 'Comment', 'Next contact', 'Result amount'];

test('a wrong run takes nothing away: whom it left out comes back with all that was written', async () => {
  const path = files.path('churn.xlsx');
  const right = ['churn', ...shop, '--as-of', '2024-12-31', '--out', path];
  expect(await retain(right)).toMatchObject({ code: 0 });
  await editWorkbook(path, (sheet) => {
    const headers = sheet.getRow(1).values as string[];
    for (let row = 2; row <= sheet.rowCount; row += 1) {
      const values = ['Olga', 'in work', 'price', `call ${row}`, new Date('2025-01-15T00:00:00Z'), row + 0.5];
      for (const [at, header] of inputs.entries())
        sheet.getCell(row, headers.indexOf(header)).value = values[at]!;
    }
  });
  const written = async () =>
    new Map(
      (await workbookRows(path)).map((row) => [
        row.Customer,
        JSON.stringify(inputs.map((name) => row[name])),
      ]),
    );
  const before = await written();

  // Whom somebody is at work with stays.
  const top = await retain([...right, '--top', '1', '--min-risk', '40%']);
  expect(top.stderr).toContain(`Beyond the 1 of --top, ${before.size - 1} more stay`);
  expect(top.stderr).toContain('to the archive: 0\n');
  expect(await written()).toEqual(before);
  expect((await retain([...right, '--segment', 'champions'])).stderr).toMatch(/left out: [1-9]/);
  expect((await written()).size).toBeLessThan(before.size / 2);
  expect(await retain(right)).toMatchObject({ code: 0 });
  expect(await written()).toEqual(before);

  const other = files.write(
    'other.csv',
    `order_id,customer_id,order_date,amount\n${['x', 'y', 'z']
      .flatMap((id) => ['01', '02', '03', '04'].map((month) => `${id}${month},${id},2024-${month}-05,10`))
      .join('\n')}\n`,
  );
  const wrong = await retain(['churn', other, '--out', path]);
  expect(wrong.stderr).toContain(
    `${before.size} of the list's ${before.size} customers are not in the files: are these the right ones?`,
  );
  expect(wrong.stderr).toContain(
    'The list was as of 2024-12-31 and is now as of 2024-04-05, which is earlier',
  );
  expect((await retain(right)).stderr).not.toContain('The list was as of');
  const after = await written();
  for (const [id, cells] of before) expect([id, after.get(id)]).toEqual([id, cells]);
});

test('in CSV too', async () => {
  const path = files.path('churn.csv');
  const right = ['churn', ...shop, '--as-of', '2024-12-31', '--out', path];
  expect(await retain(right)).toMatchObject({ code: 0 });
  const filled = readFileSync(path, 'utf8').replace(/,,,,,,$/gm, ',Olga,in work,price,call,2025-01-15,5.50');
  writeFileSync(path, filled);
  const top = await retain([...right, '--top', '1', '--min-risk', '40%']);
  expect(top.stderr).toContain('to the archive: 0\n');
  expect((await retain([...right, '--segment', 'champions'])).stderr).toMatch(/left out: [1-9]/);
  await retain(right);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  expect(lines).toHaveLength(filled.trimEnd().split('\n').length - 1);
  expect(lines.filter((line) => !line.endsWith(',Olga,in work,price,call,2025-01-15,5.50'))).toEqual([]);
});
