import type { Content, ResultTable } from '../../core/table.js';
import { churnOf } from '../churn.js';
import { withoutOrders } from './missing.js';
import type { ReportPart } from './part.js';

const churn = {
  name: 'churn',
  title: { en: 'Churn risk', ru: 'Риск ухода' },
  about: {
    en: 'Who is leaving, what is at stake, and what speaks for it: the first 50 customers',
    ru: 'Кто уходит, что под угрозой и что об этом говорит: первые 50 клиентов',
  },
};

/** As `retain churn` does without options, but for the length of the list. */
const usual = { horizon: undefined, top: 50, minRisk: 0, segments: [], isForTerminal: false } as const;

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
    const { activeDays, margin, rfm, currency } = request;
    const report = await churnOf(engine, base, { ...usual, activeDays, margin, rfm, currency }, []);
    const tables = report.tables
      .filter(({ onlyOn }) => onlyOn !== 'terminal')
      .map((table) => ({ ...table, name: names[table.name] ?? table.name }));
    const of = (name: string) => tables.filter((table) => table.name === name);
    return {
      chapters: [{ ...churn, tables: of('churn_risk').map(inShort) }],
      atAGlance: of('risk_bands'),
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
