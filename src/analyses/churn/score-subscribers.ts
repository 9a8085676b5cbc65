import { addDays } from '../../core/dates.js';
import { exitCodes, UserError } from '../../core/errors.js';
import type { Notice } from '../../core/table.js';
import { sayCount } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { subscriptionActivity } from '../../model/activity.js';
import type { Base } from '../../model/base.js';
import { subscriptionTenures, tenureTables } from '../../model/subscription-tenures.js';
import { raw, sql } from '../../sql/sql.js';
import {
  fitShiftedBetaGeometric,
  type ShiftedBetaGeometricModel,
} from '../../stats/shifted-beta-geometric.js';
import { daysOfMonth } from '../forecast/subscription-forecast.js';
import { endNotices, startNotices } from '../subscription-notices.js';
import { riskTable } from './score-customers.js';

/**
 * Makes table int_risk of subscribers, of whom a status or a date tells whether they are still there: risk is the
 * probability of cancelling within the horizon, by the shifted beta-geometric over months of tenure (see
 * `subscriptionTenures`), and 1 where the files tell that the subscription ends within it; who has ended is lost, with
 * risk 1. Value if stays is the price of the months of the horizon × margin, null where the price is unknown or lost.
 * @throws UserError where nobody was subscribed, or no start is known
 */
export async function scoreSubscribers(
  engine: Engine,
  base: Base,
  horizon: number,
  margin: number,
): Promise<{ notices: Notice[] }> {
  for (const statement of subscriptionActivity(engine)) await engine.run(statement);
  const known = await subscriptionTenures(engine, base);
  const { tenures, withoutStart } = known;
  if (tenures.weight.length === 0) throw nothingToLearn(base, withoutStart);
  const model = fitShiftedBetaGeometric(tenures);
  const [renewals] = await engine.columns(sql`
    select distinct cast(renewals as double) as renewals from ${raw(tenureTables.subscribers)} order by 1`);
  await engine.loadColumns('int_subscriber_scores', {
    renewals: renewals!,
    risk: renewals!.map((times) => 1 - model.survival(horizon / daysOfMonth, times)),
  });
  const at = sql`cast(${base.asOf} as date)`;
  const until = sql`cast(${addDays(base.asOf, horizon)} as date)`;
  const purchases = base.orders
    ? sql`left join (
        select customer_id, count(distinct day) as purchases, max(day) as last_on from int_purchase_days group by customer_id
      ) as o on o.customer_id = s.customer_id`
    : raw('');
  await engine.run(sql`
    create table ${raw(riskTable)} as
    select s.customer_id, ${raw(base.orders ? 'coalesce(o.purchases, 0)' : '0')} as purchases,
      ${base.orders ? sql`cast(${engine.dialect.daysBetween(raw('o.last_on'), at)} as integer)` : raw('cast(null as integer)')} as silent_days,
      cast(null as double) as cadence_days, cast(null as double) as overdue_ratio, cast(null as double) as own_days,
      s.risk, cast(null as double) as expected_purchases, s.value_if_stays,
      case when s.lost = 1 then 0 else s.risk * s.value_if_stays end as value_at_stake, s.lost
    from (
      select c.customer_id, case when u.customer_id is null then 1 else 0 end as lost,
        case when u.customer_id is null or u.notice_on <= ${until} then 1 else r.risk end as risk,
        cast(u.price as double) * cast(${(horizon / daysOfMonth) * margin} as double) as value_if_stays
      from (select distinct customer_id from ${raw(tenureTables.tenures)}) as c
      left join ${raw(tenureTables.subscribers)} u on u.customer_id = c.customer_id
      left join int_subscriber_scores r on r.renewals = cast(u.renewals as double)
    ) as s ${purchases}`);
  const [counts] = await engine.query(sql`
    select count(*) as ending from ${raw(tenureTables.subscribers)} where notice_on <= ${until}`);
  for (const table of [tenureTables.tenures, tenureTables.subscribers, 'int_subscriber_scores'])
    await engine.run(raw(`drop table ${table}`));
  return {
    notices: [
      howTold(model, horizon),
      ...startNotices(withoutStart),
      ...endNotices(Number(counts!.ending), { en: 'their risk is 100 %', ru: 'их риск 100 %' }),
      ...priceNotices(known),
    ],
  };
}

function nothingToLearn(base: Base, withoutStart: number): UserError {
  const place = { file: base.accounts.map(({ file }) => file).join(', ') };
  return withoutStart === 0
    ? new UserError(`nobody was subscribed up to ${base.asOf}`, {
        place,
        remedy: 'Give a later --as-of, or files with dates of subscription.',
        exitCode: exitCodes.badInput,
      })
    : new UserError(`no subscription up to ${base.asOf} has a start, so nothing tells how long they last`, {
        place,
        remedy:
          'Give a file with starts of subscriptions, or name their column: --column subscription_start=NAME.',
        exitCode: exitCodes.badInput,
      });
}

function howTold({ fit }: ShiftedBetaGeometricModel, horizon: number): Notice {
  const isFitted = fit.method === 'maximum_likelihood';
  const [left, all] = [sayCount(fit.leavers), sayCount(fit.customers)];
  return {
    code: 'risk_model',
    level: isFitted ? 'info' : 'warning',
    text: {
      en: `Risk is the probability of cancelling within ${horizon} days, by the shifted beta-geometric over whole calendar months of tenure (${left.en} of ${all.en} subscriptions have ended${isFitted ? '' : ', too few: it is drawn to usual rates'}): the longer subscribed, the safer. Value at stake is risk × price of those months.`,
      ru: `Риск: вероятность отмены за ${horizon} дн. по сдвинутому бета-геометрическому распределению полных календарных месяцев подписки (закончилось подписок: ${left.ru} из ${all.ru}${isFitted ? '' : ', это мало: оценка притянута к обычной'}): чем дольше подписка, тем надёжнее. Под угрозой: риск × цена этих месяцев.`,
    },
  };
}

function priceNotices({
  subscribers,
  withoutPrice,
}: {
  readonly subscribers: number;
  readonly withoutPrice: number;
}): Notice[] {
  if (withoutPrice === 0) return [];
  if (withoutPrice === subscribers)
    return [
      {
        code: 'no_price',
        level: 'warning',
        text: {
          en: 'No subscription has a price, so nothing tells what is at stake: the list goes by risk.',
          ru: 'Цены подписок неизвестны, поэтому сумма под угрозой неизвестна: список упорядочен по риску.',
        },
      },
    ];
  const some = sayCount(withoutPrice);
  return [
    {
      code: 'without_price',
      level: 'warning',
      text: {
        en: `Subscribers without a price: ${some.en}; what is at stake with them is unknown, and they stand after those with a price.`,
        ru: `Подписчиков без цены: ${some.ru}; сумма под угрозой у них неизвестна, они стоят после тех, у кого цена есть.`,
      },
    },
  ];
}
