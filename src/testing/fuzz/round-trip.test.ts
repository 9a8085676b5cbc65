import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDB } from '../../engines/duckdb/engine.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { checkCase, describeCase, makeCase } from './round-trip.js';
import { runSize } from './run-size.js';

const folder = mkdtempSync(join(tmpdir(), 'retain-fuzz-'));
let engine: LoadingEngine;
beforeAll(async () => {
  engine = await openDuckDB({ temporaryFolder: folder, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const { first, count } = runSize(2000);

test(`fuzz seed ${first}: ${count} random tables in random dialects are read back cell by cell`, async () => {
  console.log(`fuzz seed ${first}: ${count} tables (2000 in CI; RETAIN_SEED=N runs table N alone)`);
  const failures: string[] = [];
  for (let seed = first; seed < first + count && failures.length < 10; seed++) {
    const made = await makeCase(seed);
    const difference = await checkCase(engine, made, folder);
    if (difference !== undefined) failures.push(describeCase(made, difference));
  }
  expect(failures.join('\n')).toBe('');
}, 2_400_000);
