import { fitBgNbd, fitMbgNbd } from './bg-nbd.js';
import type { RepeatBuyingModel } from './fit.js';
import { fitParetoNbd } from './pareto-nbd.js';
import type { PurchaseHistories } from './purchase-histories.js';
import type { RepeatBuyingName } from './repeat-buying-names.js';

export type { RepeatBuyingName } from './repeat-buying-names.js';

export const repeatBuyingModels: Readonly<
  Record<RepeatBuyingName, (histories: PurchaseHistories) => RepeatBuyingModel>
> = { mbg_nbd: fitMbgNbd, bg_nbd: fitBgNbd, pareto_nbd: fitParetoNbd };

/** Fits the model asked for; MBG/NBD is right about one-time buyers too. Always returns; `fit` says how. */
export function fitRepeatBuying(
  histories: PurchaseHistories,
  name: RepeatBuyingName = 'mbg_nbd',
): RepeatBuyingModel {
  return repeatBuyingModels[name](histories);
}
