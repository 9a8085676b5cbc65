import { exitCodes, UserError } from '../../core/errors.js';
import type { Notice } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { subscriptionActivity } from '../../model/activity.js';
import type { Base } from '../../model/base.js';
import { raw, sql } from '../../sql/sql.js';
import { fitShiftedBetaGeometric } from '../../stats/shifted-beta-geometric.js';
import { riskTable } from './score-customers.js';

/** Days of a period of subscription: a month. */
const monthDays = 365.25 / 12;

/**
 * Makes table int_risk of subscribers, of whom a status or a date tells whether they are still there: risk is the
 * probability of cancelling within the horizon, by the shifted beta-geometric over months of tenure; who has ended is
 * lost, with risk 1. Value if stays is the price of the months of the horizon × margin; where the files tell no price, 0.
 */
export async function scoreSubscribers(
  engine: Engine,
  base: Base,
  horizon: number,
  margin: number,
): Promise<{ notices: Notice[] }> {
  for (const statement of subscriptionActivity(engine)) await engine.run(statement);
  const at = sql`cast(${base.asOf} as date)`;
  const { daysBetween } = engine.dialect;
  await engine.run(sql`
    create table int_tenures as
    select row_number() over (order by a.customer_id) as position, a.customer_id, began_on, ended_on, price,
      cast(floor(${daysBetween(raw('began_on'), sql`coalesce(ended_on, ${at})`)} / ${monthDays}) as double) as months
    from (
      select customer_id, max(case when is_end = 0 then happens_on end) as began_on,
        case when max(case when is_end = 1 then happens_on end) >= max(case when is_end = 0 then happens_on end)
          then max(case when is_end = 1 then happens_on end) end as ended_on
      from (
        select * from int_activity where happens_on <= ${at}
      ) as moments group by customer_id
    ) as a left join (
      select customer_id, max(price) as price from int_subscriptions where ends_on is null or ends_on > ${at} group by customer_id
    ) as p on p.customer_id = a.customer_id
    where began_on is not null`);
  const [months, hasEnded, price] = (await engine.columns(sql`
    select months, case when ended_on is null then 0.0e0 else 1.0e0 end as has_ended,
      cast(coalesce(price, -1) as double) as price
    from int_tenures order by position`)) as [Float64Array, Float64Array, Float64Array];
  if (months.length === 0) {
    throw new UserError(`nobody was subscribed up to ${base.asOf}`, {
      place: { file: base.accounts.map(({ file }) => file).join(', ') },
      remedy: 'Give a later --as-of, or files with dates of subscription.',
      exitCode: exitCodes.badInput,
    });
  }
  const model = fitShiftedBetaGeometric({
    renewals: months,
    hasLeft: Uint8Array.from(hasEnded),
    weight: new Float64Array(months.length).fill(1),
  });
  const risk = months.map((renewals, i) =>
    hasEnded[i] === 1 ? 1 : 1 - model.survival(horizon / monthDays, renewals),
  );
  const stays = price.map((one) => Math.max(0, one) * (horizon / monthDays) * margin);
  await engine.loadColumns('int_subscriber_scores', {
    position: months.map((_, i) => i + 1),
    risk,
    value_if_stays: stays,
    value_at_stake: risk.map((one, i) => (hasEnded[i] === 1 ? 0 : one * stays[i]!)),
    lost: hasEnded,
  });
  const purchases = base.orders
    ? sql`left join (
        select customer_id, count(distinct day) as purchases, max(day) as last_on from int_purchase_days group by customer_id
      ) as o on o.customer_id = t.customer_id`
    : raw('');
  await engine.run(sql`
    create table ${raw(riskTable)} as
    select t.customer_id, ${raw(base.orders ? 'coalesce(o.purchases, 0)' : '0')} as purchases,
      ${base.orders ? sql`cast(${daysBetween(raw('o.last_on'), at)} as integer)` : raw('cast(null as integer)')} as silent_days,
      cast(null as double) as cadence_days, cast(null as double) as overdue_ratio, cast(null as double) as own_days,
      s.risk, cast(null as double) as expected_purchases, s.value_if_stays, s.value_at_stake, s.lost
    from int_tenures t join int_subscriber_scores s on s.position = t.position ${purchases}`);
  await engine.run(raw('drop table int_tenures'));
  await engine.run(raw('drop table int_subscriber_scores'));
  const { method, leavers, customers } = model.fit;
  const isUnpriced = price.every((one, i) => one < 0 || hasEnded[i] === 1);
  return {
    notices: [
      {
        code: 'risk_model',
        level: method === 'maximum_likelihood' ? 'info' : 'warning',
        text: {
          en: `Risk is the probability of cancelling within ${horizon} days, by the shifted beta-geometric over months of tenure (${leavers} of ${customers} have left${method === 'maximum_likelihood' ? '' : ', too few: it is drawn to usual rates'}): the longer subscribed, the safer. Value at stake is risk × price of those months.`,
          ru: `Риск: вероятность отмены за ${horizon} дн. по сдвинутому бета-геометрическому распределению месяцев подписки (ушли ${leavers} из ${customers}${method === 'maximum_likelihood' ? '' : ', это мало: оценка притянута к обычной'}): чем дольше подписка, тем надёжнее. Под угрозой: риск × цена этих месяцев.`,
        },
      },
      ...(isUnpriced
        ? [
            {
              code: 'no_price',
              level: 'warning' as const,
              text: {
                en: 'No subscription has a price, so nothing tells what is at stake: the list goes by risk.',
                ru: 'Цены подписок неизвестны, поэтому сумма под угрозой неизвестна: список упорядочен по риску.',
              },
            },
          ]
        : []),
    ],
  };
}
