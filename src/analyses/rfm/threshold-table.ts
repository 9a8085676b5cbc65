import type { Cell, ResultTable, Unit } from '../../core/table.js';
import { sayCount, type Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { join, raw, sql } from '../../sql/sql.js';
import {
  type Measure,
  measures,
  measureValue,
  type RfmOptions,
  type RfmScores,
  type RfmTables,
  type Thresholds,
} from './scores.js';

export const measureLabels: Readonly<Record<Measure, Text>> = {
  recency: { en: 'Recency, days', ru: 'Давность, дней' },
  frequency: { en: 'Frequency, orders', ru: 'Частота, заказов' },
  monetary: { en: 'Monetary', ru: 'Сумма' },
};
const units: Readonly<Record<Measure, Unit>> = { recency: 'days', frequency: 'integer', monetary: 'money' };

/** What came to have a score. */
export interface ScoreRange {
  readonly measure: Measure;
  readonly score: number;
  readonly customers: number;
  /** Least and greatest value, null where nobody has the score. */
  readonly least: string | null;
  readonly greatest: string | null;
}

/** Least and greatest value of every score of every measure, and how many customers have it. */
export async function scoreRanges(
  engine: Engine,
  options: RfmOptions,
  tables: RfmTables,
): Promise<ScoreRange[]> {
  const parts = measures.map(
    (measure, index) => sql`
      select ${raw(String(index))} as measure, ${raw(`${measure}_score`)} as score, count(*) as customers,
        cast(min(${measureValue(measure, options.monetary)}) as decimal(38,4)) as least,
        cast(max(${measureValue(measure, options.monetary)}) as decimal(38,4)) as greatest
      from scored group by 2`,
  );
  const rows = await engine.query(sql`
    with scored as (
      select recency_score, frequency_score, monetary_score, recency_days, orders, revenue
      from ${raw(tables.rfm)} join ${raw(tables.customers)} using (customer_id)
    )
    ${join(parts, ' union all ')} order by 1, 2`);
  const found = new Map(rows.map((row) => [`${row.measure} ${row.score}`, row]));
  return measures.flatMap((measure, index) =>
    Array.from({ length: options.bins }, (_, place) => {
      const score = options.bins - place;
      const row = found.get(`${index} ${score}`);
      return {
        measure,
        score,
        customers: Number(row?.customers ?? 0),
        least: row === undefined ? null : String(row.least),
        greatest: row === undefined ? null : String(row.greatest),
      };
    }),
  );
}

/** Table thresholds: for each score of each measure, best first, its threshold and the values that have it. */
export function thresholdTable(
  scores: RfmScores,
  ranges: readonly ScoreRange[],
  options: RfmOptions,
  names: { readonly name: string; readonly title: Text; readonly onlyOn?: 'file' },
): ResultTable {
  return {
    ...names,
    grain: 'score of a measure',
    columns: [
      {
        name: 'measure',
        label: { en: 'Measure', ru: 'Показатель' },
        kind: 'text',
        values: {
          ...measureLabels,
          ...(options.monetary === 'average'
            ? { monetary: { en: 'Monetary, per order', ru: 'Сумма на заказ' } }
            : {}),
        },
      },
      { name: 'score', label: { en: 'Score', ru: 'Балл' }, kind: 'integer' },
      {
        name: 'rule',
        label: { en: 'Rule', ru: 'Правило' },
        kind: 'text',
        values: {
          up_to: { en: 'up to', ru: 'не больше' },
          above: { en: 'above', ru: 'больше' },
          from: { en: 'from', ru: 'от' },
          below: { en: 'below', ru: 'меньше' },
          rank: { en: 'by rank', ru: 'по месту' },
        },
      },
      {
        name: 'threshold',
        label: { en: 'Threshold', ru: 'Порог' },
        kind: 'measure',
        unitColumn: 'threshold_unit',
      },
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
      { name: 'least', label: { en: 'Least value', ru: 'Наименьшее' }, kind: 'measure', unitColumn: 'unit' },
      {
        name: 'greatest',
        label: { en: 'Greatest value', ru: 'Наибольшее' },
        kind: 'measure',
        unitColumn: 'unit',
      },
      { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
      {
        name: 'threshold_unit',
        label: { en: 'Unit of the threshold', ru: 'Единица порога' },
        kind: 'text',
        machineOnly: true,
      },
    ],
    rows: ranges.map(({ measure, score, customers, least, greatest }): Cell[] => {
      const { rule, threshold } = bound(
        scores.thresholds[measure],
        score,
        options.bins,
        measure === 'recency',
      );
      const unit = units[measure];
      const value = (text: string | null) => (text === null || unit === 'money' ? text : Number(text));
      // Quantiles between days or orders are no whole numbers.
      const thresholdUnit = unit !== 'money' && threshold?.includes('.') ? 'ratio' : unit;
      const shown = threshold === null || unit === 'money' ? threshold : Number(threshold);
      return [measure, score, rule, shown, customers, value(least), value(greatest), unit, thresholdUnit];
    }),
    notes: thresholdNotes(ranges, options),
  };
}

/** The bound of the bin that a score is. The bin at the open end is told by its neighbour's. */
function bound(
  { rule, values }: Thresholds,
  score: number,
  bins: number,
  smallIsGood: boolean,
): { rule: string | null; threshold: string | null } {
  const bin = smallIsGood ? bins - score : score - 1;
  const [before, own] = [values[bin - 1], values[bin]];
  // Between two equal thresholds there is nothing.
  if (before !== undefined && before === own) return { rule: null, threshold: null };
  if (rule === 'rank' || values.length === 0) return { rule: 'rank', threshold: null };
  if (rule === 'up_to') {
    return own === undefined ? { rule: 'above', threshold: before! } : { rule: 'up_to', threshold: own };
  }
  return before === undefined ? { rule: 'below', threshold: own! } : { rule: 'from', threshold: before };
}

function thresholdNotes(ranges: readonly ScoreRange[], { scoring, fixed }: RfmOptions): Text[] {
  const skipped = measures.flatMap((measure) => {
    const empty = ranges.filter((range) => range.measure === measure && range.customers === 0);
    return empty.length === 0 ? [] : [{ measure, scores: empty.map(({ score }) => score).reverse() }];
  });
  const byTies = skipped.filter(({ measure }) => fixed[measure] === undefined);
  if (byTies.length === 0 || scoring === 'ntile') return [];
  const say = (language: 'en' | 'ru') =>
    byTies
      .map(({ measure, scores }) => `${measureLabels[measure][language].split(',')[0]} ${scores.join(', ')}`)
      .join('; ');
  const [largest] = [...ranges]
    .filter(({ measure }) => byTies.some((one) => one.measure === measure))
    .sort((one, other) => other.customers - one.customers);
  // Of one customer nobody else is equal.
  if (largest!.customers === 1) return [];
  const count = sayCount(largest!.customers);
  return [
    {
      en: `Scores that nobody has: ${say('en')}. Equal values have equal scores, and many are equal: ${count.en} customers share one score of ${measureLabels[largest!.measure].en.split(',')[0]!.toLowerCase()}.`,
      ru: `Баллы, которых ни у кого нет: ${say('ru')}. Равные значения получают равные баллы, а равных много: один балл за показатель «${measureLabels[largest!.measure].ru.split(',')[0]}» у клиентов: ${count.ru}.`,
    },
  ];
}
