import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from './errors.js';
import { withTemporaryFolder } from './temporary.js';

test.each([
  ['a file', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })],
  ['the engine', new Error('IO Error: Could not write file "x.tmp": No space left on device')],
])('a full disk while %s is written is told with what to do', async (_, error) => {
  let folder = '';
  const work = withTemporaryFolder(undefined, async (made) => {
    folder = made;
    throw error;
  });
  await expect(work).rejects.toMatchObject({
    name: 'UserError',
    message: `there is no room for temporary files in ${tmpdir()}`,
    remedy: expect.stringContaining('--temp'),
  });
  expect(folder.startsWith(join(tmpdir(), 'retain-'))).toBe(true);
  expect(existsSync(folder)).toBe(false);
});

test('any other error passes as it is', async () => {
  const full = new UserError('the disk is full', { remedy: 'Free some space.', cause: { code: 'ENOSPC' } });
  for (const error of [new Error('something else'), full]) {
    const work = withTemporaryFolder(undefined, async () => {
      throw error;
    });
    await expect(work).rejects.toBe(error);
  }
});
