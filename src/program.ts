import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { applyConfig } from './commands/config-options.js';
import { commands } from './commands/index.js';
import { packageRoot } from './core/package-root.js';

/**
 * The program with all its commands; nothing runs yet.
 * @param isWanted whether a command may run or tell its help; the others have but a name and a summary
 */
export async function makeProgram(isWanted: (name: string) => boolean = () => true): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const program = new Command('retain')
    .description('Customer retention analytics over CSV and Excel exports.')
    .version(version)
    .helpOption('-h, --help', 'show help')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .hook('preAction', (_program, command) => applyConfig(command));
  for (const { name, summary, load } of commands) {
    const command = program.command(name).summary(summary).exitOverride();
    if (isWanted(name)) (await load()).register(command);
  }
  return program;
}
