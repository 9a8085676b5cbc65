import type { Text } from '../../core/text.js';
import type { Exporter } from '../exporter.js';

/** A table of the data set that tells nothing of who bought what, when and for how much. */
function unneeded(name: Text, signature: readonly string[]): Exporter {
  return { name, role: undefined, signature, columns: {} };
}

/** The Brazilian e-commerce data set of Olist: dates and amounts stand in different tables. */
export const olist: readonly Exporter[] = [
  {
    name: { en: 'Olist orders', ru: 'заказы Olist' },
    role: 'orders',
    part: 'heads',
    otherHalf: 'olist_order_items_dataset.csv',
    signature: ['order_id', 'customer_id', 'order_status', 'order_purchase_timestamp'],
    columns: {
      order_id: ['order_id'],
      customer_id: ['customer_id'],
      date: ['order_purchase_timestamp'],
      status: ['order_status'],
    },
  },
  {
    name: { en: 'Olist order items', ru: 'строки заказов Olist' },
    role: 'orders',
    part: 'lines',
    otherHalf: 'olist_orders_dataset.csv',
    signature: ['order_id', 'order_item_id', 'product_id', 'price', 'freight_value'],
    columns: {
      order_id: ['order_id'],
      product: ['product_id'],
      unit_price: ['price'],
      shipping: ['freight_value'],
      // The date to hand the goods over, not that of the order.
      date: [],
      customer_id: [],
      quantity: [],
      amount: [],
    },
    how: {
      en: 'price and freight count, which is what was paid',
      ru: 'считаются цена и доставка, то есть уплаченная сумма',
    },
  },
  {
    name: { en: 'Olist order payments', ru: 'оплаты Olist' },
    role: 'orders',
    part: 'lines',
    otherHalf: 'olist_orders_dataset.csv',
    signature: ['order_id', 'payment_sequential', 'payment_value'],
    columns: {
      order_id: ['order_id'],
      amount: ['payment_value'],
      date: [],
      customer_id: [],
      product: [],
      quantity: [],
    },
  },
  {
    name: { en: 'Olist customers', ru: 'клиенты Olist' },
    role: 'customers',
    signature: [
      'customer_id',
      'customer_unique_id',
      ['customer_zip_code_prefix', 'customer_city', 'customer_state'],
    ],
    columns: { customer_id: ['customer_id'], person_id: ['customer_unique_id'] },
    how: {
      en: 'an id stands for one order; customers are told by customer_unique_id',
      ru: 'код относится к одному заказу; клиенты различаются по customer_unique_id',
    },
  },
  unneeded({ en: 'Olist products', ru: 'товары Olist' }, [
    'product_id',
    'product_category_name',
    'product_weight_g',
  ]),
  unneeded({ en: 'Olist sellers', ru: 'продавцы Olist' }, ['seller_id', 'seller_zip_code_prefix']),
  unneeded({ en: 'Olist geolocation', ru: 'геоданные Olist' }, [
    'geolocation_zip_code_prefix',
    'geolocation_lat',
  ]),
  unneeded({ en: 'Olist reviews', ru: 'отзывы Olist' }, ['review_id', 'order_id', 'review_score']),
  unneeded({ en: 'Olist category names', ru: 'названия категорий Olist' }, [
    'product_category_name',
    'product_category_name_english',
  ]),
];
