import type { LoadingEngine } from '../../engines/loader.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import type { PhoneCountry } from './country.js';
import { emailsOf, isPlaceholderEmail, plainEmail } from './email.js';
import { holderKey, isGuest } from './holders.js';
import { isGood, linkKinds, type Reading, storeReadings, textsOf } from './persons.js';
import { compactPhone, isPlaceholderPhone, phoneReader } from './phone.js';

/**
 * Gives the rows of a table, columns customer_id, email and phone, the persons of `findPersons`: those with an id by
 * it, those without by their e-mail, or else their phone, which the table has no more then. Rows of nobody that is
 * known keep what they name. It tells no persons of its own: a mailing list joins nobody.
 */
export async function nameCustomers(
  engine: LoadingEngine,
  table: string,
  country: PhoneCountry,
): Promise<void> {
  const target = raw(table);
  const reader = phoneReader(country.country);
  await engine.run(sql`
    create table int_lookup as
    select *, ${plainEmail(raw('email'))} as address, ${reader.plainNumber(raw('compact'))} as number from (
      select *, ${compactPhone(raw('phone'))} as compact
      from (select distinct ${holderKey} as guest_key, email, phone from ${target} where ${isGuest}) as guests) as written`);
  const first = (text: string, values: readonly string[], isPlaceholder: (value: string) => boolean) => {
    const value = values.find((one) => !isPlaceholder(one));
    return value === undefined ? [] : [[text, value, false] satisfies Reading];
  };
  const odd = async (column: 'email' | 'phone', known: string, read: (text: string) => Reading[]) => {
    const texts = await textsOf(
      engine,
      sql`select distinct ${raw(column)} as content from int_lookup where ${raw(column)} is not null and ${raw(known)} is null`,
    );
    await storeReadings(engine, `int_odd_${column}s_looked_up`, texts.flatMap(read));
  };
  await odd('email', 'address', (text) => first(text, emailsOf(text), isPlaceholderEmail));
  await odd('phone', 'number', (text) => first(text, reader.numbersOf(text), isPlaceholderPhone));
  const known = (kind: keyof typeof linkKinds): Sql => sql`
    (select l.value, min(coalesce(p.person_id, r.customer_id)) as person_id
    from int_links l join int_identity_rows r on r.holder_key = l.holder_key
    left join int_persons p on p.holder_key = l.holder_key
    left join int_shared s on s.kind = l.kind and s.value = l.value
    where l.kind = ${raw(String(linkKinds[kind]))} and ${isGood} group by l.value)`;
  // Foreign numbers that one customer alone has are not read as numbers, so they are compared as they are written.
  const asWritten = sql`
    (select compact, min(person_id) as person_id from (
      select ${compactPhone(raw('r.phone'))} as compact, coalesce(p.person_id, r.customer_id) as person_id
      from int_identity_rows r left join int_persons p on p.holder_key = r.holder_key where r.phone is not null
    ) as phones
    where compact in (select compact from int_lookup where number is null)
    group by compact having min(person_id) = max(person_id))`;
  await engine.run(sql`
    create table int_looked_up as
    select g.guest_key, min(coalesce(a.person_id, n.person_id, w.person_id)) as person_id
    from int_lookup g
    left join int_odd_emails_looked_up e on e.content = g.email
    left join int_odd_phones_looked_up t on t.content = g.phone
    left join ${known('email')} as a on a.value = coalesce(g.address, e.value)
    left join ${known('phone')} as n on n.value = coalesce(g.number, t.value)
    left join ${asWritten} as w on w.compact = g.compact
    where coalesce(a.person_id, n.person_id, w.person_id) is not null group by g.guest_key`);
  // Made anew, as an update of so many texts takes several times as long.
  const named = raw(`${table}_named`);
  await engine.run(sql`
    create table ${named} as
    select r.* exclude (customer_id, email, phone, holder), case when p.holder_key is not null then p.person_id
      when f.guest_key is not null then f.person_id else r.customer_id end as customer_id
    from (select *, ${holderKey} as holder from ${target}) as r
    left join int_persons p on p.holder_key = r.holder left join int_looked_up f on f.guest_key = r.holder`);
  await engine.run(sql`drop table ${target}`);
  await engine.run(sql`alter table ${named} rename to ${target}`);
  for (const name of [
    'int_lookup',
    'int_looked_up',
    'int_odd_emails_looked_up',
    'int_odd_phones_looked_up',
  ]) {
    await engine.run(raw(`drop table ${name}`));
  }
}
