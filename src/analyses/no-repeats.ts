import type { Notice } from '../core/table.js';
import { countOf, sayCount, type Text } from '../core/text.js';
import type { Engine } from '../engines/engine.js';
import { hasRepeatPurchases } from '../model/activity.js';
import type { Base } from '../model/base.js';

/** Whether nobody bought on two days, by table int_purchase_days, so that nothing tells who stays, leaves or comes back. */
export async function nobodyRepeats(engine: Engine, base: Base): Promise<boolean> {
  return !base.subscriptions && base.customers && !(await hasRepeatPurchases(engine));
}

/** What retention and churn rest on where nobody repeats. */
export function assumedWindow(days: number): Text {
  return {
    en: `No customer has bought twice; retention and churn rest on an assumed window of ${countOf(days, 'day')}.`,
    ru: `Никто не купил дважды; удержание и отток опираются на условное окно активности, дней: ${sayCount(days).ru}.`,
  };
}

/** What risks are worth where nobody repeats; a report for managers has none. */
export const assumedRisks: Notice = {
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
};

/** What a forecast is worth where nobody repeats; a report for managers has none. */
export const assumedForecast: Notice = {
  code: 'no_repeats',
  level: 'warning',
  text: {
    en: 'No customer has bought twice, so nothing tells who is still buying: all that is expected is assumed from what is usual elsewhere, not learnt.',
    ru: 'Никто не купил дважды, поэтому неизвестно, кто ещё покупает: все ожидаемые значения предположены по обычным для других баз, а не выведены из данных.',
  },
  inReport: {
    en: 'no customer has bought twice, so nothing tells what they will buy',
    ru: 'никто не купил дважды, поэтому неизвестно, что они купят',
  },
};
