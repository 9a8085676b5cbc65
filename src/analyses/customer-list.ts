import { createHash } from 'node:crypto';
import { oneSpelling } from '../conditions/spelling.js';
import type { Progress } from '../core/progress.js';
import type { Column } from '../core/table.js';
import { sayCount } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { Base } from '../model/base.js';
import { type InputRequest, withBase } from '../model/session.js';
import { sql } from '../sql/sql.js';
import type { FormerList } from '../workbook/former-list.js';
import type { Departure } from '../workbook/managed-list.js';
import type { ListToWrite } from '../workbook/write-list.js';
import { type CustomerColumn, customerColumns } from './customer-view/columns.js';
import type { CustomerView } from './customer-view/view.js';
import type { AskedList } from './list/asked.js';
import { columnsUsed, type ListRequest, listOf } from './list.js';
import { aboutReport } from './work-list/about.js';
import { type FormerIds, formerIds, noFormerIds } from './work-list/former-ids.js';
import { inputNames, inWork, inWorkNotices, keptTable, makeKeptTable } from './work-list/in-work.js';
import { byFormerKey, leftCustomers, wrongRunNotices } from './work-list/left.js';
import { type PurchasesSince, purchasesSince, returned } from './work-list/purchases-since.js';

/** What `retain list` is asked where it writes a list to work in. */
export type CustomerListRequest = InputRequest & Omit<ListRequest, 'rowsShown'>;

const asColumn = ({ name, label, kind }: CustomerColumn): Column => ({ name, label, kind });
const key = asColumn(customerColumns.find(({ name }) => name === 'customer_id')!);

/** How such a list is found in a file, and what is to be known of it. */
export const knownCustomerList = {
  key,
  columns: customerColumns.map(asColumn),
  cells: ['last_order', ...inputNames],
} as const;

/** Columns that an order moves: who leaves a list of the silent by ordering has returned. */
const ofSilence = ['last_order', 'days_since_last_order', 'overdue_ratio', 'recency_score'];

/**
 * Customers that meet a condition as a list to work in.
 * @param former what the file holds already
 * @throws UserError as `listReport` does
 */
export async function customerList(
  request: CustomerListRequest,
  former: FormerList | undefined,
  progress: Progress,
): Promise<ListToWrite> {
  const { columns } = request.asked;
  const asked =
    columns === undefined
      ? request.asked
      : { ...request.asked, columns: [...new Set([key.name, ...columns])] };
  const question = { ...request, asked, rowsShown: undefined };
  return withBase(
    request,
    progress,
    async ({ engine, base, inputs }) => {
      const ids = former === undefined ? noFormerIds : await formerIds(engine, base, former);
      const isCut = former !== undefined && asked.limit !== undefined;
      if (isCut) {
        const at = knownCustomerList.cells.length - inputNames.length;
        await makeKeptTable(engine, [...inWork(former, ids, at).keys()]);
      }
      const { report, view } = await listOf(
        engine,
        base,
        isCut ? { ...question, keptTable } : question,
        inputs.notices,
      );
      const [table] = report.tables;
      const current = new Set(
        table!.rows.map((row) => String(row[table!.columns.findIndex(({ name }) => name === key.name)])),
      );
      const departures =
        former === undefined
          ? new Map<string, Departure>()
          : await departuresOf(engine, base, view, current, former, ids, question, report.currency);
      const wrongRun = former === undefined ? [] : wrongRunNotices(former, base.asOf, departures);
      return {
        list: {
          title: report.title,
          condition: conditionOf(request.asked),
          table: { ...table!, notes: [] },
          key: key.name,
          asOf: base.asOf,
          currency: report.currency,
          about: aboutReport(
            report,
            table!.columns,
            table!.notes.map((text) => ({ term: report.title, text })),
          ),
          knownIds: ids.known,
          todaysIds: ids.today,
        },
        departures,
        notices: [
          ...wrongRun,
          ...ids.notices,
          ...inWorkNotices('--limit', asked.limit, table!.rows.length),
          ...report.notices,
        ],
      };
    },
    { keepDetails: true, keepChannels: columnsUsed(asked).includes('channel') },
  );
}

/** Longer ones are kept in the file by their beginning and a hash. */
const longestKept = 1000;

/** What is asked beyond the title of a ready-made list: the condition of that may be told in other words some day. */
function conditionOf({ conditions, ready }: AskedList): string {
  const asked = ready === undefined ? conditions : conditions.slice(1);
  const condition = asked.map(oneSpelling).join(' and ');
  if (condition.length <= longestKept) return condition;
  const hash = createHash('sha256').update(condition).digest('hex').slice(0, 16);
  return `${condition.slice(0, longestKept)}... (${hash})`;
}

/** Why those who were on the list are not any more. */
async function departuresOf(
  engine: LoadingEngine,
  base: Base,
  view: CustomerView,
  current: ReadonlySet<string>,
  former: FormerList,
  ids: FormerIds,
  { asked }: ListRequest,
  currency: string | null,
): Promise<ReadonlyMap<string, Departure>> {
  const everybody = view.rows([key.name]);
  const left = leftCustomers(former, ids, current);
  const lastOrders = new Map([...left].map(([id, { cells }]) => [id, cells[0] ?? null]));
  const bought = await purchasesSince(engine, base, lastOrders, former.asOf);
  const rows = await engine.query(sql`
    select f.customer_id, case when l.customer_id is null then 0 else 1 end as meets
    from int_former f join ${everybody} on customers.customer_id = f.customer_id
    left join int_list l on l.customer_id = f.customer_id`);
  const isOfSilence = asked.conditionColumns.some((name) => ofSilence.includes(name));
  const departures = new Map<string, Departure>();
  for (const row of rows) {
    const id = String(row.customer_id);
    const purchases = bought.get(id);
    const departure =
      Number(row.meets) === 1
        ? outOfLimit(asked.limit)
        : purchases === undefined
          ? outOfCondition
          : isOfSilence
            ? returned(purchases, currency)
            : boughtToo(purchases, currency);
    departures.set(id, departure);
  }
  return byFormerKey(departures, left, former);
}

const outOfCondition: Departure = {
  outcome: 'left',
  reason: { en: 'no longer meets the condition', ru: 'больше не отвечает условию' },
};

/** Buying is not what the list was about, but worth knowing. */
function boughtToo(purchases: PurchasesSince, currency: string | null): Departure {
  const { reason } = returned(purchases, currency);
  return {
    outcome: 'left',
    reason: {
      en: `${outOfCondition.reason.en}; ${reason.en.replace('returned on', 'bought on')}`,
      ru: `${outOfCondition.reason.ru}; ${reason.ru.replace('вернулся', 'покупал')}`,
    },
  };
}

function outOfLimit(limit: number | undefined): Departure {
  const most = sayCount(limit ?? 0);
  return {
    outcome: 'left_out',
    reason: {
      en: `left out by --limit: not among the first ${most.en}`,
      ru: `не входит в --limit: не среди первых ${most.ru}`,
    },
  };
}
