import type { Engine } from '../../engines/engine.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import { allScores, type SegmentMap } from './maps.js';

/** How scores are told from values. */
export const scorings = ['quantile', 'ntile', 'r-rfm'] as const;
export type Scoring = (typeof scorings)[number];

/** What monetary is: all revenue of a customer, or that of an order. */
export const monetaries = ['total', 'average'] as const;
export type Monetary = (typeof monetaries)[number];

export const measures = ['recency', 'frequency', 'monetary'] as const;
export type Measure = (typeof measures)[number];

/**
 * Fixed thresholds, rising, one fewer than bins: days up to which recency has the best score, the second, ...; orders,
 * and money as exact decimal text, from which the second score begins, the third, ...
 */
export type FixedThresholds = Readonly<Partial<Record<Measure, readonly string[]>>>;

export interface RfmOptions {
  readonly scoring: Scoring;
  readonly bins: number;
  readonly monetary: Monetary;
  readonly map: SegmentMap;
  /** Measures that are not scored by `scoring`. */
  readonly fixed: FixedThresholds;
}

/** Tables of the engine: customers as `customerFacts` makes them, and the scores to make. */
export interface RfmTables {
  readonly customers: string;
  readonly rfm: string;
}

export const rfmTables: RfmTables = { customers: 'int_customers', rfm: 'int_rfm' };

/** Where the bins of a measure part, in rising order of its values. */
export interface Thresholds {
  /**
   * 'up_to': a bin holds values up to and with its threshold, the last bin the rest. 'from': a bin begins at its
   * threshold, the first bin has none. 'rank': bins of equal size by rank, without thresholds.
   */
  readonly rule: 'up_to' | 'from' | 'rank';
  /** Exact decimal text, one fewer than bins; none for 'rank'. */
  readonly values: readonly string[];
}

export interface RfmScores {
  readonly customers: number;
  readonly thresholds: Readonly<Record<Measure, Thresholds>>;
}

/** What of table int_customers a measure is. Averages are rounded to the fourth digit; equal quotients stay equal. */
export function measureValue(measure: Measure, monetary: Monetary): Sql {
  if (measure === 'recency') return raw('recency_days');
  if (measure === 'frequency') return raw('orders');
  return monetary === 'total'
    ? raw('revenue')
    : raw('cast(cast(revenue * 10000 as double) / orders / 10000 as decimal(38,4))');
}

/**
 * Makes table int_rfm, one row per customer of table int_customers: customer_id, recency_score, frequency_score,
 * monetary_score (1, worst, to bins, best), segment (code).
 */
export async function rfmScores(
  engine: Engine,
  options: RfmOptions,
  tables: RfmTables = rfmTables,
): Promise<RfmScores> {
  const { bins, map, monetary } = options;
  const [row] = await engine.query(sql`select count(*) as customers from ${raw(tables.customers)}`);
  const customers = Number(row?.customers);
  const thresholds = {
    recency: await thresholdsOf(engine, 'recency', customers, options, tables),
    frequency: await thresholdsOf(engine, 'frequency', customers, options, tables),
    monetary: await thresholdsOf(engine, 'monetary', customers, options, tables),
  };
  const score = (measure: Measure) =>
    scoreOf(measureValue(measure, monetary), thresholds[measure], bins, measure === 'recency');
  const segments = allScores(map, bins).map(
    (triple) =>
      sql`(${raw(`${triple.recency}, ${triple.frequency}, ${triple.monetary}`)}, ${triple.segment})`,
  );
  await engine.run(sql`
    create table ${raw(tables.rfm)} as
    select scored.customer_id, scored.recency_score, scored.frequency_score, scored.monetary_score, map.segment
    from (
      select customer_id, ${score('recency')} as recency_score, ${score('frequency')} as frequency_score,
        ${score('monetary')} as monetary_score
      from ${raw(tables.customers)}
    ) as scored
    join (values ${join(segments, ', ')}) as map (recency_score, frequency_score, monetary_score, segment)
      on map.recency_score = scored.recency_score and map.frequency_score = scored.frequency_score
      and map.monetary_score = scored.monetary_score`);
  return { customers, thresholds };
}

async function thresholdsOf(
  engine: Engine,
  measure: Measure,
  customers: number,
  { scoring, bins, monetary, fixed }: RfmOptions,
  { customers: table }: RfmTables,
): Promise<Thresholds> {
  const given = fixed[measure];
  if (given !== undefined) return { rule: measure === 'recency' ? 'up_to' : 'from', values: given };
  if (scoring === 'ntile') return { rule: 'rank', values: [] };
  const rule = scoring === 'quantile' ? 'up_to' : 'from';
  if (customers === 0) return { rule, values: [] };
  const places = quantilePlaces(customers, bins);
  const positions = places.flatMap(({ position }) =>
    scoring === 'quantile' ? [position] : [position, Math.min(position + 1, customers - 1)],
  );
  const found = await orderStatistics(engine, table, measureValue(measure, monetary), positions);
  const at = (position: number) => found.get(position)!;
  return {
    rule,
    values: places.map(({ position, part }) =>
      scoring === 'quantile'
        ? at(position)
        : quantilePlusOne(at(position), at(Math.min(position + 1, customers - 1)), part, bins),
    ),
  };
}

/**
 * Where the quantiles k / bins of n sorted values lie by type 7 (Hyndman and Fan 1996; R, numpy and spreadsheets): at
 * position (n - 1) k / bins from 0, `part` bins-ths of the way to the next value.
 */
function quantilePlaces(n: number, bins: number): { position: number; part: number }[] {
  return Array.from({ length: bins - 1 }, (_, index) => {
    const place = (n - 1) * (index + 1);
    return { position: Math.floor(place / bins), part: place % bins };
  });
}

/**
 * The values at some places of the sorted ones, from 0. A value is up to a type 7 quantile exactly where it is up to
 * the value at or before the quantile's place, so these alone part the bins, and no quantile is ever rounded.
 */
async function orderStatistics(
  engine: Engine,
  table: string,
  value: Sql,
  positions: readonly number[],
): Promise<Map<number, string>> {
  const wanted = [...new Set(positions)];
  const columns = wanted.map(
    (position, index) => sql`min(case when so_far > ${position} then value end) as ${raw(`value_${index}`)}`,
  );
  const [row] = await engine.query(sql`
    with counted as (select ${value} as value, count(*) as customers from ${raw(table)} group by 1),
    ranked as (
      select value, sum(customers) over (order by value rows between unbounded preceding and current row) as so_far
      from counted
    )
    select ${join(columns, ', ')} from ranked`);
  return new Map(wanted.map((position, index) => [position, String(row![`value_${index}`])]));
}

/** Digits that thresholds are written with: as many as quotients by up to 20 bins may need to part values of 4. */
const thresholdDigits = 10;

/** A type 7 quantile plus one, as exact decimal text, rounded up at the tenth digit, which parts the same values. */
export function quantilePlusOne(below: string, above: string, part: number, bins: number): string {
  const [low, high] = [scaled(below), scaled(above)];
  const numerator = low * BigInt(bins) + (high - low) * BigInt(part);
  const divisor = BigInt(bins);
  const quotient = numerator / divisor + (numerator % divisor > 0n ? 1n : 0n);
  return unscaled(quotient + 10n ** BigInt(thresholdDigits));
}

function scaled(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  const digits = BigInt(whole + fraction.padEnd(thresholdDigits, '0').slice(0, thresholdDigits));
  return negative ? -digits : digits;
}

function unscaled(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(thresholdDigits + 1, '0');
  const fraction = digits.slice(-thresholdDigits).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -thresholdDigits)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The score of a value: its bin, counted from the other end where small values are good. */
function scoreOf(value: Sql, { rule, values }: Thresholds, bins: number, smallIsGood: boolean): Sql {
  if (rule === 'rank') {
    return sql`cast(ntile(${raw(String(bins))}) over (order by ${value} ${raw(smallIsGood ? 'desc' : 'asc')}, customer_id) as integer)`;
  }
  const compare = raw(rule === 'up_to' ? '>' : '>=');
  const steps = values.map(
    (threshold) => sql` + case when ${value} ${compare} ${asNumber(threshold)} then 1 else 0 end`,
  );
  const bin = sql`1${join(steps, '')}`;
  return smallIsGood ? sql`${raw(String(bins + 1))} - (${bin})` : bin;
}

/** A threshold in the narrowest type that holds it, so that the values of a million customers are not widened. */
function asNumber(threshold: string): Sql {
  const digits = threshold.split('.')[1]?.length ?? 0;
  return sql`cast(${threshold} as ${raw(digits === 0 ? 'bigint' : digits <= 4 ? 'decimal(38,4)' : 'decimal(38,10)')})`;
}
