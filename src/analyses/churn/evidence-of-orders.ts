import { sayDay } from '../../core/dates.js';
import { shorten } from '../../core/errors.js';
import { countOf, sayCount, type Text } from '../../core/text.js';
import { fates } from '../../model/fate.js';
import { returnsAt } from '../../model/signals.js';
import { raw, sql } from '../../sql/sql.js';
import { causeOf } from './causes.js';
import type { EvidenceContext, Found } from './signal.js';

/** 'silent 96 days; usually orders every 31 days'. Of every customer with a purchase; strength is its share of three rhythms. */
export async function silence({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    select customer_id, ${engine.dialect.daysBetween(raw('last_on'), at)} as silent_days, last_on, purchase_days, own_days, cadence_days
    from (
      select customer_id, max(day) as last_on from int_purchase_days
      where day <= ${at} and customer_id in (select customer_id from ${raw(customers)}) group by customer_id
    ) as lasts join int_cadence using (customer_id) order by customer_id`);
  return rows.map((row): Found => {
    const silent = Number(row.silent_days);
    const cadence = row.cadence_days === null ? null : Number(row.cadence_days);
    const purchases = Number(row.purchase_days);
    const isOwn = purchases > 1;
    return [
      String(row.customer_id),
      {
        code: 'silent',
        strength: cadence === null ? 0.5 : Math.min(1, silent / (3 * Math.max(1, cadence))),
        text: saySilence(silent, cadence === null ? null : Math.max(1, Math.round(cadence)), isOwn),
        numbers: {
          silent_days: silent,
          last_order_on: String(row.last_on),
          cadence_days: cadence,
          purchase_days: purchases,
        },
        cause: null,
        isStated: false,
      },
    ];
  });
}

function saySilence(silent: number, cadence: number | null, isOwn: boolean): Text {
  const en = `silent ${countOf(silent, 'day')}`;
  const ru = `молчит ${sayCount(silent).ru} дн.`;
  if (cadence === null) return { en: `${en} since the only order`, ru: `${ru} после единственного заказа` };
  const every = sayCount(cadence).ru;
  if (isOwn)
    return {
      en: `${en}; usually orders every ${cadence === 1 ? 'day' : countOf(cadence, 'day')}`,
      ru: `${ru}; обычно заказывает ${cadence === 1 ? 'каждый день' : `раз в ${every} дн.`}`,
    };
  return {
    en: `${en} since the only order; others order again after ${countOf(cadence, 'day')}`,
    ru: `${ru} после единственного заказа; другие возвращаются через ${every} дн.`,
  };
}

/** 'last two orders returned', or part of the last one: of the last purchases, those in a row that came back. */
export async function cameBack({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    with documents as (
      select * from (${returnsAt(engine, at)}) as documents
      where customer_id in (select customer_id from ${raw(customers)})
    ),
    ordered as (
      select *, sum(case when is_whole = 0 and is_document = 0 then 1 else 0 end) over (
          partition by customer_id order by ordered_on desc range between unbounded preceding and current row) as kept_since,
        max(case when is_document = 0 then ordered_on end) over (partition by customer_id) as last_on
      from documents
    )
    select customer_id, last_on, sum(1 - is_document) as orders, sum(is_whole) as returned,
      sum(case when is_whole = 1 and kept_since = 0 then 1 else 0 end) as returned_last,
      max(case when is_document = 1 and ordered_on >= last_on or is_partial = 1 and ordered_on = last_on then 1 else 0 end) as is_part
    from ordered group by customer_id, last_on
    having sum(is_whole) > 0 or sum(is_document) > 0 or sum(is_partial) > 0 order by customer_id`);
  return rows.flatMap((row): Found[] => {
    const last = Number(row.returned_last);
    const numbers = {
      orders_returned: Number(row.returned),
      orders: Number(row.orders),
      last_order_on: row.last_on === null ? null : String(row.last_on),
    };
    const customer = String(row.customer_id);
    const rest = {
      numbers: { ...numbers, last_orders_returned: last },
      cause: 'quality',
      isStated: false,
    } as const;
    if (last > 0)
      return [
        [
          customer,
          { code: 'orders_returned', strength: last > 1 ? 0.85 : 0.6, text: sayReturned(last), ...rest },
        ],
      ];
    if (Number(row.is_part) === 0) return [];
    const text = { en: 'part of the last order returned', ru: 'часть последнего заказа возвращена' };
    return [[customer, { code: 'order_part_returned', strength: 0.3, text, ...rest }]];
  });
}

const numerals = ['', '', 'two', 'three', 'four', 'five'];

function sayReturned(last: number): Text {
  if (last === 1) return { en: 'last order returned', ru: 'последний заказ возвращён' };
  return {
    en: `last ${numerals[last] ?? last} orders returned`,
    ru: `последние заказы возвращены: ${last}`,
  };
}

/** Least orders before the last two, and the least fall, that tell of a fall and not of chance. */
const fall = { earlierOrders: 4, share: 0.5 } as const;

/** 'last two orders 62% below the usual': each of them less than half of the median of those before. */
export async function fallingValue({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    with kept as (
      select customer_id, cast(revenue as double) as revenue,
        row_number() over (partition by customer_id order by ordered_on desc, revenue) as recency
      from int_orders where orders > 0 and revenue > 0 and ordered_on <= ${at}
        and customer_id in (select customer_id from ${raw(customers)})
    ),
    compared as (
      select customer_id, max(case when recency <= 2 then revenue end) as larger,
        avg(case when recency <= 2 then revenue end) as recent,
        ${engine.dialect.median(raw('case when recency > 2 then revenue end'))} as usual, count(case when recency > 2 then 1 end) as earlier
      from kept group by customer_id
    )
    select customer_id, recent, usual from compared
    where earlier >= ${raw(String(fall.earlierOrders))} and larger < ${raw(String(fall.share))} * usual order by customer_id`);
  return rows.map((row): Found => {
    const percent = Math.round(100 * (1 - Number(row.recent) / Number(row.usual)));
    return [
      String(row.customer_id),
      {
        code: 'order_value_falling',
        strength: 0.2,
        text: {
          en: `last two orders ${percent}% below the usual`,
          ru: `последние два заказа на ${percent}\u00a0% меньше обычного`,
        },
        numbers: { fall_percent: percent },
        cause: null,
        isStated: false,
      },
    ];
  });
}

/** 'subscription cancelled 2024-05-02: too expensive'; not where another one runs on. */
export async function cancelledSubscriptions({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    select customer_id, max(cancelled_on) as cancelled_on,
      max(case when cancelled_on = last_cancelled_on then cancellation_reason end) as reason,
      max(case when cancelled_on is null and not is_ended or cancelled_on > ${at} then 1 else 0 end) as runs_on
    from (
      select *, max(cancelled_on) over (partition by customer_id) as last_cancelled_on from stg_customer_rows
      where fate = ${raw(String(fates.used))} and customer_id in (select customer_id from ${raw(customers)})
        and (subscription_status is not null or subscription_start is not null or cancelled_on is not null)
    ) as subscriptions
    group by customer_id having max(cancelled_on) <= ${at} order by customer_id`);
  return rows
    .filter((row) => Number(row.runs_on) === 0)
    .map((row): Found => {
      const day = String(row.cancelled_on);
      const reason = row.reason === null ? null : shorten(String(row.reason));
      const why = reason === null ? '' : `: ${reason}`;
      return [
        String(row.customer_id),
        {
          code: 'subscription_cancelled',
          strength: 1,
          text: {
            en: `subscription cancelled ${sayDay(day).en}${why}`,
            ru: `подписка отменена ${sayDay(day).ru}${why}`,
          },
          numbers: { cancelled_on: day, reason },
          cause: causeOf(reason),
          isStated: reason !== null,
        },
      ];
    });
}
