import type { Day } from '../core/dates.js';
import type { Place } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { Field } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { readAlike } from './alike.js';
import { assumedCurrencies, constantCurrency, firstPlaceOf } from './currency.js';
import { fates } from './fate.js';
import { holderKey } from './identity/holders.js';
import { accountForHeads, orderRows, stageOrderHeads } from './order-heads.js';
import { mergeOverlaps } from './overlaps.js';
import {
  conversionNotice,
  convertRows,
  namesCurrency,
  noRate,
  type Rates,
  severalCurrencies,
} from './rates.js';
import { numberedRows, type StagedSource } from './staging.js';
import { idNotices, learnSurprises } from './surprises.js';

export const orderFields: readonly Field[] = [
  'order_id',
  'customer_id',
  'email',
  'phone',
  'date',
  'amount',
  'quantity',
  'unit_price',
  'discount',
  'status',
  'payment_status',
  'cancelled_at',
  'refunded',
  'shipping',
  'document_type',
  'currency',
];
/** Read besides where exports may overlap: what tells lines of one order apart. */
export const overlapFields: readonly Field[] = ['product'];
/** Read besides where the customers do not tell the acquisition channel. */
export const channelFields: readonly Field[] = ['channel'];

/**
 * Makes tables stg_order_groups, one row per order or return document, and stg_order_accounts: rows by source_id
 * and fate.
 * An order is one order_id of one customer; without an order id, one customer at one time; without both, each
 * sale line is one. `keepLines` leaves table stg_order_lines, one row per input row with its row_number, for
 * questions about single rows.
 */
export async function stageOrders(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  asOf: Day | undefined,
  options: OrderOptions,
): Promise<{ notices: Notice[] }> {
  let { notices } = await stageOnce(engine, sources, asOf, options);
  if (await learnSurprises(engine, sources)) {
    for (const table of [
      'stg_order_groups',
      'stg_order_accounts',
      'stg_order_lines',
      'stg_order_heads',
      'stg_head_accounts',
    ]) {
      await engine.run(raw(`drop table if exists ${table}`));
    }
    notices = (await stageOnce(engine, sources, asOf, options)).notices;
  }
  return { notices: [...notices, ...(await idNotices(engine, sources))] };
}

interface OrderOptions {
  readonly keepLines: boolean;
  readonly contacts: boolean;
  /** Whether the days on which orders came back are wanted. */
  readonly returns: boolean;
  readonly rates?: Rates | undefined;
}

async function stageOnce(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  asOf: Day | undefined,
  options: OrderOptions,
): Promise<{ notices: Notice[] }> {
  const notices: Notice[] = [];
  const { keepLines, contacts, returns } = options;
  const heads = sources.filter(({ recognised }) => recognised.part === 'heads');
  const rowSources = sources.filter((staged) => !heads.includes(staged));
  if (heads.length > 0) await stageOrderHeads(engine, heads, asOf, { numbered: keepLines });
  const rates = namesCurrency(sources) ? options.rates : undefined;
  const parts = readAlike(engine.loader, rowSources, (staged, from) =>
    orderRows(staged, keepLines ? numberedRows(staged, from) : from, asOf, { numbered: keepLines }),
  );
  const read = join(parts, ' union all ');
  const lines = rates === undefined ? read : convertRows(sql`(${read}) as named`, raw('ordered_at'), rates);
  if (sources.length === 1 && !keepLines) {
    // One pass from the file to its orders: lines are never held.
    await engine.run(groupLines(lines, sources, { contacts, returns, rates }));
    await engine.run(sql`
      create table stg_order_accounts as
      select ${raw(String(sources[0]!.id))} as source_id, ${groupFate} as fate, sum(lines) as row_count,
        sum(case when customer_id is null then lines else 0 end) as rows_without_customer,
        sum(return_lines) as return_rows
      from stg_order_groups group by 2`);
  } else {
    const hold = () => engine.run(sql`create table stg_order_lines as ${lines}`);
    await (keepLines ? engine.loader.inFileOrder(hold) : hold());
    if (rowSources.length > 1) notices.push(...(await mergeOverlaps(engine, rowSources)));
    await engine.run(sql`
      create table stg_order_accounts as
      select source_id, fate, count(*) as row_count,
        sum(case when customer_id is null then 1 else 0 end) as rows_without_customer,
        sum(case when is_return then 1 else 0 end) as return_rows
      from stg_order_lines group by source_id, fate`);
    if (heads.length > 0) await accountForHeads(engine);
    await engine.run(groupLines(raw('select * from stg_order_lines'), sources, { contacts, returns, rates }));
    if (!keepLines) await engine.run(sql`drop table stg_order_lines`);
  }
  return { notices };
}

/**
 * Makes int_orders, one row per order or return document: customer_id, ordered_on, revenue, channel and
 * ordered_at (where channels are read), orders (1, or 0 where all of it came back), and with `returns` returned_on (day
 * of the last row of it that came back; that of the order where its status alone says so; null where nothing did). A
 * view, or where customers are renamed to the persons of table int_persons a table.
 */
export function orders(options: { readonly persons: boolean; readonly returns: boolean }): Sql {
  const customer = raw(
    options.persons ? 'case when p.holder_key is null then customer_id else p.person_id end' : 'customer_id',
  );
  return sql`
    create ${raw(options.persons ? 'table' : 'view')} int_orders as
    select ${customer} as customer_id, ordered_on, ordered_at, revenue, channel, ${raw(options.returns ? 'returned_on,' : '')}
      case when ${customer} is null and prefix(order_key, ${marks.loose}) then lines - return_lines
        when revenue > 0 or return_lines = 0 then 1 else 0 end as orders
    from stg_order_groups ${options.persons ? sql`left join int_persons p on p.holder_key = ${holderKey}` : raw('')}
    where not prefix(order_key, ${marks.fate})`;
}

/** Used rows of orders whose customer turned out to be nobody: table int_persons has null for it. */
export async function rowsOfNobody(engine: LoadingEngine): Promise<number> {
  const [row] = await engine.query(sql`
    select sum(lines) as row_count from stg_order_groups join int_persons p on p.holder_key = ${holderKey}
    where p.person_id is null`);
  return Number(row?.row_count ?? 0);
}

/** First characters of an order_key that is no order id; control characters, which ids do not begin with. */
const marks = { fate: raw('chr(30)'), loose: raw('chr(31)') };

/** The fate of the rows of a group. */
const groupFate = sql`case when prefix(order_key, ${marks.fate}) then cast(substr(order_key, 2) as integer)
  else ${raw(String(fates.used))} end`;

/**
 * Makes table stg_order_groups, one row per order (order_key, customer_id) and one per fate of rows that do not
 * count: ordered_on, revenue, lines, return_lines, returned_on, channel, and of the contacts that its lines have the first in
 * order, email and phone. One key for order id, time and fate, because each
 * column more to group by costs time on every line.
 */
function groupLines(
  lines: Sql,
  sources: readonly StagedSource[],
  { contacts, returns, rates }: Pick<OrderOptions, 'contacts' | 'returns' | 'rates'>,
): Sql {
  const has = (field: Field) => sources.some((staged) => staged.text(field) !== undefined);
  const used = raw(String(fates.used));
  return sql`
    create table stg_order_groups as
    select case when fate = ${used} and order_id is not null then order_id
        when fate = ${used} then ${marks.loose} || cast(loose_at as varchar)
        else ${marks.fate} || cast(fate as varchar) end as order_key,
      case when fate = ${used} then customer_id end as customer_id,
      cast(min(ordered_at) as date) as ordered_on, sum(amount) as revenue,
      cast(count(*) as integer) as lines, cast(count(*) filter (where is_return) as integer) as return_lines,
      ${raw(returns ? 'cast(max(ordered_at) filter (where is_return) as date) as returned_on,' : '')}
      ${raw(has('channel') ? 'min(ordered_at)' : 'cast(null as timestamp)')} as ordered_at,
      ${raw(has('channel') ? 'arg_min(channel, ordered_at)' : 'cast(null as varchar)')} as channel
      , ${raw(contacts && has('email') ? 'min(email)' : 'cast(null as varchar)')} as email
      , ${raw(contacts && has('phone') ? 'min(phone)' : 'cast(null as varchar)')} as phone
      ${raw(onlyConstant(sources) === undefined ? ', min(currency) as min_currency, max(currency) as max_currency' : '')}
      ${rates === undefined ? raw('') : conversionCounts(rates)}
    from (${lines}) as lines
    group by 1, 2`;
}

/** Of a group: used rows that were converted, that name no currency, and one that no rate is for. */
function conversionCounts({ base }: Rates): Sql {
  const used = raw(String(fates.used));
  return sql`, count(*) filter (where fate = ${used} and currency <> ${base}) as converted_rows,
    count(*) filter (where fate = ${used} and currency is null) as rows_without_currency,
    min(missing_rate) filter (where fate = ${used}) as missing_rate`;
}

/**
 * The currency of the orders: the one that they name, null where they name none, or the base of the rates.
 * @throws UserError where they name several without rates, or one that no rate is for
 */
export async function currencyOfOrders(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  rates: Rates | undefined,
): Promise<{ currency: string | null; notices: Notice[] }> {
  if (!namesCurrency(sources)) return { currency: rates?.base ?? null, notices: [] };
  if (rates !== undefined) return convertedCurrency(engine, rates);
  const notices = assumedCurrencies(sources);
  const constant = onlyConstant(sources);
  if (constant !== undefined) return { currency: constant, notices };
  const [row] = await engine.query(sql`
    select min(min_currency) as lowest, max(max_currency) as highest from stg_order_groups
    where not prefix(order_key, ${marks.fate})`);
  if (row?.lowest === row?.highest) return { currency: (row?.lowest as string | null) ?? null, notices };
  const currencies = [String(row?.lowest), String(row?.highest)];
  throw severalCurrencies('amounts', currencies, await placeOfSecond(engine, sources, currencies));
}

/** The one currency that all rows have by the headers of their sources; undefined where rows must be asked. */
function onlyConstant(sources: readonly StagedSource[]): string | null | undefined {
  const constants = sources.map(constantCurrency);
  if (constants.includes(undefined)) return undefined;
  const named = new Set(constants.filter((one) => one !== null));
  return named.size > 1 ? undefined : ([...named][0] ?? null);
}

/** Of two currencies, where the one stands whose first row comes later. */
async function placeOfSecond(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  currencies: readonly string[],
): Promise<Place | undefined> {
  let last: Place | undefined;
  for (const staged of sources.filter(({ recognised }) => recognised.part === undefined)) {
    const numbered = numberedRows(staged, staged.loader.rowsOf(staged.scan));
    const lines = orderRows(staged, numbered, undefined, { numbered: true });
    const places = [];
    for (const currency of currencies) {
      const place = await firstPlaceOf(engine, staged, lines, currency);
      if (place !== undefined) places.push(place);
    }
    const [later] = places.sort((one, other) => other.row! - one.row!);
    last = later ?? last;
    if (places.length > 1) break;
  }
  return last;
}

async function convertedCurrency(
  engine: LoadingEngine,
  rates: Rates,
): Promise<{ currency: string; notices: Notice[] }> {
  const missing = await engine.query(
    sql`select distinct missing_rate from stg_order_groups where missing_rate is not null order by 1`,
  );
  if (missing.length > 0)
    throw noRate(
      missing.map((row) => String(row.missing_rate)),
      rates,
    );
  const [row] = await engine.query(sql`
    select sum(converted_rows) as converted, sum(rows_without_currency) as bare from stg_order_groups`);
  return {
    currency: rates.base,
    notices: conversionNotice(rates, 'orders', Number(row?.converted ?? 0), Number(row?.bare ?? 0)),
  };
}
