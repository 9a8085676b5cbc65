import fc from 'fast-check';
import { expect, test } from 'vitest';
import { raw, sql } from '../../sql/sql.js';
import { withEngine } from '../../testing/engine.js';
import { emailsOf, isPlaceholderEmail, placeholderEmail, plainEmail, saysNoEmail } from './email.js';

test.each([
  [' Anna@X.org ', ['anna@x.org']],
  ['mailto:anna@x.org', ['anna@x.org']],
  ['Anna Berg <anna@x.org>;', ['anna@x.org']],
  ['anna @ x.org.', ['anna@x.org']],
  ['a@x.org, B@x.org; a@x.org', ['a@x.org', 'b@x.org']],
  ['a@x.org b@x.org', ['a@x.org', 'b@x.org']],
  ['a.b+shop@gmail.com', ['a.b+shop@gmail.com']],
  ['почта@пример.рф', ['почта@пример.рф']],
  ['none@none', []],
  ['a..b@x.org', []],
  ['a@@x.org', []],
  ['a@-x.org', []],
  [`${'a'.repeat(65)}@x.org`, []],
  ['-', []],
])('%s', (text, emails) => {
  expect(emailsOf(text)).toEqual(emails);
});

test('what only fills the field', () => {
  for (const email of ['no@mail.ru', 'test@gmail.com', 'x@noemail.com'])
    expect(isPlaceholderEmail(email)).toBe(true);
  for (const email of ['anna@mail.ru', 'info@example.com', 'a@x.org'])
    expect(isPlaceholderEmail(email)).toBe(false);
  for (const text of ['-', 'нет', 'none@none', 'n/a', 'test@test']) expect(saysNoEmail(text)).toBe(true);
  for (const text of ['anna', 'anna@x']) expect(saysNoEmail(text)).toBe(false);
});

test('what the engine settles is what the code says', async () => {
  const part = fc.string({ unit: fc.constantFrom(...'aZ09._+-@ н'), minLength: 1, maxLength: 6 });
  const texts = fc.sample(
    fc.oneof(
      fc
        .tuple(part, fc.constantFrom('@', ' @'), part, fc.constantFrom('.org', '.o', '', '.рф'))
        .map((all) => all.join('')),
      fc.constantFrom('no@mail.ru', 'A@test.org', 'anna@x.org'),
    ),
    { numRuns: 4000, seed: 7 },
  );
  await withEngine(async (engine) => {
    await engine.run(
      sql`create table texts as select unnest(from_json(${JSON.stringify(texts)}, '["varchar"]')) as t`,
    );
    const rows = await engine.query(
      sql`select t, ${plainEmail(raw('t'))} as address, ${placeholderEmail(raw('address'))} as filler from texts`,
    );
    const settled = rows.filter(({ address }) => address !== null);
    expect(settled.length).toBeGreaterThan(200);
    for (const { t, address, filler } of settled) {
      expect([t, emailsOf(String(t))]).toEqual([t, [address]]);
      expect(filler).toBe(isPlaceholderEmail(String(address)));
    }
  });
});
