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

test('joining nothing gives nothing', () => {
  expect(join([], ', ').text).toBe('');
});
