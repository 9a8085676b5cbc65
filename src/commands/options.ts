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

export function parseActiveDays(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > 36_500) {
    throw new InvalidArgumentError("It must be a whole number of days from 1 to 36500, or 'auto'.");
  }
  return days;
}

export function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > 36_500) {
    throw new InvalidArgumentError('It must be a whole number of days from 1 to 36500.');
  }
  return days;
}

export function parseTop(text: string): number {
  const rows = Number(text);
  if (!/^\d+$/.test(text) || rows < 1 || rows > 1_000_000_000) {
    throw new InvalidArgumentError('It must be a whole number above zero.');
  }
  return rows;
}

export function parseFolds(text: string): number {
  const folds = Number(text);
  if (!/^\d+$/.test(text) || folds < 1 || folds > 100) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
  }
  return folds;
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

/** A parser of whole numbers within bounds. */
export function parseWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

/** Periods after the first of a cohort. */
export const parsePeriods = parseWhole(1, 10_000);

/** The number of an order that another comes before. */
export const parseOrder = parseWhole(2, 100);

export function parseSharedLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 2 || limit > 1_000_000) {
    throw new InvalidArgumentError('It must be a whole number from 2 to 1000000.');
  }
  return limit;
}

export function parseThreads(text: string): number {
  const threads = Number(text);
  if (!/^\d+$/.test(text) || threads < 1 || threads > 1024) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
  }
  return threads;
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

/** Rows of a list. */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 1_000_000_000) {
    throw new InvalidArgumentError('It must be a whole number from 1.');
  }
  return limit;
}
