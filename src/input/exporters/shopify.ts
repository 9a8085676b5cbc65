import type { Exporter } from '../exporter.js';

/** Admin > Orders > Export, and Admin > Customers > Export. */
export const shopify: readonly Exporter[] = [
  {
    name: { en: 'Shopify orders', ru: 'заказы Shopify' },
    role: 'orders',
    signature: ['Name', 'Financial Status', 'Total', 'Created at', ['Lineitem name', 'Lineitem quantity']],
    columns: {
      order_id: ['Name'],
      customer_id: [],
      email: ['Email'],
      phone: ['Phone', 'Billing Phone', 'Shipping Phone'],
      date: ['Created at'],
      amount: ['Total'],
      discount: [],
      status: [],
      payment_status: ['Financial Status'],
      cancelled_at: ['Cancelled at'],
      refunded: ['Refunded Amount'],
      currency: ['Currency'],
      product: ['Lineitem sku', 'Lineitem name'],
      document_type: [],
    },
    traits: { amountOf: 'order' },
    how: {
      en: "'Total' less 'Refunded Amount' counts once per order; orders with 'Cancelled at' do not count",
      ru: '«Total» за вычетом «Refunded Amount» считается один раз на заказ; заказы с «Cancelled at» не учтены',
    },
  },
  {
    name: { en: 'Shopify customers', ru: 'клиенты Shopify' },
    role: 'customers',
    signature: ['First Name', 'Last Name', 'Email', 'Total Spent', 'Total Orders'],
    columns: {
      customer_id: ['Customer ID'],
      name: ['First Name'],
      email: ['Email'],
      phone: ['Phone', 'Default Address Phone'],
    },
  },
];
