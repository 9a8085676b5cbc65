import { expect, test } from 'vitest';
import type { CustomersAt } from '../../model/customers-at.js';
import { windowRule } from './candidates.js';

test('the plain rule learns from those it may use alone', () => {
  // Silent for 50, 50, 0 and 0 days; the second and the fourth bought.
  const customers = {
    size: 4,
    age: new Float64Array(4).fill(100),
    recency: Float64Array.of(50, 50, 100, 100),
    bought: Float64Array.of(0, 1, 0, 1),
  } as CustomersAt;
  const of = (use?: (i: number) => boolean) => [
    ...windowRule(30, [{ customers, horizon: 30, ...(use && { use }) }]).predict(customers, 30).risk,
  ];
  expect(of()).toEqual([1.9 / 3, 1.9 / 3, 0.5, 0.5]);
  expect(of((i) => i === 0 || i === 3)).toEqual([0.95, 0.95, 0.25, 0.25]);
});
