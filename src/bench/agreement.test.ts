import { describe, expect, it } from 'vitest';
import { differences, type Figures, retainFigures } from './agreement.js';

const figures = (kpis: Record<string, number | string | null>): Figures => ({
  activity_window: 140,
  periods: { value: kpis },
});

describe('agreement of the peers', () => {
  it('compares revenue to the cent, however it is written', () => {
    expect(differences(figures({ revenue: '10.10' }), figures({ revenue: 10.1 }))).toEqual([]);
    expect(differences(figures({ revenue: '10.10' }), figures({ revenue: '10.11' }))).toHaveLength(1);
  });

  it('lets other money differ by rounding, and ratios by very little', () => {
    expect(differences(figures({ aov: 6.666_67 }), figures({ aov: '6.67' }))).toEqual([]);
    expect(differences(figures({ crr: 97.950_82 }), figures({ crr: 97.950_85 }))).toEqual([]);
    expect(differences(figures({ crr: 97.95 }), figures({ crr: 97.96 }))).toHaveLength(1);
  });

  it('takes not defined for equal to not defined only, and a missing figure for a difference', () => {
    expect(differences(figures({ crr: null }), figures({ crr: null }))).toEqual([]);
    expect(differences(figures({ crr: null }), figures({ crr: 0 }))).toHaveLength(1);
    expect(differences(figures({ crr: 0 }), figures({}))).toHaveLength(1);
  });

  it('compares the activity window', () => {
    expect(differences(figures({}), { activity_window: 139, periods: {} })).toHaveLength(1);
  });

  it('finds the figures in a report', () => {
    const rows = [{ kpi: 'orders', value: 3, previous: 2, year_ago: null }];
    const report = { parameters: { activity_window_days: 140 }, tables: [{ name: 'kpis', rows }] };
    expect(retainFigures(JSON.stringify(report))).toEqual({
      activity_window: 140,
      periods: { value: { orders: 3 }, previous: { orders: 2 }, year_ago: { orders: null } },
    });
  });
});
