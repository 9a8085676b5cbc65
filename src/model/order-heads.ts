import type { Day } from '../core/dates.js';
import type { LoadingEngine } from '../engines/loader.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { fates } from './fate.js';
import { orderLines } from './order-lines.js';
import { numberedRows, type StagedSource } from './staging.js';

// The head of an order is the row that tells its date and customer. It may be a row like the others, or the first
// of the order's rows, or stand in a table of its own.

const fate = (name: keyof typeof fates) => raw(String(fates[name]));

/** What becomes of a line by the fate of its order's head, null where there is none. */
function fateByHead(head: Sql): Sql {
  return sql`case when ${head} in (${fate('used')}, ${fate('cancelled')}, ${fate('after_as_of')}) then ${head}
    else ${fate('no_order_head')} end`;
}

/** Order lines of one source as `orderLines` gives them, with what the heads of the orders tell. */
export function orderRows(
  staged: StagedSource,
  from: Sql,
  asOf: Day | undefined,
  options: { numbered: boolean },
): Sql {
  const rows = orderLines(staged, from, asOf, options);
  if (staged.recognised.part === 'lines') return withHeadsOfTable(rows);
  if (staged.recognised.exporter?.traits?.amountOf === 'order') return withFirstRows(rows, { once: true });
  return hasContinuedOrders(staged) ? withFirstRows(rows, { once: false }) : rows;
}

/** Whether an order may have several rows of which only one tells its amount, so that the others have none. */
export function hasRowsWithoutAmount(staged: StagedSource): boolean {
  return staged.recognised.exporter?.traits?.amountOf === 'order' || hasContinuedOrders(staged);
}

/**
 * Whether orders go on in rows without an amount: most of the sample's rows that have an order id and no amount
 * share their id with a row that has one.
 */
function hasContinuedOrders({ recognised: { source, columns, part } }: StagedSource): boolean {
  const { order_id: id, amount } = columns;
  if (part !== undefined || id === undefined || amount === undefined) return false;
  const isFilled = (cell: string | null | undefined) => cell != null && cell.trim() !== '';
  const withId = source.sample.filter((row) => isFilled(row[id]));
  const known = new Set(withId.filter((row) => isFilled(row[amount])).map((row) => row[id]));
  const without = withId.filter((row) => !isFilled(row[amount]));
  return without.filter((row) => known.has(row[id]!)).length * 2 > without.length;
}

/**
 * Rows of which one per order tells its amount, date and customer; the others belong to it and add nothing.
 * `once`: where several rows of an order have an amount it is one and the same, and counts once.
 */
function withFirstRows(rows: Sql, { once }: { once: boolean }): Sql {
  const isRest = once ? raw('is_blank or row_number() over heads > 1') : raw('is_blank');
  const head = (column: string) => sql`first_value(${raw(column)}) over heads as head_${raw(column)}`;
  const rest = (column: string) =>
    sql`case when is_rest then head_${raw(column)} else ${raw(column)} end as ${raw(column)}`;
  return sql`
    select * exclude (is_blank, is_rest, head_is_blank, head_fate, head_customer_id, head_ordered_at, head_ordered_on,
      head_email, head_phone, head_currency)
      replace (
        cast(case when not is_rest then fate when head_is_blank then ${fate('no_order_head')}
          else ${fateByHead(raw('head_fate'))} end as tinyint) as fate,
        ${rest('customer_id')}, ${rest('ordered_at')}, ${rest('ordered_on')},
        ${rest('email')}, ${rest('phone')}, ${rest('currency')},
        case when is_rest then cast(0 as decimal(18,4)) else amount end as amount,
        is_return and not is_rest as is_return)
    from (
      select *, order_id is not null and (${isRest}) as is_rest, ${head('is_blank')}, ${head('fate')},
        ${head('customer_id')}, ${head('ordered_at')}, ${head('ordered_on')},
        ${head('email')}, ${head('phone')}, ${head('currency')}
      from (select *, nullif(trim(amount_text), '') is null as is_blank from (${rows}) as lines) as marked
      window heads as (partition by source_id, order_id order by is_blank, amount desc nulls last)
    ) as headed`;
}

/** Lines that have no date, with date and customer from table stg_order_heads. */
function withHeadsOfTable(rows: Sql): Sql {
  return sql`
    select l.* replace (
        cast(case when l.fate <> ${fate('used')} then l.fate else ${fateByHead(raw('h.fate'))} end as tinyint) as fate,
        coalesce(h.customer_id, l.customer_id) as customer_id, coalesce(h.email, l.email) as email,
        coalesce(h.phone, l.phone) as phone, h.ordered_at as ordered_at, h.ordered_on as ordered_on,
        case when h.is_return and l.amount > 0 then cast(0 as decimal(18,4)) else l.amount end as amount,
        l.is_return or coalesce(h.is_return, false) as is_return, coalesce(h.channel, l.channel) as channel,
        coalesce(h.currency, l.currency) as currency)
    from (${rows}) as l left join stg_order_heads h
      on h.order_id = l.order_id and h.fate <> ${fate('merged')}`;
}

/**
 * Makes table stg_order_heads, one row per row of the sources that tell date and customer of orders whose amounts
 * stand elsewhere: the columns of `orderLines`. Of several heads of one order the last source's counts.
 */
export async function stageOrderHeads(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  asOf: Day | undefined,
  options: { numbered: boolean },
): Promise<void> {
  const rowsOf = (staged: StagedSource) => {
    const rows = engine.loader.rowsOfKeepingBroken(staged.scan);
    return options.numbered ? numberedRows(staged, rows) : rows;
  };
  const heads = join(
    sources.map((staged) => orderLines(staged, rowsOf(staged), asOf, options)),
    ' union all ',
  );
  const hold = () => engine.run(sql`create table stg_order_heads as ${heads}`);
  await (options.numbered ? engine.loader.inFileOrder(hold) : hold());
  await engine.run(sql`
    update stg_order_heads set fate = ${fate('merged')}
    where rowid in (
      select line from (
        select rowid as line, row_number() over (
          partition by order_id order by source_id desc, ordered_at desc nulls last, rowid) as copy_number
        from stg_order_heads where order_id is not null
      ) as numbered where copy_number > 1)`);
}

/** Heads with what became of them in the end, once table stg_order_lines is there. */
export const headsWithFate = sql`
  select heads.* replace (cast(case when fate = ${fate('used')} and lines.order_id is null then ${fate('no_order_lines')}
    else fate end as tinyint) as fate)
  from stg_order_heads heads left join (
    select distinct order_id from stg_order_lines where fate in (${fate('used')}, ${fate('merged')})
  ) as lines on lines.order_id = heads.order_id`;

/** Makes table stg_head_accounts: rows of heads by source_id and fate, once table stg_order_lines is there. */
export async function accountForHeads(engine: LoadingEngine): Promise<void> {
  await engine.run(sql`
    create table stg_head_accounts as
    select source_id, fate, count(*) as row_count from (${headsWithFate}) as heads group by 1, 2`);
}
