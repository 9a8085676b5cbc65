import type { Language } from '../core/text.js';

/** How a currency is written in one language. */
export interface CurrencyStyle {
  /** '$', '₽', or the code itself where the sign would be ambiguous. Empty where the currency is unknown. */
  readonly sign: string;
  /** Digits after the point: 2, but 0 for yen and 3 for dinars. */
  readonly digits: number;
}

const known = new Map<string, CurrencyStyle>();

/** The sign and the digits of an ISO 4217 currency. */
export function currencyStyle(currency: string | null, language: Language): CurrencyStyle {
  if (currency === null) return { sign: '', digits: 2 };
  const key = `${language} ${currency}`;
  const style = known.get(key) ?? findStyle(currency, language);
  known.set(key, style);
  return style;
}

/** Digits after the point in amounts of this currency. */
export function currencyDigits(currency: string | null): number {
  return currencyStyle(currency, 'en').digits;
}

function findStyle(currency: string, language: Language): CurrencyStyle {
  // Intl refuses what does not look like a code; such a name still says more than nothing.
  if (!/^[A-Za-z]{3}$/.test(currency)) return { sign: currency, digits: 2 };
  const usual = intlFormat(currency, language, 'symbol');
  const narrow = signOf(intlFormat(currency, language, 'narrowSymbol'));
  // English has 'RUB' as the usual sign and '₽' as the narrow one. The narrow one is fine as long as it is the
  // currency's own: '$' alone could be any of a dozen.
  const unmistakable = /^\p{Currency_Symbol}$/u.test(narrow) && !/[$¥£₩]/.test(narrow);
  return {
    sign: unmistakable ? narrow : signOf(usual),
    digits: usual.resolvedOptions().maximumFractionDigits ?? 2,
  };
}

function intlFormat(currency: string, language: Language, currencyDisplay: 'symbol' | 'narrowSymbol') {
  return new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay });
}

function signOf(format: Intl.NumberFormat): string {
  return format.formatToParts(0).find((part) => part.type === 'currency')?.value ?? '';
}
