import type { Day } from '../core/dates.js';
import type { Notice } from '../core/table.js';
import { sayCount, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { Field } from '../input/vocabulary.js';
import { type InteractionRole, interactionVocabulary } from '../input/vocabulary-interactions.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { type Fate, fates } from './fate.js';
import { contactTexts, customerKey, orderKey } from './identity/customer-key.js';
import { holderKey } from './identity/holders.js';
import { contactValues } from './interactions/contacts.js';
import { feedbackValues } from './interactions/feedback.js';
import { incidentValues, kindLists } from './interactions/incidents.js';
import { noText, type Values } from './interactions/values.js';
import { repeatsHeader } from './repeated-header.js';
import { rowNumber, type StagedSource } from './staging.js';
import { isTotalRow } from './total-rows.js';
import { statusNotices } from './words.js';

// What a shop and a customer have to do with each other besides orders: messages sent, scores given, things gone
// wrong. All three are a day, a customer and some values, and are read in one way.

interface Interaction {
  /** The table of the engine. */
  readonly table: string;
  /** The name of the day in it. */
  readonly day: string;
  readonly values: (staged: StagedSource) => Values;
  readonly name: Text;
}

export const interactions: Readonly<Record<InteractionRole, Interaction>> = {
  contacts: {
    table: 'stg_contacts',
    day: 'contacted_on',
    values: contactValues,
    name: { en: 'contacts', ru: 'контактов' },
  },
  feedback: {
    table: 'stg_feedback',
    day: 'answered_on',
    values: feedbackValues,
    name: { en: 'rows of feedback', ru: 'отзывов' },
  },
  incidents: {
    table: 'stg_incidents',
    day: 'opened_on',
    values: incidentValues,
    name: { en: 'incidents', ru: 'инцидентов' },
  },
};

export const interactionDateFields: readonly Field[] = ['date', 'resolved_on'];

export function interactionTable(role: InteractionRole): string {
  return interactions[role].table;
}

/** How the kinds of incidents are taken. */
export function interactionNotices(role: InteractionRole, sources: readonly StagedSource[]): Notice[] {
  if (role !== 'incidents') return [];
  return statusNotices(sources, 'kind', () => kindLists, {
    en: ['other incidents', 'late deliveries', 'defects', 'refunds', 'complaints'],
    ru: ['прочие инциденты', 'опоздания доставки', 'дефекты', 'возвраты', 'жалобы'],
  });
}

/** The fields that are read of a role. */
export function interactionFields(role: InteractionRole): readonly Field[] {
  return Object.keys(interactionVocabulary[role]) as Field[];
}

/**
 * Makes the table of a role, one row per input row: source_id, row_number, fate, customer_id, order_id, the day,
 * the values of the role (see interactions/), and of a row at fault fault_field and fault_text. Rows are staged as
 * they name their customers: `nameCustomers` must follow, and then `settleInteractions`.
 */
export async function stageInteractions(
  engine: LoadingEngine,
  role: InteractionRole,
  sources: readonly StagedSource[],
  asOf: Day | undefined,
): Promise<void> {
  const rows = join(
    sources.map((staged) => interactionRows(staged, role, interactions[role], asOf)),
    ' union all ',
  );
  await engine.loader.inFileOrder(() =>
    engine.run(sql`create table ${raw(interactions[role].table)} as ${rows}`),
  );
}

/**
 * Gives rows that name an order alone its customer, leaves out those that name nobody, and merges rows that stand in
 * several sources, as exports overlap; equal rows of one source all count.
 */
export async function settleInteractions(
  engine: LoadingEngine,
  role: InteractionRole,
  has: { readonly orders: boolean; readonly persons: boolean },
): Promise<void> {
  const table = raw(interactions[role].table);
  const used = raw(String(fates.used));
  if (role !== 'contacts' && has.orders) {
    const persons = has.persons ? sql`left join int_persons p on p.holder_key = ${holderKey}` : raw('');
    const customer = raw(
      has.persons ? 'case when p.holder_key is null then customer_id else p.person_id end' : 'customer_id',
    );
    await engine.run(sql`
      update ${table} set customer_id = o.buyer from (
        select order_key, min(buyer) as buyer from (
          select order_key, ${customer} as buyer from stg_order_groups ${persons}
          where order_key in (select order_id from ${table} where customer_id is null)
        ) as named group by order_key having min(buyer) = max(buyer)
      ) as o where ${table}.customer_id is null and o.order_key = order_id`);
  }
  await engine.run(sql`
    update ${table} set fate = case when order_id is null then ${raw(String(fates.no_customer))}
      else ${raw(String(fates.unknown_order))} end
    where fate = ${used} and customer_id is null`);
  const columns = await engine.query(sql`
    select column_name from information_schema.columns where table_name = ${interactions[role].table}
      and column_name not in ('source_id', 'row_number', 'fate', 'fault_field', 'fault_text') order by ordinal_position`);
  const content = raw(columns.map((row) => String(row.column_name)).join(', '));
  const [sources] = await engine.query(sql`select count(distinct source_id) as n from ${table}`);
  if (Number(sources?.n) < 2) return;
  await engine.run(sql`
    update ${table} set fate = ${raw(String(fates.merged))} where rowid in (
      select line from (
        select line, source_id, min(source_id) over (partition by ${content}, copy_number) as first_source from (
          select rowid as line, source_id, ${content}, row_number() over (
            partition by source_id, ${content} order by rowid) as copy_number
          from ${table} where fate = ${used}
        ) as copies
      ) as compared where source_id <> first_source)`);
}

/** How many rows of a role are about nobody that orders or customers name, where there are such. */
export async function strangersNotice(
  engine: LoadingEngine,
  role: InteractionRole,
  has: { readonly orders: boolean; readonly customers: boolean },
): Promise<Notice[]> {
  const known = [
    ...(has.orders ? ['select customer_id from int_orders where customer_id is not null'] : []),
    ...(has.customers ? ['select customer_id from stg_customers where customer_id is not null'] : []),
  ].join(' union ');
  if (known === '') return [];
  const [row] = await engine.query(sql`
    select count(*) as used, count(*) filter (where customer_id not in (${raw(known)})) as strangers
    from ${raw(interactions[role].table)} where fate = ${raw(String(fates.used))}`);
  const [used, strangers] = [Number(row?.used), Number(row?.strangers)];
  if (strangers === 0) return [];
  const { name } = interactions[role];
  const [few, all] = [sayCount(strangers), sayCount(used)];
  const isAll = strangers === used;
  return [
    {
      code: `${role}_unmatched`,
      level: isAll ? 'warning' : 'info',
      text: {
        en: `${few.en} of ${all.en} ${name.en} name a customer that neither orders nor customers know${isAll ? ': are the ids the same?' : '.'}`,
        ru: `${few.ru} из ${all.ru} ${name.ru}: клиента нет ни среди заказов, ни среди клиентов${isAll ? '; совпадают ли коды?' : '.'}`,
      },
    },
  ];
}

function interactionRows(
  staged: StagedSource,
  role: InteractionRole,
  { day, values }: Interaction,
  asOf: Day | undefined,
): Sql {
  const { loader } = staged;
  const date = staged.text('date')!;
  const time = loader.timestamp(date, staged.dateForm('date'));
  const { email, phone } = contactTexts(staged);
  const { columns, faults, saysNothing } = values(staged);
  const isBlank = join(
    interactionFields(role)
      .flatMap((field) => staged.text(field) ?? [])
      .map((text) => sql`nullif(trim(${text}), '') is null`),
    ' and ',
  );
  const fate = (name: Fate) => raw(String(fates[name]));
  const names = columns.map(({ name }) => name).join(', ');
  const isUndated = raw(`${day} is null`);
  const cell = (pick: (one: { readonly field: Field; readonly text: Sql }) => Sql) => sql`
    case when ${isUndated} then ${pick({ field: 'date', text: date })}
      ${join(
        faults.map((fault) => sql`when ${fault.test} then ${pick(fault)}`),
        ' ',
      )} end`;
  return sql`
    select source_id, row_number, fate, customer_id, email, phone, order_id, ${raw(day)}, ${raw(names)},
      case when ${raw(faultyFates)} then ${cell(({ field }) => sql`${field}`)} end as fault_field,
      case when ${raw(faultyFates)} then ${cell(({ text }) => text)} end as fault_text
    from (
      select *, cast(case
          when ${isUndated} then case when ${isBlank} then ${fate('blank')}
            when ${repeatsHeader(staged, ['date', 'customer_id', 'email'])} then ${fate('repeated_header')}
            when ${isTotalRow(staged, ['date', 'customer_id'], { besides: true })} then ${fate('total_row')}
            when ${loader.isError(date)} then ${fate('error_cell')} else ${fate('bad_date')} end
          ${join(
            faults.map((fault) => sql`when ${fault.test} then ${fate(fault.fate)}`),
            ' ',
          )}
          ${saysNothing === undefined ? raw('') : sql`when ${saysNothing} then ${fate('no_answer')}`}
          when ${asOf === undefined ? raw('false') : sql`${raw(day)} > cast(${asOf} as date)`} then ${fate('after_as_of')}
          else ${fate('used')} end as tinyint) as fate
      from (
        select *, cast(${time.exact(raw('quick_time'))} as date) as ${raw(day)} from (
          select *, ${raw(String(staged.id))} as source_id, cast(${rowNumber(staged)} as bigint) as row_number,
            ${customerKey(staged, { useNobody: true })} as customer_id,
            ${email ?? noText} as email, ${phone ?? noText} as phone,
            ${orderKey(staged) ?? noText} as order_id, ${time.quick} as quick_time,
            ${join(
              columns.map(({ name, value }) => sql`${value} as ${raw(name)}`),
              ', ',
            )}
          from ${loader.rowsOfKeepingBroken(staged.scan)}
        ) as texts
      ) as typed
    ) as judged`;
}

const faultyFates = `fate in (${[fates.bad_date, fates.bad_score, fates.error_cell].join(', ')})`;
