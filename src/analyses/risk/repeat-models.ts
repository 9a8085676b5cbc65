import type { CustomersAt } from '../../model/customers-at.js';
import type { RepeatBuyingPrediction } from '../../stats/fit.js';
import type { PurchaseHistories } from '../../stats/purchase-histories.js';

/** Histories for a fit, one entry for customers who have the same; of more than `most` customers every so-many-th. */
export function historiesOf({ size, frequency, recency, age }: CustomersAt, most: number): PurchaseHistories {
  const step = Math.max(1, Math.ceil(size / most));
  const places = new Map<string, number>();
  const first: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < size; i += step) {
    const key = `${frequency[i]} ${recency[i]} ${age[i]}`;
    let place = places.get(key);
    if (place === undefined) {
      place = first.length;
      places.set(key, place);
      first.push(i);
      weights.push(0);
    }
    weights[place]!++;
  }
  const picked = (column: Float64Array) => Float64Array.from(first, (i) => column[i]!);
  return {
    frequency: picked(frequency),
    recency: picked(recency),
    age: picked(age),
    weight: Float64Array.from(weights),
  };
}

/** What a model of repeat buying says of each customer for the `horizon` days after the day they are seen at. */
export interface RepeatPredictions {
  /** P(no purchase). */
  readonly none: Float64Array;
  /** Mean of purchase days. */
  readonly purchases: Float64Array;
  /** The same of customers who have not left at the day. */
  readonly purchasesIfAlive: Float64Array;
}

/** What a model says of customers within a horizon, who may be asked about a part at a time. */
export function repeatPredictor(
  model: RepeatBuyingPrediction,
  horizon: number,
): (customers: CustomersAt) => RepeatPredictions {
  // Of those who are there it depends on x and T alone, for every model here, and costs the most.
  const ofAlive = new Map<number, { readonly expected: number; readonly some: number }>();
  return ({ size, frequency, recency, age }) => {
    const none = new Float64Array(size);
    const purchases = new Float64Array(size);
    const purchasesIfAlive = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const [x, tx, T] = [frequency[i]!, recency[i]!, age[i]!];
      const key = x * 2 ** 20 + T;
      let known = ofAlive.get(key);
      if (known === undefined) {
        known = {
          expected: model.ofAlive.expectedPurchases(horizon, x, T),
          some: 1 - model.ofAlive.probabilityOfNone(horizon, x, T),
        };
        ofAlive.set(key, known);
      }
      const alive = model.probabilityAlive(x, tx, T);
      none[i] = 1 - alive * known.some;
      purchasesIfAlive[i] = known.expected;
      purchases[i] = alive * known.expected;
    }
    return { none, purchases, purchasesIfAlive };
  };
}

/** Mean of purchase days of customers of whom each has a given probability of none; how many by the model, if any. */
export function purchasesGivenNone(risk: Float64Array, { none, purchases }: RepeatPredictions): Float64Array {
  return risk.map((probability, i) => {
    const some = 1 - none[i]!;
    return (1 - probability) * (some > 1e-9 ? Math.max(1, purchases[i]! / some) : 1);
  });
}
