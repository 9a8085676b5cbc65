import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from './together.js';

async function after<T>(turns: number, end: () => T): Promise<T> {
  for (let turn = 0; turn < turns; turn++) await turnOfOthers();
  return end();
}
const fail = (text: string) => () => {
  throw new Error(text);
};

test('gives what was computed when both have ended', async () => {
  let done = false;
  const other = after(5, () => {
    done = true;
  });
  expect(
    await together(
      after(1, () => 7),
      other,
    ),
  ).toBe(7);
  expect(done).toBe(true);
});

test('an error of either is the caller’s, the first one, when both have ended', async () => {
  await expect(together(after(5, Number), after(1, fail('other')))).rejects.toThrow('other');
  await expect(together(after(1, fail('computed')), after(5, Number))).rejects.toThrow('computed');
  await expect(together(after(9, fail('computed')), after(1, fail('other')))).rejects.toThrow('other');
});
