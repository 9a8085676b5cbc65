import type { Day } from '../core/dates.js';
import { addDays } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import {
  customPeriod,
  lastFullMonth,
  type Period,
  parsePeriod,
  periodContaining,
  periodsCovering,
  previousPeriod,
  type Step,
  yearAgo,
} from '../core/period.js';
import type { Progress } from '../core/progress.js';
import type { Report } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import {
  type ActivityWindow,
  findActivityWindow,
  purchaseActivity,
  subscriptionActivity,
} from '../model/activity.js';
import type { Base } from '../model/base.js';
import { type InputRequest, withBase } from '../model/session.js';
import { sql } from '../sql/sql.js';
import { cacByChannel } from './cac-by-channel.js';
import { kpiTable } from './kpis.js';
import { metricsNotices } from './metrics-notices.js';
import { metricsParameters } from './metrics-parameters.js';
import { periodFigures } from './period-figures.js';
import { reportCurrency } from './report-currency.js';
import { trendAtAGlance, trendPeriods, trendTable } from './trend.js';

/** What `retain metrics` is asked. */
export interface MetricsRequest extends InputRequest {
  readonly period: string | undefined;
  readonly from: Day | undefined;
  /** The last day of the period, included. */
  readonly to: Day | undefined;
  readonly by: Step | undefined;
  /** The trend is of whole steps from the beginning of the data to the end of the period, whatever that is. */
  readonly wholeHistory?: boolean;
  readonly activeDays: number | 'auto';
  /** 0-1; undefined where none is given, and revenue counts whole. */
  readonly margin: number | undefined;
  readonly currency: string | undefined;
  /** Predicted LTV among the KPIs, where asked for. */
  readonly predictedLtv?: { readonly horizon: number; readonly discount: number } | undefined;
}

/** What KPIs are asked of a base, however it was read. */
export type PeriodRequest = Omit<MetricsRequest, keyof InputRequest>;

/** The periods of one report, cut to the days that the data cover. */
export interface ReportPeriods {
  readonly asked: Period;
  readonly value: Period;
  readonly previous: Period;
  readonly yearAgo: Period;
  /** Where no whole month is covered, the default is all of the data. */
  readonly isWholeSpan: boolean;
}

/**
 * Retention KPIs over exported spreadsheets: tables kpis, cac_by_channel where spend is known, trend where
 * asked.
 * @throws UserError for input or a request that cannot be used
 */
export async function metricsReport(request: MetricsRequest, progress: Progress): Promise<Report> {
  return withBase(request, progress, ({ engine, base, inputs }) =>
    metricsOf(engine, base, request, inputs.notices),
  );
}

/** The same of a base that is loaded. */
export async function metricsOf(
  engine: LoadingEngine,
  base: Base,
  request: PeriodRequest,
  inputNotices: Report['notices'],
): Promise<Report> {
  const currency = reportCurrency(base, request.currency);
  const { periods, window, trend } = await computeKpis(engine, base, request);
  const isWhole = ({ from, to }: { from: Day; to: Day }) =>
    trend.some((period) => period.from === from && period.to === to && from >= base.first);
  const trendRows = trend.length > 0 ? await trendTable(engine, isWhole) : undefined;
  const kpis = await kpiTable(engine);
  const { predictedLtv, margin } = request;
  const predicted =
    predictedLtv === undefined
      ? undefined
      : // The models behind it are loaded where it is asked for.
        await (await import('./forecast/ltv-kpi.js')).withPredictedLtv(engine, base, kpis, periods, {
          ...predictedLtv,
          margin,
        });
  const tables = [
    predicted?.table ?? kpis,
    ...(base.spend ? [await cacByChannel(engine, base.channels)] : []),
    ...(trendRows === undefined ? [] : [trendAtAGlance(trendRows), trendRows]),
  ].filter((table) => table !== undefined);
  const [bounded] = await engine.query(
    sql`select lifetime_is_bounded as bounded from int_kpis where period_id = 'value'`,
  );
  return {
    title: { en: 'Retention metrics', ru: 'Показатели удержания' },
    asOf: base.asOf,
    currency,
    parameters: metricsParameters(base, periods, window, request),
    tables,
    notices: [
      ...metricsNotices({ base, periods, window, request, lifetimeIsBounded: bounded?.bounded === true }),
      ...(predicted?.notices ?? []),
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/**
 * Makes table int_kpis for the period asked for, those it is compared with, and the steps of a trend.
 * @throws UserError for a period that the data do not reach
 */
export async function computeKpis(
  engine: LoadingEngine,
  base: Base,
  request: PeriodRequest,
): Promise<{ periods: ReportPeriods; window: ActivityWindow | null; trend: Period[] }> {
  const periods = choosePeriods(base, request);
  const endDay = addDays(base.asOf, 1);
  const window = base.subscriptions ? null : await findActivityWindow(engine, request.activeDays);
  for (const statement of window === null
    ? subscriptionActivity(engine)
    : [purchaseActivity(engine, window)]) {
    await engine.run(statement);
  }
  const trend = request.by === undefined ? [] : stepsOfTrend(base, request, periods, request.by);
  const named = [
    { id: 'value', period: periods.value },
    { id: 'previous', period: periods.previous },
    { id: 'year_ago', period: periods.yearAgo },
    ...trendPeriods(trend.map((period) => cut(period, endDay))),
  ];
  const holdings = { ...base, firstDay: base.first, endDay };
  for (const statement of periodFigures(engine, named, holdings, request.margin ?? 1))
    await engine.run(statement);
  await checkBalance(engine);
  return { periods, window, trend };
}

/**
 * The period asked for, or the default, and those it is compared with.
 * @throws UserError for one that the data do not reach
 */
export function choosePeriods(base: Base, request: PeriodRequest): ReportPeriods {
  const endDay = addDays(base.asOf, 1);
  let asked: Period;
  let isWholeSpan = false;
  if (request.from !== undefined && request.to !== undefined)
    asked = customPeriod(request.from, addDays(request.to, 1));
  else if (request.period !== undefined) asked = parsePeriod(request.period, base.asOf);
  else {
    asked = lastFullMonth(base.asOf);
    isWholeSpan = asked.to <= base.first;
    if (isWholeSpan) asked = customPeriod(base.first, endDay);
  }
  if (asked.from > base.last || asked.to <= base.first) {
    throw new UserError(`no data for the period ${asked.name}`, {
      remedy: `The data cover ${base.first} to ${base.last}: give a --period within.`,
      exitCode: exitCodes.badInput,
    });
  }
  return {
    asked,
    value: cut(asked, endDay),
    previous: previousPeriod(asked),
    yearAgo: yearAgo(asked),
    isWholeSpan,
  };
}

/** A period up to the end of the data, under its own name. */
function cut(period: Period, endDay: Day): Period {
  return period.to <= endDay ? period : { ...period, to: endDay };
}

/** The steps of the trend: those of the period where it holds several, else all up to its end; or as the request says. */
function stepsOfTrend(base: Base, request: PeriodRequest, periods: ReportPeriods, by: Step): Period[] {
  const isAsked = request.period !== undefined || request.from !== undefined;
  const { asked } = periods;
  if (request.wholeHistory) {
    const end = periods.value.to;
    const all = periodsCovering(base.first, end, by);
    const whole = all.filter(({ to }) => to <= end);
    return whole.length > 0 ? whole : all;
  }
  if (isAsked && periodContaining(asked.from, by).to < asked.to)
    return periodsCovering(asked.from, periods.value.to, by);
  return periodsCovering(base.first, isAsked ? periods.value.to : addDays(base.asOf, 1), by);
}

/** E = S − lost + N for every period: both sides are counted on their own, so a difference is a fault of ours. */
async function checkBalance(engine: LoadingEngine): Promise<void> {
  const wrong = await engine.query(sql`
    select period_id, customers_start, customers_end, customers_lost, customers_gained from int_period_figures
    where customers_end <> customers_start - customers_lost + customers_gained`);
  if (wrong.length > 0) throw new Error(`customers do not balance: ${JSON.stringify(wrong[0])}`);
}
