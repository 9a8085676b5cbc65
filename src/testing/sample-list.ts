import type { Cell, Column } from '../core/table.js';
import { verbatim } from '../core/text.js';
import type { ManagedList } from '../workbook/managed-list.js';

/** A customer of a made-up churn-risk list. */
export interface SampleCustomer {
  readonly id: string;
  readonly name: string;
  readonly phone: string;
  readonly lastOrder: string;
  readonly revenue: string;
  readonly risk: number;
}

const columns: readonly Column[] = [
  { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text' },
  { name: 'name', label: { en: 'Name', ru: 'Имя' }, kind: 'text' },
  { name: 'phone', label: { en: 'Phone', ru: 'Телефон' }, kind: 'text' },
  { name: 'last_order', label: { en: 'Last order', ru: 'Последний заказ' }, kind: 'date' },
  { name: 'revenue', label: { en: 'Revenue', ru: 'Выручка' }, kind: 'money' },
  { name: 'risk', label: { en: 'Risk', ru: 'Риск' }, kind: 'percent' },
];

/** A list with these customers. */
export function sampleList(
  customers: readonly SampleCustomer[],
  options: Partial<Pick<ManagedList, 'asOf' | 'whyLeft' | 'knownIds' | 'todaysIds'>> = {},
): ManagedList {
  return {
    title: { en: 'Churn risk', ru: 'Риск оттока' },
    key: 'customer_id',
    asOf: '2024-06-30',
    currency: 'EUR',
    ...options,
    table: {
      name: 'churn',
      title: verbatim('Churn risk'),
      grain: 'one row per customer',
      columns,
      rows: customers.map(({ id, name, phone, lastOrder, revenue, risk }): Cell[] => [
        id,
        name,
        phone,
        lastOrder,
        revenue,
        risk,
      ]),
      notes: [],
    },
  };
}

/** The customer of a number: its names and phones are such as do harm where they are taken for formulas. */
export function sampleCustomer(number: number, turn = 0): SampleCustomer {
  const names = [
    '=HYPERLINK("http://x.example","Anna")',
    '-1',
    '@x',
    '+7 (999) 123-45-67',
    'Иван «Ёж» & Ко <1>',
    "O'Hara",
  ];
  return {
    id: `C-${String(number).padStart(4, '0')}`,
    name: `${names[number % names.length]}`,
    phone: `+7999${String(1_000_000 + number)}`,
    lastOrder: `2024-0${1 + ((number + turn) % 6)}-${String(1 + (number % 28)).padStart(2, '0')}`,
    revenue: `${1000 + number + turn}.50`,
    risk: (number * 7 + turn * 3) % 100,
  };
}
