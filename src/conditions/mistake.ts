import { exitCodes, shorten, UserError } from '../core/errors.js';

/** Text of a user's that is read as a condition, and the option that gave it. */
export interface Written {
  readonly option: string;
  readonly text: string;
}

/** How much of a long text is shown on either side of the place. */
const shownAround = 30;

/**
 * The error for a mistake at a place of the text: the option and the character, counted from 1, then the text with a
 * mark under the place, then what to do.
 */
export function mistakeAt({ option, text }: Written, at: number, what: string, remedy: string): UserError {
  const number = [...text.slice(0, at)].length + 1;
  const start = at > shownAround ? at - shownAround : 0;
  const end = Math.min(text.length, at + shownAround);
  const before = `${start > 0 ? '...' : ''}${shorten(text.slice(start, at))}`;
  const after = `${shorten(text.slice(at, end))}${end < text.length ? '...' : ''}`;
  return new UserError(`${option}, character ${number}: ${what}`, {
    remedy: `${before}${after}\n  ${' '.repeat([...before].length)}^\n  ${remedy}`,
    exitCode: exitCodes.usage,
  });
}
