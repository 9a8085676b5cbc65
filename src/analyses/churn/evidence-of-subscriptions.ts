import { sayDay } from '../../core/dates.js';
import { shorten } from '../../core/errors.js';
import { fates } from '../../model/fate.js';
import { raw, sql } from '../../sql/sql.js';
import { causeOf } from './causes.js';
import type { EvidenceContext, Found } from './signal.js';

/** 'subscription ends 2025-02-01: too expensive': the end is known ahead; not where another one runs on. */
export async function endingSubscriptions({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    select customer_id, max(cancelled_on) as ends_on, max(case when cancelled_on = last_end then cancellation_reason end) as reason
    from (
      select customer_id, cancelled_on, cancellation_reason, is_ended,
        max(cancelled_on) over (partition by customer_id) as last_end
      from stg_customer_rows
      where fate = ${raw(String(fates.used))} and customer_id in (select customer_id from ${raw(customers)})
        and (subscription_status is not null or subscription_start is not null or cancelled_on is not null)
        and coalesce(subscription_start <= ${at}, true)
    ) as subscriptions
    group by customer_id
    having max(cancelled_on) > ${at} and max(case when cancelled_on is null and not is_ended then 1 else 0 end) = 0
    order by customer_id`);
  return rows.map((row): Found => {
    const day = String(row.ends_on);
    const reason = row.reason === null ? null : shorten(String(row.reason));
    const why = reason === null ? '' : `: ${reason}`;
    return [
      String(row.customer_id),
      {
        code: 'subscription_ends',
        strength: 1,
        text: {
          en: `subscription ends ${sayDay(day).en}${why}`,
          ru: `подписка заканчивается ${sayDay(day).ru}${why}`,
        },
        numbers: { ends_on: day, reason },
        cause: causeOf(reason),
        isStated: reason !== null,
      },
    ];
  });
}
