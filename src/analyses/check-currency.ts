import { UserError } from '../core/errors.js';
import type { Base } from '../model/base.js';

/** @throws UserError for a currency that the data contradict */
export function checkCurrency(base: Base, currency: string | undefined): void {
  if (currency === undefined || base.currency === null) return;
  if ([base.currency, ...base.currencyMayBe].includes(currency)) return;
  throw new UserError(`--currency ${currency}, but the data say ${base.currency}`, {
    remedy: 'Leave --currency out: amounts are not converted.',
  });
}
