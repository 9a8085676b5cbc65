import type { Notice } from '../../core/table.js';
import type { Engine } from '../../engines/engine.js';
import { hasRepeatPurchases } from '../../model/activity.js';
import type { Base } from '../../model/base.js';

/** Why nothing in a base tells who leaves, by table int_purchase_days: nobody bought twice. Empty where it does. */
export async function noRepeats(engine: Engine, base: Base): Promise<Notice[]> {
  if (base.subscriptions || !base.customers || (await hasRepeatPurchases(engine))) return [];
  return [
    {
      code: 'no_repeats',
      level: 'warning',
      text: {
        en: 'No customer has bought twice, so nothing tells who is leaving: risks and what is at stake are assumed, not learnt.',
        ru: 'Никто не купил дважды, поэтому неизвестно, кто уходит: риски и суммы под угрозой предположены, а не выведены из данных.',
      },
      inReport: {
        en: 'no customer has bought twice, so nothing tells who is leaving',
        ru: 'никто не купил дважды, поэтому неизвестно, кто уходит',
      },
    },
  ];
}
