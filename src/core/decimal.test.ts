import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundDecimal } from './decimal.js';

test.each([
  ['2.345', 2, '2.35'],
  ['-2.345', 2, '-2.35'],
  ['2.3449', 2, '2.34'],
  ['0.005', 2, '0.01'],
  ['-0.004', 2, '0.00'],
  ['9.999', 2, '10.00'],
  ['12', 0, '12'],
  ['12.5', 0, '13'],
  ['90071992547409.93', 2, '90071992547409.93'],
  ['.5', 1, '0.5'],
])('%s to %i digits is %s', (text, digits, expected) => {
  expect(roundDecimal(text, digits)).toBe(expected);
});

test('agrees with integer arithmetic', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (tenThousandths) => {
      const sign = tenThousandths < 0n ? '-' : '';
      const digits = (tenThousandths < 0n ? -tenThousandths : tenThousandths).toString().padStart(5, '0');
      const rounded = roundDecimal(`${sign}${digits.slice(0, -4)}.${digits.slice(-4)}`, 2);
      const cents = BigInt(rounded.replace('.', ''));
      const difference = cents * 100n - tenThousandths;
      expect(difference <= 50n && difference >= -50n).toBe(true);
    }),
  );
});

test.each(['', '-', '1e5', 'NaN', '1,5'])("'%s' is no decimal text", (text) => {
  expect(() => roundDecimal(text, 2)).toThrow(/not decimal text/);
});
