import type { Column, ResultTable } from '../core/table.js';
import type { Engine } from '../engines/engine.js';
import { acquisitionChannels, type ChannelSources } from '../model/channels.js';
import { raw, sql } from '../sql/sql.js';
import { spendInPeriods } from './period-figures.js';

const columns: readonly Column[] = [
  { name: 'channel', label: { en: 'Channel', ru: 'Канал' }, kind: 'text' },
  { name: 'spend', label: { en: 'Spend', ru: 'Расходы' }, kind: 'money' },
  { name: 'customers', label: { en: 'New customers', ru: 'Новые клиенты' }, kind: 'integer' },
  { name: 'cac', label: { en: 'CAC', ru: 'CAC' }, kind: 'money' },
];

/**
 * Acquisition cost by channel in the period: spend of the channel / customers acquired through it. Channels
 * are compared without case and outer spaces.
 */
export async function cacByChannel(engine: Engine, from: ChannelSources): Promise<ResultTable> {
  const rows = await engine.query(sql`
    with acquired as (
      select a.customer_id from int_activity a join stg_periods p
        on p.period_id = 'value' and a.happens_on >= p.starts_on and a.happens_on < p.ends_on
      where a.is_first = 1
    ),
    channels as (${acquisitionChannels(raw('acquired'), from)}),
    customers as (
      select lower(trim(channel)) as channel_key, min(trim(channel)) as channel, count(*) as customers
      from channels group by lower(trim(channel))
    ),
    spend as (
      select lower(trim(channel)) as channel_key, min(trim(channel)) as channel, sum(amount) as spend
      from (${spendInPeriods(engine)}) as shares where period_id = 'value' group by lower(trim(channel))
    )
    select coalesce(s.channel, c.channel) as channel, s.spend, coalesce(c.customers, 0) as customers,
      cast(round(cast(s.spend as double) / nullif(c.customers, 0), 4) as decimal(38,4)) as cac
    from spend s full outer join customers c on c.channel_key is not distinct from s.channel_key
    order by case when coalesce(s.channel, c.channel) is null then 1 else 0 end, s.spend desc nulls last, channel`);
  return {
    name: 'cac_by_channel',
    title: { en: 'CAC by channel', ru: 'CAC по каналам' },
    grain: 'acquisition channel',
    columns,
    rows: rows.map((row) => [row.channel ?? null, row.spend ?? null, row.customers ?? 0, row.cac ?? null]),
    notes: [
      ...(rows.some((row) => row.channel === null)
        ? [
            {
              en: 'Channel is empty: none is given for the spend or the customers',
              ru: 'Нет канала: он не указан у расходов или у клиентов',
            },
          ]
        : []),
      ...(rows.some((row) => row.spend === null)
        ? [
            {
              en: 'Spend or CAC is empty: no spend is given for the channel in the period',
              ru: 'Нет расходов или CAC: для канала в периоде нет расходов',
            },
          ]
        : []),
      ...(rows.some((row) => row.spend !== null && row.customers === 0)
        ? [
            {
              en: 'CAC is empty: no customer was acquired through the channel in the period',
              ru: 'Нет CAC: через канал в периоде никто не привлечён',
            },
          ]
        : []),
    ],
  };
}
