import { exitCodes, shorten, UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import { examine, type Finding } from '../input/examine.js';
import { expandPaths, standardInput } from '../input/paths.js';
import { withEngine } from '../model/session.js';
import { draftOf, placeOf } from './draft.js';
import { parseConfig } from './parse.js';
import { nobody, TerminalQuestions } from './questions.js';
import { configText } from './write.js';

/** A configuration as text, and what is still to be decided in it. */
export interface MadeConfig {
  readonly text: string;
  readonly open: readonly string[];
}

/**
 * Looks at files and makes a configuration for them, asking on the terminal, where there is one, what it cannot tell.
 * @throws UserError for a named file that cannot be read
 */
export async function makeConfig(
  paths: readonly string[],
  out: string,
  temporaryFolder: string | undefined,
  progress: Progress,
): Promise<MadeConfig> {
  if (paths.includes(standardInput)) {
    throw new UserError('standard input cannot be named in a configuration', {
      remedy: 'Save the export as a file first.',
      exitCode: exitCodes.usage,
    });
  }
  const request = { memory: undefined, threads: undefined, temporaryFolder };
  return withEngine(request, progress, async (context) => {
    const { files } = await expandPaths(paths.map((path) => ({ path, settings: {} })));
    const findings: Finding[] = [];
    for await (const finding of examine(files, [], context)) findings.push(finding);
    for (const finding of findings) {
      if (finding.state !== 'unreadable') continue;
      if (files.some(({ path, isFound }) => path === finding.file && !isFound)) throw finding.error;
    }
    progress.done();
    const isAttended = process.stdin.isTTY && process.stderr.isTTY;
    const questions = isAttended ? new TerminalQuestions(process.stdin, process.stderr) : nobody;
    try {
      const draft = await draftOf(findings, questions, context);
      const text = configText(draft, out);
      // What is written must be readable; a mistake here is ours.
      parseConfig(text, out);
      const open = draft.sources.flatMap(({ source, open: left }) =>
        left.map(({ what }) => (what.includes(source.file) ? what : `${placeOf(source)}: ${what}`)),
      );
      return { text, open: open.map((line) => shortenLine(line)) };
    } finally {
      questions.close();
    }
  });
}

/** A line for the terminal, without control characters. */
function shortenLine(line: string): string {
  return line.split(' ').map(shorten).join(' ').slice(0, 300);
}
