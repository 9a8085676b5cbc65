import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Column, Kind } from '../core/table.js';
import { formatCell, groupDigits } from './format.js';

function show(
  cell: Cell,
  kind: Kind,
  language: 'en' | 'ru',
  more: Partial<Column> = {},
  currency: string | null = 'USD',
) {
  const column: Column = { name: 'x', label: { en: 'X', ru: 'X' }, kind, ...more };
  return formatCell(column, [cell], [column], { language, currency });
}

function showInRow(cell: Cell, unit: Cell, kind: 'measure' | 'change', language: 'en' | 'ru') {
  const column: Column = { name: 'x', label: { en: 'X', ru: 'X' }, kind, unitColumn: 'unit' };
  const unitColumn: Column = { name: 'unit', label: { en: 'U', ru: 'U' }, kind: 'text' };
  return formatCell(column, [cell, unit], [column, unitColumn], { language, currency: 'RUB' });
}

describe('formatCell', () => {
  it.each<[Cell, Kind, string, string]>([
    ['76109.30', 'money', '$76,109.30', '76 109,30 $'],
    ['-12.5', 'money', '−$12.50', '−12,50 $'],
    ['0.005', 'money', '$0.01', '0,01 $'],
    ['-0.001', 'money', '$0.00', '0,00 $'],
    [
      '90071992547409931234567.891',
      'money',
      '$90,071,992,547,409,931,234,567.89',
      '90 071 992 547 409 931 234 567,89 $',
    ],
    [89.4, 'percent', '89.4%', '89,4 %'],
    [2.0491, 'percent', '2.0%', '2,0 %'],
    [3.1, 'ratio', '3.10', '3,10'],
    [1e-7, 'ratio', '0.00', '0,00'],
    [1234.5, 'months', '1,234.5', '1 234,5'],
    [40.6, 'days', '41', '41'],
    [1_234_567, 'integer', '1,234,567', '1 234 567'],
    [999, 'integer', '999', '999'],
    [1e21, 'integer', '1,000,000,000,000,000,000,000', '1 000 000 000 000 000 000 000'],
    ['2024-06-30', 'date', '2024-06-30', '30.06.2024'],
    [true, 'boolean', 'yes', 'да'],
    [false, 'boolean', 'no', 'нет'],
    [null, 'money', '—', '—'],
    [null, 'text', '—', '—'],
  ])('shows %j as %s', (cell, kind, en, ru) => {
    expect(show(cell, kind, 'en')).toBe(en);
    expect(show(cell, kind, 'ru')).toBe(ru.replaceAll(' ', '\u00a0'));
  });

  it('takes the unit of a measure from its row', () => {
    expect(showInRow('41.2', 'money', 'measure', 'ru')).toBe('41,20\u00a0₽');
    expect(showInRow('41.2', 'money', 'measure', 'en')).toBe('₽41.20');
    expect(showInRow(41, 'days', 'measure', 'en')).toBe('41\u00a0d');
    expect(showInRow(3.25, 'months', 'measure', 'ru')).toBe('3,3\u00a0мес.');
    expect(showInRow(null, null, 'measure', 'en')).toBe('—');
    expect(() => showInRow(1, 'furlongs', 'measure', 'en')).toThrow("'furlongs' is not a unit");
  });

  it('shows no digits after the point of a large estimate', () => {
    const estimate = (cell: Cell, kind: Kind, more: Partial<Column> = {}) =>
      show(cell, kind, 'en', { ...more, isEstimate: true });
    expect(estimate('587820.58', 'money')).toBe('$587,821');
    expect(estimate('-1488.21', 'money')).toBe('−$1,488');
    expect(estimate('99.99', 'money')).toBe('$99.99');
    expect(estimate(184.86, 'ratio', { digits: 1 })).toBe('185');
    expect(estimate(47.05, 'ratio', { digits: 1 })).toBe('47.1');
    expect(estimate(null, 'money')).toBe('—');
  });

  it('shows changes with their sign, of percents in points', () => {
    expect(showInRow(12.3, 'money', 'change', 'en')).toBe('+12.3%');
    expect(showInRow(-4, 'integer', 'change', 'en')).toBe('−4.0%');
    expect(showInRow(-4, 'integer', 'change', 'ru')).toBe('−4,0\u00a0%');
    expect(showInRow(1.8, 'percent', 'change', 'en')).toBe('+1.8\u00a0pp');
    expect(showInRow(1.8, 'percent', 'change', 'ru')).toBe('+1,8\u00a0п.п.');
    expect(showInRow(-0.04, 'money', 'change', 'en')).toBe('0.0%');
    expect(showInRow(0.04, 'money', 'change', 'en')).toBe('0.0%');
  });

  it('writes currencies so that they cannot be mistaken', () => {
    const money = (currency: string | null, language: 'en' | 'ru') =>
      show('1234.5', 'money', language, {}, currency);
    expect(money('RUB', 'en')).toBe('₽1,234.50');
    expect(money('CAD', 'en')).toBe('CA$1,234.50');
    expect(money('CHF', 'en')).toBe('CHF\u00a01,234.50');
    expect(money('JPY', 'en')).toBe('¥1,235');
    expect(money('KWD', 'ru')).toBe('1\u00a0234,500\u00a0KWD');
    expect(money(null, 'en')).toBe('1,234.50');
    expect(money('no such', 'ru')).toBe('1\u00a0234,50\u00a0no such');
  });

  it('keeps to the digits and the labels of the column', () => {
    expect(show('1234.5', 'money', 'en', { digits: 0 })).toBe('$1,235');
    const values = { lost: { en: 'Lost', ru: 'Ушёл' } };
    expect(show('lost', 'text', 'ru', { values })).toBe('Ушёл');
    expect(show('other', 'text', 'ru', { values })).toBe('other');
  });

  it('refuses what is not a number', () => {
    expect(() => show(Number.NaN, 'ratio', 'en')).toThrow('not a finite number');
    expect(() => show('NaN', 'money', 'en')).toThrow('not decimal text');
  });
});

describe('groupDigits', () => {
  it('changes no digit', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.stringMatching(/^\d{0,9}$/), (whole, fraction) => {
        const text = fraction === '' ? `${whole}` : `${whole}.${fraction}`;
        for (const language of ['en', 'ru'] as const) {
          const plain = groupDigits(text, language)
            .replace(/[\u00a0]/g, '')
            .replace('\u2212', '-');
          const back = language === 'en' ? plain.replaceAll(',', '') : plain.replace(',', '.');
          expect(back).toBe(text);
        }
      }),
    );
  });
});
