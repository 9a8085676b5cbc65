import type { Text } from '../../core/text.js';
import type { RfmOptions } from '../rfm/scores.js';

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

/** What lists are where nothing is said of scores. */
const usualScores: Pick<RfmOptions, 'bins' | 'monetary'> = { bins: 5, monetary: 'total' };

/** The lists that marketers ask for most, with conditions on scores as these are told. */
export function readyMadeLists(scores = usualScores): readonly ReadyMadeList[] {
  return [...listsWithoutScores, bigSpenders(scores)];
}

/** The top fifth of the scores: 5 of 5, 9 and 10 of 10, and at least the best one. */
function bigSpenders({ bins, monetary }: Pick<RfmOptions, 'bins' | 'monetary'>): ReadyMadeList {
  const top = Math.max(1, Math.floor(bins / 5));
  const condition = top === 1 ? `= ${bins}` : `>= ${bins - top + 1}`;
  const most: Text =
    monetary === 'total'
      ? { en: 'Best RFM scores of revenue', ru: 'Лучшие баллы RFM за выручку' }
      : { en: 'Best RFM scores of revenue per order', ru: 'Лучшие баллы RFM за выручку на заказ' };
  return {
    name: 'big-spenders-silent',
    title: {
      en: `${most.en}, silent for over 1.5 times their usual gap`,
      ru: `${most.ru}: молчат более чем в 1,5 раза дольше обычного`,
    },
    where: `monetary_score ${condition} and overdue_ratio > 1.5`,
    sort: '-revenue',
    columns: ['days_since_last_order', 'cadence', 'overdue_ratio'],
  };
}

const listsWithoutScores: readonly ReadyMadeList[] = [
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
    name: 'subscription-ending',
    title: { en: 'Subscriptions that end within 30 days', ru: 'Подписки, которые закончатся за 30 дней' },
    where: 'days_to_subscription_end between 0 and 30',
    sort: 'days_to_subscription_end',
    columns: ['subscription_start', 'subscription_end', 'days_to_subscription_end'],
  },
];
