import { churnOf } from '../churn.js';
import { withoutOrders } from './missing.js';
import type { ReportPart } from './part.js';
import { prefixed } from './prefixed.js';

const churn = {
  name: 'churn',
  title: { en: 'Churn risk', ru: 'Риск ухода' },
  about: {
    en: 'Who is leaving, what is at stake, and what speaks for it: the first 100 customers',
    ru: 'Кто уходит, что под угрозой и что об этом говорит: первые 100 клиентов',
  },
};

/** As `retain churn` does without options, but for the length of the list. */
const usual = { horizon: undefined, top: 100, minRisk: 0, segments: [], isForTerminal: false } as const;

/** Customers by what is at stake; `retain churn` lists all of them, to be worked on. */
export const churnPart: ReportPart = {
  name: 'churn',
  chapters: [churn],
  missing: (session) => (session.base.subscriptions ? undefined : withoutOrders(session)),
  async make({ engine, base, request }) {
    const { activeDays, margin, rfm, currency } = request;
    const report = await churnOf(engine, base, { ...usual, activeDays, margin, rfm, currency }, []);
    const tables = report.tables.filter(({ onlyOn }) => onlyOn !== 'terminal');
    const isOfModels = ({ name }: { readonly name: string }) => name === 'risk_candidates';
    return {
      chapters: [
        {
          ...churn,
          tables: prefixed(
            'churn',
            tables.filter((table) => !isOfModels(table)),
          ),
        },
      ],
      assumptions: prefixed('churn', tables.filter(isOfModels)),
      notices: report.notices,
    };
  },
};
