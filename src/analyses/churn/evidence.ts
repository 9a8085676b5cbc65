import type { Engine } from '../../engines/engine.js';
import { sql } from '../../sql/sql.js';
import type { Cause } from './causes.js';
import { brokenPromises, lowScores } from './evidence-of-feedback.js';
import { offersUnused, outOfTouch, unansweredMessages, unusedBonuses } from './evidence-of-messages.js';
import { cameBack, cancelledSubscriptions, fallingValue, silence } from './evidence-of-orders.js';
import { endingSubscriptions } from './evidence-of-subscriptions.js';
import {
  type Evidence,
  type EvidenceContext,
  type EvidenceOptions,
  type Found,
  signalCodes,
} from './signal.js';

/**
 * What speaks for some customers leaving: their silence first, then the rest by strength. Customers about whom
 * nothing speaks are not in the map. One query for each kind of evidence whose tables are there.
 */
export async function evidenceOf(
  engine: Engine,
  options: EvidenceOptions,
): Promise<ReadonlyMap<string, readonly Evidence[]>> {
  const context: EvidenceContext = { ...options, engine, at: sql`cast(${options.asOf} as date)` };
  const { has } = options;
  const kinds: readonly (readonly [boolean, (context: EvidenceContext) => Promise<Found[]>])[] = [
    [has.orders, silence],
    [has.orders, cameBack],
    [has.orders, fallingValue],
    [has.subscriptions, cancelledSubscriptions],
    [has.subscriptions, endingSubscriptions],
    [has.feedback, lowScores],
    [has.incidents, brokenPromises],
    [has.contacts, unansweredMessages],
    [has.contacts, offersUnused],
    [has.contacts || has.details, outOfTouch],
    [has.details, unusedBonuses],
  ];
  const byCustomer = new Map<string, Evidence[]>();
  for (const [isThere, find] of kinds) {
    if (!isThere) continue;
    for (const [customer, evidence] of await find(context)) {
      byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), evidence]);
    }
  }
  const place = ({ code }: Evidence) => signalCodes.indexOf(code);
  for (const list of byCustomer.values()) {
    list.sort((one, other) => {
      if ((one.code === 'silent') !== (other.code === 'silent')) return one.code === 'silent' ? -1 : 1;
      return other.strength - one.strength || place(one) - place(other);
    });
  }
  return byCustomer;
}

/** The cause that the strongest evidence tells: stated ones go before inferred ones. Null where nothing tells. */
export function mainCause(evidence: readonly Evidence[]): { cause: Cause; isStated: boolean } | null {
  const telling = evidence.filter(({ cause }) => cause !== null);
  const strongest = telling.find(({ isStated }) => isStated) ?? telling[0];
  return strongest === undefined ? null : { cause: strongest.cause!, isStated: strongest.isStated };
}
