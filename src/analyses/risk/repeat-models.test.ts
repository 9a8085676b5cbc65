import { expect, test } from 'vitest';
import type { CustomersAt } from '../../model/customers-at.js';
import { prediction } from '../../stats/fit.js';
import { repeatPredictor } from './repeat-models.js';

test('what a customer would buy who is still there does not hang on how likely that is', () => {
  // One-time buyers of years ago among daily ones: P(alive) is 0 to all digits, even seen as having just bought.
  const model = prediction((x) => (x === 0 ? 0 : 0.5), {
    expectedPurchases: (horizon, x, age) => (horizon * (x + 1)) / age,
    probabilityOfNone: () => 0.25,
    expectedPairs: () => 0,
  });
  const customers = {
    size: 2,
    frequency: Float64Array.of(0, 9),
    recency: Float64Array.of(0, 90),
    age: Float64Array.of(100, 100),
  } as CustomersAt;
  const { none, purchases, purchasesIfAlive } = repeatPredictor(model, 50)(customers);
  expect([...purchasesIfAlive]).toEqual([0.5, 5]);
  expect([...purchases]).toEqual([0, 2.5]);
  expect([...none]).toEqual([1, 0.625]);
});
