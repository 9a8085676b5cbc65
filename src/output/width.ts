// Fitting with any other measure than cli-table3's own would misalign what it then draws.
import utils from 'cli-table3/src/utils.js';

// Latin, Greek and Cyrillic letters, figures and the usual punctuation: one column each, and almost all there is.
const narrow =
  /^[\u0020-\u007e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u0391-\u03ce\u0400-\u0482\u048a-\u052f\u00a0\u2010-\u2015\u2018-\u201e\u2026\u2212\u20a0-\u20bf]*$/;

/** The columns that text takes in a terminal. */
export function textWidth(text: string): number {
  return narrow.test(text) ? text.length : utils.strlen(text);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text, or as much of it as fits with an ellipsis in place of the rest. Letters are never cut in two. */
export function ellipsize(text: string, width: number, lost: 'start' | 'end' = 'end'): string {
  if (textWidth(text) <= width) return text;
  const letters = graphemes(text);
  if (lost === 'start') letters.reverse();
  const kept = takeWhileFits(letters, width - 1);
  return lost === 'end' ? `${kept.join('')}…` : `…${kept.reverse().join('')}`;
}

/** Lines not wider than `width`, broken at spaces; a longer word is broken where it must be. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function breakWord(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let rest = graphemes(word);
  while (rest.length > 0) {
    // At least one letter goes into each piece, or a wide letter in a narrow column would never end.
    const taken = Math.max(takeWhileFits(rest, width).length, 1);
    pieces.push(rest.slice(0, taken).join(''));
    rest = rest.slice(taken);
  }
  return pieces;
}

function graphemes(text: string): string[] {
  return narrow.test(text) ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function takeWhileFits(letters: readonly string[], width: number): string[] {
  let taken = 0;
  const end = letters.findIndex((letter) => {
    taken += textWidth(letter);
    return taken > width;
  });
  return letters.slice(0, end < 0 ? letters.length : end);
}
