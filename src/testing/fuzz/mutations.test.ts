import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { checkAccounts, type Json, projectRoot, retain, temporaryFiles } from '../cli.js';
import { type MutatedOutcome, makeMutatedCase } from './mutated-case.js';
import { fileName } from './round-trip.js';
import { runSize } from './run-size.js';

const { first, count } = runSize(2000);
/** The longest that one small file may take, on a machine that does other work besides. */
const patience = 60_000;

test(`fuzz seed ${first}: ${count} mutated files are read, or refused in words`, async () => {
  console.log(`fuzz seed ${first}: ${count} mutated files (2000 in CI; RETAIN_SEED=N runs file N alone)`);
  const half = first + Math.ceil(count / 2);
  const outcomes = (await Promise.all([readAll(first, half), readAll(half, first + count)])).flat();
  const faults = outcomes.flatMap(({ fault }) => fault ?? []);
  const read = outcomes.filter(({ outcome }) => outcome === 'read').length;
  console.log(`${read} were read, ${outcomes.length - read - faults.length} refused`);
  expect(faults.slice(0, 10).join('\n')).toBe('');
  expect(outcomes.length).toBe(count);
}, 2_400_000);

/** Reads the files of some seeds in processes of their own; one that crashes or hangs is a fault of its file. */
async function readAll(from: number, to: number): Promise<MutatedOutcome[]> {
  const outcomes: MutatedOutcome[] = [];
  let next = from;
  while (next < to) {
    const { done, fault } = await readSome(next, to);
    outcomes.push(...done);
    next += done.length;
    if (fault === undefined) continue;
    outcomes.push({ seed: next, outcome: 'failed', fault: `seed ${next}: ${fault}` });
    next += 1;
  }
  return outcomes;
}

function readSome(from: number, to: number): Promise<{ done: MutatedOutcome[]; fault: string | undefined }> {
  return new Promise((resolve, reject) => {
    const program = join(projectRoot, 'dist/testing/fuzz/run-mutations.js');
    const child = spawn(process.execPath, [program, String(from), String(to)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const done: MutatedOutcome[] = [];
    let errors = '';
    let hangs = false;
    const stop = () => {
      hangs = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(stop, patience);
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(timer);
      timer = setTimeout(stop, patience);
      const message = JSON.parse(line) as MutatedOutcome | { begun: number };
      if ('outcome' in message) done.push(message);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const end = hangs
        ? `nothing came within ${patience} ms`
        : `the process ended (${code ?? signal}): ${errors}`;
      resolve({ done, fault: code === 0 ? undefined : end });
    });
  });
}

const files = temporaryFiles();
const programCount = Math.max(1, Math.floor(count / 10));

test(`fuzz seed ${first}: ${programCount} mutated files through the program itself`, async () => {
  const faults: string[] = [];
  let next = first;
  const work = async () => {
    while (next < first + programCount) {
      const seed = next++;
      const { made, bytes, how } = await makeMutatedCase(seed);
      const { code, stdout, stderr } = await retain([
        'metrics',
        files.write(`${seed}-${fileName(made.dialect)}`, bytes),
        '--json',
        '--max-rejects',
        '100%',
      ]);
      const fault = () => {
        if (/\n\s+at /.test(stderr)) return 'a stack trace';
        if (code === 0) {
          const report = JSON.parse(stdout);
          // Where quotes or line ends are broken, readers may split rows in other ways; faulty rows are told then.
          const tellsFaults = report.sources.some((source: Json) =>
            source.reasons.some(({ fault }: Json) => fault),
          );
          checkAccounts(report, { countsRows: !tellsFaults });
          return stderr.includes('internal') ? stderr : undefined;
        }
        if (code !== 1) return `exit code ${code}: ${stderr}`;
        return /^retain: .+\n {2}.+\n$/.test(stderr) && stdout === ''
          ? undefined
          : `no error for users: ${stderr}`;
      };
      const found = fault();
      if (found !== undefined) faults.push(`seed ${seed}, ${how}: ${found}`);
    }
  };
  await Promise.all([work(), work()]);
  expect(faults.join('\n')).toBe('');
}, 2_400_000);
