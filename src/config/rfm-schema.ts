import { z } from 'zod';
import type { Range } from '../analyses/rfm/maps.js';
import type { RfmSettings } from '../analyses/rfm/settings.js';
import { mostBins, ownText } from '../analyses/rfm/settings.js';

/** Section rfm of retain.yaml: thresholds of scores, and an own segment map. */

const words = z
  .union(
    [
      z.string({ error: 'must be text' }).min(1),
      z.strictObject({ en: z.string().min(1), ru: z.string().min(1) }),
    ],
    { error: 'must be text, or text in both languages: {en: ..., ru: ...}' },
  )
  .transform(ownText);

const rangeError = `must be a score or a range of scores such as 4-5, within 1-${mostBins}`;

/** '4-5', or 4. */
const range = z
  .union([z.string(), z.number()], { error: rangeError })
  .refine((value) => rangeOf(value) !== undefined, { error: rangeError })
  .transform((value) => rangeOf(value)!);

function rangeOf(value: string | number): Range | undefined {
  const match = /^\s*(\d{1,2})\s*(?:-\s*(\d{1,2})\s*)?$/.exec(String(value));
  if (match === null) return undefined;
  const [least, greatest] = [Number(match[1]), Number(match[2] ?? match[1])];
  return least >= 1 && least <= greatest && greatest <= mostBins ? [least, greatest] : undefined;
}

const thresholds = (pattern: RegExp, what: string, description: string) =>
  z
    .array(
      z
        .union([z.number(), z.string()], { error: `must be ${what}` })
        .transform(String)
        .refine((text) => pattern.test(text), { error: `must be ${what}` }),
      { error: 'must be a list of thresholds' },
    )
    .min(1)
    .max(mostBins - 1, { error: `must be at most ${mostBins - 1} thresholds` })
    .refine((list) => list.every((text, index) => index === 0 || Number(list[index - 1]) < Number(text)), {
      error: 'must rise from one to the next',
    })
    .describe(description);

const days = /^\d{1,6}$/;
const orders = /^[1-9]\d{0,8}$/;
const money = /^-?\d{1,13}(\.\d{1,4})?$/;

const ruleSchema = z.strictObject({
  name: words.describe('The name of the segment; a known one brings its words and what to do.'),
  recency: range.describe('Recency scores, 4-5 or 5; any where left out.').optional(),
  frequency: range.describe('Frequency scores.').optional(),
  monetary: range.describe('Monetary scores.').optional(),
  'frequency-monetary': range
    .describe('Means of frequency and monetary score, halves rounded up.')
    .optional(),
  action: words.describe('What to do with these customers.').optional(),
});

export const rfmSchema = z
  .strictObject({
    thresholds: z
      .strictObject({
        recency: thresholds(
          days,
          'a whole number of days',
          'Days since the last order up to which the score is the best, the second best, ...: [30, 90, 180, 365].',
        ).optional(),
        frequency: thresholds(
          orders,
          'a whole number of orders',
          'Orders from which the score is 2, 3, ...: [2, 3, 5, 10].',
        ).optional(),
        monetary: thresholds(
          money,
          'an amount with at most four digits after the point',
          'Revenue from which the score is 2, 3, ...: [1000, 5000, 20000, 100000].',
        ).optional(),
      })
      .describe('Fixed thresholds of scores, one fewer than bins; measures left out are scored by --scoring.')
      .optional(),
    segments: z
      .array(ruleSchema, { error: 'must be a list of segments' })
      .min(1)
      .describe('An own segment map: the first whose ranges fit is the segment, else Others.')
      .optional(),
  })
  .describe('Thresholds and segments of retain rfm.');

/** The section as the analysis takes it. */
export function rfmSettings(
  value: z.output<typeof rfmSchema> | undefined,
  bins: number | undefined,
): RfmSettings {
  const { recency, frequency, monetary } = value?.thresholds ?? {};
  return {
    thresholds: {
      ...(recency === undefined ? {} : { recency }),
      ...(frequency === undefined ? {} : { frequency }),
      ...(monetary === undefined ? {} : { monetary }),
    },
    segments: value?.segments?.map((rule) => ({
      name: rule.name,
      recency: rule.recency,
      frequency: rule.frequency,
      monetary: rule.monetary,
      frequencyMonetary: rule['frequency-monetary'],
      action: rule.action,
    })),
    bins,
  };
}
