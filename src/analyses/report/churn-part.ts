import { sayDay } from '../../core/dates.js';
import type { Content, ResultTable } from '../../core/table.js';
import { countOf, sayCount, type Text } from '../../core/text.js';
import { bandBounds } from '../churn/bands.js';
import { churnOf } from '../churn.js';
import { assumedRisks, nobodyRepeats } from '../no-repeats.js';
import { tablesAsOf } from './as-of.js';
import { withoutOrders } from './missing.js';
import type { ReportAction, ReportPart } from './part.js';
import { sayFigure } from './say.js';

const churn = {
  name: 'churn',
  title: { en: 'Churn risk', ru: 'Риск ухода' },
  about: {
    en: 'Who is leaving, what is at stake, and what speaks for it',
    ru: 'Кто уходит, что под угрозой и что об этом говорит',
  },
};

/** As `retain churn --out` lists them, but for the length: whom something can still be done for. */
const usual = {
  horizon: undefined,
  top: 50,
  minRisk: bandBounds.medium,
  withoutLost: true,
  segments: [],
  isForTerminal: false,
} as const;

/** What stands in the evidence as well, or is for those who look into the model. */
const leftOut = [
  'value_if_stays',
  'expected_purchases',
  'cadence_days',
  'overdue_ratio',
  'purchases',
  'cause_is_stated',
];

/** Names of tables that say of what they are, among those of other chapters. */
const names: Readonly<Record<string, string>> = { bands: 'risk_bands' };

/** Customers by what is at stake; `retain churn` lists all of them, to be worked on. */
export const churnPart: ReportPart = {
  name: 'churn',
  chapters: [churn],
  missing: (session) => (session.base.subscriptions ? undefined : withoutOrders(session)),
  async make({ engine, base, request }) {
    if (await nobodyRepeats(engine, base))
      return { chapters: [{ ...churn, tables: [], missing: assumedRisks.inReport! }] };
    const { activeDays, margin, rfm, currency } = request;
    const report = await churnOf(engine, base, { ...usual, activeDays, margin, rfm, currency }, []);
    const tables = report.tables
      .filter(({ onlyOn }) => onlyOn !== 'terminal')
      .map((table) => ({ ...table, name: names[table.name] ?? table.name }));
    const of = (name: string) => tables.filter((table) => table.name === name);
    const list = of('churn_risk').filter(({ rows }) => rows.length > 0);
    const day = sayDay(base.asOf);
    return {
      chapters: [
        {
          ...churn,
          about: {
            en: `Who is leaving as of ${day.en}, what is at stake, and what speaks for it: the first 50 customers of medium and high risk`,
            ru: `Кто уходит на ${day.ru}, что под угрозой и что об этом говорит: первые 50 клиентов со средним и высоким риском`,
          },
          tables: tablesAsOf(list.map(inShort), base.asOf),
          ...(list.length > 0
            ? {}
            : {
                missing: {
                  en: 'no customer is of medium or high risk',
                  ru: 'нет клиентов со средним или высоким риском',
                },
              }),
        },
      ],
      actions: whomToKeep(of('risk_bands')[0]!, list[0], {
        days: Number(report.parameters.find(({ name }) => name === 'horizon_days')!.value),
        currency: report.currency,
        ofProfit: margin !== undefined,
      }),
      atAGlance: tablesAsOf(of('risk_bands'), base.asOf),
      assumptions: of('risk_candidates'),
      notices: report.notices,
    };
  },
};

/** Customers of the list with the same known cause, from which on it is worth a word. */
const fewestOfCause = 3;

/** That customers of medium and high risk are to be spoken with, what they are worth, and what is said to drive them away. */
function whomToKeep(
  bands: ResultTable<Content>,
  list: ResultTable<Content> | undefined,
  about: { readonly days: number; readonly currency: string | null; readonly ofProfit: boolean },
): ReportAction[] {
  if (list === undefined) return [];
  const at = (name: string) => bands.columns.findIndex((column) => column.name === name);
  const leaving = bands.rows.filter((row) => ['high', 'medium'].includes(String(row[at('band')])));
  const sum = (name: string) => leaving.reduce((total, row) => total + Number(row[at(name)]), 0);
  const count = sum('customers');
  const stake = sayFigure(sum('value_at_stake').toFixed(0), 'money', about.currency, 0);
  const [what, days] = [
    about.ofProfit ? { en: 'profit', ru: 'прибыли' } : { en: 'revenue', ru: 'выручки' },
    sayCount(about.days),
  ];
  const cause = mainCauseOf(list);
  return [
    {
      chapter: churn.name,
      text: {
        en: `${countOf(count, 'customer')} may be leaving, with about ${stake.en} of ${what.en} at stake over the next ${days.en} days. Speak with them, from the top of the list down.${cause.en}`,
        ru: `Могут уйти клиентов: ${sayCount(count).ru}, под угрозой примерно ${stake.ru} ${what.ru} за ближайшие ${days.ru} дн. Свяжитесь с ними, начиная с верха списка.${cause.ru}`,
      },
    },
  ];
}

/** The cause that most customers of the list have, in a sentence; nothing where few have one. */
function mainCauseOf({ columns, rows }: ResultTable<Content>): Text {
  const at = columns.findIndex(({ name }) => name === 'cause');
  const known = rows.map((row) => row[at]).filter((cause) => typeof cause === 'string');
  const counts = new Map<string, number>();
  for (const cause of known) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  const [top] = [...counts].toSorted(([, one], [, other]) => other - one);
  if (top === undefined || top[1] < fewestOfCause) return { en: '', ru: '' };
  const label = columns[at]!.values![top[0]]!;
  return {
    en: ` Of the first ${rows.length}, ${known.length} have a known cause, most often: ${label.en} (${top[1]}).`,
    ru: ` Из первых ${rows.length} причина известна у ${known.length}, чаще всего: ${label.ru} (${top[1]}).`,
  };
}

/** The list without what a reader of a report has no use for, and with what is at stake drawn. */
function inShort(table: ResultTable<Content>): ResultTable<Content> {
  const kept = table.columns.flatMap(({ name }, index) => (leftOut.includes(name) ? [] : [index]));
  const charts = { value_at_stake: 'bar', risk: 'heat' } as const;
  return {
    ...table,
    columns: kept.map((index) => {
      const column = table.columns[index]!;
      const chart = charts[column.name as keyof typeof charts];
      return chart === undefined ? column : { ...column, chart };
    }),
    rows: table.rows.map((row) => kept.map((index) => row[index]!)),
    // They tell of columns that are left out.
    notes: [],
  };
}
