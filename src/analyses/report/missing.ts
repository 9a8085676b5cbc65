import type { Text } from '../../core/text.js';
import { reasons } from '../kpi.js';
import type { ReportSession } from './part.js';

/** Why nothing can be said that rests on orders of known customers; undefined where it can. */
export function withoutOrders({ base }: ReportSession): Text | undefined {
  if (!base.orders) return reasons.no_orders_file!.inReport;
  return base.customers ? undefined : reasons.no_customers;
}
