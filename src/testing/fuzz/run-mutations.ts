import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDB } from '../../engines/duckdb/engine.js';
import { checkMutatedCase, makeMutatedCase } from './mutated-case.js';

// Reads the mutated files of the seeds from the first to before the last, in a process of its own, so that a
// crash or a hang is that of one file: a line says which is begun, another what came of it.
const [first, last] = process.argv.slice(2).map(Number) as [number, number];
const folder = mkdtempSync(join(tmpdir(), 'retain-mutated-'));
const engine = await openDuckDB({ temporaryFolder: folder, threads: 1 });
try {
  for (let seed = first; seed < last; seed++) {
    const made = await makeMutatedCase(seed);
    process.stdout.write(`${JSON.stringify({ begun: seed })}\n`);
    const outcome = await checkMutatedCase(engine, made, folder);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    // The engine may be unfit for the next file: the caller begins anew.
    if (outcome.outcome === 'failed') break;
  }
} finally {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
}
