import { type Command, Option } from 'commander';
import { exitCodes, UserError } from '../core/errors.js';
import { type Language, languages } from '../core/text.js';
import type { CommandModule } from './command.js';
import { collect } from './options.js';

interface Flags {
  readonly from: string[];
  readonly out?: string;
  readonly lang: Language;
  readonly quiet?: boolean;
}

const help = `
A cell counts as written in a copy where it differs from what the last run left there. Where two people wrote
different things, the list keeps its own, and both stand on its sheet 'Conflicts' (exit code 3). The former file is
kept beside it; a file that is open in Excel or LibreOffice is not written over (exit code 4).

Examples:
  retain merge churn.xlsx --from north.xlsx --from south.xlsx
  retain merge churn.xlsx --from north.xlsx --out merged.xlsx --lang ru`;

export const merge: CommandModule = {
  register(command: Command): void {
    command
      .description(
        'Brings what people wrote in copies of a list (owner, status, comment, columns of their own) into it.',
      )
      .argument('<list>', 'the workbook to merge into')
      .requiredOption('--from <file>', 'a copy of it (repeatable)', collect)
      .option('--out <file>', 'write here instead of over the list')
      .addOption(
        new Option('--lang <language>', 'language of what is added').choices(languages).default('en'),
      )
      .option('--quiet', 'no messages but errors')
      .addHelpText('after', help)
      .action(run);
  },
};

async function run(list: string, { from, out, lang, quiet = false }: Flags): Promise<void> {
  for (const path of [list, ...from, ...(out === undefined ? [] : [out])]) {
    if (/\.xls[xm]$/i.test(path)) continue;
    throw new UserError('only workbooks are merged', {
      place: { file: path },
      remedy: 'Give .xlsx files.',
      exitCode: exitCodes.usage,
    });
  }
  const { mergeListWorkbooks } = await import('../workbook/workbook-file.js');
  const { sayMerge } = await import('../workbook/say.js');
  const result = await mergeListWorkbooks(list, from, lang, out);
  if (!quiet)
    process.stderr.write(
      sayMerge(result, lang)
        .map((line) => `${line}\n`)
        .join(''),
    );
  if (result.beside !== undefined) process.exitCode = exitCodes.beside;
  else if (result.conflicts > 0) process.exitCode = exitCodes.undecided;
}
