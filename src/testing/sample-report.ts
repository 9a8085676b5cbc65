import type { Cell, Column, Kind, Report } from '../core/table.js';

const kpiLabels = {
  cac: { en: 'Customer acquisition cost', ru: 'Стоимость привлечения клиента (CAC)' },
  aov: { en: 'Average order value', ru: 'Средний чек (AOV)' },
  ltv: { en: 'Lifetime value', ru: 'Пожизненная ценность клиента (LTV)' },
  retention_rate: { en: 'Customer retention rate', ru: 'Коэффициент удержания (CRR)' },
  churn_rate: { en: 'Churn rate', ru: 'Коэффициент оттока' },
  new_customers: { en: 'New customers', ru: 'Новые клиенты' },
  ltv_to_cac: { en: 'LTV:CAC', ru: 'LTV:CAC' },
  payback: { en: 'CAC payback', ru: 'Окупаемость CAC' },
  cadence: { en: 'Days between purchases', ru: 'Дней между покупками' },
};

const kpiColumns: Column[] = [
  { name: 'kpi', label: { en: 'KPI', ru: 'Показатель' }, kind: 'text', values: kpiLabels },
  { name: 'value', label: { en: 'Value', ru: 'Значение' }, kind: 'measure', unitColumn: 'unit' },
  {
    name: 'previous',
    label: { en: 'Previous period', ru: 'Прошлый период' },
    kind: 'measure',
    unitColumn: 'unit',
  },
  { name: 'change', label: { en: 'Change', ru: 'Изменение' }, kind: 'change', unitColumn: 'unit' },
  { name: 'year_ago', label: { en: 'Year ago', ru: 'Год назад' }, kind: 'measure', unitColumn: 'unit' },
  { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
  { name: 'reason', label: { en: 'Reason', ru: 'Причина' }, kind: 'text', machineOnly: true },
];

const kpiRows: Cell[][] = [
  ['cac', '41.20', '38.9', 5.9126, null, 'money', null],
  ['aov', '76109.30', '80112.75', -4.9972, '65000', 'money', null],
  ['ltv', '187.6', '187.6', '0', null, 'money', null],
  ['retention_rate', 89.4, 87.6, 1.8, 91.25, 'percent', null],
  ['churn_rate', 10.6, 12.4, -1.8, 8.75, 'percent', null],
  ['new_customers', 1204, 1204, 0, 987, 'integer', null],
  ['ltv_to_cac', 3.1049, 3, 3.4967, null, 'ratio', null],
  ['payback', null, null, null, null, 'months', 'no_spend'],
  ['cadence', 41, 44, -6.8182, 39, 'days', null],
];

const trendKpis: [string, string, string, Kind][] = [
  ['customers_at_start', 'Customers at start', 'Клиентов на начало', 'integer'],
  ['customers_at_end', 'Customers at end', 'Клиентов на конец', 'integer'],
  ['new_customers', 'New customers', 'Новые клиенты', 'integer'],
  ['reactivated', 'Reactivated', 'Вернулись', 'integer'],
  ['lost', 'Lost', 'Ушли', 'integer'],
  ['retention_rate', 'Retention rate', 'Удержание', 'percent'],
  ['churn_rate', 'Churn rate', 'Отток', 'percent'],
  ['orders', 'Orders', 'Заказы', 'integer'],
  ['revenue', 'Revenue', 'Выручка', 'money'],
  ['average_order_value', 'Average order value', 'Средний чек', 'money'],
  ['orders_per_customer', 'Orders per customer', 'Заказов на клиента', 'ratio'],
  ['repeat_purchase_rate', 'Repeat purchase rate', 'Доля повторных покупок', 'percent'],
  ['spend', 'Marketing spend', 'Расходы на маркетинг', 'money'],
  ['cac', 'Customer acquisition cost', 'Стоимость привлечения', 'money'],
  ['ltv', 'Lifetime value', 'Пожизненная ценность', 'money'],
  ['ltv_to_cac', 'LTV:CAC', 'LTV:CAC', 'ratio'],
  ['payback', 'Payback, months', 'Окупаемость, месяцев', 'months'],
  ['cadence', 'Days between purchases', 'Дней между покупками', 'days'],
  ['first_order', 'First order', 'Первый заказ', 'date'],
  ['complete', 'Complete', 'Полный', 'boolean'],
];

const trendRows: Cell[][] = ['2024-04', '2024-05', '2024-06'].map((period, index) => [
  period,
  12_000 + index,
  12_345 + index,
  812,
  45,
  512 - index * 10,
  95.7333 - index,
  4.2667 + index,
  18_402,
  '1234567.89',
  '67.0889',
  1.4906,
  index === 2 ? null : 41.2,
  '33454.40',
  '41.2',
  '187.6',
  4.5534,
  2.75,
  41,
  `${period}-01`,
  index < 2,
]);

/** A small report with everything that a report can hold, for the tests of the renderers. */
export const sampleReport: Report = {
  title: { en: 'Key figures, June 2024', ru: 'Ключевые показатели, июнь 2024' },
  asOf: '2024-06-30',
  currency: 'USD',
  parameters: [
    {
      name: 'period',
      label: { en: 'Period', ru: 'Период' },
      value: '2024-06',
      explanation: { en: '2024-06-01 to 2024-06-30', ru: 'с 01.06.2024 по 30.06.2024' },
    },
    {
      name: 'active_days',
      label: { en: 'Activity window', ru: 'Окно активности' },
      value: 200,
      explanation: {
        en: '200 days, the 90th percentile of the days between purchases',
        ru: '200 дней, 90-й процентиль числа дней между покупками',
      },
    },
    { name: 'margin', label: { en: 'Margin', ru: 'Маржа' }, value: 0.35 },
  ],
  tables: [
    {
      name: 'kpis',
      title: { en: 'Key figures', ru: 'Ключевые показатели' },
      grain: 'one KPI',
      columns: kpiColumns,
      rows: kpiRows,
      notes: [
        {
          en: 'Payback is empty because the spend files say nothing about June 2024.',
          ru: 'Окупаемость не определена: в файлах расходов нет данных за июнь 2024.',
        },
        {
          en: 'Lifetime value is bounded by the 19 months that the data covers, because no customer was lost in them.',
          ru: 'Пожизненная ценность ограничена 19 месяцами, за которые есть данные: за это время никто не ушёл.',
        },
      ],
    },
    {
      name: 'cac_by_channel',
      title: { en: 'Acquisition cost by channel', ru: 'Стоимость привлечения по каналам' },
      grain: 'one channel',
      columns: [
        { name: 'channel', label: { en: 'Channel', ru: 'Канал' }, kind: 'text' },
        { name: 'spend', label: { en: 'Spend', ru: 'Расходы' }, kind: 'money' },
        { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
        { name: 'cac', label: { en: 'CAC', ru: 'CAC' }, kind: 'money' },
      ],
      rows: [
        ['Яндекс Директ', '20100.5', 400, '50.25125'],
        ['検索広告', '1250', 31, '40.322580645'],
        ['Newsletter, spring', '90071992547409.93', 381, '0'],
        ['=HYPERLINK("http://example.com")', '-12.5', 0, null],
      ],
      notes: [],
    },
    {
      name: 'trend',
      title: { en: 'Trend', ru: 'Динамика' },
      grain: 'one month',
      columns: [
        { name: 'period', label: { en: 'Period', ru: 'Период' }, kind: 'text' },
        ...trendKpis.map(([name, en, ru, kind]): Column => ({ name, label: { en, ru }, kind })),
      ],
      rows: trendRows,
      notes: [],
    },
  ],
  notices: [
    {
      code: 'as_of',
      level: 'info',
      text: { en: 'The data ends on 2024-06-30.', ru: 'Данные заканчиваются 30.06.2024.' },
    },
    {
      code: 'short_history',
      level: 'warning',
      text: {
        en: 'Only 19 months of purchases: figures for a year ago rest on few customers and may move when older files are added.',
        ru: 'Покупки есть лишь за 19 месяцев: показатели годичной давности опираются на малое число клиентов и могут измениться, если добавить более старые файлы.',
      },
    },
    {
      code: 'no_spend',
      level: 'hint',
      text: {
        en: 'Add the spend of June 2024 with --spend to see the payback.',
        ru: 'Добавьте расходы за июнь 2024 ключом --spend, чтобы увидеть окупаемость.',
      },
    },
  ],
  sources: [
    {
      file: 'exports/2024/orders.csv',
      sheet: null,
      role: 'orders',
      headerRow: 1,
      rowsRead: 184_020,
      rowsUsed: 183_905,
      rowsMerged: 100,
      rowsRejected: 15,
      reasons: [
        {
          code: 'cancelled',
          text: { en: 'cancelled order', ru: 'отменённый заказ' },
          rows: 12,
          fault: false,
          examples: [],
        },
        {
          code: 'bad_date',
          text: { en: 'the date cannot be read', ru: 'не удалось прочитать дату' },
          rows: 3,
          fault: true,
          examples: [
            { row: 17, column: 'Order Date', value: '31/31/2024' },
            { row: 905, column: 'Order Date', value: null },
            { row: 40_211, column: 'Order Date', value: 'soon\u001b[31m' },
          ],
        },
      ],
    },
    {
      file: 'Расходы 2024.xlsx',
      sheet: 'Май',
      role: 'spend',
      headerRow: 1,
      rowsRead: 31,
      rowsUsed: 30,
      rowsMerged: 0,
      rowsRejected: 1,
      reasons: [
        {
          code: 'bad_amount',
          text: { en: 'the amount cannot be read', ru: 'не удалось прочитать сумму' },
          rows: 1,
          fault: true,
          examples: [{ row: 12, column: 'Сумма', value: '12,x' }],
        },
      ],
    },
    {
      file: 'clients.csv',
      sheet: null,
      role: 'customers',
      headerRow: 1,
      rowsRead: 12_345,
      rowsUsed: 12_345,
      rowsMerged: 0,
      rowsRejected: 0,
      reasons: [],
    },
  ],
};
