import { describe, expect, test } from 'vitest';
import { findHeader } from './header.js';

/** Rows written as text: cells apart by |, blank ones empty. */
const table = (...rows: string[]) => rows.map((row) => row.split('|').map((cell) => cell.trim() || null));
const found = (...rows: string[]) => {
  const header = findHeader(table(...rows));
  return header && { last: header.last, names: header.names, isFound: header.isFound };
};

describe('where the header is', () => {
  test('below title rows, by its known names', () => {
    expect(
      found(
        'Sales report',
        '',
        'Period | 2024 | |',
        'Order ID | Date | Amount | Note',
        '1 | 2024-01-05 | 10 |',
      ),
    ).toEqual({ last: 3, names: ['Order ID', 'Date', 'Amount', 'Note'], isFound: true });
  });

  test('40 rows down', () => {
    const titles = Array.from({ length: 40 }, (_, index) => `Line ${index} of a long preface`);
    expect(found(...titles, 'Дата | Сумма', '05.01.2024 | 10')?.last).toBe(40);
  });

  test('by its shape, where no name is known', () => {
    expect(
      found(
        'Acme Ltd',
        'Quarterly |  | figures',
        'Foo | Bar | Baz',
        'x | 17 | 2024-01-05',
        'y | 18 | 2024-01-06',
      ),
    ).toEqual({ last: 2, names: ['Foo', 'Bar', 'Baz'], isFound: true });
  });

  test('a table that does not start in column A, with a blank column between', () => {
    expect(found(' | | Date | | Amount', ' | | 2024-01-05 | | 10')).toEqual({
      last: 0,
      names: ['', '', 'Date', '', 'Amount'],
      isFound: true,
    });
  });

  test('nowhere: data from row 1', () => {
    expect(found('SO-1 | 2024-01-05 | 10.50', 'SO-2 | 2024-01-06 | 11')?.isFound).toBe(false);
    expect(found('Ann | ann@example.com | 10', 'Bob | bob@example.com | 11')?.isFound).toBe(false);
  });

  test('a table of texts alone has its names in the first row', () => {
    expect(found('Foo | Bar', 'x | y', 'z | w')).toMatchObject({ last: 0, isFound: true });
  });

  test('nothing but blanks', () => {
    expect(found('', ' | ')).toBeUndefined();
  });

  test('where the user says it is', () => {
    const rows = table('Order ID | Date | Amount', 'Foo | Bar | Baz', '1 | 2024-01-05 | 10');
    expect(findHeader(rows, 1)?.names).toEqual(['Foo', 'Bar', 'Baz']);
    expect(findHeader(rows, 7)).toBeUndefined();
  });
});

describe('headers of two rows', () => {
  test('groups over names, and names that reach over both rows', () => {
    expect(
      found(
        '№ | Дата | Клиент | | Сумма, руб. | Комментарий',
        ' | | Код | Прозвище | |',
        '1 | 05.01.2024 | 17 | Ваня | 10 | нет',
        '2 | 06.01.2024 | 18 | Петя | 11 | нет',
      ),
    ).toEqual({
      last: 1,
      names: ['№', 'Дата', 'Код клиента', 'Прозвище', 'Сумма, руб.', 'Комментарий'],
      isFound: true,
    });
  });

  test('names that stand twice are told apart by their groups', () => {
    expect(
      found('Order | | Customer | |', 'ID | Date | ID | Name | Amount', '1 | 2024-01-05 | 7 | Ann | 10'),
    ).toMatchObject({ last: 1, names: ['Order ID', 'Order Date', 'Customer ID', 'Customer Name', 'Amount'] });
  });

  test('a title above a row of known names is no group', () => {
    expect(found('Заказы', 'Дата | Сумма | Пометка', '05.01.2024 | 10 | x')).toMatchObject({
      last: 1,
      names: ['Дата', 'Сумма', 'Пометка'],
    });
  });

  test('the first row of data is no second row of the header', () => {
    expect(
      found('Code | Name | Phone | E-mail', 'A | Ann | | x', 'B | Bob | none | y', 'C | Cyd | none | z')
        ?.last,
    ).toBe(0);
  });
});

describe('rows below the names', () => {
  test('units and column numbers belong to the header', () => {
    expect(
      found(
        'Номер | Дата | Количество | Сумма',
        ' | | шт. | тыс. руб.',
        '1 | 2 | 3 | 4',
        '17 | 05.01.2024 | 1 | 10',
        '18 | 06.01.2024 | 2 | 20',
      ),
    ).toMatchObject({ last: 2, names: ['Номер', 'Дата', 'Количество', 'Сумма'] });
  });

  test('the first columns of a form have letters', () => {
    expect(
      found('Клиент | Телефон | Дата | Сумма | Цена', 'А | Б | 1 | 2 | 3', 'Аня | +7 | 05.01.2024 | 10 | 1'),
    ).toMatchObject({ last: 1 });
  });

  test('a first row of data that counts 1, 2, 3 is data', () => {
    expect(found('customer id | quantity | price', '1 | 2 | 3', '2 | 5 | 4')?.last).toBe(0);
  });
});

test('names lose line breaks, doubled and no-break spaces and a byte-order mark', () => {
  const names = findHeader([
    ['\ufeffOrder\nID', ' Order \u00a0 date', 'Amount\r\n(USD)'],
    ['1', '2024-01-05', '10'],
  ])?.names;
  expect(names).toEqual(['Order ID', 'Order date', 'Amount (USD)']);
});
