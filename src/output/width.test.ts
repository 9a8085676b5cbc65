import utils from 'cli-table3/src/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ellipsize, textWidth, wrapText } from './width.js';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCharCode(code)) }),
);

describe('textWidth', () => {
  it('is what cli-table3 measures', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(textWidth(text)).toBe(utils.strlen(text));
      }),
    );
    expect(['Яндекс', '検索', '👩‍👩‍👧‍👦', 'e\u0301', '76\u00a0109,30\u00a0₽'].map(textWidth)).toEqual([
      6, 4, 2, 1, 11,
    ]);
  });
});

describe('ellipsize', () => {
  it('cuts either end and no letter in two', () => {
    expect(ellipsize('exports/orders.csv', 12)).toBe('exports/ord…');
    expect(ellipsize('exports/orders.csv', 12, 'start')).toBe('…/orders.csv');
    expect(ellipsize('検索広告', 6)).toBe('検索…');
    expect(ellipsize('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦…');
    expect(ellipsize('short', 5)).toBe('short');
  });
});

describe('wrapText', () => {
  it('breaks at spaces, and inside a word only when it must', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('a incomprehensible', 6)).toEqual(['a', 'incomp', 'rehens', 'ible']);
    expect(wrapText('', 6)).toEqual(['']);
    expect(wrapText('76\u00a0109 ₽', 6)).toEqual(['76\u00a0109', '₽']);
  });

  it('loses nothing and fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrapText(text, width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        // A single letter may be wider than a very narrow column; it is never cut in two.
        const letters = (line: string) => [...new Intl.Segmenter().segment(line)].length;
        for (const line of lines) expect(textWidth(line) <= width || letters(line) === 1).toBe(true);
      }),
    );
  });
});
