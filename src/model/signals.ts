import type { Day } from '../core/dates.js';
import type { Engine } from '../engines/engine.js';
import { raw, type Sql, sql } from '../sql/sql.js';
import type { Base } from './base.js';
import { fates } from './fate.js';

// What tells of customers beside the rhythm of their purchases, as numbers: orders that came back, incidents, scores,
// messages.

/** Scores from which down somebody is displeased: detractors of NPS, and the lower part of the other scales. */
export const lowScores = { nps: 6, csat: 2, ces: 3 } as const;

/** Exports do not say when an order whose status is 'returned' came back; by then it is taken to have. */
export const daysToReturn = 30;

/**
 * Documents of a customer as they stood at the end of a day: customer_id, ordered_on, is_whole (a purchase that came
 * back as a whole), is_document (a return under a number of its own), is_partial (a purchase part of which came back).
 * A purchase whose status alone says that it came back did so `daysToReturn` days after it.
 */
export function returnsAt(engine: Engine, at: Sql): Sql {
  const { addDays } = engine.dialect;
  const returnedOn = sql`case when returned_on > ordered_on then returned_on
    else ${addDays(raw('ordered_on'), raw(String(daysToReturn)))} end`;
  return sql`
    select customer_id, ordered_on,
      case when orders = 0 and revenue >= 0 and ${returnedOn} <= ${at} then 1 else 0 end as is_whole,
      case when orders = 0 and revenue < 0 then 1 else 0 end as is_document,
      case when orders > 0 and returned_on <= ${at} then 1 else 0 end as is_partial
    from int_orders where customer_id is not null and ordered_on <= ${at}`;
}

/** Over stg_incidents: unsettled at the end of a day. What nothing tells of, or not when, is taken for settled. */
export function isOpenAt(at: Sql): Sql {
  return sql`(resolved_on > ${at} or not coalesce(is_resolved, true))`;
}

/**
 * Exports tell that a message was reacted to, but not when: at a day it is known of messages that are older than this,
 * by when nearly all reactions have come. Whether an offer was used is never known at a day: using it is a purchase,
 * which may be what is to be predicted.
 */
export const daysToReact = 14;

const opens = `case when opened or clicked or answered then true
  when coalesce(opened, clicked, answered) is not null then false end`;
const responded = raw(opens);

/**
 * Over stg_contacts: the customer did something; null where nothing tells. An offer that was not used does not tell that
 * its message was not opened.
 */
export const reacted = raw(`case when offer_used then true else ${opens} end`);

type Present = Pick<Base, 'contacts' | 'feedback' | 'incidents'>;

/**
 * Makes a table of signals, one row per customer with a purchase up to and with day `at`: customer_id, and as doubles
 *
 *   returned_orders      purchases that came back as a whole
 *   returned_last        of the last purchases, how many in a row came back as a whole
 *   returns_365          returns of any kind for purchases of the last 365 days, parts and documents too
 *   incidents_365        incidents opened in the last 365 days               with a file of incidents
 *   incidents_open       incidents not settled at the day
 *   incident_days        days since the last incident; null where there is none
 *   last_nps, last_csat, last_ces    the last score of each scale; null where there is none       with feedback
 *   low_scores_365       answers of the last 365 days with a score of displeasure (see `lowScores`)
 *   feedback_days        days since the last answer; null where there is none
 *   contacts_90          contacts of the last 90 days                         with a file of contacts
 *   opened_90            opened ones among them, of those at least `daysToReact` old
 *   unanswered           contacts at least so old since the last of them that was opened, clicked or answered
 *
 * Nothing later than the day is used: an incident that was settled later is open, a fresh message is not yet opened.
 * Counts are 0 where there is nothing to count. Columns of files that are not there are left out.
 * @returns the names of the columns, without customer_id
 */
export async function signalFeatures(
  engine: Engine,
  options: { readonly at: Day; readonly table: string; readonly has: Present },
): Promise<readonly string[]> {
  const { has } = options;
  const at = sql`cast(${options.at} as date)`;
  const { daysBetween } = engine.dialect;
  const ago = (day: string) => daysBetween(raw(day), at);
  const count = (condition: Sql) => sql`cast(count(case when ${condition} then 1 end) as double)`;
  const used = (table: string, day: string) =>
    sql`${raw(table)} where fate = ${raw(String(fates.used))} and customer_id is not null and ${raw(day)} <= ${at}`;
  const parts: {
    readonly name: string;
    readonly counts: readonly string[];
    readonly values: readonly string[];
    readonly rows: Sql;
  }[] = [
    {
      name: 'came_back',
      counts: ['returned_orders', 'returned_last', 'returns_365'],
      values: [],
      rows: sql`
        select customer_id, cast(sum(is_whole) as double) as returned_orders,
          ${count(sql`is_whole = 1 and kept_after = 0`)} as returned_last,
          ${count(sql`is_whole + is_document + is_partial > 0 and ${ago('ordered_on')} < 365`)} as returns_365
        from (
          select *, sum(case when is_whole = 0 and is_document = 0 then 1 else 0 end) over (
            partition by customer_id order by ordered_on desc range between unbounded preceding and current row) as kept_after
          from (${returnsAt(engine, at)}) as documents
        ) as ordered group by customer_id`,
    },
  ];
  if (has.incidents) {
    parts.push({
      name: 'gone_wrong',
      counts: ['incidents_365', 'incidents_open'],
      values: ['incident_days'],
      rows: sql`
        select customer_id, ${count(sql`${ago('opened_on')} < 365`)} as incidents_365,
          ${count(isOpenAt(at))} as incidents_open, cast(min(${ago('opened_on')}) as double) as incident_days
        from ${used('stg_incidents', 'opened_on')} group by customer_id`,
    });
  }
  if (has.feedback) {
    const last = (score: string) =>
      sql`cast(max(case when ${raw(`${score}_rank`)} = 1 then ${raw(score)} end) as double) as ${raw(`last_${score}`)}`;
    const rank = (score: string) => sql`case when ${raw(score)} is not null then row_number() over (
      partition by customer_id order by case when ${raw(score)} is null then 1 else 0 end, answered_on desc, ${raw(score)}) end as ${raw(`${score}_rank`)}`;
    parts.push({
      name: 'said',
      counts: ['low_scores_365'],
      values: ['last_nps', 'last_csat', 'last_ces', 'feedback_days'],
      rows: sql`
        select customer_id, ${last('nps')}, ${last('csat')}, ${last('ces')},
          ${count(sql`${ago('answered_on')} < 365 and ${isLow}`)} as low_scores_365,
          cast(min(${ago('answered_on')}) as double) as feedback_days
        from (select *, ${rank('nps')}, ${rank('csat')}, ${rank('ces')} from ${used('stg_feedback', 'answered_on')}) as ranked
        group by customer_id`,
    });
  }
  if (has.contacts) {
    parts.push({
      name: 'reached',
      counts: ['contacts_90', 'opened_90', 'unanswered'],
      values: [],
      rows: sql`
        select customer_id, ${count(sql`${ago('contacted_on')} < 90`)} as contacts_90,
          ${count(sql`${ago('contacted_on')} < 90 and is_settled and opened`)} as opened_90,
          ${count(sql`not responded and (last_response is null or contacted_on > last_response)`)} as unanswered
        from (
          select *, max(case when responded then contacted_on end) over (partition by customer_id) as last_response
          from (
            select *, case when is_settled then ${responded} end as responded
            from (
              select *, ${ago('contacted_on')} >= ${raw(String(daysToReact))} as is_settled
              from ${used('stg_contacts', 'contacted_on')}
            ) as aged
          ) as told
        ) as contacts group by customer_id`,
    });
  }
  const columns = parts.flatMap(({ counts, values }) => [
    ...counts.map((column) => raw(`coalesce(${column}, 0) as ${column}`)),
    ...values.map(raw),
  ]);
  await engine.run(sql`
    create table ${raw(options.table)} as
    select c.customer_id, ${columns.reduce((all, one) => sql`${all}, ${one}`)}
    from (select distinct customer_id from int_purchase_days where day <= ${at}) as c
    ${parts.map(({ name, rows }) => sql`left join (${rows}) as ${raw(name)} on ${raw(name)}.customer_id = c.customer_id`).reduce((all, one) => sql`${all} ${one}`)}`);
  return parts.flatMap(({ counts, values }) => [...counts, ...values]);
}

/** Over stg_feedback: some score of an answer tells of displeasure; never null. */
export const isLow = raw(
  `(${Object.entries(lowScores)
    .map(([score, most]) => `coalesce(${score} <= ${most}, false)`)
    .join(' or ')})`,
);
