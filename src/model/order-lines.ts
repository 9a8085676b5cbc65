import type { Day } from '../core/dates.js';
import type { Loader } from '../engines/loader.js';
import type { RecognisedSource } from '../input/source.js';
import { type Field, type Stems, statusStems } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { currencyOfRow, hasSigns, moneyField } from './currency.js';
import { fates } from './fate.js';
import { contactTexts, customerKey, orderKey } from './identity/customer-key.js';
import { repeatsHeader } from './repeated-header.js';
import type { StagedSource } from './staging.js';
import { orderTotals } from './total-rows.js';
import { wordList } from './words.js';

/** Cells by which a header is known where it is repeated. */
const headerFields: readonly Field[] = [
  'date',
  'order_id',
  'customer_id',
  'amount',
  'quantity',
  'unit_price',
];

/** Lists that a status of a source may be in, by number. */
export function statusListsOf({ exporter }: RecognisedSource): Stems[] {
  return exporter?.traits?.refundsAreRows === true
    ? [statusStems.cancelled]
    : [statusStems.cancelled, statusStems.returned];
}
/** Lists that a status of payment may be in beside a status of the order: it tells refunds, not cancellations. */
export const paymentStatusLists = [statusStems.returned];
const status = { cancelled: raw('status_list = 1'), returned: raw('status_list = 2') };

/**
 * Order lines of one source as typed columns, one row per input row:
 * source_id, fate, order_id, customer_id, email, phone, ordered_at, ordered_on, loose_at (the time, where there is no order
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
  // Halves of orders lack one of date and amount.
  const date = staged.text('date');
  const time = date === undefined ? undefined : loader.timestamp(date, staged.dateForm('date'));
  const never = raw('cast(null as timestamp)');
  const orderId = staged.text('order_id');
  const customerId = staged.text('customer_id');
  const { email, phone } = contactTexts(staged);
  const customer = customerKey(staged, { useNobody: true });
  const amount = amountSteps(staged);
  const known = [
    date,
    orderId,
    customerId ?? staged.text('email') ?? staged.text('phone'),
    staged.text('amount') ?? staged.text('unit_price'),
  ].filter((text) => text !== undefined);
  const isBlank = join(
    known.map((text) => sql`nullif(trim(${text}), '') is null`),
    ' and ',
  );
  const fate = (name: keyof typeof fates) => raw(String(fates[name]));
  const totals = date === undefined ? undefined : orderTotals(staged, raw('amount'));
  const amountCells = (['amount', 'unit_price', 'quantity', 'discount'] as const).flatMap(
    (field) => staged.text(field) ?? [],
  );
  const isErrorAmount =
    amountCells.length === 0
      ? raw('false')
      : sql`(${join(amountCells.map(loader.isError.bind(loader)), ' or ')})`;
  // What a quick cast reads names no currency. A case, because the engine computes either side of an 'and' first.
  const money = moneyField(staged);
  const hasSurprise =
    money === undefined || hasSigns(staged)
      ? undefined
      : sql`case when ${raw(staged.text('amount') === undefined && staged.text('quantity') !== undefined ? 'quick_price' : 'quick_amount')} is null
          then ${loader.currency(staged.text(money)!)} is not null else false end`;
  const cancelledAt = staged.text('cancelled_at');
  // Filled in means cancelled, whatever the date; '0000-00-00' and '-' are no dates.
  const cancelled =
    cancelledAt === undefined
      ? status.cancelled
      : sql`(${status.cancelled} or coalesce(regexp_matches(${cancelledAt}, '[1-9]'), false))`;
  return sql`
    select ${staged.sourceId ?? raw(String(staged.id))} as source_id, cast(case
        when ${cancelled} then ${fate('cancelled')}
        when ${raw(date === undefined ? 'amount' : 'ordered_at')} is null then case when ${isBlank} then ${fate('blank')}
          when ${repeatsHeader(staged, headerFields)} then ${fate('repeated_header')}
          ${totals === undefined ? raw('') : sql`when ${totals.undated} then ${fate('total_row')} when ${totals.bare} then ${fate('bare_amount')}`}
          ${date === undefined ? raw('') : sql`when ${loader.isError(date)} then ${fate('error_cell')}`}
          else ${fate(date === undefined ? 'bad_amount' : 'bad_date')} end
        ${totals?.dated === undefined ? raw('') : sql`when ${totals.dated} then ${fate('total_row')}`}
        ${hasSurprise === undefined ? raw('') : sql`when ${hasSurprise} then ${fate('unexpected_currency')}`}
        when amount is null then case when ${isErrorAmount} then ${fate('error_cell')} else ${fate('bad_amount')} end
        when ${asOf === undefined ? raw('false') : sql`ordered_at >= cast(${asOf} as date) + 1`} then ${fate('after_as_of')}
        else ${fate('used')} end as tinyint) as fate,
      order_id, customer_id, email, phone, ordered_at, cast(ordered_at as date) as ordered_on,
      case when order_id is null then ordered_at end as loose_at,
      amount, coalesce(amount < 0, false) or ${returnMark} as is_return,
      ${staged.text('channel') ? loader.trimmed(staged.text('channel')!) : nothing} as channel,
      ${currencyOfRow(staged) ?? nothing} as currency,
      ${staged.text('product') ?? nothing} as product, ${staged.text('quantity') ?? nothing} as quantity,
      ${staged.text('unit_price') ?? nothing} as unit_price,
      ${raw(options.numbered ? 'row_number' : 'cast(null as bigint)')} as row_number,
      ${date ?? nothing} as date_text, ${staged.text('amount') ?? nothing} as amount_text,
      ${staged.text('discount') ?? nothing} as discount_text, ${staged.text('refunded') ?? nothing} as refunded_text,
      ${(options.numbered ? staged.text('status') : undefined) ?? nothing} as status_text
    from (
      select *, ${amount.signed} as amount from (
        select *, ${amount.gross} as gross, ${amount.off} as off, ${time?.exact(raw('quick_time')) ?? never} as ordered_at from (
          select *, ${orderKey(staged) ?? nothing} as order_id,
            ${customer} as customer_id, ${email ?? nothing} as email, ${phone ?? nothing} as phone,
            ${time?.quick ?? never} as quick_time,
            ${amount.quick},
            ${returnDocument(staged)} as is_return_document,
            ${negativeQuantity(staged)} as has_negative_quantity,
            ${statusList(staged)} as status_list
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
  const number = (field: Field) => {
    const text = staged.text(field)!;
    const plain = isPercent(staged, field) ? sql`replace(${text}, '%', '')` : text;
    return loader.decimal(plain, staged.decimalMark(field));
  };
  const has = (field: Field) => staged.text(field) !== undefined;
  const quick: Sql[] = [];
  let gross: Sql;
  if (!has('amount') && !has('unit_price')) {
    quick.push(raw('cast(0 as decimal(17,4)) as quick_amount'));
    gross = raw('quick_amount');
  } else if (!has('amount') && has('quantity')) {
    const factor = (field: Field, alias: string) =>
      loader.factor(staged.text(field)!, staged.decimalMark(field), raw(alias));
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
  let off = raw('cast(0 as decimal(17,4))');
  let net = raw('gross');
  if (discount !== undefined) {
    quick.push(sql`${number('discount').quick} as quick_discount`);
    off = sql`case when quick_discount is not null then quick_discount
      when ${saysNothing(loader, discount)} then 0
      else ${number('discount').exact(raw('quick_discount'))} end`;
    // A discount brings the amount nearer to nothing, for a return as for a sale.
    net = raw(`try_cast(case when gross >= 0 and off >= 0 then gross - off
      when gross < 0 then gross + abs(off) else gross - abs(off) end as decimal(17,4))`);
  }
  const discountIsPercent = discount !== undefined && isPercent(staged, 'discount');
  if (discountIsPercent) {
    // Exact in 18 digits where they do; beyond, 15 digits of a double, as wider decimals are slow.
    net = raw(`case when abs(gross) < 100000 and abs(off) < 1000
      then cast(cast(gross as decimal(9,4)) * cast(1 - cast(off as decimal(7,4)) * cast(0.01 as decimal(3,2)) as decimal(9,6)) as decimal(17,4))
      else try_cast(round(cast(gross as double) * (1 - cast(off as double) / 100), 4) as decimal(17,4)) end`);
  }
  const addend = (field: Field) => {
    const text = staged.text(field)!;
    const alias = raw(`quick_${field}`);
    const parsed = number(field);
    quick.push(sql`${parsed.quick} as ${alias}`);
    return sql`case when ${alias} is not null then ${alias}
      when ${text} is null or trim(${text}, ' -\u2013\u2014') = '' then 0 else ${parsed.exact(alias)} end`;
  };
  // Shipping of a line stands beside its price; in an amount that is given it is contained.
  if (has('shipping') && !has('amount')) {
    net = sql`cast(${net} + ${addend('shipping')} as decimal(18,4))`;
  }
  // What was refunded belongs to the order as a whole, as does an amount that is given; beside the prices of
  // lines it would be taken off each.
  const refunded = has('refunded') && has('amount') ? sql`abs(${addend('refunded')})` : undefined;
  if (refunded !== undefined) net = sql`cast(${net} - ${refunded} as decimal(18,4))`;
  // A return document reverses a sale, whatever its sign in the export. A sale whose status says that it came
  // back is sold and returned at once: nothing remains of it.
  const signs = [
    ...(has('status')
      ? [
          sql`when ${status.returned} and not is_return_document and ${net} > 0
            ${refunded === undefined ? raw('') : sql`and ${refunded} = 0`} then cast(0 as decimal(17,4))`,
        ]
      : []),
    ...(hasReturnDocuments(staged) ? [sql`when is_return_document then -abs(${net})`] : []),
    // Exports that leave the sign to the quantity.
    ...(has('quantity') && has('amount')
      ? [sql`when has_negative_quantity and ${net} > 0 then -${net}`]
      : []),
  ];
  return {
    quick: join(quick, ', '),
    gross,
    off,
    signed: signs.length === 0 ? net : sql`case ${join(signs, ' ')} else ${net} end`,
  };
}

/**
 * The list of the status, by number: cancelled or returned. A status of payment beside it adds refunds; that an
 * order is not paid for yet does not cancel it.
 */
function statusList(staged: StagedSource): Sql {
  const own = wordList(staged, 'status', statusListsOf(staged.recognised));
  if (staged.text('payment_status') === undefined) return own;
  const payment = wordList(staged, 'payment_status', paymentStatusLists);
  return sql`case when (${own}) > 0 then (${own}) when (${payment}) = 1 then 2 else 0 end`;
}

const nothings = ['', '-', '–', '—', 'n/a', 'нет', 'none', 'no', 'null'];

/** Empty, or what people write for want of a value: beside an amount it takes nothing off and adds nothing. */
function saysNothing(loader: Loader, text: Sql): Sql {
  return sql`case when ${text} is null or ${text} = '' then true
    else ${loader.isOneOf(sql`lower(trim(${text}))`, nothings)} end`;
}

/** Marks of a return besides a negative amount: a negative quantity, the status, the kind of document. */
const returnMark = join([raw('has_negative_quantity'), status.returned, raw('is_return_document')], ' or ');

function negativeQuantity(staged: StagedSource): Sql {
  const quantity = staged.text('quantity');
  if (quantity === undefined) return raw('false');
  // Plain numbers begin with a digit; only the rest is looked at closely.
  return sql`case when ${quantity} >= '0' or ${quantity} is null then false
    else regexp_matches(${quantity}, '^\\s*[-\u2212(]') end`;
}

/** A discount in percent: by its header, or by the sign in its cells. */
function isPercent(staged: StagedSource, field: Field): boolean {
  if (field !== 'discount') return false;
  const { source, columns } = staged.recognised;
  const index = columns[field]!;
  return (
    /%|percent|pct|процент/iu.test(source.header[index]!) ||
    source.sample.some((row) => row[index]?.trim().endsWith('%'))
  );
}

function hasReturnDocuments(staged: StagedSource): boolean {
  return staged.text('document_type') !== undefined || marksReturnsWithC(staged);
}

/** Whether the line is of a return document: by its type, or by an invoice number that starts with C. */
function returnDocument(staged: StagedSource): Sql {
  const byType = sql`${wordList(staged, 'document_type', [statusStems.returned])} = 1`;
  if (!marksReturnsWithC(staged)) return byType;
  const id = staged.text('order_id')!;
  return sql`${byType} or coalesce(upper(left(ltrim(${id}), 1)) = 'C' and regexp_full_match(${id}, '\\s*[Cc][0-9]+\\s*'), false)`;
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
