import { addDays, daysInMonth, sayDay } from '../../core/dates.js';
import type { Content, Figure, ResultTable } from '../../core/table.js';
import { forecastOf } from '../forecast.js';
import { assumedForecast, nobodyRepeats } from '../no-repeats.js';
import { between } from './as-of.js';
import { drawable } from './drawable.js';
import { withFullLabels } from './full-labels.js';
import { withoutOrders } from './missing.js';
import type { ReportPart } from './part.js';
import { prefixed } from './prefixed.js';

const forecast = {
  name: 'forecast',
  title: { en: 'Forecast', ru: 'Прогноз' },
  about: {
    en: "What today's customers are expected to buy: estimates with their intervals",
    ru: 'Что купят сегодняшние клиенты: оценки с интервалами',
  },
};

/** A year ahead, as `retain forecast` does without options. */
const usual = { horizon: 365, discount: 0.1, model: 'mbg_nbd', listCustomers: false } as const;

const figures: readonly Figure[] = [
  {
    name: 'expected_revenue',
    title: {
      en: 'Expected revenue by whole month, 95% interval',
      ru: 'Ожидаемая выручка по целым месяцам, интервал 95 %',
    },
    kind: 'lines',
    rows: 'month',
    figures: ['expected_revenue_low', 'expected_revenue', 'expected_revenue_high'],
  },
];

/** Expected purchases, revenue and LTV of today's customers. */
export const forecastPart: ReportPart = {
  name: 'forecast',
  chapters: [forecast],
  missing: (session) => (session.base.subscriptions ? undefined : withoutOrders(session)),
  async make({ engine, base, request, progress }) {
    if (await nobodyRepeats(engine, base))
      return { chapters: [{ ...forecast, tables: [], missing: assumedForecast.inReport! }] };
    const { rfm, margin, currency } = request;
    const report = await forecastOf(engine, base, { ...usual, rfm, margin, currency }, [], progress);
    const tables = report.tables.filter(({ onlyOn }) => onlyOn !== 'terminal');
    const withFigures = tables.map((table) => (table.name === 'months' ? monthsOf(table) : table));
    const isModel = ({ name }: { readonly name: string }) => name === 'model';
    return {
      chapters: [
        {
          ...forecast,
          about: {
            en: `What the customers of ${sayDay(base.asOf).en} are expected to buy: estimates with their intervals`,
            ru: `Что купят клиенты, которые есть на ${sayDay(base.asOf).ru}: оценки с интервалами`,
          },
          tables: prefixed(
            'forecast',
            withFigures
              .filter((table) => !isModel(table))
              .map((table) => ({
                ...table,
                title: between(table.title, addDays(base.asOf, 1), addDays(base.asOf, usual.horizon)),
              })),
          ),
          ...(tables.length > 0
            ? {}
            : {
                missing: {
                  en: 'nobody was watched long enough, or nobody spent anything',
                  ru: 'никто не наблюдался достаточно долго или никто ничего не потратил',
                },
              }),
        },
      ],
      assumptions: prefixed('forecast', withFigures.filter(isModel)),
      parameters: report.parameters,
      notices: report.notices,
    };
  },
};

/** Month by month, with a chart of whole months alone: a few days of one would look like a fall. */
function monthsOf(table: ResultTable<Content>): ResultTable<Content> {
  const at = (name: string) => table.columns.findIndex((column) => column.name === name);
  const isWhole = (month: string, days: number) =>
    days === daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5)));
  const parts = table.rows
    .filter((row) => !isWhole(String(row[at('month')]), Number(row[at('days')])))
    .map((row) => String(row[at('month')]));
  const labelled = withFullLabels(table);
  return {
    ...labelled,
    // The month and its days say as much.
    columns: labelled.columns.map((column) =>
      ['from', 'to'].includes(column.name) ? { ...column, machineOnly: true } : column,
    ),
    figures: drawable(table, figures).map((figure) => ({ ...figure, without: parts })),
  };
}
