import { addDays, type Day } from '../../core/dates.js';
import type { Cell, Notice, ResultTable } from '../../core/table.js';
import { sayCount, sayPercent, type Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import type { Base } from '../../model/base.js';
import { customerFacts } from '../../model/customer-facts.js';
import { raw, sql } from '../../sql/sql.js';
import type { Kpi } from '../kpi.js';
import { reasons } from '../kpi.js';
import type { ReportPeriods } from '../metrics.js';
import { forecastNotices } from './notices.js';
import { type RepeatForecast, repeatForecast } from './repeat-forecast.js';
import { type SubscriptionForecast, subscriptionForecast } from './subscription-forecast.js';
import { subscriptionNotices } from './subscription-report.js';

/** The KPI that a model tells, and no sum over the rows. */
export const ltvPredicted: Pick<Kpi, 'id' | 'label' | 'unit' | 'formula'> = {
  id: 'ltv_predicted',
  label: { en: 'Lifetime value, predicted', ru: 'Ценность клиента, прогноз' },
  unit: 'money',
  formula: {
    en: 'what customers known at the end of the period bring within the horizon after it, discounted × margin, where given, / those customers; models as in retain forecast; with --predicted-ltv',
    ru: 'сколько принесут за срок прогноза клиенты, известные на конец периода, с дисконтом × маржа, если задана, / эти клиенты; модели как в retain forecast; с --predicted-ltv',
  },
};

export interface LtvRequest {
  /** Days after the end of a period. */
  readonly horizon: number;
  readonly discount: number;
  readonly margin: number | undefined;
}

interface Ltv {
  readonly value: Cell;
  readonly reason: string | null;
  readonly notices: readonly Notice[];
}

/** Table kpis with a row more: predicted LTV as of the end of each period that it compares. */
export async function withPredictedLtv(
  engine: Engine,
  base: Base,
  table: ResultTable,
  periods: ReportPeriods,
  request: LtvRequest,
): Promise<{ table: ResultTable; notices: Notice[] }> {
  const at: Ltv[] = [];
  for (const [name, period] of [
    ['value', periods.value],
    ['previous', periods.previous],
    ['year_ago', periods.yearAgo],
  ] as const) {
    const last = addDays(period.to, -1);
    at.push(await ltvAt(engine, base, name, last < base.asOf ? last : base.asOf, request));
  }
  const [value, previous, yearAgo] = at as [Ltv, Ltv, Ltv];
  const before = previous.value === null ? 0 : Number(previous.value);
  const change =
    value.value === null || before === 0 ? null : (100 * (Number(value.value) - before)) / Math.abs(before);
  const row: Record<string, Cell> = {
    kpi: ltvPredicted.id,
    value: value.value,
    previous: previous.value,
    change,
    year_ago: yearAgo.value,
    unit: ltvPredicted.unit,
    reason: value.reason,
  };
  const place = table.rows.findLastIndex((cells) => cells[0] === 'ltv_historic') + 1;
  const rows = [...table.rows];
  rows.splice(
    place,
    0,
    table.columns.map(({ name }) => row[name] ?? null),
  );
  const why = (which: Text, { reason }: Ltv): Text[] =>
    reason === null
      ? []
      : [
          {
            en: `${which.en}${ltvPredicted.label.en}: ${reasons[reason]!.en}`,
            ru: `${which.ru}${ltvPredicted.label.ru}: ${reasons[reason]!.ru}`,
          },
        ];
  return {
    table: {
      ...table,
      columns: table.columns.map((column) =>
        column.name === 'kpi'
          ? { ...column, values: { ...column.values, [ltvPredicted.id]: ltvPredicted.label } }
          : column,
      ),
      rows,
      notes: [
        ...table.notes,
        ...why({ en: '', ru: '' }, value),
        ...why({ en: 'Previous: ', ru: 'До этого: ' }, previous),
        ...why({ en: 'Year ago: ', ru: 'Год назад: ' }, yearAgo),
      ],
    },
    notices: [howPredicted(request), ...value.notices],
  };
}

/** Mean LTV of the customers of a base that ends at a day; of subscribers where there are subscriptions. */
async function ltvAt(
  engine: Engine,
  base: Base,
  name: string,
  asOf: Day,
  { horizon, discount, margin = 1 }: LtvRequest,
): Promise<Ltv> {
  if (asOf < base.first) return { value: null, reason: 'before_data', notices: [] };
  const forecast = `int_forecast_${name}`;
  let found: RepeatForecast | SubscriptionForecast | null;
  if (base.subscriptions) {
    const tables = { tenures: `int_tenures_${name}`, subscribers: `int_subscribers_${name}`, forecast };
    const ofSubscribers = await subscriptionForecast(
      engine,
      { asOf, horizon, discount, margin, first: base.first },
      tables,
    );
    if (typeof ofSubscribers === 'string') return { value: null, reason: ofSubscribers, notices: [] };
    found = ofSubscribers;
  } else {
    const customers = `int_customers_${name}`;
    await customerFacts(engine, { asOf, table: customers });
    found = await repeatForecast(
      engine,
      { asOf, horizon, discount, margin, model: 'mbg_nbd' },
      { customers, forecast },
    );
    if (found === null) return { value: null, reason: 'no_forecast', notices: [] };
  }
  const [row] = await engine.query(sql`
    select cast(cast(sum(ltv) as double) / nullif(count(ltv), 0) as decimal(38,4)) as ltv from ${raw(forecast)}`);
  const days = Math.round((Date.parse(asOf) - Date.parse(base.first)) / 86_400_000) + 1;
  const notices = 'spend' in found ? forecastNotices(found, { days, horizon }) : subscriptionNotices(found);
  return { value: row?.ltv ?? null, reason: row?.ltv == null ? 'no_price' : null, notices };
}

function howPredicted({ horizon, discount, margin }: LtvRequest): Notice {
  const days = sayCount(horizon);
  const yearly = sayPercent(discount * 100);
  const share = margin === undefined ? undefined : sayPercent(margin * 100);
  return {
    code: 'predicted_ltv',
    level: 'info',
    text: {
      en: `Predicted LTV is an estimate of what comes within ${days.en} days after a period, discounted by ${yearly.en} a year, ${share === undefined ? 'of revenue: no --margin is given' : `at a margin of ${share.en}`}.`,
      ru: `Прогноз LTV — оценка того, что придёт за ${days.ru} дней после периода, с дисконтом ${yearly.ru} в год, ${share === undefined ? 'по выручке: --margin не задана' : `при марже ${share.ru}`}.`,
    },
  };
}
