import type { Day } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import { sayCount } from '../core/text.js';
import { type Field, normaliseHeader, statusWords } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { fates } from './fate.js';
import type { LoadingEngine, StagedSource } from './staging.js';

export const orderFields: readonly Field[] = [
  'order_id',
  'customer_id',
  'email',
  'date',
  'amount',
  'quantity',
  'unit_price',
  'discount',
  'status',
  'document_type',
  'currency',
];
/** Read besides where exports may overlap: what tells lines of one order apart. */
export const overlapFields: readonly Field[] = ['product'];
/** Read besides where the customers do not tell the acquisition channel. */
export const channelFields: readonly Field[] = ['channel'];

/**
 * Order lines of one source as typed columns, one row per input row:
 * source_id, fate, order_id, customer_id, ordered_at, loose_at (the time, where there is no order id),
 * amount (signed), is_return, channel, currency, and what tells lines apart (product, quantity, unit_price).
 */
export function orderLines(
  staged: StagedSource,
  from: Sql,
  asOf: Day | undefined,
  options: { numbered: boolean },
): Sql {
  const { loader } = staged;
  const date = staged.text('date')!;
  const status = staged.text('status');
  const documentType = staged.text('document_type');
  const orderId = staged.text('order_id');
  const nothing = raw('cast(null as varchar)');
  const id = (text: Sql | undefined, field: Field) =>
    text === undefined ? nothing : cleanId(staged, loader.trimmed(text), field);

  const email = staged.text('email');
  const customerId = staged.text('customer_id');
  const byEmail = email === undefined ? nothing : sql`lower(${loader.trimmed(email)})`;
  const customer = customerId === undefined ? byEmail : id(customerId, 'customer_id');

  const cancelled = status === undefined ? raw('false') : isOneOf(status, statusWords.cancelled);
  const returnedStatus = status === undefined ? undefined : isOneOf(status, statusWords.returned);
  const returnDocuments = [
    ...(documentType === undefined ? [] : [isOneOf(documentType, statusWords.returned)]),
    ...(orderId !== undefined && marksReturnsWithC(staged)
      ? [sql`regexp_full_match(${orderId}, '\\s*[Cc][0-9]+\\s*')`]
      : []),
  ];
  const gross = grossAmount(staged);
  const negative = [
    ...(staged.text('quantity') === undefined ? [] : [sql`prefix(ltrim(${staged.text('quantity')!}), '-')`]),
    ...returnDocuments,
  ];
  // A return document reverses a sale, whatever its sign in the export. A sale whose status says that it came
  // back is sold and returned at once: nothing remains of it.
  let amount =
    returnDocuments.length === 0
      ? gross
      : sql`case when ${join(returnDocuments, ' or ')} then -abs(${gross}) else ${gross} end`;
  if (returnedStatus !== undefined) {
    amount = sql`case when coalesce(${returnedStatus}, false) and ${gross} > 0 and not coalesce(${
      returnDocuments.length === 0 ? raw('false') : join(returnDocuments, ' or ')
    }, false) then 0 else ${amount} end`;
  }
  const isReturn = join(
    [raw('amount < 0'), ...negative, ...(returnedStatus === undefined ? [] : [returnedStatus])].map(
      (test) => sql`coalesce(${test}, false)`,
    ),
    ' or ',
  );
  const timestamp = loader.timestamp(date, staged.dateForm('date'));
  const after = asOf === undefined ? raw('false') : sql`ordered_on > cast(${asOf} as date)`;
  const known = [
    date,
    orderId,
    customerId ?? email,
    staged.text('amount') ?? staged.text('unit_price'),
  ].filter((text) => text !== undefined);
  return sql`
    select ${raw(String(staged.id))} as source_id, cast(case
        when is_cancelled then ${raw(String(fates.cancelled))}
        when ordered_on is null and ${join(
          known.map((text) => sql`nullif(trim(${text}), '') is null`),
          ' and ',
        )} then ${raw(String(fates.blank))}
        when ordered_on is null then ${raw(String(fates.bad_date))}
        when amount is null then ${raw(String(fates.bad_amount))}
        when ${after} then ${raw(String(fates.after_as_of))}
        else ${raw(String(fates.used))} end as tinyint) as fate,
      order_id, customer_id, ordered_at, ordered_on,
      case when order_id is null then ordered_at end as loose_at,
      amount, ${isReturn} as is_return, channel, currency,
      product, quantity, unit_price, ${raw(options.numbered ? 'row_number' : 'cast(null as bigint) as row_number')},
      ${date} as date_text, ${staged.text('amount') ?? nothing} as amount_text,
      ${staged.text('discount') ?? nothing} as discount_text
    from (
      select *, ${id(orderId, 'order_id')} as order_id, ${customer} as customer_id,
        ${timestamp} as ordered_at, cast(${timestamp} as date) as ordered_on,
        cast(${amount} as decimal(18,4)) as amount, coalesce(${cancelled}, false) as is_cancelled,
        ${staged.text('channel') ? loader.trimmed(staged.text('channel')!) : nothing} as channel,
        ${staged.text('currency') ? sql`upper(${loader.trimmed(staged.text('currency')!)})` : nothing} as currency,
        ${staged.text('product') ?? nothing} as product, ${staged.text('quantity') ?? nothing} as quantity,
        ${staged.text('unit_price') ?? nothing} as unit_price
      from ${from}
    ) as typed`;
}

/** Amount of a line before the sign of a return document: given, or quantity × unit price − discount. */
function grossAmount(staged: StagedSource): Sql {
  const { loader } = staged;
  const amount = staged.text('amount');
  if (amount !== undefined) return loader.decimal(amount, staged.decimalComma('amount'));
  const price = staged.text('unit_price')!;
  const quantity = staged.text('quantity');
  const gross =
    quantity === undefined
      ? loader.decimal(price, staged.decimalComma('unit_price'))
      : loader.product(quantity, price, {
          quantity: staged.decimalComma('quantity'),
          price: staged.decimalComma('unit_price'),
        });
  const discount = staged.text('discount');
  if (discount === undefined) return gross;
  const off = sql`case when nullif(trim(${discount}), '') is null then 0
    else abs(${loader.decimal(discount, staged.decimalComma('discount'))}) end`;
  // A discount brings the amount nearer to nothing, for a return as for a sale.
  return sql`(${gross} - case when ${gross} < 0 then -(${off}) else ${off} end)`;
}

/**
 * Whether 'C536379' is a return beside '536379': the rest of the numbers are plain digits. Where every number
 * has a letter, the C says nothing.
 */
function marksReturnsWithC(staged: StagedSource): boolean {
  const { source, columns } = staged.recognised;
  const ids = source.sample.map((row) => row[columns.order_id!]?.trim()).filter((id) => id);
  return ids.filter((id) => /^\d+$/.test(id!)).length * 2 > ids.length;
}

/** Ids that a data frame wrote as floats, '13085.0', lose the '.0'. */
export function cleanId(staged: StagedSource, text: Sql, field: Field): Sql {
  const { source, columns } = staged.recognised;
  const ids = source.sample.map((row) => row[columns[field]!]?.trim()).filter((id) => id);
  const asFloats = ids.length > 0 && ids.every((id) => /^\d+\.0+$/.test(id!));
  return asFloats ? sql`regexp_replace(${text}, '^(\\d+)\\.0+$', '\\1')` : text;
}

function isOneOf(text: Sql, words: readonly string[]): Sql {
  // Compared as headers are: without case, spaces and marks.
  const plain = [...new Set(words.map(normaliseHeader))].map((word) => sql`${word}`);
  return sql`(regexp_replace(replace(lower(${text}), 'ё', 'е'), '[^\\p{L}\\p{N}]', '', 'g') in (${join(plain, ', ')}))`;
}

/**
 * Makes view int_orders, one row per order or return document: customer_id, ordered_on, revenue, channel,
 * orders (1, or 0 where all of it came back), and table stg_order_accounts: rows by source_id and fate.
 * An order is one order_id of one customer; without an order id, one customer at one time; without both, each
 * sale line is one.
 */
export async function stageOrders(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  asOf: Day | undefined,
): Promise<{ notices: Notice[]; currency: string | null }> {
  const notices: Notice[] = [];
  const lines = join(
    sources.map((staged) =>
      orderLines(staged, engine.loader.rowsOfKeepingBroken(staged.scan), asOf, { numbered: false }),
    ),
    ' union all ',
  );
  if (sources.length === 1) {
    // One pass from the file to its orders: lines are never held.
    await engine.run(groupLines(lines, sources));
    await engine.run(sql`
      create table stg_order_accounts as
      select ${raw(String(sources[0]!.id))} as source_id, fate, sum(lines) as row_count,
        sum(case when customer_id is null then lines else 0 end) as rows_without_customer,
        sum(return_lines) as return_rows
      from stg_order_groups group by fate`);
  } else {
    await engine.run(sql`create table stg_order_lines as ${lines}`);
    notices.push(...(await mergeOverlaps(engine, sources)));
    await engine.run(sql`
      create table stg_order_accounts as
      select source_id, fate, count(*) as row_count,
        sum(case when customer_id is null then 1 else 0 end) as rows_without_customer,
        sum(case when is_return then 1 else 0 end) as return_rows
      from stg_order_lines group by source_id, fate`);
    await engine.run(groupLines(raw('select * from stg_order_lines'), sources));
    await engine.run(sql`drop table stg_order_lines`);
  }
  await engine.run(sql`
    create view int_orders as
    select customer_id, ordered_on, revenue, channel,
      case when order_id is null and customer_id is null then lines - return_lines
        when revenue > 0 or return_lines = 0 then 1 else 0 end as orders
    from stg_order_groups where fate = ${raw(String(fates.used))}`);
  return { notices, currency: await onlyCurrency(engine, sources) };
}

function groupLines(lines: Sql, sources: readonly StagedSource[]): Sql {
  const has = (field: Field) => sources.some((staged) => staged.text(field) !== undefined);
  const onlyUsed = (column: string) => raw(`case when fate = ${fates.used} then ${column} end`);
  return sql`
    create table stg_order_groups as
    select fate, ${onlyUsed('order_id')} as order_id, ${onlyUsed('customer_id')} as customer_id,
      ${onlyUsed('loose_at')} as loose_at, min(ordered_on) as ordered_on, sum(amount) as revenue,
      cast(count(*) as integer) as lines, cast(count(*) filter (where is_return) as integer) as return_lines,
      ${raw(has('channel') ? 'arg_min(channel, ordered_at)' : 'cast(null as varchar)')} as channel
      ${raw(has('currency') ? ', min(currency) as min_currency, max(currency) as max_currency' : '')}
    from (${lines}) as lines
    group by 1, 2, 3, 4`;
}

/**
 * Finds orders that stand in several sources because exports overlap, and gives the surplus rows the fate
 * 'merged'. Line by line exports: a line counts as often as it stands in the one source that has it most.
 * Order by order exports: the later source tells the later state and wins. An order that stands line by line
 * in one source and as a whole in another counts by its lines.
 */
async function mergeOverlaps(engine: LoadingEngine, sources: readonly StagedSource[]): Promise<Notice[]> {
  const detailed = sources
    .filter((staged) => staged.text('product') !== undefined || staged.text('quantity') !== undefined)
    .map((staged) => staged.id);
  const isDetailed = raw(detailed.length === 0 ? 'false' : `source_id in (${detailed.join(', ')})`);
  const counted = raw(`fate in (${fates.used}, ${fates.cancelled})`);
  await engine.run(sql`
    create table stg_overlaps as
    select order_id, customer_id, loose_at from stg_order_lines
    where ${counted} and (order_id is not null or customer_id is not null)
    group by order_id, customer_id, loose_at having min(source_id) <> max(source_id)`);
  const [overlaps] = await engine.query(sql`select count(*) as n from stg_overlaps`);
  if (overlaps?.n === 0) return [];
  const order = raw('order_id, customer_id, ordered_on');
  const sameLine = raw(`order_id, customer_id, ordered_at, amount < 0,
    case when is_detailed then product end, case when is_detailed then amount end, is_detailed`);
  await engine.run(sql`
    create table stg_overlapping_lines as
    with candidates as (
      select l.rowid as line, l.source_id, l.order_id, l.customer_id, l.loose_at, l.ordered_at, l.ordered_on, l.amount,
        l.product, l.is_return, ${isDetailed} as is_detailed
      from stg_order_lines l join stg_overlaps o
        on l.order_id is not distinct from o.order_id and l.customer_id is not distinct from o.customer_id
        and l.loose_at is not distinct from o.loose_at
      where ${counted}
    ),
    copies as (
      select *, row_number() over (partition by source_id, ${sameLine} order by line) as copy_number,
        max(case when is_detailed then 1 else 0 end) over (partition by ${order}) as order_has_details
      from candidates
    ),
    compared as (
      select *, min(source_id) over (partition by ${sameLine}, copy_number) as first_source,
        max(source_id) over (partition by ${sameLine}, copy_number) as last_source
      from copies
    )
    select line, source_id, order_id, customer_id, loose_at, is_return,
      case when is_detailed then source_id <> first_source
        else order_has_details = 1 or source_id <> last_source end as is_surplus
    from compared`);
  await engine.run(sql`
    update stg_order_lines set fate = ${raw(String(fates.merged))}
    where rowid in (select line from stg_overlapping_lines where is_surplus)`);
  const [totals] = await engine.query(sql`
    with orders as (
      select sum(case when is_surplus then 1 else 0 end) as surplus,
        count(distinct case when not is_surplus and not is_return then source_id end) as sources_left
      from stg_overlapping_lines group by order_id, customer_id, loose_at
    )
    select coalesce(sum(surplus), 0) as row_count, sum(case when surplus > 0 then 1 else 0 end) as order_count,
      sum(case when sources_left > 1 then 1 else 0 end) as differing
    from orders`);
  await engine.run(sql`drop table stg_overlapping_lines`);
  await engine.run(sql`drop table stg_overlaps`);
  const notices: Notice[] = [];
  if (Number(totals?.row_count) > 0) {
    notices.push({
      code: 'overlap',
      level: 'info',
      text: {
        en: `Exports overlap: ${sayCount(Number(totals!.order_count)).en} orders stand in more than one file or sheet and count once; that took out ${sayCount(Number(totals!.row_count)).en} rows.`,
        ru: `Выгрузки пересекаются: заказов, которые есть в нескольких файлах или листах: ${sayCount(Number(totals!.order_count)).ru}; они учтены один раз, лишних строк убрано: ${sayCount(Number(totals!.row_count)).ru}.`,
      },
    });
  }
  if (Number(totals?.differing) > 0) {
    notices.push({
      code: 'overlap_differs',
      level: 'warning',
      text: {
        en: `${totals!.differing} orders stand in several files or sheets with different lines; all their different lines count. Check that these are not two versions of one order.`,
        ru: `Заказов, строки которых в разных файлах или листах различаются: ${totals!.differing}; учтены все различающиеся строки. Проверьте, что это не две версии одного заказа.`,
      },
    });
  }
  return notices;
}

async function onlyCurrency(engine: LoadingEngine, sources: readonly StagedSource[]): Promise<string | null> {
  if (!sources.some((staged) => staged.text('currency') !== undefined)) return null;
  const [row] = await engine.query(sql`
    select min(min_currency) as lowest, max(max_currency) as highest from stg_order_groups
    where fate = ${fates.used}`);
  if (row?.lowest !== row?.highest) {
    throw new UserError(`amounts in several currencies: ${row?.lowest}, ${row?.highest}`, {
      remedy: 'Amounts are never added across currencies. Export one currency at a time.',
    });
  }
  return (row?.lowest as string | null) ?? null;
}
