import { expect, test } from 'vitest';
import type { CustomersAt } from '../../model/customers-at.js';
import { type HoldOut, pooledScores } from './hold-out.js';
import { verdict } from './verdict.js';

/** Said of `size` customers with risks from 5 % to 95 %, so many points off, of whom some buy. */
function said(size: number, pointsOff: number, does: (risk: number, i: number) => boolean): string {
  const real = Float64Array.from({ length: size }, (_, i) => 0.05 + (0.9 * (i % 10)) / 9);
  const bought = real.map((risk, i) => (does(risk, i) ? 0 : 1));
  const holdOut = {
    choice: { chosen: 'mbg_nbd' },
    customers: { bought, frequency: new Float64Array(size) } as unknown as CustomersAt,
    predictions: [
      { code: 'mbg_nbd', risk: real.map((risk) => Math.max(0.01, risk - pointsOff / 100)), purchases: null },
    ],
  };
  const holdOuts = [holdOut as unknown as HoldOut];
  return verdict(holdOuts, pooledScores(holdOuts)).text.en;
}

/** As likely as the risk, by a generator of Park and Miller. */
function byChance(): (risk: number) => boolean {
  let state = 20_241_126;
  return (risk) => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 < risk;
  };
}

test.each([150, 550, 5000])('risks that are exactly right mean what they say, of %d customers', (size) => {
  expect(said(size, 0, byChance())).toContain('A risk means what it says');
});

test('risks that are off are told from chance where customers are many', () => {
  expect(said(5000, 7, byChance())).toContain('A risk is roughly what it says');
  expect(said(5000, 30, byChance())).toContain('A risk is to be taken as an order only');
});

test('few customers tell nothing of it', () => {
  expect(said(99, 0, byChance())).toContain(
    'So few customers (99) do not tell whether a risk means what it says',
  );
});

test('an order is not spoken of where there is none', () => {
  const [same, mixed] = [said(200, 0, () => true), said(200, 0, (_, i) => (i * 7919) % 13 < 1)];
  expect(same).toContain('nothing tells how well they are put in order');
  expect(mixed).toContain('no better than chance');
  for (const text of [same, mixed]) {
    expect(text).toContain('A risk is not to be taken as a probability');
    expect(text).not.toContain('an order only');
  }
});
