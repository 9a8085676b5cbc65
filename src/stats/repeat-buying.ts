import { fitBgNbd, fitMbgNbd } from './bg-nbd.js';
import type { RepeatBuyingModel } from './fit.js';
import { fitParetoNbd } from './pareto-nbd.js';
import type { PurchaseHistories } from './purchase-histories.js';

export const repeatBuyingModels = {
  mbg_nbd: fitMbgNbd,
  bg_nbd: fitBgNbd,
  pareto_nbd: fitParetoNbd,
} as const;

export type RepeatBuyingName = keyof typeof repeatBuyingModels;

/** Fits the model asked for; MBG/NBD is right about one-time buyers too. Always returns; `fit` says how. */
export function fitRepeatBuying(
  histories: PurchaseHistories,
  name: RepeatBuyingName = 'mbg_nbd',
): RepeatBuyingModel {
  return repeatBuyingModels[name](histories);
}
