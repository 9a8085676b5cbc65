import type { Text } from '../../core/text.js';

/** Why customers leave, as they say themselves or as what happened to them suggests. */
export const causes = {
  quality: { en: 'quality', ru: 'качество' },
  service: { en: 'service', ru: 'обслуживание' },
  unhandled_complaint: { en: 'unhandled complaint', ru: 'жалоба без решения' },
  price: { en: 'price', ru: 'цена' },
  competitor: { en: 'competitor', ru: 'конкурент' },
  inconvenience: { en: 'inconvenience', ru: 'неудобство' },
  no_rewards: { en: 'no rewards', ru: 'нет поощрений' },
  no_reminder: { en: 'no reminder', ru: 'нет напоминаний' },
} as const satisfies Record<string, Text>;
export type Cause = keyof typeof causes;

/**
 * Words by which a reason is told, in lower case with 'ё' as 'е'; the first that fits counts. English words are
 * whole or begin so, Russian ones are stems: in 'качество обслуживания' it is the service, so that comes first.
 */
const words: readonly (readonly [Cause, RegExp])[] = [
  [
    'competitor',
    /\b(competitors?|elsewhere|(an)?other (shop|store|supplier|vendor|brand)s?|switch(ed|ing)? to)\b|конкурент|друг(ой|ие|ого|ом|им|их|ому) (магазин|поставщик|бренд|компани)|к другим|у других/,
  ],
  [
    'unhandled_complaint',
    /\b(no (answer|response|reply)|ignor\w+|(un|not )(resolved|solved|answered)|never (answered|replied|called))\b|не отве(т|ч)|игнор|не реш(ен|или|ил)|без ответа|не перезвон/,
  ],
  [
    'service',
    /\b(service|staff|rude\w*|impolite|support|couriers?|late|delay\w*|waiting|deliver(y|ies))\b|обслуж|сервис|персонал|груб|хам|менеджер|курьер|опозд|задерж|доставк|поддержк/,
  ],
  [
    'price',
    /\b(pric(e|es|ey|ing)|expensive|costs?|costly|cheaper|afford\w*)\b|\bцен|(^| )цен|дорог|дорож|дешевл|стоимост/,
  ],
  [
    'quality',
    /\b(quality|defect\w*|broken|broke|damag\w+|faulty|wrong (item|size)|assortment|choice)\b|качеств|брак|дефект|сломал|поврежд|ассортимент|не тот товар/,
  ],
  [
    'inconvenience',
    /\b(hard|difficult\w*|inconvenien\w+|complicated|confusing|too far|website|app|checkout|payment)\b|сложн|неудоб|трудно|далеко|сайт|приложени|оплат/,
  ],
  [
    'no_rewards',
    /\b(bonus\w*|rewards?|discounts?|loyalty|benefits?|points)\b|бонус|скид(к|ок)|поощр|лояльн|привилег|балл/,
  ],
  ['no_reminder', /\b(forgot\w*|remind\w*)\b|забы|напомин|напомн/],
];

/** The cause that a reason in somebody's own words names; null where it names none of those known. */
export function causeOf(reason: string | null): Cause | null {
  if (reason === null) return null;
  const folded = reason.toLowerCase().replaceAll('ё', 'е');
  return words.find(([, form]) => form.test(folded))?.[0] ?? null;
}
