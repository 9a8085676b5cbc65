import { UserError } from '../core/errors.js';
import type { Base } from '../model/base.js';

/** Where the files hold no orders, with what an analysis wants of them. */
export function noOrders(base: Base, why: string): UserError {
  return new UserError('no purchases among the files given', {
    place: { file: base.accounts.map(({ file }) => file).join(', ') },
    remedy: `Add a file of orders: ${why}.`,
  });
}

/** Where no customer has an order: the files name none, or all that they ordered came back. */
export function noCustomers(base: Base): UserError {
  return new UserError(`no customer with an order up to ${base.asOf}`, {
    place: { file: base.accounts.map(({ file }) => file).join(', ') },
    remedy: base.customers
      ? 'All orders came back; look at them with retain check.'
      : 'No row names its customer: name the column, --column customer_id="HEADER".',
  });
}
