import {
  type CountryCode,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { UserError } from '../../core/errors.js';
import { raw, type Sql, sql } from '../../sql/sql.js';

/** Reads phone numbers as those of one country where they do not say it themselves. */
export interface PhoneReader {
  /** Null: numbers that do not begin with + are not used. */
  readonly country: string | null;
  /** '7' for RU; '' without a country. */
  readonly callingCode: string;
  /** What is dialled before a number within the country: '8' for RU, '0' for DE; '' where nothing is. */
  readonly nationalPrefix: string;
  /** The numbers in a cell in E.164 ('+79161234567'), without those that are none. */
  numbersOf(text: string): string[];
  /** The number that a compact text (`compactPhone`) of an ordinary form is, in the engine; null for any other. */
  plainNumber(compact: Sql): Sql;
  /** The same here, for tests and for parts of cells. */
  plain(compact: string): string | undefined;
}

/**
 * A form of writing that needs no judgement: a text that `matches` and does not begin with `except` is the
 * calling code and what follows `skip` characters.
 */
interface PlainForm {
  readonly matches: readonly string[];
  readonly except: string;
  /** Texts that as a whole are something else. */
  readonly notWhole: string | undefined;
  readonly skip: number;
}

/** What the library knows of a country's numbers; its own types leave these methods out. */
interface NumberingPlan {
  callingCode(): string;
  IDDPrefix(): string;
  nationalPrefix(): string | 0 | undefined;
  nationalPrefixForParsing(): string | 0 | undefined;
  nationalNumberPattern(): string;
  hasTypes(): boolean;
  type(name: string): { pattern(): string } | undefined;
  leadingDigits(): string | undefined;
}

const numberTypes = [
  'FIXED_LINE',
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
];

/** Characters that may stand between digits, and nothing else. */
const fillers = ' ()-.\u00a0\u2009\u202f\u2010\u2011\u2012\u2013\u2212\t';

/** @throws UserError for a country that there is not */
export function phoneReader(country: string | null): PhoneReader {
  if (country !== null && !isSupportedCountry(country)) {
    throw new UserError(`'${country}' is no country whose phone numbers are known`, {
      remedy: 'Give --country two letters as in ISO 3166: RU, DE, US, GB.',
    });
  }
  const forms = country === null ? [] : plainForms(country as CountryCode);
  const callingCode = country === null ? '' : planOf(country as CountryCode).callingCode();
  const tests = forms.map((form) => ({
    ...form,
    whole: form.matches.map((pattern) => new RegExp(`^(?:${pattern})$`)),
    begins: new RegExp(`^(?:${form.except})`),
    other: form.notWhole === undefined ? undefined : new RegExp(`^(?:${form.notWhole})$`),
  }));
  const plain = (compact: string): string | undefined => {
    const form = tests.find(
      ({ whole, begins, other }) =>
        whole.every((pattern) => pattern.test(compact)) && !begins.test(compact) && !other?.test(compact),
    );
    return form === undefined ? undefined : `+${callingCode}${compact.slice(form.skip)}`;
  };
  return {
    country,
    callingCode,
    nationalPrefix: country === null ? '' : planOf(country as CountryCode).nationalPrefix() || '',
    plain,
    numbersOf: (text) => {
      const numbers = phoneParts(text).flatMap(
        (part) => plain(part) ?? libraryNumber(part, country as CountryCode | null) ?? [],
      );
      return [...new Set(numbers)];
    },
    plainNumber: (compact) => {
      if (forms.length === 0) return raw('cast(null as varchar)');
      const branches = forms.map(
        ({ matches, except, notWhole, skip }) =>
          sql`when ${matches
            .map((pattern) => sql`regexp_full_match(${compact}, ${pattern})`)
            .reduce((all, test) => sql`${all} and ${test}`)}
            and not regexp_matches(${compact}, ${`^(?:${except})`})
            ${notWhole === undefined ? raw('') : sql`and not regexp_full_match(${compact}, ${notWhole})`}
            then ${`+${callingCode}`} || substr(${compact}, ${raw(String(skip + 1))})`,
      );
      return sql`case ${branches.reduce((all, branch) => sql`${all} ${branch}`)} end`;
    },
  };
}

/** A compact number as the library reads it, where it is valid. */
export function libraryNumber(compact: string, country: CountryCode | null): string | undefined {
  const number = parsePhoneNumberFromString(compact, country ?? undefined);
  return number?.isValid() ? number.number : undefined;
}

/** A text without what merely stands between its digits, in the engine. */
export function compactPhone(text: Sql): Sql {
  return sql`translate(${text}, ${fillers}, '')`;
}

const extension = /(?:доб(?:авочный)?|вн(?:утр)?|ext(?:ension)?|x|#|тел|тоновый)[.:\s]*\d{0,6}\s*$/iu;

/**
 * The numbers in a cell, compact: digits, after a + where there is one. Divided by commas, semicolons, bars,
 * slashes and words; extensions ('доб. 12', 'ext. 12') are taken off.
 */
export function phoneParts(text: string): string[] {
  const folded = text.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-');
  // A number that a spreadsheet has shortened has lost digits; one that a data frame made a float has not.
  const parts = folded.split(/[;|/\\\n\r]+|,(?!\d+e\+)|\s(?:и|или|and|or)\s/iu).flatMap((part) => {
    const withoutExtension = part
      .trim()
      .replace(/^(\+?\d{7,15})\.0+$/, '$1')
      .replace(extension, '');
    if (/\d\s*e\s*\+\s*\d/i.test(withoutExtension)) return [];
    return severalBySpace(withoutExtension);
  });
  return parts.flatMap((part) => {
    const digits = part.replace(/\D/g, '');
    const compact = /^\D*\+/.test(part) ? `+${digits}` : digits;
    return digits.length >= 5 && digits.length <= 17 ? [compact] : [];
  });
}

/** Two numbers side by side have more digits than any one has, or a + within. */
function severalBySpace(part: string): string[] {
  const pieces = part.split(/(?=\+)/).filter((piece) => /\d/.test(piece));
  return pieces.flatMap((piece) => {
    if (piece.replace(/\D/g, '').length <= 15) return [piece];
    return piece.split(/\s+/);
  });
}

/** Whether a number in E.164, or the digits of none, only fills the field: '+7 000 000-00-00', '11111111'. */
export function isPlaceholderPhone(number: string): boolean {
  const digits = number.replace(/\D/g, '');
  return /(\d)\1{6}$/.test(digits) || countedDigits.has(digits);
}
const countedDigits: ReadonlySet<string> = new Set([
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
  '0123456789',
  '9876543210',
]);

/** `isPlaceholderPhone` for a number in E.164, in the engine. */
export function placeholderPhone(number: Sql): Sql {
  const runs = Array.from({ length: 10 }, (_, digit) => `'${String(digit).repeat(7)}'`).join(', ');
  return sql`right(${number}, 7) in (${raw(runs)})`;
}

/** Whether the text of a cell without a valid number says that there is none: '-', 'нет', '0', '11111111'. */
export function saysNoPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length < 5 || /^(\d)\1*$/.test(digits) || isPlaceholderPhone(digits);
}

function planOf(country: CountryCode): NumberingPlan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan as unknown as NumberingPlan;
}

/** The countries of a calling code; the rules of the first hold for all: RU for 7, US for 1. */
function countriesOf(callingCode: string): readonly CountryCode[] {
  const { metadata } = new Metadata() as unknown as {
    metadata: { country_calling_codes: Readonly<Record<string, readonly CountryCode[]>> };
  };
  return metadata.country_calling_codes[callingCode] ?? [];
}

/**
 * The ordinary ways to write a number of a country: after +, after the national prefix, after the calling
 * code without +, and bare. Made from the library's own patterns, and only where these leave no choice; anything
 * else is left to the library.
 */
function plainForms(country: CountryCode): PlainForm[] {
  const plan = planOf(country);
  const code = plan.callingCode();
  const [main, ...others] = countriesOf(code);
  if (main !== country) return [];
  // The library has 0, the number, where there is no prefix.
  const trunk = plan.nationalPrefix() || undefined;
  const parsed = plan.nationalPrefixForParsing() || undefined;
  const general = plan.nationalNumberPattern();
  const types = plan.hasTypes()
    ? numberTypes.flatMap((name) => plan.type(name)?.pattern() || []).join('|')
    : undefined;
  const national = types === undefined ? [general] : [general, types];
  // Beginnings for the library to judge: a prefix that is repeated, a prefix for calls abroad, another country.
  const judged = [
    ...(parsed === undefined ? [] : [parsed]),
    ...others.flatMap((other) => planOf(other).leadingDigits() ?? []),
  ];
  if ([...national, ...judged, plan.IDDPrefix()].some((pattern) => /\(\?[^:]|\\[1-9]/.test(pattern)))
    return [];
  const form = (prefix: string, bare: readonly string[], notWhole?: string): PlainForm => ({
    matches: national.map((pattern) => `${prefix}(?:${pattern})`),
    except: [...judged.map((pattern) => `${prefix}(?:${pattern})`), ...bare, '$.'].join('|'),
    notWhole,
    skip: prefix.replace('\\', '').length,
  });
  const idd = `(?:${plan.IDDPrefix()})`;
  return [
    form(`\\+${code}`, []),
    ...(trunk !== undefined && trunk === parsed
      ? [form(trunk, [idd, ...(trunk === code ? [] : [code])], general)]
      : []),
    ...(trunk === code ? [] : [form(code, [idd, ...(parsed === undefined ? [] : [parsed])], general)]),
    form('', [idd, code, '0']),
  ];
}
