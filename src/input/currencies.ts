/**
 * How amounts name their currency. Spellings are compared after `foldCurrency`: upper case, no points, no
 * spaces. The ISO 4217 code is a spelling by itself.
 */
interface CurrencySpellings {
  readonly code: string;
  readonly spellings: readonly string[];
  /** Currencies that share one of the spellings, so that it alone only suggests this one. */
  readonly shared?: { readonly spelling: string; readonly with: readonly string[] };
}

const table: readonly CurrencySpellings[] = [
  {
    code: 'RUB',
    spellings: ['₽', 'РУБ', 'РУБЛЬ', 'РУБЛЯ', 'РУБЛЕЙ', 'РУБЛИ', 'Р', 'RUR', 'РОСРУБ', 'RUBLES', 'ROUBLES'],
  },
  {
    code: 'USD',
    spellings: ['US$', 'U$S', '$', 'ДОЛЛ', 'ДОЛЛАР', 'ДОЛЛАРОВ', 'ДОЛЛСША', 'DOLLARS'],
    shared: {
      spelling: '$',
      with: ['CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP', 'UYU', 'DOP'],
    },
  },
  { code: 'EUR', spellings: ['€', 'ЕВРО', 'EURO', 'EUROS'] },
  {
    code: 'GBP',
    spellings: ['£', 'GB£', 'UK£', 'STG'],
    shared: { spelling: '£', with: ['EGP', 'GIP', 'FKP', 'SHP', 'LBP', 'SYP'] },
  },
  { code: 'CHF', spellings: ['SFR', 'FR', 'SFRS'] },
  {
    code: 'JPY',
    spellings: ['¥', '￥', 'JP¥', '円'],
    shared: { spelling: '¥', with: ['CNY'] },
  },
  { code: 'CNY', spellings: ['CN¥', 'RMB', '元', 'ЮАНЬ', 'ЮАНЕЙ'] },
  { code: 'KZT', spellings: ['₸', 'ТГ', 'ТЕНГЕ', 'TG', 'ТНГ'] },
  { code: 'UAH', spellings: ['₴', 'ГРН', 'ГРИВЕН', 'ГРИВНА', 'HRN'] },
  { code: 'BYN', spellings: ['BR', 'БЕЛРУБ', 'БР', 'BYR'] },
  { code: 'PLN', spellings: ['ZŁ', 'ZL'] },
  { code: 'CZK', spellings: ['KČ', 'KC'] },
  {
    code: 'SEK',
    spellings: ['KR', 'SKR'],
    shared: { spelling: 'KR', with: ['NOK', 'DKK', 'ISK'] },
  },
  { code: 'NOK', spellings: ['NKR'] },
  { code: 'DKK', spellings: ['DKR'] },
  { code: 'ISK', spellings: ['IKR'] },
  { code: 'HUF', spellings: ['FT'] },
  { code: 'RON', spellings: ['LEI', 'LEU'] },
  { code: 'BGN', spellings: ['ЛВ', 'LV'] },
  { code: 'RSD', spellings: ['ДИН', 'DIN'] },
  { code: 'TRY', spellings: ['₺', 'TL'] },
  { code: 'ILS', spellings: ['₪', 'NIS'] },
  { code: 'GEL', spellings: ['₾', 'ЛАРИ', 'LARI'] },
  { code: 'AMD', spellings: ['֏', 'ДРАМ', 'ДРАМОВ'] },
  { code: 'AZN', spellings: ['₼', 'МАНАТ', 'МАНАТОВ'] },
  { code: 'UZS', spellings: ['СУМ', 'СУМОВ', 'SOM', "SO'M", 'SOʻM'] },
  { code: 'KGS', spellings: ['СОМ', 'СОМОВ'] },
  { code: 'MDL', spellings: ['ЛЕЙ', 'ЛЕЕВ'] },
  { code: 'INR', spellings: ['₹', 'RS'] },
  { code: 'KRW', spellings: ['₩', '￦'] },
  { code: 'VND', spellings: ['₫', 'Đ'] },
  { code: 'THB', spellings: ['฿'] },
  { code: 'PHP', spellings: ['₱'] },
  { code: 'IDR', spellings: ['RP'] },
  { code: 'MYR', spellings: ['RM'] },
  { code: 'NGN', spellings: ['₦'] },
  { code: 'ZAR', spellings: [] },
  { code: 'BRL', spellings: ['R$'] },
  { code: 'CAD', spellings: ['C$', 'CA$', 'CAN$'] },
  { code: 'AUD', spellings: ['A$', 'AU$'] },
  { code: 'NZD', spellings: ['NZ$'] },
  { code: 'HKD', spellings: ['HK$'] },
  { code: 'SGD', spellings: ['S$'] },
  { code: 'TWD', spellings: ['NT$'] },
  { code: 'MXN', spellings: ['MX$', 'MEX$'] },
  { code: 'ARS', spellings: ['AR$'] },
  { code: 'CLP', spellings: ['CLP$'] },
  { code: 'COP', spellings: ['COL$'] },
  { code: 'PEN', spellings: ['S/'] },
  { code: 'AED', spellings: ['DH', 'DHS'] },
  { code: 'SAR', spellings: ['SR'] },
  { code: 'QAR', spellings: ['QR'] },
  { code: 'KWD', spellings: ['KD'] },
  { code: 'EGP', spellings: ['LE', 'E£'] },
  { code: 'MAD', spellings: [] },
  { code: 'UYU', spellings: [] },
  { code: 'DOP', spellings: [] },
];

/** Every spelling with its code, the ISO code among them. */
export const currencySpellings: ReadonlyMap<string, string> = new Map(
  table.flatMap(({ code, spellings }) =>
    [code, ...spellings].map((spelling) => [spelling, code] as [string, string]),
  ),
);

/** Spellings that several currencies share, with the others that they may stand for: '$' for 'CAD', ... */
export const sharedSpellings: ReadonlyMap<string, readonly string[]> = new Map(
  table.flatMap(({ shared }) =>
    shared === undefined ? [] : [[shared.spelling, shared.with] as [string, readonly string[]]],
  ),
);

/** Upper case without points and spaces: 'руб.' gives 'РУБ'. */
export function foldCurrency(text: string): string {
  return text.normalize('NFC').toUpperCase().replace(/[\s.]/gu, '');
}

/** What is left of an amount when digits, marks and signs are taken out: the currency, if it names one. */
export function currencyPart(amount: string): string {
  if (/^[-\d., ]*$/.test(amount)) return '';
  return foldCurrency(amount).replace(/[-+()0-9,'’%\u2212\u2013\u2014\u2011\u2012]/gu, '');
}

/** The ISO 4217 code of a currency as people spell it, or undefined for other text. */
export function currencyCode(spelling: string): string | undefined {
  return currencySpellings.get(foldCurrency(spelling));
}

/** In a header without brackets or a comma, only what can be no other word is taken for a currency. */
const plainInHeaders = /^(?:[^\p{L}]+|\p{Lu}{1,2}\$|[A-Z]{3}|РУБ|РУБЛЕЙ|ГРН|ТЕНГЕ|ЕВРО)$/u;

/**
 * The spelling of a currency that the header of an amount names: 'Сумма, руб.', 'Amount (USD)', 'Total $',
 * 'amount_eur'; undefined where it names none.
 */
export function currencyOfHeader(header: string): string | undefined {
  const enclosed = [/[([]([^)\]]*)[)\]]/u, /,([^,]*)$/u].flatMap((form) => form.exec(header)?.[1] ?? []);
  const words = header.split(/[\s_,()[\]]+/u).filter((word) => plainInHeaders.test(foldCurrency(word)));
  return [...enclosed, ...words].map(foldCurrency).find((spelling) => currencySpellings.has(spelling));
}
