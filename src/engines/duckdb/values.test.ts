import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dateFormOf } from '../../input/dates.js';
import type { DecimalMark } from '../../input/numbers.js';
import { join, type Sql, sql } from '../../sql/sql.js';
import type { LoadingEngine } from '../loader.js';
import { openDuckDB } from './engine.js';

let engine: LoadingEngine;
beforeAll(async () => {
  engine = await openDuckDB({ temporaryFolder: '/tmp', threads: 1 });
});
afterAll(() => engine.close());

/** What an expression over column content makes of each text, in one query. */
async function values(expression: Sql, texts: readonly string[]) {
  const rows = texts.map((text, index) => sql`(${index}, ${text})`);
  const found = await engine.query(sql`
    select ${expression} as value from (values ${join(rows, ', ')}) as given (position, content) order by position`);
  return Object.fromEntries(texts.map((text, index) => [text, found[index]!.value]));
}

async function numbers(texts: readonly string[], mark: DecimalMark) {
  const read = await values(engine.loader.decimal(sql`content`, mark).atOnce, texts);
  return Object.fromEntries(Object.entries(read).map(([text, value]) => [text, value && Number(value)]));
}

/** The times that texts are read as, by the form that a sample shows. */
async function times(texts: readonly string[], sample: readonly string[]) {
  const time = engine.loader.timestamp(sql`content`, dateFormOf(sample)).atOnce;
  return values(sql`strftime(${time}, '%Y-%m-%d %H:%M:%S')`, texts);
}

describe('numbers', () => {
  const plain: [string, number][] = [
    ['1234.5', 1234.5],
    ['1234,5', 1234.5],
    ['1 234,50', 1234.5],
    ['1\u00a0234,50', 1234.5],
    ['1\u202f234,50', 1234.5],
    ['1\u2009234,50', 1234.5],
    ['1\u2007234.50', 1234.5],
    ["1'234.50", 1234.5],
    ['1’234.50', 1234.5],
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ['1,234,567', 1234567],
    ['1.234.567', 1234567],
    ['1 234 567', 1234567],
    ['1,23,456.00', 123456],
    ['12,34,567', 1234567],
    ['0,500', 0.5],
    ['0.500', 0.5],
    ['1234,567', 1234.567],
    [',5', 0.5],
    ['.5', 0.5],
    ['5,', 5],
    ['-12', -12],
    ['\u221212', -12],
    ['–12', -12],
    ['- 12', -12],
    ['12.00-', -12],
    ['12,00 -', -12],
    ['(12.00)', -12],
    ['( 12 )', -12],
    ['+5', 5],
    ['1 234,50 ₽', 1234.5],
    ['1 234,50 руб.', 1234.5],
    ['1 234,50 р.', 1234.5],
    ['1234р', 1234],
    ['1234 RUB', 1234],
    ['$1,234.50', 1234.5],
    ['-$12', -12],
    ['$-12', -12],
    ['($12.00)', -12],
    ['US$ 12', 12],
    ['€12', 12],
    ['12 €', 12],
    ['EUR 12', 12],
    ['eur12', 12],
    ['£12', 12],
    ['12 ₸', 12],
    ['12₴', 12],
    ['¥12', 12],
    ['12 zł', 12],
    ['12 kr', 12],
    ['CHF 1’234.-', 1234],
    ['1234,-', 1234],
    ['1.5E+3', 1500],
    ['1,5e3', 1500],
    ['2E2', 200],
    ['  12  ', 12],
  ];
  test.each(['point', 'comma', 'open'] as const)('in every spelling, with decimal mark %s', async (mark) => {
    const texts = plain.map(([text]) => text);
    expect(await numbers(texts, mark)).toEqual(Object.fromEntries(plain));
  });

  test.each([
    ['1,234', 1234, 1.234],
    ['1.234', 1.234, 1234],
    ['-12,345 ₽', -12345, -12.345],
  ])('%s depends on the decimal mark', async (text, point, comma) => {
    expect(await numbers([text], 'point')).toEqual({ [text]: point });
    expect(await numbers([text], 'comma')).toEqual({ [text]: comma });
    expect(await numbers([text], 'open')).toEqual({ [text]: null });
  });

  const noNumbers = [
    '',
    ' ',
    '-',
    '—',
    'n/a',
    'нет',
    '12abc',
    'abc',
    '12 50',
    '5 10 15',
    '1,2,3',
    '1.2.3',
    '1,23,45',
    '1-2',
    '--5',
    '12:30',
    '#N/A',
    'inf',
    'nan',
    'true',
    '0x10',
    '2024-03-05',
    '10000000000000',
    '-99999999999999999999999',
    '1e99',
    '12 XQZ',
  ];
  test.each(['point', 'comma', 'open'] as const)('other text is none, with decimal mark %s', async (mark) => {
    expect(await numbers(noNumbers, mark)).toEqual(Object.fromEntries(noNumbers.map((text) => [text, null])));
  });

  test('a product of large or fine factors', async () => {
    const product = async (quantity: string, price: string) => {
      const factors = [
        engine.loader.factor(sql`q`, 'comma', sql`quick_q`),
        engine.loader.factor(sql`p`, 'comma', sql`quick_p`),
      ] as const;
      const [row] = await engine.query(sql`
        select ${engine.loader.product(...factors)} as value from (
          select *, ${factors[0].quick} as quick_q, ${factors[1].quick} as quick_p
          from (select ${quantity} as q, ${price} as p))`);
      return row!.value;
    };
    expect(await product('3', '0,1')).toBe('0.3000');
    expect(await product('2', '1 234,50 ₽')).toBe('2469.0000');
    expect(await product('1000000', '99999,99')).toBe('99999990000.0000');
    expect(await product('10000000', '10000000')).toBeNull();
    expect(await product('x', '1')).toBeNull();
  });
});

describe('whatever is written is read back', () => {
  test('amounts in random spellings', async () => {
    const spelling = fc.record({
      thousands: fc.constantFrom('', ' ', '\u00a0', '\u202f', '\u2009', "'", '’', ',', '.'),
      decimal: fc.constantFrom(',', '.'),
      sign: fc.constantFrom('-x', '\u2212x', '–x', 'x-', '(x)'),
      currency: fc.constantFrom(
        'x',
        'x ₽',
        'x руб.',
        'x\u00a0р.',
        '$x',
        'EUR x',
        'x zł',
        'x Kč',
        '£ x',
        'RUB x',
      ),
      cents: fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }),
    });
    const written = fc
      .sample(spelling, { numRuns: 2000, seed: 20240305 })
      .filter(({ thousands, decimal }) => thousands !== decimal)
      .map(({ thousands, decimal, sign, currency, cents }) => {
        const digits = String(Math.abs(cents)).padStart(3, '0');
        const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, thousands);
        const amount = currency.replace('x', () => `${whole}${decimal}${digits.slice(-2)}`);
        return [cents < 0 ? sign.replace('x', () => amount) : amount, cents / 100] as const;
      });
    for (const mark of ['comma', 'point', 'open'] as const) {
      const texts = written.map(([text]) => text);
      expect(await numbers(texts, mark)).toEqual(Object.fromEntries(written));
    }
  });

  test('times in random forms', async () => {
    const named = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
    const two = (value: number) => String(value).padStart(2, '0');
    const moments = fc.sample(
      fc.record({
        second: fc.integer({ min: Date.UTC(1969, 0, 1) / 1000, max: Date.UTC(2068, 11, 31) / 1000 }),
        form: fc.integer({ min: 0, max: 7 }),
      }),
      { numRuns: 2000, seed: 20240305 },
    );
    const written = moments.map(({ second, form }) => {
      const iso = new Date(second * 1000).toISOString();
      const [year, month, day] = [iso.slice(0, 4), Number(iso.slice(5, 7)), Number(iso.slice(8, 10))];
      const time = iso.slice(11, 19);
      const texts = [
        iso,
        `${iso.slice(0, 10)} ${time}`,
        `${two(day)}.${two(month)}.${year} ${time}`,
        `${day}.${month}.${year.slice(2)} ${time}`,
        `${day}/${month}/${year} ${time}`,
        `${day} ${named[month - 1]} ${year}, ${time}`,
        `${year}${two(month)}${two(day)} ${time}`,
        `${named[month - 1]} ${day}, ${year} ${time} +0300`,
      ];
      return [texts[form]!, `${iso.slice(0, 10)} ${time}`] as const;
    });
    const texts = written.map(([text]) => text);
    expect(await times(texts, ['31/01/2024'])).toEqual(Object.fromEntries(written));
    expect(await times(texts, ['2024-01-31', '31/01/2024', '31.01.2024'])).toEqual(
      Object.fromEntries(written),
    );
  });
});

describe('currencies of amounts', () => {
  test.each([
    ['1 234,50 ₽', 'RUB'],
    ['1 234,50 руб.', 'RUB'],
    ['12р.', 'RUB'],
    ['RUB 12', 'RUB'],
    ['$1,234.50', 'USD'],
    ['($12)', 'USD'],
    ['US$12', 'USD'],
    ['CA$12', 'CAD'],
    ['-12 €', 'EUR'],
    ['12 zł', 'PLN'],
    ['12 Kč', 'CZK'],
    ['12', null],
    ['', null],
    ['1 234,50', null],
    ['12 xqz', null],
  ])('%s: %s', async (text, code) => {
    const [row] = await engine.query(sql`
      select ${engine.loader.currency(sql`content`)} as code from (select ${text} as content)`);
    expect(row!.code).toBe(code);
  });
});

describe('dates', () => {
  const midnight = '2024-03-05 00:00:00';
  const morning = '2024-03-05 09:05:00';
  const evening = '2024-03-05 22:15:07';
  const forms: [string, string][] = [
    ['2024-03-05', midnight],
    ['2024-3-5', midnight],
    ['2024/03/05', midnight],
    ['2024.03.05', midnight],
    ['20240305', midnight],
    ['20240305221507', evening],
    ['20240305T221507Z', evening],
    ['20240305 22:15:07', evening],
    ['2024-03-05T22:15:07', evening],
    ['2024-03-05T22:15:07Z', evening],
    ['2024-03-05T22:15:07.123Z', evening],
    ['2024-03-05T22:15:07+03:00', evening],
    ['2024-03-05 22:15:07 +0300', evening],
    ['2024-03-05 22:15:07 UTC', evening],
    ['2024-03-05 9:05', morning],
    ['2024-03-05, 22:15:07', evening],
    ['2024-03-04 24:00:00', midnight],
    ['05.03.2024', midnight],
    ['5.3.2024', midnight],
    ['05.03.24', midnight],
    ['5.3.24 9:05', morning],
    ['05.03.2024 9:05', morning],
    ['05.03.2024 22:15:07', evening],
    ['05.03.2024, 22:15:07', evening],
    ['05.03.2024 г.', midnight],
    ['вт, 05.03.2024', midnight],
    ['5 марта 2024', midnight],
    ['5 марта 2024 г.', midnight],
    ['5 марта 2024 года', midnight],
    ['05 мар. 2024 г.', midnight],
    ['5 марта 2024 г. 9:05', morning],
    ['5 марта 2024 г., 22:15:07', evening],
    ['5 марта 2024 в 9:05', morning],
    ['5 МАРТА 2024', midnight],
    ['5\u00a0марта\u00a02024\u00a0г.', midnight],
    ['вторник, 5 марта 2024 г.', midnight],
    ['March 5, 2024', midnight],
    ['Mar 5, 2024', midnight],
    ['March 5th, 2024', midnight],
    ['5 March 2024', midnight],
    ['5-Mar-24', midnight],
    ['05-Mar-2024', midnight],
    ['05/Mar/2024 22:15:07', evening],
    ['2024-Mar-05', midnight],
    ['Mar 5 2024 10:15:07 PM', evening],
    ['March 5, 2024 at 10:15:07 PM', evening],
    ['Mar 5, 2024, 9:05 a.m.', morning],
    ['Tue, 05 Mar 2024 22:15:07 +0300', evening],
    ['Tue Mar 05 2024 22:15:07 GMT+0300 (Moscow Standard Time)', evening],
    ['Tue Mar  5 22:15:07 2024', evening],
    ['45356', midnight],
    ['45356.5', '2024-03-05 12:00:00'],
    ['45356,5', '2024-03-05 12:00:00'],
    ['1709676907', evening],
    ['1709676907000', evening],
    ['март 2024', '2024-03-01 00:00:00'],
    ['Март 2024 г.', '2024-03-01 00:00:00'],
    ['Mar 2024', '2024-03-01 00:00:00'],
    ['March, 2024', '2024-03-01 00:00:00'],
    ['Mar-24', '2024-03-01 00:00:00'],
    ['мар.24', '2024-03-01 00:00:00'],
    ['2024-03', '2024-03-01 00:00:00'],
    ['03.2024', '2024-03-01 00:00:00'],
    ['202403', '2024-03-01 00:00:00'],
  ];
  test.each(forms)('%s', async (text, value) => {
    expect(await times([text], [text])).toEqual({ [text]: value });
  });

  test('a form that the sample does not show is read all the same', async () => {
    // Bare numbers are dates only where the column shows that they are.
    const others = forms.filter(([text]) => !/^(?:45356|1709676907)/.test(text));
    const texts = others.map(([text]) => text);
    for (const sample of ['2024-01-31', '31.01.2024', '1/31/2024', '5 мая 2024']) {
      expect(await times(texts, [sample])).toEqual(Object.fromEntries(others));
    }
    expect(await times(['45356'], ['2024-01-31'])).toEqual({ '45356': null });
  });

  test('slashes follow the order of the column, points are day first', async () => {
    expect(
      await times(['03/05/2024 10:15:07 PM', '3/5/24', '05.03.2024', '31/01/2024'], ['01/31/2024']),
    ).toEqual({
      '03/05/2024 10:15:07 PM': evening,
      '3/5/24': midnight,
      '05.03.2024': midnight,
      '31/01/2024': null,
    });
    expect(await times(['05/03/2024', '05-03-2024 22:15:07', '01/31/2024'], ['31/01/2024'])).toEqual({
      '05/03/2024': midnight,
      '05-03-2024 22:15:07': evening,
      '01/31/2024': null,
    });
  });

  test('where no sample tells the order, only what can be read in one way is', async () => {
    expect(await times(['13/02/2024', '02/13/2024', '03/05/2024'], ['2024-01-31'])).toEqual({
      '13/02/2024': '2024-02-13 00:00:00',
      '02/13/2024': '2024-02-13 00:00:00',
      '03/05/2024': null,
    });
  });

  const noDates = [
    '',
    '31.02.2024',
    '30 февраля 2024',
    '2024-13-01',
    '2024-02-30',
    '00.00.2024',
    '0024-03-05',
    '9999-12-31',
    '1899-12-31',
    '01.01.1753',
    '2024-03-05xyz',
    '2024-03-05 25:00',
    '05.03.2024 10:75',
    'infinity',
    'epoch',
    'today',
    'maybe 5, 2024x',
    'март',
    '12345',
    '99999999',
    '#N/A',
    'нет',
    '2024-03-05 (BC)',
  ];
  test.each([['2024-01-31'], ['31.01.2024'], ['01/31/2024'], ['45356'], ['5 мая 2024']])(
    'other text is none beside %s',
    async (sample) => {
      expect(await times(noDates, [sample])).toEqual(Object.fromEntries(noDates.map((text) => [text, null])));
    },
  );
});
