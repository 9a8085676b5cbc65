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
  last_name: { en: 'last name', ru: 'фамилия' },
  phone: { en: 'phone', ru: 'телефон' },
  registered: { en: 'registration date', ru: 'дата регистрации' },
  sex: { en: 'sex', ru: 'пол' },
  birthday: { en: 'birthday', ru: 'день рождения' },
  last_contact: { en: 'last contact', ru: 'последний контакт' },
  manager: { en: 'manager', ru: 'менеджер' },
  preferred_channel: { en: 'preferred channel', ru: 'предпочтительный канал связи' },
  consent: { en: 'consent to messages', ru: 'согласие на рассылку' },
  bonus: { en: 'bonus balance', ru: 'бонусы' },
  bonus_expires: { en: 'expiry of the bonus', ru: 'срок бонусов' },
  subscription_status: { en: 'subscription status', ru: 'статус подписки' },
  subscription_price: { en: 'subscription price', ru: 'цена подписки' },
  subscription_start: { en: 'subscription start', ru: 'начало подписки' },
  cancelled_on: { en: 'cancellation date', ru: 'дата отмены' },
  cancellation_reason: { en: 'reason of cancellation', ru: 'причина отмены' },
  campaign: { en: 'campaign', ru: 'кампания' },
  spend: { en: 'spend', ru: 'расход' },
};

/** A field as people call it. */
export function nameOfField(field: Field): Text {
  const plain = field.replaceAll('_', ' ');
  return names[field] ?? { en: plain, ru: plain };
}
