import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probabilityOfAtLeast } from './draws.js';

describe('the number of marked among those drawn', () => {
  it('is as counted by hand: two of four cards are aces, two are drawn', () => {
    const cards = { all: 4, marked: 2, drawn: 2 };
    expect(probabilityOfAtLeast(0, cards)).toBeCloseTo(1, 12);
    expect(probabilityOfAtLeast(1, cards)).toBeCloseTo(5 / 6, 12);
    expect(probabilityOfAtLeast(2, cards)).toBeCloseTo(1 / 6, 12);
    expect(probabilityOfAtLeast(3, cards)).toBe(0);
  });

  it('is the same whichever of marking and drawing comes first', () => {
    const draw = fc
      .tuple(fc.nat(60), fc.nat(60), fc.nat(60), fc.nat(60))
      .map(([one, other, more, least]) => ({ all: one + other + more, marked: one, drawn: other, least }));
    fc.assert(
      fc.property(draw, ({ all, marked, drawn, least }) => {
        const one = probabilityOfAtLeast(least, { all, marked, drawn });
        expect(one).toBeCloseTo(probabilityOfAtLeast(least, { all, marked: drawn, drawn: marked }), 9);
        expect(one).toBeGreaterThanOrEqual(0);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
