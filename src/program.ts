import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { applyConfig } from './commands/config-options.js';
import { commands } from './commands/index.js';

/** The program with all its commands; nothing runs yet. */
export function makeProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('retain')
    .description('Customer retention analytics over CSV and Excel exports.')
    .version(version)
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .hook('preAction', (_program, command) => applyConfig(command));
  for (const command of commands) command.register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
