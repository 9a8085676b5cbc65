import type { ResultTable } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import { bandBounds, bandOf, bands } from './bands.js';
import { riskTable } from './score-customers.js';

/** Table bands: customers, their share, mean risk and what is at stake in each band of risk. */
export async function bandTable(
  engine: Engine,
  /** Days of silence after which a customer is lost; null of subscribers, who are lost by the end of a subscription. */
  lostAfter: number | null,
): Promise<ResultTable> {
  // Doubles add up to other last digits in another order; decimals do not.
  const rows = await engine.query(sql`
    select ${bandOf} as band, count(*) as customers, round(100.0 * count(*) / sum(count(*)) over (), 4) as share,
      round(100 * avg(risk), 4) as mean_risk, cast(sum(cast(value_at_stake as decimal(38,8))) as decimal(38,2)) as value_at_stake
    from ${raw(riskTable)} group by 1`);
  const order = Object.keys(bands);
  const percent = (value: number) => `${100 * value}%`;
  return {
    name: 'bands',
    title: { en: 'Bands of risk', ru: 'Уровни риска' },
    grain: 'band',
    columns: [
      { name: 'band', label: { en: 'Risk', ru: 'Риск' }, kind: 'text', values: bands },
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
      { name: 'share', label: { en: 'Share', ru: 'Доля' }, kind: 'percent', digits: 1, chart: 'bar' },
      { name: 'mean_risk', label: { en: 'Mean risk', ru: 'Средний риск' }, kind: 'percent', digits: 1 },
      { name: 'value_at_stake', label: { en: 'At stake', ru: 'Под угрозой' }, kind: 'money', digits: 0 },
    ],
    rows: rows
      .map((row) => [
        row.band ?? null,
        Number(row.customers),
        Number(row.share),
        Number(row.mean_risk),
        row.value_at_stake ?? null,
      ])
      .toSorted((one, other) => order.indexOf(String(one[0])) - order.indexOf(String(other[0]))),
    notes: [
      {
        en: `High is a risk from ${percent(bandBounds.high)}, medium from ${percent(bandBounds.medium)}; lost are those ${lostAfter === null ? 'whose subscription has ended' : `silent for more than ${lostAfter} days`}.`,
        ru: `Высокий: от ${100 * bandBounds.high} %, средний: от ${100 * bandBounds.medium} %; потеряны те, ${lostAfter === null ? 'чья подписка закончилась' : `кто не покупал больше ${lostAfter} дней`}.`,
      },
    ],
  };
}
