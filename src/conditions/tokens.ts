import { mistakeAt, type Written } from './mistake.js';

/** A word, figure or sign of a condition; `at` is where it begins. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  /** Names in lower case, texts without their quotes. */
  readonly text: string;
  readonly at: number;
}

/** Longest condition that is read, in characters. */
export const longestCondition = 200_000;

const pattern =
  /(?<space>\s+)|(?<name>[\p{L}_][\p{L}\p{M}\p{N}_]*)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)|(?<text>'(?:[^']|'')*')|(?<sign><=|>=|<>|!=|==|\|\||[-+*/=<>(),])/uy;

/**
 * Splits a condition into its tokens, the last of kind 'end'.
 * @throws UserError for a character that has no place in a condition
 */
export function tokensOf(written: Written): Token[] {
  const { text } = written;
  if (text.length > longestCondition) {
    throw mistakeAt(
      written,
      longestCondition,
      `longer than ${longestCondition} characters`,
      'Shorten it, or filter the exported list in the next program.',
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const groups = text.startsWith('--', at) ? undefined : pattern.exec(text)?.groups;
    if (groups === undefined) throw strangeCharacter(written, at);
    const { space, name, number, text: quoted, sign } = groups;
    if (name !== undefined) tokens.push({ kind: 'name', text: name.toLowerCase(), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (quoted !== undefined) {
      tokens.push({ kind: 'text', text: quoted.slice(1, -1).replaceAll("''", "'"), at });
    } else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
    at += (space ?? name ?? number ?? quoted ?? sign!).length;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

function strangeCharacter(written: Written, at: number) {
  const { text } = written;
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const tell = (what: string, remedy: string) => mistakeAt(written, at, what, remedy);
  if (character === "'")
    return tell('this quote is never closed', "Write text as 'Ads'; a quote within as ''.");
  if (/["“”„«»`‘’]/u.test(character)) {
    return tell(
      `the quote ${character} has no meaning here`,
      "Write text in plain single quotes, 'Ads', and names of columns without quotes.",
    );
  }
  if (character === ';') {
    return tell("';' has no place in a condition", 'Give one condition; join several with and, or.');
  }
  if (text.startsWith('--', at)) {
    return tell('comments have no place in a condition', 'Leave it out; minus a negative number is - (-5).');
  }
  if (character === '&') return tell("'&' has no meaning here", 'Write: and.');
  if (character === '!') return tell("'!' has no meaning here", 'Write: not, or <> for unequal.');
  if (character === '%') {
    return tell("'%' has no meaning here", "Percents are plain numbers; in text, % is for like 'A%'.");
  }
  const shown = /[\p{C}\p{Z}]/u.test(character)
    ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    : `'${character}'`;
  return tell(`${shown} has no place in a condition`, 'Remove it, or put it in single quotes if it is text.');
}
