import { expect, test } from 'vitest';
import { areSame, oneSpelling } from './spelling.js';

const written = (text: string) => ({ option: '--where', text });
const same = (one: string, other: string) => areSame(written(one), written(other));

test('spaces, capitals and signs are one', () => {
  expect(oneSpelling(written("ORDERS>=3 AND  channel != 'It''s'"))).toBe(
    "orders >= 3 and channel <> 'It''s'",
  );
});

test.each([
  ['orders >= 4', '(ORDERS >= 4.0)'],
  ["orders > 1 and channel = 'Ads'", "(channel = 'Ads') and orders > 1"],
  ['orders > 1 and (revenue > 5 or aov > 2)', '(aov > 2 or revenue > 5) and orders > 1'],
  ['', ''],
])('%s is %s', (one, other) => {
  expect(same(one, other)).toBe(true);
});

test.each([
  ['orders >= 4', 'orders >= 3'],
  ['orders - 1 > 2', '1 - orders > 2'],
  ["channel = 'Ads'", "channel = 'ads'"],
  ['orders > 1 and revenue > 5 or aov > 2', 'orders > 1 and (revenue > 5 or aov > 2)'],
  ['orders > 1', ''],
  ['orders > 1... (0123)', 'orders > 1... (4567)'],
])('%s is not %s', (one, other) => {
  expect(same(one, other)).toBe(false);
  expect(same(other, one)).toBe(false);
});
