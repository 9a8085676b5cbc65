import { sayDay } from '../core/dates.js';
import type { Notice } from '../core/table.js';
import { sayCount, type Text } from '../core/text.js';
import type { Base } from '../model/base.js';

/** The days that the data cover, and the one that figures are of. */
export function coverageNotice(base: Base): Notice {
  return {
    code: 'coverage',
    level: 'info',
    text: {
      en: `The data cover ${base.first} to ${base.last}; as of ${base.asOf}.`,
      ru: `Данные за ${sayDay(base.first).ru} – ${sayDay(base.last).ru}; дата отчёта ${sayDay(base.asOf).ru}.`,
    },
  };
}

/** Where rows without a customer count in figures of all revenue. */
const inRevenueOnly: Text = {
  en: 'they count in revenue, orders and AOV, not in customer KPIs',
  ru: 'они входят в выручку, заказы и средний чек, но не в показатели по клиентам',
};

/**
 * Rows that count, but not as those of a customer, or less than nothing.
 * @param ofNobody what becomes of rows without a customer
 */
export function customersKnown(base: Base, ofNobody: Text = inRevenueOnly): Notice[] {
  const notices: Notice[] = [];
  if (base.rowsWithoutCustomer > 0) {
    const rows = sayCount(base.rowsWithoutCustomer);
    notices.push({
      code: 'rows_without_customer',
      level: 'info',
      text: {
        en: `Rows without a customer: ${rows.en}; ${ofNobody.en}.`,
        ru: `Строк без клиента: ${rows.ru}; ${ofNobody.ru}.`,
      },
    });
  }
  if (base.returnRows > 0) {
    const rows = sayCount(base.returnRows);
    notices.push({
      code: 'return_rows',
      level: 'info',
      text: {
        en: `Rows that are returns: ${rows.en}; they reduce revenue.`,
        ru: `Строк с возвратами: ${rows.ru}; они уменьшают выручку.`,
      },
    });
  }
  return notices;
}
