import { UserError } from '../../core/errors.js';
import type { Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import type { Base } from '../../model/base.js';
import { acquisitionChannels } from '../../model/channels.js';
import { customerFacts } from '../../model/customer-facts.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import { segmentsOf } from '../rfm/maps.js';
import { type RfmOptions, rfmScores } from '../rfm/scores.js';
import type { CohortSplit } from './choices.js';

/** What a base must hold besides for a split. */
export function splitNeeds(split: CohortSplit | undefined): { keepDetails: boolean; keepChannels: boolean } {
  return {
    keepDetails: split === 'manager' || split === 'sex' || split === 'subscription',
    keepChannels: split === 'channel',
  };
}

export const splitLabels: Readonly<Record<CohortSplit, Text>> = {
  channel: { en: 'Channel', ru: 'Канал' },
  segment: { en: 'Segment', ru: 'Сегмент' },
  manager: { en: 'Manager', ru: 'Менеджер' },
  sex: { en: 'Sex', ru: 'Пол' },
  subscription: { en: 'Subscription', ru: 'Подписка' },
};

/** What people read for values that are codes. */
export function splitValues(split: CohortSplit, { map, bins }: RfmOptions): Readonly<Record<string, Text>> {
  switch (split) {
    case 'segment':
      return Object.fromEntries(segmentsOf(map, bins).map(({ code, label }) => [code, label]));
    case 'sex':
      return {
        female: { en: 'female', ru: 'женский' },
        male: { en: 'male', ru: 'мужской' },
      };
    default:
      return {};
  }
}

/**
 * Makes table int_cohort_splits: customer_id, split ('' where unknown), one row per customer with an order. Texts are
 * compared without case and outer spaces.
 * @throws UserError where the files tell nothing of it
 */
export async function divideCustomers(
  engine: Engine,
  base: Base,
  split: CohortSplit,
  rfm: RfmOptions,
): Promise<void> {
  await engine.run(sql`
    create table int_cohort_splits as
    with known as (${await valuesOf(engine, base, split, rfm)}),
    named as (
      select customer_id, value, min(value) over (partition by lower(value)) as split from (
        select customer_id, trim(value) as value from known) as trimmed
      where value <> ''
    )
    select d.customer_id, coalesce(n.split, '') as split
    from int_purchase_days d left join named n on n.customer_id = d.customer_id where d.previous_day is null`);
  const [row] = await engine.query(sql`select count(*) as known from int_cohort_splits where split <> ''`);
  if (row?.known !== 0) return;
  throw new UserError(`--split ${split}: the files do not tell it of any customer who ordered`, {
    remedy: remedies[split],
  });
}

const remedies: Readonly<Record<CohortSplit, string>> = {
  channel: 'Add a file with a channel, or name its column: --column channel="HEADER".',
  segment: 'Leave --split out.',
  manager: 'Add a file of customers with their manager, or name its column: --column manager="HEADER".',
  sex: 'Add a file of customers with their sex, or name its column: --column sex="HEADER".',
  subscription:
    'Add a file of customers with the status of their subscription, or name its column: --column subscription_status="HEADER".',
};

/** A query of customer_id and value, at most one row per customer. */
async function valuesOf(engine: Engine, base: Base, split: CohortSplit, rfm: RfmOptions): Promise<Sql> {
  const ofCustomers = (column: string) =>
    raw(
      base.accounts.some(({ role }) => role === 'customers')
        ? `select customer_id, ${column} as value from stg_customers`
        : "select '' as customer_id, '' as value where 1 = 0",
    );
  switch (split) {
    case 'channel': {
      const customers = raw('(select customer_id from int_purchase_days where previous_day is null)');
      return sql`select customer_id, channel as value from (${acquisitionChannels(customers, base.channels)}) as channels`;
    }
    case 'segment':
      await customerFacts(engine, { asOf: base.asOf, purchaseDays: false });
      await rfmScores(engine, rfm);
      return raw('select customer_id, segment as value from int_rfm');
    case 'manager':
    case 'sex':
      return ofCustomers(split);
    case 'subscription':
      return ofCustomers('subscription_status');
  }
}
