import { expect, test } from 'vitest';
import { minimise, type Objective } from './optimise.js';

/** Two wells, at -2 and at 2, the second deeper by `deeper`, which a step in y has no part in. */
const wells =
  (deeper: number): Objective =>
  ([x, y]) => ({
    value: (x! ** 2 - 4) ** 2 / 16 - (deeper * x!) / 4 + (y! - 1) ** 2,
    gradient: [(x! * (x! ** 2 - 4)) / 4 - deeper / 4, 2 * (y! - 1)],
  });
const starts = [
  [-3, 0],
  [3, 0],
];

test('the lowest of several minima is found, whichever start comes first', () => {
  for (const order of [starts, starts.toReversed()]) {
    const { point, converged } = minimise(wells(1), order, 9);
    expect(converged).toBe(true);
    expect(point[0]).toBeCloseTo(2.12, 1);
    expect(point[1]).toBeCloseTo(1, 6);
  }
});

test('the second derivatives are those at the point', () => {
  const { point, curvature } = minimise(wells(1), starts, 9);
  expect(curvature[0]![0]).toBeCloseTo((3 * point[0]! ** 2 - 4) / 4, 5);
  expect(curvature[0]![1]).toBeCloseTo(0, 8);
  expect(curvature[1]![1]).toBeCloseTo(2, 6);
});

test('a rough function leads to the neighbourhood alone', () => {
  const rough: Objective = ([x, y]) => wells(1)([x! + 0.3, y! + 0.5]);
  const { point } = minimise(wells(1), starts, 9, { rough });
  expect(point[1]).toBeCloseTo(1, 6);
  const { gradient } = wells(1)(point);
  expect(Math.hypot(...gradient)).toBeLessThan(1e-3);
});

test('second derivatives of a function that bends a little otherwise lead to the same minimum', () => {
  const bending: Objective = (at) => {
    const { value, gradient } = wells(1)(at);
    return { value: 1.1 * value, gradient: gradient.map((slope, i) => (i === 0 ? 1.1 : 0.9) * slope) };
  };
  const plain = minimise(wells(1), starts, 9);
  const other = minimise(wells(1), starts, 9, { bending });
  expect(other.converged).toBe(true);
  other.point.forEach((x, i) => {
    expect(x).toBeCloseTo(plain.point[i]!, 3);
  });
  expect(other.value).toBeCloseTo(plain.value, 7);
});

test('where the first place is flat, a proper minimum that is lower is taken', () => {
  const objective: Objective = ([x]) =>
    x! < 0 ? { value: -1, gradient: [0] } : { value: (x! - 3) ** 2 - 2, gradient: [2 * (x! - 3)] };
  const rough: Objective = ([x]) =>
    x! < 0 ? { value: (x! + 8) ** 2, gradient: [2 * (x! + 8)] } : { value: 50, gradient: [0] };
  const { point, converged } = minimise(objective, [[-7], [4]], 9, { rough });
  expect(converged).toBe(true);
  expect(point[0]).toBeCloseTo(3, 6);
});

test('a function that is not finite anywhere ends the search, without a minimum', () => {
  const { converged } = minimise(() => ({ value: Number.NaN, gradient: [Number.NaN] }), [[0], [1]], 9);
  expect(converged).toBe(false);
});
