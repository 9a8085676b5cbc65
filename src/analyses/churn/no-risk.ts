import { UserError } from '../../core/errors.js';
import type { Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { hasRepeatPurchases } from '../../model/activity.js';
import type { Base } from '../../model/base.js';

/** Why nothing can be told of who leaves, by table int_purchase_days; undefined where it can. */
export async function whyNoRisk(engine: Engine, base: Base): Promise<Text | undefined> {
  if (!base.customers || (await hasRepeatPurchases(engine))) return undefined;
  return {
    en: 'no customer has bought twice, so nothing tells who is leaving',
    ru: 'никто не купил дважды, поэтому неизвестно, кто уходит',
  };
}

export function noRisk(base: Base, why: Text): UserError {
  return new UserError(why.en, {
    place: { file: base.accounts.map(({ file }) => file).join(', ') },
    remedy: 'Add older orders; until then retain list finds customers by their last order.',
  });
}
