import type { Random } from '../fixtures/random.js';
import { type Amount, digitsOf } from './amount.js';

/** How amounts of money are written. */
export interface NumberForm {
  readonly decimal: '.' | ',';
  readonly thousands: string;
  /** Before and after the digits: '$', ' руб.'. */
  readonly before: string;
  readonly after: string;
  /** '-12', '(12)' or '−12' with the minus of typography; the sign stands before the currency or after it. */
  readonly negative: 'minus' | 'minus within' | 'brackets' | 'long minus';
  readonly decimals: number;
}

const noBreak = '\u00a0';
export const thousandsMarks = ['', '', ' ', noBreak, '\u202f', '\u2009', "'", '’', ',', '.'];
export const currencies: readonly (readonly [string, string])[] = [
  ['', ''],
  ['', ''],
  ['', ''],
  ['$', ''],
  ['€', ''],
  ['£', ''],
  ['₽', ''],
  ['€ ', ''],
  ['', ' ₽'],
  ['', '₽'],
  ['', ' €'],
  ['', `${noBreak}€`],
  ['', `${noBreak}₽`],
  ['', ' руб.'],
  ['', ' руб'],
  ['', ' р.'],
  ['', ' RUB'],
  ['', ' USD'],
  ['', ' EUR'],
  ['EUR ', ''],
  ['USD ', ''],
];

export function makeNumberForm(random: Random, canWrite: (text: string) => boolean): NumberForm {
  const decimal = random.pick(['.', '.', ','] as const);
  const [before, after] = random.pick(currencies.filter((pair) => canWrite(pair.join(''))));
  return {
    decimal,
    thousands: random.pick(thousandsMarks.filter((mark) => mark !== decimal && canWrite(mark))),
    before,
    after,
    negative: random.pick(
      (['minus', 'minus', 'minus within', 'brackets', 'long minus'] as const).filter(
        (form) => form !== 'long minus' || canWrite('\u2212'),
      ),
    ),
    decimals: random.pick([2, 2, 2, 0, 1]),
  };
}

export const plainNumbers: NumberForm = {
  decimal: '.',
  thousands: '',
  before: '',
  after: '',
  negative: 'minus',
  decimals: 0,
};

export function numberText(amount: Amount, form: NumberForm): string {
  const { whole, fraction } = digitsOf(amount, form.decimals);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, form.thousands);
  const digits = fraction === '' ? grouped : grouped + form.decimal + fraction;
  const written = form.before + digits + form.after;
  if (amount >= 0n) return written;
  switch (form.negative) {
    case 'minus':
      return `-${written}`;
    case 'minus within':
      return `${form.before}-${digits}${form.after}`;
    case 'brackets':
      return `(${written})`;
    case 'long minus':
      return `\u2212${written}`;
  }
}

/**
 * Whether a column of amounts shows its decimal mark: some cell can be read in one way only. '1,234' is one
 * thousand or one and a bit; '1,5', '1,234.5' and '1,234,567' are not open.
 */
export function showsDecimalMark(amounts: readonly Amount[], form: NumberForm): boolean {
  const bare = { ...form, before: '', after: '' };
  const texts = amounts.map((amount) => numberText(amount < 0n ? -amount : amount, bare));
  const marked = texts.filter((text) => /[.,]/.test(text));
  return marked.length === 0 || marked.some((text) => !/^\d{1,3}[.,]\d{3}$/.test(text));
}

export function describeNumbers(form: NumberForm): string {
  const example = [12_345_675_000n, -15_000n].map((amount) => `'${numberText(amount, form)}'`);
  // Spaces of different kinds look alike.
  return `amounts like ${example.join(' and ')}`.replace(
    /[\u00a0\u2009\u202f]/g,
    (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
