import type { Day } from '../core/dates.js';
import { sayDay } from '../core/dates.js';
import { exitCodes, UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Content, Parameter, Report, ResultTable } from '../core/table.js';
import type { Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { Base } from '../model/base.js';
import { customerFacts } from '../model/customer-facts.js';
import { type InputRequest, withBase } from '../model/session.js';
import { raw, sql } from '../sql/sql.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { noCustomers, noOrders } from './no-customers.js';
import { reportCurrency } from './report-currency.js';
import { customerTable } from './rfm/customer-table.js';
import { computeMoves, movementTables, tablesThen } from './rfm/movement.js';
import { rfmNotices } from './rfm/notices.js';
import { revenueOutside } from './rfm/revenue-outside.js';
import { type RfmOptions, rfmScores, rfmTables } from './rfm/scores.js';
import { segmentTable, terminalTables, totalTable } from './rfm/segment-table.js';
import { others } from './rfm/segments.js';
import { scoreRanges, thresholdTable } from './rfm/threshold-table.js';

/** What `retain rfm` is asked. */
export interface RfmReportRequest extends InputRequest {
  readonly rfm: RfmOptions;
  /** An earlier day to compare with. */
  readonly compare: Day | undefined;
  /** Whether customers are listed one by one. */
  readonly listCustomers: boolean;
  readonly currency: string | undefined;
}

/**
 * Customers by recency, frequency and monetary value: tables segments, total, thresholds; with a day to compare,
 * movement, movement_revenue, moves, moved, segments_then and thresholds_then; where customers are listed, customers;
 * revenue where some of it is of no segment.
 * @throws UserError for input that cannot be used, or a day to compare outside the data
 */
export async function rfmReport(request: RfmReportRequest, progress: Progress): Promise<Report<Content>> {
  return withBase(
    request,
    progress,
    ({ engine, base, inputs }) => rfmOf(engine, base, request, inputs.notices),
    { keepDetails: request.listCustomers || request.compare !== undefined },
  );
}

/** The same of a base that is loaded. */
export async function rfmOf(
  engine: LoadingEngine,
  base: Base,
  request: Omit<RfmReportRequest, keyof InputRequest>,
  inputNotices: Report['notices'],
): Promise<Report<Content>> {
  const { rfm: options, compare } = request;
  const currency = reportCurrency(base, request.currency);
  checkDays(base, compare);
  await customerFacts(engine, { asOf: base.asOf, purchaseDays: false });
  const scores = await rfmScores(engine, options);
  if (scores.customers === 0) throw noCustomers(base);
  const ranges = await scoreRanges(engine, options, rfmTables);
  const segments = await segmentTable(engine, options, rfmTables, {
    name: 'segments',
    title: { en: 'Segments', ru: 'Сегменты' },
  });
  const [unmapped] = await engine.query(
    sql`select count(*) as customers from ${raw(rfmTables.rfm)} where segment = ${others.code}`,
  );
  // An own map may name them itself.
  const isMeant = options.map.rules.some(({ segment }) => segment === others.code);
  const contacts = base.accounts.some(({ role }) => role === 'customers');
  const outside = await revenueOutside(engine);
  const tables: ResultTable<Content>[] = [
    segments,
    await totalTable(engine, options, rfmTables),
    ...(outside === null ? [] : [outside]),
    ...terminalTables(segments),
    thresholdTable(scores, ranges, options, {
      name: 'thresholds',
      title: { en: 'Thresholds of the scores', ru: 'Пороги баллов' },
    }),
    ...(compare === undefined ? [] : await comparison(engine, options, compare, contacts)),
    ...(request.listCustomers
      ? [await customerTable(engine, options, { contacts, previous: compare !== undefined })]
      : []),
  ];
  return {
    title: { en: 'RFM segments', ru: 'RFM-сегменты' },
    asOf: base.asOf,
    currency,
    parameters: parameters(request),
    tables,
    notices: [
      coverageNotice(base),
      ...rfmNotices({ options, scores, ranges, others: isMeant ? 0 : Number(unmapped?.customers), compare }),
      ...customersKnown(base, { en: 'they are of no segment', ru: 'они не входят ни в один сегмент' }),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/** The same customers on an earlier day, and how they moved since. */
async function comparison(
  engine: LoadingEngine,
  options: RfmOptions,
  compare: Day,
  contacts: boolean,
): Promise<ResultTable<Content>[]> {
  await customerFacts(engine, { asOf: compare, table: tablesThen.customers, purchaseDays: false });
  const scores = await rfmScores(engine, options, tablesThen);
  if (scores.customers === 0) {
    throw new UserError(`--compare ${compare}: no customer had an order yet`, {
      remedy: 'Give a later day.',
    });
  }
  const ranges = await scoreRanges(engine, options, tablesThen);
  const day = sayDay(compare);
  const title = (what: Text): Text => ({ en: `${what.en} on ${day.en}`, ru: `${what.ru} на ${day.ru}` });
  await computeMoves(engine, { customersFile: contacts });
  return [
    ...(await movementTables(engine, options, { names: contacts })),
    await segmentTable(engine, options, tablesThen, {
      name: 'segments_then',
      title: title({ en: 'Segments', ru: 'Сегменты' }),
      onlyOn: 'file',
    }),
    thresholdTable(scores, ranges, options, {
      name: 'thresholds_then',
      title: title({ en: 'Thresholds', ru: 'Пороги' }),
      onlyOn: 'file',
    }),
  ];
}

function parameters({ rfm, compare }: Pick<RfmReportRequest, 'rfm' | 'compare'>): Parameter[] {
  const scoring: Record<RfmOptions['scoring'], Text> = {
    quantile: { en: 'quantile', ru: 'по квантилям' },
    ntile: { en: 'ntile', ru: 'равные части (ntile)' },
    'r-rfm': { en: 'r-rfm', ru: 'как r-rfm' },
  };
  return [
    ...(compare === undefined
      ? []
      : [{ name: 'compare', label: { en: 'Compared with', ru: 'Сравнение с' }, value: compare }]),
    {
      name: 'scoring',
      label: { en: 'Scoring', ru: 'Баллы' },
      value: rfm.scoring,
      explanation: scoring[rfm.scoring],
    },
    { name: 'bins', label: { en: 'Scores', ru: 'Число баллов' }, value: rfm.bins },
    { name: 'map', label: { en: 'Map', ru: 'Карта' }, value: rfm.map.name, explanation: rfm.map.label },
    {
      name: 'monetary',
      label: { en: 'Monetary', ru: 'Сумма' },
      value: rfm.monetary,
      explanation:
        rfm.monetary === 'total'
          ? { en: 'total revenue', ru: 'вся выручка' }
          : { en: 'revenue per order', ru: 'выручка на заказ' },
    },
    {
      name: 'fixed_thresholds',
      label: { en: 'Fixed thresholds', ru: 'Заданные пороги' },
      value: Object.keys(rfm.fixed).length === 0 ? null : Object.keys(rfm.fixed).join(', '),
      machineOnly: true,
    },
  ];
}

function checkDays(base: Base, compare: Day | undefined): void {
  if (!base.orders) {
    throw noOrders(base, 'recency, frequency and monetary are of orders');
  }
  if (compare === undefined) return;
  if (compare >= base.asOf) {
    throw new UserError(`--compare ${compare} is not before the as-of date, ${base.asOf}`, {
      remedy: `Give an earlier day, from ${base.first} on.`,
      exitCode: exitCodes.usage,
    });
  }
  if (compare < base.first) {
    throw new UserError(`--compare ${compare} is before the first order, ${base.first}`, {
      remedy: `Give a day from ${base.first} on.`,
      exitCode: exitCodes.badInput,
    });
  }
}
