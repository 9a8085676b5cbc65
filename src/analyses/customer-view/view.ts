import { addDays } from '../../core/dates.js';
import type { LoadingEngine } from '../../engines/loader.js';
import { subscriptionActivity } from '../../model/activity.js';
import type { Base } from '../../model/base.js';
import { type Cadence, cadence } from '../../model/cadence.js';
import { acquisitionChannels } from '../../model/channels.js';
import { customerFacts } from '../../model/customer-facts.js';
import { fates } from '../../model/fate.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import { type RfmOptions, rfmScores } from '../rfm/scores.js';
import {
  type CustomerColumn,
  customerColumns,
  isTold,
  type ViewContext,
  type ViewPart,
  viewContext,
} from './columns.js';

/** The customer view of a base, ready to be asked. */
export interface CustomerView {
  readonly context: ViewContext;
  /** Rows with the columns asked for: a from-clause. Who is in it: everybody with an order or in a file of customers. */
  rows(columns: readonly string[]): Sql;
  /** Where cadences were needed. */
  readonly cadence: Cadence | null;
}

/** Makes the tables that some columns of the customer view are computed from, and no others. */
export async function customerView(
  engine: LoadingEngine,
  base: Base,
  names: readonly string[],
  rfm: RfmOptions,
): Promise<CustomerView> {
  const context = viewContext(base, engine.dialect);
  const told = customerColumns.filter((column) => names.includes(column.name) && isTold(column, context));
  const needs = (part: ViewPart) => told.some(({ from }) => from.includes(part)) && context.has.has(part);
  let found: Cadence | null = null;
  if (context.has.has('f')) {
    await customerFacts(engine, {
      asOf: base.asOf,
      purchaseDays: told.some(({ name }) => name === 'purchase_days'),
    });
    if (needs('p')) found = await cadence(engine);
    if (needs('r')) await rfmScores(engine, rfm);
  }
  if (needs('s')) for (const statement of subscriptionActivity(engine)) await engine.run(statement);
  return { context, cadence: found, rows: (columns) => viewRows(columns, context) };
}

const sqlTypes: Partial<Record<CustomerColumn['kind'], string>> = {
  text: 'varchar',
  date: 'date',
  boolean: 'boolean',
  money: 'decimal(38,4)',
};

function viewRows(names: readonly string[], context: ViewContext): Sql {
  const columns = customerColumns.filter(({ name }) => names.includes(name));
  const told = columns.filter((column) => isTold(column, context));
  const parts = new Set(told.flatMap(({ from }) => from).filter((part) => context.has.has(part)));
  const cells = columns.map((column) =>
    told.includes(column)
      ? sql`${column.sql(context)} as ${raw(column.name)}`
      : raw(`cast(null as ${sqlTypes[column.kind] ?? 'double'}) as ${column.name}`),
  );
  const { has } = context;
  const people =
    has.has('f') && has.has('c')
      ? 'int_customers f full outer join stg_customers c on c.customer_id = f.customer_id'
      : has.has('f')
        ? 'int_customers f'
        : 'stg_customers c';
  const id =
    has.has('f') && has.has('c')
      ? 'coalesce(f.customer_id, c.customer_id)'
      : has.has('f')
        ? 'f.customer_id'
        : 'c.customer_id';
  const further: readonly (readonly [ViewPart, Sql])[] = [
    ['r', raw('int_rfm')],
    ['p', raw('int_cadence')],
    ['k', contacts],
    ['s', subscribers(context)],
    ['t', lastContacts(context)],
    [
      'a',
      sql`(${acquisitionChannels(sql`(select ${raw(id)} as customer_id from ${raw(people)})`, context.channels)})`,
    ],
  ];
  const joined = further
    .filter(([part]) => parts.has(part))
    .map(([part, table]) => sql` left join ${table} ${raw(`${part} on ${part}.customer_id = ${id}`)}`);
  return sql`(select ${join(cells, ', ')} from ${raw(people)}${join(joined, '')}) as customers`;
}

/**
 * E-mails and phones of persons as orders and files of customers have them; of several the first by letters. A
 * from-clause, where a base has persons.
 */
export const contacts = sql`(
  select case when p.holder_key is null then i.customer_id else p.person_id end as customer_id,
    min(i.email) as email, min(i.phone) as phone
  from int_identity_rows i left join int_persons p on p.holder_key = i.holder_key group by 1)`;

/** The last day up to the as-of date on which each was contacted. */
function lastContacts({ asOf }: ViewContext): Sql {
  return sql`(select customer_id, max(contacted_on) as contacted_on from stg_contacts
    where fate = ${raw(String(fates.used))} and contacted_on <= cast(${asOf} as date) group by customer_id)`;
}

/** Customers whose subscription runs on the as-of date. */
function subscribers({ asOf }: ViewContext): Sql {
  const end = sql`cast(${addDays(asOf, 1)} as date)`;
  return sql`(select distinct customer_id from int_subscriptions
    where starts_on < ${end} and (ends_on is null or ends_on >= ${end}))`;
}
