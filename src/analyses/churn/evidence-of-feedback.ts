import { sayDay } from '../../core/dates.js';
import { shorten } from '../../core/errors.js';
import type { Text } from '../../core/text.js';
import { fates } from '../../model/fate.js';
import { isOpenAt, lowScores as most } from '../../model/signals.js';
import { raw, sql } from '../../sql/sql.js';
import { type Cause, causeOf } from './causes.js';
import { type EvidenceContext, type Found, fade, purchasesAfter } from './signal.js';

/** More purchases than this after it, and it is over. */
const mostPurchasesSince = 2;
/** Days after which a score or a settled incident is no evidence any more. */
const mostDays = 365;

const scores = {
  nps: { name: 'NPS', strength: 0.7, cause: null },
  csat: { name: 'CSAT', strength: 0.65, cause: null },
  ces: { name: 'CES', strength: 0.65, cause: 'inconvenience' },
} as const satisfies Record<keyof typeof most, { name: string; strength: number; cause: Cause | null }>;

/** 'NPS 3 on 2024-04-11: poor service': the last score of each scale, where it tells of displeasure. */
export async function lowScores(context: EvidenceContext): Promise<Found[]> {
  const { engine, at, customers } = context;
  const found: Found[] = [];
  for (const score of Object.keys(scores) as (keyof typeof scores)[]) {
    const rows = await engine.query(sql`
      select customer_id, score, answered_on, reason, comment, purchases_since from (
        select e.customer_id, ${raw(score)} as score, answered_on, reason, comment,
          ${purchasesAfter(context, raw('e.answered_on'))} as purchases_since,
          row_number() over (partition by e.customer_id order by answered_on desc, ${raw(score)}, reason, comment) as recency
        from stg_feedback e
        where fate = ${raw(String(fates.used))} and ${raw(score)} is not null and answered_on <= ${at}
          and e.customer_id in (select customer_id from ${raw(customers)})
      ) as answers
      where recency = 1 and score <= ${raw(String(most[score]))}
        and ${engine.dialect.daysBetween(raw('answered_on'), at)} < ${raw(String(mostDays))} order by customer_id`);
    for (const row of rows) {
      const since = Number(row.purchases_since);
      if (since > mostPurchasesSince) continue;
      const { name, strength, cause } = scores[score];
      const reason = row.reason === null ? null : shorten(String(row.reason));
      const words = reason ?? (row.comment === null ? null : shorten(String(row.comment)));
      const stated = causeOf(reason) ?? causeOf(row.comment === null ? null : String(row.comment));
      const [day, why] = [String(row.answered_on), words === null ? '' : `: ${words}`];
      found.push([
        String(row.customer_id),
        {
          code: `low_${score}`,
          strength: fade(strength, since),
          text: {
            en: `${name} ${row.score} on ${sayDay(day).en}${why}`,
            ru: `${name} ${row.score} от ${sayDay(day).ru}${why}`,
          },
          numbers: { score: Number(row.score), answered_on: day, reason, purchases_since: since },
          cause: stated ?? cause,
          isStated: stated !== null,
        },
      ]);
    }
  }
  return found;
}

const kinds: Readonly<Record<string, { text: Text; open: Cause; settled: Cause | null }>> = {
  late_delivery: {
    text: { en: 'late delivery', ru: 'опоздание доставки' },
    open: 'service',
    settled: 'service',
  },
  defect: { text: { en: 'defect', ru: 'дефект' }, open: 'quality', settled: 'quality' },
  refund: { text: { en: 'refund', ru: 'возврат денег' }, open: 'unhandled_complaint', settled: 'quality' },
  complaint: { text: { en: 'complaint', ru: 'жалоба' }, open: 'unhandled_complaint', settled: 'service' },
  other: { text: { en: 'incident', ru: 'инцидент' }, open: 'unhandled_complaint', settled: null },
};

/** 'late delivery opened 2024-04-01, not resolved' or 'resolved after 12 days': the worst incident of each customer. */
export async function brokenPromises(context: EvidenceContext): Promise<Found[]> {
  const { engine, at, customers } = context;
  const { daysBetween } = engine.dialect;
  const rows = await engine.query(sql`
    select * from (
      select *, row_number() over (
        partition by customer_id order by is_open desc, opened_on desc, kind, reason, resolved_on) as place
      from (
        select e.customer_id, kind, opened_on, reason, comment, resolved_on,
          case when ${isOpenAt(at)} then 1 else 0 end as is_open,
          case when resolved_on <= ${at} then ${daysBetween(raw('opened_on'), raw('resolved_on'))} end as took_days,
          ${daysBetween(raw('opened_on'), at)} as age_days,
          ${purchasesAfter(context, raw('e.opened_on'))} as purchases_since
        from stg_incidents e
        where fate = ${raw(String(fates.used))} and opened_on <= ${at}
          and e.customer_id in (select customer_id from ${raw(customers)})
      ) as judged
      where purchases_since <= ${raw(String(mostPurchasesSince))} and age_days < ${raw(String(mostDays))}
    ) as placed where place = 1 order by customer_id`);
  return rows.map((row): Found => {
    const { text, open, settled } = kinds[String(row.kind)]!;
    const isOpen = Number(row.is_open) === 1;
    const day = String(row.opened_on);
    const since = Number(row.purchases_since);
    const took = row.took_days === null ? null : Number(row.took_days);
    const stated = causeOf(row.reason === null ? null : String(row.reason));
    return [
      String(row.customer_id),
      {
        code: isOpen ? 'incident_open' : 'incident_resolved',
        strength: fade(isOpen ? 0.8 : 0.4, since),
        text: {
          en: `${text.en} opened ${sayDay(day).en}${sayOutcome(isOpen, took).en}`,
          ru: `${text.ru} от ${sayDay(day).ru}${sayOutcome(isOpen, took).ru}`,
        },
        numbers: { kind: String(row.kind), opened_on: day, resolution_days: took, purchases_since: since },
        cause: stated ?? (isOpen ? open : settled),
        isStated: stated !== null,
      },
    ];
  });
}

function sayOutcome(isOpen: boolean, days: number | null): Text {
  if (isOpen) return { en: ', not resolved', ru: ', без решения' };
  if (days === null) return { en: '', ru: '' };
  return {
    en: `, resolved after ${days} ${days === 1 ? 'day' : 'days'}`,
    ru: `, решено за ${days} дн.`,
  };
}
