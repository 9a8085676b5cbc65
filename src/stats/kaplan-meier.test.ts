import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FollowUp, kaplanMeier, medianTime, survivalAt } from './kaplan-meier.js';

// Weeks of remission of leukemia (Freireich et al., Blood 21, 1963; in Cox 1972, and in every text book since):
// 21 patients on 6-mercaptopurine, with + where still in remission, and 21 on placebo.
const treated = follow('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+');
const placebo = follow('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23');

function follow(text: string): FollowUp[] {
  return text.split(' ').map((word) => ({ time: Number.parseInt(word, 10), event: !word.endsWith('+') }));
}

const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(4)));

describe('the remissions of Freireich', () => {
  it('has the survivor function and limits that Stata prints (sts list, log-log limits)', () => {
    const { steps, subjects, events, lastTime } = kaplanMeier(treated);
    expect({ subjects, events, lastTime }).toEqual({ subjects: 21, events: 9, lastTime: 35 });
    expect(
      steps.map(({ time, atRisk, events, survival: { value, low, high } }) => [
        time,
        atRisk,
        events,
        rounded(value),
        rounded(low),
        rounded(high),
      ]),
    ).toEqual([
      [6, 21, 3, 0.8571, 0.6197, 0.9516],
      [7, 17, 1, 0.8067, 0.5631, 0.9228],
      [10, 15, 1, 0.7529, 0.5032, 0.8894],
      [13, 12, 1, 0.6902, 0.4316, 0.8491],
      [16, 11, 1, 0.6275, 0.3675, 0.8049],
      [22, 7, 1, 0.5378, 0.2678, 0.7468],
      [23, 6, 1, 0.4482, 0.1881, 0.6801],
    ]);
  });

  it('has the medians of 23 and 8 weeks, and their limits (stci)', () => {
    expect(medianTime(kaplanMeier(treated))).toEqual({ value: 23, low: 13, high: null });
    expect(medianTime(kaplanMeier(placebo))).toEqual({ value: 8, low: 4, high: 11 });
  });

  it('knows nothing beyond the longest follow-up, unless nobody is left', () => {
    const curve = kaplanMeier(treated);
    expect(survivalAt(curve, 5)).toEqual({ value: 1, low: null, high: null });
    expect(rounded(survivalAt(curve, 22.5)!.value)).toBe(0.5378);
    expect(rounded(survivalAt(curve, 35)!.value)).toBe(0.4482);
    expect(survivalAt(curve, 36)).toBeNull();
    expect(survivalAt(kaplanMeier(placebo), 100)).toEqual({ value: 0, low: null, high: null });
  });
});

describe('bases that say little', () => {
  it('nobody', () => {
    const curve = kaplanMeier([]);
    expect(curve).toEqual({ subjects: 0, events: 0, steps: [], lastTime: null });
    expect(survivalAt(curve, 0)).toBeNull();
    expect(medianTime(curve)).toEqual({ value: null, low: null, high: null });
  });

  it('no events', () => {
    const curve = kaplanMeier([{ time: 10, event: false, weight: 5 }]);
    expect(survivalAt(curve, 10)).toEqual({ value: 1, low: null, high: null });
    expect(survivalAt(curve, 11)).toBeNull();
  });

  it('everyone at once, at time zero', () => {
    const curve = kaplanMeier([{ time: 0, event: true, weight: 3 }]);
    expect(survivalAt(curve, 0)).toEqual({ value: 0, low: null, high: null });
    expect(medianTime(curve)).toEqual({ value: 0, low: null, high: null });
  });

  it('where everybody has had the event, the limit above is open', () => {
    expect(medianTime(kaplanMeier(follow('5')))).toEqual({ value: 5, low: null, high: null });
    expect(medianTime(kaplanMeier(follow('5 9 30')))).toEqual({ value: 9, low: 5, high: null });
  });

  it('times or weights that are none end the run', () => {
    for (const wrong of [{ time: -1 }, { time: Number.NaN }, { time: 1, weight: -2 }]) {
      expect(() => kaplanMeier([{ event: true, ...wrong }])).toThrow('not a follow-up');
    }
  });
});

describe('any base', () => {
  const seed = 20240605;
  const base = fc.array(
    fc.record({ time: fc.nat(40), event: fc.boolean(), weight: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, maxLength: 60 },
  );

  it('a weight is as many subjects', () => {
    fc.assert(
      fc.property(base, (followed) => {
        const one = followed.flatMap(({ time, event, weight }) =>
          Array.from({ length: weight }, () => ({ time, event })),
        );
        expect(kaplanMeier(followed)).toEqual(kaplanMeier(one));
      }),
      { seed },
    );
  });

  it('falls from 1, within its limits', () => {
    fc.assert(
      fc.property(base, (followed) => {
        let before = 1;
        for (const { survival, atRisk, events } of kaplanMeier(followed).steps) {
          expect(survival.value).toBeLessThan(before);
          before = survival.value;
          expect(events).toBeLessThanOrEqual(atRisk);
          if (survival.low === null || survival.high === null) continue;
          expect(survival.low).toBeGreaterThanOrEqual(0);
          expect(survival.low).toBeLessThanOrEqual(survival.value);
          expect(survival.high).toBeGreaterThanOrEqual(survival.value);
          expect(survival.high).toBeLessThanOrEqual(1);
        }
      }),
      { seed },
    );
  });

  it('is the share that is left where nobody is lost from sight', () => {
    fc.assert(
      fc.property(base, (followed) => {
        const all = followed.map((one) => ({ ...one, event: true }));
        const total = all.reduce((sum, { weight }) => sum + weight, 0);
        for (const { time, survival } of kaplanMeier(all).steps) {
          const left = all.reduce((sum, one) => sum + (one.time > time ? one.weight : 0), 0);
          expect(survival.value).toBeCloseTo(left / total, 10);
        }
      }),
      { seed },
    );
  });

  it('the median of an even number of different times is the lower middle one', () => {
    for (let half = 1; half <= 200; half += 1) {
      const followed = Array.from({ length: 2 * half }, (_, at) => ({ time: at + 1, event: true }));
      expect(medianTime(kaplanMeier(followed)).value).toBe(half);
    }
  });

  it('who is lost from sight before the first event changes nothing', () => {
    fc.assert(
      fc.property(base, fc.integer({ min: 1, max: 99 }), (followed, weight) => {
        const later = followed.map((one) => ({ ...one, time: one.time + 1 }));
        expect(kaplanMeier([...later, { time: 0, event: false, weight }]).steps).toEqual(
          kaplanMeier(later).steps,
        );
      }),
      { seed },
    );
  });
});
