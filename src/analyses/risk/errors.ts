import { UserError } from '../../core/errors.js';
import type { Base } from '../../model/base.js';

export function noOrders(base: Base): UserError {
  return new UserError('no purchases among the files given', {
    place: { file: base.accounts.map(({ file }) => file).join(', ') },
    remedy: 'Add a file of orders: what is held out is purchases.',
  });
}
