import type { Text } from '../../core/text.js';
import { others, type Segment, segments } from './segments.js';

/** Scores of one customer, each from 1 (worst) to the number of bins. */
export interface Scores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

/** Least and greatest score, both included. */
export type Range = readonly [least: number, greatest: number];

/** Scores of a segment; a measure that is left out may have any. */
export interface SegmentRule {
  readonly segment: string;
  readonly recency?: Range | undefined;
  readonly frequency?: Range | undefined;
  readonly monetary?: Range | undefined;
  /** The mean of frequency and monetary score, halves rounded up. */
  readonly frequencyMonetary?: Range | undefined;
}

/** Which scores are which segment: the first rule that fits, else Others. */
export interface SegmentMap {
  readonly name: 'grid' | 'r-rfm' | 'own';
  readonly label: Text;
  /** The number of bins that the rules are written for. */
  readonly bins: number;
  /** In the order that they are shown in. */
  readonly segments: readonly Segment[];
  readonly rules: readonly SegmentRule[];
}

/** The mean of two scores, halves rounded up. */
export function meanScore(frequency: number, monetary: number): number {
  return Math.floor((frequency + monetary + 1) / 2);
}

/** The common grid: a line per recency score, from 5, and in it a segment per mean of frequency and monetary score. */
const gridLines: readonly (readonly string[])[] = [
  ['new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions'],
  ['promising', 'potential_loyalists', 'potential_loyalists', 'loyal_customers', 'champions'],
  ['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal_customers', 'loyal_customers'],
  ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'at_risk'],
  ['lost', 'lost', 'at_risk', 'cant_lose_them', 'cant_lose_them'],
];

/** The common marketing map. */
export const grid: SegmentMap = {
  name: 'grid',
  label: { en: 'common grid', ru: 'обычная сетка' },
  bins: 5,
  segments,
  rules: gridLines.flatMap((line, index) =>
    line.map((segment, column) => ({
      segment,
      recency: [5 - index, 5 - index] as const,
      frequencyMonetary: [column + 1, column + 1] as const,
    })),
  ),
};

/** The ranges of the R package rfm (its vignette), tried in order. It has no Hibernating. */
export const rPackage: SegmentMap = {
  name: 'r-rfm',
  label: { en: 'ranges of the R package rfm', ru: 'диапазоны пакета rfm для R' },
  bins: 5,
  segments: segments.filter(({ code }) => code !== 'hibernating'),
  rules: [
    { segment: 'champions', recency: [5, 5], frequency: [5, 5], monetary: [5, 5] },
    { segment: 'potential_loyalists', recency: [3, 5], frequency: [3, 5], monetary: [2, 5] },
    { segment: 'loyal_customers', recency: [2, 4], frequency: [2, 4], monetary: [2, 4] },
    { segment: 'promising', recency: [3, 4], frequency: [1, 3], monetary: [3, 5] },
    { segment: 'new_customers', recency: [4, 5], frequency: [1, 3], monetary: [1, 5] },
    { segment: 'cant_lose_them', recency: [1, 2], frequency: [3, 4], monetary: [4, 5] },
    { segment: 'at_risk', recency: [1, 2], frequency: [2, 5], monetary: [4, 5] },
    { segment: 'need_attention', recency: [1, 3], frequency: [3, 5], monetary: [3, 5] },
    { segment: 'about_to_sleep', recency: [2, 3], frequency: [1, 3], monetary: [1, 4] },
    { segment: 'lost', recency: [1, 1], frequency: [1, 5], monetary: [1, 5] },
  ],
};

/** The maps that --map names. */
export const segmentMaps = { grid, 'r-rfm': rPackage } as const;

/**
 * A score on a scale of another number of bins: the bin in which the middle of the score's share of the scale lies,
 * so that a score of 10 bins is the fifth that holds it, and the better half of two is 4 of 5, not 5.
 */
export function rescale(score: number, from: number, to: number): number {
  return from === to ? score : Math.ceil((to * (2 * score - 1)) / (2 * from));
}

/** The code of the segment that scores of some number of bins belong to. */
export function segmentOf(map: SegmentMap, scores: Scores, bins: number): string {
  const [recency, frequency, monetary] = [scores.recency, scores.frequency, scores.monetary].map((score) =>
    rescale(score, bins, map.bins),
  ) as [number, number, number];
  const fits = (score: number, range: Range | undefined) =>
    range === undefined || (score >= range[0] && score <= range[1]);
  const rule = map.rules.find(
    (one) =>
      fits(recency, one.recency) &&
      fits(frequency, one.frequency) &&
      fits(monetary, one.monetary) &&
      fits(meanScore(frequency, monetary), one.frequencyMonetary),
  );
  return rule?.segment ?? others.code;
}

/** Every triple of scores with its segment. */
export function allScores(map: SegmentMap, bins: number): (Scores & { readonly segment: string })[] {
  const scores = Array.from({ length: bins }, (_, index) => index + 1);
  return scores.flatMap((recency) =>
    scores.flatMap((frequency) =>
      scores.map((monetary) => {
        const triple = { recency, frequency, monetary };
        return { ...triple, segment: segmentOf(map, triple, bins) };
      }),
    ),
  );
}

/** The segments that a map can give with some number of bins, in the order that they are shown in. */
export function segmentsOf(map: SegmentMap, bins: number): readonly Segment[] {
  const isNamed = map.segments.some(({ code }) => code === others.code);
  const isTotal = allScores(map, bins).every(({ segment }) => segment !== others.code);
  return isTotal || isNamed ? map.segments : [...map.segments, others];
}
