import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages } from './pages.js';

test.each(Object.keys(pages))('docs/%s is what the code makes: run npm run docs', async (name) => {
  expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).toBe(await pages[name]!());
});
