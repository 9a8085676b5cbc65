import type { Exporter } from '../exporter.js';

const orderTotals = [
  'Сумма заказа',
  'Итоговая сумма',
  'Итоговая стоимость',
  'Стоимость заказа',
  'Итого',
  'Сумма',
];

/** Заказы > Экспорт. */
export const inSales: readonly Exporter[] = [
  {
    name: { en: 'InSales orders', ru: 'заказы InSales' },
    role: 'orders',
    signature: [
      ['№ заказа', 'Номер заказа', 'Номер'],
      'Статус заказа',
      ['Статус оплаты', 'Финансовый статус'],
      ['Способ доставки', 'Вариант доставки'],
      ['Способ оплаты', 'Вариант оплаты'],
      orderTotals,
    ],
    columns: {
      order_id: ['№ заказа', 'Номер заказа', 'Номер'],
      customer_id: ['ID клиента', 'ID покупателя'],
      email: ['E-mail', 'Email', 'Электронная почта', 'E-mail покупателя', 'Email покупателя'],
      phone: ['Телефон', 'Телефон покупателя', 'Контактный телефон'],
      date: [
        'Дата оформления',
        'Дата и время',
        'Дата и время оформления',
        'Дата создания',
        'Дата заказа',
        'Дата',
      ],
      amount: orderTotals,
      discount: [],
      status: ['Статус заказа'],
      payment_status: ['Статус оплаты', 'Финансовый статус'],
      cancelled_at: ['Дата отмены'],
      product: ['Артикул', 'Название товара', 'Товар', 'Наименование товара'],
      channel: ['Канал продаж', 'Источник заказа', 'Источник', 'UTM source', 'utm_source'],
    },
    traits: { amountOf: 'order', dateOrder: 'dmy' },
    how: {
      en: 'the sum of the order counts once; the order status tells cancellations, the payment status refunds as well',
      ru: 'сумма заказа считается один раз; отмены видны по статусу заказа, возвраты также по статусу оплаты',
    },
  },
];
