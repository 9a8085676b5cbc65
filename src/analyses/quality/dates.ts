import { tailRule } from '../../core/day-tail.js';
import { sayPercent } from '../../core/text.js';
import { fates } from '../../model/fate.js';
import { raw, sql } from '../../sql/sql.js';
import { type CheckContext, countRows, noFile, numberOf, type QualityCheck, units } from './check.js';
import { findGaps } from './days.js';

const needsOrders = (context: CheckContext) =>
  context.staged.orders.length === 0 ? noFile('orders') : undefined;
const datedRows = (context: CheckContext) =>
  numberOf(context, raw('select count(*) as n from stg_order_lines where ordered_at is not null'));

/** When orders are said to have been. */
export const dateChecks: readonly QualityCheck[] = [
  {
    name: 'dates_in_future',
    severity: 'error',
    title: { en: 'Order dates in the future', ru: 'Даты заказов в будущем' },
    unit: units.rows,
    advice: {
      en: 'The as-of date is the last day of the data, so one such row moves every KPI. Mend the dates, or give --as-of.',
      ru: 'Дата отчёта равна последнему дню данных, поэтому одна такая строка сдвигает все показатели. Исправьте даты или задайте --as-of.',
    },
    missing: needsOrders,
    run: async (context) => {
      const { isAsOfGiven, asOf } = context;
      const isLater = isAsOfGiven
        ? raw(`fate = ${fates.after_as_of}`)
        : asOf === null
          ? raw('false')
          : sql`fate = ${raw(String(fates.used))} and ordered_on > cast(${asOf} as date)`;
      return {
        ...(await countRows(
          context,
          sql`select source_id, row_number, date_text as value from stg_order_lines where ${isLater}`,
        )),
        of: await datedRows(context),
        rule: isAsOfGiven
          ? { en: `after ${asOf} (--as-of)`, ru: `после ${asOf} (--as-of)` }
          : {
              en: `the last few rows (up to ${sayPercent(tailRule.share * 100).en}, or ${tailRule.rows}), where they lie more than ${tailRule.days} days and ${tailRule.gaps} times the longest gap after all the rest; --as-of today compares with the clock`,
              ru: `последние строки (до ${sayPercent(tailRule.share * 100).ru} или ${tailRule.rows}), если они позже всех остальных более чем на ${tailRule.days} дн. и на ${tailRule.gaps} самых длинных перерыва; --as-of today сравнивает с часами`,
            },
      };
    },
  },
  {
    name: 'dates_before_1990',
    severity: 'error',
    title: { en: 'Order dates before 1990', ru: 'Даты заказов до 1990 года' },
    unit: units.rows,
    advice: {
      en: 'Look how the dates are written: years of two digits, days and months changed round, or a default such as 01.01.1900.',
      ru: 'Посмотрите, как записаны даты: год из двух цифр, день и месяц поменяны местами или значение по умолчанию вроде 01.01.1900.',
    },
    missing: needsOrders,
    run: async (context) => ({
      ...(await countRows(
        context,
        sql`select source_id, row_number, date_text as value from stg_order_lines
          where ordered_on < date '1990-01-01'`,
      )),
      of: await datedRows(context),
    }),
  },
  {
    name: 'gaps',
    severity: 'warning',
    title: { en: 'Days without any sale, longer than usual', ru: 'Дни без продаж, дольше обычного' },
    unit: units.days,
    advice: {
      en: 'Holidays, or a part of the data that was not exported: compare with the calendar of the shop.',
      ru: 'Праздники или часть данных не выгружена: сравните с календарём магазина.',
    },
    missing: (context) =>
      needsOrders(context) ??
      (context.days.length < 2
        ? { en: 'fewer than two days with sales', ru: 'меньше двух дней с продажами' }
        : undefined),
    run: async ({ days }) => {
      const gaps = findGaps(days);
      const longest = [...gaps].sort((a, b) => b.days - a.days || (a.from < b.from ? -1 : 1)).slice(0, 3);
      const span = (Date.parse(days.at(-1)!.day) - Date.parse(days[0]!.day)) / 86_400_000 + 1;
      return {
        count: gaps.reduce((sum, gap) => sum + gap.days, 0),
        of: span,
        examples: longest.map(({ from, to, days: length }) => ({
          sourceId: null,
          rowNumber: null,
          value: from === to ? from : `${from} – ${to} (${length})`,
        })),
        rule: {
          en: 'runs that the rate of sales of each weekday in the half year around would bring by chance less than once in 100 such bases; a weekday on which the shop is closed is no gap',
          ru: 'перерывы, которые при частоте продаж каждого дня недели в полугодии вокруг случайно возникли бы реже чем в 1 из 100 таких баз; день, когда магазин закрыт, не перерыв',
        },
      };
    },
  },
];
