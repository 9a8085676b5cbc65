import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrationError, calibrationTable } from './calibration.js';
import { auc, brierScore, eventRate, lift, logLoss, type Outcomes } from './scoring.js';

const outcomes = (predicted: number[], happened: number[], weight?: number[]): Outcomes => ({
  predicted: Float64Array.from(predicted),
  happened: Uint8Array.from(happened),
  ...(weight === undefined ? {} : { weight: Float64Array.from(weight) }),
});

const four = outcomes([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);

describe('by hand', () => {
  test('AUC: three of the four pairs are in order', () => {
    expect(auc(four)!.value).toBe(0.75);
    // Q1 = 0.75 / 1.25, Q2 = 2 × 0.5625 / 1.75; (0.1875 + 0.0375 + 0.0803571) / 4.
    expect(auc(four)!.standardError).toBeCloseTo(Math.sqrt(0.30535714 / 4), 8);
  });

  test('ties count half', () => {
    expect(auc(outcomes([0.5, 0.5, 0.5], [0, 1, 1]))!.value).toBe(0.5);
    expect(auc(outcomes([0.2, 0.5, 0.5], [0, 0, 1]))!.value).toBe(0.75);
  });

  test('Brier score and log-loss', () => {
    expect(brierScore(four)).toBeCloseTo((0.01 + 0.16 + 0.4225 + 0.04) / 4, 12);
    expect(logLoss(four)).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.6) + Math.log(0.35) + Math.log(0.8)) / 4,
      12,
    );
  });

  test('a sure mistake costs much, but not without bound', () => {
    expect(logLoss(outcomes([0], [1]))).toBeCloseTo(-Math.log(1e-6), 10);
    expect(logLoss(outcomes([1], [1]))).toBeCloseTo(0, 5);
  });

  test('lift: of the highest quarter all had the event, of all a half', () => {
    expect(lift(four, 0.25)).toBe(2);
    expect(lift(four, 1)).toBe(1);
  });

  test('lift takes a share of equal customers at the border', () => {
    // The highest half are one customer with the event and half of two of whom one has it: (1 + 1/2) / 2 / (2/4).
    expect(lift(outcomes([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0]), 0.5)).toBe(1.5);
  });

  test('what is not defined is null', () => {
    const nobody = outcomes([], []);
    expect([auc(nobody), brierScore(nobody), logLoss(nobody), lift(nobody, 0.1), eventRate(nobody)]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(auc(outcomes([0.1, 0.9], [1, 1]))).toBeNull();
    expect(lift(outcomes([0.1, 0.9], [0, 0]), 0.1)).toBeNull();
  });

  test('calibration in two bins', () => {
    const bins = calibrationTable(four, 2);
    expect(bins.map(({ customers, lowest, highest }) => [customers, lowest, highest])).toEqual([
      [2, 0.1, 0.35],
      [2, 0.4, 0.8],
    ]);
    expect(bins.map(({ predicted }) => predicted)).toEqual([
      expect.closeTo(0.225, 12),
      expect.closeTo(0.6, 12),
    ]);
    expect(bins.map(({ actual }) => actual)).toEqual([0.5, 0.5]);
    expect(calibrationError(bins)).toBeCloseTo((0.275 + 0.1) / 2, 12);
    // Wilson for 1 of 2.
    expect(bins[0]!.interval[0]).toBeCloseTo(0.0945, 4);
    expect(bins[0]!.interval[1]).toBeCloseTo(0.9055, 4);
  });

  test('equal probabilities stay in one bin', () => {
    const bins = calibrationTable(outcomes([0.2, 0.2, 0.2, 0.2, 0.7], [0, 1, 0, 0, 1]), 5);
    expect(bins.map(({ customers }) => customers)).toEqual([4, 1]);
  });
});

describe('in general', () => {
  const customers = fc.array(
    fc.record({
      p: fc.integer({ min: 0, max: 20 }),
      y: fc.integer({ min: 0, max: 1 }),
      n: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const grouped = (rows: readonly { p: number; y: number; n: number }[]) =>
    outcomes(
      rows.map(({ p }) => p / 20),
      rows.map(({ y }) => y),
      rows.map(({ n }) => n),
    );
  const spread = (rows: readonly { p: number; y: number; n: number }[]) => {
    const each = rows.flatMap(({ p, y, n }) => Array.from({ length: n }, () => ({ p, y })));
    return outcomes(
      each.map(({ p }) => p / 20),
      each.map(({ y }) => y),
    );
  };

  test('a weight is so many customers', () => {
    fc.assert(
      fc.property(customers, (rows) => {
        for (const figure of [
          brierScore,
          logLoss,
          eventRate,
          (o: Outcomes) => lift(o, 0.1),
          (o: Outcomes) => auc(o)?.value ?? null,
        ]) {
          const [one, other] = [figure(grouped(rows)), figure(spread(rows))];
          if (one === null || other === null) expect(one).toBe(other);
          else expect(one).toBeCloseTo(other, 10);
        }
      }),
    );
  });

  test('AUC depends on the order alone, and turns round with it', () => {
    fc.assert(
      fc.property(customers, (rows) => {
        const given = grouped(rows);
        const value = auc(given)?.value;
        fc.pre(value !== undefined);
        const of = (change: (p: number) => number) =>
          auc({ ...given, predicted: given.predicted.map(change) })!.value;
        expect(of((p) => p ** 3 / 7)).toBeCloseTo(value!, 12);
        expect(of((p) => 1 - p)).toBeCloseTo(1 - value!, 12);
      }),
    );
  });

  test('bins hold everybody once, in order, about evenly', () => {
    fc.assert(
      fc.property(customers, (rows) => {
        const given = grouped(rows);
        const bins = calibrationTable(given);
        const all = rows.reduce((sum, { n }) => sum + n, 0);
        expect(bins.reduce((sum, bin) => sum + bin.customers, 0)).toBeCloseTo(all, 9);
        expect(bins.length).toBeLessThanOrEqual(10);
        bins.forEach((bin, index) => {
          expect(bin.lowest).toBeLessThanOrEqual(bin.highest);
          if (index > 0) expect(bins[index - 1]!.highest).toBeLessThan(bin.lowest);
          expect(bin.predicted).toBeGreaterThanOrEqual(bin.lowest - 1e-12);
          expect(bin.interval[0]).toBeLessThanOrEqual(bin.actual + 1e-12);
          expect(bin.interval[1]).toBeGreaterThanOrEqual(bin.actual - 1e-12);
        });
      }),
    );
  });
});
