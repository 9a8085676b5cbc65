import type { Notice, ResultTable, TableNote } from '../../core/table.js';
import { sayCount } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import { endNotices, startNotices } from '../subscription-notices.js';
import { type Grouping, groupTable, subscriptionWords } from './group-table.js';
import { modelTable } from './model-table.js';
import { cents, interval, monthTable } from './month-table.js';
import type { SubscriptionForecast } from './subscription-forecast.js';
import { totalTable } from './total-table.js';

/** Tables of a forecast of subscribers: total, months, one by each grouping, model, customers where they are listed. */
export async function subscriptionTables(
  engine: Engine,
  found: SubscriptionForecast,
  options: {
    readonly groupings: readonly Grouping[];
    readonly listCustomers: boolean;
    readonly margin: number | undefined;
  },
): Promise<ResultTable[]> {
  const { forecast, months, model, subscribers, withoutPrice } = found;
  const hasPrices = withoutPrice < subscribers;
  const last = months.length;
  const [sums] = await engine.query(sql`
    select cast(sum(ltv) as decimal(38,2)) as ltv,
      cast(cast(sum(ltv) as double) / nullif(count(ltv), 0) as decimal(38,2)) as ltv_per_customer
    from int_forecast`);
  const [atEnd, atEndLow, atEndHigh] = interval(forecast.subscribers, last, subscribers);
  const [revenue, revenueLow, revenueHigh] = interval(forecast.revenue, last).map(cents);
  const known = <T>(cell: T): T | null => (hasPrices ? cell : null);
  const groups = [];
  for (const grouping of options.groupings)
    groups.push(await groupTable(engine, grouping, 'int_forecast', subscriptionWords));
  return [
    totalTable(
      [
        {
          id: 'customers',
          label: { en: 'Subscribers now', ru: 'Подписчики сейчас' },
          unit: 'integer',
          value: subscribers,
        },
        {
          id: 'subscribers_at_end',
          label: { en: 'of them at the end', ru: 'из них в конце срока' },
          unit: 'integer',
          value: atEnd,
          low: atEndLow,
          high: atEndHigh,
        },
        {
          id: 'expected_revenue',
          label: { en: 'Revenue', ru: 'Выручка' },
          unit: 'money',
          value: known(revenue!),
          low: known(revenueLow!),
          high: known(revenueHigh!),
        },
        {
          id: 'ltv_predicted',
          label: { en: 'Predicted LTV of all', ru: 'Прогноз LTV всех' },
          unit: 'money',
          value: sums?.ltv ?? null,
        },
        {
          id: 'ltv_per_customer',
          label: { en: 'Predicted LTV per subscriber', ru: 'Прогноз LTV на подписчика' },
          unit: 'money',
          value: sums?.ltv_per_customer ?? null,
        },
      ],
      notes(options.margin, found),
    ),
    monthTable(
      months,
      forecast.subscribers,
      hasPrices ? forecast.revenue : null,
      { name: 'expected_subscribers', label: { en: 'Subscribers', ru: 'Подписчики' }, most: subscribers },
      [],
    ),
    ...groups,
    modelTable([{ name: 'shifted_beta_geometric', parameters: model.parameters }], []),
    ...(options.listCustomers ? [await subscriberTable(engine)] : []),
  ];
}

function notes(
  margin: number | undefined,
  { forecast, withoutPrice, subscribers }: SubscriptionForecast,
): TableNote[] {
  return [
    {
      en: "All figures are estimates, of today's subscribers only, at today's prices of a month; tenure is in whole calendar months.",
      ru: 'Все цифры — оценки, только по сегодняшним подписчикам, по сегодняшней цене месяца; срок подписки — в полных календарных месяцах.',
    },
    ...(forecast.subscribers.variance === null
      ? []
      : [
          {
            en: 'Low and high hold 95%, if the model is right: the errors of the parameters (delta method) and chance.',
            ru: 'Между «от» и «до» 95 %, если модель верна: ошибки параметров (дельта-метод) и случайность.',
          },
        ]),
    ...(withoutPrice === subscribers
      ? [
          {
            en: 'Revenue and LTV are empty: no subscription has a price.',
            ru: 'Выручка и LTV не указаны: ни у одной подписки нет цены.',
          },
        ]
      : margin === undefined
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

async function subscriberTable(engine: Engine): Promise<ResultTable> {
  const columns: ResultTable['columns'] = [
    { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text' },
    { name: 'starts_on', label: { en: 'Subscribed', ru: 'Подписка с' }, kind: 'date' },
    { name: 'renewals', label: { en: 'Renewals', ru: 'Продлений' }, kind: 'integer' },
    {
      name: 'probability_stays',
      label: { en: 'P(still there)', ru: 'P(останется)' },
      kind: 'ratio',
      digits: 3,
    },
    { name: 'expected_months', label: { en: 'Months paid', ru: 'Месяцев' }, kind: 'ratio', digits: 2 },
    { name: 'price', label: { en: 'Price', ru: 'Цена' }, kind: 'money' },
    { name: 'ltv_predicted', label: { en: 'Predicted LTV', ru: 'Прогноз LTV' }, kind: 'money' },
  ];
  const rows = await engine.query(sql`
    select f.customer_id, s.starts_on, cast(s.renewals as integer) as renewals, cast(f.probability_alive as double) as probability_stays,
      cast(f.expected_purchases as double) as expected_months, cast(s.price as decimal(38,2)) as price,
      cast(f.ltv as decimal(38,2)) as ltv_predicted
    from int_forecast f join int_subscribers s on s.customer_id = f.customer_id
    order by ${raw('f.ltv desc nulls last, f.expected_purchases desc, f.customer_id')}`);
  return {
    name: 'customers',
    title: { en: 'Subscribers', ru: 'Подписчики' },
    grain: 'customer',
    columns,
    rows: rows.map((row) => columns.map(({ name }) => row[name] ?? null)),
    terminalRows: 20,
    notes: [],
  };
}

/** How the model was fitted, and what is not known. */
export function subscriptionNotices({
  model,
  subscribers,
  withoutPrice,
  withoutStart,
  ending,
}: SubscriptionForecast): Notice[] {
  const { fit } = model;
  const left = sayCount(fit.leavers);
  const all = sayCount(fit.customers);
  const some = sayCount(withoutPrice);
  return [
    fit.method === 'maximum_likelihood'
      ? {
          code: 'fitted',
          level: 'info',
          text: {
            en: `Shifted beta-geometric, fitted by maximum likelihood to ${all.en} subscriptions, of which ${left.en} have ended.`,
            ru: `Сдвинутая бета-геометрическая модель, метод максимального правдоподобия; подписок: ${all.ru}, из них закончилось: ${left.ru}.`,
          },
        }
      : {
          code: fit.reason ?? 'not_converged',
          level: 'warning',
          text: {
            en: `Only ${left.en} of ${all.en} subscriptions have ended, too few to fit a model to: its parameters are drawn to the share that left a month (empirical Bayes). Take the figures for a rough guess.`,
            ru: `Закончилось подписок: ${left.ru} из ${all.ru}, для модели этого мало. Её параметры взяты около доли ушедших за месяц (эмпирический Байес). Это грубая оценка.`,
          },
        },
    ...(withoutPrice > 0 && withoutPrice < subscribers
      ? [
          {
            code: 'without_price',
            level: 'warning',
            text: {
              en: `Subscribers without a price: ${some.en}; they are not in revenue and LTV.`,
              ru: `Подписчиков без цены: ${some.ru}; в выручку и LTV они не входят.`,
            },
          } as const,
        ]
      : []),
    ...startNotices(withoutStart),
    ...endNotices(ending, { en: 'they count up to it', ru: 'они учтены до этого дня' }),
  ];
}
