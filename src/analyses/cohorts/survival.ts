import type { Day } from '../../core/dates.js';
import type { Cell, ResultTable } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import {
  type FollowUp,
  kaplanMeier,
  medianTime,
  type SurvivalCurve,
  survivalAt,
} from '../../stats/kaplan-meier.js';

/** Days for which the share of those who came back is told. */
const horizons = [30, 60, 90, 180, 365] as const;

/**
 * How long customers take from one order to the next, up to an order number, by Kaplan and Meier: who has not come back
 * is followed up to the last day. Orders of one day are one, as in cadence and the activity window. Tables survival and
 * came_back_within, from table int_purchase_days.
 */
export async function survival(
  engine: Engine,
  { asOf, order }: { readonly asOf: Day; readonly order: number },
): Promise<ResultTable[]> {
  const { daysBetween } = engine.dialect;
  const lastDay = sql`cast(${asOf} as date)`;
  // Of the orders of a day, the last has another day after it. Equal times and outcomes are one row, so that a million
  // customers are some hundreds of rows.
  const rows = await engine.query(sql`
    select purchase_number, days, came_back, count(*) as customers from (
      select purchase_number, case when next_day is null then 0 else 1 end as came_back,
        ${daysBetween(raw('day'), sql`coalesce(next_day, ${lastDay})`)} as days
      from int_purchase_days where purchase_number < ${order} and (next_day is null or next_day > day)
    ) as gaps
    group by purchase_number, days, came_back order by purchase_number, days, came_back`);
  const followed = new Map<number, FollowUp[]>();
  for (const row of rows) {
    const number = Number(row.purchase_number);
    const one = { time: Number(row.days), event: row.came_back === 1, weight: Number(row.customers) };
    const all = followed.get(number);
    if (all === undefined) followed.set(number, [one]);
    else all.push(one);
  }
  const curves = [...followed].map(([number, all]) => ({ to: number + 1, curve: kaplanMeier(all) }));
  return [medians(curves), within(curves)];
}

interface NamedCurve {
  /** The order that is waited for. */
  readonly to: number;
  readonly curve: SurvivalCurve;
}

const toOrder = {
  name: 'to_order',
  label: { en: 'To order no.', ru: 'До заказа №' },
  kind: 'integer',
} as const;

function medians(curves: readonly NamedCurve[]): ResultTable {
  const rows: Cell[][] = curves.map(({ to, curve }) => {
    const { value, low, high } = medianTime(curve);
    return [to, curve.subjects, curve.events, value, low, high, curve.lastTime];
  });
  return {
    name: 'survival',
    title: { en: 'Time to the next order', ru: 'Время до следующего заказа' },
    grain: 'order number',
    columns: [
      toOrder,
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
      { name: 'came_back', label: { en: 'Came back', ru: 'Вернулись' }, kind: 'integer' },
      { name: 'median_days', label: { en: 'Median, days', ru: 'Медиана, дней' }, kind: 'days' },
      { name: 'median_low', label: { en: '95% from', ru: '95 % от' }, kind: 'days' },
      { name: 'median_high', label: { en: 'to', ru: 'до' }, kind: 'days' },
      {
        name: 'followed_days',
        label: { en: 'Followed, days', ru: 'Наблюдались, дней' },
        kind: 'days',
      },
    ],
    rows,
    notes: [
      {
        en: 'Customers: those with the order before; orders of one day count as one. Median: by when half of them order again (Kaplan-Meier), with its 95% confidence interval; who has not come back counts up to the last day.',
        ru: 'Клиенты: у кого есть предыдущий заказ; заказы одного дня считаются одним. Медиана: через сколько дней половина покупает снова (Каплан – Мейер), с 95-процентным доверительным интервалом; кто не вернулся, учитывается до последнего дня.',
      },
      ...(rows.some((row) => row[3] === null)
        ? [
            {
              en: 'No median: not half of them have come back within the time they are followed.',
              ru: 'Нет медианы: за время наблюдения не вернулась и половина.',
            },
          ]
        : []),
      ...(rows.some((row) => row[3] !== null && (row[4] === null || row[5] === null))
        ? [
            {
              en: 'No limit of a median: too few customers, or too short a time, to tell one.',
              ru: 'Нет границы медианы: слишком мало клиентов или слишком короткое время, чтобы её назвать.',
            },
          ]
        : []),
    ],
  };
}

function within(curves: readonly NamedCurve[]): ResultTable {
  const rows = curves.flatMap(({ to, curve }) =>
    horizons.map((days): Cell[] => {
      const left = survivalAt(curve, days);
      const back = (survival: number | null | undefined) =>
        survival === null || survival === undefined ? null : 100 * (1 - survival);
      return [to, days, back(left?.value), back(left?.high), back(left?.low)];
    }),
  );
  return {
    name: 'came_back_within',
    title: { en: 'Came back within', ru: 'Вернулись за срок' },
    grain: 'order number and days',
    columns: [
      toOrder,
      { name: 'days', label: { en: 'Within, days', ru: 'За дней' }, kind: 'days' },
      { name: 'share', label: { en: 'Came back', ru: 'Вернулись' }, kind: 'percent', chart: 'bar' },
      { name: 'share_low', label: { en: '95% from', ru: '95 % от' }, kind: 'percent' },
      { name: 'share_high', label: { en: 'to', ru: 'до' }, kind: 'percent' },
    ],
    rows,
    notes: [
      {
        en: 'Estimates for all customers with the order before (Kaplan-Meier), with 95% confidence intervals.',
        ru: 'Оценки для всех клиентов с предыдущим заказом (Каплан – Мейер), с 95-процентными доверительными интервалами.',
      },
      ...(rows.some((row) => row[2] === null)
        ? [
            {
              en: 'Empty: nobody is followed for so long. No interval: nobody, or everybody, came back.',
              ru: 'Пусто: никто не наблюдался столько дней. Нет интервала: не вернулся никто или вернулись все.',
            },
          ]
        : []),
    ],
  };
}
