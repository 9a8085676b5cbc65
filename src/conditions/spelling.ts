import { UserError } from '../core/errors.js';
import type { Written } from './mistake.js';
import { parseCondition } from './parse.js';
import type { Expression } from './syntax.js';
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

/**
 * Whether two conditions say the same but for brackets, the spelling of numbers, and the order of what `and` and `or` join.
 * What is no condition, such as the beginning of a long one, is the same as its own text alone.
 */
export function areSame(one: Written, other: Written): boolean {
  if (one.text === other.text) return true;
  const [meant, alsoMeant] = [meaning(one), meaning(other)];
  return meant !== undefined && meant === alsoMeant;
}

function meaning(written: Written): string | undefined {
  try {
    return JSON.stringify(plain(parseCondition(written)));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const places = ['at', 'depth', 'operatorAt'];

/** An expression without its places in the text. */
function plain(expression: Expression): unknown {
  const said = Object.fromEntries(Object.entries(expression).filter(([name]) => !places.includes(name)));
  if (!('operands' in expression)) return said;
  const operands = expression.operands.map((operand) => plain(operand));
  const isJoined = expression.kind === 'and' || expression.kind === 'or';
  return {
    ...said,
    operands: isJoined ? operands.map((operand) => JSON.stringify(operand)).sort() : operands,
  };
}
