import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { exitCodes, UserError } from '../core/errors.js';
import { startProgress } from '../core/progress.js';
import type { CommandModule } from './command.js';

interface Flags {
  readonly out: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly temp?: string;
}

const help = `
On a terminal it asks what it cannot tell: what a file holds, which of two columns is meant, whether day or month
comes first, the currency. Elsewhere it writes what is open as '# decide:' comments and ends with exit code 3.

Examples:
  retain init orders.csv customers.xlsx spend.csv
  retain init 'exports/*.csv' --out shop/retain.yaml`;

export const init: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Looks at files and writes retain.yaml: what each holds, which column is which, what was found about its ' +
          'form, and the options with their defaults as comments. With it, commands need no file names.',
      )
      .argument('<files...>', 'exports to look at: files, folders or patterns')
      .addOption(new Option('--out <file>', 'where to write it').default('retain.yaml'))
      .option('--force', 'replace a file that is there')
      .option('--quiet', 'no messages but errors')
      .option('--temp <folder>', 'where temporary files go')
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(files: string[], { out, force, quiet = false, temp }: Flags): Promise<void> {
  if (existsSync(out) && force !== true) {
    throw new UserError('the file is there already', {
      place: { file: out },
      remedy: '--force replaces it, --out FILE writes another.',
      exitCode: exitCodes.usage,
    });
  }
  const progress = startProgress(process.stderr, quiet);
  try {
    const { makeConfig } = await import('../config/make.js');
    const { text, open } = await makeConfig(files, out, temp, progress);
    const { writeFileAtomic } = await import('../output/write.js');
    await writeFileAtomic(out, text);
    progress.done();
    if (!quiet) process.stderr.write(`written: ${out}\n`);
    if (open.length === 0) return;
    process.stderr.write(
      `to decide in it, where '# decide:' stands:\n${open.map((what) => `  ${what}\n`).join('')}`,
    );
    process.exitCode = exitCodes.undecided;
  } finally {
    progress.done();
  }
}
