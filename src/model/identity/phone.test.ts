import fc from 'fast-check';
import { getCountries } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { raw, sql } from '../../sql/sql.js';
import { withEngine } from '../../testing/engine.js';
import {
  compactPhone,
  isPlaceholderPhone,
  libraryNumber,
  phoneParts,
  phoneReader,
  placeholderPhone,
  saysNoPhone,
} from './phone.js';

const russian = phoneReader('RU');

describe('phones of a cell', () => {
  test.each([
    ['+7 (916) 123-45-67', ['+79161234567']],
    ['8 916 123 45 67', ['+79161234567']],
    ['8-916-123-45-67', ['+79161234567']],
    ['79161234567', ['+79161234567']],
    ['9161234567', ['+79161234567']],
    ['79161234567.0', ['+79161234567']],
    ['007 916 123 45 67', []],
    ['8 10 49 30 901820', ['+4930901820']],
    ['+49 30 901820', ['+4930901820']],
    ['тел. 8 (495) 123-45-67', ['+74951234567']],
    ['8 (495) 123-45-67 доб. 12', ['+74951234567']],
    ['8 (495) 123-45-67, доб. 12', ['+74951234567']],
    ['8 (495) 123-45-67 ext 12', ['+74951234567']],
    ['+7 900 000-00-01, 8 (495) 123-45-67; доб. 12', ['+79000000001', '+74951234567']],
    ['+7 900 000-00-01 / +7 900 000-00-02', ['+79000000001', '+79000000002']],
    ['+79000000001 +79000000002', ['+79000000001', '+79000000002']],
    ['89000000001 89000000002', ['+79000000001', '+79000000002']],
    ['+7 900 000-00-01 и 89000000002', ['+79000000001', '+79000000002']],
    ['7.91612E+10', []],
    ['7,91612E+10', []],
    ['8 800 555 35 35', ['+78005553535']],
    ['800 555 35 35', ['+78005553535']],
    ['123-45-67', []],
    ['-', []],
    ['', []],
    ['нет', []],
    ['＋７９１６１２３４５６７', ['+79161234567']],
  ])('%s', (text, numbers) => {
    expect(russian.numbersOf(text)).toEqual(numbers);
  });

  test('without a country only numbers with a + are used', () => {
    const reader = phoneReader(null);
    expect(reader.numbersOf('8 916 123 45 67')).toEqual([]);
    expect(reader.numbersOf('+7 916 123 45 67')).toEqual(['+79161234567']);
  });

  test('an unknown country is an error', () => {
    expect(() => phoneReader('XX')).toThrow("'XX' is no country");
  });

  test.each(['+70000000000', '11111111', '+79999999999', '1234567'])('%s only fills the field', (number) => {
    expect(isPlaceholderPhone(number)).toBe(true);
  });

  test('a text without a number says so, a number that is not valid does not', () => {
    for (const text of ['-', 'нет', '0', '000-00-00', '11111111']) expect(saysNoPhone(text)).toBe(true);
    for (const text of ['123-45-68', '916 12']) expect(saysNoPhone(text)).toBe(false);
  });
});

/** Compact texts near to the numbers of a country: right and wrong prefixes and lengths. */
const nearNumbers = (country: (typeof countries)[number]) => {
  const digits = (min: number, max: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));
  return fc
    .tuple(
      fc.constantFrom('', '+', '8', '0', '00', '810', '011', '1', '7', '+7', '+8', '+1', '+0'),
      fc.constantFrom('', callingCodes[country]!),
      fc.constantFrom('', '0', '8', '1', '2', '9', '15'),
      digits(4, 11),
    )
    .map((parts) => parts.join(''))
    .filter((text) => text.replace('+', '').length <= 17 && !text.slice(1).includes('+'));
};
const countries = getCountries();
const callingCodes = Object.fromEntries(countries.map((country) => [country, libraryCallingCode(country)]));
function libraryCallingCode(country: string): string {
  const reader = phoneReader(country);
  return reader.callingCode;
}

describe('plain forms', () => {
  test.each(countries)('%s: what they take is what the library takes', (country) => {
    const reader = phoneReader(country);
    fc.assert(
      fc.property(nearNumbers(country), (compact) => {
        const plain = reader.plain(compact);
        if (plain !== undefined)
          expect(`${compact} ${plain}`).toBe(`${compact} ${libraryNumber(compact, country)}`);
      }),
      { numRuns: 100 },
    );
  });

  test('the engine takes the same as the code', async () => {
    const texts = fc.sample(fc.oneof(...(['RU', 'US', 'DE', 'GB'] as const).map(nearNumbers)), {
      numRuns: 3000,
      seed: 5,
    });
    await withEngine(async (engine) => {
      await engine.run(
        sql`create table texts as select unnest(from_json(${JSON.stringify(texts)}, '["varchar"]')) as t`,
      );
      for (const country of ['RU', 'US', 'DE', 'GB', 'IT', 'BR']) {
        const reader = phoneReader(country);
        const rows = await engine.query(sql`
          select t, ${reader.plainNumber(compactPhone(raw('t')))} as number, ${placeholderPhone(raw('number'))} as filler from texts`);
        expect(rows.length).toBe(3000);
        for (const { t, number, filler } of rows) {
          expect(`${country} ${t} ${number}`).toBe(`${country} ${t} ${reader.plain(String(t)) ?? null}`);
          if (number !== null) expect(filler).toBe(isPlaceholderPhone(String(number)));
        }
      }
    });
  });

  test('they take nearly every Russian mobile number, however it is written', () => {
    for (const prefix of ['+7', '8', '7', '']) {
      fc.assert(
        fc.property(fc.integer({ min: 900_000_0000, max: 999_999_9999 }), (number) => {
          expect(russian.plain(`${prefix}${number}`)).toBe(`+7${number}`);
        }),
      );
    }
  });

  test('parts of a cell', () => {
    expect(phoneParts('8 (495) 123-45-67, доб. 12')).toEqual(['84951234567']);
  });
});
