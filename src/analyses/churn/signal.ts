import type { Day } from '../../core/dates.js';
import type { Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { type Sql, sql } from '../../sql/sql.js';
import type { Cause } from './causes.js';

/** Every kind of evidence, the telling ones first: those of equal strength stand in this order. */
export const signalCodes = [
  'silent',
  'subscription_cancelled',
  'subscription_ends',
  'incident_open',
  'orders_returned',
  'low_nps',
  'low_csat',
  'low_ces',
  'incident_resolved',
  'offers_unused',
  'messages_unopened',
  'messages_undelivered',
  'not_contacted',
  'bonus_unused',
  'order_part_returned',
  'order_value_falling',
] as const;
export type SignalCode = (typeof signalCodes)[number];

/** One thing that speaks for a customer leaving, in words and numbers. */
export interface Evidence {
  readonly code: SignalCode;
  /** How much it tells beside others, 0-1: a judgement by which evidence is put in order, and no probability. */
  readonly strength: number;
  readonly text: Text;
  /** The numbers and days in the words, by stable names. */
  readonly numbers: Readonly<Record<string, number | string | null>>;
  /** Why the customer may leave, if this tells; null where it tells that they leave and not why. */
  readonly cause: Cause | null;
  /** Whether the customer said so; inferred from what happened otherwise. */
  readonly isStated: boolean;
}

export interface EvidenceOptions {
  /** The last day that counts. */
  readonly asOf: Day;
  /** A table with column customer_id: those who are shown, as each kind of evidence is a query about them. */
  readonly customers: string;
  /** What there is: the tables of a base, and whether customers are kept with all that is known of them. */
  readonly has: {
    /** int_orders, int_purchase_days and int_cadence. */
    readonly orders: boolean;
    readonly subscriptions: boolean;
    readonly contacts: boolean;
    readonly feedback: boolean;
    readonly incidents: boolean;
    /** stg_customers with bonus, bonus_expires_on and last_contact_on: a file of customers, read with `keepDetails`. */
    readonly details: boolean;
  };
}

/** What each kind of evidence is given. */
export interface EvidenceContext extends EvidenceOptions {
  readonly engine: Engine;
  /** The last day, as SQL. */
  readonly at: Sql;
}

/** Evidence with the customer that it is about. */
export type Found = readonly [customer: string, evidence: Evidence];

/**
 * How many purchase days of a customer came after a day, as SQL over a table that has column customer_id: what was
 * followed by purchases is no reason for leaving.
 */
export function purchasesAfter({ at, has }: EvidenceContext, day: Sql): Sql {
  if (!has.orders) return sql`0`;
  return sql`(select count(distinct p.day) from int_purchase_days p
    where p.customer_id = e.customer_id and p.day > ${day} and p.day <= ${at})`;
}

/** Halves with every purchase that came after it. */
export function fade(strength: number, purchasesSince: number): number {
  return strength * 0.5 ** purchasesSince;
}
