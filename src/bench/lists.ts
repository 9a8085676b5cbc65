import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contender, measure, runOnce } from './measure.js';

// Measures how long a list that people work in takes to write and to bring up to date, beside exceljs writing the same
// cells plainly, every one as a whole process, and prints a markdown block.
//   node dist/bench/lists.js [ROWS] [RUNS]

const rows = process.argv[2] ?? '100000';
const runs = Number(process.argv[3] ?? '3');
const root = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'retain-bench-'));
const path = (name: string) => join(folder, name);
const node = (script: string, ...rest: string[]): string[] => [process.execPath, join(root, script), ...rest];

try {
  const former = path('former.xlsx');
  await runOnce(node('list-run.js', former, rows));
  console.log('## Lists to work in\n');
  const load = loadavg()[0]!.toFixed(1);
  console.log(
    `- ${rows} rows; Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, load ${load}\n`,
  );
  // A process finds the list that the one before it wrote; each begins with a file of its own.
  const fresh = (
    name: string,
    command: (file: string) => readonly string[],
    existing?: string,
  ): Contender[] =>
    Array.from({ length: runs }, (_, index) => {
      const file = path(`${name.replace(/\W/g, '')}-${index}.xlsx`);
      if (existing !== undefined) copyFileSync(existing, file);
      return { name, command: command(file), runs: 1 };
    });
  const contenders = [
    fresh('list, written', (file) => node('list-run.js', file, rows)),
    fresh('list, brought up to date', (file) => node('list-run.js', file, rows, '1'), former),
    fresh('exceljs, the cells alone', (file) => node('peers/exceljs-list.js', file, rows, 'held')),
    fresh('exceljs, streamed', (file) => node('peers/exceljs-list.js', file, rows, 'streamed')),
  ];
  console.log('| process | wall, s | processor, s | peak memory, MB |');
  console.log('| --- | ---: | ---: | ---: |');
  for (const one of contenders) {
    const results = (await measure(one, 1)).sort((left, right) => left.wall - right.wall);
    const { name, wall, processor, peak } = results[Math.floor(results.length / 2)]!;
    console.log(
      `| ${name} | ${wall.toFixed(2)} | ${processor?.toFixed(2) ?? '?'} | ${peak?.toFixed(0) ?? '?'} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
