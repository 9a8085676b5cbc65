import type { Text } from '../../core/text.js';
import type { CustomersAt } from '../../model/customers-at.js';
import { concatenate, tabulate } from '../../stats/columns.js';
import type { RepeatBuyingModel } from '../../stats/fit.js';
import { fitLogisticRegression, type LogisticModel } from '../../stats/logistic-regression.js';
import { fitRepeatBuying, type RepeatBuyingName } from '../../stats/repeat-buying.js';
import { allFeatures, type Features, fallingOfRhythm, rhythmFeatures, risingFeatures } from './features.js';
import { historiesOf, purchasesGivenNone, type RepeatPredictions, repeatPredictor } from './repeat-models.js';

/** Ways to tell the risk, in the order of preference where two do equally well. */
export const candidates = {
  mbg_nbd: { en: 'MBG/NBD', ru: 'MBG/NBD' },
  pareto_nbd: { en: 'Pareto/NBD', ru: 'Pareto/NBD' },
  bg_nbd: { en: 'BG/NBD', ru: 'BG/NBD' },
  cadence: { en: 'own cadence', ru: 'собственный ритм' },
  regression: { en: 'regression on the past', ru: 'регрессия по прошлому' },
  window_rule: { en: 'plain rule: silent longer than the window', ru: 'простое правило: молчит дольше окна' },
  bg_nbd_alive: { en: 'BG/NBD, P(alive) alone', ru: 'BG/NBD, только P(alive)' },
} as const satisfies Record<string, Text>;
export type CandidateCode = keyof typeof candidates;

/** What is only compared with, and never chosen. */
export const yardsticks: readonly CandidateCode[] = ['window_rule', 'bg_nbd_alive'];

/** Customers at a past day, and how many days after it are known. */
export interface PastCustomers {
  readonly customers: CustomersAt;
  readonly horizon: number;
  /** Which of them are learnt from; all where it is not given. */
  readonly use?: (i: number) => boolean;
}

/** What a candidate says of customers for some days to come. */
export interface Prediction {
  /** P(no purchase within the horizon), 0-1. */
  readonly risk: Float64Array;
  /** Mean of purchase days within the horizon; null of a candidate that tells no numbers. */
  readonly purchases: Float64Array | null;
}

/** A candidate ready to be asked; null where the base cannot bear it. */
export interface Candidate {
  readonly code: CandidateCode;
  predict(customers: CustomersAt, horizon: number): Prediction;
}

/** More customers move its parameters by less than matters here; it takes ten times as long as the others. */
const mostOfParetoNbd = 3000;

/** Models of repeat buying fitted to customers at one day, each when it is first asked for. */
export class RepeatModels {
  readonly #customers: CustomersAt;
  readonly #fits = new Map<RepeatBuyingName, RepeatBuyingModel>();
  readonly #predictors = new Map<string, (customers: CustomersAt) => RepeatPredictions>();
  readonly #predictions = new WeakMap<CustomersAt, Map<string, RepeatPredictions>>();

  constructor(customers: CustomersAt) {
    this.#customers = customers;
  }

  fit(name: RepeatBuyingName): RepeatBuyingModel {
    return made(this.#fits, name, () =>
      fitRepeatBuying(
        historiesOf(this.#customers, name === 'pareto_nbd' ? mostOfParetoNbd : Number.POSITIVE_INFINITY),
        name,
      ),
    );
  }

  predict(name: RepeatBuyingName, customers: CustomersAt, horizon: number): RepeatPredictions {
    const key = `${name} ${horizon}`;
    const predictor = made(this.#predictors, key, () => repeatPredictor(this.fit(name), horizon));
    const known = made(this.#predictions, customers, () => new Map<string, RepeatPredictions>());
    return made(known, key, () => predictor(customers));
  }
}

/** What is there, or else is made and put there. */
function made<K, V>(
  there: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  let value = there.get(key);
  if (value === undefined) {
    value = make();
    there.set(key, value);
  }
  return value;
}

/** A model of repeat buying, fitted to what is known at the day of the customers it is asked about. */
export function repeatCandidate(name: RepeatBuyingName, models: RepeatModels): Candidate {
  return {
    code: name,
    predict: (customers, horizon) => {
      const { none, purchases } = models.predict(name, customers, horizon);
      return { risk: none, purchases };
    },
  };
}

/** BG/NBD as it is often used: whoever is not alive is at risk. */
export function aliveCandidate(models: RepeatModels): Candidate {
  return {
    code: 'bg_nbd_alive',
    predict: ({ size, frequency, recency, age }) => {
      const model = models.fit('bg_nbd');
      const risk = tabulate(size, (i) => 1 - model.probabilityAlive(frequency[i]!, recency[i]!, age[i]!));
      return { risk, purchases: null };
    },
  };
}

/** Fewer customers than this, of those who bought or of those who did not, teach nothing. */
export const fewestOutcomes = 20;

/**
 * A logistic regression that has learnt from past days what came after them; `models` are those of each past day, and
 * `now` those of the day that it is asked about. Null where too few bought, or too few did not.
 */
export function trainedCandidate(
  code: 'cadence' | 'regression',
  past: readonly (PastCustomers & { readonly models: RepeatModels })[],
  now: RepeatModels,
): (Candidate & { readonly model: LogisticModel; readonly features: readonly string[] }) | null {
  const featuresOf = (customers: CustomersAt, horizon: number, models: RepeatModels): Features =>
    code === 'cadence'
      ? rhythmFeatures(customers, horizon)
      : allFeatures(customers, horizon, models.predict('mbg_nbd', customers, horizon).none);
  const parts = past.map(({ customers, horizon, models, use }) => {
    const rows: number[] = [];
    for (let i = 0; i < customers.size; i++) if (use === undefined || use(i)) rows.push(i);
    const features = featuresOf(customers, horizon, models);
    return {
      features: Object.values(features).map((column) => tabulate(rows.length, (i) => column[rows[i]!]!)),
      happened: Uint8Array.from(rows, (i) => (customers.bought[i] === 0 ? 1 : 0)),
      names: Object.keys(features),
    };
  });
  const happened = Uint8Array.from(concatenate(parts.map((part) => Float64Array.from(part.happened))));
  const none = happened.reduce((sum, one) => sum + one, 0);
  if (Math.min(none, happened.length - none) < fewestOutcomes) return null;
  const names = parts[0]!.names;
  const features = names.map((_, index) => concatenate(parts.map((part) => part.features[index]!)));
  const places = (some: readonly string[]) =>
    names.flatMap((name, index) => (some.includes(name) ? [index] : []));
  const model = fitLogisticRegression({
    features,
    happened,
    rising: places(risingFeatures),
    falling: code === 'cadence' ? places(fallingOfRhythm) : [],
  });
  return {
    code,
    model,
    features: names,
    predict: (customers, horizon) => {
      const risk = model.probabilities(Object.values(featuresOf(customers, horizon, now)));
      return {
        risk,
        purchases: purchasesGivenNone(risk, now.predict('mbg_nbd', customers, horizon)),
      };
    },
  };
}

/**
 * 'Silent for longer than the window' as a risk: as often as those who were, and those who were not, did not buy in the
 * past. One customer more than were seen keeps it from being sure: of 0.9 for the silent, of 0.5 for the others.
 */
export function windowRule(window: number, past: readonly PastCustomers[]): Candidate {
  const seen = { silent: [0, 0], active: [0, 0] };
  for (const { customers, use } of past) {
    for (let i = 0; i < customers.size; i++) {
      if (use !== undefined && !use(i)) continue;
      const counts = isSilent(customers, i, window) ? seen.silent : seen.active;
      counts[customers.bought[i] === 0 ? 1 : 0]!++;
    }
  }
  const share = ([bought, none]: number[], unseen: number) => (none! + unseen) / (bought! + none! + 1);
  const [silent, active] = [share(seen.silent, 0.9), share(seen.active, 0.5)];
  return {
    code: 'window_rule',
    predict: (customers) => ({
      risk: tabulate(customers.size, (i) => (isSilent(customers, i, window) ? silent : active)),
      purchases: null,
    }),
  };
}

function isSilent({ age, recency }: CustomersAt, i: number, window: number): boolean {
  return age[i]! - recency[i]! > window;
}
