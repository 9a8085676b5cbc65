import type { Text } from '../../core/text.js';

/** A list that is asked for by its name. */
export interface ReadyMadeList {
  readonly name: string;
  readonly title: Text;
  /** A condition over the customer view. */
  readonly where: string;
  readonly sort: string;
  /** Columns that it shows besides the usual ones. */
  readonly columns: readonly string[];
}

/** The lists that marketers ask for most. */
export const readyMadeLists: readonly ReadyMadeList[] = [
  {
    name: 'lapsed-1y',
    title: { en: 'No order for a year', ru: 'Без заказов больше года' },
    where: 'days_since_last_order > 365',
    sort: '-revenue',
    columns: ['days_since_last_order'],
  },
  {
    name: 'birthday-month',
    title: { en: 'Birthday in the month of the as-of date', ru: 'День рождения в месяце даты отчёта' },
    where: 'month(birthday) = month(as_of)',
    sort: 'days_to_birthday, -revenue',
    columns: ['birthday', 'days_to_birthday'],
  },
  {
    name: 'bonus-expiring',
    title: { en: 'Bonuses that expire within 14 days', ru: 'Бонусы, которые сгорят за 14 дней' },
    where: 'bonus > 0 and days_to_bonus_expiry between 0 and 14',
    sort: 'days_to_bonus_expiry, -bonus',
    columns: ['bonus', 'bonus_expires', 'days_to_bonus_expiry'],
  },
  {
    name: 'no-contact-90d',
    title: { en: 'No contact for 90 days, or never', ru: 'Без контакта больше 90 дней или вовсе' },
    where: 'days_since_contact > 90 or last_contact is null',
    sort: '-revenue',
    columns: ['last_contact', 'days_since_contact'],
  },
  {
    name: 'one-time-buyers',
    title: { en: 'One order, the latest first', ru: 'Один заказ, сначала недавние' },
    where: 'orders = 1',
    sort: 'days_since_last_order, -revenue',
    columns: ['days_since_last_order'],
  },
  {
    name: 'second-order-due',
    title: { en: 'One purchase, the second due about now', ru: 'Одна покупка, пора сделать вторую' },
    where: 'purchase_days = 1 and overdue_ratio between 0.8 and 2',
    sort: 'overdue_ratio, -revenue',
    columns: ['days_since_last_order', 'cadence', 'overdue_ratio'],
  },
  {
    name: 'big-spenders-silent',
    title: {
      en: 'The fifth of most revenue, silent for over 1.5 times their usual gap',
      ru: 'Пятая часть с наибольшей выручкой: молчат в 1,5 раза дольше обычного',
    },
    where: 'monetary_score = 5 and overdue_ratio > 1.5',
    sort: '-revenue',
    columns: ['days_since_last_order', 'cadence', 'overdue_ratio'],
  },
  {
    name: 'subscription-ending',
    title: { en: 'Subscriptions that end within 30 days', ru: 'Подписки, которые закончатся за 30 дней' },
    where: 'days_to_subscription_end between 0 and 30',
    sort: 'days_to_subscription_end',
    columns: ['subscription_start', 'subscription_end', 'days_to_subscription_end'],
  },
];
