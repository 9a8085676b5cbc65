import { addDays, sayDay } from '../../core/dates.js';
import type { Cell, Content, Figure, ResultTable } from '../../core/table.js';
import { countOf, sayCount, type Text } from '../../core/text.js';
import { nobodyRepeats } from '../no-repeats.js';
import { rfmOf } from '../rfm.js';
import { between, tablesAsOf } from './as-of.js';
import { withoutOrders } from './missing.js';
import type { ReportAction, ReportPart } from './part.js';
import { sayFigure } from './say.js';

const segments = {
  name: 'segments',
  title: { en: 'Segments', ru: 'Сегменты' },
  about: {
    en: 'Who the customers are, by recency, frequency and monetary value, and what to do',
    ru: 'Кто клиенты по давности, частоте и сумме покупок и что с ними делать',
  },
};
const movement = {
  name: 'movement',
  title: { en: 'Segment movement', ru: 'Движение сегментов' },
  about: {
    en: 'Who changed segment since the day before the period',
    ru: 'Кто сменил сегмент с последнего дня до периода',
  },
};
const moved = {
  name: 'moved',
  title: { en: 'Who moved', ru: 'Кто перешёл' },
  about: {
    en: 'Customers in another segment than the day before the period, of most revenue first',
    ru: 'Клиенты, сменившие сегмент с последнего дня до периода, сначала с большей выручкой',
  },
};

const figures: readonly Figure[] = [
  {
    name: 'customers_by_segment',
    title: { en: 'Customers by segment', ru: 'Клиенты по сегментам' },
    kind: 'bars',
    rows: 'segment',
    figures: ['customers'],
  },
  {
    name: 'revenue_by_segment',
    title: { en: 'Revenue by segment', ru: 'Выручка по сегментам' },
    kind: 'bars',
    rows: 'segment',
    figures: ['revenue'],
  },
];

/** Customers by RFM, and who moved since the day before the period began. */
export const segmentsPart: ReportPart = {
  name: 'segments',
  chapters: [segments, movement, moved],
  missing: withoutOrders,
  async make({ engine, base, request, periods }) {
    const dayBefore = addDays(periods.value.from, -1);
    const compare = dayBefore >= base.first && dayBefore < base.asOf ? dayBefore : undefined;
    // What moved after the period is no change of it.
    const isPast = base.asOf >= periods.value.to;
    const day = sayDay(base.asOf);
    const report = await rfmOf(
      engine,
      base,
      { rfm: request.rfm, compare, listCustomers: false, currency: request.currency },
      [],
    );
    const tables = report.tables.filter(({ onlyOn }) => onlyOn !== 'terminal');
    const of = (...names: string[]) => tables.filter(({ name }) => names.includes(name));
    const missing = {
      en: `the data do not reach back before the period, to ${dayBefore}`,
      ru: `данных до начала периода, на ${sayDay(dayBefore).ru}, нет`,
    };
    return {
      chapters: [
        {
          ...segments,
          about: {
            en: `Who the customers are on ${day.en}, by recency, frequency and monetary value, and what to do`,
            ru: `Кто клиенты на ${day.ru} по давности, частоте и сумме покупок и что с ними делать`,
          },
          tables: [
            ...tablesAsOf(of('segments'), base.asOf).map((table) => ({ ...table, figures })),
            ...of('total', 'revenue'),
          ],
        },
        ...(compare === undefined
          ? [
              { ...movement, tables: [], missing },
              { ...moved, tables: [], missing },
            ]
          : [
              {
                ...movement,
                about: {
                  en: `Who changed segment from ${sayDay(compare).en} to ${day.en}`,
                  ru: `Кто сменил сегмент с ${sayDay(compare).ru} по ${day.ru}`,
                },
                tables: [
                  ...of('movement'),
                  ...of('movement_revenue').map(inWholeUnits),
                  ...of('moves').map(withoutStayers),
                ].map((table) => ({ ...table, title: between(table.title, compare, base.asOf) })),
              },
              {
                ...moved,
                about: {
                  en: `Customers in another segment on ${day.en} than on ${sayDay(compare).en}, of most revenue first`,
                  ru: `Клиенты, сменившие сегмент с ${sayDay(compare).ru} по ${day.ru}, сначала с большей выручкой`,
                },
                tables: of('moved'),
              },
            ]),
      ],
      changes: compare === undefined || isPast ? [] : mostFrequentMove(of('moves')[0], sayDay(compare)),
      actions: whomToWin(of('segments')[0]!, (await nobodyRepeats(engine, base)) ? forSecondOrder : lapsing),
      assumptions: of('thresholds'),
      parameters: report.parameters,
      notices: report.notices,
    };
  },
};

/** Segments of good customers who do not come any more. */
const lapsing = ['at_risk', 'cant_lose_them'];
/** Segments to win a second order of, where nobody has made one. */
const forSecondOrder = ['new_customers', 'promising', 'potential_loyalists'];

/** What to do with the segment of some that has the most revenue. */
function whomToWin({ columns, rows }: ResultTable<Content>, some: readonly string[]): ReportAction[] {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const [top] = rows
    .filter((row) => some.includes(String(row[at('segment')])) && Number(row[at('customers')]) > 0)
    .toSorted((one, other) => Number(other[at('revenue')]) - Number(one[at('revenue')]));
  if (top === undefined) return [];
  const label = columns[at('segment')]!.values![String(top[at('segment')])]!;
  const action = top[at('action')] as Text | null;
  const share = top[at('revenue_share')] as Cell;
  if (action === null || share === null) return [];
  const percent = sayFigure(share, 'percent', null);
  const customers = Number(top[at('customers')]);
  return [
    {
      chapter: segments.name,
      text: {
        en: `${label.en}, ${countOf(customers, 'customer')} who brought ${percent.en} of the revenue: ${lowerFirst(action.en)}`,
        ru: `«${label.ru}», клиентов: ${sayCount(customers).ru}, их доля в выручке ${percent.ru}: ${lowerFirst(action.ru)}`,
      },
    },
  ];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A matrix of money is read for what is large. */
function inWholeUnits(matrix: ResultTable<Content>): ResultTable<Content> {
  return {
    ...matrix,
    columns: matrix.columns.map((column) => (column.kind === 'money' ? { ...column, digits: 0 } : column)),
  };
}

/** Changes of segment alone: those who stayed stand in the matrix of movement. */
function withoutStayers(table: ResultTable<Content>): ResultTable<Content> {
  const at = (name: string) => table.columns.findIndex((column) => column.name === name);
  const [from, to] = [at('from_segment'), at('to_segment')];
  return { ...table, rows: table.rows.filter((row) => row[from] !== row[to]) };
}

/** The change of segment that most customers made, newcomers left out. */
function mostFrequentMove(moves: ResultTable<Content> | undefined, since: Text): Text[] {
  if (moves === undefined) return [];
  const at = (name: string) => moves.columns.findIndex((column) => column.name === name);
  const [from, to, customers] = [at('from_segment'), at('to_segment'), at('customers')];
  // The rows begin with the most customers.
  const top = moves.rows.find((row) => row[from] !== row[to] && row[from] !== 'not_yet');
  if (top === undefined) return [];
  const label = (index: number) => moves.columns[index]!.values![String(top[index])]!;
  const count = sayCount(Number(top[customers]));
  return [
    {
      en: `The most frequent change of segment since ${since.en}: ${label(from).en} to ${label(to).en}, customers: ${count.en}.`,
      ru: `Самая частая смена сегмента с ${since.ru}: «${label(from).ru}» → «${label(to).ru}», клиентов: ${count.ru}.`,
    },
  ];
}
