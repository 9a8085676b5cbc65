import type { Command } from 'commander';

/** One command of the program; its file holds its flags, help, example and work. */
export interface CommandModule {
  /** Adds the command to the program. Heavy modules are imported only when it runs. */
  register(program: Command): void;
}
