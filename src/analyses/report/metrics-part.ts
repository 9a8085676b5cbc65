import type { Column, Figure, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import { windowBounds } from '../../model/activity.js';
import { reasons } from '../kpi.js';
import { hintedReasons } from '../kpis.js';
import { metricsOf, type ReportPeriods } from '../metrics.js';
import { assumedWindow, nobodyRepeats } from '../no-repeats.js';
import { trendAtAGlance } from '../trend.js';
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
  async make({ engine, base, request, periods, currency }) {
    const report = await metricsOf(engine, base, { ...request, by: 'month', wholeHistory: true }, []);
    const find = (name: string) => report.tables.find((table) => table.name === name);
    const kpis = find('kpis')!;
    const byMonth = find('trend');
    const byChannel = find('cac_by_channel');
    const [first, second] = trendFigures;
    const shown = byMonth === undefined ? [] : drawable(byMonth, trendFigures);
    const { activeDays } = request;
    const oneTime = (await nobodyRepeats(engine, base))
      ? assumedWindow(activeDays === 'auto' ? windowBounds.most : activeDays)
      : undefined;
    const losses = await lossesByChannel(engine, base);
    return {
      chapters: [
        {
          ...summary,
          tables: [
            {
              ...withLines({ ...kpis, notes: [...kpis.notes, ...hintedReasons(kpis)] }, byMonth, periods),
              figures: drawable(byMonth, [first!, second!]).map((figure) => ({
                ...figure,
                name: `${figure.name}_at_a_glance`,
                table: 'trend',
              })),
            },
          ],
        },
        {
          ...trend,
          tables: byMonth === undefined ? [] : [{ ...withBars(byMonth, drawnInCells), figures: shown }],
        },
        byChannel === undefined
          ? { ...cac, tables: [], missing: reasons.no_spend_file!.inReport! }
          : { ...cac, tables: [{ ...withBars(byChannel, ['cac']), figures: cacFigures }] },
      ],
      changes: changesInWords(kpis, losses, currency, oneTime),
      parameters: report.parameters,
      notices: report.notices,
    };
  },
};

/** The KPIs with the line that each has drawn over the whole months. */
function withLines(kpis: ResultTable, trend: ResultTable | undefined, periods: ReportPeriods): ResultTable {
  const lines = trend === undefined ? undefined : trendAtAGlance(trend);
  if (lines === undefined) return kpis;
  const at = (name: string) => lines.columns.findIndex((column) => column.name === name);
  const lineOf = new Map(lines.rows.map((row) => [row[at('kpi')], row[at('line')]!]));
  const line: Column = {
    ...lines.columns[at('line')]!,
    label: labelOfLines(trend!, periods),
  };
  // Before what programs alone read.
  const place = kpis.columns.findIndex(({ machineOnly }) => machineOnly === true);
  const shorten = (text: string) => text.split(' ').slice(-longestLine).join(' ');
  return {
    ...kpis,
    columns: kpis.columns.toSpliced(place, 0, line),
    rows: kpis.rows.map((row) => {
      const text = lineOf.get(row[0]!);
      return row.toSpliced(place, 0, text === undefined ? null : shorten(String(text)));
    }),
  };
}

/** Of how many months the lines are; where the period is no month, to which one: their end is not the KPI beside them. */
function labelOfLines(trend: ResultTable, { asked }: ReportPeriods): Text {
  const at = (name: string) => trend.columns.findIndex((column) => column.name === name);
  const whole = trend.rows.filter((row) => row[at('complete')] === true);
  const count = Math.min(whole.length, longestLine);
  if (asked.step === 'month') return { en: `Last ${count} months`, ru: `За ${count} мес.` };
  const last = String(whole.at(-1)![at('period')]);
  return { en: `By month, to ${last}`, ru: `По месяцам, по ${last}` };
}

/** Months of a line: from the same month a year ago. */
const longestLine = 13;

/** Columns of a trend that show at a glance where it goes. */
const drawnInCells = ['revenue', 'churn_rate'];

function withBars(table: ResultTable, names: readonly string[]): ResultTable {
  return {
    ...table,
    columns: table.columns.map((column) =>
      names.includes(column.name) ? { ...column, chart: 'bar' } : column,
    ),
  };
}
