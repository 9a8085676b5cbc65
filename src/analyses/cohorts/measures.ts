import type { Unit } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import { raw, type Sql } from '../../sql/sql.js';
import type { CohortMeasure } from './choices.js';

export interface Measure {
  readonly title: Text;
  readonly what: Text;
  readonly unit: Unit;
  /** Of a row of int_cohort_cells. */
  readonly value: Sql;
  /**
   * Over several cohorts at once, weighted by their customers: what their cells come to together, by all their
   * customers.
   */
  readonly average: Sql;
  /** Whether cells hold what all periods so far came to, so that none is whole without the first. */
  readonly addsUp: boolean;
  readonly averageUnit: Unit;
  readonly averageLabel: Text;
  /** How the average is explained. */
  readonly averageNote: Text;
  /** Whether period 0 says no more than the size of the cohort. */
  readonly startsWhole: boolean;
}

const perCustomer = (sum: string) =>
  raw(`cast(round(cast(sum(${sum}) as double) / sum(customers), 4) as decimal(38,4))`);
const share = raw('100.0 * sum(active_customers) / sum(customers)');
const averageShare = {
  en: 'share of customers who ordered',
  ru: 'доля купивших клиентов',
};

export const measures: Readonly<Record<CohortMeasure, Measure>> = {
  customers: {
    title: { en: 'Cohorts: who ordered again', ru: 'Когорты: кто купил снова' },
    what: { en: 'customers who ordered', ru: 'купившие клиенты' },
    unit: 'integer',
    value: raw('active_customers'),
    average: share,
    addsUp: false,
    averageUnit: 'percent',
    averageLabel: { en: 'Average share', ru: 'Средняя доля' },
    averageNote: averageShare,
    startsWhole: true,
  },
  share: {
    title: { en: 'Cohorts: share who ordered', ru: 'Когорты: доля купивших' },
    what: { en: 'share of customers who ordered', ru: 'доля купивших клиентов' },
    unit: 'percent',
    value: raw('100.0 * active_customers / customers'),
    average: share,
    addsUp: false,
    averageUnit: 'percent',
    averageLabel: { en: 'Average', ru: 'В среднем' },
    averageNote: averageShare,
    startsWhole: true,
  },
  revenue: {
    title: { en: 'Cohorts: revenue', ru: 'Когорты: выручка' },
    what: { en: 'revenue', ru: 'выручка' },
    unit: 'money',
    value: raw('revenue'),
    average: perCustomer('revenue'),
    addsUp: false,
    averageUnit: 'money',
    averageLabel: { en: 'Per customer', ru: 'На клиента' },
    averageNote: { en: 'revenue per customer of the cohorts', ru: 'выручка на клиента когорт' },
    startsWhole: false,
  },
  orders: {
    title: { en: 'Cohorts: orders', ru: 'Когорты: заказы' },
    what: { en: 'orders', ru: 'заказы' },
    unit: 'integer',
    value: raw('orders'),
    average: raw('1.0 * sum(orders) / sum(customers)'),
    addsUp: false,
    averageUnit: 'ratio',
    averageLabel: { en: 'Per customer', ru: 'На клиента' },
    averageNote: { en: 'orders per customer of the cohorts', ru: 'заказов на клиента когорт' },
    startsWhole: false,
  },
  ltv: {
    title: { en: 'Cohorts: LTV to date', ru: 'Когорты: LTV на дату' },
    what: { en: 'revenue per customer so far', ru: 'накопленная выручка на клиента' },
    unit: 'money',
    value: raw('ltv'),
    average: perCustomer('cumulative_revenue'),
    addsUp: true,
    averageUnit: 'money',
    averageLabel: { en: 'Average', ru: 'В среднем' },
    averageNote: {
      en: 'revenue per customer so far, of cohorts whose first period is whole; fewer cohorts reach the later periods, so it may fall',
      ru: 'накопленная выручка на клиента когорт с полным первым периодом; до поздних периодов доходит меньше когорт, поэтому она может падать',
    },
    startsWhole: false,
  },
};
