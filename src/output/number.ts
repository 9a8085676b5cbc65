import { roundDecimal } from '../core/decimal.js';

/**
 * The plain decimal text of a number or of decimal text: 1e-7 gives '0.0000001'.
 * There is no honest way to print NaN or an infinity, so they end the run.
 */
export function decimalText(value: string | number): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`not a finite number: ${value}`);
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d*))?e([+-]?\d{1,3})$/i.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Rounded to exactly so many digits after the point: '2.50'. */
export function fixedText(value: string | number, digits: number): string {
  return roundDecimal(decimalText(value), digits);
}

/** Rounded to at most so many digits after the point: '2.5'. */
export function shortText(value: string | number, digits: number): string {
  const text = fixedText(value, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
