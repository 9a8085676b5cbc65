/**
 * Text that can do nothing to a terminal but be read: one line, escape sequences shown instead of obeyed, no
 * characters that reorder or hide their neighbours.
 */
export function cleanText(text: string): string {
  if (plain.test(text)) return text;
  return (
    text
      .replace(/\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
      .replace(/[\u0000-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
      .replace(/\u007f/g, '\u2421')
      .replace(/[\u0080-\u009f\p{Surrogate}]/gu, '\ufffd')
      .replace(invisible, '')
  );
}

const plain = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0391-\u03ce\u0400-\u0482\u048a-\u052f]*$/;

// Zero-width and direction marks. The joiner of emoji (U+200D) stays.
const invisible =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/g;
