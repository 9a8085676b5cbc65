import { UserError } from '../core/errors.js';
import type { Base } from '../model/base.js';

/**
 * The currency that a report is in: the one asked for, or what the data name.
 * @throws UserError where the data name another than the one asked for
 */
export function reportCurrency(base: Base, asked: string | undefined): string | null {
  if (asked === undefined) return base.currency;
  if (base.currency !== null && ![base.currency, ...base.currencyMayBe].includes(asked)) {
    throw new UserError(`--currency ${asked}, but the data say ${base.currency}`, {
      remedy: 'Leave --currency out: amounts are not converted.',
    });
  }
  return asked;
}
