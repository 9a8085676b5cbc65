import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateText,
  isBuiltInDate,
  isDateFormat,
  isoDateText,
  numberStyle,
  numberText,
  percentText,
  unescapeText,
} from './xlsx-values.js';

describe('numberText', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.0', '0'],
    ['007', '7'],
    ['+5', '5'],
    [' 12 ', '12'],
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e21', '1000000000000000000000'],
    ['1E+21', '1000000000000000000000'],
    ['1e23', '100000000000000000000000'],
    ['1e-7', '0.0000001'],
    ['-1.5E-7', '-0.00000015'],
    ['1.234', '1.2340'],
    ['-1.234', '-1.2340'],
    ['0.125', '0.1250'],
    ['1.2340', '1.2340'],
    ['1234E-3', '1.2340'],
    ['12.3450000000000001', '12.3450'],
    ['1.2345', '1.2345'],
    ['1234', '1234'],
    ['12.300000000000001', '12.3'],
    ['2.9999999999999996', '3'],
    ['0.1', '0.1'],
    ['0.30000000000000004', '0.3'],
    ['1.1000000000000001E-2', '0.0110'],
    ['1.1000000000000001E-3', '0.0011'],
    ['123456789012345678', '123456789012345678'],
    ['12345678901234567', '12345678901234567'],
    ['4111111111111111', '4111111111111111'],
    ['1.2345678901234568E+16', '12345678901234568'],
    ['123456789.12345679', '123456789.123457'],
    // No numbers: left for the checks that come later.
    ['1,5', '1,5'],
    ['abc', 'abc'],
    ['1e999', '1e999'],
    ['0x10', '0x10'],
    ['1.2.3', '1.2.3'],
    ['-', '-'],
    ['.', '.'],
  ])('%s becomes %s', (stored, expected) => {
    expect(numberText(stored)).toBe(expected);
  });

  it('gives plain text of the same value, with at most 15 digits in fractions', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = numberText(String(value));
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        expect(text).not.toMatch(/\.\d{3}$/);
        expect(Number(text)).toBe(Number.isInteger(value) ? value + 0 : Number(value.toPrecision(15)));
      }),
      { numRuns: 5000, seed: 21 },
    );
  });

  it('takes the quick way only where it gives the same', () => {
    const decimal = fc
      .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.stringMatching(/^\d{0,6}$/))
      .map(([whole, decimals]) => (decimals === '' ? `${whole}` : `${whole}.${decimals}`));
    fc.assert(
      // The exponent keeps the text from being taken as it is.
      fc.property(decimal, (text) => {
        expect(numberText(text)).toBe(numberText(`${text}e0`));
      }),
      { numRuns: 5000, seed: 22 },
    );
  });
});

describe('dateText', () => {
  it.each([
    ['1', '1900-01-01'],
    ['59', '1900-02-28'],
    ['60', '1900-02-29'],
    ['61', '1900-03-01'],
    ['40179', '2010-01-01'],
    ['40179.5', '2010-01-01 12:00:00'],
    ['40179.00042824074', '2010-01-01 00:00:37'],
    ['40179.9999999', '2010-01-02'],
    ['43831.999988', '2020-01-01 23:59:59'],
    ['0', '00:00:00'],
    ['0.25', '06:00:00'],
    ['0.9999999', '23:59:59'],
    ['2958465', '9999-12-31'],
    ['2958465.5', '9999-12-31 12:00:00'],
    ['2958465.9999999', '2958465.9999999'],
    ['2958466', '2958466'],
    ['-1', '-1'],
    ['1E+10', '10000000000'],
    ['abc', 'abc'],
  ])('%s is %s', (stored, expected) => {
    expect(dateText(stored, false)).toBe(expected);
  });

  it.each([
    ['1', '1904-01-02'],
    ['38717', '2010-01-01'],
    ['0.5', '12:00:00'],
    ['2957003', '9999-12-31'],
    ['2957004', '2957004'],
  ])('%s is %s counted from 1904', (stored, expected) => {
    expect(dateText(stored, true)).toBe(expected);
  });

  it('gives back every day and second', () => {
    const moments = fc.integer({
      min: Date.UTC(1900, 2, 1) / 1000,
      max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000,
    });
    fc.assert(
      fc.property(moments, (seconds) => {
        const serial = seconds / 86_400 + 25_569;
        const [date, time] = new Date(seconds * 1000).toISOString().slice(0, 19).split('T');
        const expected = time === '00:00:00' ? date : `${date} ${time}`;
        expect(dateText(String(serial), false)).toBe(expected);
        expect(dateText(serial.toPrecision(15), false)).toBe(expected);
      }),
      { numRuns: 3000, seed: 23 },
    );
  });
});

it.each([
  ['2024-02-29', '2024-02-29'],
  ['2024-02-29T00:00:00', '2024-02-29'],
  ['2024-02-29T13:05:09.5Z', '2024-02-29 13:05:10'],
  ['2024-12-31T23:59:59.700', '2025-01-01'],
  ['2024-02-29T13:05', '2024-02-29 13:05:00'],
  ['13:05:09', '13:05:09'],
])('ISO date %s becomes %s', (stored, expected) => {
  expect(isoDateText(stored)).toBe(expected);
});

it.each([
  ['a_x000D_b', 'a\rb'],
  ['_x005F_x000D_', '_x000D_'],
  ['_x00g0_', '_x00g0_'],
  ['max_x', 'max_x'],
])('%s is unescaped', (text, expected) => {
  expect(unescapeText(text)).toBe(expected);
});

describe('number formats', () => {
  it.each([
    'yyyy-mm-dd',
    'd/m/yy h:mm',
    '[$-409]d-mmm-yy;@',
    '[h]:mm:ss',
    'MMM YYYY',
    '"on" d',
    'mm:ss.0',
    'hh:mm AM/PM',
    '\\Qm',
  ])('%s shows a date', (code) => {
    expect(isDateFormat(code)).toBe(true);
  });

  it.each([
    'General',
    '0.00',
    '0.00E+00',
    '#,##0.00',
    '[Red]0.00',
    '#,##0.00 "dollars"',
    '0\\d',
    '_-* #,##0.00_-',
    '@',
    '0%',
    '[$USD] 0.00',
    '#,##0_d',
    '0*s',
    '',
  ])('%s shows no date', (code) => {
    expect(isDateFormat(code)).toBe(false);
  });

  it('knows the built-in dates', () => {
    const ids = Array.from({ length: 100 }, (_, id) => id).filter(isBuiltInDate);
    expect(ids.join(' ')).toBe(
      '14 15 16 17 18 19 20 21 22 27 28 29 30 31 32 33 34 35 36 45 46 47 50 51 52 53 54 55 56 57 58',
    );
  });
});

it.each([
  [0, undefined, { kind: 'plain' }],
  [14, undefined, { kind: 'date' }],
  [9, undefined, { kind: 'percent' }],
  [164, '0.0%', { kind: 'percent' }],
  [164, '00000', { kind: 'zeros', digits: 5 }],
  [164, '0', { kind: 'plain' }],
  [164, '#,##0.00', { kind: 'plain' }],
  [164, 'dd.mm.yyyy', { kind: 'date' }],
  [164, '0.00" %"', { kind: 'plain' }],
] as const)('a number format %s %s', (id, code, style) => {
  expect(numberStyle(id, code)).toEqual(style);
});

it.each([
  ['0.125', '12.5%'],
  ['0.07', '7%'],
  ['0.29', '29%'],
  ['1', '100%'],
  ['-0.5', '-50%'],
  ['1E-3', '0.1%'],
  ['x', 'x'],
])('%s in percent is %s', (stored, text) => {
  expect(percentText(stored)).toBe(text);
});
