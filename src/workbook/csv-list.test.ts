import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { writeList } from './write-list.js';

const files = temporaryFiles();
let count = 0;
const newPath = () => files.path(`list-${++count}.csv`);
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('a list as CSV', () => {
  test('holds the same columns; names and phones are no formulas', async () => {
    const path = newPath();
    await writeList(path, sampleList(customers(1, 2, 3, 6)), 'en');
    expect(lines(path)).toEqual([
      'customer_id,name,phone,last_order,revenue,risk,news,listed_since,owner,status,reason,comment,next_contact,result_amount',
      "C-0001,'-1,'+79991000001,2024-02-02,1001.50,7,,2024-06-30,,,,,,",
      "C-0002,'@x,'+79991000002,2024-03-03,1002.50,14,,2024-06-30,,,,,,",
      "C-0003,'+7 (999) 123-45-67,'+79991000003,2024-04-04,1003.50,21,,2024-06-30,,,,,,",
      `C-0006,"'=HYPERLINK(""http://x.example"",""Anna"")",'+79991000006,2024-01-07,1006.50,42,,2024-06-30,,,,,,`,
    ]);
  });

  test('keeps what people wrote, whatever it begins with, and the way that their program writes', async () => {
    const path = newPath();
    await writeList(path, sampleList(customers(1, 2, 3)), 'en');
    const edited = readFileSync(path, 'utf8')
      .replaceAll(',', ';')
      .replace('customer_id;name', 'CUSTOMER ID;Имя')
      .replace('result_amount', 'Result amount;Mine')
      .replace(/^(C-0001.*)$/m, '$1;"a;b"')
      .replace(/^(C-0002;.*);;;;;;$/m, `$1;Ольга;in wrok;;"=1+1";-5;'=x`)
      .replaceAll('\n', '\r\n');
    writeFileSync(path, `\ufeff${edited}`);
    const outcome = await writeList(path, sampleList([...customers(2, 4), sampleCustomer(1, 1)]), 'en');
    expect(outcome).toMatchObject({ kept: 2, added: 1, archived: 0 });
    expect(outcome.notices.map(({ text }) => text.en.replace(path, 'list'))).toEqual([
      "list, row 4, column 'CUSTOMER ID': 'C-0003' is not known; the row stays as it is.",
      "list, row 3, column 'status': 'in wrok' is no status (new, in work, reached, returned, refused, do not contact); it stays as it is.",
      "list, row 3, column 'next_contact': '-5' is no date; it stays as it is.",
      "list, row 3, column 'Result amount': ''=x' is no amount; it stays as it is.",
    ]);
    const after = readFileSync(path, 'utf8');
    expect(after.startsWith('\ufeffCUSTOMER ID;Имя;phone')).toBe(true);
    const rows = after.trimEnd().split('\r\n');
    expect(rows[1]).toBe(`C-0001;'-1;'+79991000001;2024-03-02;1002.50;10;;2024-06-30;;;;;;;"a;b"`);
    expect(rows[2]).toBe(
      `C-0002;'@x;'+79991000002;2024-03-03;1002.50;14;;2024-06-30;Ольга;in wrok;;=1+1;-5;'=x;`,
    );
    expect(rows[4]).toBe(
      `C-0004;Иван «Ёж» & Ко <1>;'+79991000004;2024-05-05;1004.50;28;new;2024-06-30;;;;;;;`,
    );

    const again = await writeList(path, sampleList([...customers(2, 4), sampleCustomer(1, 1)]), 'en');
    expect(again.kept).toBe(3);
    expect(readFileSync(path, 'utf8')).toBe(after.replace(';new;', ';;'));
  });

  test('who left goes to the archive beside it, and comes back with the owner', async () => {
    const path = newPath();
    const whyLeft = (key: string) =>
      key === 'C-0002'
        ? { outcome: 'returned' as const, reason: { en: '=returned, with 5', ru: 'вернулся' } }
        : undefined;
    await writeList(path, sampleList(customers(1, 2)), 'en');
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text
        .replace(/^(C-0002,.*),,,,,,$/m, '$1,Olga,do not contact,,note,,')
        .replace(/result_amount$/m, 'result_amount,Mine'),
    );
    expect(await writeList(path, sampleList(customers(1), { whyLeft }), 'en')).toMatchObject({ archived: 1 });
    const archive = path.replace('.csv', '.archive.csv');
    expect(lines(archive)[0]).toContain('customer_id,left_on,outcome,left_because,name,');
    expect(lines(archive)[1]).toMatch(
      /^C-0002,2024-06-30,returned,"'=returned, with 5",'@x,.*Olga,do not contact,,note/,
    );
    await writeList(path, sampleList(customers(1, 2)), 'en');
    expect(lines(path)[2]).toMatch(/^C-0002,.*,back,2024-06-30,Olga,do not contact,,,,,$/);

    writeFileSync(archive, readFileSync(archive, 'utf8').replace(',returned,', ',dismissed,'));
    writeFileSync(path, lines(path).slice(0, 2).join('\n'));
    expect(await writeList(path, sampleList(customers(1, 2)), 'en')).toMatchObject({ added: 0 });
  });

  test('is refused without the column of ids, and in other formats', async () => {
    const path = files.write('other.csv', 'a,b\n1,2\n');
    await expect(writeList(path, sampleList(customers(1)), 'en')).rejects.toThrow("no column 'customer_id'");
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n');
    await expect(writeList(files.path('x.json'), sampleList(customers(1)), 'en')).rejects.toThrow(
      'a workbook or a CSV file',
    );
  });
});
