import type { Command } from 'commander';

/** One command of the program; its file holds its flags, help, example and work. */
export interface CommandModule {
  /** Adds description, options, help and work to the command. Heavy modules are imported only when it runs. */
  register(command: Command): void;
}

/** What the help of the program tells of a command, and how the rest of it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandModule>;
}
