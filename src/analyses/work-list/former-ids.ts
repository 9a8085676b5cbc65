import type { Notice } from '../../core/table.js';
import { sayCount } from '../../core/text.js';
import type { LoadingEngine } from '../../engines/loader.js';
import type { Base } from '../../model/base.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import type { FormerList } from '../../workbook/former-list.js';
import { matchKeys } from '../../workbook/keys.js';

/** What the ids of a former list are today. */
export interface FormerIds {
  /** Those that the base has as they are. */
  readonly known: ReadonlySet<string>;
  /** Today's id of those that are another now: persons get new ids, programs drop zeros. */
  readonly today: ReadonlyMap<string, string>;
  /** Persons of the list whose id is another now. */
  readonly notices: readonly Notice[];
}

export const noFormerIds: FormerIds = { known: new Set(), today: new Map(), notices: [] };

/** Values in one statement. */
const batch = 500;
/** So many persons are told of one by one. */
const named = 20;

/**
 * Finds the ids of a former list, of its archive too, in the base. A person's id changes where another customer turns
 * out to be the same person, or a guest becomes a customer.
 */
export async function formerIds(engine: LoadingEngine, base: Base, former: FormerList): Promise<FormerIds> {
  const keys = [...new Set([...former.rows.keys(), ...former.ids, ...former.written, ...former.archived])];
  if (keys.length === 0) return noFormerIds;
  await engine.run(raw('create table int_former_ids (id varchar)'));
  await addIds(engine, keys);
  const hasPersons = base.identity !== null;
  const hasFile = base.accounts.some(({ role }) => role === 'customers');
  const ids = join(
    [
      ...(base.orders ? [raw('select customer_id as id from int_orders')] : []),
      ...(hasFile ? [raw('select customer_id as id from stg_customers')] : []),
      ...(hasPersons ? [raw('select holder_key as id from int_persons')] : []),
    ],
    ' union ',
  );
  const known = await texts(engine, sql`select id from int_former_ids where id in (${ids})`);

  const isNumber = (key: string) => /^\d+$/.test(key) && !known.has(key) && !former.written.has(key);
  const numbers = keys.filter(isNumber);
  const alike =
    numbers.length === 0
      ? new Set<string>()
      : await texts(
          engine,
          sql`select distinct b.id from (${ids}) as b join int_former_ids f on ltrim(f.id, '0') = ltrim(b.id, '0')`,
        );
  const meant = matchKeys(numbers, alike);
  await addIds(engine, [...new Set(meant.values())]);
  const persons = hasPersons ? await personsOf(engine) : new Map<string, string>();
  const today = new Map<string, string>();
  const renamed: [string, string][] = [];
  for (const key of keys) {
    const id = meant.get(key) ?? key;
    const person = persons.get(id);
    if (person !== undefined && former.rows.has(key)) renamed.push([id, person]);
    if ((person ?? id) !== key) today.set(key, person ?? id);
  }
  await engine.run(raw('drop table int_former_ids'));
  return { known, today, notices: renamedNotices(renamed) };
}

async function addIds(engine: LoadingEngine, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += batch) {
    const rows = ids.slice(from, from + batch).map((id) => sql`(${id})`);
    await engine.run(sql`insert into int_former_ids values ${join(rows, ', ')}`);
  }
}

/** Persons by the ids of table int_former_ids, or the contacts by which guests went, that are theirs. */
async function personsOf(engine: LoadingEngine): Promise<Map<string, string>> {
  const rows = await engine.query(sql`
    select f.id, p.person_id, 0 as rank from int_former_ids f join int_persons p on p.holder_key = f.id
    where p.person_id is not null
    union
    select f.id, m.person_id, 1 from int_former_ids f join int_joining j on j.value = f.id
    join int_members m on m.holder_key = j.holder_key
    where m.person_id <> f.id and f.id not in (select holder_key from int_members)
    order by 3 desc, 1, 2 desc`);
  return new Map(rows.map(({ id, person_id }) => [String(id), String(person_id)]));
}

async function texts(engine: LoadingEngine, query: Sql): Promise<Set<string>> {
  return new Set((await engine.query(query)).map(({ id }) => String(id)));
}

function renamedNotices(renamed: readonly (readonly [string, string])[]): Notice[] {
  const code = 'list_renamed';
  const notices = renamed.slice(0, named).map(([id, person]): Notice => {
    return {
      code,
      level: 'info',
      text: {
        en: `'${id}' is now '${person}', the same person by its contacts; the row stays, with what is written there.`,
        ru: `«${id}» теперь «${person}»: по контактам это одно лицо; строка остаётся со всеми записями.`,
      },
    };
  });
  if (renamed.length <= named) return notices;
  const more = sayCount(renamed.length - named);
  return [
    ...notices,
    {
      code,
      level: 'info',
      text: { en: `... and ${more.en} more such`, ru: `... и ещё таких: ${more.ru}` },
    },
  ];
}
