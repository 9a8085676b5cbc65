import type { Notice } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import { type Field, normaliseHeader } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { currencyOfRow } from './currency.js';
import { fates } from './fate.js';
import {
  conversionNotice,
  convertRows,
  namesCurrency,
  noRate,
  type Rates,
  severalCurrencies,
} from './rates.js';
import { repeatsHeader } from './repeated-header.js';
import { rowNumber, type StagedSource } from './staging.js';
import { isTotalRow } from './total-rows.js';

export const spendFields: readonly Field[] = ['date', 'date_to', 'channel', 'campaign', 'spend', 'currency'];
export const spendDateFields: readonly Field[] = ['date', 'date_to'];

/**
 * Makes table stg_spend, one row per input row: source_id, fate, starts_on, ends_on (the day after the last
 * that it covers), channel, amount, currency. A row covers its day; a month where it names one, or where every date of
 * the source is the first of a month. With rates amounts are in their base, by the month that a row starts in.
 */
export async function stageSpend(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  rates: Rates | undefined,
): Promise<void> {
  const read = join(
    sources.map((staged) => spendRows(staged)),
    ' union all ',
  );
  const rows =
    rates === undefined || !namesCurrency(sources)
      ? read
      : convertRows(sql`(${read}) as named`, raw('starts_on'), rates);
  await engine.loader.inFileOrder(() => engine.run(sql`create table stg_spend as ${rows}`));
  // Exports of spend overlap as those of orders do; a row of another source with the same content counts once.
  const content = raw('starts_on, ends_on, channel, campaign, amount, currency');
  await engine.run(sql`
    update stg_spend set fate = ${raw(String(fates.merged))} where rowid in (
      select line from (
        select line, source_id, min(source_id) over (partition by ${content}, copy_number) as first_source from (
          select rowid as line, source_id, ${content}, row_number() over (
            partition by source_id, ${content} order by rowid) as copy_number
          from stg_spend where fate = ${raw(String(fates.used))}
        ) as copies
      ) as compared where source_id <> first_source)`);
}

/**
 * The currency of the spend: the one that it names, null where it names none, or the base of the rates.
 * @throws UserError where it names several without rates, or one that no rate is for
 */
export async function currencyOfSpend(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
  rates: Rates | undefined,
): Promise<{ currency: string | null; notices: Notice[] }> {
  if (!namesCurrency(sources)) return { currency: rates?.base ?? null, notices: [] };
  const used = raw(String(fates.used));
  if (rates === undefined) {
    const named = await engine.query(sql`
      select distinct currency from stg_spend where fate = ${used} and currency is not null order by 1`);
    const currencies = named.map((row) => String(row.currency));
    if (currencies.length > 1) throw severalCurrencies('spend', currencies);
    return { currency: currencies[0] ?? null, notices: [] };
  }
  const missing = await engine.query(sql`
    select distinct missing_rate from stg_spend where missing_rate is not null order by 1`);
  if (missing.length > 0) {
    throw noRate(
      missing.map((row) => String(row.missing_rate)),
      rates,
    );
  }
  const [row] = await engine.query(sql`
    select count(*) filter (where currency <> ${rates.base}) as converted,
      count(*) filter (where currency is null) as bare
    from stg_spend where fate = ${used}`);
  return {
    currency: rates.base,
    notices: conversionNotice(rates, 'spend', Number(row?.converted), Number(row?.bare)),
  };
}

function spendRows(staged: StagedSource): Sql {
  const { loader } = staged;
  const date = staged.text('date')!;
  const form = staged.dateForm('date');
  const until = staged.text('date_to');
  const spend = staged.text('spend')!;
  const nothing = raw('cast(null as varchar)');
  const lastDay =
    until === undefined
      ? raw('cast(null as date)')
      : sql`cast(${loader.timestamp(until, staged.dateForm('date_to')).atOnce} as date)`;
  return sql`
    select source_id, cast(case
        when nullif(trim(date_text), '') is null and nullif(trim(amount_text), '') is null then ${raw(String(fates.blank))}
        when starts_on is null and ${repeatsHeader(staged, ['date', 'spend', 'channel'])} then ${raw(String(fates.repeated_header))}
        when ${isTotalRow(staged, ['date', 'channel', 'campaign'], { besides: true })} then ${raw(String(fates.total_row))}
        when starts_on is null and ${isBare(staged)} and amount is not null then ${raw(String(fates.bare_amount))}
        when starts_on is null and ${loader.isError(date)} or amount is null and ${loader.isError(spend)} then ${raw(String(fates.error_cell))}
        when starts_on is null or last_day < starts_on then ${raw(String(fates.bad_date))}
        when amount is null then ${raw(String(fates.bad_amount))}
        else ${raw(String(fates.used))} end as tinyint) as fate,
      channel, campaign, amount, currency, starts_on, row_number, date_text, amount_text,
      cast(case when last_day is not null then last_day + 1
        when ${raw(String(isWeekly(staged)))} then starts_on + 7
        when is_month or bool_and(day(starts_on) = 1) over () then starts_on + interval 1 month
        else starts_on + 1 end as date) as ends_on
    from (
      select *, ${raw(String(staged.id))} as source_id, ${rowNumber(staged)} as row_number,
        cast(${loader.timestamp(date, form).atOnce} as date) as starts_on, ${lastDay} as last_day,
        coalesce(${loader.month(date)} is not null, false) as is_month,
        ${staged.text('channel') ? loader.trimmed(staged.text('channel')!) : nothing} as channel,
        ${staged.text('campaign') ? loader.trimmed(staged.text('campaign')!) : nothing} as campaign,
        ${currencyOfRow(staged) ?? nothing} as currency,
        ${loader.decimal(spend, staged.decimalMark('spend')).atOnce} as amount,
        ${date} as date_text, ${spend} as amount_text
      from ${loader.rowsOfKeepingBroken(staged.scan)}
    ) as typed`;
}

/** A row whose cells are empty but for its spend. */
function isBare(staged: StagedSource): Sql {
  const cells = (['date', 'date_to', 'channel', 'campaign'] as const).flatMap(
    (field) => staged.text(field) ?? [],
  );
  return join(
    cells.map((text) => sql`coalesce(trim(${text}) = '', true)`),
    ' and ',
  );
}

/** Whether the dates are those of weeks, by the header. */
function isWeekly({ recognised: { source, columns } }: StagedSource): boolean {
  return ['week', 'неделя', 'weekstart', 'weekof', 'началонедели'].includes(
    normaliseHeader(source.header[columns.date!]!),
  );
}
