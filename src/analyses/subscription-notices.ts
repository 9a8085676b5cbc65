import type { Notice } from '../core/table.js';
import { sayCount } from '../core/text.js';

/** What is not known of the starts of subscriptions; nothing where all are known. */
export function startNotices(withoutStart: number): Notice[] {
  if (withoutStart === 0) return [];
  const some = sayCount(withoutStart);
  return [
    {
      code: 'without_start',
      level: 'info',
      text: {
        en: `Subscriptions without a start: ${some.en}; the model is fitted without them, and those that run on are taken to have begun with the data.`,
        ru: `Подписок без даты начала: ${some.ru}; модель подобрана без них, а действующие считаются начатыми с начала данных.`,
      },
    },
  ];
}
