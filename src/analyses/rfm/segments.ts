import type { Text } from '../../core/text.js';

/** A group of customers with a name, and what to do with it. */
export interface Segment {
  /** Stable: 'champions', or the name that a configuration gives it. */
  readonly code: string;
  readonly label: Text;
  /** What to do with these customers; null where nobody said. */
  readonly action: Text | null;
}

/** The 11 segments of the common marketing map, best first. */
export const segments: readonly Segment[] = [
  {
    code: 'champions',
    label: { en: 'Champions', ru: 'Чемпионы' },
    action: {
      en: 'Reward them, show them new arrivals first, ask for reviews. No discounts: they buy anyway.',
      ru: 'Благодарить, первыми показывать новинки, просить отзывы. Без скидок: они и так покупают.',
    },
  },
  {
    code: 'loyal_customers',
    label: { en: 'Loyal Customers', ru: 'Лояльные' },
    action: {
      en: 'Offer dearer and matching goods, a loyalty programme, a bonus for bringing a friend.',
      ru: 'Предлагать товары дороже и в дополнение, программу лояльности, бонус за друга.',
    },
  },
  {
    code: 'potential_loyalists',
    label: { en: 'Potential Loyalists', ru: 'Потенциально лояльные' },
    action: {
      en: 'Win the next order: membership, bonuses that grow with orders, recommendations.',
      ru: 'Добиться следующего заказа: участие в программе, растущие бонусы, рекомендации.',
    },
  },
  {
    code: 'new_customers',
    label: { en: 'New Customers', ru: 'Новые' },
    action: {
      en: 'Welcome them, help with the first purchase, offer a reason for the second.',
      ru: 'Поприветствовать, помочь с первой покупкой, дать повод для второй.',
    },
  },
  {
    code: 'promising',
    label: { en: 'Promising', ru: 'Перспективные' },
    action: {
      en: 'Remind them of the shop: what goes with their purchase, a small gift, a trial.',
      ru: 'Напомнить о магазине: дополнения к покупке, небольшой подарок, пробник.',
    },
  },
  {
    code: 'need_attention',
    label: { en: 'Need Attention', ru: 'Требуют внимания' },
    action: {
      en: 'An offer with a date, on what they bought before, while they still remember.',
      ru: 'Предложение со сроком по прошлым покупкам, пока о вас помнят.',
    },
  },
  {
    code: 'about_to_sleep',
    label: { en: 'About To Sleep', ru: 'Засыпающие' },
    action: {
      en: 'A reminder with popular goods or unused bonuses; a discount only if it does not help.',
      ru: 'Напомнить популярными товарами или бонусами; скидка, только если не поможет.',
    },
  },
  {
    code: 'at_risk',
    label: { en: 'At Risk', ru: 'Под угрозой' },
    action: {
      en: 'Write personally, ask what is wrong, make a win-back offer before they go.',
      ru: 'Написать лично, спросить, что не так, сделать предложение, пока не ушли.',
    },
  },
  {
    code: 'cant_lose_them',
    label: { en: "Can't Lose Them", ru: 'Нельзя терять' },
    action: {
      en: 'Call them: a manager, by name, with an offer of their own. They were the best.',
      ru: 'Позвонить: менеджер, по имени, с личным предложением. Это были лучшие клиенты.',
    },
  },
  {
    code: 'hibernating',
    label: { en: 'Hibernating', ru: 'Спящие' },
    action: {
      en: 'Cheap mailings of new arrivals and sales; no personal effort.',
      ru: 'Недорогие рассылки о новинках и распродажах; без личных усилий.',
    },
  },
  {
    code: 'lost',
    label: { en: 'Lost', ru: 'Потерянные' },
    action: {
      en: 'One last offer, then leave them out of mailings.',
      ru: 'Последнее предложение, затем убрать из рассылок.',
    },
  },
];

/** Whom no range of a map fits. */
export const others: Segment = {
  code: 'others',
  label: { en: 'Others', ru: 'Прочие' },
  action: {
    en: 'No range of the map fits their scores: look at them, or add a range.',
    ru: 'Ни один диапазон карты не подходит: посмотреть на них или добавить диапазон.',
  },
};
