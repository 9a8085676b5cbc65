import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { together } from '../../core/together.js';
import type { Engine } from '../../engines/engine.js';
import { customersOfFacts } from '../../model/customer-facts.js';
import {
  type CustomersAt,
  customersBetween,
  customersOfTable,
  factsAt,
  sampleCustomers,
} from '../../model/customers-at.js';
import { raw, sql } from '../../sql/sql.js';
import { purchaseValueOf } from '../forecast/purchase-value.js';
import { type LearntRisk, learnRisk, mostSampled, type RiskQuestion } from '../risk/learn.js';

/** The table of risk, one row per customer with a purchase; see `scoreCustomers`. */
export const riskTable = 'int_risk';

export interface ScoredCustomers {
  readonly learnt: LearntRisk;
  readonly customers: number;
  readonly sampled: number;
  /** Days of silence after which a customer is lost, with nothing at stake any more. */
  readonly lostAfter: number;
}

/** Less than a year of silence is never held for the end. */
const leastLost = 365;

/**
 * Learns how to tell risk and makes view int_customers, as `customerFacts` has it, and table int_risk: customer_id,
 * purchases, silent_days, cadence_days and overdue_ratio (null where nobody bought twice), own_days (null of one-time
 * buyers), risk, expected_purchases, value_if_stays and value_at_stake (doubles, value 0 where lost), lost (0 or 1).
 *
 *   value if stays   purchases expected of a customer who has not left, within the horizon × expected value of a purchase × margin
 *   value at stake   risk × value if stays; 0 of who has been silent for more than a year and twice the window
 *
 * @param meanwhile what the engine can do of int_customers while all of them are scored
 */
export async function scoreCustomers(
  engine: Engine,
  question: RiskQuestion,
  margin: number,
  meanwhile: () => Promise<void>,
): Promise<ScoredCustomers | null> {
  const { day, horizon, window, base } = question;
  const sample = await sampleCustomers(engine, mostSampled);
  if (sample.customers === 0) return null;
  const facts = sql`
    create table int_risk_facts as
    ${factsAt(engine, { days: 'int_purchase_days', orders: 'int_orders' }, day, 0)}`;
  const learnt = await learnRisk(engine, sample, question, { meanwhile: () => engine.run(facts) });
  await customersOfFacts(engine, 'int_risk_facts');
  const { customers, rowids } = await customersOfTable(engine, 'int_risk_facts', day, base);
  const scores = await together(scoresOf(customers, learnt, horizon, margin), meanwhile());
  const lostAfter = Math.max(leastLost, 2 * window);
  await engine.loadColumns('int_risk_scores', { position: rowids, ...scores });
  const known = (column: string) => raw(customers.hasCadence ? column : 'cast(null as double)');
  const isLost = sql`f.age - f.recency > ${lostAfter}`;
  await engine.run(sql`
    create table ${raw(riskTable)} as
    select f.customer_id, cast(f.frequency as integer) + 1 as purchases, cast(f.age - f.recency as integer) as silent_days,
      ${known('s.cadence_days')} as cadence_days, ${known('(f.age - f.recency) / greatest(s.cadence_days, 1)')} as overdue_ratio,
      nullif(f.own_days, 0) as own_days, s.risk, s.expected_purchases, s.value_if_stays,
      case when ${isLost} then 0 else s.risk * s.value_if_stays end as value_at_stake, case when ${isLost} then 1 else 0 end as lost
    from int_risk_facts f join int_risk_scores s on s.position = f.rowid`);
  await engine.run(raw('drop table int_risk_scores'));
  return {
    learnt,
    customers: sample.customers,
    sampled: sample.sampled,
    lostAfter,
  };
}

/** Scored at once, so that their columns stay in the cache of a processor, and the engine is heard in between. */
const customersAtOnce = 16_384;

/** Columns of table int_risk_scores. */
async function scoresOf(customers: CustomersAt, learnt: LearntRisk, horizon: number, margin: number) {
  const { size } = customers;
  const purchaseValue = valueModel(learnt.customers);
  const [risk, purchases, stays] = [1, 2, 3].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let from = 0; from < size; from += customersAtOnce) {
    const part = customersBetween(customers, from, Math.min(size, from + customersAtOnce));
    const told = learnt.chosen.predict(part, horizon);
    const { purchasesIfAlive } = learnt.models.predict('mbg_nbd', part, horizon);
    risk.set(told.risk, from);
    purchases.set(told.purchases!, from);
    for (let i = 0; i < part.size; i++)
      stays[from + i] = purchasesIfAlive[i]! * purchaseValue(part.frequency[i]! + 1, part.value[i]!) * margin;
    await turnOfOthers();
  }
  return { risk, cadence_days: customers.cadence, expected_purchases: purchases, value_if_stays: stays };
}

/** The expected value of a customer's next purchase, as `retain forecast` has it; 0 where all of them came to nothing. */
function valueModel({ frequency, value }: CustomersAt): (purchases: number, mean: number) => number {
  const found = purchaseValueOf({ frequency, meanValue: value });
  return found === null ? () => 0 : found.value.expected;
}
