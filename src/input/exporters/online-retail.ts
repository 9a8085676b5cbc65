import type { Exporter } from '../exporter.js';

/** The two Online Retail data sets of the UCI repository. */
export const onlineRetail: readonly Exporter[] = [
  {
    name: { en: 'Online Retail', ru: 'Online Retail' },
    role: 'orders',
    signature: [
      ['Invoice', 'InvoiceNo'],
      'StockCode',
      'Quantity',
      'InvoiceDate',
      ['Price', 'UnitPrice'],
      ['Customer ID', 'CustomerID'],
    ],
    columns: {
      order_id: ['Invoice', 'InvoiceNo'],
      customer_id: ['Customer ID', 'CustomerID'],
      date: ['InvoiceDate'],
      product: ['StockCode'],
      quantity: ['Quantity'],
      unit_price: ['Price', 'UnitPrice'],
    },
    traits: { dateOrder: 'mdy' },
    how: {
      en: 'quantity × price; invoices that begin with C are returns',
      ru: 'количество × цена; счета на букву C считаются возвратами',
    },
  },
];
