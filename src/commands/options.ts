import { InvalidArgumentError } from 'commander';
import { type Day, isDay } from '../core/dates.js';

import type { ColumnOverride } from '../input/settings.js';
import { type Field, vocabulary } from '../input/vocabulary.js';

/** Option parsers: text in, typed value out, a one-line error for anything else. */

export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

export function parseDay(text: string): Day {
  if (!isDay(text)) throw new InvalidArgumentError('It must be a date such as 2024-03-31.');
  return text;
}

export function parseAsOf(text: string): Day | 'today' {
  return text === 'today' ? text : parseDay(text);
}

/** A parser of whole numbers within bounds; `or` is what else it may be. */
export function parseWhole(least: number, most: number, or = ''): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}${or}.`);
    }
    return number;
  };
}

export const parseDays = parseWhole(1, 36_500);
/** Rows of a list. */
export const parseLimit = parseWhole(1, 1_000_000_000);
export const parseFolds = parseWhole(1, 100);
/** Periods after the first of a cohort. */
export const parsePeriods = parseWhole(1, 10_000);
/** The number of an order that another comes before. */
export const parseOrder = parseWhole(2, 100);
export const parseSharedLimit = parseWhole(2, 1_000_000);
export const parseThreads = parseWhole(1, 1024);

export function parseActiveDays(text: string): number | 'auto' {
  return text === 'auto' ? text : parseWhole(1, 36_500, ", or 'auto'")(text);
}

/** '365d', '52w', '12m', '1y' or '365' as days; months and years are of 365.25 / 12 and 365.25 days, rounded. */
export function parseHorizon(text: string): number {
  const match = /^(\d{1,5})\s*([dwmy]?)$/i.exec(text.trim());
  const unit = { d: 1, w: 7, m: 365.25 / 12, y: 365.25 }[(match?.[2] || 'd').toLowerCase()]!;
  const days = match === null ? Number.NaN : Math.round(Number(match[1]) * unit);
  if (!(days >= 1 && days <= 3653))
    throw new InvalidArgumentError('It must be a time such as 90d, 52w, 12m or 1y, up to ten years.');
  return days;
}

/** '0.4' or '40%' as 0.4. */
export function parseShare(text: string): number {
  const match = /^(\d+(?:[.,]\d+)?)\s*(%?)$/.exec(text.trim());
  const share =
    match === null ? Number.NaN : Number(match[1]!.replace(',', '.')) / (match[2] === '%' ? 100 : 1);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('It must be a share such as 0.4 or 40%.');
  return share;
}

export function parseMargin(text: string): number {
  const margin = parseShare(text);
  if (margin === 0) throw new InvalidArgumentError('It must be above zero.');
  return margin;
}

export function parseCurrency(text: string): string {
  if (!/^[A-Za-z]{3}$/.test(text)) throw new InvalidArgumentError('It must be a code such as EUR or RUB.');
  return text.toUpperCase();
}

/** Whether there is such a country, those who know the phone numbers say. */
export function parseCountry(text: string): string {
  if (!/^[A-Za-z]{2}$/.test(text))
    throw new InvalidArgumentError('It must be two letters such as RU, DE or US.');
  return text.toUpperCase();
}

export function parseMemory(text: string): string {
  if (!/^\d+(\.\d+)?\s*[KMGT]i?B$/i.test(text))
    throw new InvalidArgumentError("It must be a size such as '500MB' or '4GB'.");
  return text.replace(/\s/g, '');
}

/** 'amount=Total paid'. */
export function collectColumns(
  text: string,
  previous: readonly ColumnOverride[] | undefined,
): ColumnOverride[] {
  const at = text.indexOf('=');
  const field = text.slice(0, at).trim();
  const header = text.slice(at + 1).trim();
  const fields = [...new Set(Object.values(vocabulary).flatMap((role) => Object.keys(role)))];
  if (at < 0 || header === '' || !fields.includes(field)) {
    throw new InvalidArgumentError(`It must be FIELD=HEADER, with FIELD one of ${fields.join(', ')}.`);
  }
  return [...(previous ?? []), { field: field as Field, header }];
}
