import { addDays, addMonths } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import { customPeriod } from '../core/period.js';
import type { Progress } from '../core/progress.js';
import type { Cell, Notice, Parameter, Report, ResultTable, Unit } from '../core/table.js';
import { sayCount, sayPercent, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import {
  type ActivityWindow,
  findActivityWindow,
  purchaseActivity,
  subscriptionActivity,
} from '../model/activity.js';
import type { Base } from '../model/base.js';
import { type InputRequest, withBase } from '../model/session.js';
import { raw } from '../sql/sql.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { type NamedPeriod, periodFigures } from './period-figures.js';
import { reportCurrency } from './report-currency.js';
import { movedRetention, type Projection, project, type Rates } from './whatif/projection.js';

/** The time that retention is of. */
export const retentionPeriods = ['month', 'quarter', 'year'] as const;
export type RetentionPeriod = (typeof retentionPeriods)[number];
const monthsOf: Readonly<Record<RetentionPeriod, number>> = { month: 1, quarter: 3, year: 12 };

/** What `retain whatif` is asked. */
export interface WhatifRequest extends InputRequest {
  /** Points of retention more, or fewer. */
  readonly points: number;
  /** Undefined for a year where the data reach back far enough, else a month. */
  readonly per: RetentionPeriod | undefined;
  readonly margin: number | undefined;
  readonly activeDays: number | 'auto';
  readonly currency: string | undefined;
}

/** Changes that are shown beside the one asked for, in points. */
const usualPoints = [-5, -2, 0, 1, 2, 3, 5, 10];

/** The past year of a base, in figures of the definitions. */
interface Past {
  readonly per: RetentionPeriod;
  readonly from: string;
  readonly rates: Rates;
  readonly stepsSeen: number;
  /** Of the same months; null where they are not whole 12. */
  readonly revenue: number | null;
  /** Marketing spend of 12 months; null where none is known. */
  readonly spend: number | null;
  /** The data begin too late to know who was active at the start. */
  readonly isCutOff: boolean;
}

/**
 * Customers, revenue and profit of the next 12 months, as retention is and as it might be: tables summary and range.
 * @throws UserError where the data tell no retention
 */
export async function whatifReport(request: WhatifRequest, progress: Progress): Promise<Report> {
  return withBase(request, progress, async ({ engine, base, inputs }) => {
    const currency = reportCurrency(base, request.currency);
    const window = base.subscriptions ? null : await findActivityWindow(engine, request.activeDays);
    const past = await pastYear(engine, base, window, request);
    const { rates } = past;
    const now = project(rates);
    const changed = project(rates, movedRetention(rates.retention, request.points));
    const profit = ({ revenue }: Projection) =>
      request.margin === undefined ? null : revenue * request.margin - (past.spend ?? 0);
    return {
      title: titleOf(request.points),
      asOf: base.asOf,
      currency,
      parameters: parameters(request, past, window),
      tables: [
        summaryTable(past, now, changed, profit, request),
        rangeTable(rates, request.points, now, profit, request),
      ],
      notices: [
        coverageNotice(base),
        ...notices(past, request, window, base),
        ...customersKnown(base),
        ...base.notices,
        ...inputs.notices,
      ],
      sources: base.accounts,
    };
  });
}

/** Rates of the last 12 months, or of as many as the data cover, step by step and pooled. */
async function pastYear(
  engine: LoadingEngine,
  base: Base,
  window: ActivityWindow | null,
  request: WhatifRequest,
): Promise<Past> {
  const endDay = addDays(base.asOf, 1);
  const startOf = (months: number) => addMonths(endDay, -months);
  // Who was active at a start is known where the data reach back a window before it.
  const isKnown = (months: number) => addDays(startOf(months), -(window?.days ?? 0)) >= base.first;
  const per = request.per ?? (isKnown(12) ? 'year' : 'month');
  const length = monthsOf[per];
  const lengths = Array.from({ length: 12 / length }, (_, index) => (index + 1) * length);
  const known = lengths.filter(isKnown);
  const covered =
    known.length > 0 ? known : lengths.filter((months) => startOf(months) >= base.first).slice(0, 1);
  if (covered.length === 0) {
    throw new UserError(`the data cover no whole ${per}, so its retention is not known`, {
      place: { file: base.accounts.map(({ file }) => file).join(', ') },
      remedy: per === 'month' ? 'Add earlier exports.' : 'Add earlier exports, or give --per month.',
    });
  }
  const steps = covered.map(
    (months): NamedPeriod => ({
      id: `step ${months}`,
      period: customPeriod(startOf(months), startOf(months - length)),
    }),
  );
  for (const statement of window === null
    ? subscriptionActivity(engine)
    : [purchaseActivity(engine, window)]) {
    await engine.run(statement);
  }
  const holdings = { ...base, firstDay: base.first, endDay };
  for (const statement of periodFigures(engine, steps, holdings, request.margin ?? 1))
    await engine.run(statement);
  const [row] = await engine.query(
    raw(`
    select sum(customers_start) as starts, sum(customers_lost) as lost, sum(customers_gained) as gained,
      max(case when ends_on = (select max(ends_on) from stg_periods) then customers_end end) as customers,
      sum(arpu * (customers_start + customers_end)) / nullif(sum(customers_start + customers_end), 0) as arpu,
      sum(arpu * (customers_start + customers_end)) / 2 as revenue, sum(spend) as spend
    from int_period_figures`),
  );
  const number = (name: string) => (row?.[name] == null ? null : Number(row[name]));
  const [starts, lost, arpu] = [number('starts') ?? 0, number('lost') ?? 0, number('arpu')];
  if (starts === 0 || arpu === null) {
    throw new UserError(
      starts === 0
        ? `no customer was active at the start of the last ${per}, so retention is not known`
        : 'neither orders nor prices of subscriptions tell what a customer is worth',
      {
        place: { file: base.accounts.map(({ file }) => file).join(', ') },
        remedy: starts === 0 ? 'Add earlier exports, or give --per month.' : 'Add a file of orders.',
      },
    );
  }
  const months = covered.length * length;
  const spend = number('spend');
  return {
    per,
    from: startOf(Math.max(...covered)),
    stepsSeen: covered.length,
    rates: {
      steps: 12 / length,
      customers: number('customers') ?? 0,
      retention: 1 - lost / starts,
      gained: (number('gained') ?? 0) / covered.length,
      arpu,
    },
    revenue: months === 12 ? number('revenue') : null,
    spend: spend === null ? null : (spend * 12) / months,
    isCutOff: known.length === 0,
  };
}

const figureLabels: Readonly<Record<string, Text>> = {
  retention: { en: 'Retention (CRR)', ru: 'Удержание (CRR)' },
  customers: { en: 'Active customers at the end', ru: 'Активные клиенты на конец' },
  revenue: { en: 'Revenue of 12 months', ru: 'Выручка за 12 месяцев' },
  profit: { en: 'Profit of 12 months', ru: 'Прибыль за 12 месяцев' },
  ltv: { en: 'Lifetime value, simple (LTV)', ru: 'Ценность клиента, простая (LTV)' },
};

type Figure = readonly [
  id: string,
  unit: Unit,
  past: number | null,
  asNow: number | null,
  changed: number | null,
];

function summaryTable(
  past: Past,
  now: Projection,
  changed: Projection,
  profit: (projection: Projection) => number | null,
  { points, margin }: WhatifRequest,
): ResultTable {
  const pastProfit =
    margin === undefined || past.revenue === null ? null : past.revenue * margin - (past.spend ?? 0);
  const figures: readonly Figure[] = [
    ['retention', 'percent', 100 * past.rates.retention, 100 * now.retention, 100 * changed.retention],
    ['customers', 'integer', past.rates.customers, now.customers, changed.customers],
    ['revenue', 'money', past.revenue, now.revenue, changed.revenue],
    ['profit', 'money', pastProfit, profit(now), profit(changed)],
    ['ltv', 'money', now.ltv, now.ltv, changed.ltv],
  ];
  const asked = sayPoints(points);
  return {
    name: 'summary',
    title: { en: 'Next 12 months', ru: 'Следующие 12 месяцев' },
    grain: 'figure',
    columns: [
      { name: 'figure', label: { en: 'Figure', ru: 'Показатель' }, kind: 'text', values: figureLabels },
      {
        name: 'past',
        label: { en: 'Last 12 months', ru: 'Прошлые 12 месяцев' },
        kind: 'measure',
        unitColumn: 'unit',
      },
      {
        name: 'as_now',
        label: { en: 'Retention as now', ru: 'Удержание прежнее' },
        kind: 'measure',
        unitColumn: 'unit',
      },
      {
        name: 'changed',
        label: { en: `Retention ${asked.en}`, ru: `Удержание ${asked.ru}` },
        kind: 'measure',
        unitColumn: 'unit',
      },
      { name: 'difference', label: { en: 'Difference', ru: 'Разница' }, kind: 'measure', unitColumn: 'unit' },
      { name: 'change', label: { en: 'Change', ru: 'Изменение' }, kind: 'change', unitColumn: 'unit' },
      { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
    ],
    rows: figures.map(([figure, unit, before, one, other]) => [
      figure,
      before,
      one,
      other,
      one === null || other === null || unit === 'percent' ? null : other - one,
      unit === 'percent' ? other! - one! : changeOf(one, other),
      unit,
    ]),
    notes: [],
  };
}

/** Percent from one figure to another; null where the first is not above zero. */
function changeOf(one: number | null, other: number | null): number | null {
  return one === null || other === null || one <= 0 ? null : (100 * (other - one)) / one;
}

function rangeTable(
  rates: Rates,
  asked: number,
  now: Projection,
  profit: (projection: Projection) => number | null,
  { margin }: WhatifRequest,
): ResultTable {
  const hasMargin = margin !== undefined;
  const points = [...new Set([...usualPoints, asked])].sort((one, other) => one - other);
  const seen = new Set<number>();
  const rows = points.flatMap((point): Cell[][] => {
    const retention = movedRetention(rates.retention, point);
    // Beyond 0 and 100 nothing changes any more.
    if (seen.has(retention) && point !== asked) return [];
    seen.add(retention);
    const then = project(rates, retention);
    const [gain, before] = [profit(then), profit(now)];
    return [
      [
        point,
        100 * retention,
        then.customers,
        then.revenue,
        then.revenue - now.revenue,
        changeOf(now.revenue, then.revenue),
        gain,
        gain === null || before === null ? null : gain - before,
        changeOf(before, gain),
        then.ltv,
        changeOf(now.ltv, then.ltv),
        point === asked,
      ],
    ];
  });
  return {
    name: 'range',
    title: { en: 'By points of retention', ru: 'По пунктам удержания' },
    grain: 'change of retention',
    columns: [
      { name: 'points', label: { en: 'Points', ru: 'Пункты' }, kind: 'ratio', digits: 1 },
      { name: 'retention', label: { en: 'Retention', ru: 'Удержание' }, kind: 'percent' },
      { name: 'customers', label: { en: 'Customers at the end', ru: 'Клиентов на конец' }, kind: 'integer' },
      { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
      { name: 'revenue_difference', label: { en: 'More revenue', ru: 'Прибавка выручки' }, kind: 'money' },
      { name: 'revenue_change', label: { en: 'Revenue, %', ru: 'Выручка, %' }, kind: 'percent' },
      { name: 'profit', label: { en: 'Profit', ru: 'Прибыль' }, kind: 'money', machineOnly: !hasMargin },
      {
        name: 'profit_difference',
        label: { en: 'More profit', ru: 'Прибавка прибыли' },
        kind: 'money',
        machineOnly: !hasMargin,
      },
      {
        name: 'profit_change',
        label: { en: 'Profit, %', ru: 'Прибыль, %' },
        kind: 'percent',
        machineOnly: !hasMargin,
      },
      { name: 'ltv', label: { en: 'LTV', ru: 'LTV' }, kind: 'money' },
      { name: 'ltv_change', label: { en: 'LTV, %', ru: 'LTV, %' }, kind: 'percent' },
      { name: 'asked', label: { en: 'Asked for', ru: 'Запрошено' }, kind: 'boolean', machineOnly: true },
    ],
    rows,
    notes: [
      ...(seen.has(1)
        ? [
            {
              en: 'Retention is held at 100%, where a lifetime has no end and LTV no value.',
              ru: 'Удержание ограничено 100\u00a0%; при нём срок жизни бесконечен и LTV не определена.',
            },
          ]
        : []),
    ],
  };
}

const periodNames: Readonly<Record<RetentionPeriod, Text>> = {
  month: { en: 'month', ru: 'месяц' },
  quarter: { en: 'quarter', ru: 'квартал' },
  year: { en: 'year', ru: 'год' },
};

function parameters(request: WhatifRequest, past: Past, window: ActivityWindow | null): Parameter[] {
  return [
    {
      name: 'points',
      label: { en: 'Retention', ru: 'Удержание' },
      value: request.points,
      explanation: sayPoints(request.points),
    },
    { name: 'per', label: { en: 'Per', ru: 'За' }, value: past.per, explanation: periodNames[past.per] },
    {
      name: 'margin',
      label: { en: 'Margin', ru: 'Маржа' },
      value: request.margin ?? null,
      machineOnly: request.margin === undefined,
      explanation: sayPercent((request.margin ?? 1) * 100),
    },
    { name: 'rates_from', label: { en: 'Rates from', ru: 'Темпы с' }, value: past.from, machineOnly: true },
    {
      name: 'activity_window_days',
      label: { en: 'Activity window, days', ru: 'Окно активности, дней' },
      value: window?.days ?? null,
      machineOnly: window === null,
    },
    {
      name: 'steps_seen',
      label: { en: 'Steps seen', ru: 'Шагов в прошлом' },
      value: past.stepsSeen,
      machineOnly: true,
    },
    {
      name: 'gained_per_step',
      label: { en: 'Gained per step', ru: 'Пополнение за шаг' },
      value: past.rates.gained,
      machineOnly: true,
    },
    {
      name: 'arpu_per_step',
      label: { en: 'ARPU per step', ru: 'ARPU за шаг' },
      value: past.rates.arpu,
      machineOnly: true,
    },
  ];
}

function notices(past: Past, request: WhatifRequest, window: ActivityWindow | null, base: Base): Notice[] {
  const { rates, per, stepsSeen } = past;
  const name = periodNames[per];
  const several = stepsSeen > 1;
  const gained = sayCount(Math.round(rates.gained));
  const found: Notice[] = [
    {
      code: 'formula',
      level: 'info',
      text: {
        en: `Estimate: in each ${name.en} customers at its end = customers at its start × retention + gained; revenue = ARPU × the mean of both. Retention ${sayPercent(100 * rates.retention).en} per ${name.en}, ${gained.en} customers gained and the ARPU are those of ${several ? `the last ${stepsSeen} ${name.en}s together` : `the last ${name.en}`}, from ${past.from} on, and are taken to stay.`,
        ru: `Оценка: за каждый ${name.ru} клиенты на конец = клиенты на начало × удержание + пополнение; выручка = ARPU × среднее обоих. Удержание ${sayPercent(100 * rates.retention).ru} за ${name.ru}, пополнение (${gained.ru}) и ARPU взяты за период с ${past.from} (шагов: ${stepsSeen}) и считаются неизменными.`,
      },
    },
    {
      code: 'length_of_period',
      level: 'info',
      text: {
        en: `Retention depends on the length of its period: ${sayPoints(request.points).en} here are points per ${name.en}; --per month, quarter or year says otherwise.`,
        ru: `Удержание зависит от длины периода: здесь ${sayPoints(request.points).ru} за ${name.ru}; --per month, quarter или year задаёт другую.`,
      },
    },
    {
      code: 'costs_left_out',
      level: 'info',
      text: {
        en: `What better retention costs is not taken off. Published claims about five points are mostly about the value of a customer over a whole life: compare them with LTV; 12 months see only a part of it.`,
        ru: `Затраты на удержание не вычтены. Известные утверждения о пяти пунктах обычно о ценности клиента за всю жизнь: сравнивайте их с LTV; в 12 месяцев попадает лишь часть.`,
      },
    },
  ];
  if (request.margin === undefined) {
    found.push({
      code: 'no_margin',
      level: 'hint',
      text: {
        en: 'No margin is given, so profit is not known: --margin 0.4 brings it.',
        ru: 'Маржа не задана, поэтому прибыль неизвестна: --margin 0.4 задаёт её.',
      },
    });
  } else {
    const spend = past.spend !== null;
    found.push({
      code: 'profit',
      level: 'info',
      text: {
        en: `Profit is revenue × margin${spend ? ' less marketing spend as in the past' : ''}, before fixed costs: after them it changes by the same money, and by more percent.`,
        ru: `Прибыль: выручка × маржа${spend ? ' за вычетом прежних расходов на маркетинг' : ''}, до постоянных расходов: после них она меняется на ту же сумму и на больший процент.`,
      },
    });
  }
  if (past.isCutOff && window !== null) {
    found.push({
      code: 'window_before_data',
      level: 'warning',
      text: {
        en: `The data begin on ${base.first}, less than ${window.days} days before the first ${name.en} looked at: customers who bought earlier are not known, so retention and gains are rough.`,
        ru: `Данные начинаются ${base.first}, меньше чем за ${window.days} дн. до первого взятого периода: кто покупал раньше, неизвестно, поэтому удержание и пополнение приблизительны.`,
      },
    });
  }
  return found;
}

/** '+5 points' */
function sayPoints(points: number): Text {
  const number = `${points > 0 ? '+' : points < 0 ? '\u2212' : ''}${Math.abs(points)}`;
  return {
    en: `${number} ${Math.abs(points) === 1 ? 'point' : 'points'}`,
    ru: `${number.replace('.', ',')}\u00a0п.п.`,
  };
}

function titleOf(points: number): Text {
  const size = Math.abs(points);
  const [more, fewer] = points < 0 ? ['lower', 'ниже'] : ['higher', 'выше'];
  return {
    en: `What if retention were ${size} ${size === 1 ? 'point' : 'points'} ${more}: the next 12 months, an estimate`,
    ru: `Что если удержание будет на ${String(size).replace('.', ',')}\u00a0п.п. ${fewer}: следующие 12 месяцев, оценка`,
  };
}
