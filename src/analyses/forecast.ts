import { addDays, dayNumber, sayDay } from '../core/dates.js';
import type { Progress } from '../core/progress.js';
import type { Notice, Parameter, Report, ResultTable, TableNote } from '../core/table.js';
import { sayPercent, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import { subscriptionActivity } from '../model/activity.js';
import type { Base } from '../model/base.js';
import { acquisitionChannels } from '../model/channels.js';
import { customerFacts } from '../model/customer-facts.js';
import { type InputRequest, withBase } from '../model/session.js';
import { raw, type Sql, sql } from '../sql/sql.js';
import type { RepeatBuyingName } from '../stats/repeat-buying.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { customerTable } from './forecast/customer-table.js';
import { type Grouping, groupTable } from './forecast/group-table.js';
import { modelLabels, modelTable } from './forecast/model-table.js';
import { cents, interval, monthTable } from './forecast/month-table.js';
import { forecastNotices } from './forecast/notices.js';
import { forecastTables, type RepeatForecast, repeatForecast } from './forecast/repeat-forecast.js';
import { type NoSubscriptionForecast, subscriptionForecast } from './forecast/subscription-forecast.js';
import { subscriptionNotices, subscriptionTables } from './forecast/subscription-report.js';
import { type TotalLine, totalTable } from './forecast/total-table.js';
import { reportCurrency } from './report-currency.js';
import { segmentsOf } from './rfm/maps.js';
import { type RfmOptions, rfmScores } from './rfm/scores.js';
import { segmentLabels } from './rfm/segment-table.js';

/** What `retain forecast` is asked. */
export interface ForecastRequest extends InputRequest {
  /** Days after the as-of date. */
  readonly horizon: number;
  /** Yearly rate, 0-1. */
  readonly discount: number;
  /** 0-1; undefined where none is given, and revenue counts whole. */
  readonly margin: number | undefined;
  readonly model: RepeatBuyingName;
  /** How segments are told. */
  readonly rfm: RfmOptions;
  readonly listCustomers: boolean;
  readonly currency: string | undefined;
}

/**
 * What today's customers will buy: tables total, months, by_segment, by_channel where channels are known, by_cohort,
 * model; where they are listed, customers.
 * @throws UserError for input that cannot be used
 */
export async function forecastReport(request: ForecastRequest, progress: Progress): Promise<Report> {
  return withBase(
    request,
    progress,
    ({ engine, base, inputs }) => forecastOf(engine, base, request, inputs.notices, progress),
    { keepChannels: true },
  );
}

/** What is asked of a base, however it was read. */
type Request = Omit<ForecastRequest, keyof InputRequest>;

/** The same of a base that is loaded. */
export async function forecastOf(
  engine: LoadingEngine,
  base: Base,
  request: Request,
  inputNotices: readonly Notice[],
  progress: Progress,
): Promise<Report> {
  const currency = reportCurrency(base, request.currency);
  if (base.subscriptions) return subscriptionReport(engine, base, request, inputNotices, progress);
  await customerFacts(engine, { asOf: base.asOf });
  progress.step('fitting models');
  const margin = request.margin ?? 1;
  const found = await repeatForecast(engine, { ...request, asOf: base.asOf, margin });
  const days = dayNumber(base.asOf) - dayNumber(base.first) + 1;
  const tables = found === null ? [] : await tablesOf(engine, base, found, request);
  return {
    title: { en: 'Forecast', ru: 'Прогноз' },
    asOf: base.asOf,
    currency,
    parameters: parameters(base, request, request.model),
    tables,
    notices: [
      coverageNotice(base),
      ...(found === null
        ? [nothingToTell(base)]
        : forecastNotices(found, { days, horizon: request.horizon })),
      ...customersKnown(base),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/** Bases with a subscription status are forecast by who stays subscribed, whatever orders there are. */
async function subscriptionReport(
  engine: LoadingEngine,
  base: Base,
  request: Request,
  inputNotices: readonly Notice[],
  progress: Progress,
): Promise<Report> {
  const currency = reportCurrency(base, request.currency);
  progress.step('fitting models');
  for (const statement of subscriptionActivity(engine)) await engine.run(statement);
  const found = await subscriptionForecast(engine, {
    ...request,
    asOf: base.asOf,
    first: base.first,
    margin: request.margin ?? 1,
  });
  const groupings = [
    ...channels(base, 'int_subscribers'),
    cohorts(sql`select customer_id, starts_on as day from int_subscribers`, {
      en: 'By month of the beginning',
      ru: 'По месяцу начала',
    }),
  ];
  return {
    title: { en: 'Forecast of subscriptions', ru: 'Прогноз подписок' },
    asOf: base.asOf,
    currency,
    parameters: parameters(base, request, 'shifted_beta_geometric'),
    tables:
      typeof found === 'string' ? [] : await subscriptionTables(engine, found, { ...request, groupings }),
    notices: [
      coverageNotice(base),
      ...(typeof found === 'string' ? [noSubscriptionForecast(base, found)] : subscriptionNotices(found)),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/** Customers by acquisition channel, where channels are known; channels are compared without case. */
function channels(base: Base, customers: string): Grouping[] {
  if (!base.channels.customers && !base.channels.orders) return [];
  const told = acquisitionChannels(raw(customers), base.channels);
  return [
    {
      name: 'channel',
      title: { en: 'By acquisition channel', ru: 'По каналам привлечения' },
      label: { en: 'Channel', ru: 'Канал' },
      groups: sql`
        select customer_id, min(trim(channel)) over (partition by lower(trim(channel))) as group_key
        from (${told}) as channels where trim(channel) <> ''`,
      order: 'ltv',
    },
  ];
}

/** Customers by the month of a day of theirs, the first. */
function cohorts(days: Sql, title: Text): Grouping {
  return {
    name: 'cohort',
    title,
    label: { en: 'Cohort', ru: 'Когорта' },
    groups: sql`select customer_id, substr(cast(day as varchar), 1, 7) as group_key from (${days}) as days`,
    order: 'key',
  };
}

async function tablesOf(
  engine: LoadingEngine,
  base: Base,
  found: RepeatForecast,
  request: Request,
): Promise<ResultTable[]> {
  const { forecast, months, model, spend, valueBy, customers, ofNew } = found;
  const [sums] = await engine.query(sql`
    select cast(sum(probability_alive) as double) as alive, cast(sum(ltv) as decimal(38,2)) as ltv,
      cast(cast(sum(ltv) as double) / count(*) as decimal(38,2)) as ltv_per_customer
    from int_forecast`);
  const last = months.length;
  const [purchases, purchasesLow, purchasesHigh] = interval(forecast.purchases, last);
  const [revenue, revenueLow, revenueHigh] = interval(forecast.revenue, last).map(cents);
  const lines: TotalLine[] = [
    { id: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, unit: 'integer', value: customers },
    {
      id: 'expected_alive',
      label: { en: 'of them still buying', ru: 'из них ещё покупают' },
      unit: 'integer',
      value: Number(sums!.alive),
    },
    {
      id: 'expected_purchases',
      label: { en: 'Purchases', ru: 'Покупки' },
      unit: 'integer',
      value: purchases,
      low: purchasesLow,
      high: purchasesHigh,
    },
    {
      id: 'expected_revenue',
      label: { en: 'Revenue', ru: 'Выручка' },
      unit: 'money',
      value: revenue!,
      low: revenueLow!,
      high: revenueHigh!,
    },
    {
      id: 'ltv_predicted',
      label: { en: 'Predicted LTV of all', ru: 'Прогноз LTV всех' },
      unit: 'money',
      value: sums!.ltv ?? null,
    },
    {
      id: 'ltv_per_customer',
      label: { en: 'Predicted LTV per customer', ru: 'Прогноз LTV на клиента' },
      unit: 'money',
      value: sums!.ltv_per_customer ?? null,
    },
    {
      id: 'new_customer_purchases',
      label: { en: 'Further purchases of a new customer', ru: 'Дальнейшие покупки нового клиента' },
      unit: 'ratio',
      value: ofNew.purchases,
    },
    {
      id: 'new_customer_ltv',
      label: { en: 'Predicted LTV of a new customer', ru: 'Прогноз LTV нового клиента' },
      unit: 'money',
      value: cents(ofNew.ltv),
    },
  ];
  await rfmScores(engine, request.rfm);
  const segments = segmentsOf(request.rfm.map, request.rfm.bins);
  const groupings: Grouping[] = [
    {
      name: 'segment',
      title: { en: 'By RFM segment', ru: 'По RFM-сегментам' },
      label: { en: 'Segment', ru: 'Сегмент' },
      groups: sql`select customer_id, segment as group_key from int_rfm`,
      values: segmentLabels(segments),
      order: 'ltv',
    },
    ...channels(base, forecastTables.customers),
    cohorts(sql`select customer_id, first_on as day from int_customers`, {
      en: 'By month of the first order',
      ru: 'По месяцу первого заказа',
    }),
  ];
  const groups = [];
  for (const grouping of groupings) groups.push(await groupTable(engine, grouping, forecastTables.forecast));
  return [
    totalTable(lines, totalNotes(request, found)),
    monthTable(
      months,
      forecast.purchases,
      forecast.revenue,
      { name: 'expected_purchases', label: { en: 'Purchases', ru: 'Покупки' } },
      [],
    ),
    ...groups,
    modelTable(
      [model, ...(valueBy === 'gamma_gamma' ? [{ name: 'gamma_gamma', parameters: spend.parameters }] : [])],
      [],
    ),
    ...(request.listCustomers ? [await customerTable(engine, forecastTables)] : []),
  ];
}

function totalNotes({ margin }: Request, { forecast }: RepeatForecast): TableNote[] {
  return [
    {
      en: "All figures are estimates, of today's customers only; a purchase is a day with an order. LTV is what is still to come.",
      ru: 'Все цифры — оценки, только по сегодняшним клиентам; покупка — день с заказом. LTV — то, что ещё впереди.',
    },
    ...(forecast.purchases.variance === null
      ? []
      : [
          {
            en: 'Low and high hold 95%, if the model is right: the errors of the parameters (delta method) and chance. Seasons and campaigns are in neither.',
            ru: 'Между «от» и «до» 95 %, если модель верна: ошибки параметров (дельта-метод) и случайность. Сезонов и акций в них нет.',
          },
        ]),
    ...(margin === undefined
      ? [
          {
            en: 'LTV is of revenue: give --margin for profit.',
            ru: 'LTV посчитан по выручке: для прибыли задайте --margin.',
            inReport: {
              en: 'LTV is of revenue, not of profit.',
              ru: 'LTV посчитан по выручке, а не по прибыли.',
            },
          },
        ]
      : []),
  ];
}

function parameters(base: Base, { horizon, discount, margin }: Request, model: string): Parameter[] {
  const until = addDays(base.asOf, horizon);
  return [
    {
      name: 'horizon_days',
      label: { en: 'Horizon', ru: 'Срок прогноза' },
      value: horizon,
      explanation: {
        en: `${horizon} days, to ${until}`,
        ru: `${horizon} дней, по ${sayDay(until).ru}`,
      },
    },
    {
      name: 'discount',
      label: { en: 'Discount', ru: 'Дисконт' },
      value: discount,
      explanation: {
        en: `${sayPercent(discount * 100).en} a year, from the middle of each month`,
        ru: `${sayPercent(discount * 100).ru} в год, от середины каждого месяца`,
      },
    },
    {
      name: 'margin',
      label: { en: 'Margin', ru: 'Маржа' },
      value: margin ?? null,
      machineOnly: margin === undefined,
      explanation: sayPercent((margin ?? 1) * 100),
    },
    {
      name: 'model',
      label: { en: 'Model', ru: 'Модель' },
      value: model,
      explanation: modelLabels[model]!,
    },
  ];
}

function noSubscriptionForecast(base: Base, why: NoSubscriptionForecast): Notice {
  if (why === 'no_starts')
    return {
      code: 'nothing_to_forecast',
      level: 'warning',
      text: {
        en: `Nothing to forecast: no subscription up to ${base.asOf} has a start, so nothing tells how long they last.`,
        ru: `Прогнозировать нечего: до ${sayDay(base.asOf).ru} ни у одной подписки нет даты начала, поэтому неизвестно, сколько они длятся.`,
      },
    };
  return {
    code: 'nothing_to_forecast',
    level: 'warning',
    text: {
      en: `Nothing to forecast: nobody is subscribed after ${base.asOf}.`,
      ru: `Прогнозировать нечего: после ${sayDay(base.asOf).ru} никто не подписан.`,
    },
  };
}

function nothingToTell(base: Base): Notice {
  return {
    code: 'nothing_to_forecast',
    level: 'warning',
    text: {
      en: `Nothing can be told of what comes next: no known customer was watched for longer than a day by ${base.asOf}, or none spent anything.`,
      ru: `О будущем сказать нечего: ни один известный клиент не наблюдался дольше дня к ${sayDay(base.asOf).ru}, или никто ничего не потратил.`,
    },
  };
}
