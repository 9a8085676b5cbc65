import type { Unit } from '../core/table.js';
import type { Text } from '../core/text.js';

/** A key performance indicator: what it is called, how it is computed, and when it has no value. */
export interface Kpi {
  /** Stable id: row of table kpis, column of tables trend and int_kpis. */
  readonly id: string;
  readonly label: Text;
  readonly unit: Unit;
  readonly formula: Text;
  /** The same in SQL, over a row of int_period_figures. */
  readonly value: string;
  /** Why a value may be null: a condition over a row of int_period_figures and the reason's code; the first true one holds. */
  readonly missing: readonly (readonly [condition: string, reason: string])[];
}

/** Why a value is null. */
interface Reason extends Text {
  /** Whether an option brings the value. */
  readonly hint?: boolean;
  /** What a report for managers says instead, where the text speaks of options. */
  readonly inReport?: Text;
}

export const reasons: Readonly<Record<string, Reason>> = {
  no_orders_file: {
    en: 'no purchases: add an orders FILE',
    ru: 'нет покупок: добавьте файл с заказами',
    hint: true,
    inReport: {
      en: 'no purchases: a file of orders brings them',
      ru: 'нет покупок: их даст файл с заказами',
    },
  },
  no_spend_file: {
    en: 'no marketing spend: add --spend FILE for CAC, LTV:CAC and payback',
    ru: 'нет расходов на маркетинг: добавьте --spend FILE, чтобы получить CAC, LTV:CAC и окупаемость',
    hint: true,
    inReport: {
      en: 'no marketing spend: a file of it brings CAC, LTV:CAC and payback',
      ru: 'нет расходов на маркетинг: файл с ними даст CAC, LTV:CAC и окупаемость',
    },
  },
  no_spend_in_period: {
    en: 'no marketing spend falls in the period',
    ru: 'в периоде нет расходов на маркетинг',
  },
  before_data: {
    en: 'the period lies before the first date of the data',
    ru: 'период раньше первой даты в данных',
  },
  no_orders: { en: 'no orders in the period', ru: 'в периоде нет заказов' },
  no_buyers: {
    en: 'no known customer ordered in the period',
    ru: 'в периоде не покупал ни один известный клиент',
  },
  no_customers: { en: 'no order names its customer', ru: 'ни в одном заказе не указан клиент' },
  none_at_start: {
    en: 'no active customers at the start of the period',
    ru: 'на начало периода нет активных клиентов',
  },
  none_active: { en: 'no active customers in the period', ru: 'в периоде нет активных клиентов' },
  none_acquired: { en: 'no customers acquired in the period', ru: 'в периоде нет привлечённых клиентов' },
  no_price: {
    en: 'no subscription price and no orders',
    ru: 'нет цены подписки и заказов',
  },
  no_forecast: {
    en: 'no customer was known for longer than a day by the end of the period',
    ru: 'к концу периода ни один клиент не известен дольше дня',
  },
  no_starts: {
    en: 'no subscription by the end of the period has a start, so nothing tells how long they last',
    ru: 'ни у одной подписки к концу периода нет даты начала, поэтому неизвестно, сколько они длятся',
  },
  no_cac: { en: 'spend in the period is zero', ru: 'расходы в периоде равны нулю' },
  no_revenue: { en: 'revenue per customer is not positive', ru: 'выручка на клиента не положительна' },
};

const sales: Kpi['missing'] = [
  ['not has_orders', 'no_orders_file'],
  ['before_data', 'before_data'],
];
const customers: Kpi['missing'] = [
  ['before_data', 'before_data'],
  ['not has_customers', 'no_customers'],
];
const salesToKnown: Kpi['missing'] = [...sales, ['not has_customers', 'no_customers']];
const perCustomer: Kpi['missing'] = [
  ...customers,
  ['is_contractual and arpu is null and mean_price is null', 'no_price'],
  ['customers_start + customers_end = 0', 'none_active'],
];
const perSpend: Kpi['missing'] = [
  ['not has_spend', 'no_spend_file'],
  ['before_data', 'before_data'],
  ['spend is null', 'no_spend_in_period'],
];

/** Every KPI, in the order in which people read them. */
export const kpis: readonly Kpi[] = [
  {
    id: 'revenue',
    label: { en: 'Revenue', ru: 'Выручка' },
    unit: 'money',
    value: 'revenue',
    formula: {
      en: 'sum of the line amounts of the orders of the period, after discount, less returns; cancelled orders are left out',
      ru: 'сумма строк заказов периода после скидки за вычетом возвратов, без отменённых заказов',
    },
    missing: sales,
  },
  {
    id: 'orders',
    label: { en: 'Orders', ru: 'Заказы' },
    unit: 'integer',
    value: 'orders',
    formula: {
      en: 'orders of the period that were neither cancelled nor wholly returned',
      ru: 'заказы периода, не отменённые и не возвращённые целиком',
    },
    missing: sales,
  },
  {
    id: 'aov',
    label: { en: 'Average order value (AOV)', ru: 'Средний чек (AOV)' },
    unit: 'money',
    value: 'cast(revenue as double) / nullif(orders, 0)',
    formula: { en: 'revenue / orders', ru: 'выручка / заказы' },
    missing: [...sales, ['orders = 0', 'no_orders']],
  },
  {
    id: 'buyers',
    label: { en: 'Buyers', ru: 'Покупатели' },
    unit: 'integer',
    value: 'buyers',
    formula: {
      en: 'known customers with an order in the period',
      ru: 'известные клиенты с заказом в периоде',
    },
    missing: salesToKnown,
  },
  {
    id: 'customers_start',
    label: { en: 'Active customers at start (S)', ru: 'Активные клиенты на начало (S)' },
    unit: 'integer',
    value: 'customers_start',
    formula: {
      en: 'customers who bought in the activity window before the start of the period; with subscriptions: subscribed then',
      ru: 'клиенты с покупкой в окне активности до начала периода; при подписке: с подпиской на эту дату',
    },
    missing: customers,
  },
  {
    id: 'customers_end',
    label: { en: 'Active customers at end (E)', ru: 'Активные клиенты на конец (E)' },
    unit: 'integer',
    value: 'customers_end',
    formula: {
      en: 'the same at the end of the period; E = S − lost + gained',
      ru: 'то же на конец периода; E = S − ушедшие + пополнение',
    },
    missing: customers,
  },
  {
    id: 'customers_new',
    label: { en: 'New customers', ru: 'Новые клиенты' },
    unit: 'integer',
    value: 'customers_new',
    formula: { en: 'first-ever purchase in the period', ru: 'первая покупка в периоде' },
    missing: customers,
  },
  {
    id: 'customers_reactivated',
    label: { en: 'Reactivated customers', ru: 'Вернувшиеся клиенты' },
    unit: 'integer',
    value: 'customers_reactivated',
    formula: {
      en: 'bought before, not active at the start, active at the end',
      ru: 'покупали раньше, не активны на начало, активны на конец',
    },
    missing: customers,
  },
  {
    id: 'customers_lost',
    label: { en: 'Lost customers', ru: 'Ушедшие клиенты' },
    unit: 'integer',
    value: 'customers_lost',
    formula: { en: 'active at the start, not at the end', ru: 'активны на начало, не активны на конец' },
    missing: customers,
  },
  {
    id: 'customers_retained',
    label: { en: 'Retained customers', ru: 'Удержанные клиенты' },
    unit: 'integer',
    value: 'customers_start - customers_lost',
    formula: { en: 'active at the start and at the end', ru: 'активны и на начало, и на конец' },
    missing: customers,
  },
  {
    id: 'customers_gained',
    label: { en: 'Gained customers (N)', ru: 'Пополнение базы (N)' },
    unit: 'integer',
    value: 'customers_gained',
    formula: {
      en: 'new and reactivated customers who are active at the end',
      ru: 'новые и вернувшиеся клиенты, активные на конец',
    },
    missing: customers,
  },
  {
    id: 'crr',
    label: { en: 'Customer retention rate (CRR)', ru: 'Удержание клиентов (CRR)' },
    unit: 'percent',
    value: '100.0 * cast(customers_end - customers_gained as double) / nullif(customers_start, 0)',
    formula: { en: '(E − N) / S × 100', ru: '(E − N) / S × 100' },
    missing: [...customers, ['customers_start = 0', 'none_at_start']],
  },
  {
    id: 'churn_rate',
    label: { en: 'Churn rate', ru: 'Отток (churn rate)' },
    unit: 'percent',
    value: '100.0 * cast(customers_lost as double) / nullif(customers_start, 0)',
    formula: { en: 'lost / S × 100', ru: 'ушедшие / S × 100' },
    missing: [...customers, ['customers_start = 0', 'none_at_start']],
  },
  {
    id: 'repeat_purchase_rate',
    label: { en: 'Repeat purchase rate', ru: 'Доля повторных покупателей' },
    unit: 'percent',
    value: '100.0 * cast(repeat_buyers as double) / nullif(buyers, 0)',
    formula: {
      en: 'buyers with two or more orders in the period / buyers × 100',
      ru: 'покупатели с двумя и более заказами в периоде / покупатели × 100',
    },
    missing: [...salesToKnown, ['buyers = 0', 'no_buyers']],
  },
  {
    id: 'purchase_frequency',
    label: { en: 'Purchase frequency', ru: 'Частота покупок' },
    unit: 'ratio',
    value: 'cast(known_orders as double) / nullif(buyers, 0)',
    formula: { en: 'orders of known customers / buyers', ru: 'заказы известных клиентов / покупатели' },
    missing: [...salesToKnown, ['buyers = 0', 'no_buyers']],
  },
  {
    id: 'arpu',
    label: { en: 'Revenue per active customer (ARPU)', ru: 'Выручка на активного клиента (ARPU)' },
    unit: 'money',
    value: 'arpu',
    formula: {
      en: 'revenue of known customers in the period / mean of S and E; with a subscription price and no orders: mean price of the subscribers at the start × months of the period',
      ru: 'выручка известных клиентов за период / среднее S и E; при цене подписки без заказов: средняя цена подписки на начало × месяцы периода',
    },
    missing: perCustomer,
  },
  {
    id: 'ltv_simple',
    label: { en: 'Lifetime value, simple (LTV)', ru: 'Ценность клиента, простая (LTV)' },
    unit: 'money',
    value: 'ltv_simple',
    formula: {
      en: 'AOV × orders per active customer in the period × lifetime in periods, that is ARPU / churn rate; lifetime is 1 / churn rate, or the span of the data where nobody was lost',
      ru: 'средний чек × заказы на активного клиента за период × срок жизни в периодах, то есть ARPU / отток; срок жизни равен 1 / отток, а если никто не ушёл, длине данных',
    },
    missing: [...perCustomer, ['customers_start = 0', 'none_at_start']],
  },
  {
    id: 'ltv_historic',
    label: { en: 'Lifetime value, historic', ru: 'Ценность клиента, фактическая' },
    unit: 'money',
    value: 'cast(known_revenue_to_date as double) / nullif(customers_to_date, 0)',
    formula: {
      en: 'revenue of known customers up to the end of the period / customers who had ordered by then',
      ru: 'выручка известных клиентов до конца периода / клиенты, купившие к этому времени',
    },
    missing: [...salesToKnown, ['customers_to_date = 0', 'no_buyers']],
  },
  {
    id: 'cac',
    label: { en: 'Customer acquisition cost (CAC)', ru: 'Стоимость привлечения (CAC)' },
    unit: 'money',
    value: 'cast(spend as double) / nullif(customers_new, 0)',
    formula: {
      en: 'marketing spend in the period / new customers',
      ru: 'расходы на маркетинг за период / новые клиенты',
    },
    missing: [...perSpend, ['customers_new = 0', 'none_acquired']],
  },
  {
    id: 'ltv_cac',
    label: { en: 'LTV:CAC', ru: 'LTV:CAC' },
    unit: 'ratio',
    value: 'ltv_simple * margin * customers_new / nullif(cast(spend as double), 0)',
    formula: { en: 'simple LTV × margin / CAC', ru: 'простая LTV × маржа / CAC' },
    missing: [
      ...perSpend,
      ...perCustomer,
      ['customers_new = 0', 'none_acquired'],
      ['customers_start = 0', 'none_at_start'],
      ['spend = 0', 'no_cac'],
    ],
  },
  {
    id: 'payback_months',
    label: { en: 'CAC payback, months', ru: 'Окупаемость CAC, месяцев' },
    unit: 'months',
    value: 'cast(spend as double) / nullif(customers_new, 0) / nullif(arpu / months * margin, 0)',
    formula: { en: 'CAC / (ARPU per month × margin)', ru: 'CAC / (ARPU за месяц × маржа)' },
    missing: [
      ...perSpend,
      ...perCustomer,
      ['customers_new = 0', 'none_acquired'],
      ['arpu <= 0', 'no_revenue'],
    ],
  },
];
