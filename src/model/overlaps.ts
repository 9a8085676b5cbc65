import type { Notice } from '../core/table.js';
import { countOf, sayCount } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import { raw, sql } from '../sql/sql.js';
import { fates } from './fate.js';
import type { StagedSource } from './staging.js';

/**
 * Finds orders that stand in several sources because exports overlap, and gives the surplus rows the fate
 * 'merged'. Line by line exports: a line counts as often as it stands in the one source that has it most.
 * Order by order exports: the later source tells the later state and wins. An order that stands line by line
 * in one source and as a whole in another counts by its lines.
 */
export async function mergeOverlaps(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
): Promise<Notice[]> {
  const detailed = sources
    .filter((staged) => staged.text('product') !== undefined || staged.text('quantity') !== undefined)
    // An amount that stands for the whole order makes the order one thing, however many lines it has.
    .filter(({ recognised }) => recognised.exporter?.traits?.amountOf !== 'order')
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
  const sameLine =
    raw(`order_id, customer_id, ordered_on, case when is_detailed then ordered_at end, amount < 0,
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
      select *, row_number() over (partition by source_id, ${sameLine} order by amount = 0, line) as copy_number,
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
        en: `Exports overlap: ${countOf(Number(totals!.order_count), 'order')} in more than one file or sheet, each counted once; that took out ${countOf(Number(totals!.row_count), 'row')}.`,
        ru: `Выгрузки пересекаются: заказов, которые есть в нескольких файлах или листах: ${sayCount(Number(totals!.order_count)).ru}; они учтены один раз, лишних строк убрано: ${sayCount(Number(totals!.row_count)).ru}.`,
      },
    });
  }
  if (Number(totals?.differing) > 0) {
    notices.push({
      code: 'overlap_differs',
      level: 'warning',
      text: {
        en: `${countOf(Number(totals!.differing), 'order')} in several files or sheets with different lines; all their different lines count. Check that these are not two versions of one order.`,
        ru: `Заказов, строки которых в разных файлах или листах различаются: ${totals!.differing}; учтены все различающиеся строки. Проверьте, что это не две версии одного заказа.`,
      },
    });
  }
  return notices;
}
