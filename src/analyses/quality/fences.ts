/** A value and how often it stands. */
export interface Counted {
  readonly value: number;
  readonly count: number;
}

/** Bounds on the logarithms of values: three times the spread of the middle half, beyond its ends. */
export interface Fences {
  readonly low: number;
  readonly high: number;
}

/**
 * The outer fences of positive values (Tukey): quartile 1 / (quartile 3 / quartile 1)^3 and
 * quartile 3 × (quartile 3 / quartile 1)^3, which are three interquartile ranges on a logarithmic scale. Quartiles
 * by nearest rank.
 * @param values ascending
 * @returns null where there are fewer than 20 values, or the middle half are all one
 */
export function outerFences(values: readonly Counted[]): Fences | null {
  const total = values.reduce((sum, { count }) => sum + count, 0);
  if (total < 20) return null;
  const quartile = (share: number) => {
    let seen = 0;
    return values.find(({ count }) => {
      seen += count;
      return seen >= Math.ceil(total * share);
    })!.value;
  };
  const [one, three] = [quartile(0.25), quartile(0.75)];
  if (one === three) return null;
  const spread = (three / one) ** 3;
  return { low: one / spread, high: three * spread };
}
