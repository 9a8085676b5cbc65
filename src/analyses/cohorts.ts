import { sayDay } from '../core/dates.js';
import type { Progress } from '../core/progress.js';
import type { Notice, Parameter, Report } from '../core/table.js';
import type { Engine } from '../engines/engine.js';
import type { Base } from '../model/base.js';
import { type InputRequest, withBase } from '../model/session.js';
import { sql } from '../sql/sql.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { cellList } from './cohorts/cell-list.js';
import { cohortCells } from './cohorts/cells.js';
import type { CohortMeasure, CohortSplit, CohortStep } from './cohorts/choices.js';
import { measures } from './cohorts/measures.js';
import { divideCustomers, splitLabels, splitNeeds } from './cohorts/splits.js';
import { calendar, stepWords } from './cohorts/steps.js';
import { survival } from './cohorts/survival.js';
import { splitTable, triangle } from './cohorts/triangle.js';
import { noCustomers, noOrders } from './no-customers.js';
import { reportCurrency } from './report-currency.js';
import type { RfmOptions } from './rfm/scores.js';

/** What `retain cohorts` is asked. */
export interface CohortsRequest extends InputRequest {
  readonly by: CohortStep;
  readonly measure: CohortMeasure;
  readonly split: CohortSplit | undefined;
  /** How segments are told, for the split by them. */
  readonly rfm: RfmOptions;
  /** Periods after the first; undefined for all. */
  readonly periods: number | undefined;
  /** The last order whose time from the one before is told, from 2. */
  readonly order: number;
  readonly currency: string | undefined;
}

/**
 * How customers stay, by the period of their first order: tables cohorts, cohorts_by_<split> where asked for,
 * cohort_cells, survival and came_back_within.
 * @throws UserError for input or a request that cannot be used
 */
export async function cohortsReport(request: CohortsRequest, progress: Progress): Promise<Report> {
  return withBase(
    request,
    progress,
    ({ engine, base, inputs }) => cohortsOf(engine, base, request, inputs.notices),
    { ...splitNeeds(request.split), numberPurchaseDays: true },
  );
}

/** What is asked of a base, however it was read. */
type Request = Omit<CohortsRequest, keyof InputRequest>;

/** The same of a base that is loaded. */
export async function cohortsOf(
  engine: Engine,
  base: Base,
  request: Request,
  inputNotices: readonly Notice[],
): Promise<Report> {
  const { split } = request;
  const currency = reportCurrency(base, request.currency);
  await checkCustomers(engine, base);
  const periods = calendar(base.first, base.asOf, request.by);
  if (split !== undefined) await divideCustomers(engine, base, split, request.rfm);
  await engine.run(cohortCells(engine, periods, split !== undefined));
  const options = { ...request, calendar: periods, first: base.first, asOf: base.asOf };
  const tables = [
    await triangle(engine, options),
    ...(split === undefined ? [] : [await splitTable(engine, split, options)]),
    ...(await survival(engine, { asOf: base.asOf, order: request.order })),
    await cellList(engine, periods, split, request.rfm),
  ];
  return {
    title: { en: 'Cohorts by first order', ru: 'Когорты по первому заказу' },
    asOf: base.asOf,
    currency,
    parameters: parameters(base, request),
    tables,
    notices: [
      coverageNotice(base),
      firstOrders(base),
      ...customersKnown(base, { en: 'they are of no cohort', ru: 'они не входят ни в одну когорту' }),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
}

/** @throws UserError where no customer has an order, so that nobody can come back */
async function checkCustomers(engine: Engine, base: Base): Promise<void> {
  if (!base.orders) {
    throw noOrders(base, 'cohorts are made of orders');
  }
  const [row] = await engine.query(sql`select count(*) as orders from int_purchase_days`);
  if (row?.orders !== 0) return;
  throw noCustomers(base);
}

function parameters(base: Base, { by, measure, split }: Request): Parameter[] {
  return [
    { name: 'by', label: { en: 'Cohorts', ru: 'Когорты' }, value: by, explanation: stepWords[by].of },
    {
      name: 'measure',
      label: { en: 'Measure', ru: 'Мера' },
      value: measure,
      explanation: measures[measure].what,
    },
    {
      name: 'split',
      label: { en: 'Divided by', ru: 'Деление' },
      value: split ?? null,
      machineOnly: split === undefined,
      ...(split === undefined ? {} : { explanation: splitLabels[split] }),
    },
    { name: 'data_from', label: { en: 'Data from', ru: 'Данные с' }, value: base.first, machineOnly: true },
    { name: 'data_to', label: { en: 'Data to', ru: 'Данные по' }, value: base.last, machineOnly: true },
  ];
}

/** Nobody knows who bought before the data begin. */
function firstOrders(base: Base): Notice {
  return {
    code: 'first_in_data',
    level: 'info',
    text: {
      en: `A first order is the first in the data: who bought before ${base.first} counts as new with the next order, so the first cohorts may hold old customers.`,
      ru: `Первый заказ: первый в данных. Кто покупал до ${sayDay(base.first).ru}, считается новым со следующего заказа, поэтому в первых когортах могут быть старые клиенты.`,
    },
  };
}
