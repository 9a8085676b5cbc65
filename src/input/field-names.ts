import type { Text } from '../core/text.js';
import type { Field } from './vocabulary.js';

const names: Partial<Record<Field, Text>> = {
  order_id: { en: 'order id', ru: 'номер заказа' },
  customer_id: { en: 'customer id', ru: 'код клиента' },
  date: { en: 'date', ru: 'дата' },
  date_to: { en: 'last date', ru: 'дата окончания' },
  amount: { en: 'amount', ru: 'сумма' },
  quantity: { en: 'quantity', ru: 'количество' },
  unit_price: { en: 'unit price', ru: 'цена' },
  discount: { en: 'discount', ru: 'скидка' },
  status: { en: 'status', ru: 'статус' },
  payment_status: { en: 'payment status', ru: 'статус оплаты' },
  cancelled_at: { en: 'cancelled at', ru: 'дата отмены заказа' },
  refunded: { en: 'refunded amount', ru: 'сумма возврата' },
  shipping: { en: 'shipping of the line', ru: 'доставка строки' },
  person_id: { en: 'person', ru: 'персона' },
  document_type: { en: 'document type', ru: 'вид документа' },
  channel: { en: 'channel', ru: 'канал' },
  product: { en: 'product', ru: 'товар' },
  currency: { en: 'currency', ru: 'валюта' },
  email: { en: 'e-mail', ru: 'эл. почта' },
  name: { en: 'name', ru: 'имя' },
  phone: { en: 'phone', ru: 'телефон' },
  registered: { en: 'registration date', ru: 'дата регистрации' },
  birthday: { en: 'birthday', ru: 'день рождения' },
  last_contact: { en: 'last contact', ru: 'последний контакт' },
  subscription_status: { en: 'subscription status', ru: 'статус подписки' },
  subscription_price: { en: 'subscription price', ru: 'цена подписки' },
  subscription_start: { en: 'subscription start', ru: 'начало подписки' },
  cancelled_on: { en: 'cancellation date', ru: 'дата отмены' },
  campaign: { en: 'campaign', ru: 'кампания' },
  spend: { en: 'spend', ru: 'расход' },
  delivered: { en: 'delivered', ru: 'доставлено' },
  opened: { en: 'opened', ru: 'открыто' },
  clicked: { en: 'clicked', ru: 'переход по ссылке' },
  answered: { en: 'answered', ru: 'ответ' },
  offer_used: { en: 'offer used', ru: 'предложение использовано' },
  nps: { en: 'NPS', ru: 'NPS' },
  csat: { en: 'CSAT', ru: 'CSAT' },
  ces: { en: 'CES', ru: 'CES' },
  reason: { en: 'reason', ru: 'причина' },
  comment: { en: 'comment', ru: 'комментарий' },
  kind: { en: 'kind', ru: 'вид' },
  resolved_on: { en: 'resolution date', ru: 'дата решения' },
  resolution: { en: 'state of resolution', ru: 'состояние решения' },
};

/** A field as people call it. */
export function nameOfField(field: Field): Text {
  const plain = field.replaceAll('_', ' ');
  return names[field] ?? { en: plain, ru: plain };
}
