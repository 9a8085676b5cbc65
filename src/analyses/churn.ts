import { exitCodes, UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Content, Notice, Parameter, Report } from '../core/table.js';
import { sayCount, sayPercent } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import { findActivityWindow } from '../model/activity.js';
import type { Base } from '../model/base.js';
import { customerFacts } from '../model/customer-facts.js';
import { type InputRequest, withBase } from '../model/session.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { bandTable } from './churn/band-table.js';
import { candidateTable } from './churn/candidate-table.js';
import { churnTable, type ListRequest } from './churn/churn-table.js';
import { type ScoredCustomers, scoreCustomers } from './churn/score-customers.js';
import { scoreSubscribers } from './churn/score-subscribers.js';
import { noCustomers } from './no-customers.js';
import { assumedRisks, nobodyRepeats } from './no-repeats.js';
import { reportCurrency } from './report-currency.js';
import { segmentsOf } from './rfm/maps.js';
import { type RfmOptions, rfmScores } from './rfm/scores.js';
import { choiceNotices } from './risk/notices.js';

/** What `retain churn` is asked. */
export interface ChurnRequest extends InputRequest {
  /** Days that the risk is for; undefined for the activity window. */
  readonly horizon: number | undefined;
  readonly activeDays: number | 'auto';
  /** 0-1; undefined where none is given, and revenue counts whole. */
  readonly margin: number | undefined;
  /** Customers to list; undefined for all. */
  readonly top: number | undefined;
  /** Least risk to list, 0-1. */
  readonly minRisk: number;
  /** Codes or names of RFM segments to list; all of them where there are none. */
  readonly segments: readonly string[];
  readonly rfm: RfmOptions;
  readonly currency: string | undefined;
  /** Whether only a terminal is written to, which shows no more than the first rows. */
  readonly isForTerminal: boolean;
  /** Leaves out who is lost. */
  readonly withoutLost?: boolean;
  /** Whether the table is for a list to work in. */
  readonly isToWorkIn?: boolean;
  /** Table of customers who are listed beyond `top`: see `ListRequest`. */
  readonly keptTable?: string;
}

/** Days that the risk of subscribers is for, where nothing says otherwise. */
const subscriberHorizon = 90;

/**
 * Customers by what is at stake: tables churn_risk (key customer_id), bands, risk_candidates.
 * @throws UserError for input that cannot be used, or a segment that is none
 */
export async function churnReport(request: ChurnRequest, progress: Progress): Promise<Report<Content>> {
  return withBase(
    request,
    progress,
    ({ engine, base, inputs }) => churnOf(engine, base, request, inputs.notices),
    { keepDetails: true, keepReturns: true },
  );
}

/** What is asked of a base, however it was read. */
export type ChurnQuestion = Omit<ChurnRequest, keyof InputRequest>;

/** The same of a base that is loaded. */
export async function churnOf(
  engine: LoadingEngine,
  base: Base,
  request: ChurnQuestion,
  inputNotices: readonly Notice[],
): Promise<Report<Content>> {
  const currency = reportCurrency(base, request.currency);
  const segments = segmentsAsked(request);
  const margin = request.margin ?? 1;
  const isContractual = base.subscriptions;
  const window = isContractual ? null : await findActivityWindow(engine, request.activeDays);
  const horizon = request.horizon ?? window?.days ?? subscriberHorizon;
  const subscribers = isContractual ? await scoreSubscribers(engine, base, horizon, margin) : null;
  const question = { first: base.first, day: base.asOf, horizon, window: window?.days ?? horizon, base };
  // A terminal does not show them.
  const wantsSegments = base.orders && (!request.isForTerminal || segments.length > 0);
  let hasSegments = false;
  const segmentCustomers = async () => {
    if (wantsSegments) hasSegments = (await rfmScores(engine, request.rfm)).customers > 0;
  };
  const scored = isContractual ? null : await scoreCustomers(engine, question, margin, segmentCustomers);
  if (scored === null && subscribers === null) throw noCustomers(base);
  if (isContractual && wantsSegments) {
    await customerFacts(engine, { asOf: base.asOf, purchaseDays: false });
    await segmentCustomers();
  }
  const list: ListRequest = {
    top: request.top,
    keptTable: request.keptTable,
    minRisk: request.minRisk,
    withoutLost: request.withoutLost ?? false,
    isToWorkIn: request.isToWorkIn ?? false,
    segments,
    isForTerminal: request.isForTerminal,
    rfm: request.rfm,
    hasSegments,
    isContractual,
  };
  return {
    title: { en: 'Customers at risk', ru: 'Клиенты под угрозой ухода' },
    asOf: base.asOf,
    currency,
    parameters: parameters(request, horizon, window?.days ?? null),
    tables: [
      await bandTable(engine, scored?.lostAfter ?? null),
      await churnTable(engine, base, list),
      ...(scored === null || scored.learnt.choice.scores.length === 0
        ? []
        : [candidateTable(scored.learnt.choice)]),
    ],
    notices: [
      ...((await nobodyRepeats(engine, base)) ? [assumedRisks] : []),
      ...(scored === null ? [] : choiceNotices(scored.learnt.choice, horizon)),
      ...(subscribers === null ? [] : subscribers.notices),
      ...meaning(horizon, scored, request.margin),
      coverageNotice(base),
      ...customersKnown(base, { en: 'they are left out', ru: 'они не учитываются' }),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/** What the columns mean, and what they rest on. */
function meaning(horizon: number, scored: ScoredCustomers | null, margin: number | undefined): Notice[] {
  const notices: Notice[] = [];
  if (scored !== null) {
    notices.push({
      code: 'value_at_stake',
      level: 'info',
      text: {
        en: `Risk is the probability of no purchase in the next ${horizon} days. Value at stake is risk × what the customer would bring in those days by not leaving (purchases × value of a purchase${margin === undefined ? '' : ' × margin'}). Who has been silent for more than ${scored.lostAfter} days is lost, with nothing at stake any more.`,
        ru: `Риск: вероятность, что в ближайшие ${horizon} дн. не будет покупки. Под угрозой: риск × то, что клиент принёс бы за эти дни, не уйдя (покупки × сумма покупки${margin === undefined ? '' : ' × маржа'}). Кто молчит больше ${scored.lostAfter} дн., потерян, и терять там уже нечего.`,
      },
    });
    if (scored.sampled < scored.customers) {
      notices.push({
        code: 'sample',
        level: 'info',
        text: {
          en: `Learnt from ${sayCount(scored.sampled).en} of ${sayCount(scored.customers).en} customers, taken by a hash of their ids: the same on every run. All of them are told of.`,
          ru: `Обучение на выборке: ${sayCount(scored.sampled).ru} из ${sayCount(scored.customers).ru} клиентов, по хешу кода, при каждом запуске одних и тех же. Риск посчитан для всех.`,
        },
      });
    }
  }
  if (margin === undefined) {
    notices.push({
      code: 'margin_assumed',
      level: 'warning',
      text: {
        en: 'No margin is given, so what is at stake counts revenue, not profit: --margin 0.4 sets it.',
        ru: 'Маржа не задана, поэтому под угрозой считается выручка, а не прибыль: --margin 0.4 задаёт её.',
      },
    });
  }
  return notices;
}

function parameters(request: ChurnQuestion, horizon: number, window: number | null): Parameter[] {
  const { minRisk, margin, top, segments } = request;
  return [
    { name: 'horizon_days', label: { en: 'Days ahead', ru: 'Дней вперёд' }, value: horizon },
    {
      name: 'activity_window_days',
      label: { en: 'Activity window, days', ru: 'Окно активности, дней' },
      value: window,
      machineOnly: window === null,
    },
    {
      name: 'margin',
      label: { en: 'Margin', ru: 'Маржа' },
      value: margin ?? null,
      machineOnly: margin === undefined,
      explanation: sayPercent((margin ?? 1) * 100),
    },
    {
      name: 'min_risk',
      label: { en: 'Risk from', ru: 'Риск от' },
      value: minRisk,
      machineOnly: minRisk === 0,
      explanation: sayPercent(minRisk * 100),
    },
    {
      name: 'top',
      label: { en: 'Listed', ru: 'В списке' },
      value: top ?? null,
      machineOnly: top === undefined,
    },
    {
      name: 'segments',
      label: { en: 'Segments', ru: 'Сегменты' },
      value: segments.length === 0 ? null : segments.join(', '),
      machineOnly: segments.length === 0,
    },
  ];
}

/** @throws UserError (usage) for a name that is none of a segment */
export function segmentsAsked({ segments, rfm }: ChurnQuestion): readonly string[] {
  const known = segmentsOf(rfm.map, rfm.bins);
  const plain = (text: string) => text.toLowerCase().replace(/[\s_'’-]+/g, '');
  return segments.map((asked) => {
    const found = known.find(({ code, label }) =>
      [code, label.en, label.ru].some((name) => plain(name) === plain(asked)),
    );
    if (found !== undefined) return found.code;
    throw new UserError(`--segment '${asked}' is no segment`, {
      remedy: `Give one of ${known.map(({ code }) => code).join(', ')}.`,
      exitCode: exitCodes.usage,
    });
  });
}
