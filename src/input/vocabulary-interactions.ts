/**
 * The words by which columns of contacts, feedback and incidents are recognised: what a shop and a customer have to
 * do with each other besides orders. The first tier of a field names it alone; words of later tiers could be columns
 * of other tables as well, and do not tell the role of a table.
 */

export type InteractionRole = 'contacts' | 'feedback' | 'incidents';
export const interactionRoles: readonly InteractionRole[] = ['contacts', 'feedback', 'incidents'];

type Person = 'customer_id' | 'email' | 'phone';
export type ContactField =
  | Person
  | 'date'
  | 'channel'
  | 'campaign'
  | 'status'
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'answered'
  | 'offer_used';
export type FeedbackField = Person | 'date' | 'order_id' | 'nps' | 'csat' | 'ces' | 'reason' | 'comment';
export type IncidentField =
  | Person
  | 'date'
  | 'order_id'
  | 'kind'
  | 'resolved_on'
  | 'resolution'
  | 'reason'
  | 'comment';

type Words = readonly (readonly string[])[];

/** One word a tier: where a table has several such columns the first word is taken, and there is no need to stop. */
const anyOf = (...words: readonly string[]): Words => words.map((word) => [word]);

const person: Readonly<Record<Person, Words>> = {
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
      'contact id',
      'recipient id',
      'subscriber id',
      'respondent id',
      'cust id',
      'код клиента',
      'id клиента',
      'номер клиента',
      'ид клиента',
      'клиент id',
      'код контрагента',
      'код покупателя',
      'id покупателя',
      'id пользователя',
      'id получателя',
    ],
    [
      'customer',
      'client',
      'buyer',
      'user',
      'recipient',
      'subscriber',
      'respondent',
      'клиент',
      'контрагент',
      'покупатель',
      'получатель',
      'подписчик',
      'респондент',
      'заказчик',
    ],
  ],
  email: [
    [
      'email',
      'e-mail',
      'customer email',
      'email address',
      'эл. почта',
      'электронная почта',
      'почта',
      'имейл',
    ],
    ['recipient email', 'contact email', 'mail', 'емейл', 'адрес эл. почты', 'email получателя'],
  ],
  phone: [
    ['phone', 'phone number', 'телефон', 'номер телефона'],
    ['customer phone', 'mobile', 'mobile phone', 'recipient phone', 'телефон клиента', 'мобильный телефон'],
    ['tel', 'telephone', 'мобильный', 'контактный телефон', 'телефон получателя'],
  ],
};

const orderId: Words = [
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
  ['invoice', 'invoice no', 'invoice number', 'код заказа', 'документ', 'номер документа'],
];

const comment = [
  ...['comment', 'comments', 'customer comment', 'комментарий', 'комментарий клиента', 'комментарии'],
  ...[
    'text',
    'message',
    'description',
    'note',
    'notes',
    'отзыв',
    'текст',
    'текст отзыва',
    'описание',
    'примечание',
  ],
];

export const interactionVocabulary: {
  readonly contacts: Readonly<Record<ContactField, Words>>;
  readonly feedback: Readonly<Record<FeedbackField, Words>>;
  readonly incidents: Readonly<Record<IncidentField, Words>>;
} = {
  contacts: {
    ...person,
    date: [
      [
        'contact date',
        'contacted at',
        'contacted on',
        'date of contact',
        'send date',
        'send time',
        'message date',
        'call date',
        'дата контакта',
        'дата рассылки',
        'дата сообщения',
        'дата звонка',
        'дата касания',
        'дата коммуникации',
      ],
      ['sent at', 'sent on', 'date sent', 'sent', 'дата отправки', 'отправлено', 'время отправки'],
      ['date', 'datetime', 'date and time', 'timestamp', 'created at', 'дата', 'дата и время', 'время'],
    ],
    channel: [
      [
        'channel',
        'contact channel',
        'message channel',
        'medium',
        'contact type',
        'канал',
        'канал связи',
        'канал коммуникации',
        'вид контакта',
        'тип контакта',
        'способ связи',
      ],
      ['type', 'тип', 'вид'],
    ],
    campaign: anyOf(
      'campaign',
      'campaign name',
      'campaign title',
      'utm campaign',
      'mailing',
      'newsletter',
      'кампания',
      'название кампании',
      'рассылка',
      'название рассылки',
      'акция',
      'subject',
      'template',
      'тема',
      'тема письма',
      'шаблон',
    ),
    status: [
      ['status', 'message status', 'delivery status', 'state', 'result', 'статус', 'результат', 'состояние'],
    ],
    delivered: anyOf(
      'delivered',
      'delivered at',
      'delivered on',
      'is delivered',
      'message delivered',
      'доставлено',
      'доставлен',
      'дата доставки сообщения',
    ),
    opened: anyOf(
      'opened',
      'opened at',
      'opened on',
      'is opened',
      'open',
      'opens',
      'open count',
      'read at',
      'открыто',
      'открыт',
      'открыл',
      'открытие',
      'открытия',
      'прочитано',
      'просмотрено',
    ),
    clicked: anyOf(
      'clicked',
      'clicked at',
      'clicked on',
      'is clicked',
      'click',
      'clicks',
      'click count',
      'клик',
      'клики',
      'кликнул',
      'перешел по ссылке',
      'переход',
      'переходы',
      'переход по ссылке',
    ),
    answered: anyOf(
      'answered',
      'answered at',
      'replied',
      'replied at',
      'reply',
      'responded',
      'responded at',
      'reached',
      'ответил',
      'ответ получен',
      'отвечено',
      'дозвон',
      'дозвонились',
    ),
    offer_used: anyOf(
      'offer used',
      'used offer',
      'offer redeemed',
      'redeemed',
      'redeemed at',
      'coupon used',
      'promo code used',
      'promo used',
      'предложение использовано',
      'использовал предложение',
      'промокод использован',
      'купон использован',
      'использован промокод',
      'скидка использована',
      'воспользовался предложением',
    ),
  },
  feedback: {
    ...person,
    order_id: orderId,
    date: [
      [
        'response date',
        'survey date',
        'feedback date',
        'answered at',
        'answer date',
        'submitted at',
        'review date',
        'responded at',
        'дата ответа',
        'дата опроса',
        'дата отзыва',
        'дата оценки',
      ],
      [
        'date',
        'datetime',
        'timestamp',
        'completed at',
        'created at',
        'submitted',
        'дата',
        'дата и время',
        'отправлено',
      ],
    ],
    nps: [
      [
        'nps',
        'nps score',
        'net promoter score',
        'likelihood to recommend',
        'recommend score',
        'оценка nps',
        'индекс nps',
        'готовность рекомендовать',
        'вероятность рекомендации',
        'порекомендуете',
      ],
      ['score', 'балл', 'баллы'],
    ],
    csat: [
      [
        'csat',
        'csat score',
        'customer satisfaction',
        'satisfaction',
        'satisfaction score',
        'оценка csat',
        'удовлетворенность',
        'оценка удовлетворенности',
      ],
      ['rating', 'stars', 'оценка', 'рейтинг', 'звезд'],
    ],
    ces: [
      [
        'ces',
        'ces score',
        'customer effort score',
        'customer effort',
        'effort score',
        'оценка ces',
        'индекс усилий',
        'легкость',
        'удобство',
        'простота заказа',
      ],
    ],
    reason: [
      ['reason', 'feedback reason', 'reason for score', 'причина', 'причина оценки'],
      ['topic', 'category', 'тема', 'категория'],
    ],
    comment: anyOf(...comment, 'feedback', 'review', 'answer', 'ответ'),
  },
  incidents: {
    ...person,
    order_id: orderId,
    date: [
      [
        'opened at',
        'opened on',
        'opened',
        'date opened',
        'open date',
        'incident date',
        'complaint date',
        'claim date',
        'reported at',
        'reported on',
        'дата обращения',
        'дата жалобы',
        'дата инцидента',
        'дата претензии',
        'дата рекламации',
        'открыто',
        'дата открытия',
      ],
      [
        'date',
        'datetime',
        'created',
        'created at',
        'date created',
        'дата',
        'дата и время',
        'дата создания',
        'создано',
        'создан',
      ],
    ],
    kind: [
      [
        'incident',
        'incident type',
        'incident kind',
        'kind of incident',
        'complaint type',
        'complaint reason',
        'claim type',
        'issue',
        'issue type',
        'ticket type',
        'problem',
        'problem type',
        'инцидент',
        'вид инцидента',
        'тип инцидента',
        'тип обращения',
        'вид обращения',
        'тип жалобы',
        'вид претензии',
        'тип претензии',
        'причина обращения',
        'проблема',
        'вид проблемы',
      ],
      ['kind', 'type', 'category', 'вид', 'тип', 'категория'],
      ['subject', 'topic', 'тема'],
    ],
    resolved_on: [
      [
        'resolved',
        'resolved at',
        'resolved on',
        'date resolved',
        'resolution date',
        'solved at',
        'дата решения',
        'решено',
        'дата устранения',
        'дата урегулирования',
      ],
      ['closed', 'closed at', 'closed on', 'date closed', 'close date', 'дата закрытия', 'закрыто', 'закрыт'],
    ],
    resolution: [
      [
        'resolution',
        'status',
        'state',
        'ticket status',
        'статус',
        'состояние',
        'решение',
        'статус обращения',
      ],
    ],
    reason: [['reason', 'cause', 'причина']],
    comment: anyOf(...comment),
  },
};
