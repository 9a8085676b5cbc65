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
 * source_id, fate, order_id, customer_id, ordered_at, ordered_on, loose_at (the time, where there is no order
 * id), amount (signed), is_return, channel, currency, product, and for messages the texts of the cells.
 *
 * Nested selects are steps: texts to values, values to amounts, amounts to fates. Each value is computed once.
 */
export function orderLines(
  staged: StagedSource,
  from: Sql,
  asOf: Day | undefined,
  options: { numbered: boolean },
): Sql {
  const { loader } = staged;
  const nothing = raw('cast(null as varchar)');
  const date = staged.text('date')!;
  const orderId = staged.text('order_id');
  const customerId = staged.text('customer_id');
  const email = staged.text('email');
  const customer =
    customerId === undefined
      ? email === undefined
        ? nothing
        : sql`lower(${loader.trimmed(email)})`
      : cleanId(staged, loader.trimmed(customerId), 'customer_id');
  const amount = amountSteps(staged);
  const known = [
    date,
    orderId,
    customerId ?? email,
    staged.text('amount') ?? staged.text('unit_price'),
  ].filter((text) => text !== undefined);
  const isBlank = join(
    known.map((text) => sql`nullif(trim(${text}), '') is null`),
    ' and ',
  );
  const fate = (name: keyof typeof fates) => raw(String(fates[name]));
  return sql`
    select ${raw(String(staged.id))} as source_id, cast(case
        when is_cancelled then ${fate('cancelled')}
        when ordered_at is null then case when ${isBlank} then ${fate('blank')} else ${fate('bad_date')} end
        when amount is null then ${fate('bad_amount')}
        when ${asOf === undefined ? raw('false') : sql`ordered_at >= cast(${asOf} as date) + 1`} then ${fate('after_as_of')}
        else ${fate('used')} end as tinyint) as fate,
      order_id, customer_id, ordered_at, cast(ordered_at as date) as ordered_on,
      case when order_id is null then ordered_at end as loose_at,
      amount, coalesce(amount < 0, false) or is_return as is_return,
      ${staged.text('channel') ? loader.trimmed(staged.text('channel')!) : nothing} as channel,
      ${staged.text('currency') ? sql`upper(${loader.trimmed(staged.text('currency')!)})` : nothing} as currency,
      ${staged.text('product') ?? nothing} as product, ${staged.text('quantity') ?? nothing} as quantity,
      ${staged.text('unit_price') ?? nothing} as unit_price,
      ${raw(options.numbered ? 'row_number' : 'cast(null as bigint)')} as row_number,
      ${date} as date_text, ${staged.text('amount') ?? nothing} as amount_text,
      ${staged.text('discount') ?? nothing} as discount_text
    from (
      select *, ${amount.signed} as amount from (
        select *, ${amount.gross} as gross, ${amount.off} as off from (
          select *, ${orderId === undefined ? nothing : cleanId(staged, loader.trimmed(orderId), 'order_id')} as order_id,
            ${customer} as customer_id, ${loader.timestamp(date, staged.dateForm('date'))} as ordered_at,
            ${amount.quick},
            ${returnMark(staged)} as is_return, ${returnDocument(staged)} as is_return_document,
            ${statusIs(staged, statusWords.cancelled)} as is_cancelled,
            ${statusIs(staged, statusWords.returned)} as came_back
          from ${from}
        ) as texts
      ) as amounts
    ) as lines`;
}

/** The steps from the texts of a line to its signed amount: given, or quantity × unit price − discount. */
interface AmountSteps {
  /** Columns of the innermost select. */
  readonly quick: Sql;
  readonly gross: Sql;
  readonly off: Sql;
  readonly signed: Sql;
}

function amountSteps(staged: StagedSource): AmountSteps {
  const { loader } = staged;
  const number = (field: Field) => loader.decimal(staged.text(field)!, staged.decimalComma(field));
  const has = (field: Field) => staged.text(field) !== undefined;
  const quick: Sql[] = [];
  let gross: Sql;
  if (!has('amount') && has('quantity')) {
    const factor = (field: Field, alias: string) =>
      loader.factor(staged.text(field)!, staged.decimalComma(field), raw(alias));
    const [quantity, price] = [factor('quantity', 'quick_quantity'), factor('unit_price', 'quick_price')];
    quick.push(sql`${quantity.quick} as quick_quantity, ${price.quick} as quick_price`);
    gross = loader.product(quantity, price);
  } else {
    const amount = number(has('amount') ? 'amount' : 'unit_price');
    quick.push(sql`${amount.quick} as quick_amount`);
    gross = amount.exact(raw('quick_amount'));
  }
  // An amount that is given is what was paid: the discount is in it already.
  const discount = has('amount') ? undefined : staged.text('discount');
  let off = raw('cast(0 as decimal(18,4))');
  let net = raw('gross');
  if (discount !== undefined) {
    quick.push(sql`${number('discount').quick} as quick_discount`);
    off = sql`case when quick_discount is not null then quick_discount
      when ${discount} is null or trim(${discount}) = '' then 0
      else ${number('discount').exact(raw('quick_discount'))} end`;
    // A discount brings the amount nearer to nothing, for a return as for a sale.
    net = raw(`cast(case when gross >= 0 and off >= 0 then gross - off
      when gross < 0 then gross + abs(off) else gross - abs(off) end as decimal(18,4))`);
  }
  // A return document reverses a sale, whatever its sign in the export. A sale whose status says that it came
  // back is sold and returned at once: nothing remains of it.
  const signs = [
    ...(has('status')
      ? [sql`when came_back and not is_return_document and ${net} > 0 then cast(0 as decimal(18,4))`]
      : []),
    ...(hasReturnDocuments(staged) ? [sql`when is_return_document then -abs(${net})`] : []),
  ];
  return {
    quick: join(quick, ', '),
    gross,
    off,
    signed: signs.length === 0 ? net : sql`case ${join(signs, ' ')} else ${net} end`,
  };
}

/** Marks of a return besides a negative amount: a negative quantity, the status, the kind of document. */
function returnMark(staged: StagedSource): Sql {
  const quantity = staged.text('quantity');
  const marks = [
    ...(quantity === undefined ? [] : [sql`coalesce(prefix(${quantity}, '-'), false)`]),
    ...(staged.text('status') === undefined ? [] : [statusIs(staged, statusWords.returned)]),
    ...(hasReturnDocuments(staged) ? [returnDocument(staged)] : []),
  ];
  return marks.length === 0 ? raw('false') : join(marks, ' or ');
}

function statusIs(staged: StagedSource, words: readonly string[]): Sql {
  const status = staged.text('status');
  return status === undefined ? raw('false') : sql`coalesce(${isOneOf(status, words)}, false)`;
}

function hasReturnDocuments(staged: StagedSource): boolean {
  return staged.text('document_type') !== undefined || marksReturnsWithC(staged);
}

/** Whether the line is of a return document: by its type, or by an invoice number that starts with C. */
function returnDocument(staged: StagedSource): Sql {
  const documentType = staged.text('document_type');
  const tests = [
    ...(documentType === undefined ? [] : [isOneOf(documentType, statusWords.returned)]),
    ...(marksReturnsWithC(staged)
      ? [sql`regexp_full_match(${staged.text('order_id')!}, '\\s*[Cc][0-9]+\\s*')`]
      : []),
  ];
  return tests.length === 0
    ? raw('false')
    : join(
        tests.map((test) => sql`coalesce(${test}, false)`),
        ' or ',
      );
}

/**
 * Whether 'C536379' is a return beside '536379': the rest of the numbers are plain digits. Where every number
 * has a letter, the C says nothing.
 */
function marksReturnsWithC(staged: StagedSource): boolean {
  const { source, columns } = staged.recognised;
  if (columns.order_id === undefined) return false;
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
      select ${raw(String(sources[0]!.id))} as source_id, ${groupFate} as fate, sum(lines) as row_count,
        sum(case when customer_id is null then lines else 0 end) as rows_without_customer,
        sum(return_lines) as return_rows
      from stg_order_groups group by 2`);
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
      case when customer_id is null and prefix(order_key, ${marks.loose}) then lines - return_lines
        when revenue > 0 or return_lines = 0 then 1 else 0 end as orders
    from stg_order_groups where not prefix(order_key, ${marks.fate})`);
  return { notices, currency: await onlyCurrency(engine, sources) };
}

/** First characters of an order_key that is no order id; control characters, which ids do not begin with. */
const marks = { fate: raw('chr(30)'), loose: raw('chr(31)') };

/** The fate of the rows of a group. */
const groupFate = sql`case when prefix(order_key, ${marks.fate}) then cast(substr(order_key, 2) as integer)
  else ${raw(String(fates.used))} end`;

/**
 * Makes table stg_order_groups, one row per order (order_key, customer_id) and one per fate of rows that do not
 * count: ordered_on, revenue, lines, return_lines, channel. One key for order id, time and fate, because each
 * column more to group by costs time on every line.
 */
function groupLines(lines: Sql, sources: readonly StagedSource[]): Sql {
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
      ${raw(has('channel') ? 'arg_min(channel, ordered_at)' : 'cast(null as varchar)')} as channel
      ${raw(has('currency') ? ', min(currency) as min_currency, max(currency) as max_currency' : '')}
    from (${lines}) as lines
    group by 1, 2`;
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
    where not prefix(order_key, ${marks.fate})`);
  if (row?.lowest !== row?.highest) {
    throw new UserError(`amounts in several currencies: ${row?.lowest}, ${row?.highest}`, {
      remedy: 'Amounts are never added across currencies. Export one currency at a time.',
    });
  }
  return (row?.lowest as string | null) ?? null;
}
