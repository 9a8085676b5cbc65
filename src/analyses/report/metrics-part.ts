import type { Figure } from '../../core/table.js';
import { reasons } from '../kpi.js';
import { metricsOf } from '../metrics.js';
import { changesInWords, lossesByChannel } from './changes.js';
import { drawable } from './drawable.js';
import type { ReportPart } from './part.js';

const trendFigures: readonly Figure[] = [
  {
    name: 'revenue_by_month',
    title: { en: 'Revenue by month', ru: 'Выручка по месяцам' },
    kind: 'lines',
    rows: 'period',
    figures: ['revenue'],
  },
  {
    name: 'churn_by_month',
    title: { en: 'Retention and churn by month', ru: 'Удержание и отток по месяцам' },
    kind: 'lines',
    rows: 'period',
    figures: ['crr', 'churn_rate'],
  },
  {
    name: 'customers_by_month',
    title: { en: 'Customers by month', ru: 'Клиенты по месяцам' },
    kind: 'lines',
    rows: 'period',
    figures: ['customers_end', 'customers_new', 'customers_lost'],
  },
  {
    name: 'orders_by_month',
    title: { en: 'Orders by month', ru: 'Заказы по месяцам' },
    kind: 'lines',
    rows: 'period',
    figures: ['orders', 'buyers'],
  },
];

const cacFigures: readonly Figure[] = [
  {
    name: 'cac_by_channel',
    title: { en: 'CAC by channel', ru: 'CAC по каналам' },
    kind: 'bars',
    rows: 'channel',
    figures: ['cac'],
    most: 12,
  },
];

const summary = {
  name: 'summary',
  title: { en: 'Summary', ru: 'Сводка' },
  about: { en: 'How the period went, and what changed', ru: 'Как прошёл период и что изменилось' },
};
const trend = {
  name: 'trend',
  title: { en: 'Trend', ru: 'Динамика' },
  about: { en: 'Every KPI, month by month', ru: 'Все показатели по месяцам' },
};
const cac = {
  name: 'cac',
  title: { en: 'CAC by channel', ru: 'CAC по каналам' },
  about: {
    en: 'What a new customer costs in each channel',
    ru: 'Во что обходится новый клиент в каждом канале',
  },
};

/** KPIs of the period, their trend by month, and CAC by channel. */
export const metricsPart: ReportPart = {
  name: 'metrics',
  chapters: [summary, trend, cac],
  missing: () => undefined,
  async make({ engine, base, request, currency }) {
    const report = await metricsOf(engine, base, { ...request, by: 'month' }, []);
    const find = (name: string) => report.tables.find((table) => table.name === name);
    const kpis = find('kpis')!;
    const byMonth = find('trend');
    const byChannel = find('cac_by_channel');
    const [first, second] = trendFigures;
    const shown = byMonth === undefined ? [] : drawable(byMonth, trendFigures);
    const losses = await lossesByChannel(engine, base);
    return {
      chapters: [
        {
          ...summary,
          tables: [
            {
              ...kpis,
              figures: drawable(byMonth, [first!, second!]).map((figure) => ({
                ...figure,
                name: `${figure.name}_at_a_glance`,
                table: 'trend',
              })),
            },
          ],
        },
        { ...trend, tables: byMonth === undefined ? [] : [{ ...byMonth, figures: shown }] },
        byChannel === undefined
          ? { ...cac, tables: [], missing: reasons.no_spend_file! }
          : { ...cac, tables: [{ ...byChannel, figures: cacFigures }] },
      ],
      changes: changesInWords(kpis, losses, currency),
      parameters: report.parameters,
      notices: report.notices,
    };
  },
};
