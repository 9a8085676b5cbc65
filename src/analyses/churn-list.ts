import { addDays } from '../core/dates.js';
import type { Progress } from '../core/progress.js';
import type { Cell, Column, Content, Notice, Report, ResultTable } from '../core/table.js';
import { type Language, sayCount, sayPercent, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { Base } from '../model/base.js';
import { type InputRequest, withBase } from '../model/session.js';
import { raw, sql } from '../sql/sql.js';
import type { FormerList } from '../workbook/former-list.js';
import { type AboutLine, type Departure, customerKey as key } from '../workbook/managed-list.js';
import type { ListToWrite } from '../workbook/write-list.js';
import { bandBounds, bands } from './churn/bands.js';
import { riskTable } from './churn/score-customers.js';
import { type ChurnQuestion, churnOf, segmentsAsked } from './churn.js';
import { sayFigure } from './report/say.js';
import { segmentsOf } from './rfm/maps.js';
import { aboutReport } from './work-list/about.js';
import { type FormerIds, formerIds, noFormerIds } from './work-list/former-ids.js';
import { inputNames, inWork, inWorkNotices, keptTable, makeKeptTable } from './work-list/in-work.js';
import { byFormerKey, leftCustomers, wrongRunNotices } from './work-list/left.js';
import { purchasesSince, returned } from './work-list/purchases-since.js';

/** What `retain churn` is asked where it writes a list to work in. */
export interface ChurnListRequest extends InputRequest, Omit<ChurnQuestion, 'minRisk' | 'isForTerminal'> {
  /** 0-1; undefined where none is given. */
  readonly minRisk: number | undefined;
  readonly language: Language;
}

/** Columns of the list, in its order: whom to call, how urgent, why. */
const shown: readonly string[] = [
  'customer_id',
  'name',
  'phone',
  'email',
  'value_at_stake',
  'risk',
  'band',
  'last_order',
  'silent_days',
  'cadence_days',
  'overdue_ratio',
  'purchases',
  'segment',
  'cause',
  'evidence',
  'manager',
];

/** Headers that need more words than those of the report; none is that of a column which managers fill in. */
const labels: Readonly<Record<string, Text>> = {
  silent_days: { en: 'Days since last order', ru: 'Дней без заказов' },
  cause: { en: 'Likely cause', ru: 'Вероятная причина' },
};

const lastOrder: Column = {
  name: 'last_order',
  label: { en: 'Last order', ru: 'Последний заказ' },
  kind: 'date',
};

/** How such a list is found in a file, and what is to be known of it. */
export const knownChurnList = {
  key,
  columns: [
    key,
    { name: 'value_at_stake', label: { en: 'At stake', ru: 'Под угрозой' }, kind: 'money' },
    { name: 'risk', label: { en: 'Risk', ru: 'Риск' }, kind: 'percent' },
    { name: 'band', label: { en: 'Band', ru: 'Уровень' }, kind: 'text' },
    lastOrder,
  ],
  cells: ['last_order', 'risk', ...inputNames],
} as const;

/**
 * Customers at risk as a list to work in. Where neither --min-risk nor --top says who that is, it is those of medium
 * and high risk who are not lost.
 * @param former what the file holds already
 */
export async function churnList(
  request: ChurnListRequest,
  former: FormerList | undefined,
  progress: Progress,
): Promise<ListToWrite> {
  const isUsual = request.minRisk === undefined && request.top === undefined;
  const question = {
    ...request,
    minRisk: request.minRisk ?? (isUsual ? bandBounds.medium : 0),
    withoutLost: isUsual,
    isToWorkIn: true,
    isForTerminal: false,
  };
  return withBase(
    request,
    progress,
    async ({ engine, base, inputs }) => {
      const ids = former === undefined ? noFormerIds : await formerIds(engine, base, former);
      const isCut = former !== undefined && request.top !== undefined;
      if (isCut) await makeKeptTable(engine, await atWorkWith(engine, base, former, ids));
      const asked = isCut ? { ...question, keptTable } : question;
      const report = await churnOf(engine, base, asked, inputs.notices);
      const table = listTable(report, base, request.language);
      const notices = [
        ...who(isUsual, table.rows.length, request.top),
        ...inWorkNotices('--top', request.top, table.rows.length),
        ...report.notices,
      ];
      const told = { ...report, notices };
      const list = {
        title: { en: 'Churn risk', ru: 'Риск ухода' },
        table,
        key: key.name,
        asOf: base.asOf,
        currency: report.currency,
        about: aboutReport(told, table.columns, bandLines(report)),
        knownIds: ids.known,
        todaysIds: ids.today,
      };
      const departures =
        former === undefined
          ? new Map<string, Departure>()
          : await departuresOf(engine, base, table, former, ids, question, report.currency);
      const wrongRun = former === undefined ? [] : wrongRunNotices(former, base.asOf, departures);
      return { list, departures, notices: [...wrongRun, ...ids.notices, ...notices] };
    },
    { keepDetails: true, keepReturns: true },
  );
}

/** Longer lists are hardly worked through. */
const mostWorked = 2000;

function who(isUsual: boolean, rows: number, top: number | undefined): Notice[] {
  const notices: Notice[] = [];
  if (isUsual) {
    const from = sayPercent(100 * bandBounds.medium);
    notices.push({
      code: 'list_at_risk',
      level: 'info',
      text: {
        en: `The list is of customers at risk: from ${from.en} on, without the lost. --min-risk and --top choose others.`,
        ru: `В списке клиенты под угрозой ухода: с риском от ${from.ru}, без потерянных. Иначе: --min-risk, --top.`,
      },
    });
  }
  if (rows === 0) {
    notices.push({
      code: 'list_empty',
      level: 'warning',
      text: {
        en: 'Nobody is on the list: a lower --min-risk lists more, --top 50 those with most at stake.',
        ru: 'В списке никого: --min-risk поменьше даст больше клиентов, --top 50 тех, где под угрозой больше всего.',
      },
    });
  }
  if (rows > mostWorked && top === undefined) {
    notices.push({
      code: 'list_long',
      level: 'hint',
      text: {
        en: 'That is a long list to work through: --top 200 keeps those with most at stake.',
        ru: 'Список слишком длинный для обзвона: --top 200 оставит тех, где под угрозой больше всего.',
      },
    });
  }
  return notices;
}

/** The bands of risk, of all customers. */
function bandLines({ tables, currency }: Report<Content>): AboutLine[] {
  const table = tables.find(({ name }) => name === 'bands')!;
  const at = (name: string) => table.columns.findIndex((column) => column.name === name);
  const lines = table.rows.map((row): AboutLine => {
    const band = bands[String(row[at('band')]) as keyof typeof bands];
    const customers = sayCount(Number(row[at('customers')]));
    const risk = sayRisk(Number(row[at('mean_risk')]));
    const stake = row[at('value_at_stake')] ?? null;
    const sum = typeof stake === 'string' ? sayFigure(stake, 'money', currency) : null;
    return {
      term: { en: `Risk ${band.en}`, ru: `Риск ${band.ru}` },
      text: {
        en: `of all customers ${customers.en}, mean risk ${risk.en}${sum === null ? '' : `, at stake ${sum.en}`}`,
        ru: `из всех клиентов: ${customers.ru}, средний риск ${risk.ru}${sum === null ? '' : `, под угрозой ${sum.ru}`}`,
      },
    };
  });
  const [note] = table.notes;
  return note === undefined ? lines : [...lines, { term: { en: 'Band', ru: 'Уровень' }, text: note }];
}

function listTable(report: Report<Content>, base: Base, language: Language): ResultTable {
  const table = report.tables.find(({ name }) => name === 'churn_risk')!;
  const at = new Map(table.columns.map(({ name }, index) => [name, index]));
  const told = shown.filter((name) => {
    if (name === 'last_order') return base.orders;
    // Of subscribers nothing tells a rhythm, and without orders nothing their last.
    if (name === 'cadence_days' || name === 'overdue_ratio') return !base.subscriptions;
    if (name === 'silent_days' || name === 'purchases') return base.orders;
    if (name === 'name') return base.customerFields.has('name') || base.customerFields.has('last_name');
    if (name === 'phone' || name === 'email' || name === 'manager')
      return at.has(name) && base.customerFields.has(name);
    return at.has(name);
  });
  const silentAt = at.get('silent_days')!;
  const columns = told.map((name): Column => {
    if (name === 'last_order') return lastOrder;
    const { onlyOn: _, ...column } = table.columns[at.get(name)!]!;
    return { ...column, label: labels[name] ?? column.label };
  });
  const sources = told.map((name) => at.get(name));
  const rows = table.rows.map((row) =>
    sources.map((index): Cell => {
      const content = row[index ?? silentAt] ?? null;
      if (index === undefined) return content === null ? null : addDays(base.asOf, -Number(content));
      return typeof content === 'object' && content !== null ? content[language] : content;
    }),
  );
  return { ...table, columns, rows, notes: [] };
}

/** Whom --top does not leave out: those somebody is at work with, but for who has bought since and so has returned. */
async function atWorkWith(
  engine: LoadingEngine,
  base: Base,
  former: FormerList,
  ids: FormerIds,
): Promise<string[]> {
  const worked = inWork(former, ids, knownChurnList.cells.length - inputNames.length);
  const lastOrders = new Map([...worked].map(([id, cells]) => [id, cells[0] ?? null]));
  const bought = await purchasesSince(engine, base, lastOrders, former.asOf);
  await engine.run(raw('drop table int_former'));
  return [...worked.keys()].filter((id) => !bought.has(id));
}

/** Why those who were on the list are not any more. */
async function departuresOf(
  engine: LoadingEngine,
  base: Base,
  table: ResultTable,
  former: FormerList,
  ids: FormerIds,
  question: ChurnQuestion,
  currency: string | null,
): Promise<ReadonlyMap<string, Departure>> {
  const current = new Set(table.rows.map((row) => String(row[0])));
  const left = leftCustomers(former, ids, current);
  const lastOrders = new Map([...left].map(([id, { cells }]) => [id, cells[0] ?? null]));
  const bought = await purchasesSince(engine, base, lastOrders, former.asOf);
  const segments = segmentsOf(question.rfm.map, question.rfm.bins);
  const asked = segmentsAsked(question);
  const rows = await engine.query(sql`
    select f.customer_id, k.risk, k.lost, k.silent_days, ${raw(base.orders ? 'r.segment' : 'cast(null as varchar) as segment')}
    from int_former f join ${raw(riskTable)} k on k.customer_id = f.customer_id
    ${raw(base.orders ? 'left join int_rfm r on r.customer_id = f.customer_id' : '')}`);
  const departures = new Map<string, Departure>();
  for (const row of rows) {
    const id = String(row.customer_id);
    const { cells } = left.get(id)!;
    const purchases = bought.get(id);
    if (purchases !== undefined) {
      departures.set(id, returned(purchases, currency));
      continue;
    }
    const silent = row.silent_days === null ? null : Number(row.silent_days);
    const segment = segments.find(({ code }) => code === row.segment)?.label;
    const risk = Number(row.risk);
    const before = riskBefore(cells[1] ?? null);
    if (question.withoutLost && Number(row.lost) === 1) departures.set(id, lost(silent));
    else if (risk < question.minRisk) departures.set(id, riskFell(before, risk, question.minRisk));
    else if (asked.length > 0 && !asked.includes(String(row.segment)))
      departures.set(id, outOfSegment(segment));
    else departures.set(id, outOfTop(question.top));
  }
  return byFormerKey(departures, left, former);
}

/** 0-100, or null where it is no number. */
function riskBefore(text: string | null): number | null {
  if (text === null) return null;
  const number = Number(text.replace(',', '.').replace(/\s*%$/, ''));
  return Number.isFinite(number) ? number : null;
}

function lost(silentDays: number | null): Departure {
  return {
    outcome: 'left',
    reason:
      silentDays === null
        ? { en: 'lost: the subscription has ended', ru: 'потерян: подписка закончилась' }
        : {
            en: `lost: silent for ${sayCount(silentDays).en} days`,
            ru: `потерян: молчит ${sayCount(silentDays).ru} дн.`,
          },
  };
}

function riskFell(before: number | null, risk: number, least: number): Departure {
  const [now, from] = [sayRisk(100 * risk), sayRisk(100 * least)];
  // Who is below a line that was drawn anew has not fallen.
  if (before === null || Math.round(before) <= Math.round(100 * risk)) {
    return {
      outcome: 'left',
      reason: {
        en: `risk is ${now.en}, the list begins at ${from.en}`,
        ru: `риск ${now.ru}, список начинается с ${from.ru}`,
      },
    };
  }
  const then = sayRisk(before);
  return {
    outcome: 'risk_fell',
    reason: { en: `risk fell from ${then.en} to ${now.en}`, ru: `риск снизился с ${then.ru} до ${now.ru}` },
  };
}

/** As the column of the list shows it. */
function sayRisk(percent: number): Text {
  return sayPercent(Math.round(percent));
}

function outOfSegment(segment: Text | undefined): Departure {
  const now: Text =
    segment === undefined
      ? { en: 'of no segment now', ru: 'теперь вне сегментов' }
      : {
          en: `now in ${segment.en}`,
          ru: `теперь в сегменте «${segment.ru}»`,
        };
  return {
    outcome: 'left_out',
    reason: { en: `left out by --segment: ${now.en}`, ru: `не входит в --segment: ${now.ru}` },
  };
}

function outOfTop(top: number | undefined): Departure {
  const most = sayCount(top ?? 0);
  return {
    outcome: 'left_out',
    reason: {
      en: `left out by --top: not among the ${most.en} with most at stake`,
      ru: `не входит в --top: не среди первых ${most.ru} по сумме под угрозой`,
    },
  };
}
