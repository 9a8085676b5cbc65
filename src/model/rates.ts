import { type Place, UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import { sayCount } from '../core/text.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { constantCurrency } from './currency.js';
import { fates } from './fate.js';
import type { StagedSource } from './staging.js';

/**
 * Rates of currencies to one base currency, as decimal text: amount in the base = amount × rate. A rate holds
 * always, or by month 'YYYY-MM'.
 */
export interface Rates {
  readonly base: string;
  readonly byCurrency: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/**
 * Rows with their amounts in the base currency, rounded half away from zero at the fourth digit; rows that name
 * no currency are in it already. Column missing_rate tells currency and month, 'USD 2024-03', of a used row that
 * no rate is for; its amount stays.
 * @param rows a from-clause with columns fate, currency, amount decimal(18,4) or narrower
 * @param date the column whose month a rate by month is taken of
 */
export function convertRows(rows: Sql, date: Sql, rates: Rates): Sql {
  const isForeign = sql`currency is not null and currency <> ${rates.base}`;
  const used = raw(String(fates.used));
  // The product of the widest amount and rate fits 38 digits; a result beyond 18 is no amount.
  const converted = raw('try_cast(cast(amount as decimal(24,4)) * rate as decimal(18,4))');
  return sql`
    select * replace (
        cast(case when fate = ${used} and rate is not null and ${converted} is null then ${raw(String(fates.bad_amount))}
          else fate end as tinyint) as fate,
        case when rate is null then amount else ${converted} end as amount),
      case when fate = ${used} and rate is null and ${isForeign}
        then currency || ' ' || strftime(${date}, '%Y-%m') end as missing_rate
    from (select *, case when ${isForeign} then ${rateOf(raw('currency'), date, rates)} end as rate from ${rows}) as rated`;
}

/** The rate of a currency in the month of a date, or null. */
function rateOf(currency: Sql, date: Sql, { byCurrency }: Rates): Sql {
  const decimal = (rate: string) => sql`cast(${rate} as decimal(14,8))`;
  const cases = Object.entries(byCurrency).map(([code, rate]) => {
    if (typeof rate === 'string') return sql`when ${code} then ${decimal(rate)}`;
    const months = Object.entries(rate).map(
      ([month, value]) => sql`when ${raw(String(monthNumber(month)))} then ${decimal(value)}`,
    );
    return months.length === 0
      ? raw('')
      : sql`when ${code} then case year(${date}) * 12 + month(${date}) ${join(months, ' ')} end`;
  });
  const known = cases.filter((piece) => piece.text !== '');
  return known.length === 0
    ? raw('cast(null as decimal(14,8))')
    : sql`case ${currency} ${join(known, ' ')} end`;
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
}

/** The error for amounts that no rate is for: 'USD 2024-03', 'USD 2024-04', 'GBP 2024-03'. */
export function noRate(missing: readonly string[], { base, byCurrency }: Rates): UserError {
  const months = new Map<string, string[]>();
  for (const key of [...missing].sort()) {
    const [currency, month] = key.split(' ') as [string, string];
    months.set(currency, [...(months.get(currency) ?? []), month]);
  }
  // A currency without any rate wants one; a currency with rates by month wants those of more months.
  const wanted = [...months].map(([currency, list]) =>
    typeof byCurrency[currency] === 'object'
      ? { currency, what: `${currency} in ${list.join(', ')}`, add: list.map((month) => `${month}: RATE`) }
      : { currency, what: currency, add: undefined },
  );
  return new UserError(`no rate to ${base} for ${wanted.map(({ what }) => what).join('; ')}`, {
    remedy: `Add to rates in retain.yaml, as ${base} for one unit: ${wanted
      .map(({ currency, add }) => `${currency}: ${add === undefined ? 'RATE' : `{${add.join(', ')}}`}`)
      .join(', ')}.`,
  });
}

/** Whether any source tells the currency of its rows. */
export function namesCurrency(sources: readonly StagedSource[]): boolean {
  return sources.some((staged) => constantCurrency(staged) !== null);
}

/** How many rows were converted, and by what rates. */
export function conversionNotice(
  rates: Rates,
  role: 'orders' | 'spend',
  converted: number,
  withoutCurrency: number,
): Notice[] {
  const { base, byCurrency } = rates;
  const say = (en: boolean) =>
    Object.entries(byCurrency)
      .map(([currency, rate]) => {
        if (typeof rate === 'string') return `${currency} ${en ? rate : rate.replace('.', ',')}`;
        const months = Object.keys(rate).sort();
        const span = `${months[0]} – ${months.at(-1)}`;
        return en ? `${currency} by month, ${span}` : `${currency} по месяцам, ${span}`;
      })
      .join('; ');
  const of = { orders: { en: 'of orders', ru: 'заказов' }, spend: { en: 'of spend', ru: 'расходов' } }[role];
  const rows = sayCount(converted);
  const bare = sayCount(withoutCurrency);
  return [
    {
      code: 'currency_converted',
      level: 'info',
      text: {
        en: `${rows.en} rows ${of.en} are converted to ${base} at the rates of the configuration: ${say(true)}.`,
        ru: `Строк ${of.ru}, пересчитанных в ${base} по курсам из настроек: ${rows.ru}; курсы: ${say(false)}.`,
      },
    },
    ...(withoutCurrency === 0
      ? []
      : [
          {
            code: 'currency_assumed',
            level: 'info' as const,
            text: {
              en: `${bare.en} rows ${of.en} name no currency and are taken to be in ${base}.`,
              ru: `Строк ${of.ru} без валюты: ${bare.ru}; считается, что они в ${base}.`,
            },
          },
        ]),
  ];
}

/** The error for amounts of several currencies that no rates are given for; `place` shows one of them. */
export function severalCurrencies(what: string, currencies: readonly string[], place: Place = {}): UserError {
  const [base, ...others] = currencies;
  return new UserError(`${what} in several currencies: ${currencies.join(', ')}`, {
    place,
    remedy:
      'Amounts are never added across currencies. Export one currency at a time, or give rates in retain.yaml: ' +
      `rates: {base: ${base}, ${others.map((currency) => `${currency}: RATE`).join(', ')}}.`,
  });
}
