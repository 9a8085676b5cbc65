import { detach } from './xlsx-xml.js';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const maximumDigits = 15;
const secondsPerDay = 86_400;
const millisecondsPerDay = 86_400_000;
/** 9999-12-31, the last day that Excel knows, counted from 1899-12-30. */
const lastDay = 2_958_465;
/** From 1899-12-30 to 1904-01-01. */
const daysTo1904 = 1462;
const epoch = Date.UTC(1899, 11, 30);

/**
 * The plain decimal text of a number as a workbook stores it: no exponent, and 15 significant digits where the
 * stored double has more, as Excel shows it. Integers written out in full keep all their digits, as these are
 * identifiers that some program wrote. Text that is no number is returned as it is.
 *
 * A number with exactly three decimals gets another zero ('1.2340'): the point is known to be a decimal point
 * here, and '1.234' on its own could be taken for one thousand two hundred and thirty-four later on.
 */
export function numberText(stored: string): string {
  if (isPlain(stored)) return withoutThousandsLook(detach(stored));
  const raw = stored.trim();
  if (!number.test(raw)) return raw;
  const value = Number(raw);
  if (!Number.isFinite(value)) return raw;
  if (value === 0) return '0';
  if (Number.isInteger(value)) {
    return /^-?[1-9]\d*$/.test(raw) ? detach(raw) : withoutExponent(String(value));
  }
  const shortest = withoutExponent(String(value));
  const digits = shortest.replace(/^-?0*\.?0*/, '').replace('.', '').length;
  if (digits <= maximumDigits) return withoutThousandsLook(shortest);
  return withoutThousandsLook(withoutExponent(String(Number(value.toPrecision(maximumDigits)))));
}

/** Whether the text already is what `numberText` would make of it, at most 15 digits and no needless zeros. */
function isPlain(text: string): boolean {
  const length = text.length;
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  const first = at;
  let digits = 0;
  let point = -1;
  for (; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
    else if (code === 46 && point === -1 && digits > 0) point = at;
    else return false;
  }
  if (digits === 0 || digits > maximumDigits) return false;
  if (point === length - 1 || (point !== -1 && text.charCodeAt(length - 1) === 48)) return false;
  // A leading zero stands before the point only; '-0' is not plain.
  return text.charCodeAt(first) !== 48 || point === first + 1 || (length === 1 && first === 0);
}

function withoutThousandsLook(text: string): string {
  const point = text.length - 4;
  return point > 0 && text.charCodeAt(point) === 46 ? `${text}0` : text;
}

function withoutExponent(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, whole, decimals = '', exponent] = match;
  const digits = whole! + decimals;
  const point = whole!.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * The text of a day number of Excel: 'YYYY-MM-DD', 'YYYY-MM-DD HH:MM:SS' when it has a time of day, 'HH:MM:SS'
 * when it has no day; numbers that are no days in Excel either become plain numbers.
 */
export function dateText(stored: string, date1904: boolean): string {
  const raw = stored.trim();
  const serial = number.test(raw) ? Number(raw) : Number.NaN;
  if (!(serial >= 0 && serial < lastDay + 1)) return numberText(stored);
  const total = Math.round(serial * secondsPerDay);
  // Just under midnight stays a time of day, as rounding up would make it the next day.
  if (serial < 1) return timeText(Math.min(total, secondsPerDay - 1));
  const day = Math.floor(total / secondsPerDay) + (date1904 ? daysTo1904 : 0);
  if (day > lastDay) return numberText(stored);
  const seconds = total % secondsPerDay;
  const date = date1904 ? dayText(day) : dayText1900(day);
  return seconds === 0 ? date : `${date} ${timeText(seconds)}`;
}

/** Excel counts from 1900-01-01 as day 1 and holds 1900 for a leap year, so day 60 is one that never was. */
function dayText1900(day: number): string {
  if (day === 60) return '1900-02-29';
  return dayText(day < 60 ? day + 1 : day);
}

const dayTexts = new Map<number, string>();

/** The date so many days after 1899-12-30. Remembered, as a column of dates repeats the same few thousand. */
function dayText(day: number): string {
  let text = dayTexts.get(day);
  if (text === undefined) {
    if (dayTexts.size === 50_000) dayTexts.clear();
    text = new Date(epoch + day * millisecondsPerDay).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}

function timeText(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** An ISO 8601 date or time of a cell of type 'd' in the same form as `dateText` gives. */
export function isoDateText(stored: string): string {
  const raw = stored.trim();
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?Z?)?$/.exec(raw);
  if (match === null) return raw;
  const [, date, hours, minutes, seconds = '00', fraction = ''] = match;
  if (hours === undefined) return date!;
  const moment = Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(moment)) return raw;
  const rounded = new Date(moment + (Number(`0${fraction}`) >= 0.5 ? 1000 : 0)).toISOString();
  const time = rounded.slice(11, 19);
  return time === '00:00:00' ? rounded.slice(0, 10) : `${rounded.slice(0, 10)} ${time}`;
}

/** Undoes `_x000D_`, the way in which workbooks write characters that XML cannot hold. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-fA-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** The number formats of Excel that have no code of their own in the file and show a date or time. */
export function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Whether a number format shows a date or time: it has one of y, m, d, h, s that is not mere text. */
export function isDateFormat(code: string): boolean {
  // Quoted text, [Red] and the like, characters after a backslash, and those for filling and for spacing.
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|[\\_*]./gs, ''));
}

/**
 * How a cell shows a number: as a date, in percent, with zeros before it up to so many digits, as ids are shown
 * that are numbers ('00042'), or plain.
 */
export type NumberStyle =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date' }
  | { readonly kind: 'percent' }
  | { readonly kind: 'zeros'; readonly digits: number };

/** @param code the format as the file has it; undefined for one that Excel knows by its number */
export function numberStyle(id: number, code: string | undefined): NumberStyle {
  if (code === undefined) {
    if (isBuiltInDate(id)) return { kind: 'date' };
    return { kind: id === 9 || id === 10 ? 'percent' : 'plain' };
  }
  if (isDateFormat(code)) return { kind: 'date' };
  if (/^[#,0]*0(?:\.0+)?%$/.test(code)) return { kind: 'percent' };
  return /^0{2,}$/.test(code) ? { kind: 'zeros', digits: code.length } : { kind: 'plain' };
}

/** '0.125' as '12.5%'; text that is no number as it is. */
export function percentText(stored: string): string {
  const raw = stored.trim();
  if (!number.test(raw) || !Number.isFinite(Number(raw))) return numberText(stored);
  return `${withoutExponent(String(Number((Number(raw) * 100).toPrecision(maximumDigits))))}%`;
}
