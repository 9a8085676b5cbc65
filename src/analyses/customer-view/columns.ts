import { type Day, partsOf } from '../../core/dates.js';
import type { Kind } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { Field } from '../../input/vocabulary.js';
import type { Base } from '../../model/base.js';
import type { ChannelSources } from '../../model/channels.js';
import type { Dialect } from '../../sql/dialect.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import { segments } from '../rfm/segments.js';

/** Parts that the view is joined from, by the alias of each. */
export const viewParts = {
  /** int_customers: orders and revenue. */
  f: 'facts',
  /** int_rfm: scores and segment. */
  r: 'scores',
  /** int_cadence. */
  p: 'cadence',
  /** stg_customers: what the files of customers say. */
  c: 'details',
  /** E-mails and phones of orders. */
  k: 'contacts',
  /** Who is subscribed. */
  s: 'subscribers',
  /** stg_contacts: the last time each was written to or called. */
  t: 'contact log',
  /** Acquisition channels, by files of customers and first orders. */
  a: 'channels',
} as const;
export type ViewPart = keyof typeof viewParts;

/** What the columns of the view are computed with. */
export interface ViewContext {
  readonly dialect: Dialect;
  readonly asOf: Day;
  /** Parts that the base has. */
  readonly has: ReadonlySet<ViewPart>;
  readonly fields: ReadonlySet<Field>;
  readonly channels: ChannelSources;
}

/** A column of the customer view. */
export interface CustomerColumn {
  /** Stable: named in conditions, JSON key and CSV header. */
  readonly name: string;
  readonly label: Text;
  readonly kind: Kind;
  readonly digits?: number;
  readonly description: Text;
  /** For text of fixed codes: what people read. */
  readonly values?: Readonly<Record<string, Text>>;
  /** Parts that it is computed from; the base must have one of them. */
  readonly from: readonly ViewPart[];
  /** Fields of which the files must have one; none where `from` says enough. */
  readonly fields?: readonly Field[];
  readonly sql: (context: ViewContext) => Sql;
}

/** Whether the files tell a column at all. */
export function isTold({ from, fields }: CustomerColumn, { has, fields: known }: ViewContext): boolean {
  const isFieldTold = fields === undefined || fields.some((field) => known.has(field));
  return isFieldTold && (from.length === 0 || from.some((part) => has.has(part)));
}

/** What the files of a base tell. */
export function viewContext(base: Base, dialect: Dialect): ViewContext {
  const has = new Set<ViewPart>();
  if (base.orders) for (const part of ['f', 'r', 'p'] as const) has.add(part);
  if (base.accounts.some(({ role }) => role === 'customers')) has.add('c');
  if (base.identity !== null) has.add('k');
  if (base.subscriptions) has.add('s');
  if (base.contacts) has.add('t');
  const { channels } = base;
  if (channels.customers || channels.orders) has.add('a');
  const fields = new Set<Field>([
    ...base.customerFields,
    ...(base.contacts ? (['last_contact'] as const) : []),
    ...(channels.orders ? (['channel'] as const) : []),
  ]);
  return { dialect, asOf: base.asOf, has, fields, channels };
}

const day = ({ asOf }: ViewContext) => sql`cast(${asOf} as date)`;
const daysSince = (column: string) => (context: ViewContext) =>
  context.dialect.daysBetween(raw(column), day(context));
const daysTo = (column: string) => (context: ViewContext) =>
  context.dialect.daysBetween(day(context), raw(column));
const plain = (column: string) => () => raw(column);

/** The first of some expressions that is known, of those whose part the base has. */
function firstOf(...candidates: readonly (readonly [ViewPart, string])[]) {
  return ({ has }: ViewContext): Sql => {
    const known = candidates.flatMap(([part, column]) => (has.has(part) ? [column] : []));
    return raw(known.length === 1 ? known[0]! : `coalesce(${known.join(', ')})`);
  };
}

/** The later of what the files of customers say and the log of contacts. */
function lastContact({ has }: ViewContext): Sql {
  if (!has.has('t')) return raw('c.last_contact_on');
  if (!has.has('c')) return raw('t.contacted_on');
  return raw(
    'case when t.contacted_on is null or c.last_contact_on > t.contacted_on then c.last_contact_on else t.contacted_on end',
  );
}

/** Every column of the view, in the order in which documentation shows them. */
export const customerColumns: readonly CustomerColumn[] = [
  {
    name: 'customer_id',
    label: { en: 'Customer', ru: 'Клиент' },
    kind: 'text',
    description: {
      en: 'customer id; of a guest the e-mail or phone',
      ru: 'код клиента; у гостя почта или телефон',
    },
    from: [],
    sql: firstOf(['f', 'f.customer_id'], ['c', 'c.customer_id']),
  },
  {
    name: 'name',
    label: { en: 'Name', ru: 'Имя' },
    kind: 'text',
    description: { en: 'name, with the last name behind it', ru: 'имя, за ним фамилия' },
    from: ['c'],
    fields: ['name', 'last_name'],
    sql: plain('c.name'),
  },
  {
    name: 'email',
    label: { en: 'E-mail', ru: 'Почта' },
    kind: 'text',
    description: { en: 'e-mail of the customer, else of an order', ru: 'почта клиента, иначе из заказа' },
    from: ['c', 'k'],
    fields: ['email'],
    sql: firstOf(['c', 'c.email'], ['k', 'k.email']),
  },
  {
    name: 'phone',
    label: { en: 'Phone', ru: 'Телефон' },
    kind: 'text',
    description: { en: 'phone of the customer, else of an order', ru: 'телефон клиента, иначе из заказа' },
    from: ['c', 'k'],
    fields: ['phone'],
    sql: firstOf(['c', 'c.phone'], ['k', 'k.phone']),
  },
  {
    name: 'has_email',
    label: { en: 'Has e-mail', ru: 'Есть почта' },
    kind: 'boolean',
    description: { en: 'whether an e-mail is known', ru: 'известна ли почта' },
    from: ['c', 'k'],
    fields: ['email'],
    sql: (context) => sql`(${firstOf(['c', 'c.email'], ['k', 'k.email'])(context)} is not null)`,
  },
  {
    name: 'has_phone',
    label: { en: 'Has phone', ru: 'Есть телефон' },
    kind: 'boolean',
    description: { en: 'whether a phone is known', ru: 'известен ли телефон' },
    from: ['c', 'k'],
    fields: ['phone'],
    sql: (context) => sql`(${firstOf(['c', 'c.phone'], ['k', 'k.phone'])(context)} is not null)`,
  },
  {
    name: 'orders',
    label: { en: 'Orders', ru: 'Заказы' },
    kind: 'integer',
    description: {
      en: 'orders, neither cancelled nor wholly returned; 0 for customers of the files without any',
      ru: 'заказы, не отменённые и не возвращённые целиком; 0 у клиентов из файлов без заказов',
    },
    from: ['f'],
    sql: plain('coalesce(f.orders, 0)'),
  },
  {
    name: 'revenue',
    label: { en: 'Revenue', ru: 'Выручка' },
    kind: 'money',
    description: {
      en: 'revenue after discount, less returns; 0 without orders',
      ru: 'выручка после скидки за вычетом возвратов; 0 без заказов',
    },
    from: ['f'],
    sql: plain('coalesce(f.revenue, 0)'),
  },
  {
    name: 'aov',
    label: { en: 'Average order', ru: 'Средний чек' },
    kind: 'money',
    description: { en: 'revenue / orders', ru: 'выручка / заказы' },
    from: ['f'],
    sql: plain('cast(cast(f.revenue as double) / f.orders as decimal(38,4))'),
  },
  {
    name: 'first_order',
    label: { en: 'First order', ru: 'Первый заказ' },
    kind: 'date',
    description: { en: 'day of the first order', ru: 'день первого заказа' },
    from: ['f'],
    sql: plain('f.first_on'),
  },
  {
    name: 'last_order',
    label: { en: 'Last order', ru: 'Последний заказ' },
    kind: 'date',
    description: { en: 'day of the last order', ru: 'день последнего заказа' },
    from: ['f'],
    sql: plain('f.last_on'),
  },
  {
    name: 'days_since_first_order',
    label: { en: 'Days since first order', ru: 'Дней с первого заказа' },
    kind: 'days',
    description: {
      en: 'days from the first order to the as-of date',
      ru: 'дней от первого заказа до даты отчёта',
    },
    from: ['f'],
    sql: daysSince('f.first_on'),
  },
  {
    name: 'days_since_last_order',
    label: { en: 'Days since last order', ru: 'Дней с последнего заказа' },
    kind: 'days',
    description: {
      en: 'days from the last order to the as-of date',
      ru: 'дней от последнего заказа до даты отчёта',
    },
    from: ['f'],
    sql: plain('f.recency_days'),
  },
  {
    name: 'purchase_days',
    label: { en: 'Purchase days', ru: 'Дни с покупками' },
    kind: 'integer',
    description: {
      en: 'different days with an order; 0 without orders',
      ru: 'разные дни с заказами; 0 без заказов',
    },
    from: ['f'],
    sql: plain('coalesce(f.purchase_days, 0)'),
  },
  {
    name: 'recency_score',
    label: { en: 'R', ru: 'R' },
    kind: 'integer',
    description: {
      en: 'RFM score of recency, 1 (long ago) to 5 or the number of bins, as retain rfm gives it',
      ru: 'балл RFM за давность, от 1 (давно) до 5 или числа баллов, как в retain rfm',
    },
    from: ['r'],
    sql: plain('r.recency_score'),
  },
  {
    name: 'frequency_score',
    label: { en: 'F', ru: 'F' },
    kind: 'integer',
    description: {
      en: 'RFM score of orders, 1 (few) to 5 or the number of bins',
      ru: 'балл RFM за число заказов, от 1 (мало) до 5 или числа баллов',
    },
    from: ['r'],
    sql: plain('r.frequency_score'),
  },
  {
    name: 'monetary_score',
    label: { en: 'M', ru: 'M' },
    kind: 'integer',
    description: {
      en: 'RFM score of revenue (with --monetary average per order), 1 (little) to 5 or the number of bins',
      ru: 'балл RFM за выручку (с --monetary average на заказ), от 1 (мало) до 5 или числа баллов',
    },
    from: ['r'],
    sql: plain('r.monetary_score'),
  },
  {
    name: 'segment',
    label: { en: 'Segment', ru: 'Сегмент' },
    kind: 'text',
    values: Object.fromEntries(segments.map(({ code, label }) => [code, label])),
    description: {
      en: 'RFM segment; conditions take its code or its name',
      ru: 'сегмент RFM; в условии можно писать код или название',
    },
    from: ['r'],
    sql: plain('r.segment'),
  },
  {
    name: 'cadence',
    label: { en: 'Usual gap, days', ru: 'Обычный промежуток, дней' },
    kind: 'days',
    digits: 1,
    description: {
      en: 'median days between purchase days; after one or two purchases shrunk toward what is typical of the base',
      ru: 'медиана дней между покупками; после одной или двух покупок сдвинута к типичной для базы',
    },
    from: ['p'],
    sql: plain('p.cadence_days'),
  },
  {
    name: 'overdue_ratio',
    label: { en: 'Overdue', ru: 'Просрочка' },
    kind: 'ratio',
    description: {
      en: 'days since the last order / cadence: 2 is silent for twice the usual gap',
      ru: 'дней с последнего заказа / обычный промежуток: 2 значит вдвое дольше обычного',
    },
    from: ['p'],
    sql: plain('f.recency_days / nullif(p.cadence_days, 0)'),
  },
  {
    name: 'channel',
    label: { en: 'Channel', ru: 'Канал' },
    kind: 'text',
    description: {
      en: 'acquisition channel of the files of customers, else that of the first order',
      ru: 'канал привлечения из файлов клиентов, иначе канал первого заказа',
    },
    from: ['a'],
    fields: ['channel'],
    sql: plain('a.channel'),
  },
  {
    name: 'manager',
    label: { en: 'Manager', ru: 'Менеджер' },
    kind: 'text',
    description: { en: 'who is responsible for the customer', ru: 'кто отвечает за клиента' },
    from: ['c'],
    fields: ['manager'],
    sql: plain('c.manager'),
  },
  {
    name: 'preferred_channel',
    label: { en: 'Preferred channel', ru: 'Канал связи' },
    kind: 'text',
    description: { en: 'how the customer wants to be reached', ru: 'как клиент предпочитает общаться' },
    from: ['c'],
    fields: ['preferred_channel'],
    sql: plain('c.preferred_channel'),
  },
  {
    name: 'consent',
    label: { en: 'Consent', ru: 'Согласие' },
    kind: 'boolean',
    description: {
      en: 'whether the customer agreed to messages; unknown where the file says neither',
      ru: 'согласен ли клиент на рассылку; неизвестно, если в файле не сказано',
    },
    from: ['c'],
    fields: ['consent'],
    sql: plain('c.consent'),
  },
  {
    name: 'last_contact',
    label: { en: 'Last contact', ru: 'Последний контакт' },
    kind: 'date',
    description: {
      en: 'day of the last contact, by the files of customers or of contacts',
      ru: 'день последнего контакта по файлам клиентов или контактов',
    },
    from: ['c', 't'],
    fields: ['last_contact'],
    sql: lastContact,
  },
  {
    name: 'days_since_contact',
    label: { en: 'Days since contact', ru: 'Дней с контакта' },
    kind: 'days',
    description: {
      en: 'days from the last contact to the as-of date; below 0 where it came later',
      ru: 'дней от последнего контакта до даты отчёта; меньше 0, если он был позже',
    },
    from: ['c', 't'],
    fields: ['last_contact'],
    sql: (context) => context.dialect.daysBetween(sql`(${lastContact(context)})`, day(context)),
  },
  {
    name: 'bonus',
    label: { en: 'Bonus', ru: 'Бонусы' },
    kind: 'ratio',
    description: { en: 'balance of bonuses or points', ru: 'остаток бонусов или баллов' },
    from: ['c'],
    fields: ['bonus'],
    sql: plain('c.bonus'),
  },
  {
    name: 'bonus_expires',
    label: { en: 'Bonus expires', ru: 'Бонусы до' },
    kind: 'date',
    description: { en: 'day on which the bonus expires', ru: 'день, когда сгорают бонусы' },
    from: ['c'],
    fields: ['bonus_expires'],
    sql: plain('c.bonus_expires_on'),
  },
  {
    name: 'days_to_bonus_expiry',
    label: { en: 'Days to bonus expiry', ru: 'Дней до сгорания' },
    kind: 'days',
    description: {
      en: 'days from the as-of date until the bonus expires; below 0 where it has',
      ru: 'дней от даты отчёта до сгорания бонусов; меньше 0, если уже сгорели',
    },
    from: ['c'],
    fields: ['bonus_expires'],
    sql: daysTo('c.bonus_expires_on'),
  },
  {
    name: 'sex',
    label: { en: 'Sex', ru: 'Пол' },
    kind: 'text',
    values: { female: { en: 'female', ru: 'женский' }, male: { en: 'male', ru: 'мужской' } },
    description: { en: 'female or male', ru: 'женский или мужской' },
    from: ['c'],
    fields: ['sex'],
    sql: plain('c.sex'),
  },
  {
    name: 'birthday',
    label: { en: 'Birthday', ru: 'День рождения' },
    kind: 'date',
    description: { en: 'date of birth', ru: 'дата рождения' },
    from: ['c'],
    fields: ['birthday'],
    sql: plain('c.birthday'),
  },
  {
    name: 'days_to_birthday',
    label: { en: 'Days to birthday', ru: 'Дней до дня рождения' },
    kind: 'days',
    description: {
      en: 'days from the as-of date to the next birthday, 0 on the day; 29 February is 28 February in other years',
      ru: 'дней от даты отчёта до ближайшего дня рождения, 0 в сам день; 29 февраля в обычный год считается 28-м',
    },
    from: ['c'],
    fields: ['birthday'],
    sql: daysToBirthday,
  },
  {
    name: 'age',
    label: { en: 'Age', ru: 'Возраст' },
    kind: 'integer',
    description: { en: 'whole years on the as-of date', ru: 'полных лет на дату отчёта' },
    from: ['c'],
    fields: ['birthday'],
    sql: age,
  },
  {
    name: 'registered',
    label: { en: 'Registered', ru: 'Регистрация' },
    kind: 'date',
    description: { en: 'day of registration', ru: 'день регистрации' },
    from: ['c'],
    fields: ['registered'],
    sql: plain('c.registered_on'),
  },
  {
    name: 'subscribed',
    label: { en: 'Subscribed', ru: 'Подписан' },
    kind: 'boolean',
    description: {
      en: 'whether a subscription runs on the as-of date',
      ru: 'действует ли подписка на дату отчёта',
    },
    from: ['s'],
    sql: plain('(s.customer_id is not null)'),
  },
  {
    name: 'subscription_status',
    label: { en: 'Subscription', ru: 'Подписка' },
    kind: 'text',
    description: {
      en: 'status of the subscription as it is written; of several the current one, else the latest',
      ru: 'статус подписки, как он записан; из нескольких текущая, иначе последняя',
    },
    from: ['c'],
    fields: ['subscription_status'],
    sql: plain('c.subscription_status'),
  },
  {
    name: 'subscription_start',
    label: { en: 'Subscription start', ru: 'Начало подписки' },
    kind: 'date',
    description: { en: 'its first day', ru: 'её первый день' },
    from: ['c'],
    fields: ['subscription_start'],
    sql: plain('c.subscription_start'),
  },
  {
    name: 'subscription_end',
    label: { en: 'Subscription end', ru: 'Конец подписки' },
    kind: 'date',
    description: { en: 'its end or the day of cancellation', ru: 'её конец или день отмены' },
    from: ['c'],
    fields: ['cancelled_on'],
    sql: plain('c.cancelled_on'),
  },
  {
    name: 'days_to_subscription_end',
    label: { en: 'Days to subscription end', ru: 'Дней до конца подписки' },
    kind: 'days',
    description: {
      en: 'days from the as-of date to its end; below 0 where it has ended',
      ru: 'дней от даты отчёта до её конца; меньше 0, если закончилась',
    },
    from: ['c'],
    fields: ['cancelled_on'],
    sql: daysTo('c.cancelled_on'),
  },
  {
    name: 'cancellation_reason',
    label: { en: 'Reason of cancellation', ru: 'Причина отмены' },
    kind: 'text',
    description: { en: 'why it was cancelled, as it is written', ru: 'почему отменена, как записано' },
    from: ['c'],
    fields: ['cancellation_reason'],
    sql: plain('c.cancellation_reason'),
  },
];

/** Month and day of the birthday in a year: 'MM-DD'. */
function monthAndDay(year: number): string {
  const text = 'substr(cast(c.birthday as varchar), 6, 5)';
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29;
  return isLeap ? text : `(case when ${text} = '02-29' then '02-28' else ${text} end)`;
}

function daysToBirthday(context: ViewContext): Sql {
  const [year] = partsOf(context.asOf);
  const [now, next] = [monthAndDay(year), monthAndDay(year + 1)];
  const birthday = sql`cast(case when ${raw(now)} >= ${context.asOf.slice(5)} then ${`${year}-`} || ${raw(now)}
    else ${`${year + 1}-`} || ${raw(next)} end as date)`;
  return context.dialect.daysBetween(day(context), birthday);
}

function age({ asOf }: ViewContext): Sql {
  const [year] = partsOf(asOf);
  return sql`case when c.birthday <= cast(${asOf} as date) then ${raw(String(year))} - extract(year from c.birthday)
    - case when ${raw(monthAndDay(year))} > ${asOf.slice(5)} then 1 else 0 end end`;
}
