import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  digamma,
  gaussLegendre,
  hypergeometric,
  hypergeometricFall,
  logBeta,
  logGamma,
} from './special-functions.js';

test('ln Γ of whole numbers and halves', () => {
  let factorial = 1;
  for (let n = 1; n < 20; n++) {
    expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  // DLMF 5.11.3, to the last digit of a number of this size.
  expect(logGamma(1000.5) / 5908.674175848677).toBeCloseTo(1, 13);
  expect(logGamma(1e-10)).toBeCloseTo(Math.log(1e10), 9);
  expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 13);
});

test('digamma is the slope of ln Γ', () => {
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 13);
  expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 13);
  for (const x of [0.01, 0.3, 2.7, 9.9, 10.1, 400]) {
    const step = x * 1e-5;
    const slope = (logGamma(x + step) - logGamma(x - step)) / (2 * step);
    expect(digamma(x) / slope).toBeCloseTo(1, 6);
  }
});

test('2F1 where it is elementary', () => {
  for (const w of [1e-9, 0.1, 1, 9, 300, 5000]) {
    expect(hypergeometric(1, 1, 2, w) / (Math.log1p(w) / w)).toBeCloseTo(1, 9);
    expect(hypergeometric(0.7, 2.2, 2.2, w) / (1 + w) ** -0.7).toBeCloseTo(1, 9);
    expect(hypergeometric(3, 1000, 1000, w) / (1 + w) ** -3).toBeCloseTo(1, 8);
  }
  expect(hypergeometric(-1, 5, 3, 2)).toBeCloseTo(1 + (5 / 3) * 2, 12);
  expect(hypergeometric(2.5, 3, 4, 0)).toBe(1);
});

test('the fall of 2F1 has limits at a = 0 and c = 0', () => {
  for (const [b, w] of [
    [0.4, 3],
    [900, 0.01],
    [30, 12],
  ] as const) {
    for (const c of [1e-9, 0.7, 4, 2000]) {
      const [at, near] = [0, 1e-7].map((a) => hypergeometricFall(a, b, c, w)) as [number, number];
      expect(at / near, `${b} ${c} ${w}`).toBeCloseTo(1, 4);
    }
    const [at, near] = [0, 1e-7].map((c) => hypergeometricFall(-0.3, b, c, w)) as [number, number];
    expect(at / near).toBeCloseTo(1, 4);
  }
});

test('2F1 as the mean of (1 + p w)^-b over a beta distribution: Euler', () => {
  const { nodes, weights } = gaussLegendre(200);
  fc.assert(
    fc.property(
      fc.double({ min: 3, max: 60, noNaN: true }),
      fc.double({ min: 3, max: 60, noNaN: true }),
      fc.double({ min: 0.05, max: 400, noNaN: true }),
      fc.double({ min: 0, max: 20, noNaN: true }),
      (a, other, b, w) => {
        let mean = 0;
        nodes.forEach((node, i) => {
          // p = u³ lays more points where the power falls.
          const p = node ** 3;
          const density = (a - 1) * Math.log(p) + (other - 1) * Math.log1p(-p) - logBeta(a, other);
          mean += weights[i]! * 3 * node * node * Math.exp(density - b * Math.log1p(p * w));
        });
        const found = hypergeometric(a, b, a + other, w);
        expect(Math.abs(found - mean)).toBeLessThan(1e-7 * mean + 1e-13);
        const fall = ((a + other) * (1 - mean)) / a;
        expect(Math.abs(hypergeometricFall(a, b, a + other, w) - fall)).toBeLessThan(1e-6 * fall + 1e-9);
      },
    ),
    { numRuns: 300, seed: 5 },
  );
});

test('Gauss-Legendre is exact for polynomials', () => {
  const { nodes, weights } = gaussLegendre(6);
  expect(nodes.reduce((sum, x, i) => sum + weights[i]! * x ** 11, 0)).toBeCloseTo(1 / 12, 14);
});
