import { expect, test } from 'vitest';
import { join, raw, sql } from './sql.js';

test('values are bound and numbered through nested pieces', () => {
  const inner = sql`x = ${1} and y = ${'a'}`;
  const outer = sql`select ${raw('z')} from t where ${inner} and w in (${join([sql`${2}`, sql`${null}`], ', ')})`;
  expect(outer.text).toBe('select z from t where x = $1 and y = $2 and w in ($3, $4)');
  expect(outer.values).toEqual([1, 'a', 2, null]);
});

test('a value never becomes text', () => {
  expect(sql`select ${"'; drop table x; --"}`.text).toBe('select $1');
});

test('joining many pieces takes a time in proportion to them', () => {
  // Copied at every piece, so many would not end before the test is given up.
  const pieces = Array.from({ length: 40_000 }, (_, index) => sql`(x = ${index} or y = ${-index})`);
  const { text, values } = join(pieces, ' and ');
  expect(text.startsWith('(x = $1 or y = $2) and (x = $3 or y = $4) and (x = $5')).toBe(true);
  expect(text.endsWith(' and (x = $79999 or y = $80000)')).toBe(true);
  expect(values).toHaveLength(80_000);
});

test('joining nothing gives nothing', () => {
  expect(join([], ', ').text).toBe('');
});
