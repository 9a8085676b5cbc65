/**
 * The words by which columns are recognised, in English and Russian. Headers and words are compared after
 * `normaliseHeader`, so 'Customer ID', 'customer_id' and 'CustomerID' are one word here.
 */

import {
  type ContactField,
  type FeedbackField,
  type IncidentField,
  interactionVocabulary,
} from './vocabulary-interactions.js';

export const roles = ['orders', 'customers', 'spend', 'contacts', 'feedback', 'incidents'] as const;
/** What a file or sheet holds. */
export type Role = (typeof roles)[number];

export type OrderField =
  | 'order_id'
  | 'customer_id'
  | 'date'
  | 'amount'
  | 'quantity'
  | 'unit_price'
  | 'discount'
  | 'status'
  | 'payment_status'
  | 'cancelled_at'
  | 'refunded'
  | 'shipping'
  | 'document_type'
  | 'channel'
  | 'product'
  | 'currency'
  | 'email'
  | 'phone';
export type CustomerField =
  | 'customer_id'
  | 'name'
  | 'last_name'
  | 'email'
  | 'phone'
  | 'person_id'
  | 'registered'
  | 'sex'
  | 'birthday'
  | 'last_contact'
  | 'manager'
  | 'preferred_channel'
  | 'consent'
  | 'bonus'
  | 'bonus_expires'
  | 'channel'
  | 'subscription_status'
  | 'subscription_price'
  | 'subscription_start'
  | 'cancelled_on'
  | 'cancellation_reason';
export type SpendField = 'date' | 'date_to' | 'channel' | 'campaign' | 'spend' | 'currency';
export type Field = OrderField | CustomerField | SpendField | ContactField | FeedbackField | IncidentField;

/**
 * Words of a field in tiers: a header of an earlier tier is taken before one of a later tier; two headers of
 * the same tier are ambiguous.
 */
type Words = readonly (readonly string[])[];

/** One word a tier: a second column that fits is no reason to stop. */
function inTurn(...words: readonly string[]): Words {
  return words.map((word) => [word]);
}

export const vocabulary: {
  readonly orders: Readonly<Record<OrderField, Words>>;
  readonly customers: Readonly<Record<CustomerField, Words>>;
  readonly spend: Readonly<Record<SpendField, Words>>;
  readonly contacts: Readonly<Record<ContactField, Words>>;
  readonly feedback: Readonly<Record<FeedbackField, Words>>;
  readonly incidents: Readonly<Record<IncidentField, Words>>;
} = {
  orders: {
    order_id: [
      [
        'order id',
        'order no',
        'order number',
        'order #',
        'order',
        'id заказа',
        'номер заказа',
        '№ заказа',
        'заказ',
      ],
      [
        'invoice',
        'invoice no',
        'invoice number',
        'invoice id',
        'receipt',
        'receipt no',
        'receipt number',
        'receipt id',
        'transaction id',
        'transaction',
        'document',
        'document number',
        'document no',
        'basket id',
        'номер документа',
        'номер чека',
        'чек',
        'номер накладной',
        'накладная',
        'документ',
        'номер продажи',
        'номер счета',
        'код заказа',
        'регистратор',
      ],
      ['номер', '№', 'number'],
    ],
    customer_id: [
      [
        'customer id',
        'customer no',
        'customer number',
        'customer code',
        'client id',
        'client code',
        'client no',
        'user id',
        'buyer id',
        'member id',
        'shopper id',
        'account id',
        'cust id',
        'customerid',
        'код клиента',
        'id клиента',
        'номер клиента',
        'ид клиента',
        'клиент id',
        'код контрагента',
        'код покупателя',
        'id покупателя',
        'номер карты',
        'id пользователя',
      ],
      ['customer', 'client', 'buyer', 'user', 'member', 'клиент', 'контрагент', 'покупатель', 'заказчик'],
      ['customer name', 'client name', 'buyer name', 'фио клиента', 'фио', 'имя клиента', 'фио покупателя'],
    ],
    date: [
      [
        'order date',
        'purchase date',
        'date',
        'ordered at',
        'ordered on',
        'order datetime',
        'order time',
        'invoice date',
        'transaction date',
        'sale date',
        'sales date',
        'order timestamp',
        'order purchase timestamp',
        'date and time',
        'purchased at',
        'дата заказа',
        'дата',
        'дата покупки',
        'дата продажи',
        'дата документа',
        'дата чека',
        'дата накладной',
        'дата и время',
        'дата оформления',
        'период',
      ],
      [
        'created at',
        'created',
        'created on',
        'date created',
        'paid at',
        'date paid',
        'datetime',
        'timestamp',
        'дата создания',
        'дата оплаты',
        'дата отгрузки',
        'создан',
      ],
    ],
    amount: [
      [
        'amount',
        'order amount',
        'total amount',
        'total',
        'order total',
        'total price',
        'line total',
        'line amount',
        'revenue',
        'sales',
        'sales amount',
        'net sales',
        'net amount',
        'sum',
        'order sum',
        'grand total',
        'value',
        'order value',
        'amount paid',
        'paid amount',
        'purchase amount',
        'transaction amount',
        'turnover',
        'payment value',
        'сумма',
        'сумма заказа',
        'сумма продажи',
        'сумма покупки',
        'сумма документа',
        'итого',
        'итоговая сумма',
        'выручка',
        'стоимость',
        'стоимость заказа',
        'сумма со скидкой',
        'всего',
        'оборот',
        'сумма оплаты',
        'оплачено',
        'сумма продаж',
        'итоговая стоимость',
        'к оплате',
      ],
      [
        'subtotal',
        'sub total',
        'gross amount',
        'gross sales',
        'сумма без скидки',
        'сумма без ндс',
        'подытог',
      ],
    ],
    quantity: [
      [
        'quantity',
        'qty',
        'units',
        'item quantity',
        'quantity ordered',
        'lineitem quantity',
        'количество',
        'кол-во',
        'кол во',
        'колво',
        'шт',
        'количество товара',
      ],
    ],
    unit_price: [
      [
        'unit price',
        'price',
        'item price',
        'price per unit',
        'price each',
        'unit cost',
        'lineitem price',
        'sale price',
        'selling price',
        'цена',
        'цена за единицу',
        'цена за шт',
        'цена продажи',
        'цена товара',
      ],
    ],
    discount: [
      [
        'discount',
        'discount amount',
        'line discount',
        'discount total',
        'total discount',
        'скидка',
        'сумма скидки',
        'размер скидки',
      ],
    ],
    status: [
      [
        'status',
        'order status',
        'state',
        'order state',
        'статус',
        'статус заказа',
        'состояние',
        'состояние заказа',
      ],
    ],
    // Stands for the status where there is no other.
    payment_status: [
      [
        'payment status',
        'financial status',
        'payment state',
        'статус оплаты',
        'финансовый статус',
        'состояние оплаты',
      ],
    ],
    cancelled_at: [
      [
        'cancelled at',
        'canceled at',
        'cancelled on',
        'canceled on',
        'date cancelled',
        'date canceled',
        'cancellation date',
        'cancelled date',
        'cancel date',
        'cancelled time',
        'дата отмены',
        'дата отмены заказа',
        'отменен в',
        'дата аннулирования',
      ],
    ],
    // Amounts by name: a mere 'refunded' may be yes or no.
    refunded: [
      [
        'refunded amount',
        'amount refunded',
        'refund amount',
        'order refund amount',
        'refunded total',
        'total refunded',
        'сумма возврата',
        'сумма возвратов',
        'возвращенная сумма',
      ],
    ],
    // Of the line, paid on top of its price; shipping of a whole order stands in its total.
    shipping: [['freight value', 'line shipping', 'доставка строки']],
    document_type: [
      [
        'document type',
        'transaction type',
        'operation',
        'operation type',
        'type',
        'вид документа',
        'тип документа',
        'вид операции',
        'тип операции',
        'хозяйственная операция',
        'операция',
        'тип',
      ],
    ],
    channel: [
      [
        'acquisition channel',
        'utm source',
        'marketing channel',
        'traffic source',
        'канал привлечения',
        'источник трафика',
      ],
      ['channel', 'sales channel', 'source', 'канал', 'канал продаж', 'источник', 'источник заказа'],
    ],
    product: [
      [
        'sku',
        'product id',
        'product code',
        'stock code',
        'item id',
        'item code',
        'article',
        'артикул',
        'код товара',
        'lineitem sku',
        'variant id',
      ],
      [
        'product',
        'product name',
        'item',
        'item name',
        'lineitem name',
        'description',
        'товар',
        'номенклатура',
        'наименование',
        'наименование товара',
        'название товара',
        'продукт',
        'услуга',
      ],
    ],
    currency: [['currency', 'currency code', 'валюта', 'код валюты']],
    email: [
      [
        'email',
        'e-mail',
        'customer email',
        'email address',
        'mail',
        'эл. почта',
        'электронная почта',
        'почта',
        'имейл',
        'емейл',
        'адрес эл. почты',
        'контактный email',
        'billing email',
      ],
    ],
    // One word a tier: a further phone is no reason to stop.
    phone: [
      ['phone'],
      ['customer phone'],
      ['phone number'],
      ['client phone'],
      ['buyer phone'],
      ['mobile'],
      ['mobile phone'],
      ['billing phone'],
      ['telephone'],
      ['tel'],
      ['телефон'],
      ['телефон клиента'],
      ['телефон покупателя'],
      ['номер телефона'],
      ['контактный телефон'],
      ['мобильный телефон'],
      ['мобильный'],
      ['shipping phone'],
    ],
  },
  customers: {
    customer_id: [
      [
        'customer id',
        'customer no',
        'customer number',
        'customer code',
        'client id',
        'client code',
        'user id',
        'buyer id',
        'member id',
        'account id',
        'cust id',
        'id',
        'код клиента',
        'id клиента',
        'номер клиента',
        'ид клиента',
        'код контрагента',
        'код покупателя',
        'id покупателя',
        'код',
        'номер карты',
        'id пользователя',
        'subscriber id',
        'subscription id',
        'id подписчика',
      ],
      ['customer', 'client', 'контрагент', 'клиент', 'покупатель', 'subscriber', 'user', 'подписчик'],
    ],
    name: [
      [
        'name',
        'full name',
        'customer name',
        'client name',
        'first name',
        'фио',
        'имя',
        'полное имя',
        'наименование',
        'имя клиента',
        'фио клиента',
      ],
    ],
    // Put behind the name where that stands apart.
    last_name: inTurn('last name', 'surname', 'family name', 'фамилия', 'фамилия клиента'),
    email: [
      [
        'email',
        'e-mail',
        'customer email',
        'email address',
        'mail',
        'эл. почта',
        'электронная почта',
        'почта',
        'имейл',
        'емейл',
        'адрес эл. почты',
      ],
    ],
    // One word a tier: a further phone is no reason to stop.
    phone: [
      ['phone'],
      ['phone number'],
      ['mobile'],
      ['mobile phone'],
      ['telephone'],
      ['tel'],
      ['телефон'],
      ['номер телефона'],
      ['мобильный'],
      ['мобильный телефон'],
      ['контактный телефон'],
    ],
    person_id: [
      [
        'person id',
        'customer unique id',
        'unique customer id',
        'master customer id',
        'golden id',
        'id персоны',
        'код физлица',
        'единый id клиента',
      ],
    ],
    sex: inTurn('sex', 'gender', 'пол', 'пол клиента'),
    birthday: [
      [
        'birthday',
        'birth date',
        'date of birth',
        'birthdate',
        'dob',
        'born',
        'день рождения',
        'дата рождения',
        'др',
      ],
    ],
    last_contact: [
      [
        'last contact',
        'last contact date',
        'last contacted',
        'last contacted at',
        'last contacted on',
        'date of last contact',
        'last activity date',
        'последний контакт',
        'дата последнего контакта',
        'последняя связь',
        'дата последней связи',
        'последнее обращение',
        'дата последнего обращения',
        'последний звонок',
      ],
    ],
    manager: inTurn(
      'manager',
      'account manager',
      'responsible manager',
      'personal manager',
      'sales manager',
      'responsible',
      'assigned to',
      'contact owner',
      'customer owner',
      'owner',
      'менеджер',
      'основной менеджер',
      'ответственный менеджер',
      'персональный менеджер',
      'менеджер клиента',
      'ответственный',
      'ответственный сотрудник',
      'ответственные',
      'менеджеры',
      'куратор',
    ),
    preferred_channel: inTurn(
      'preferred channel',
      'preferred contact channel',
      'preferred contact method',
      'preferred contact',
      'preferred communication channel',
      'contact preference',
      'contact channel',
      'communication channel',
      'предпочтительный канал',
      'предпочтительный канал связи',
      'предпочтительный способ связи',
      'предпочитаемый канал',
      'предпочитаемый канал связи',
      'предпочитаемый способ связи',
      'удобный канал связи',
      'удобный способ связи',
      'канал связи',
      'способ связи',
      'канал коммуникации',
    ),
    // Consent to messages, which is not consent to the processing of data.
    consent: inTurn(
      'consent',
      'marketing consent',
      'email marketing consent',
      'accepts marketing',
      'accepts email marketing',
      'email consent',
      'email marketing',
      'opt in',
      'opted in',
      'newsletter',
      'newsletter subscription',
      'subscribed to newsletter',
      'accepts sms marketing',
      'согласие',
      'согласие на рассылку',
      'согласие на рассылки',
      'согласие на рекламу',
      'согласие на рекламную рассылку',
      'согласие на получение рассылки',
      'согласие на коммуникации',
      'подписан на рассылку',
      'подписка на рассылку',
      'получает рассылку',
      'подписка на новости',
      'рассылка',
    ),
    bonus: inTurn(
      'bonus',
      'bonus balance',
      'bonuses',
      'bonus points',
      'points balance',
      'loyalty points',
      'loyalty balance',
      'reward points',
      'points',
      'бонусы',
      'бонус',
      'баланс бонусов',
      'бонусный баланс',
      'остаток бонусов',
      'бонусов на счете',
      'бонусный счет',
      'бонусные баллы',
      'накопленные бонусы',
      'баллы',
      'остаток баллов',
      'баланс баллов',
    ),
    bonus_expires: inTurn(
      'bonus expires',
      'bonus expires on',
      'bonus expires at',
      'bonus expiry',
      'bonus expiry date',
      'bonus expiration',
      'bonus expiration date',
      'bonus valid until',
      'points expire',
      'points expire on',
      'points expiry',
      'points expiry date',
      'points expiration date',
      'дата сгорания бонусов',
      'срок действия бонусов',
      'сгорание бонусов',
      'бонусы сгорают',
      'бонусы сгорят',
      'бонусы до',
      'бонусы действуют до',
      'дата сгорания баллов',
      'срок действия баллов',
      'баллы сгорают',
      'дата сгорания',
    ),
    registered: [
      [
        'registered',
        'registration date',
        'registered at',
        'registered on',
        'signup date',
        'sign up date',
        'signed up',
        'join date',
        'joined',
        'customer since',
        'date registered',
        'дата регистрации',
        'зарегистрирован',
        'клиент с',
        'дата создания',
        'дата добавления',
      ],
      ['created at', 'created', 'date created', 'created on'],
    ],
    channel: [
      [
        'acquisition channel',
        'channel',
        'source',
        'utm source',
        'lead source',
        'marketing channel',
        'acquisition source',
        'customer source',
        'канал привлечения',
        'канал',
        'источник',
        'источник привлечения',
        'откуда узнал',
        'источник клиента',
        'рекламный канал',
      ],
    ],
    subscription_status: [
      ['subscription status', 'subscription state', 'plan status', 'статус подписки', 'состояние подписки'],
    ],
    subscription_price: [
      [
        'subscription price',
        'monthly price',
        'price per month',
        'monthly fee',
        'plan price',
        'mrr',
        'subscription amount',
        'цена подписки',
        'стоимость подписки',
        'абонентская плата',
        'цена в месяц',
        'абонплата',
      ],
      ['price', 'цена'],
    ],
    subscription_start: [
      [
        'subscription start',
        'subscription start date',
        'subscribed at',
        'subscribed on',
        'start date',
        'subscription started',
        'started at',
        'plan start',
        'дата начала подписки',
        'начало подписки',
        'дата подписки',
        'дата начала',
        'подписан с',
      ],
    ],
    cancelled_on: [
      [
        'cancellation date',
        'cancelled at',
        'canceled at',
        'cancelled on',
        'canceled on',
        'cancel date',
        'subscription end',
        'subscription end date',
        'churn date',
        'churned at',
        'unsubscribed at',
        'end date',
        'ended at',
        'date cancelled',
        'дата отмены',
        'дата отмены подписки',
        'дата окончания подписки',
        'окончание подписки',
        'дата отказа',
        'дата отключения',
        'дата расторжения',
        'отменена',
      ],
    ],
    cancellation_reason: inTurn(
      'cancellation reason',
      'cancel reason',
      'reason for cancellation',
      'churn reason',
      'reason for leaving',
      'unsubscribe reason',
      'причина отмены',
      'причина отмены подписки',
      'причина отказа',
      'причина ухода',
      'причина оттока',
      'причина отключения',
      'причина отписки',
      'причина расторжения',
    ),
  },
  spend: {
    date: [
      [
        'month',
        'date',
        'period',
        'day',
        'week',
        'from',
        'date from',
        'start date',
        'period start',
        'reporting starts',
        'месяц',
        'дата',
        'период',
        'день',
        'неделя',
        'начало',
        'дата начала',
        'начало периода',
        'с',
      ],
    ],
    date_to: [
      [
        'to',
        'date to',
        'end date',
        'period end',
        'until',
        'reporting ends',
        'конец',
        'дата окончания',
        'конец периода',
        'по',
      ],
    ],
    channel: [
      [
        'channel',
        'source',
        'utm source',
        'medium',
        'platform',
        'marketing channel',
        'acquisition channel',
        'канал',
        'источник',
        'площадка',
        'рекламный канал',
        'канал привлечения',
        'рекламная площадка',
      ],
    ],
    campaign: [
      ['campaign', 'campaign name', 'utm campaign', 'кампания', 'название кампании', 'рекламная кампания'],
    ],
    spend: [
      [
        'spend',
        'marketing spend',
        'ad spend',
        'spent',
        'amount spent',
        'cost',
        'costs',
        'total cost',
        'expense',
        'expenses',
        'marketing cost',
        'marketing expenses',
        'budget',
        'расход',
        'расходы',
        'затраты',
        'бюджет',
        'потрачено',
        'маркетинговые расходы',
        'расходы на рекламу',
        'расходы на маркетинг',
        'затраты на рекламу',
      ],
      // Taken only where a file is said to be spend: elsewhere an amount is a sale.
      ['amount', 'sum', 'total', 'сумма', 'итого', 'стоимость'],
    ],
    currency: [['currency', 'currency code', 'валюта', 'код валюты']],
  },
  ...interactionVocabulary,
};

/**
 * Parts of words by which a status or a kind of document is known, looked for in the text after
 * `normaliseHeader`: 'cancel' finds 'wc-cancelled' and 'Cancelled by customer'.
 */
export interface Stems {
  readonly has: readonly string[];
  /** Parts that speak against it: a partial refund leaves a sale. */
  readonly hasNot: readonly string[];
}

export const statusStems: { readonly cancelled: Stems; readonly returned: Stems } = {
  cancelled: {
    has: [
      'cancel',
      'void',
      'fail',
      'declin',
      'expired',
      'draft',
      'abandon',
      'unpaid',
      'pendingpayment',
      'awaitingpayment',
      'trash',
      'rejected',
      'deleted',
      'отмен',
      'аннулир',
      'отклон',
      'неоплач',
      'невыполн',
      'непровед',
      'ожидаетоплат',
      'ожиданиеоплат',
      'черновик',
      'удален',
      'отказ',
      'наудаление',
    ],
    hasNot: ['partial', 'частичн', 'uncancel', 'notcancel', 'неотмен'],
  },
  returned: {
    has: ['return', 'refund', 'chargeback', 'chargedback', 'возвра'],
    hasNot: [
      'partial',
      'частичн',
      'поставщик',
      'nonrefund',
      'notreturn',
      'notrefund',
      'безвозвра',
      'невозвра',
    ],
  },
};

/** A subscription status that means it has ended. */
export const endedSubscriptionStems: Stems = {
  has: [
    'cancel',
    'inactive',
    'ended',
    'expired',
    'churn',
    'terminat',
    'unsubscrib',
    'closed',
    'отмен',
    'неактив',
    'заверш',
    'закрыт',
    'истек',
    'отключ',
    'расторг',
    'прекращ',
  ],
  hasNot: [
    'uncancel',
    'notcancel',
    'неотмен',
    'pending',
    'scheduled',
    'cancelling',
    'canceling',
    'willcancel',
    'tobecancel',
  ],
};

/** A subscription status that means it runs on, with a date of its end or without. */
export const runningSubscriptionStems: Stems = {
  has: [
    'active',
    'running',
    'current',
    'trial',
    'paying',
    'pastdue',
    'pendingcancel',
    'cancelling',
    'canceling',
    'willcancel',
    'tobecancel',
    'активн',
    'действ',
    'пробн',
  ],
  hasNot: [],
};

/** How files write whether a customer agreed to be written to, in lower case, whole. */
export const consentWords: { readonly yes: readonly string[]; readonly no: readonly string[] } = {
  yes: [
    ...['yes', 'y', 'true', 't', '1', '+', 'on', 'agreed', 'accepted', 'granted', 'given', 'subscribed'],
    ...['opt-in', 'opt in', 'opted in', 'да', 'д', 'истина', 'есть', 'согласен', 'согласна', 'получено'],
    ...['дано', 'подписан', 'подписана', 'разрешено'],
  ],
  no: [
    ...['no', 'n', 'false', 'f', '0', '-', 'off', 'declined', 'refused', 'withdrawn', 'unsubscribed'],
    ...[
      'not subscribed',
      'opt-out',
      'opt out',
      'opted out',
      'нет',
      'н',
      'ложь',
      'не согласен',
      'не согласна',
    ],
    ...['отказ', 'отказался', 'отказалась', 'отозвано', 'отписан', 'отписана', 'отписался', 'отписалась'],
    ...['не подписан', 'не подписана', 'запрещено'],
  ],
};

/** How files write the sex of a customer, in lower case without a point at the end, whole. */
export const sexWords: { readonly female: readonly string[]; readonly male: readonly string[] } = {
  female: ['f', 'female', 'w', 'woman', 'women', 'ж', 'жен', 'женский', 'женщина'],
  male: ['m', 'male', 'man', 'men', 'м', 'муж', 'мужской', 'мужчина'],
};

/** What exports write where there is no customer, after `normaliseHeader`. */
export const nobodyWords: ReadonlySet<string> = new Set([
  '',
  '0',
  'na',
  'nan',
  'null',
  'none',
  'nil',
  'guest',
  'guestcheckout',
  'guestcustomer',
  'anonymous',
  'unknown',
  'nocustomer',
  'undefined',
  'walkin',
  'walkincustomer',
  'гость',
  'аноним',
  'неизвестно',
  'неуказан',
  'нет',
  'розничныйпокупатель',
  'розничныйклиент',
  'частноелицо',
  'физлицо',
  'физическоелицо',
  'безклиента',
]);

/** Headers of an amount that stands for the whole order, and so may be repeated on each of its lines. */
export const orderTotalWords: ReadonlySet<string> = new Set([
  'ordertotal',
  'orderamount',
  'ordersum',
  'ordervalue',
  'totalprice',
  'grandtotal',
  'суммазаказа',
  'стоимостьзаказа',
  'суммадокумента',
  'итоговаясумма',
  'итоговаястоимость',
]);

/** Letters and digits of a header, in lower case: 'Customer_ID ' and 'customer id' give 'customerid'. */
export function normaliseHeader(header: string): string {
  if (/^[a-z0-9]*$/.test(header)) return header;
  const folded = header.normalize('NFKC').toLowerCase().replaceAll('ё', 'е').replaceAll('№', 'no');
  return folded.replace(/[^\p{L}\p{N}#]/gu, '');
}

/**
 * The forms of a header to look up, best first: whole, without a unit in brackets, without what follows a
 * comma ('Сумма, руб.').
 */
export function headerForms(header: string): string[] {
  const forms = [header, header.replace(/[([].*$/u, ''), header.replace(/,.*$/u, '')];
  return [...new Set(forms.map(normaliseHeader))].filter((form) => form !== '');
}
