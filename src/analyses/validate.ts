import { addDays, type Day, dayNumber, sayDay } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Notice, Parameter, Report } from '../core/table.js';
import { countOf, sayCount } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import { findActivityWindow } from '../model/activity.js';
import type { Base } from '../model/base.js';
import { customersAt, factsAt, sampleCustomers } from '../model/customers-at.js';
import { type InputRequest, withBase } from '../model/session.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { noCustomers, noOrders } from './no-customers.js';
import { type HoldOut, pooledScores } from './risk/hold-out.js';
import { learnRisk } from './risk/learn.js';
import { choiceNotices } from './risk/notices.js';
import { calibrationTables, frequencyTable, scoreTable } from './risk/validation-tables.js';
import { verdict } from './risk/verdict.js';

/** What `retain validate` is asked. */
export interface ValidateRequest extends InputRequest {
  /** The last day that candidates may know. */
  readonly cutoff: Day | undefined;
  /** Cut-offs one horizon apart, the last of them one before the end; undefined for one. */
  readonly folds: number | undefined;
  /** Days after the cut-off; undefined for what remains, or with `folds` for the activity window. */
  readonly horizon: number | undefined;
  readonly activeDays: number | 'auto';
}

/**
 * Hold-out in time: how well every way of telling who will not buy did on this base, from what was known at a day in the
 * past. Tables scores, calibration, purchases_by_frequency.
 * @throws UserError for input that cannot be used, or a cut-off without a past or a future
 */
export async function validateReport(request: ValidateRequest, progress: Progress): Promise<Report> {
  return withBase(
    request,
    progress,
    ({ engine, base, inputs }) => report(engine, base, request, inputs.notices),
    { keepReturns: true },
  );
}

/** More than churn learns from: what is asked here is how good that is, not how soon. */
const mostJudged = 25_000;

async function report(
  engine: LoadingEngine,
  base: Base,
  request: ValidateRequest,
  inputNotices: readonly Notice[],
): Promise<Report> {
  if (!base.orders) throw noOrders(base, 'what is held out is purchases');
  const { cutoffs, horizon, notices } = await holdOutsAsked(engine, base, request);
  const sample = await sampleCustomers(engine, mostJudged);
  if (sample.customers === 0) throw noCustomers(base);
  const holdOuts: HoldOut[] = [];
  for (const cutoff of cutoffs) {
    const window = await findActivityWindow(engine, request.activeDays, cutoff);
    const question = { first: base.first, day: cutoff, horizon, window: window.days, base };
    const learnt = await learnRisk(engine, sample, question, { make: 'all' });
    const after = await customersAt(engine, factsAt(engine, sample, cutoff, horizon), cutoff, base);
    holdOuts.push({
      cutoff,
      horizon,
      window: window.days,
      choice: learnt.choice,
      customers: after,
      predictions: learnt.candidates.map((candidate) => ({
        code: candidate.code,
        ...candidate.predict(after, horizon),
      })),
    });
  }
  const scores = pooledScores(holdOuts);
  return {
    title: { en: 'Validation of churn risk', ru: 'Проверка прогноза оттока' },
    asOf: base.asOf,
    currency: null,
    parameters: parameters(request, holdOuts),
    tables: [scoreTable(holdOuts, scores), ...calibrationTables(holdOuts), frequencyTable(holdOuts)],
    notices: [
      verdict(holdOuts, scores),
      ...holdOuts.slice(0, 1).flatMap(({ choice, horizon: days }) => choiceNotices(choice, days)),
      ...sampleNotice(sample.customers, sample.sampled),
      ...notices,
      coverageNotice(base),
      ...customersKnown(base, { en: 'they are left out', ru: 'они не учитываются' }),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/**
 * The days to stand at, the latest first, and the days to tell from each.
 * @throws UserError for a cut-off without purchases before it, or days after it
 */
async function holdOutsAsked(
  engine: LoadingEngine,
  base: Base,
  request: ValidateRequest,
): Promise<{ cutoffs: Day[]; horizon: number; notices: Notice[] }> {
  const { cutoff } = request;
  const daysTo = (from: Day, to: Day) => dayNumber(to) - dayNumber(from);
  if (cutoff !== undefined) {
    const remaining = daysTo(cutoff, base.asOf);
    if (cutoff < base.first || remaining < 1) {
      throw new UserError(`--cutoff ${cutoff} leaves nothing on one side of it`, {
        remedy: `The data cover ${base.first} to ${base.asOf}: give a day from ${base.first} on and before ${base.asOf}.`,
        exitCode: exitCodes.usage,
      });
    }
    const horizon = request.horizon ?? remaining;
    if (horizon > remaining) {
      throw new UserError(
        `--horizon ${horizon}: only ${countOf(remaining, 'day')} after ${cutoff} are known`,
        {
          remedy: `Give --horizon ${remaining} or less, or an earlier --cutoff.`,
          exitCode: exitCodes.usage,
        },
      );
    }
    return { cutoffs: [cutoff], horizon, notices: [] };
  }
  const span = daysTo(base.first, base.asOf);
  if (span < 2) {
    throw new UserError(`the data cover ${countOf(span + 1, 'day')}: nothing can be held out`, {
      place: { file: base.accounts.map(({ file }) => file).join(', ') },
      remedy: 'Give exports of a longer time.',
    });
  }
  const asked = request.horizon ?? (await findActivityWindow(engine, request.activeDays)).days;
  const horizon = Math.min(asked, Math.floor(span / 2));
  const wanted = request.folds ?? 1;
  const count = Math.max(1, Math.min(wanted, Math.floor(span / horizon) - 1));
  const cutoffs = Array.from({ length: count }, (_, index) => addDays(base.asOf, -horizon * (index + 1)));
  const notices: Notice[] = [];
  if (horizon < asked) {
    notices.push({
      code: 'horizon_cut',
      level: 'warning',
      text: {
        en: `The data cover ${countOf(span + 1, 'day')}, too few to hold out ${asked}: ${horizon} are held out.`,
        ru: `Данные за ${span + 1} дн., чтобы отложить ${asked} дн., мало: отложено ${horizon} дн.`,
      },
    });
  }
  if (count < wanted) {
    notices.push({
      code: 'folds_cut',
      level: 'warning',
      text: {
        en: `The data bear ${countOf(count, 'fold')} of ${countOf(horizon, 'day')}, not ${wanted}.`,
        ru: `Данных хватает на число отложенных отрезков: ${count} (по ${horizon} дн.), а не ${wanted}.`,
      },
    });
  }
  return { cutoffs, horizon, notices };
}

function sampleNotice(customers: number, sampled: number): Notice[] {
  if (sampled === customers) return [];
  return [
    {
      code: 'sample',
      level: 'info',
      text: {
        en: `Learnt and judged on ${sayCount(sampled).en} of ${sayCount(customers).en} customers, taken by a hash of their ids: the same on every run.`,
        ru: `Обучение и проверка на выборке: ${sayCount(sampled).ru} из ${sayCount(customers).ru} клиентов, по хешу кода, при каждом запуске одних и тех же.`,
      },
    },
  ];
}

function parameters(request: ValidateRequest, holdOuts: readonly HoldOut[]): Parameter[] {
  const { horizon, window } = holdOuts[0]!;
  const cutoffs = holdOuts.map(({ cutoff }) => cutoff);
  return [
    {
      name: 'cutoff',
      label: { en: 'Known up to', ru: 'Известно по' },
      value: cutoffs.join(', '),
      explanation: {
        en: cutoffs.map((day) => sayDay(day).en).join(', '),
        ru: cutoffs.map((day) => sayDay(day).ru).join(', '),
      },
    },
    { name: 'horizon_days', label: { en: 'Days held out', ru: 'Отложено дней' }, value: horizon },
    {
      name: 'activity_window_days',
      label: { en: 'Activity window, days', ru: 'Окно активности, дней' },
      value: window,
    },
    {
      name: 'folds',
      label: { en: 'Folds', ru: 'Отрезки' },
      value: holdOuts.length,
      machineOnly: request.folds === undefined,
    },
  ];
}
