import { compileCondition } from '../conditions/compile.js';
import { UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Cell, Column, Notice, Parameter, Report } from '../core/table.js';
import { countOf, sayCount, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import { nameOfField } from '../input/field-names.js';
import type { Base } from '../model/base.js';
import { type InputRequest, withBase } from '../model/session.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { coverageNotice, customersKnown } from './base-notices.js';
import { type CustomerColumn, customerColumns, isTold, type ViewContext } from './customer-view/columns.js';
import { type CustomerView, customerView } from './customer-view/view.js';
import { type AskedList, conditionColumns, valuesOf } from './list/asked.js';
import { columnFacts } from './list/column-facts.js';
import { noCustomers } from './no-customers.js';
import { reportCurrency } from './report-currency.js';
import type { RfmOptions } from './rfm/scores.js';

/** What `retain list` is asked. */
export interface ListRequest extends InputRequest {
  readonly asked: AskedList;
  readonly rfm: RfmOptions;
  readonly currency: string | undefined;
  /** Rows that are wanted at most, where the output shows no more; all of them otherwise. */
  readonly rowsShown: number | undefined;
  /** Table of customers, by customer_id, who are listed beyond the limit where they meet the condition. */
  readonly keptTable?: string;
}

/** Columns of a list, as far as the files tell them, before those that it is about. */
const usualColumns = ['customer_id', 'name', 'email', 'phone', 'segment', 'orders', 'revenue', 'last_order'];

/**
 * Customers that meet a condition, as table customers.
 * @throws UserError for a condition on what the files do not tell, or input that cannot be used
 */
export async function listReport(request: ListRequest, progress: Progress): Promise<Report> {
  return withBase(
    request,
    progress,
    async ({ engine, base, inputs }) => (await listOf(engine, base, request, inputs.notices)).report,
    { keepDetails: true, keepChannels: columnsUsed(request.asked).includes('channel') },
  );
}

/** The same of a base that is loaded, with the view, and table int_list of those who meet the condition. */
export async function listOf(
  engine: LoadingEngine,
  base: Base,
  request: ListRequest,
  inputNotices: Report['notices'],
): Promise<{ readonly report: Report; readonly view: CustomerView }> {
  const currency = reportCurrency(base, request.currency);
  const { asked, rfm } = request;
  if (!base.customers && base.rowsWithoutCustomer > 0) throw noCustomers(base);
  const shown = columnsShown(asked);
  const used = columnsUsed(asked);
  const view = await customerView(engine, base, used, rfm);
  checkTold(asked, base, view.context);
  const isShown = (column: CustomerColumn) =>
    shown.includes(column.name) && (asked.columns !== undefined || isTold(column, view.context));
  const columns = customerColumns
    .filter(isShown)
    .sort((one, other) => shown.indexOf(one.name) - shown.indexOf(other.name));
  const vocabulary = { columns: conditionColumns(rfm, base.asOf), dialect: engine.dialect, help: '' };
  const conditions = asked.conditions.map((condition) => compileCondition(condition, vocabulary).sql);
  const sorts = asked.sort.map(({ column }) => column);
  const kept = [...new Set(['customer_id', ...columns.map(({ name }) => name), ...sorts])];
  await engine.run(sql`
    create table int_list as select ${raw(kept.join(', '))} from ${view.rows(used)}
    where ${conditions.length === 0 ? raw('true') : join(conditions, ' and ')}`);
  const [counts] = await engine.query(sql`
    select (select count(*) from int_list) as matching, (select count(*) from ${view.rows(['customer_id'])}) as customers`);
  const matching = Number(counts?.matching);
  const limit = Math.min(asked.limit ?? matching, request.rowsShown ?? matching);
  const rows = await rowsOf(engine, columns, sortOf(asked, rfm), limit, request.keptTable);
  const report: Report = {
    title: asked.ready?.title ?? { en: 'List of customers', ru: 'Список клиентов' },
    asOf: base.asOf,
    currency,
    parameters: parameters(asked),
    tables: [
      {
        name: 'customers',
        title: { en: 'Customers', ru: 'Клиенты' },
        grain: 'customer',
        columns: columns.map((column) => tableColumn(column, rfm)),
        rows,
        rowCount: Math.max(rows.length, Math.min(matching, asked.limit ?? matching)),
        ...(request.rowsShown === undefined ? {} : { terminalRows: request.rowsShown }),
        notes: [howMany(matching, Number(counts?.customers), asked)],
      },
    ],
    notices: [
      ...(matching === 0 && asked.conditions.length > 0 ? await whyEmpty(engine, view, asked, rfm) : []),
      ...untold(columns, view.context),
      coverageNotice(base),
      ...rhythm(view),
      ...customersKnown(base, { en: 'nobody is listed for them', ru: 'в списке их нет' }),
      ...base.notices,
      ...inputNotices,
    ],
    sources: base.accounts,
  };
  return { report, view };
}

/** Columns to show, as far as the files tell them. */
function columnsShown({ columns, ready, askedColumns }: AskedList): readonly string[] {
  return columns ?? [...new Set([...usualColumns, ...(ready?.columns ?? []), ...askedColumns])];
}

/** These, and those that conditions and the order name. */
export function columnsUsed(asked: AskedList): readonly string[] {
  const sorts = asked.sort.map(({ column }) => column);
  return [...new Set(['customer_id', ...columnsShown(asked), ...asked.conditionColumns, ...sorts])];
}

/** @throws UserError where a condition or the order asks for what no file tells: the answer would be empty or any */
function checkTold(asked: AskedList, base: Base, context: ViewContext): void {
  const wanted = [
    ...asked.conditionColumns.map((name) => [name, asked.conditions.at(-1)!.option] as const),
    // The usual order goes without saying.
    ...(asked.sortIsGiven ? asked.sort.map(({ column }) => [column, '--sort'] as const) : []),
  ];
  for (const [name, option] of wanted) {
    const column = customerColumns.find((one) => one.name === name)!;
    if (isTold(column, context)) continue;
    const field = column.fields?.[0];
    const files = column.from.every((part) => part === 'c') ? 'no file of customers' : 'no file';
    throw new UserError(
      field === undefined
        ? `${option} asks for ${name}, and no file tells of ${column.from.includes('s') ? 'subscriptions' : 'orders'}`
        : `${option} asks for ${name}, and ${files} has a column of it (${nameOfField(field).en})`,
      {
        place: { file: base.accounts.map(({ file }) => file).join(', ') },
        remedy:
          field === undefined
            ? 'Add a file that does.'
            : `Add a file that has one, or name the column: --column ${field}="HEADER".`,
      },
    );
  }
}

async function rowsOf(
  engine: LoadingEngine,
  columns: readonly CustomerColumn[],
  order: Sql,
  limit: number,
  keptTable: string | undefined,
): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  const names = raw(columns.map(({ name }) => name).join(', '));
  const first = sql`order by ${order} limit ${raw(String(limit))}`;
  const query =
    keptTable === undefined
      ? sql`select ${names} from int_list ${first}`
      : sql`select ${names} from int_list where customer_id in (select customer_id from int_list ${first})
          or customer_id in (select customer_id from ${raw(keptTable)}) order by ${order}`;
  const isNumber = columns.map(({ kind }) => !['text', 'date', 'boolean', 'money'].includes(kind));
  const isExact = columns.map(({ name }) => name === 'bonus');
  for await (const batch of engine.stream(query)) {
    for (const row of batch) {
      rows.push(
        columns.map(({ name }, index) => {
          const cell = row[name] ?? null;
          return cell === null || !isNumber[index] || isExact[index] ? cell : Number(cell);
        }),
      );
    }
  }
  return rows;
}

/** Unknown last, and customers who are equal by their ids. Codes are in the order of their meaning. */
function sortOf({ sort }: AskedList, rfm: RfmOptions): Sql {
  const keys = sort.map(({ column: name, isDescending }) => {
    const values = valuesOf(customerColumns.find((column) => column.name === name)!, rfm);
    const key =
      values === undefined
        ? raw(name)
        : sql`case ${raw(name)} ${join(
            Object.keys(values).map((code, index) => sql`when ${code} then ${raw(String(index))}`),
            ' ',
          )} end`;
    return sql`${key} ${raw(isDescending ? 'desc' : 'asc')} nulls last`;
  });
  return join([...keys, raw('customer_id')], ', ');
}

function tableColumn(column: CustomerColumn, rfm: RfmOptions): Column {
  const { name, label, kind, digits, description } = column;
  const values = valuesOf(column, rfm);
  return {
    name,
    label,
    kind,
    description,
    ...(digits === undefined ? {} : { digits }),
    ...(values === undefined ? {} : { values }),
  };
}

function parameters({ ready, conditions, sort, limit }: AskedList): Parameter[] {
  const condition = conditions.map(({ text }) => (conditions.length > 1 ? `(${text})` : text)).join(' and ');
  return [
    ...(ready === undefined
      ? []
      : [{ name: 'list', label: { en: 'List', ru: 'Список' }, value: ready.name }]),
    {
      name: 'where',
      label: { en: 'Where', ru: 'Условие' },
      value: conditions.length === 0 ? null : condition,
      machineOnly: conditions.length === 0,
    },
    {
      name: 'sort',
      label: { en: 'Sorted by', ru: 'Порядок' },
      value: sort.map(({ column, isDescending }) => (isDescending ? `-${column}` : column)).join(', '),
    },
    {
      name: 'limit',
      label: { en: 'At most', ru: 'Не больше' },
      value: limit ?? null,
      machineOnly: limit === undefined,
    },
  ];
}

function howMany(matching: number, customers: number, { conditions, limit }: AskedList): Text {
  const [some, all] = [sayCount(matching), sayCount(customers)];
  const kept = limit !== undefined && limit < matching ? sayCount(limit) : undefined;
  const cut = {
    en: kept === undefined ? '' : ` The list holds the first ${kept.en} (--limit).`,
    ru: kept === undefined ? '' : ` В списке первые ${kept.ru} (--limit).`,
  };
  return conditions.length === 0
    ? { en: `${countOf(customers, 'customer')}.${cut.en}`, ru: `Клиентов: ${all.ru}.${cut.ru}` }
    : {
        en: `${some.en} of ${countOf(customers, 'customer')} ${matching === 1 ? 'meets' : 'meet'} the condition.${cut.en}`,
        ru: `Отвечают условию: ${some.ru} из ${all.ru}.${cut.ru}`,
      };
}

/** What the columns of a condition that nobody meets do hold. */
async function whyEmpty(
  engine: LoadingEngine,
  view: CustomerView,
  { conditionColumns: names }: AskedList,
  rfm: RfmOptions,
): Promise<Notice[]> {
  const columns = customerColumns.filter(({ name }) => names.includes(name));
  const facts =
    columns.length === 0
      ? []
      : await columnFacts(engine, view.rows(names), columns, (column) => valuesOf(column, rfm));
  const nobody = { en: 'No customer meets the condition.', ru: 'Условию не отвечает ни один клиент.' };
  return [
    {
      code: 'nobody',
      level: 'warning',
      text:
        facts.length === 0
          ? nobody
          : {
              en: `${nobody.en} What its columns hold:`,
              ru: `${nobody.ru} Что есть в его столбцах:`,
            },
    },
    ...facts.map((text): Notice => ({ code: 'column_values', level: 'info', text })),
  ];
}

/** Columns that were asked for by name, and that no file tells. */
function untold(columns: readonly CustomerColumn[], context: ViewContext): Notice[] {
  const names = columns.filter((column) => !isTold(column, context)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      code: 'columns_untold',
      level: 'hint',
      text: {
        en: `No file tells ${names.join(', ')}, so these columns are empty: add a file that does, or name the column with --column.`,
        ru: `Ни в одном файле нет данных для ${names.join(', ')}, поэтому эти столбцы пусты: добавьте файл с ними или назовите столбец опцией --column.`,
      },
    },
  ];
}

function rhythm({ cadence }: CustomerView): Notice[] {
  if (cadence === null) return [];
  const { typicalDays, repeatCustomers, ownShare } = cadence;
  if (typicalDays === null) {
    return [
      {
        code: 'no_cadence',
        level: 'hint',
        text: {
          en: 'No customer bought on two days, so nobody has a usual gap.',
          ru: 'Никто не покупал в разные дни, поэтому обычных промежутков нет.',
        },
      },
    ];
  }
  const days = String(Math.round(10 * typicalDays) / 10);
  const share = Math.round(100 * ownShare);
  return [
    {
      code: 'cadence',
      level: 'info',
      text: {
        en: `Usual gap: the customer's own median from three purchase days on; after one ${days} days, which is typical of the base (median of ${sayCount(repeatCustomers).en} repeat customers); after two in between, with ${share}% weight on the own gap (an estimate).`,
        ru: `Обычный промежуток: своя медиана клиента от трёх дней с покупками; после одного ${days.replace('.', ',')} дн., типичных для базы (медиана по повторным клиентам, всего ${sayCount(repeatCustomers).ru}); после двух между ними, с весом своего промежутка ${share}\u00a0% (оценка).`,
      },
    },
  ];
}
