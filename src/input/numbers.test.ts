import { describe, expect, test } from 'vitest';
import { markVotes, settledMark } from './numbers.js';

describe('the decimal mark of a column', () => {
  test.each([
    ['comma', ['1,5']],
    ['comma', ['0,500', '1,234']],
    ['comma', ['1.234,50', '1.234']],
    ['comma', ['1.234.567']],
    ['comma', ['1 234,5 ₽', '7']],
    ['comma', ['1234,567']],
    ['comma', ['(1,50)']],
    ['comma', ['12,5-']],
    ['point', ['1.5']],
    ['point', ['.5']],
    ['point', ['1,234.50', '1,234']],
    ['point', ['1,234,567']],
    ['point', ['1,23,456']],
    ['point', ['$1234.567']],
    ['point', ["1'234.5"]],
    ['open', ['1,234', '12,345', '950']],
    ['open', ['1.234', '-12.345 ₽']],
    ['open', ['7', '12', '', null]],
    ['open', ['a,b', '1.2.x', '12:30,5', 'n/a']],
    ['open', ['1,5', '1.5']],
  ] as const)('%s: %j', (mark, values) => {
    expect(settledMark(markVotes(values))).toBe(mark);
  });

  test('one slip does not outvote the column', () => {
    const values = [...Array.from({ length: 50 }, (_, index) => `${index}.25`), '3,5'];
    expect(settledMark(markVotes(values))).toBe('point');
  });

  test('the first value that could be read either way is shown', () => {
    expect(markVotes(['7', '1,234', '5,678']).open).toBe('1,234');
    expect(markVotes(['7', '0,234']).open).toBeUndefined();
  });
});
