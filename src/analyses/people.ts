import type { Day } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Cell, Column, Notice, Report, ResultTable, Unit } from '../core/table.js';
import { sayCount, type Text } from '../core/text.js';
import type { Engine } from '../engines/engine.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { ActivityWindow } from '../model/activity.js';
import type { Base } from '../model/base.js';
import { holderKey } from '../model/identity/holders.js';
import { type Identity, linkKinds, verdicts } from '../model/identity/persons.js';
import { baseOf, type InputRequest, withEngine, withInputs } from '../model/session.js';
import { raw, sql } from '../sql/sql.js';
import { kpis, reasons } from './kpi.js';
import { kpiTable } from './kpis.js';
import { computeKpis, type PeriodRequest, type ReportPeriods } from './metrics.js';
import { metricsParameters } from './metrics-parameters.js';

/** What `retain people` is asked. */
export interface PeopleRequest extends InputRequest {
  readonly period: string | undefined;
  readonly from: Day | undefined;
  /** The last day of the period, included. */
  readonly to: Day | undefined;
  readonly activeDays: number | 'auto';
}

/** Rows of a list that a terminal shows. */
const terminalRows = 20;

/**
 * Who is one person: tables summary, people, not_used and kpis, the KPIs with every id for a person against
 * those of persons.
 * @throws UserError where the files hold no contacts, or for input that cannot be used
 */
export async function peopleReport(request: PeopleRequest, progress: Progress): Promise<Report> {
  const asked: PeriodRequest = { ...request, by: undefined, margin: undefined, currency: undefined };
  return withInputs(request, progress, async (session) => {
    progress.step('KPIs with every id for a person');
    // In an engine of its own: both ways make the same tables.
    const before = await withEngine(request, progress, async (context) => {
      const base = await baseOf({ ...session, ...context }, { ...request, joinPersons: false });
      return kpisOf(context.engine, base, asked);
    });
    progress.step('KPIs of persons');
    const { engine } = session;
    const base = await baseOf(session, request, { keepNames: true });
    const { identity } = base;
    if (identity === null) {
      throw new UserError(
        'no e-mails, phones or person ids among the files, so nothing tells who is one person',
        {
          place: { file: base.accounts.map(({ file }) => file).join(', ') },
          remedy: 'Add a file with them, or name the column: --column email="HEADER".',
        },
      );
    }
    const after = await kpisOf(engine, base, asked);
    return {
      title: { en: 'Customers that are one person', ru: 'Клиенты, за которыми стоит один человек' },
      asOf: base.asOf,
      currency: base.currency,
      parameters: [
        ...metricsParameters(base, after.periods, after.window, { ...request, ...asked }),
        {
          name: 'shared_limit',
          label: { en: 'A contact joins at most', ru: 'Контакт объединяет не больше' },
          value: request.sharedLimit,
          explanation: { en: `${request.sharedLimit} customers`, ru: `${request.sharedLimit} клиентов` },
        },
        {
          name: 'phone_country',
          label: { en: 'Phones without + of', ru: 'Телефоны без + страны' },
          value: identity.country.country,
          machineOnly: identity.country.country === null,
        },
      ],
      tables: [
        await summaryTable(engine, base, identity),
        kpisBeforeAndAfter(before, after),
        await notUsedTable(engine, request.sharedLimit),
        await peopleTable(engine, base),
      ],
      notices: [
        ...base.notices.filter(({ code }) => code !== 'persons'),
        ...countryNotice(identity),
        ...session.inputs.notices,
      ],
      sources: base.accounts,
    };
  });
}

/** The KPIs of one way to tell customers apart. */
interface Figures {
  readonly values: ReadonlyMap<string, { readonly value: Cell; readonly unit: Unit; readonly reason: Cell }>;
  readonly periods: ReportPeriods;
  readonly window: ActivityWindow | null;
}

async function kpisOf(engine: LoadingEngine, base: Base, asked: PeriodRequest): Promise<Figures> {
  const { periods, window } = await computeKpis(engine, base, asked);
  const { columns, rows } = await kpiTable(engine);
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const values = new Map(
    rows.map((row) => [
      String(row[at('kpi')]),
      { value: row[at('value')] ?? null, unit: row[at('unit')] as Unit, reason: row[at('reason')] ?? null },
    ]),
  );
  return { values, periods, window };
}

const summaryLabels: Readonly<Record<string, Text>> = {
  customer_ids: { en: 'Customer ids', ru: 'Коды клиентов' },
  guests: { en: 'Guests: e-mails and phones without an id', ru: 'Гости: почта и телефоны без кода' },
  merged: { en: 'Further ids and guests of one person', ru: 'Лишние коды и гости тех же людей' },
  nobody: { en: 'Guests whose contacts say nothing', ru: 'Гости, чьи контакты ни о чём не говорят' },
  persons: {
    en: 'Persons: the first two less the next two',
    ru: 'Люди: первые две строки минус две следующие',
  },
  persons_joined: { en: 'Persons with several ids or guests', ru: 'Люди с несколькими кодами или гостями' },
  by_email: { en: '  joined by e-mail', ru: '  по почте' },
  by_phone: { en: '  joined by phone', ru: '  по телефону' },
  by_both: { en: '  joined by both', ru: '  по тому и другому' },
  by_person_id: { en: '  joined by the person id of the data', ru: '  по коду лица из данных' },
  values_not_used: { en: 'Contacts that too many share', ru: 'Контакты, общие для слишком многих' },
};

async function summaryTable(engine: Engine, base: Base, identity: Identity): Promise<ResultTable> {
  const ofOrders = base.orders
    ? sql`union select ${holderKey} from stg_order_groups where customer_id is not null`
    : raw('');
  const [row] = await engine.query(sql`
    with holders as (select holder_key from int_identity_rows ${ofOrders})
    select count(*) filter (where not starts_with(h.holder_key, chr(29))) as ids,
      count(*) filter (where starts_with(h.holder_key, chr(29))) as guests,
      count(*) filter (where p.holder_key is not null and p.person_id is null) as nobody
    from holders h left join int_persons p on h.holder_key = p.holder_key`);
  const [ids, guests, nobody] = [Number(row?.ids), Number(row?.guests), Number(row?.nobody)];
  const merged = identity.joinedIds + identity.joinedGuests - identity.persons;
  const figures: Record<string, number> = {
    customer_ids: ids,
    guests,
    merged,
    nobody,
    persons: ids + guests - merged - nobody,
    persons_joined: identity.persons,
    by_email: identity.byEmail,
    by_phone: identity.byPhone,
    by_both: identity.byBoth,
    by_person_id: identity.byPersonId,
    values_not_used: identity.sharedByManyCount,
  };
  return {
    name: 'summary',
    title: { en: 'Summary', ru: 'Сводка' },
    grain: 'figure',
    columns: [
      { name: 'figure', label: { en: 'What', ru: 'Что' }, kind: 'text', values: summaryLabels },
      { name: 'value', label: { en: 'Number', ru: 'Сколько' }, kind: 'integer' },
    ],
    rows: Object.entries(figures).map(([figure, value]) => [figure, value]),
    notes: [],
  };
}

const peopleColumns: readonly Column[] = [
  { name: 'person', label: { en: 'Person', ru: 'Человек' }, kind: 'text' },
  { name: 'customer_id', label: { en: 'Customer id', ru: 'Код клиента' }, kind: 'text' },
  { name: 'name', label: { en: 'Name', ru: 'Имя' }, kind: 'text' },
  { name: 'email', label: { en: 'E-mail', ru: 'Почта' }, kind: 'text' },
  { name: 'phone', label: { en: 'Phone', ru: 'Телефон' }, kind: 'text' },
  { name: 'joined_by', label: { en: 'Joined by', ru: 'Чем объединён' }, kind: 'text' },
  { name: 'orders', label: { en: 'Orders', ru: 'Заказы' }, kind: 'integer' },
  { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
];

/** Every id and guest of a person with several, those of most revenue first. */
async function peopleTable(engine: Engine, base: Base): Promise<ResultTable> {
  const sales = base.orders
    ? sql`select ${holderKey} as holder_key, sum(revenue) as revenue,
        sum(case when revenue > 0 or return_lines = 0 then 1 else 0 end) as orders
      from stg_order_groups where customer_id is not null group by 1`
    : raw("select '' as holder_key, 0 as revenue, 0 as orders where false");
  const rows = await engine.query(sql`
    with sales as (${sales}),
    held as (
      select holder_key, min(name) as name, min(email) as email, min(phone) as phone
      from int_identity_rows where holder_key in (select holder_key from int_members) group by holder_key
    ),
    joined as (
      select holder_key, string_agg(value, ', ' order by kind, value) as joined_by from int_joining group by holder_key
    )
    select person_id as person, case when starts_with(m.holder_key, chr(29)) then null else m.holder_key end as customer_id,
      name, email, phone, joined_by, coalesce(orders, 0) as orders,
      cast(coalesce(revenue, 0) as decimal(38,4)) as revenue
    from int_members m left join held using (holder_key) left join joined using (holder_key)
    left join sales using (holder_key)
    order by sum(coalesce(revenue, 0)) over (partition by person_id) desc, person_id,
      customer_id is null, length(customer_id), customer_id, m.holder_key`);
  return {
    name: 'people',
    title: { en: 'Persons with several ids or guests', ru: 'Люди с несколькими кодами или гостями' },
    grain: 'customer id or guest',
    columns: base.orders ? peopleColumns : peopleColumns.slice(0, 6),
    rows: rows.map((row) =>
      (base.orders ? peopleColumns : peopleColumns.slice(0, 6)).map(({ name }) =>
        name === 'orders' ? Number(row[name]) : (row[name] ?? null),
      ),
    ),
    terminalRows,
    notes: [
      {
        en: 'A person goes by the shortest of its customer ids, of equally short ones the first; without any by its e-mail, or its phone. Rows without a customer id are guests.',
        ru: 'Человек назван самым коротким из своих кодов, из равных по длине первым; без кода почтой или телефоном. Строки без кода клиента: гости.',
      },
    ],
  };
}

async function notUsedTable(engine: Engine, limit: number): Promise<ResultTable> {
  const rows = await engine.query(sql`
    select kind, value, ids, guests, verdict from int_shared
    where verdict <> ${raw(String(verdicts.used))} order by verdict, ids + guests desc, kind, value`);
  const kinds = new Map<number, string>(Object.entries(linkKinds).map(([name, kind]) => [kind, name]));
  const why = new Map<number, string>(Object.entries(verdicts).map(([name, verdict]) => [verdict, name]));
  return {
    name: 'not_used',
    title: { en: 'Shared contacts that join nobody', ru: 'Общие контакты, которые никого не объединяют' },
    grain: 'contact',
    columns: [
      {
        name: 'kind',
        label: { en: 'Contact', ru: 'Контакт' },
        kind: 'text',
        values: {
          email: { en: 'e-mail', ru: 'почта' },
          phone: { en: 'phone', ru: 'телефон' },
          person_id: { en: 'person id', ru: 'код лица' },
        },
      },
      { name: 'value', label: { en: 'Value', ru: 'Значение' }, kind: 'text' },
      { name: 'customer_ids', label: { en: 'Customer ids', ru: 'Коды клиентов' }, kind: 'integer' },
      { name: 'guests', label: { en: 'Guests', ru: 'Гости' }, kind: 'integer' },
      {
        name: 'reason',
        label: { en: 'Why not', ru: 'Почему' },
        kind: 'text',
        values: {
          shared_by_many: { en: `more than ${limit}`, ru: `больше ${limit}` },
          placeholder: { en: 'fills the field only', ru: 'лишь заполняет поле' },
        },
      },
    ],
    rows: rows.map(({ kind, value, ids, guests, verdict }) => [
      kinds.get(Number(kind))!,
      String(value),
      Number(ids),
      Number(guests),
      why.get(Number(verdict))!,
    ]),
    terminalRows,
    notes: [],
  };
}

function kpisBeforeAndAfter(before: Figures, after: Figures): ResultTable {
  const rows = kpis.flatMap(({ id, unit }) => {
    const [one, other] = [before.values.get(id)!, after.values.get(id)!];
    if (one.value === null && other.value === null) return [];
    return [
      [id, one.value, other.value, change(one.value, other.value, unit), unit, other.reason ?? one.reason],
    ];
  });
  return {
    name: 'kpis',
    title: { en: 'KPIs before and after', ru: 'Показатели до и после' },
    grain: 'KPI',
    columns: [
      {
        name: 'kpi',
        label: { en: 'KPI', ru: 'Показатель' },
        kind: 'text',
        values: Object.fromEntries(kpis.map((kpi) => [kpi.id, kpi.label])),
      },
      { name: 'before', label: { en: 'Ids apart', ru: 'Коды порознь' }, kind: 'measure', unitColumn: 'unit' },
      { name: 'after', label: { en: 'Persons', ru: 'Люди' }, kind: 'measure', unitColumn: 'unit' },
      { name: 'change', label: { en: 'Change', ru: 'Изменение' }, kind: 'change', unitColumn: 'unit' },
      { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
      { name: 'reason', label: { en: 'Why empty', ru: 'Почему пусто' }, kind: 'text', machineOnly: true },
    ],
    rows,
    notes: explain(before, after),
  };
}

/** Percent, for percentages points, as table kpis of `retain metrics` has it. */
function change(before: Cell, after: Cell, unit: Unit): Cell {
  if (before === null || after === null) return null;
  const [one, other] = [Number(before), Number(after)];
  if (unit === 'percent') return other - one;
  return one === 0 ? null : (100 * (other - one)) / Math.abs(one);
}

/** Why KPIs differ, in words with the numbers at hand. */
function explain(before: Figures, after: Figures): Text[] {
  const counts = (id: string) =>
    [before, after].map((figures) => {
      const value = figures.values.get(id)?.value;
      return value == null ? null : Number(value);
    });
  const notes: Text[] = [
    {
      en: 'Revenue, orders and AOV count orders, whoever made them; the rest counts customers, who are fewer and buy more each.',
      ru: 'Выручка, заказы и средний чек считаются по заказам, кто бы их ни сделал; остальное по клиентам: их меньше, и каждый покупает больше.',
    },
  ];
  const differ = (id: string, tell: (one: string, other: string) => Text) => {
    const [one, other] = counts(id);
    if (one == null || other == null || one === other) return;
    const [said, now] = [sayCount(one), sayCount(other)];
    const { en } = tell(said.en, now.en);
    const { ru } = tell(said.ru, now.ru);
    notes.push({ en, ru });
  };
  differ('customers_new', (one, other) => ({
    en: `New customers are ${other}, not ${one}: the others had bought before under another id or as a guest.`,
    ru: `Новых клиентов ${other}, а не ${one}: остальные уже покупали под другим кодом или гостями.`,
  }));
  const [lostApart, lost] = counts('customers_lost');
  if ((lost ?? 0) < (lostApart ?? 0)) {
    differ('customers_lost', (one, other) => ({
      en: `Lost customers are ${other}, not ${one}: an id that falls silent is no loss where its owner buys under another.`,
      ru: `Ушедших клиентов ${other}, а не ${one}: молчащий код не потеря, если его владелец покупает под другим.`,
    }));
  }
  differ('buyers', (one, other) => ({
    en: `Buyers of the period are ${other}, not ${one}; orders of one person stand together, so more of them are repeat purchases.`,
    ru: `Покупателей в периоде ${other}, а не ${one}; заказы одного человека собраны вместе, поэтому повторных больше.`,
  }));
  if (before.window !== null && after.window !== null && before.window.days !== after.window.days) {
    const [one, other] = [before.window.days, after.window.days];
    notes.push({
      en: `The activity window is ${other} days, not ${one}: it is found from the gaps between purchases, and persons have others. --active-days N holds it.`,
      ru: `Окно активности ${other} дн., а не ${one}: оно найдено по промежуткам между покупками, у людей они другие. --active-days N закрепит его.`,
    });
  }
  for (const { id, label } of kpis) {
    const [one, other] = [before.values.get(id)!, after.values.get(id)!];
    if ((one.value === null) === (other.value === null)) continue;
    const reason = reasons[String(one.value === null ? one.reason : other.reason)];
    if (reason !== undefined)
      notes.push({ en: `${label.en}: ${reason.en}`, ru: `${label.ru}: ${reason.ru}` });
  }
  return notes;
}

function countryNotice({ country }: Identity): Notice[] {
  if (!country.matters || country.country !== null) return [];
  return [
    {
      code: 'phone_country_unknown',
      level: 'warning',
      text: {
        en: 'Phones without a + are not used, because the data do not tell their country: --country CC does.',
        ru: 'Телефоны без + не используются, так как страна по данным не видна: её задаёт --country CC.',
      },
    },
  ];
}
