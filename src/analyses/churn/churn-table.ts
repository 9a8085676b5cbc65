import type { Column, Content, ResultTable } from '../../core/table.js';
import { sayCount, type Text } from '../../core/text.js';
import type { Engine, Row } from '../../engines/engine.js';
import type { Base } from '../../model/base.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import { contacts } from '../customer-view/view.js';
import { segmentsOf } from '../rfm/maps.js';
import type { RfmOptions } from '../rfm/scores.js';
import { segmentLabels } from '../rfm/segment-table.js';
import { bandOf, bands } from './bands.js';
import { causes } from './causes.js';
import { evidenceOf, mainCause } from './evidence.js';
import { riskTable } from './score-customers.js';
import type { Evidence } from './signal.js';

/** Which customers are listed, and what is known to list of them. */
export interface ListRequest {
  readonly top: number | undefined;
  /** Table of customers, by customer_id, who are listed beyond `top` where they meet all else. */
  readonly keptTable?: string | undefined;
  readonly minRisk: number;
  /** Leaves out who is lost. */
  readonly withoutLost?: boolean;
  /**
   * Whether the table is for a list to work in: then it has contacts of orders too, where a file of customers has none,
   * and evidence without silence, which has columns of its own.
   */
  readonly isToWorkIn?: boolean;
  /** Codes; all of them where there are none. */
  readonly segments: readonly string[];
  readonly isForTerminal: boolean;
  readonly rfm: RfmOptions;
  /** Whether table int_rfm has anybody. */
  readonly hasSegments: boolean;
  readonly isContractual: boolean;
}

const terminalRows = 20;
/** Customers at the head of the list whose evidence is told; far more are for nobody to read. */
const mostTold = 50_000;
/** Pieces of evidence that are read in one cell. */
const mostPieces = 4;

/** Table churn_risk: customers by what is at stake, the most first. */
export async function churnTable(
  engine: Engine,
  base: Base,
  list: ListRequest,
): Promise<ResultTable<Content>> {
  const hasDetails = base.accounts.some(({ role }) => role === 'customers');
  const rowCount = await countListed(engine, list);
  const limit = Math.min(
    list.top ?? Number.POSITIVE_INFINITY,
    list.isForTerminal ? terminalRows : Number.POSITIVE_INFINITY,
  );
  const listed = Math.min(rowCount, list.top ?? rowCount);
  const order = (id: string) => raw(`lost, value_at_stake desc nulls last, risk desc, ${id}`);
  // Segments are joined to the head of the list alone.
  await engine.run(sql`
    create table int_listed as
    select k.*, ${raw(list.hasSegments ? 'r.segment' : 'cast(null as varchar) as segment')}, ${bandOf} as band,
      row_number() over (order by ${order('k.customer_id')}) as place
    from (
      select k.* from ${fromClause(list)}
      ${keptOrFirst(list, sql`order by ${order('k.customer_id')} limit ${raw(String(limit))}`, limit)}
    ) as k
    ${raw(list.hasSegments ? 'left join int_rfm r on r.customer_id = k.customer_id' : '')}`);
  const hasContacts = list.isToWorkIn === true && base.identity !== null;
  const contact = (name: string) => (hasContacts ? `coalesce(c.${name}, k.${name}) as ${name}` : `c.${name}`);
  const details = hasDetails
    ? `c.name, ${contact('email')}, ${contact('phone')}, c.manager`
    : hasContacts
      ? 'k.email, k.phone'
      : 'null as name';
  const evidence = await tell(engine, base, list, hasDetails);
  const columns = columnsOf(list, { hasDetails, hasContacts });
  const rows: Content[][] = [];
  for await (const batch of engine.stream(sql`
    select l.*, ${raw(details)}
    from int_listed l ${raw(hasDetails ? 'left join stg_customers c on c.customer_id = l.customer_id' : '')}
    ${hasContacts ? sql`left join ${contacts} k on k.customer_id = l.customer_id` : raw('')}
    order by place`)) {
    for (const row of batch)
      rows.push(cellsOf(row, columns, evidence.get(String(row.customer_id)), list.isToWorkIn ?? false));
  }
  return {
    name: 'churn_risk',
    title: { en: 'Customers by what is at stake', ru: 'Клиенты по сумме под угрозой' },
    grain: 'customer',
    columns,
    rows,
    terminalRows: Math.min(list.top ?? terminalRows, terminalRows),
    rowCount: Math.max(listed, rows.length),
    notes: notesOf(list, rows.length),
  };
}

/** What takes the first of those listed, or these and those to be kept. */
function keptOrFirst(list: ListRequest, first: Sql, limit: number): Sql {
  if (!Number.isFinite(limit)) return raw('');
  if (list.keptTable === undefined) return first;
  return sql`and (k.customer_id in (select k.customer_id from ${fromClause(list)} ${first})
    or k.customer_id in (select customer_id from ${raw(list.keptTable)}))`;
}

function fromClause({ hasSegments, minRisk, segments, withoutLost }: ListRequest): Sql {
  const codes = segments.map((code) => sql`${code}`);
  const among = !hasSegments
    ? raw('and 1 = 0')
    : sql`and k.customer_id in (select customer_id from int_rfm where segment in (${join(codes, ', ')}))`;
  return sql`${raw(riskTable)} k
    where risk >= ${minRisk} ${raw(withoutLost ? 'and lost = 0' : '')} ${codes.length === 0 ? raw('') : among}`;
}

async function countListed(engine: Engine, list: ListRequest): Promise<number> {
  const [row] = await engine.query(sql`select count(*) as customers from ${fromClause(list)}`);
  return Number(row?.customers);
}

/** Evidence about those at the head of the list. */
async function tell(
  engine: Engine,
  base: Base,
  list: ListRequest,
  hasDetails: boolean,
): Promise<ReadonlyMap<string, readonly Evidence[]>> {
  if (base.orders) {
    // What `retain list` and the definitions call cadence; of those listed alone, and as it was computed before.
    await engine.run(
      list.isContractual
        ? sql`create table int_cadence as select customer_id, purchases as purchase_days, own_days, cadence_days from int_listed where purchases > 0`
        : sql`create table int_cadence as select customer_id, purchases as purchase_days, own_days, cadence_days from int_listed`,
    );
  }
  await engine.run(
    sql`create table int_told as select customer_id from int_listed where place <= ${mostTold}`,
  );
  return evidenceOf(engine, {
    asOf: base.asOf,
    customers: 'int_told',
    has: {
      orders: base.orders,
      subscriptions: base.subscriptions,
      contacts: base.contacts,
      feedback: base.feedback,
      incidents: base.incidents,
      details: hasDetails,
    },
  });
}

function columnsOf(
  list: ListRequest,
  { hasDetails, hasContacts }: { readonly hasDetails: boolean; readonly hasContacts: boolean },
): Column[] {
  const { rfm, hasSegments, isContractual } = list;
  const details: readonly Column[] = [
    { name: 'email', label: { en: 'E-mail', ru: 'Почта' }, kind: 'text', onlyOn: 'file' },
    { name: 'phone', label: { en: 'Phone', ru: 'Телефон' }, kind: 'text', onlyOn: 'file' },
  ];
  const manager: Column = {
    name: 'manager',
    label: { en: 'Manager', ru: 'Менеджер' },
    kind: 'text',
    onlyOn: 'file',
  };
  return [
    { name: 'customer_id', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text' },
    ...(hasDetails ? [{ name: 'name', label: { en: 'Name', ru: 'Имя' }, kind: 'text' } as const] : []),
    {
      name: 'value_at_stake',
      label: { en: 'At stake', ru: 'Под угрозой' },
      kind: 'money',
      digits: 0,
      description: {
        en: 'risk × value if the customer stays; 0 of the lost',
        ru: 'риск × ценность, если клиент останется; у потерянных 0',
      },
    },
    {
      name: 'risk',
      label: { en: 'Risk', ru: 'Риск' },
      kind: 'percent',
      digits: 0,
      description: isContractual
        ? { en: 'probability of cancelling within the horizon', ru: 'вероятность отмены за горизонт' }
        : {
            en: 'probability of no purchase within the horizon',
            ru: 'вероятность отсутствия покупок за горизонт',
          },
    },
    { name: 'band', label: { en: 'Band', ru: 'Уровень' }, kind: 'text', values: bands, onlyOn: 'file' },
    {
      name: 'value_if_stays',
      label: { en: 'Value if stays', ru: 'Ценность, если останется' },
      kind: 'money',
      onlyOn: 'file',
      description: {
        en: 'margin within the horizon of a customer who has not left',
        ru: 'маржа за горизонт от клиента, который не ушёл',
      },
    },
    ...(isContractual
      ? []
      : ([
          {
            name: 'expected_purchases',
            label: { en: 'Expected purchases', ru: 'Ожидаемые покупки' },
            kind: 'ratio',
            digits: 2,
            onlyOn: 'file',
          },
        ] as const)),
    {
      name: 'silent_days',
      label: { en: 'Silent, days', ru: 'Молчит, дней' },
      kind: 'days',
      description: { en: 'days since the last order', ru: 'дней с последнего заказа' },
      ...(isContractual ? { onlyOn: 'file' as const } : {}),
    },
    {
      name: 'cadence_days',
      label: { en: 'Cadence, days', ru: 'Ритм, дней' },
      kind: 'days',
      digits: 0,
      onlyOn: 'file',
      description: {
        en: 'usual days between purchases; of one-time buyers that of the base',
        ru: 'обычный промежуток между покупками; у купивших раз обычный для базы',
      },
    },
    {
      name: 'overdue_ratio',
      label: { en: 'Overdue', ru: 'Просрочка' },
      kind: 'ratio',
      digits: 1,
      description: { en: 'days since the last order / cadence', ru: 'дней с последнего заказа / ритм' },
      ...(isContractual ? { onlyOn: 'file' as const } : {}),
    },
    { name: 'purchases', label: { en: 'Purchases', ru: 'Покупки' }, kind: 'integer', onlyOn: 'file' },
    ...(hasSegments
      ? [
          {
            name: 'segment',
            label: { en: 'Segment', ru: 'Сегмент' },
            kind: 'text',
            values: segmentLabels(segmentsOf(rfm.map, rfm.bins)),
            onlyOn: 'file',
          } as const,
        ]
      : []),
    ...(hasDetails || hasContacts ? details : []),
    ...(hasDetails ? [manager] : []),
    { name: 'cause', label: { en: 'Cause', ru: 'Причина' }, kind: 'text', values: causes, onlyOn: 'file' },
    {
      name: 'cause_is_stated',
      label: { en: 'Stated', ru: 'Названа клиентом' },
      kind: 'boolean',
      machineOnly: true,
    },
    { name: 'evidence', label: { en: 'Evidence', ru: 'Признаки' }, kind: 'text', onlyOn: 'file' },
    // Silence and rhythm have columns of their own.
    { name: 'signals', label: { en: 'Evidence', ru: 'Признаки' }, kind: 'text', onlyOn: 'terminal' },
  ];
}

function cellsOf(
  row: Row,
  columns: readonly Column[],
  evidence: readonly Evidence[] | undefined,
  isToWorkIn: boolean,
): Content[] {
  const cause = evidence === undefined ? null : mainCause(evidence);
  const withoutSilence = evidence?.filter(({ code }) => code !== 'silent');
  const number = (value: unknown, digits: number) =>
    value === null || value === undefined ? null : Number(Number(value).toFixed(digits));
  return columns.map(({ name, kind }): Content => {
    if (name === 'evidence') return sayEvidence(isToWorkIn ? withoutSilence : evidence, mostPieces);
    if (name === 'signals') return sayEvidence(withoutSilence, 1);
    if (name === 'cause') return cause?.cause ?? null;
    if (name === 'cause_is_stated') return cause?.isStated ?? null;
    const cell = row[name] ?? null;
    if (cell === null || kind === 'text') return cell;
    if (kind === 'money') return Number(cell).toFixed(2);
    if (name === 'risk') return number(100 * Number(cell), 4);
    return number(cell, kind === 'days' ? 2 : 4);
  });
}

function sayEvidence(evidence: readonly Evidence[] | undefined, most: number): Content {
  if (evidence === undefined || evidence.length === 0) return null;
  const shown = evidence.slice(0, most).map(({ text }) => text);
  return { en: shown.map(({ en }) => en).join('; '), ru: shown.map(({ ru }) => ru).join('; ') };
}

function notesOf(list: ListRequest, shown: number): Text[] {
  return [
    ...(!list.isContractual
      ? [
          {
            en: 'Overdue is silence / usual days between purchases, which for one-time buyers are those of the base.',
            ru: 'Просрочка: молчание / обычный промежуток между покупками; у купивших один раз он берётся по базе.',
          },
        ]
      : []),
    ...(shown > mostTold
      ? [
          {
            en: `Evidence is told of the first ${sayCount(mostTold).en}.`,
            ru: `Признаки указаны у первых ${sayCount(mostTold).ru}.`,
          },
        ]
      : []),
  ];
}
