import { CommanderError } from 'commander';
import { describeError, exitCodes, UserError } from './core/errors.js';
import { makeProgram } from './program.js';

// Who reads may have had enough, as head has: help and errors are no longer wanted then. Reports see to it themselves.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Runs the program: the one error boundary, and the exit codes. */
async function main(): Promise<void> {
  // Loading every command would cost more than the help of one.
  const program = await makeProgram((name) => process.argv.includes(name));
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has told what is wrong; help and version are no errors.
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  if (error instanceof UserError) {
    process.stderr.write(`${describeError(error)}\n`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `retain: internal error: ${error instanceof Error ? error.message.split('\n')[0] : error}\n` +
      '  This is a fault of retain, not of your files. RETAIN_DEBUG=1 shows where; please report it.\n',
  );
  if (process.env.RETAIN_DEBUG) process.stderr.write(`${detail}\n`);
  return exitCodes.internal;
}

// A promise that nothing settles would end the process without a word and with no output.
let finished = false;
process.on('exit', (code) => {
  if (finished || code !== 0) return;
  process.stderr.write('retain: internal error: the work ended before its result\n');
  process.exitCode = exitCodes.internal;
});
await main();
finished = true;
