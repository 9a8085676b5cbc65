import { sayDay } from '../../core/dates.js';
import type { Content, ResultTable } from '../../core/table.js';
import { bandBounds } from '../churn/bands.js';
import { noRepeats } from '../churn/no-repeats.js';
import { churnOf } from '../churn.js';
import { tablesAsOf } from './as-of.js';
import { withoutOrders } from './missing.js';
import type { ReportPart } from './part.js';

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
    const [nothing] = await noRepeats(engine, base);
    if (nothing !== undefined) return { chapters: [{ ...churn, tables: [], missing: nothing.inReport! }] };
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
      atAGlance: tablesAsOf(of('risk_bands'), base.asOf),
      assumptions: of('risk_candidates'),
      notices: report.notices,
    };
  },
};

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
