import type { Place } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import {
  currencyCode,
  currencyOfHeader,
  currencyPart,
  currencySpellings,
  foldCurrency,
  sharedSpellings,
} from '../input/currencies.js';
import type { Field } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { placeOf, type StagedSource } from './staging.js';

/** The columns whose cells and header may name the currency of a row, the first that a source has. */
const moneyFields: readonly Field[] = ['amount', 'unit_price', 'spend'];

export function moneyField(staged: StagedSource): Field | undefined {
  return moneyFields.find((field) => staged.text(field) !== undefined);
}

/** Spellings of currencies in the sample's amounts, as they are written: '₽', 'РУБ', '$'. */
function signsOf(staged: StagedSource): string[] {
  const field = moneyField(staged);
  if (field === undefined) return [];
  const { source, columns } = staged.recognised;
  const parts = new Set(source.sample.map((row) => currencyPart(row[columns[field]!] ?? '')));
  return [...parts].filter((part) => currencySpellings.has(part));
}

/** The spelling that the header of the amounts has, if any. */
function headerSpelling(staged: StagedSource): string | undefined {
  const field = moneyField(staged);
  if (field === undefined) return undefined;
  const { source, columns } = staged.recognised;
  return currencyOfHeader(source.header[columns[field]!] ?? '');
}

/** Codes from a column of currencies; those that the sample spells in another way, 'руб.', are translated. */
function codeFromColumn(staged: StagedSource, column: Sql): Sql {
  const { source, columns } = staged.recognised;
  const texts = new Set(source.sample.flatMap((row) => row[columns.currency!]?.trim() || []));
  const known = [...texts].flatMap((text) => {
    const code = currencyCode(text);
    return code === undefined || code === text.toUpperCase() ? [] : [sql`when ${text} then ${code}`];
  });
  const trimmed = staged.loader.trimmed(column);
  return known.length === 0
    ? sql`upper(${trimmed})`
    : sql`case ${trimmed} ${join(known.slice(0, 50), ' ')} else upper(${trimmed}) end`;
}

/**
 * The ISO 4217 code of the currency of a row, null where it names none; undefined where no row does. It is told
 * by the column of currencies, by signs in the amounts or by their header. A sign that can mean but one currency
 * goes before the column, so that the two contradicting each other are two currencies; signs and header fill
 * what the column leaves empty.
 */
export function currencyOfRow(staged: StagedSource): Sql | undefined {
  const column = staged.text('currency');
  const signs = signsOf(staged);
  const spelling = headerSpelling(staged);
  const inHeader =
    spelling === undefined ? undefined : sql`cast(${currencySpellings.get(spelling)!} as varchar)`;
  const field = moneyField(staged);
  const inCell = signs.length === 0 ? undefined : staged.loader.currency(staged.text(field!)!);
  const ways: Sql[] = [];
  if (column !== undefined && inCell !== undefined) {
    const clear = signs
      .filter((sign) => !sharedSpellings.has(sign))
      .map((sign) => currencySpellings.get(sign)!);
    if (clear.length > 0) {
      const isClear = staged.loader.isOneOf(inCell, [...new Set(clear)]);
      ways.push(sql`case when ${isClear} then ${inCell} end`);
    }
  }
  if (column !== undefined) ways.push(codeFromColumn(staged, column));
  if (inCell !== undefined) ways.push(inCell);
  if (inHeader !== undefined) ways.push(inHeader);
  if (ways.length === 0) return undefined;
  return ways.length === 1 ? ways[0] : sql`coalesce(${join(ways, ', ')})`;
}

/** Whether amounts of the sample name currencies: where none does, a row that does is a surprise. */
export function hasSigns(staged: StagedSource): boolean {
  return signsOf(staged).length > 0;
}

/** Other currencies that the spellings of a source may stand for: '$' those of Canada, Australia, ... */
export function mayAlsoBe(sources: readonly StagedSource[]): readonly string[] {
  const named = sources.some((staged) => staged.text('currency') !== undefined);
  return named
    ? []
    : [...new Set(spellingsOf(sources).flatMap((spelling) => sharedSpellings.get(spelling) ?? []))];
}

function spellingsOf(sources: readonly StagedSource[]): string[] {
  return [
    ...new Set(sources.flatMap((staged) => [...signsOf(staged), ...[headerSpelling(staged) ?? []].flat()])),
  ];
}

/** Says for which currency a sign is taken that several share. */
export function assumedCurrencies(sources: readonly StagedSource[]): Notice[] {
  if (mayAlsoBe(sources).length === 0) return [];
  return spellingsOf(sources).flatMap((spelling) => {
    const others = sharedSpellings.get(spelling);
    if (others === undefined) return [];
    const code = currencySpellings.get(spelling)!;
    const sign =
      spelling === foldCurrency(spelling) && /^\p{L}/u.test(spelling) ? spelling.toLowerCase() : spelling;
    return [
      {
        code: 'currency_sign',
        level: 'info' as const,
        text: {
          en: `Amounts with '${sign}' are taken to be in ${code}; --currency ${others[0]}, or another that is written so, says otherwise.`,
          ru: `Суммы со знаком '${sign}' считаются суммами в ${code}; --currency ${others[0]} или другая валюта с этим знаком задаёт иное.`,
        },
        inReport: {
          en: `Amounts with '${sign}' are taken to be in ${code}.`,
          ru: `Суммы со знаком '${sign}' считаются суммами в ${code}.`,
        },
      },
    ];
  });
}

/**
 * The currency that every row of a source has, null where none names one; undefined where rows may differ.
 */
export function constantCurrency(staged: StagedSource): string | null | undefined {
  if (staged.text('currency') !== undefined || hasSigns(staged)) return undefined;
  const spelling = headerSpelling(staged);
  return spelling === undefined ? null : currencySpellings.get(spelling)!;
}

/** Where the first row stands whose amount is in a currency; `lines` are those of the source, numbered. */
export async function firstPlaceOf(
  engine: LoadingEngine,
  staged: StagedSource,
  lines: Sql,
  currency: string,
): Promise<Place | undefined> {
  const field = staged.text('currency') === undefined ? moneyField(staged) : 'currency';
  if (field === undefined) return undefined;
  const content = raw(field === 'amount' ? 'amount_text' : field);
  const [found] = await engine.loader.inFileOrder(() =>
    engine.query(sql`
      select row_number, ${content} as content from (${lines}) as lines
      where fate = 0 and currency = ${currency} order by row_number limit 1`),
  );
  if (found === undefined) return undefined;
  const { source, columns } = staged.recognised;
  const [row] = await source.rowNumbers([Number(found.row_number)]);
  return {
    ...placeOf(staged.recognised),
    ...(row === undefined ? {} : { row }),
    column: source.header[columns[field]!] ?? '',
    ...(found.content == null ? {} : { value: String(found.content) }),
  };
}
