import type { Written } from './mistake.js';
import { tokensOf } from './tokens.js';

const sameSigns: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };

/**
 * A condition in one spelling, whatever spaces and capitals it was written with.
 * @throws UserError as `tokensOf` does
 */
export function oneSpelling(written: Written): string {
  return tokensOf(written)
    .filter(({ kind }) => kind !== 'end')
    .map(({ kind, text }) =>
      kind === 'text' ? `'${text.replaceAll("'", "''")}'` : (sameSigns[text] ?? text),
    )
    .join(' ');
}
