import type { Command } from 'commander';

/** docs/cli.md: the help of the program and of each command. */
export function cliPage(program: Command): string {
  const section = (command: Command, name: string) =>
    `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  return `# Commands

Made from the code by \`npm run docs\`; a test fails where they differ.

${[section(program, 'retain'), ...program.commands.map((command) => section(command, `retain ${command.name()}`))].join('\n')}`;
}

/** Help at a fixed width, with what stands before and after the options. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}
