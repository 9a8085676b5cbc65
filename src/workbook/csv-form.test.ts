import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { temporaryFiles } from '../testing/cli.js';
import { encode } from '../testing/encode.js';
import { sampleCustomer, sampleList } from '../testing/sample-list.js';
import { csvFormOf } from './csv-form.js';
import { writeList } from './write-list.js';

const files = temporaryFiles();
const customers = (...numbers: number[]) => numbers.map((number) => sampleCustomer(number));
const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\r\n');

/** As a Russian Excel saves what it has opened: dates and, where it took them for such, numbers in its own form. */
function saveInRussianExcel(path: string, { hasNumbers }: { hasNumbers: boolean }): void {
  const text = readFileSync(path, 'utf8')
    .replace(/^\ufeff/, '')
    .replace(/\r?\n/g, '\r\n')
    .replaceAll(',', ';')
    .replace(/(\d{4})-(\d\d)-(\d\d)/g, '$3.$2.$1')
    .replace(/\b(\d+)\.50\b/g, hasNumbers ? '$1,5' : '$1.50');
  writeFileSync(path, encode(text, 'windows-1251'));
}

test('a list that a Russian Excel saved stays one of numbers and dates to it', async () => {
  for (const hasNumbers of [true, false]) {
    const path = files.path(`russian-${hasNumbers}.csv`);
    const plain = customers(1, 2, 5).map((one) => ({ ...one, name: `Имя ${one.id}`, phone: '8 800' }));
    await writeList(path, sampleList(plain), 'ru');
    saveInRussianExcel(path, { hasNumbers });
    const left = { outcome: 'left' as const, reason: { en: 'left', ru: 'ушёл' } };
    const next = [
      plain[0]!,
      { ...plain[2]!, revenue: '1400.25', lastOrder: '2024-06-29' },
      sampleCustomer(7),
    ];
    await writeList(path, sampleList(next, { asOf: '2024-07-31', whyLeft: () => left }), 'ru');
    expect(lines(path)).toEqual([
      '\ufeffcustomer_id;name;phone;last_order;revenue;risk;news;listed_since;owner;status;reason;comment;next_contact;result_amount',
      'C-0001;Имя C-0001;8 800;02.02.2024;1001,50;7;;30.06.2024;;;;;;',
      'C-0005;Имя C-0005;8 800;29.06.2024;1400,25;35;;30.06.2024;;;;;;',
      "C-0007;'-1;+79991000007;08.02.2024;1007,50;49;new;31.07.2024;;;;;;",
    ]);
    expect(lines(path.replace('.csv', '.archive.csv'))[1]).toMatch(/^C-0002;31\.07\.2024;left;ушёл;/);
    const before = lines(path).map((line) => line.replace(';new;', ';;'));
    await writeList(path, sampleList(next, { asOf: '2024-07-31', whyLeft: () => left }), 'ru');
    expect(lines(path)).toEqual(before);
  }
});

test("the line 'sep=;' stays", async () => {
  const path = files.path('separator.csv');
  await writeList(path, sampleList(customers(1)), 'en');
  writeFileSync(path, `sep=;\r\n${readFileSync(path, 'utf8').replaceAll(',', ';').replaceAll('\n', '\r\n')}`);
  for (const _ of [1, 2]) {
    await writeList(path, sampleList(customers(1, 2)), 'en');
    expect(lines(path)).toHaveLength(4);
    expect(lines(path)[0]).toBe('sep=;');
    expect(lines(path)[3]).toMatch(/^C-0002;/);
  }
});

describe('the form of dates', () => {
  const dayOf = (texts: string[], days: string[] = [], delimiter = ',') =>
    csvFormOf(
      [],
      texts.map((text, at) => ({ text, day: days[at] })),
      delimiter,
    ).day('2024-03-05');

  test('is that of most cells, with its order and zeros', () => {
    expect(dayOf([])).toBe('2024-03-05');
    expect(dayOf(['2024-01-02', '05.03.2024', '2024-02-02'])).toBe('2024-03-05');
    expect(dayOf(['05.03.2024', ''])).toBe('05.03.2024');
    expect(dayOf(['5.3.2024', '17.11.2024'])).toBe('5.3.2024');
    expect(dayOf(['3/25/2024', '1/2/2024'])).toBe('3/5/2024');
    expect(dayOf(['25/03/2024'])).toBe('05/03/2024');
    expect(dayOf(['25-03-2024 0:00'])).toBe('05-03-2024');
  });

  test('is told by the dates themselves where no day is above 12', () => {
    expect(dayOf(['03/05/2024', '01/02/2024'], ['2024-05-03', '2024-02-01'])).toBe('05/03/2024');
    expect(dayOf(['03/05/2024', '01/02/2024'], ['2024-03-05', '2024-01-02'], ';')).toBe('03/05/2024');
    expect(dayOf(['3/5/2024'])).toBe('3/5/2024');
  });

  test('and the decimal mark goes by cells that can be no thousands', () => {
    expect(csvFormOf(['1,234', '5'], [], ',').decimal).toBe('.');
    expect(csvFormOf(['1,234', '5,5'], [], ';').decimal).toBe(',');
    expect(csvFormOf(['1.5'], [], ';').decimal).toBe('.');
  });
});

test('a number that somebody typed with a comma does not make all of them so', () => {
  expect(csvFormOf(['1980.43', '92.85', '12,5', '7'], [], ',').decimal).toBe('.');
  expect(csvFormOf(['1980,43', '92,85', '12.5', '7'], [], ';').decimal).toBe(',');
});
