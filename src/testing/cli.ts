import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { countCsvRows } from './csv-rows.js';

/** The root of the project. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as its users do, in the project's root or another folder; `input` is its standard input. */
export function retain(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; input?: string | Uint8Array } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, 'bin/retain.js'), ...args], {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    // The program may end before it has read all of it.
    child.stdin?.on('error', () => {}).end(options.input);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

// biome-ignore lint/suspicious/noExplicitAny: tests read whatever the program wrote
export type Json = any;

/** Runs the program with --json and reads what it printed; fails with its error if it did not succeed. */
export async function retainJson(...args: string[]): Promise<Json> {
  const outcome = await retain([...args, '--json']);
  if (outcome.code !== 0) throw new Error(`exit code ${outcome.code}: ${outcome.stderr}`);
  const report = JSON.parse(outcome.stdout);
  checkAccounts(report);
  return report;
}

/**
 * Rows read = used + merged + rejected, and every rejected row has its reason, for every source; and as many rows
 * were read as another reader counts in the file, where it is a CSV file; `countsRows` false leaves that out.
 */
export function checkAccounts(report: Json, { countsRows = true } = {}): void {
  for (const source of report.sources) {
    const counted =
      countsRows && source.sheet === null ? countCsvRows(source.file, source.header_row) : undefined;
    if (counted !== undefined && counted !== source.rows_read) {
      throw new Error(`${counted} rows are in the file: ${JSON.stringify(source)}`);
    }
    const { rows_read, rows_used, rows_merged, rows_rejected } = source;
    const reasons = source.reasons.reduce((sum: number, reason: Json) => sum + reason.rows, 0);
    if (rows_read !== rows_used + rows_merged + rows_rejected || rows_rejected !== reasons) {
      throw new Error(`rows do not add up: ${JSON.stringify(source)}`);
    }
  }
}

/** Rows of a table of a report by the value of their first column. */
export function rowsBy(report: Json, table: string, key: string): Record<string, Json> {
  const found = report.tables.find((candidate: Json) => candidate.name === table);
  if (found === undefined) throw new Error(`no table ${table}`);
  return Object.fromEntries(found.rows.map((row: Json) => [row[key], row]));
}

/** A folder for the files of one test file, removed at its end, and a way to write into it. */
export function temporaryFiles(): {
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'retain-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write: (name, content) => {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
