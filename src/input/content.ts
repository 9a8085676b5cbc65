import { type DateForm, dateFormOf } from './dates.js';
import type { Field } from './vocabulary.js';

/** What the cells of a column are, by their text alone. */
export type ContentType =
  | 'empty'
  | 'text'
  | 'integer'
  | 'number'
  | 'money'
  | 'percent'
  | 'date'
  | 'month'
  | 'boolean'
  | 'email'
  | 'phone';

export interface ColumnContent {
  readonly type: ContentType;
  /** How dates are written: 'yyyy-mm-dd hh:mm'; null for what is no date, and where it differs from row to row. */
  readonly form: string | null;
  /** Share of the cells that are of the type, 0-1, of those that are not empty. */
  readonly typeShare: number;
  /** Share of empty cells, 0-1. */
  readonly emptyShare: number;
  /** Up to three different values, in the order in which they come. */
  readonly samples: readonly string[];
}

/** Of a column where more cells than this are of another type, the type is text. */
const mostOthers = 0.1;

const dateFields: ReadonlySet<Field> = new Set<Field>([
  'date',
  'date_to',
  'registered',
  'birthday',
  'last_contact',
  'bonus_expires',
  'subscription_start',
  'cancelled_on',
  'resolved_on',
]);
const moneyFields: ReadonlySet<Field> = new Set<Field>([
  'amount',
  'unit_price',
  'discount',
  'subscription_price',
  'spend',
]);

const booleans = new Set(['true', 'false', 'yes', 'no', 'y', 'n', 'да', 'нет', 'истина', 'ложь']);
/** Signs and codes of currencies, as they stand beside amounts. */
export const moneySigns = /[₽$€£₸₴¥]|руб|р\.|\b(?:rub|usd|eur|gbp)\b/iu;
const numeric = /^[-+\u2212(]?\d[\d\s\u00a0\u2009\u202f'’.,]*\)?$/u;

/** Judges a column by the cells of a sample; `field` tells a phone from a number and an amount from a count. */
export function contentOf(cells: readonly (string | null)[], field: Field | null): ColumnContent {
  const values = cells.flatMap((cell) => cell?.trim() || []);
  const emptyShare = cells.length === 0 ? 1 : 1 - values.length / cells.length;
  const samples = [...new Set(values)].slice(0, 3);
  if (values.length === 0) return { type: 'empty', form: null, typeShare: 1, emptyShare, samples };
  const counts = new Map<ContentType, number>();
  for (const value of values) {
    const type = typeOf(value, field);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const count = (...types: ContentType[]) => types.reduce((sum, type) => sum + (counts.get(type) ?? 0), 0);
  const enough = values.length * (1 - mostOthers);
  // The narrowest type that nearly all cells are of.
  const wider: [ContentType, number][] = [
    ['boolean', count('boolean')],
    ['email', count('email')],
    ['month', count('month')],
    ['date', count('date', 'month')],
    ['phone', count('phone')],
    ['percent', count('percent')],
    ['integer', count('integer')],
    ['money', count('money') > 0 ? count('money', 'number', 'integer') : 0],
    ['number', count('number', 'integer')],
  ];
  const [type, matching] = wider.find(([, cellsOfType]) => cellsOfType >= enough) ?? ['text', values.length];
  return {
    type,
    form: type === 'date' || type === 'month' ? formOf(values) : null,
    typeShare: matching / values.length,
    emptyShare,
    samples,
  };
}

function typeOf(value: string, field: Field | null): ContentType {
  if (booleans.has(value.toLowerCase())) return 'boolean';
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return 'email';
  if (field === 'phone' && value.replace(/\D/g, '').length >= 5) return 'phone';
  const date = dateFormOf([value]);
  if (date.iso || date.numeric || date.points || date.named) return 'date';
  if (date.month && (field === null || dateFields.has(field)) && isMonth(value)) return 'month';
  if (/^\+\d[\d\s().-]{7,}$/.test(value) || /^\d?[\s-]?\(\d{3,5}\)[\d\s-]{5,}$/.test(value)) return 'phone';
  if (/^[-+\u2212]?[\d\s.,]+%$/.test(value)) return 'percent';
  // Leading zeros are part of a code and would be lost in a number.
  if (/^0\d/.test(value)) return 'text';
  const isMoney = field !== null && moneyFields.has(field);
  if (/^[-+\u2212]?\d+$/.test(value)) return isMoney ? 'money' : 'integer';
  if (numeric.test(value)) return isMoney ? 'money' : 'number';
  if (
    moneySigns.test(value) &&
    numeric.test(
      value
        .replace(moneySigns, '')
        .replace(/[.\s]+$/, '')
        .trim(),
    )
  )
    return 'money';
  return 'text';
}

/** '2024-03' and '03.2024', but not the number '10.2345'. */
function isMonth(value: string): boolean {
  if (/\p{L}/u.test(value)) return true;
  const [first, second] = value.split(/[-./]/).map(Number) as [number, number];
  const [year, month] = first > 12 ? [first, second] : [second, first];
  return year >= 1900 && year <= 2100 && month >= 1 && month <= 12;
}

/** The form that the dates of a column share; the longest where only the time differs. */
function formOf(values: readonly string[]): string | null {
  const column = dateFormOf(values);
  const forms = new Set(values.slice(0, 200).flatMap((value) => formOfOne(value, column) ?? []));
  const dates = new Set([...forms].map((form) => form.split(' ')[0]!));
  if (dates.size !== 1) return null;
  return [...forms].reduce((longest, form) => (form.length > longest.length ? form : longest));
}

function formOfOne(value: string, column: DateForm): string | null {
  const match = /^(\d{1,4})([-./])(\d{1,4})(?:[-./](\d{1,4}))?(?:[T ,]+(\d{1,2}:\d{2})(:\d{2})?.*)?$/.exec(
    value,
  );
  if (match === null) return null;
  const [, first = '', mark = '', , third, time, seconds] = match;
  const clock = time === undefined ? '' : seconds === undefined ? ' hh:mm' : ' hh:mm:ss';
  const year = (text: string) => (text.length === 4 ? 'yyyy' : 'yy');
  if (third === undefined) return first.length === 4 ? `yyyy${mark}mm` : `mm${mark}yyyy`;
  if (first.length === 4) return `yyyy${mark}mm${mark}dd${clock}`;
  const order = mark === '.' ? column.pointOrder : column.order;
  if (order === 'mdy') return `mm${mark}dd${mark}${year(third)}${clock}`;
  if (order === 'dmy') return `dd${mark}mm${mark}${year(third)}${clock}`;
  return `??${mark}??${mark}${year(third)}${clock}`;
}
