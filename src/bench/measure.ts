import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One process from start to end. What the system does not tell is undefined. */
export interface Run {
  /** From the start of the process to its end, in seconds. */
  readonly wall: number;
  /** Processor time of all its threads, in seconds. */
  readonly processor: number | undefined;
  /** The most memory it held at once, in megabytes of 1 048 576 bytes. */
  readonly peak: number | undefined;
  readonly output: string;
}

/** A command under a name, to be measured beside others. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** How many times to run it; the number given to `measure` where there is none. */
  readonly runs?: number;
}

/** The medians over a contender's runs. */
export interface Measurement {
  readonly name: string;
  readonly runs: number;
  readonly wall: number;
  readonly processor: number | undefined;
  readonly peak: number | undefined;
}

const timeCommand = '/usr/bin/time';
let timeWorks: boolean | undefined;

/**
 * Runs every contender several times and gives the medians. The contenders take turns, so that a machine
 * that slows down for a while slows them all.
 */
export async function measure(contenders: readonly Contender[], runs: number): Promise<Measurement[]> {
  const done = contenders.map((contender) => ({ contender, results: [] as Run[] }));
  for (let round = 0; round < runs; round++) {
    for (const { contender, results } of done) {
      if (round < (contender.runs ?? runs)) results.push(await runOnce(contender.command));
    }
  }
  return done.map(({ contender, results }) => ({
    name: contender.name,
    runs: results.length,
    wall: median(results.map(({ wall }) => wall)) ?? Number.NaN,
    processor: median(results.map(({ processor }) => processor)),
    peak: median(results.map(({ peak }) => peak)),
  }));
}

/** Runs a command as a process of its own; an exit code other than 0 is an error with what it said. */
export async function runOnce(command: readonly string[]): Promise<Run> {
  return canTime() ? await runUnderTime(command) : await runWatched(command);
}

/** GNU time knows the peak from the system itself; the `time` of other systems has no such option. */
function canTime(): boolean {
  timeWorks ??=
    existsSync(timeCommand) && spawnSync(timeCommand, ['-v', 'true'], { stdio: 'ignore' }).status === 0;
  return timeWorks;
}

async function runUnderTime(command: readonly string[]): Promise<Run> {
  const noteFile = join(tmpdir(), `measure-${process.pid}-${Date.now()}.txt`);
  try {
    const { wall, output } = await run([timeCommand, '-v', '-o', noteFile, ...command]);
    const note = readFileSync(noteFile, 'utf8');
    const figure = (label: string): number => Number(new RegExp(`${label}[^:]*: ([\\d.]+)`).exec(note)?.[1]);
    return {
      wall,
      output,
      processor: figure('User time') + figure('System time'),
      peak: figure('Maximum resident set size') / 1024,
    };
  } finally {
    rmSync(noteFile, { force: true });
  }
}

/** Without GNU time: asks /proc, where there is one, again and again while the process runs. */
async function runWatched(command: readonly string[]): Promise<Run> {
  let peak: number | undefined;
  const { wall, output } = await run(command, (identifier) => {
    const watch = setInterval(() => {
      const status = `/proc/${identifier}/status`;
      if (!existsSync(status)) return;
      const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1];
      if (found !== undefined) peak = Number(found) / 1024;
    }, 10);
    return () => clearInterval(watch);
  });
  return { wall, output, processor: undefined, peak };
}

function run(
  command: readonly string[],
  watch?: (identifier: number | undefined) => () => void,
): Promise<{ wall: number; output: string }> {
  const [program, ...options] = command;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(program!, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    const unwatch = watch?.(child.pid);
    const output: Buffer[] = [];
    const complaint: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
    child.on('error', (error) => {
      unwatch?.();
      reject(error);
    });
    child.on('close', (code) => {
      unwatch?.();
      const wall = (performance.now() - began) / 1000;
      if (code === 0) resolve({ wall, output: Buffer.concat(output).toString() });
      else reject(new Error(`${command.join(' ')}\nended with code ${code}\n${Buffer.concat(complaint)}`));
    });
  });
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((left, right) => left - right);
  const middle = known.length / 2;
  if (known.length === 0) return undefined;
  return Number.isInteger(middle) ? (known[middle - 1]! + known[middle]!) / 2 : known[Math.floor(middle)];
}
