import type { Written } from './mistake.js';
import { parseCondition } from './parse.js';
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
 * @throws UserError as `parseCondition` does
 */
export function areSame(one: Written, other: Written): boolean {
  return one.text === other.text || meaning(one) === meaning(other);
}

function meaning(written: Written): string {
  if (written.text === '') return '';
  // Where something stands in the text means nothing.
  const places = ['at', 'operatorAt', 'depth'];
  return JSON.stringify(parseCondition(written), function (this: { kind?: string }, name, value: unknown) {
    if (places.includes(name)) return undefined;
    if (name === 'operands' && Array.isArray(value) && ['and', 'or'].includes(this.kind ?? ''))
      return value
        .map((operand) => JSON.stringify(operand, (key, part) => (places.includes(key) ? undefined : part)))
        .sort();
    return value;
  });
}
