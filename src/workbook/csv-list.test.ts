import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { writeList } from './write-list.js';

const files = temporaryFiles();
let count = 0;
const newPath = () => files.path(`list-${++count}.csv`);
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const fell = { outcome: 'risk_fell' as const, reason: { en: 'risk fell', ru: 'риск снизился' } };
/** A list that has no column of phones. */
function withoutPhone(list: ReturnType<typeof sampleList>): ReturnType<typeof sampleList> {
  const { columns, rows } = list.table;
  const isKept = (_: unknown, index: number) => columns[index]!.name !== 'phone';
  const table = {
    ...list.table,
    columns: columns.filter(isKept),
    rows: rows.map((row) => row.filter(isKept)),
  };
  return { ...list, table };
}
const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('a list as CSV', () => {
  test('holds the same columns; names and phones are no formulas', async () => {
    const path = newPath();
    await writeList(path, sampleList(customers(1, 2, 3, 6)), 'en');
    expect(lines(path)).toEqual([
      'customer_id,name,phone,last_order,revenue,risk,news,listed_since,owner,status,reason,comment,next_contact,result_amount',
      "C-0001,'-1,+79991000001,2024-02-02,1001.50,7,,2024-06-30,,,,,,",
      "C-0002,'@x,+79991000002,2024-03-03,1002.50,14,,2024-06-30,,,,,,",
      'C-0003,+7 (999) 123-45-67,+79991000003,2024-04-04,1003.50,21,,2024-06-30,,,,,,',
      `C-0006,"'=HYPERLINK(""http://x.example"",""Anna"")",+79991000006,2024-01-07,1006.50,42,,2024-06-30,,,,,,`,
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
    expect(rows[1]).toBe(`C-0001;'-1;+79991000001;2024-03-02;1002.50;10;;2024-06-30;;;;;;;"a;b"`);
    expect(rows[2]).toBe(
      `C-0002;'@x;+79991000002;2024-03-03;1002.50;14;;2024-06-30;Ольга;in wrok;;=1+1;-5;'=x;`,
    );
    expect(rows[4]).toBe(
      `C-0004;Иван «Ёж» & Ко <1>;+79991000004;2024-05-05;1004.50;28;new;2024-06-30;;;;;;;`,
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

  test('cells beyond the header stay where they are', async () => {
    const path = newPath();
    await writeList(path, sampleList(customers(1, 2, 3)), 'en');
    const text = readFileSync(path, 'utf8')
      .replace(',result_amount', '')
      .replace(/^(C-\d+,.*),$/gm, '$1')
      .replace(/^(C-0001,.*)$/m, '$1,aside,further')
      .replace(/^(C-0002,.*)$/m, '$1,left alone');
    writeFileSync(path, text);
    await writeList(path, sampleList(customers(1, 3), { whyLeft: () => fell }), 'en');
    expect(lines(path)[0]).toMatch(/next_contact,,,result_amount$/);
    expect(lines(path)[1]).toMatch(/^C-0001,.*,,aside,further,$/);
    expect(lines(path)[2]).toMatch(/^C-0003,.*,,,,$/);
    const archive = lines(path.replace('.csv', '.archive.csv'));
    expect(archive[0]).toMatch(/,next_contact,N,O,result_amount$/);
    expect(archive[1]).toMatch(/^C-0002,.*,left alone,,$/);
  });

  test('columns of people that have one name, or one of ours, reach the archive each', async () => {
    const path = newPath();
    await writeList(path, sampleList(customers(1, 2, 3)), 'en');
    const own = ['Note', 'Note', 'Outcome', 'Comment', 'left_on'];
    const text = readFileSync(path, 'utf8')
      .replace(/result_amount$/m, `result_amount,${own.join(',')}`)
      .replace(/^(C-\d+,.*)$/gm, '$1,one,two,three,four,five');
    writeFileSync(path, text);
    const archive = path.replace('.csv', '.archive.csv');
    for (const left of [[1, 3], [1]]) {
      await writeList(path, sampleList(customers(...left), { whyLeft: () => fell }), 'en');
      expect(lines(path)[1]).toMatch(/^C-0001,.*,one,two,three,four,five$/);
    }
    expect(lines(archive)[0]).toMatch(
      /^customer_id,left_on,outcome,left_because,.*,Note,Note,Outcome,Comment,left_on$/,
    );
    for (const id of ['C-0002', 'C-0003']) {
      const line = lines(archive).find((one) => one.startsWith(id))!;
      expect(line).toMatch(new RegExp(`^${id},2024-06-30,risk_fell,risk fell,.*,one,two,three,four,five$`));
    }
    expect(lines(archive)).toHaveLength(3);
  });

  test('the archive too has a copy, and is not written over while it is open', async () => {
    const path = newPath();
    const archive = path.replace('.csv', '.archive.csv');
    await writeList(path, sampleList(customers(1, 2, 3)), 'en');
    await writeList(path, sampleList(customers(1, 2), { whyLeft: () => fell }), 'en');
    const former = readFileSync(archive, 'utf8');
    await writeList(path, sampleList(customers(1), { whyLeft: () => fell }), 'en');
    expect(readFileSync(archive.replace('.csv', '.2024-06-30.bak.csv'), 'utf8')).toBe(former);

    const [list, both] = [readFileSync(path, 'utf8'), readFileSync(archive, 'utf8')];
    for (const open of [archive, path]) {
      const lock = join(dirname(open), `.~lock.${basename(open)}#`);
      writeFileSync(lock, '');
      const outcome = await writeList(path, sampleList(customers(4), { whyLeft: () => fell }), 'en');
      expect(outcome.beside).toMatchObject({ reason: 'open', lock });
      // Whoever goes from one to the other is in both new files or in both former ones.
      expect([readFileSync(path, 'utf8'), readFileSync(archive, 'utf8')]).toEqual([list, both]);
      expect(lines(outcome.path)[1]).toMatch(/^C-0004,/);
      const besideArchive = outcome.path.replace(/^(.*)(\.2024-06-30.*\.new\.csv)$/, '$1.archive$2');
      expect(lines(besideArchive).at(-1)).toMatch(/^C-0001,/);
      rmSync(lock);
    }
  });

  test('ids whose zeros a program dropped are known again', async () => {
    const path = newPath();
    const numbered = ['00123', '0456', '7'].map((id, at) => ({ ...sampleCustomer(at), id }));
    await writeList(path, sampleList(numbered), 'en');
    const text = readFileSync(path, 'utf8').replace(/^0+(\d.*),$/gm, '$1,mine');
    writeFileSync(path, text);
    const outcome = await writeList(path, sampleList(numbered), 'en');
    expect(outcome).toMatchObject({ kept: 3, added: 0 });
    expect(lines(path)[1]).toMatch(/^00123,.*,mine$/);
    expect(lines(path)[2]).toMatch(/^0456,.*,mine$/);
  });

  test('an id that the base has as it is has lost no zeros, in the list and in the archive', async () => {
    const path = newPath();
    const [seven, long] = ['77', '0077'].map((id, at) => ({ ...sampleCustomer(at), id }));
    await writeList(path, sampleList([seven!, sampleCustomer(3)]), 'en');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^(77,.*),,$/m, '$1,,mine'));
    const ids = { whyLeft: (id: string) => (id === '77' ? fell : undefined), knownIds: new Set(['77']) };
    await writeList(path, sampleList([long!, sampleCustomer(3)], ids), 'en');
    expect(lines(path)).toHaveLength(3);
    expect(lines(path)[2]).toMatch(/^0077,.*,new,2024-06-30,,,,,,$/);
    const archive = path.replace('.csv', '.archive.csv');
    expect(lines(archive)[1]).toMatch(/^77,2024-06-30,risk_fell,.*,mine$/);
    writeFileSync(archive, readFileSync(archive, 'utf8').replace('risk_fell', 'dismissed'));
    const after = await writeList(path, sampleList([long!, seven!, sampleCustomer(3)], ids), 'en');
    expect(after).toMatchObject({ kept: 2, added: 0 });
  });

  test('ids of the archive whose zeros a program dropped are known again', async () => {
    const path = newPath();
    const numbered = ['00123', '0456', '7'].map((id, at) => ({ ...sampleCustomer(at), id }));
    await writeList(path, sampleList(numbered), 'en');
    const text = readFileSync(path, 'utf8').replace(/^(00123,.*),,,,,,$/m, '$1,Olga,,,,,');
    writeFileSync(path, text.replace(/^0+(?=\d)/gm, ''));
    const ids = {
      todaysIds: new Map([
        ['123', '00123'],
        ['456', '0456'],
      ]),
      whyLeft: () => fell,
    };
    await writeList(path, sampleList(numbered.slice(2), ids), 'en');
    const archive = path.replace('.csv', '.archive.csv');
    expect(lines(archive).map((line) => line.split(',')[0])).toEqual(['customer_id', '00123', '0456']);
    writeFileSync(
      archive,
      readFileSync(archive, 'utf8')
        .replace(/^0+(?=\d)/gm, '')
        .replace(/^(456,.*)risk_fell/m, '$1dismissed'),
    );
    expect(await writeList(path, sampleList(numbered), 'en')).toMatchObject({ kept: 1, added: 1 });
    expect(lines(path)[2]).toMatch(/^00123,.*,back,2024-06-30,Olga,/);
  });

  test("somebody's own column stays theirs when the list gets one of its name; the id column is ours", async () => {
    const path = newPath();
    const full = sampleList(customers(1, 2, 3));
    await writeList(path, withoutPhone(full), 'en');
    const text = readFileSync(path, 'utf8')
      .replace(/result_amount$/m, 'result_amount,Телефон')
      .replace(/^(C-000[12],.*)$/gm, '$1,8 800')
      .replace(/^(C-0003,.*)$/m, '$1,')
      .replace(/^customer_id/m, 'Клиент,customer_id')
      .replace(/^(C-\d+,)/gm, 'mine of $1$1');
    writeFileSync(path, text);
    const { notices, kept } = await writeList(path, full, 'en');
    expect(kept).toBe(3);
    expect(notices.map(({ text }) => text.en.replace(path, 'list'))).toEqual([
      "list: the column 'Телефон' is somebody's own and stays; what the list computes under that name is in 'phone'.",
    ]);
    expect(lines(path)[0]).toMatch(/^Клиент,customer_id,name,.*,result_amount,Телефон,phone$/);
    expect(lines(path)[1]).toMatch(/^mine of C-0001,C-0001,.*,8 800,\+79991000001$/);
    expect(lines(path)[3]).toMatch(/^mine of C-0003,C-0003,.*,,\+79991000003$/);
    const before = lines(path);
    expect((await writeList(path, full, 'en')).notices).toEqual([]);
    expect(lines(path)).toEqual(before);
  });

  test("somebody's own column that is spelled as ours stays theirs", async () => {
    const path = newPath();
    const full = sampleList(customers(1, 2, 3));
    await writeList(path, withoutPhone(full), 'en');
    const text = readFileSync(path, 'utf8')
      .replace(/result_amount$/m, 'result_amount,phone')
      .replace(/^(C-\d+,.*)$/gm, '$1,8 800');
    writeFileSync(path, text);
    expect(
      (await writeList(path, full, 'en')).notices.map(({ text }) => text.en.replace(path, 'list')),
    ).toEqual([
      "list: the column 'phone' is somebody's own and stays; what the list computes under that name is in 'Phone (computed)'.",
    ]);
    expect(lines(path)[0]).toMatch(/,result_amount,phone,Phone \(computed\)$/);
    expect(lines(path)[1]).toMatch(/,8 800,\+79991000001$/);
    // One that a run added is refreshed, and both go to the archive.
    const moved = customers(1, 2, 3).map((one) => ({ ...one, phone: '7 1' }));
    expect(
      (await writeList(path, sampleList(moved.slice(1), { whyLeft: () => fell }), 'en')).notices,
    ).toEqual([expect.objectContaining({ code: 'archive' })]);
    expect(lines(path)[1]).toMatch(/^C-0002,.*,8 800,7 1$/);
    const archive = lines(path.replace('.csv', '.archive.csv'));
    expect(archive[0]).toMatch(/,result_amount,phone,Phone \(computed\)$/);
    expect(archive[1]).toMatch(/^C-0001,.*,8 800,\+79991000001$/);
  });

  test('is refused where a program has rounded ids', async () => {
    const path = newPath();
    const long = ['100000000001', '100000000002'].map((id, at) => ({ ...sampleCustomer(at), id }));
    await writeList(path, sampleList(long), 'en');
    const text = readFileSync(path, 'utf8').replace(/^1000000000\d\d/gm, '1.00000E+11');
    writeFileSync(path, text);
    await expect(writeList(path, sampleList(long), 'en')).rejects.toThrow("'1.00000E+11' is an id that");
    expect(readFileSync(path, 'utf8')).toBe(text);
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
