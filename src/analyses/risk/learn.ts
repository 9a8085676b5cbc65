import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { Day } from '../../core/dates.js';
import { together } from '../../core/together.js';
import type { Engine } from '../../engines/engine.js';
import {
  type CustomerSample,
  type CustomersAt,
  customersAt,
  factsAt,
  type WithSignals,
} from '../../model/customers-at.js';
import { tabulate } from '../../stats/columns.js';
import type { RepeatBuyingName } from '../../stats/repeat-buying.js';
import {
  aliveCandidate,
  type Candidate,
  type CandidateCode,
  candidates,
  fewestOutcomes,
  RepeatModels,
  repeatCandidate,
  trainedCandidate,
  windowRule,
  yardsticks,
} from './candidates.js';
import { type Score, scoreOf } from './score.js';
import { type PastWindow, pastWindows } from './windows.js';

/**
 * Customers that candidates learn from and are compared on; of a larger base as many are taken by a hash of their ids. The AUC
 * of so many is within 0.01 of that of all.
 */
export const mostSampled = 10_000;

/** What risk is asked: of whom, as known at a day, for how many days. */
export interface RiskQuestion {
  readonly first: Day;
  readonly day: Day;
  readonly horizon: number;
  /** The activity window, for the plain rule. */
  readonly window: number;
  /** Which files there are beside those of orders. */
  readonly base: WithSignals;
}

/** How a candidate was chosen, from what was known at the day alone. */
export interface RiskChoice {
  readonly chosen: CandidateCode;
  /**
   * best          of the least log-loss in the latest window of the past
   * no_past       no day of the past has any days after it: MBG/NBD
   * few_outcomes  too few customers bought in that window, or too few did not: MBG/NBD
   */
  readonly reason: 'best' | 'no_past' | 'few_outcomes';
  /** The window that candidates were compared in; null without a past. */
  readonly window: PastWindow | null;
  /** Days of the past that trained candidates learnt from. */
  readonly windows: readonly PastWindow[];
  /**
   * How trained candidates were kept from knowing what they were judged on: by older windows, or where there is only one
   * by customers, a fifth at a time being told from the others.
   */
  readonly heldOut: 'older_windows' | 'customers' | null;
  /** Every candidate that the base bears, in that window. */
  readonly scores: readonly Score[];
}

export interface LearntRisk {
  readonly choice: RiskChoice;
  readonly chosen: Candidate;
  /** What was chosen, or every candidate that the base bears, ready to be asked about the day. */
  readonly candidates: readonly Candidate[];
  /** Fitted to the customers at the day. */
  readonly models: RepeatModels;
  /** Those of the sample, at the day. */
  readonly customers: CustomersAt;
}

const repeatNames: readonly RepeatBuyingName[] = ['mbg_nbd', 'pareto_nbd', 'bg_nbd'];
const folds = 5;

/**
 * Chooses a candidate by what came after days of the past, and makes it, or all of them, ready. Nothing after the day of
 * the question is looked at. `meanwhile` is work of the engine that this needs nothing of, done while this learns.
 */
export async function learnRisk(
  engine: Engine,
  sample: CustomerSample,
  question: RiskQuestion,
  { make = 'chosen', meanwhile }: { make?: 'chosen' | 'all'; meanwhile?: () => Promise<void> } = {},
): Promise<LearntRisk> {
  const { first, day, horizon, window, base } = question;
  const windows = pastWindows(first, day, horizon);
  const past: Past[number][] = [];
  for (const one of windows) {
    const customers = await customersAt(engine, factsAt(engine, sample, one.day, one.horizon), one.day, base);
    past.push({ customers, horizon: one.horizon, models: new RepeatModels(customers) });
  }
  const customers = await customersAt(engine, factsAt(engine, sample, day, 0), day, base);
  const models = new RepeatModels(customers);
  const learning = async (): Promise<LearntRisk> => {
    const choice = await choose(windows, past, window);
    const ready = await candidatesOf(models, past, window, make === 'all' ? undefined : choice.chosen);
    return {
      choice,
      chosen: ready.find(({ code }) => code === choice.chosen)!,
      candidates: ready,
      models,
      customers,
    };
  };
  const work = meanwhile?.() ?? Promise.resolve();
  return together(learning(), work);
}

type Past = readonly {
  readonly customers: CustomersAt;
  readonly horizon: number;
  readonly models: RepeatModels;
}[];

/** Every candidate that the base bears, or `only` one. Models of repeat buying are fitted when they are asked. */
async function candidatesOf(
  models: RepeatModels,
  past: Past,
  window: number,
  only?: CandidateCode,
): Promise<Candidate[]> {
  const trained: Candidate[] = [];
  for (const code of ['cadence', 'regression'] as const) {
    if (past.length === 0 || (only !== undefined && code !== only)) continue;
    await turnOfOthers();
    trained.push(...[trainedCandidate(code, past, models) ?? []].flat());
  }
  const all = [
    ...repeatNames.map((name) => repeatCandidate(name, models)),
    ...trained,
    windowRule(window, past),
    aliveCandidate(models),
  ];
  return only === undefined ? all : all.filter(({ code }) => code === only);
}

async function choose(windows: readonly PastWindow[], past: Past, window: number): Promise<RiskChoice> {
  const latest = past[0];
  if (latest === undefined) {
    return { chosen: 'mbg_nbd', reason: 'no_past', window: null, windows, heldOut: null, scores: [] };
  }
  const { customers, horizon, models } = latest;
  const older = past.slice(1);
  const heldOut = older.length > 0 ? 'older_windows' : 'customers';
  const compared =
    older.length > 0
      ? await candidatesOf(models, older, window)
      : [
          ...(await candidatesOf(models, [], window)).filter(({ code }) => code !== 'window_rule'),
          ...crossFitted(latest, window),
        ];
  const scores: Score[] = [];
  for (const candidate of compared) {
    await turnOfOthers();
    const told = candidate.predict(customers, horizon);
    scores.push({ code: candidate.code, ...scoreOf(told, customers.bought) });
  }
  const none = customers.bought.filter((days) => days === 0).length;
  if (Math.min(none, customers.size - none) < fewestOutcomes) {
    return { chosen: 'mbg_nbd', reason: 'few_outcomes', window: windows[0]!, windows, heldOut, scores };
  }
  const order = Object.keys(candidates) as CandidateCode[];
  const [best] = scores
    .filter(({ code }) => !yardsticks.includes(code))
    .sort(
      (one, other) => one.logLoss! - other.logLoss! || order.indexOf(one.code) - order.indexOf(other.code),
    );
  return { chosen: best!.code, reason: 'best', window: windows[0]!, windows, heldOut, scores };
}

/** Trained candidates that tell every customer from the other four fifths of the customers of the same window. */
function crossFitted(latest: Past[number], window: number): Candidate[] {
  return (['cadence', 'regression', 'window_rule'] as const).flatMap((code) => {
    const parts = Array.from({ length: folds }, (_, fold) => {
      const others = [{ ...latest, use: (i: number) => i % folds !== fold }];
      return code === 'window_rule'
        ? windowRule(window, others)
        : trainedCandidate(code, others, latest.models);
    });
    if (parts.some((part) => part === null)) return [];
    return {
      code,
      predict: (customers: CustomersAt, horizon: number) => {
        const told = parts.map((part) => part!.predict(customers, horizon));
        const mixed = (column: 'risk' | 'purchases') =>
          tabulate(customers.size, (i) => told[i % folds]![column]![i]!);
        return { risk: mixed('risk'), purchases: told[0]!.purchases === null ? null : mixed('purchases') };
      },
    };
  });
}
