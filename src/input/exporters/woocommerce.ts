import type { Exporter } from '../exporter.js';

const name = { en: 'WooCommerce orders', ru: 'заказы WooCommerce' };

const advancedSignature = [
  'Order Number',
  'Order Status',
  'Order Date',
  ['Email (Billing)', 'First Name (Billing)', 'Full Name (Billing)', 'Phone (Billing)'],
];
const advancedColumns: Exporter['columns'] = {
  order_id: ['Order Number'],
  customer_id: ['Customer User ID', 'User ID', 'Customer ID'],
  email: ['Email (Billing)', 'Customer Email', 'User Email'],
  phone: ['Phone (Billing)'],
  date: ['Order Date'],
  discount: [],
  status: ['Order Status'],
  currency: ['Currency'],
  product: ['SKU', 'Item Name', 'Product Name'],
  quantity: [],
};

/** Analytics > Orders > Download, and the layouts of the common export plugins. */
export const wooCommerce: readonly Exporter[] = [
  {
    name: { en: 'WooCommerce Analytics orders', ru: 'отчёт по заказам WooCommerce Analytics' },
    role: 'orders',
    signature: [
      'Date',
      'Order #',
      'Status',
      'Customer',
      'Net Sales',
      ['Customer type', 'Items sold', 'Product(s)'],
    ],
    columns: {
      order_id: ['Order #'],
      customer_id: ['Customer'],
      date: ['Date'],
      amount: ['Net Sales'],
      status: ['Status'],
      channel: ['Attribution'],
      product: [],
      quantity: [],
      discount: [],
    },
    traits: { refundsAreRows: true },
    how: {
      en: "'Net Sales' counts, without tax and shipping; refunds are rows of their own",
      ru: '«Net Sales» считается без налога и доставки; возвраты стоят отдельными строками',
    },
  },
  {
    // 'Order Export & Order Import', 'Import Export Suite', 'Customer / Order / Coupon Export'.
    name,
    role: 'orders',
    signature: [
      'order_id',
      'status',
      'order_total',
      ['order_date', 'date'],
      ['billing_email', 'customer_email', 'billing_first_name', 'billing_phone'],
      ['shipping_total', 'order_currency', 'payment_method', 'payment_method_title'],
    ],
    columns: {
      order_id: ['order_number_formatted', 'order_number', 'order_id'],
      customer_id: ['customer_id', 'customer_user'],
      email: ['billing_email', 'customer_email'],
      phone: ['billing_phone'],
      date: ['order_date', 'date'],
      amount: ['order_total'],
      discount: [],
      status: ['status'],
      refunded: ['refunded_total', 'order_refunded_total', 'total_refunded'],
      currency: ['order_currency', 'currency'],
      product: ['item_sku', 'item_name'],
      quantity: [],
    },
    traits: { amountOf: 'order' },
    how: {
      en: "'order_total' less what was refunded counts once per order",
      ru: '«order_total» за вычетом возврата считается один раз на заказ',
    },
  },
  {
    // 'Advanced Order Export For WooCommerce'.
    name,
    role: 'orders',
    signature: [...advancedSignature, 'Order Total Amount'],
    columns: { ...advancedColumns, amount: ['Order Total Amount'], refunded: ['Order Refund Amount'] },
    traits: { amountOf: 'order' },
    how: {
      en: "'Order Total Amount' less 'Order Refund Amount' counts once per order",
      ru: '«Order Total Amount» за вычетом «Order Refund Amount» считается один раз на заказ',
    },
  },
  {
    name,
    role: 'orders',
    signature: [...advancedSignature, 'Order Total Amount (- Refund)'],
    // What was refunded is taken off already.
    columns: { ...advancedColumns, amount: ['Order Total Amount (- Refund)'], refunded: [] },
    traits: { amountOf: 'order', refundsAreRows: true },
    how: {
      en: "'Order Total Amount (- Refund)' counts once per order",
      ru: '«Order Total Amount (- Refund)» считается один раз на заказ',
    },
  },
];
