import type { StagedSource } from '../staging.js';
import { phoneParts, phoneReader } from './phone.js';

/** As which country's numbers those without a + are read. */
export interface PhoneCountry {
  /** Null where nothing tells: such numbers are not used then. */
  readonly country: string | null;
  /** 'given' by option, 'found' in the data, 'none' where no number needs it or nothing tells. */
  readonly origin: 'given' | 'found' | 'none';
  /** Whether there are numbers that it matters for. */
  readonly matters: boolean;
}

/** Countries tried on numbers without a +; of those that share a calling code the one whose rules hold. */
const candidates: readonly string[] = [
  'RU',
  'US',
  'DE',
  'GB',
  'FR',
  'IT',
  'ES',
  'PL',
  'NL',
  'UA',
  'BY',
  'UZ',
  'GE',
  'AM',
  'AZ',
  'TR',
  'IL',
  'IN',
  'CN',
  'BR',
  'AU',
];
const enough = 300;

/** The country of the phones of some sources, by their samples: see `findCountry`. */
export function countryOf(sources: readonly StagedSource[], given: string | undefined): PhoneCountry {
  const tables = sources.map(({ recognised }) => recognised);
  const phones = tables.flatMap(({ source, columns: { phone } }) =>
    phone === undefined ? [] : source.sample.flatMap((row) => row[phone] ?? []),
  );
  const isCyrillic = tables.some(({ source }) =>
    source.header.some((name) => /\p{Script=Cyrillic}/u.test(name)),
  );
  return findCountry(phones, given, isCyrillic);
}

/**
 * The country of most numbers with a +, where at least half of those without one are valid there; else the one
 * candidate in which most of the latter are valid, at least two thirds of them, and clearly more than in any
 * other. Between equals, texts in Cyrillic speak for Russia.
 * @param texts phone cells, a sample
 */
function findCountry(texts: readonly string[], given: string | undefined, isCyrillic: boolean): PhoneCountry {
  const parts = [...new Set(texts.flatMap(phoneParts))];
  const international = parts.filter((part) => part.startsWith('+')).slice(0, enough);
  const local = parts.filter((part) => !part.startsWith('+') && part.length >= 7);
  // Shorter ones lack the area code, and fit where they do not belong.
  const bare = local.filter((part) => part.length >= 9).slice(0, enough);
  const matters = local.length > 0;
  if (given !== undefined) return { country: phoneReader(given).country, origin: 'given', matters };
  const written = candidates.map((country) => {
    const prefix = `+${phoneReader(country).callingCode}`;
    return { country, count: international.filter((part) => part.startsWith(prefix)).length };
  });
  const commonest = [...written].sort((a, b) => b.count - a.count)[0]!;
  const validIn = (country: string) => {
    const reader = phoneReader(country);
    return bare.filter((part) => {
      const [number] = reader.numbersOf(part);
      if (number === undefined) return false;
      // Where a 0 is dialled first people write it; a number without it only happens to fit.
      return reader.nationalPrefix !== '0' || number !== `+${reader.callingCode}${part}`;
    }).length;
  };
  if (commonest.count * 2 > international.length && validIn(commonest.country) * 2 >= bare.length) {
    return { country: commonest.country, origin: 'found', matters };
  }
  if (bare.length === 0) return { country: null, origin: 'none', matters };
  const tried = candidates
    .map((country) => ({ country, count: validIn(country) }))
    .sort((a, b) => b.count - a.count);
  const best = tried[0]!;
  const equals = tried.filter(({ count }) => count * 10 >= best.count * 9).map(({ country }) => country);
  const chosen = isCyrillic && equals.includes('RU') ? 'RU' : equals.length === 1 ? equals[0]! : null;
  return chosen !== null && best.count * 3 >= bare.length * 2
    ? { country: chosen, origin: 'found', matters }
    : { country: null, origin: 'none', matters };
}
