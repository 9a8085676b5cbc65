import type { Notice } from '../core/table.js';
import { sayCount, type Text } from '../core/text.js';

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

/** How many ends within the horizon are known, and what follows; nothing where there are none. */
export function endNotices(ending: number, therefore: Text): Notice[] {
  if (ending === 0) return [];
  const some = sayCount(ending);
  return [
    {
      code: 'known_ends',
      level: 'info',
      text: {
        en: `Subscriptions whose end within the horizon is known already: ${some.en}; ${therefore.en}.`,
        ru: `Подписок, о которых уже известно, что они закончатся за горизонт: ${some.ru}; ${therefore.ru}.`,
      },
    },
  ];
}
