import type { LoadingEngine } from '../../engines/loader.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import { fates } from '../fate.js';
import type { StagedSource } from '../staging.js';
import { connectedComponents } from './components.js';
import { countryOf, type PhoneCountry } from './country.js';
import { emailsOf, isPlaceholderEmail, placeholderEmail, plainEmail, saysNoEmail } from './email.js';
import { hasContacts, holderKey, type IdentityOptions, isGuest } from './holders.js';
import {
  compactPhone,
  isPlaceholderPhone,
  type PhoneReader,
  phoneReader,
  placeholderPhone,
  saysNoPhone,
} from './phone.js';

/** By what rows are joined, by the number that stands for it in tables. */
export const linkKinds = { email: 1, phone: 2, person_id: 3 } as const;
export type LinkKind = keyof typeof linkKinds;

/** Why a shared value joins nobody, by number; 0 is a value that does. */
export const verdicts = { used: 0, shared_by_many: 1, placeholder: 2 } as const;

/** A customer id whose shared e-mails and phones are more than this is no single person: they join nobody. */
export const contactsOfOneCustomer = 20;

/** What telling persons came to. */
export interface Identity {
  readonly country: PhoneCountry;
  readonly sharedLimit: number;
  /** Customer ids and guests that turned out to be persons with others, and how many persons these are. */
  readonly joinedIds: number;
  readonly joinedGuests: number;
  readonly persons: number;
  /** Persons by what joined them. */
  readonly byEmail: number;
  readonly byPhone: number;
  readonly byBoth: number;
  readonly byPersonId: number;
  /** Values that too many share, most shared first, the first few of them. */
  readonly sharedByMany: readonly { readonly value: string; readonly customers: number }[];
  readonly sharedByManyCount: number;
}

/**
 * Tells which customers are one person: rows that share an e-mail, a phone or a person id, transitively. Reads
 * stg_customer_rows and stg_order_groups, as far as there are such; makes tables
 * int_identity_rows (holder_key, is_guest, customer_id, email, phone, person_key, name), int_links (holder_key, is_guest,
 * kind, value, is_placeholder), int_shared (kind, value, ids, guests, verdict), int_joining (holder_key, kind,
 * value) of the values that join, int_members (holder_key, person_id) of persons with several holders, and int_persons (holder_key,
 * person_id), which holds every holder whose customer is to be renamed; null where it names nobody.
 *
 * A person's id is the shortest of its customer ids, of equally short ones the first: the oldest, where ids are
 * running numbers, and the same whatever the order of rows. A person without any has its e-mail, or its phone.
 */
export async function findPersons(
  engine: LoadingEngine,
  sources: { readonly orders: readonly StagedSource[]; readonly customers: readonly StagedSource[] },
  options: IdentityOptions,
): Promise<Identity> {
  const country = countryOf([...sources.orders, ...sources.customers], options.country);
  await engine.run(identityRows(sources));
  await emailLinks(engine);
  await phoneLinks(engine, phoneReader(country.country));
  await engine.run(
    raw(`create view int_links as
    select * from int_email_links union all select * from int_phone_links
    union all select holder_key, is_guest, ${linkKinds.person_id}, person_key, false from int_identity_rows where person_key is not null`),
  );
  await sharedValues(engine, options.sharedLimit);
  await joinHolders(engine);
  await namePersons(engine);
  return summary(engine, country, options.sharedLimit);
}

function identityRows({ orders, customers }: Parameters<typeof findPersons>[1]): Sql {
  const parts = [
    ...(customers.length > 0
      ? [
          raw(`select customer_id, email, phone, person_key, name from stg_customer_rows
            where fate = ${fates.used} and customer_id is not null`),
        ]
      : []),
    ...(orders.some(hasContacts)
      ? [
          raw(`select distinct customer_id, email, phone, cast(null as varchar) as person_key, cast(null as varchar) as name from stg_order_groups
            where customer_id is not null`),
        ]
      : []),
  ];
  return sql`
    create table int_identity_rows as
    select ${holderKey} as holder_key, ${isGuest} as is_guest, customer_id, email, phone, person_key, name
    from (${parts.reduce((one, other) => sql`${one} union all ${other}`)}) as named`;
}

/** Table int_email_links: as int_links. Plain addresses are settled by the engine, the rest by `emailsOf`. */
async function emailLinks(engine: LoadingEngine): Promise<void> {
  await engine.run(sql`
    create table int_email_rows as
    select *, ${plainEmail(raw('content'))} as address from (
      select holder_key, is_guest, email as content from int_identity_rows where email is not null
      union all
      select holder_key, is_guest, customer_id from int_identity_rows where not is_guest and contains(customer_id, '@')
    ) as texts`);
  const odd = await textsOf(engine, sql`select distinct content from int_email_rows where address is null`);
  await storeReadings(
    engine,
    'int_email_readings',
    odd.flatMap((text): Reading[] => {
      const emails = emailsOf(text);
      if (emails.length === 0) return saysNoEmail(text) ? [[text, text.toLowerCase(), true]] : [];
      return emails.map((email): Reading => [text, email, isPlaceholderEmail(email)]);
    }),
  );
  await engine.run(sql`
    create table int_email_links as
    select holder_key, is_guest, ${raw(String(linkKinds.email))} as kind, address as value,
      ${placeholderEmail(raw('address'))} as is_placeholder
    from int_email_rows where address is not null
    union all
    select holder_key, is_guest, ${raw(String(linkKinds.email))}, value, is_placeholder
    from int_email_rows r join int_email_readings e on r.content = e.content where address is null`);
  await engine.run(raw('drop table int_email_rows'));
  await engine.run(raw('drop table int_email_readings'));
}

/**
 * Table int_phone_links: as int_links. Numbers of ordinary form are settled by the engine. Of the others, each
 * costs the library some microseconds, so that one in an ordinary form of another country is read only where its
 * last seven digits occur with another holder as well.
 */
async function phoneLinks(engine: LoadingEngine, reader: PhoneReader): Promise<void> {
  await engine.run(sql`
    create table int_phone_rows as
    select *, ${reader.plainNumber(raw('compact'))} as number, regexp_full_match(compact, '[+]?[0-9]{7,15}') as is_single
    from (
      select holder_key, is_guest, phone as content, ${compactPhone(raw('phone'))} as compact
      from int_identity_rows where phone is not null
    ) as texts`);
  const readings = (texts: readonly string[]) =>
    texts.flatMap((text): Reading[] => {
      const numbers = reader.numbersOf(text);
      if (numbers.length === 0) return saysNoPhone(text) ? [[text, text, true]] : [];
      return numbers.map((number): Reading => [text, number, isPlaceholderPhone(number)]);
    });
  const odd = await textsOf(
    engine,
    sql`select distinct content from int_phone_rows where number is null and (not is_single or is_guest)`,
  );
  await storeReadings(engine, 'int_odd_phones', readings(odd));
  const foreign = await textsOf(
    engine,
    sql`select distinct content from int_phone_rows where number is null and is_single and not is_guest
      and right(compact, 7) in (
        select tail from (
          select holder_key, right(coalesce(number, compact), 7) as tail from int_phone_rows where is_single
          union all
          select holder_key, right(value, 7) from int_phone_rows r join int_odd_phones o on r.content = o.content
        ) as tails group by tail having min(holder_key) <> max(holder_key))`,
  );
  await storeReadings(engine, 'int_foreign_phones', readings(foreign));
  await engine.run(sql`
    create table int_phone_links as
    select holder_key, is_guest, ${raw(String(linkKinds.phone))} as kind, number as value,
      ${placeholderPhone(raw('number'))} as is_placeholder
    from int_phone_rows where number is not null
    union all
    select holder_key, is_guest, ${raw(String(linkKinds.phone))}, value, is_placeholder
    from int_phone_rows r join (
      select * from int_odd_phones union all select * from int_foreign_phones
    ) as p on r.content = p.content where number is null`);
  for (const table of ['int_phone_rows', 'int_odd_phones', 'int_foreign_phones']) {
    await engine.run(raw(`drop table ${table}`));
  }
}

/** The text of a cell, a value in it, and whether that is a placeholder. */
export type Reading = readonly [content: string, value: string, isPlaceholder: boolean];

export async function textsOf(engine: LoadingEngine, query: Sql): Promise<string[]> {
  return (await engine.query(query)).map((row) => String(row.content));
}

/** Makes a table (content, value, is_placeholder); rows travel as JSON, some thousands at a time. */
export async function storeReadings(
  engine: LoadingEngine,
  table: string,
  readings: readonly Reading[],
): Promise<void> {
  await engine.run(raw(`create table ${table} (content varchar, value varchar, is_placeholder boolean)`));
  const atOnce = 20_000;
  for (let start = 0; start < readings.length; start += atOnce) {
    const batch = readings.slice(start, start + atOnce);
    const list = (index: 0 | 1 | 2) => JSON.stringify(batch.map((reading) => reading[index]));
    await engine.run(sql`
      insert into ${raw(table)}
      select unnest(from_json(${list(0)}, '["varchar"]')), unnest(from_json(${list(1)}, '["varchar"]')),
        unnest(from_json(${list(2)}, '["boolean"]'))`);
  }
}

/**
 * Tables int_shared and int_joining. Guests who share a value are told apart by their other contacts, not by how
 * these are written.
 */
async function sharedValues(engine: LoadingEngine, limit: number): Promise<void> {
  const isPersonId = raw(`kind = ${linkKinds.person_id}`);
  await engine.run(sql`
    create table int_shared_values as
    select kind, value, row_number() over () as value_number from int_links
    group by kind, value having min(holder_key) <> max(holder_key)`);
  await engine.run(sql`
    create table int_shared_links as
    select distinct value_number, holder_key, is_guest, is_placeholder
    from int_links l join int_shared_values v on l.kind = v.kind and l.value = v.value`);
  await engine.run(sql`
    create table int_shared as
    with signatures as (
      select holder_key, coalesce(min(case when kind = ${raw(String(linkKinds.email))} then value end), '') || chr(29)
        || coalesce(min(case when kind = ${raw(String(linkKinds.phone))} then value end), '') as signature
      from int_links where is_guest group by holder_key
    ),
    guests as (
      select value_number, count(distinct signature) as guests
      from int_shared_links join signatures using (holder_key) group by value_number
    ),
    ids as (
      select value_number, sum(case when is_guest then 0 else 1 end) as ids, bool_or(is_placeholder) as is_placeholder
      from int_shared_links group by value_number
    )
    select value_number, kind, value, ids, coalesce(guests, 0) as guests,
      case when is_placeholder then ${raw(String(verdicts.placeholder))}
        when not (${isPersonId}) and ids + coalesce(guests, 0) > ${raw(String(limit))}
          then ${raw(String(verdicts.shared_by_many))}
        else ${raw(String(verdicts.used))} end as verdict
    from int_shared_values join ids using (value_number) left join guests using (value_number)`);
  await engine.run(sql`
    create table int_joining as
    with good as (
      select holder_key, kind, value, value_number from int_shared_links join int_shared using (value_number)
      where verdict = ${raw(String(verdicts.used))}
    )
    select * from good where ${isPersonId} or holder_key not in (
      select holder_key from good where not (${isPersonId})
      group by holder_key having count(*) > ${raw(String(contactsOfOneCustomer))})`);
  for (const table of ['int_shared_values', 'int_shared_links']) await engine.run(raw(`drop table ${table}`));
}

/** Table int_roots (holder_key, root) of the holders that share something. */
async function joinHolders(engine: LoadingEngine): Promise<void> {
  await engine.run(sql`
    create table int_nodes as
    select holder_key, row_number() over () as node from (select distinct holder_key from int_joining) as holders`);
  await engine.run(sql`
    create table int_edges as
    select node as a, min(node) over (partition by value_number) as b
    from int_joining join int_nodes using (holder_key)`);
  await connectedComponents(engine);
  await engine.run(sql`
    create table int_roots as select holder_key, root from int_components join int_nodes using (node)`);
  for (const table of ['int_nodes', 'int_edges', 'int_components'])
    await engine.run(raw(`drop table ${table}`));
}

/** Over int_links l and int_shared s: a value that says who somebody is. */
export const isGood = raw('(not l.is_placeholder and coalesce(s.verdict, 0) = 0)');

/** The first e-mail, else the first phone, else the first person id of some links. */
function bestContact(kind: Sql, value: Sql): Sql {
  const first = (name: LinkKind) =>
    sql`min(case when ${kind} = ${raw(String(linkKinds[name]))} then ${value} end)`;
  return sql`coalesce(${first('email')}, ${first('phone')}, ${first('person_id')})`;
}

/** Tables int_members and int_persons. */
async function namePersons(engine: LoadingEngine): Promise<void> {
  await engine.run(sql`
    create table int_members as
    with ids as (
      select root, min(case when not starts_with(holder_key, chr(29))
          then lpad(cast(length(holder_key) as varchar), 9, '0') || holder_key end) as id
      from int_roots group by root
    ),
    contacts as (
      select root, ${bestContact(raw('l.kind'), raw('l.value'))} as contact
      from int_roots r join int_links l on r.holder_key = l.holder_key
      left join int_shared s on l.kind = s.kind and l.value = s.value
      where ${isGood} and root in (select root from ids where id is null) group by root
    )
    select holder_key, coalesce(substr(id, 10), contact) as person_id
    from int_roots join ids using (root) left join contacts using (root)`);
  await engine.run(raw('drop table int_roots'));
  // Guests on their own go by the contact that is good, not by the first one written.
  await engine.run(sql`
    create table int_persons as
    select holder_key, person_id from int_members where holder_key <> person_id
    union all
    select holder_key, person_id from (
      select g.holder_key, min(g.customer_id) as customer_id,
        coalesce(${bestContact(sql`case when ${isGood} then l.kind end`, raw('l.value'))},
          case when bool_or(not ${isGood}) then null
            else min(g.customer_id) end) as person_id
      from (
        select distinct holder_key, customer_id from int_identity_rows
        where is_guest and holder_key not in (select holder_key from int_members)
      ) as g
      left join int_links l on g.holder_key = l.holder_key
      left join int_shared s on l.kind = s.kind and l.value = s.value
      group by g.holder_key
    ) as guests where person_id is distinct from customer_id`);
}

async function summary(engine: LoadingEngine, country: PhoneCountry, sharedLimit: number): Promise<Identity> {
  const [totals] = await engine.query(sql`
    select count(*) filter (where not starts_with(holder_key, chr(29))) as ids,
      count(*) filter (where starts_with(holder_key, chr(29))) as guests, count(distinct person_id) as persons
    from int_members`);
  const [kinds] = await engine.query(sql`
    select count(*) filter (where kinds = 2) as by_email, count(*) filter (where kinds = 4) as by_phone,
      count(*) filter (where kinds = 6) as by_both, count(*) filter (where kinds >= 8) as by_person_id
    from (
      select person_id, bit_or(case kind ${join(
        Object.values(linkKinds).map((kind) => raw(`when ${kind} then ${2 ** kind}`)),
        ' ',
      )} end) as kinds
      from int_members join int_joining using (holder_key) group by person_id
    ) as persons`);
  const many = await engine.query(sql`
    select value, ids + guests as customers, count(*) over () as n from int_shared
    where verdict = ${raw(String(verdicts.shared_by_many))} order by customers desc, value limit 3`);
  return {
    country,
    sharedLimit,
    joinedIds: Number(totals?.ids),
    joinedGuests: Number(totals?.guests),
    persons: Number(totals?.persons),
    byEmail: Number(kinds?.by_email),
    byPhone: Number(kinds?.by_phone),
    byBoth: Number(kinds?.by_both),
    byPersonId: Number(kinds?.by_person_id),
    sharedByMany: many.map((row) => ({ value: String(row.value), customers: Number(row.customers) })),
    sharedByManyCount: Number(many[0]?.n ?? 0),
  };
}
