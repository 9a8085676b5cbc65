/** Models of repeat buying, the default first. */
export const repeatBuyingNames = ['mbg_nbd', 'bg_nbd', 'pareto_nbd'] as const;

export type RepeatBuyingName = (typeof repeatBuyingNames)[number];
