import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allScores, grid, meanScore, rescale, rPackage, segmentOf, segmentsOf } from './maps.js';
import { others, segments } from './segments.js';

const score = fc.integer({ min: 1, max: 5 });

describe('the common grid', () => {
  test('gives each of the 125 triples exactly one of the 11 segments', () => {
    const triples = allScores(grid, 5);
    expect(triples).toHaveLength(125);
    expect(
      new Set(triples.map(({ recency, frequency, monetary }) => `${recency}${frequency}${monetary}`)).size,
    ).toBe(125);
    for (const { recency, frequency, monetary, segment } of triples) {
      const fitting = grid.rules.filter(
        (rule) =>
          rule.recency![0] === recency && rule.frequencyMonetary![0] === meanScore(frequency, monetary),
      );
      expect(fitting).toHaveLength(1);
      expect(fitting[0]!.segment).toBe(segment);
    }
    expect([...new Set(triples.map(({ segment }) => segment))].sort()).toEqual(
      segments.map(({ code }) => code).sort(),
    );
  });

  test('is the table that it was taken from', () => {
    const name = (code: string) => segments.find((segment) => segment.code === code)!.label.en;
    const lines = [5, 4, 3, 2, 1].map((recency) =>
      [1, 2, 3, 4, 5].map((fm) => name(segmentOf(grid, { recency, frequency: fm, monetary: fm }, 5))),
    );
    expect(lines).toEqual([
      ['New Customers', 'Potential Loyalists', 'Potential Loyalists', 'Champions', 'Champions'],
      ['Promising', 'Potential Loyalists', 'Potential Loyalists', 'Loyal Customers', 'Champions'],
      ['About To Sleep', 'About To Sleep', 'Need Attention', 'Loyal Customers', 'Loyal Customers'],
      ['Hibernating', 'Hibernating', 'At Risk', 'At Risk', 'At Risk'],
      ['Lost', 'Lost', 'At Risk', "Can't Lose Them", "Can't Lose Them"],
    ]);
    // Halves go up: frequency 4 with monetary 5 is 5, as 5 with 4.
    expect(segmentOf(grid, { recency: 4, frequency: 4, monetary: 5 }, 5)).toBe('champions');
    expect(segmentOf(grid, { recency: 4, frequency: 5, monetary: 3 }, 5)).toBe('loyal_customers');
  });

  test('a better score never gives a worse mean, and frequency and monetary may change places', () => {
    fc.assert(
      fc.property(score, score, score, (recency, frequency, monetary) => {
        expect(segmentOf(grid, { recency, frequency, monetary }, 5)).toBe(
          segmentOf(grid, { recency, frequency: monetary, monetary: frequency }, 5),
        );
        expect(meanScore(Math.min(frequency + 1, 5), monetary)).toBeGreaterThanOrEqual(
          meanScore(frequency, monetary),
        );
      }),
    );
  });
});

describe('the ranges of the R package', () => {
  test('give each of the 125 triples the first range that fits, or Others', () => {
    const ranges: [string, number[]][] = [
      ['champions', [5, 5, 5, 5, 5, 5]],
      ['potential_loyalists', [3, 5, 3, 5, 2, 5]],
      ['loyal_customers', [2, 4, 2, 4, 2, 4]],
      ['promising', [3, 4, 1, 3, 3, 5]],
      ['new_customers', [4, 5, 1, 3, 1, 5]],
      ['cant_lose_them', [1, 2, 3, 4, 4, 5]],
      ['at_risk', [1, 2, 2, 5, 4, 5]],
      ['need_attention', [1, 3, 3, 5, 3, 5]],
      ['about_to_sleep', [2, 3, 1, 3, 1, 4]],
      ['lost', [1, 1, 1, 5, 1, 5]],
    ];
    const triples = allScores(rPackage, 5);
    expect(triples).toHaveLength(125);
    for (const { recency: r, frequency: f, monetary: m, segment } of triples) {
      const first = ranges.find(
        ([, [r1, r2, f1, f2, m1, m2]]) =>
          r >= r1! && r <= r2! && f >= f1! && f <= f2! && m >= m1! && m <= m2!,
      );
      expect({ r, f, m, segment }).toEqual({ r, f, m, segment: first?.[0] ?? 'others' });
    }
    // Frequent, recent and of the least revenue: no range has them.
    expect(segmentOf(rPackage, { recency: 5, frequency: 5, monetary: 1 }, 5)).toBe('others');
    expect(segmentsOf(rPackage, 5).at(-1)).toBe(others);
    expect(segmentsOf(grid, 5)).not.toContain(others);
  });
});

describe('other numbers of bins', () => {
  test('a score is the fifth that the middle of its share lies in', () => {
    const fifths = (bins: number) => Array.from({ length: bins }, (_, index) => rescale(index + 1, bins, 5));
    expect(fifths(5)).toEqual([1, 2, 3, 4, 5]);
    expect(fifths(2)).toEqual([2, 4]);
    expect(fifths(3)).toEqual([1, 3, 5]);
    expect(fifths(4)).toEqual([1, 2, 4, 5]);
    expect(fifths(10)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  test('every triple of any number of bins has one segment of the grid', () => {
    for (let bins = 2; bins <= 10; bins += 1) {
      const triples = allScores(grid, bins);
      expect(triples).toHaveLength(bins ** 3);
      expect(triples.every(({ segment }) => segments.some(({ code }) => code === segment))).toBe(true);
    }
  });
});
