import { logGamma } from './special-functions.js';

/** Some of a number of things are marked, and so many are drawn without putting them back. */
export interface Draw {
  readonly all: number;
  readonly marked: number;
  readonly drawn: number;
}

/**
 * The probability that at least so many of the drawn are marked: the upper tail of the hypergeometric distribution.
 * All are whole numbers, marked and drawn within 0 to all.
 */
export function probabilityOfAtLeast(least: number, { all, marked, drawn }: Draw): number {
  const logOfAll = logChoose(all, drawn);
  let sum = 0;
  const fewest = Math.max(least, 0, drawn - (all - marked));
  for (let of = fewest; of <= Math.min(marked, drawn); of += 1) {
    sum += Math.exp(logChoose(marked, of) + logChoose(all - marked, drawn - of) - logOfAll);
  }
  return Math.min(sum, 1);
}

function logChoose(all: number, some: number): number {
  return logGamma(all + 1) - logGamma(some + 1) - logGamma(all - some + 1);
}
