import { sayDay } from '../../core/dates.js';
import { countOf, sayCount } from '../../core/text.js';
import { fates } from '../../model/fate.js';
import { reacted } from '../../model/signals.js';
import { raw, sql } from '../../sql/sql.js';
import type { EvidenceContext, Found } from './signal.js';

/** Fewer messages, or fewer offers, without a reaction say nothing. */
const least = { messages: 3, offers: 2 } as const;
const mostDays = 365;
/** Days without any contact after which a customer is out of touch. */
const untouchedDays = 120;

/**
 * 'none of the last 5 messages opened, since 2024-03-01', or none delivered: since the last one reacted to. It tells
 * more, and a cause, where it began before the last purchase: later it may follow from the customer being gone.
 */
export async function unansweredMessages({ engine, at, customers, has }: EvidenceContext): Promise<Found[]> {
  const lastPurchase = has.orders
    ? sql`(select max(p.day) from int_purchase_days p where p.customer_id = contacts.customer_id and p.day <= ${at})`
    : raw('null');
  const rows = await engine.query(sql`
    select customer_id, count(*) as messages, min(contacted_on) as since,
      case when min(contacted_on) <= ${lastPurchase} then 1 else 0 end as began_before,
      count(case when delivered then 1 end) as delivered, count(case when not delivered then 1 end) as undelivered
    from (
      select *, max(case when reacted then contacted_on end) over (partition by customer_id) as last_reaction
      from (
        select customer_id, contacted_on, delivered, ${reacted} as reacted from stg_contacts
        where fate = ${raw(String(fates.used))} and contacted_on <= ${at}
          and customer_id in (select customer_id from ${raw(customers)})
          and ${engine.dialect.daysBetween(raw('contacted_on'), at)} < ${raw(String(mostDays))}
      ) as told
    ) as contacts
    where not reacted and (last_reaction is null or contacted_on > last_reaction)
    group by customer_id having count(*) >= ${raw(String(least.messages))} order by customer_id`);
  return rows.map((row): Found => {
    const messages = Number(row.messages);
    const since = String(row.since);
    const isBefore = Number(row.began_before) === 1;
    const isLost = Number(row.delivered) === 0 && Number(row.undelivered) > 0;
    const [en, ru] = isLost ? ['delivered', 'доставлено'] : ['opened', 'открыто'];
    return [
      String(row.customer_id),
      {
        code: isLost ? 'messages_undelivered' : 'messages_unopened',
        strength: (isBefore ? 0.35 : 0.2) + Math.min(0.2, 0.05 * (messages - least.messages)),
        text: {
          en: `none of the last ${sayCount(messages).en} messages ${en}, since ${sayDay(since).en}`,
          ru: `ни одно из последних сообщений не ${ru}: ${sayCount(messages).ru} с ${sayDay(since).ru}`,
        },
        numbers: { messages, since },
        cause: isBefore ? 'no_reminder' : null,
        isStated: false,
      },
    ];
  });
}

/**
 * 'none of 3 offers used, the last of 2024-06-20'. Those that were not even opened tell nothing of the offers: enough
 * others must be among them.
 */
export async function offersUnused({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    select customer_id, count(offer_used) as offers, count(case when opened is distinct from false then offer_used end) as seen, max(case when offer_used is not null then contacted_on end) as last_on
    from stg_contacts
    where fate = ${raw(String(fates.used))} and contacted_on <= ${at}
      and customer_id in (select customer_id from ${raw(customers)})
      and ${engine.dialect.daysBetween(raw('contacted_on'), at)} < ${raw(String(mostDays))}
    group by customer_id
    having count(offer_used) >= ${raw(String(least.offers))} and count(case when offer_used then 1 end) = 0
    order by customer_id`);
  const seenRows = rows.filter((row) => Number(row.seen) >= least.offers);
  return seenRows.map((row): Found => {
    const offers = Number(row.offers);
    const seen = Number(row.seen);
    const last = String(row.last_on);
    return [
      String(row.customer_id),
      {
        code: 'offers_unused',
        // A few offers unused are usual; many are not.
        strength: Math.min(0.6, 0.2 + 0.1 * (seen - least.offers)),
        text: {
          en: `none of ${countOf(offers, 'offer')} used, the last of ${sayDay(last).en}`,
          ru: `предложения не использованы: ${sayCount(offers).ru}, последнее от ${sayDay(last).ru}`,
        },
        numbers: { offers, last_on: last },
        cause: 'no_rewards',
        isStated: false,
      },
    ];
  });
}

/** 'not contacted since 2024-01-05': by the file of contacts and by what the customers file says, the later. */
export async function outOfTouch({ engine, at, customers, has }: EvidenceContext): Promise<Found[]> {
  const known = [
    ...(has.contacts
      ? [
          sql`select customer_id, contacted_on as day from stg_contacts
          where fate = ${raw(String(fates.used))} and delivered is distinct from false`,
        ]
      : []),
    ...(has.details
      ? [sql`select customer_id, last_contact_on as day from stg_customers where last_contact_on is not null`]
      : []),
  ].reduce((one, other) => sql`${one} union all ${other}`);
  const rows = await engine.query(sql`
    select customer_id, max(day) as last_on from (${known}) as contacts
    where day <= ${at} and customer_id in (select customer_id from ${raw(customers)})
    group by customer_id having ${engine.dialect.daysBetween(raw('max(day)'), at)} >= ${raw(String(untouchedDays))}
    order by customer_id`);
  return rows.map((row): Found => {
    const last = String(row.last_on);
    return [
      String(row.customer_id),
      {
        code: 'not_contacted',
        strength: 0.25,
        text: { en: `not contacted since ${sayDay(last).en}`, ru: `контактов не было с ${sayDay(last).ru}` },
        numbers: { last_contact_on: last },
        cause: 'no_reminder',
        isStated: false,
      },
    ];
  });
}

/** 'bonus of 350 not used, expires 2024-07-01'; one that has expired is no reminder any more. */
export async function unusedBonuses({ engine, at, customers }: EvidenceContext): Promise<Found[]> {
  const rows = await engine.query(sql`
    select customer_id, bonus, bonus_expires_on from stg_customers
    where bonus > 0 and (bonus_expires_on is null or bonus_expires_on >= ${at})
      and customer_id in (select customer_id from ${raw(customers)}) order by customer_id`);
  return rows.map((row): Found => {
    const amount = String(row.bonus).replace(/\.0+$|(\.\d*?)0+$/, '$1');
    const until = row.bonus_expires_on === null ? null : String(row.bonus_expires_on);
    return [
      String(row.customer_id),
      {
        code: 'bonus_unused',
        strength: 0.25,
        text: {
          en: `bonus of ${amount} not used${until === null ? '' : `, expires ${sayDay(until).en}`}`,
          ru: `бонус ${amount.replace('.', ',')} не использован${until === null ? '' : `, сгорит ${sayDay(until).ru}`}`,
        },
        numbers: { bonus: String(row.bonus), expires_on: until },
        cause: 'no_reminder',
        isStated: false,
      },
    ];
  });
}
