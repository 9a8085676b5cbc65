import type { Day } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import type { Notice, SourceAccount } from '../core/table.js';
import { sayCount } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { RecognisedSource } from '../input/source.js';
import type { Field } from '../input/vocabulary.js';
import { type InteractionRole, interactionRoles } from '../input/vocabulary-interactions.js';
import { raw, sql } from '../sql/sql.js';
import { accountOf, checkRejects } from './accounts.js';
import { coverageOf, purchaseDays } from './activity.js';
import { mayAlsoBe } from './currency.js';
import {
  customerDateFields,
  customerDetailFields,
  customerFields,
  customerNameFields,
  hasSubscriptions,
  mergeCustomers,
  renameCustomers,
  stageCustomers,
} from './customers.js';
import { fates } from './fate.js';
import { hasContacts, type IdentityOptions } from './identity/holders.js';
import { personsNotice } from './identity/notice.js';
import type { Identity } from './identity/persons.js';
import {
  interactionDateFields,
  interactionFields,
  interactionNotices,
  interactionTable,
  settleInteractions,
  stageInteractions,
  strangersNotice,
} from './interactions.js';
import { paymentStatusLists, statusListsOf } from './order-lines.js';
import {
  channelFields,
  currencyOfOrders,
  orderFields,
  orders as ordersOf,
  overlapFields,
  rowsOfNobody,
  stageOrders,
} from './orders.js';
import { type Rates, severalCurrencies } from './rates.js';
import { type RejectsSink, rejectedRows } from './rejects.js';
import { currencyOfSpend, spendDateFields, spendFields, stageSpend } from './spend.js';
import { commonOrders, type ReadingOptions, type StagedSource, stageSource } from './staging.js';
import { statusNotices } from './words.js';
import { zoneNotice } from './zones.js';

/** The customer base of one run, as tables of the engine: int_orders, int_purchase_days, stg_customers, ... */
export interface Base {
  readonly orders: boolean;
  readonly customers: boolean;
  readonly subscriptions: boolean;
  readonly spend: boolean;
  /** Whether there are tables stg_contacts, stg_feedback, stg_incidents. */
  readonly contacts: boolean;
  readonly feedback: boolean;
  readonly incidents: boolean;
  readonly channels: { readonly customers: boolean; readonly orders: boolean; readonly spend: boolean };
  /** What files of customers have columns of, as far as it was asked for, and orders have of contacts. */
  readonly customerFields: ReadonlySet<Field>;
  /** First and last day that the data tell of. */
  readonly first: Day;
  readonly last: Day;
  /** The last day the analysis knows. */
  readonly asOf: Day;
  /** Currency that the data name; null where they name none. */
  readonly currency: string | null;
  /** Currencies that are written with the same sign, where the amounts have no more than that: '$'. */
  readonly currencyMayBe: readonly string[];
  /** Used order rows that name no customer, and that are returns. */
  readonly rowsWithoutCustomer: number;
  readonly returnRows: number;
  /** What telling persons came to; null where it was not asked or nothing tells. */
  readonly identity: Identity | null;
  readonly accounts: readonly SourceAccount[];
  readonly notices: readonly Notice[];
}

export interface BaseOptions extends ReadingOptions {
  /** Takes every rejected row, before too many of them may stop the run. */
  readonly rejects?: RejectsSink | undefined;
  readonly rates?: Rates | undefined;
  /** Rows after this day are left out; undefined for the last day of the data. */
  readonly asOf: Day | undefined;
  /** Share of faulty rows, 0-1, above which a file is not trusted. */
  readonly maxRejectedShare: number;
  /** Joins customers that share an e-mail or a phone; undefined to take every id for a person. */
  readonly identity: IdentityOptions | undefined;
  /** Keeps the names of customers, to list them: column name of stg_customer_rows. */
  readonly keepNames?: boolean;
  /** Keeps all that is known of a customer, in table stg_customers. */
  readonly keepDetails?: boolean;
  /** Reads the channels of orders, also where no spend asks for them. */
  readonly keepChannels?: boolean;
  /** Keeps the days on which orders came back: column returned_on of int_orders. */
  readonly keepReturns?: boolean;
  /** Gives rows of int_purchase_days the number of the purchase day and the customer's first day. */
  readonly numberPurchaseDays?: boolean;
}

/** Sources read into the engine, every row accounted for, and not yet judged fit to be computed with. */
export interface StagedBase {
  readonly orders: readonly StagedSource[];
  readonly customers: readonly StagedSource[];
  readonly spend: readonly StagedSource[];
  /** Contacts, feedback and incidents. */
  readonly interactions: readonly StagedSource[];
  readonly identity: Identity | null;
  readonly accounts: readonly SourceAccount[];
  readonly notices: readonly Notice[];
}

/** What `stageBase` does besides. */
export interface StagingOptions extends ReadingOptions {
  /** Rates to one base currency; without them amounts of several currencies are an error. */
  readonly rates?: Rates | undefined;
  readonly asOf: Day | undefined;
  /** Keeps order lines one by one, with what tells them apart and whence they are: table stg_order_lines. */
  readonly keepLines?: boolean;
  readonly identity?: IdentityOptions | undefined;
  readonly keepNames?: boolean;
  /** Keeps all that is known of a customer: names, birthdays, last contacts, managers, ... */
  readonly keepDetails?: boolean;
  readonly keepChannels?: boolean;
  readonly keepReturns?: boolean;
}

/** Reads the sources into the engine and accounts for every row, however many are faulty. */
export async function stageBase(
  engine: LoadingEngine,
  sources: readonly RecognisedSource[],
  options: StagingOptions,
): Promise<StagedBase> {
  const of = (role: string) => sources.filter((source) => source.role === role);
  const keepLines = options.keepLines ?? false;
  // Also where the customers have a channel column: it may be empty.
  const needsOrderChannel =
    options.keepChannels || of('spend').some((source) => source.columns.channel !== undefined);

  const orders = await stageAll(
    engine,
    of('orders'),
    options,
    ['date'],
    [
      ...orderFields,
      ...(of('orders').length > 1 || keepLines ? overlapFields : []),
      ...(needsOrderChannel ? channelFields : []),
    ],
  );
  const customers = await stageAll(
    engine,
    of('customers'),
    options,
    customerDateFields,
    [
      ...customerFields,
      ...(options.keepDetails ? customerDetailFields : options.keepNames ? customerNameFields : []),
    ],
    orders.length,
  );
  const spend = await stageAll(
    engine,
    of('spend'),
    options,
    spendDateFields,
    spendFields,
    orders.length + customers.length,
  );
  const interactions = new Map<InteractionRole, StagedSource[]>();
  let lastId = orders.length + customers.length + spend.length;
  for (const role of interactionRoles) {
    const fields = interactionFields(role);
    const staged = await stageAll(engine, of(role), options, interactionDateFields, fields, lastId);
    if (staged.length > 0) interactions.set(role, staged);
    lastId += staged.length;
  }
  const notices: Notice[] = [];
  const tellsPersons = options.identity !== undefined && [...orders, ...customers].some(hasContacts);
  if (orders.length > 0) {
    const staged = await stageOrders(engine, orders, options.asOf, {
      keepLines,
      contacts: tellsPersons,
      returns: options.keepReturns ?? false,
      rates: options.rates,
    });
    notices.push(...staged.notices);
  }
  notices.push(
    ...orders.flatMap(zoneNotice),
    ...statusNotices(orders, 'status', ({ recognised }) => statusListsOf(recognised), {
      en: ['taken as sales', 'left out as cancelled', 'taken as returned'],
      ru: ['считаются продажами', 'отменены и не учтены', 'считаются возвратами'],
    }),
    ...statusNotices(orders, 'payment_status', () => paymentStatusLists, {
      en: ['change nothing', 'taken as returned'],
      ru: ['ничего не меняют', 'считаются возвратами'],
    }),
  );
  if (customers.length > 0) await stageCustomers(engine, customers);
  let identity: Identity | null = null;
  if (options.identity !== undefined && tellsPersons) {
    // It brings the phone library, which other bases do without.
    const { findPersons } = await import('./identity/persons.js');
    identity = await findPersons(engine, { orders, customers }, options.identity);
    notices.push(...personsNotice(identity));
    if (customers.length > 0) await renameCustomers(engine);
  }
  if (customers.length > 0) await mergeCustomers(engine, { keepDetails: options.keepDetails ?? false });
  if (orders.length > 0)
    await engine.run(ordersOf({ persons: identity !== null, returns: options.keepReturns ?? false }));
  if (spend.length > 0) await stageSpend(engine, spend, options.rates);
  for (const [role, staged] of interactions) {
    await stageInteractions(engine, role, staged, options.asOf);
    if (identity !== null) {
      const { nameCustomers } = await import('./identity/lookup.js');
      await nameCustomers(engine, interactionTable(role), identity.country);
    }
    await settleInteractions(engine, role, { orders: orders.length > 0, persons: identity !== null });
    notices.push(...interactionNotices(role, staged));
  }

  const accounts: SourceAccount[] = [];
  const rowsByFate = await countByFate(engine, {
    orders: orders.length,
    heads: orders.some(({ recognised }) => recognised.part === 'heads'),
    customers: customers.length,
    spend: spend.length,
    interactions: [...interactions.keys()],
  });
  const allInteractions = [...interactions.values()].flat();
  for (const staged of [...orders, ...customers, ...spend, ...allInteractions]) {
    accounts.push(
      await accountOf(engine, staged, rowsByFate.get(staged.id) ?? new Map(), { areKept: keepLines }),
    );
  }
  return { orders, customers, spend, interactions: allInteractions, identity, accounts, notices };
}

/**
 * Reads the sources into the engine, accounts for every row and judges whether they can be computed with.
 * @throws UserError where too many rows are faulty, amounts are in several currencies, or nothing tells of
 *   customers coming and going
 */
export async function loadBase(
  engine: LoadingEngine,
  sources: readonly RecognisedSource[],
  options: BaseOptions,
): Promise<Base> {
  const staged = await stageBase(engine, sources, { ...options, keepLines: options.rejects !== undefined });
  if (options.rejects !== undefined) {
    await options.rejects(rejectedRows(engine, staged));
    if (staged.orders.length > 0) await engine.run(sql`drop table stg_order_lines`);
  }
  return judgeBase(engine, sources, staged, options);
}

/**
 * Judges whether what was staged can be computed with, and makes the tables that analyses stand on.
 * @throws UserError as `loadBase` does
 */
export async function judgeBase(
  engine: LoadingEngine,
  sources: readonly RecognisedSource[],
  staged: StagedBase,
  options: Pick<BaseOptions, 'rates' | 'maxRejectedShare' | 'asOf' | 'keepDetails' | 'numberPurchaseDays'>,
): Promise<Base> {
  const { orders, customers, spend, interactions, identity, accounts } = staged;
  const notices = [...staged.notices];
  const subscriptions = customers.some(hasSubscriptions);
  if (orders.length === 0 && !subscriptions) {
    throw new UserError('no purchases and no subscriptions among the files given', {
      remedy: `Add a file of orders. Recognised: ${sources.map(({ source, role }) => `${source.file} (${role})`).join(', ')}.`,
    });
  }
  const { currency, notices: currencyNotices } = await settleCurrency(engine, orders, spend, options.rates);
  notices.push(...currencyNotices);
  checkRejects(accounts, options.maxRejectedShare);

  const coverage = await coverageOf(
    engine,
    subscriptions && orders.length === 0 ? 'stg_customer_rows' : 'int_orders',
  );
  if (coverage === null) {
    throw new UserError('no row is left to work on', {
      place: { file: accounts.map((account) => account.file).join(', ') },
      remedy: describeRejects(accounts),
    });
  }
  if (orders.length > 0) await engine.run(purchaseDays({ numbered: options.numberPurchaseDays ?? false }));
  if (subscriptions) notices.push(...(await undatedEnds(engine)));
  if (orders.length > 0 && customers.length > 0) notices.push(...(await unmatchedCustomers(engine)));
  const roles = new Set(interactions.map(({ recognised }) => recognised.role));
  for (const role of interactionRoles.filter((one) => roles.has(one))) {
    const known = { orders: orders.length > 0, customers: customers.length > 0 };
    notices.push(...(await strangersNotice(engine, role, known)));
  }
  const [totals] =
    orders.length > 0
      ? await engine.query(sql`
        select sum(rows_without_customer) as without_customer, sum(return_rows) as returns, sum(row_count) as used
        from stg_order_accounts where fate = ${raw(String(fates.used))}`)
      : [];
  const ofNobody = orders.length > 0 && identity !== null ? await rowsOfNobody(engine) : 0;
  const rowsWithoutCustomer = Number(totals?.without_customer ?? 0) + ofNobody;
  return {
    orders: orders.length > 0,
    customers: customers.length > 0 || rowsWithoutCustomer < Number(totals?.used ?? 0),
    subscriptions,
    spend: spend.length > 0,
    contacts: roles.has('contacts'),
    feedback: roles.has('feedback'),
    incidents: roles.has('incidents'),
    channels: {
      customers: has(customers, 'channel'),
      orders: has(orders, 'channel'),
      spend: has(spend, 'channel'),
    },
    customerFields: new Set([
      ...[...customerFields, ...(options.keepDetails ? customerDetailFields : [])].filter((field) =>
        has(customers, field),
      ),
      ...(['email', 'phone'] as const).filter((field) => has(orders, field)),
    ]),
    first: coverage.first,
    last: coverage.last,
    asOf: options.asOf ?? coverage.last,
    currency,
    currencyMayBe: mayAlsoBe([...orders, ...spend]),
    rowsWithoutCustomer,
    returnRows: Number(totals?.returns ?? 0),
    identity,
    accounts,
    notices,
  };
}

/**
 * The one currency of all amounts, or null where nothing names one.
 * @throws UserError where orders and spend are in different ones, or in several, without rates for them
 */
async function settleCurrency(
  engine: LoadingEngine,
  orders: readonly StagedSource[],
  spend: readonly StagedSource[],
  rates: Rates | undefined,
): Promise<{ currency: string | null; notices: Notice[] }> {
  const ofOrders =
    orders.length > 0
      ? await currencyOfOrders(engine, orders, rates)
      : { currency: rates?.base ?? null, notices: [] };
  if (spend.length === 0) return ofOrders;
  const ofSpend = await currencyOfSpend(engine, spend, rates);
  const notices = [...ofOrders.notices, ...ofSpend.notices];
  if (ofSpend.currency === null || ofSpend.currency === ofOrders.currency) {
    return { currency: ofOrders.currency, notices };
  }
  if (ofOrders.currency !== null) {
    throw severalCurrencies('orders and spend', [ofOrders.currency, ofSpend.currency]);
  }
  if (orders.length > 0) {
    notices.push({
      code: 'currency_of_spend',
      level: 'warning',
      text: {
        en: `Spend is in ${ofSpend.currency}; the orders name no currency and are taken to be in it too.`,
        ru: `Расходы в ${ofSpend.currency}; валюта заказов не указана и считается той же.`,
      },
    });
  }
  return { currency: ofSpend.currency, notices };
}

/** A warning of subscriptions that have ended nobody knows when: they cannot count at any date. */
async function undatedEnds(engine: LoadingEngine): Promise<Notice[]> {
  const [row] = await engine.query(sql`
    select count(*) as ended from stg_customer_rows
    where fate = ${raw(String(fates.used))} and is_ended and cancelled_on is null`);
  const ended = sayCount(Number(row?.ended));
  if (row?.ended === 0) return [];
  return [
    {
      code: 'undated_cancellations',
      level: 'warning',
      text: {
        en: `${ended.en} subscriptions have ended without a cancellation date, so they are left out of every KPI.`,
        ru: `Подписок, которые закончились без даты отмены: ${ended.ru}; они не входят ни в один показатель.`,
      },
    },
  ];
}

/** A warning where no order names a customer of the customers file: their ids are written in different ways. */
async function unmatchedCustomers(engine: LoadingEngine): Promise<Notice[]> {
  const [row] = await engine.query(sql`
    select count(*) as matched from stg_customers where customer_id in (select customer_id from int_purchase_days)`);
  if (row?.matched !== 0) return [];
  return [
    {
      code: 'customers_unmatched',
      level: 'warning',
      text: {
        en: 'No order names a customer of the customers file, so nothing is known of acquisition channels: are the ids the same in both?',
        ru: 'Ни один заказ не относится к клиентам из файла клиентов, поэтому каналы привлечения неизвестны: совпадают ли коды клиентов?',
      },
    },
  ];
}

async function stageAll(
  engine: LoadingEngine,
  sources: readonly RecognisedSource[],
  options: ReadingOptions,
  dateFields: readonly Field[],
  fields: readonly Field[],
  firstId = 0,
): Promise<StagedSource[]> {
  const staged: StagedSource[] = [];
  const commonOrder = commonOrders(sources);
  for (const source of sources) {
    const id = firstId + staged.length;
    staged.push(await stageSource(engine, id, source, fields, dateFields, options, commonOrder));
  }
  return staged;
}

function has(sources: readonly StagedSource[], field: Field): boolean {
  return sources.some((staged) => staged.text(field) !== undefined);
}

async function countByFate(
  engine: LoadingEngine,
  present: {
    orders: number;
    heads: boolean;
    customers: number;
    spend: number;
    interactions: readonly InteractionRole[];
  },
): Promise<Map<number, Map<number, number>>> {
  const counts = new Map<number, Map<number, number>>();
  const queries = [
    ...(present.orders > 0 ? [sql`select source_id, fate, row_count from stg_order_accounts`] : []),
    ...(present.heads ? [sql`select source_id, fate, row_count from stg_head_accounts`] : []),
    ...(present.customers > 0
      ? [sql`select source_id, fate, count(*) as row_count from stg_customer_rows group by source_id, fate`]
      : []),
    ...(present.spend > 0
      ? [sql`select source_id, fate, count(*) as row_count from stg_spend group by source_id, fate`]
      : []),
    ...present.interactions.map(
      (role) =>
        sql`select source_id, fate, count(*) as row_count from ${raw(interactionTable(role))} group by source_id, fate`,
    ),
  ];
  for (const query of queries) {
    for (const row of await engine.query(query)) {
      const source = Number(row.source_id);
      if (!counts.has(source)) counts.set(source, new Map());
      counts.get(source)!.set(Number(row.fate), Number(row.row_count));
    }
  }
  return counts;
}

function describeRejects(accounts: readonly SourceAccount[]): string {
  const reasons = accounts.flatMap((account) =>
    account.reasons.map((reason) => `${reason.rows} × ${reason.text.en}`),
  );
  return reasons.length === 0 ? 'Give a file with rows.' : `Rows left out: ${reasons.join(', ')}.`;
}
