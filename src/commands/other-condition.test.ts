import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { retain, temporaryFiles } from '../testing/cli.js';

const files = temporaryFiles();
const shop = ['fixtures/shop/orders.csv', 'fixtures/shop/customers.csv'];

test('a list of one condition is not written over that of another, however each is spelled', async () => {
  const path = files.path('list.xlsx');
  const list = (asOf: string, ...flags: string[]) =>
    retain(['list', ...shop, '--as-of', asOf, ...flags, '--out', path]);
  expect(await list('2024-11-30', '--where', "orders>=3 AND channel != 'it''s'")).toMatchObject({ code: 0 });
  const written = readFileSync(path);
  expect(await list('2024-12-31', '--where', 'orders >= 4')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /list\.xlsx: holds the list 'List of customers' of --where "orders >= 3 and channel <> 'it''s'" and not of --where "orders >= 4"\n {2}Ask for the same/,
    ),
  });
  expect((await list('2024-12-31')).stderr).toContain('and not of everybody');
  expect(readFileSync(path).equals(written)).toBe(true);
  const same = ['--where', "(channel <> 'it''s') and ORDERS >= 3.0", '--limit', '5', '--sort', 'orders'];
  expect(await list('2024-12-31', ...same)).toMatchObject({ code: 0 });
});

test('that of everybody too, and a ready-made list that is narrowed', async () => {
  const [everybody, lapsed] = [files.path('everybody.xlsx'), files.path('lapsed.xlsx')];
  expect(await retain(['list', ...shop, '--out', everybody])).toMatchObject({ code: 0 });
  expect(await retain(['list', ...shop, '--out', everybody])).toMatchObject({ code: 0 });
  expect((await retain(['list', ...shop, '--where', 'orders > 1', '--out', everybody])).stderr).toContain(
    `holds the list 'List of customers' of everybody and not of --where "orders > 1"`,
  );
  expect(await retain(['list', 'lapsed-1y', ...shop, '--out', lapsed])).toMatchObject({ code: 0 });
  const narrowed = await retain(['list', 'lapsed-1y', ...shop, '--where', 'orders > 1', '--out', lapsed]);
  expect(narrowed).toMatchObject({ code: 1, stderr: expect.stringContaining('not of --where "orders > 1"') });
});
