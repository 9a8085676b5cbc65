import type { Cell, ResultTable, Unit } from '../../core/table.js';
import { countOf, sayCount, type Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import type { Base } from '../../model/base.js';
import { acquisitionChannels } from '../../model/channels.js';
import { raw, sql } from '../../sql/sql.js';
import { probabilityOfAtLeast } from '../../stats/draws.js';
import { isSteady, sayChange, sayFigure } from './say.js';

/** A KPI of table kpis. */
interface Line {
  readonly value: Cell;
  readonly previous: Cell;
  readonly change: number | null;
  readonly yearAgo: Cell;
  readonly unit: Unit;
}

/** Customers of one acquisition channel, at the start of the period and lost in it. */
export interface ChannelLoss {
  readonly channel: string | null;
  readonly start: number;
  readonly lost: number;
}

/** What changed from the previous period, in sentences whose figures are those of table kpis. */
export function changesInWords(
  kpis: ResultTable,
  losses: readonly ChannelLoss[],
  currency: string | null,
  /** What is said instead of churn where nobody has bought twice. */
  oneTime?: Text,
): Text[] {
  const at = (name: string) => kpis.columns.findIndex((column) => column.name === name);
  const line = (id: string): Line => {
    const row = kpis.rows.find((candidate) => candidate[at('kpi')] === id)!;
    const change = row[at('change')] ?? null;
    return {
      value: row[at('value')] ?? null,
      previous: row[at('previous')] ?? null,
      change: change === null ? null : Number(change),
      yearAgo: row[at('year_ago')] ?? null,
      unit: row[at('unit')] as Unit,
    };
  };
  const say = ({ value, unit }: Pick<Line, 'value' | 'unit'>) => sayFigure(value, unit, currency);
  const before = ({ previous, unit }: Line) => sayFigure(previous, unit, currency);
  return [
    oneTime,
    revenueLine(line('revenue'), line('orders'), line('aov'), { say, before }),
    ...(oneTime === undefined
      ? [
          churnLine(line('churn_rate'), line('customers_lost'), line('customers_start'), { say, before }),
          channelLine(losses),
        ]
      : []),
    customersLine(line),
    cacLine(line('cac'), line('customers_new'), { say, before }),
  ].filter((text) => text !== undefined);
}

interface Speech {
  say(line: Pick<Line, 'value' | 'unit'>): Text;
  before(line: Line): Text;
}

/** 'Revenue rose 52.3% to €154,994.51', or that it is new, or steady. */
function movedTo(
  name: Text,
  gender: keyof typeof verbs,
  line: Line,
  { say, before }: Speech,
): Text | undefined {
  const { value, change, yearAgo, unit } = line;
  if (value === null) return undefined;
  const now = say(line);
  if (change === null && line.previous !== null && Number(line.previous) < 0) {
    const then = before(line);
    return {
      en: `${name.en} went from ${then.en} to ${now.en}`,
      ru: `${name.ru}: было ${then.ru}, стало ${now.ru}`,
    };
  }
  if (change === null) {
    return {
      en: `${name.en} is ${now.en}, with nothing before to compare it with`,
      ru: `${name.ru}: ${now.ru}, сравнить не с чем`,
    };
  }
  const verb = verbs[gender];
  // Seasons come back each year: what is usual at this time of it tells more than the period before.
  const then = yearAgo === null ? undefined : say({ value: yearAgo, unit });
  const [ago, agoRu] =
    then === undefined ? ['', ''] : [` (a year ago ${then.en})`, ` (год назад ${then.ru})`];
  if (isSteady(change)) {
    return { en: `${name.en} stayed at ${now.en}${ago}`, ru: `${name.ru} ${verb.steady}: ${now.ru}${agoRu}` };
  }
  const size = sayChange(change, unit);
  return {
    en: `${name.en} ${change > 0 ? 'rose' : 'fell'} ${size.en} to ${now.en}${ago}`,
    ru: `${name.ru} ${change > 0 ? verb.up : verb.down} на ${size.ru} до ${now.ru}${agoRu}`,
  };
}

const verbs = {
  she: { up: 'выросла', down: 'снизилась', steady: 'не изменилась' },
  he: { up: 'вырос', down: 'снизился', steady: 'не изменился' },
} as const;

function revenueLine(revenue: Line, orders: Line, aov: Line, speech: Speech): Text | undefined {
  const moved = movedTo({ en: 'Revenue', ru: 'Выручка' }, 'she', revenue, speech);
  if (moved === undefined) return undefined;
  if (revenue.change === null || [aov.value, aov.previous].includes(null)) return sentence(moved);
  const { say, before } = speech;
  return sentence({
    en: `${moved.en}: ${countOf(Number(orders.value), 'order')} (${before(orders).en} before), ${say(aov).en} per order (${before(aov).en} before)`,
    ru: `${moved.ru}: заказов ${say(orders).ru} (было ${before(orders).ru}), средний чек ${say(aov).ru} (был ${before(aov).ru})`,
  });
}

function churnLine(churn: Line, lost: Line, start: Line, speech: Speech): Text | undefined {
  const moved = movedTo({ en: 'Churn rate', ru: 'Отток' }, 'he', churn, speech);
  if (moved === undefined) return undefined;
  const { say, before } = speech;
  const past =
    lost.previous === null || start.previous === null
      ? { en: '', ru: '' }
      : {
          en: ` (${before(lost).en} of ${before(start).en} before)`,
          ru: ` (было ${before(lost).ru} из ${before(start).ru})`,
        };
  return sentence({
    en: `${moved.en}: ${say(lost).en} of ${countOf(Number(start.value), 'active customer')} ${Number(lost.value) === 1 ? 'was' : 'were'} lost${past.en}`,
    ru: `${moved.ru}: ушли ${say(lost).ru} из ${say(start).ru} активных клиентов${past.ru}`,
  });
}

/** The channel through which most of the lost had come, beside its share of those who could be lost. */
function channelLine(losses: readonly ChannelLoss[]): Text | undefined {
  const sum = (of: 'start' | 'lost') => losses.reduce((total, loss) => total + loss[of], 0);
  const [top] = losses
    .filter(({ channel, lost }) => channel !== null && lost > 0)
    .toSorted((a, b) => b.lost - a.lost || b.start - a.start);
  const [allStart, allLost] = [sum('start'), sum('lost')];
  // Nobody came another way: nothing to compare.
  if (top === undefined || top.start === allStart) return undefined;
  const percent = (part: number, whole: number) => sayFigure((100 * part) / whole, 'percent', null);
  const [ofLost, ofStart] = [percent(top.lost, allLost), percent(top.start, allStart)];
  const [lost, all] = [sayCount(top.lost), sayCount(allLost)];
  const verdict = verdicts[verdictOf(top, allStart, allLost)];
  return {
    en: `${lost.en} of the ${all.en} lost (${ofLost.en}) came through channel ${top.channel}, which had brought ${ofStart.en} of those active at the start: ${verdict.en}.`,
    ru: `${lost.ru} из ${all.ru} ушедших (${ofLost.ru}) пришли через канал ${top.channel}, на который приходится ${ofStart.ru} активных на начало: ${verdict.ru}.`,
  };
}

const verdicts = {
  more: { en: 'more than chance would give', ru: 'больше, чем бывает случайно' },
  fewer: { en: 'fewer than chance would give', ru: 'меньше, чем бывает случайно' },
  chance: { en: 'the difference may be chance', ru: 'разница может быть случайной' },
} as const satisfies Record<string, Text>;

/** What is rarer than this, on either side, is taken for more than chance. */
const rare = 0.025;

/** Whether a channel loses more or fewer than if those lost were drawn from all by chance. */
function verdictOf({ start, lost }: ChannelLoss, all: number, drawn: number): keyof typeof verdicts {
  const draw = { all, marked: start, drawn };
  if (probabilityOfAtLeast(lost, draw) < rare) return 'more';
  return 1 - probabilityOfAtLeast(lost + 1, draw) < rare ? 'fewer' : 'chance';
}

function customersLine(line: (id: string) => Line): Text | undefined {
  const [fresh, back, start, end] = [
    'customers_new',
    'customers_reactivated',
    'customers_start',
    'customers_end',
  ].map((id) => line(id)) as [Line, Line, Line, Line];
  if ([fresh.value, back.value, start.value, end.value].includes(null)) return undefined;
  const count = ({ value }: Line) => sayCount(Number(value));
  const was = ({ previous }: Line): Text => {
    if (previous === null) return { en: '', ru: '' };
    const number = sayCount(Number(previous));
    return { en: ` (${number.en} before)`, ru: ` (было ${number.ru})` };
  };
  return {
    en: `New customers: ${count(fresh).en}${was(fresh).en}; came back: ${count(back).en}${was(back).en}; active customers went from ${count(start).en} to ${count(end).en}.`,
    ru: `Новых клиентов: ${count(fresh).ru}${was(fresh).ru}; вернулись: ${count(back).ru}${was(back).ru}; активных клиентов было ${count(start).ru}, стало ${count(end).ru}.`,
  };
}

function cacLine(cac: Line, fresh: Line, speech: Speech): Text | undefined {
  const moved = movedTo({ en: 'Customer acquisition cost', ru: 'Стоимость привлечения' }, 'she', cac, speech);
  if (moved === undefined) return undefined;
  const { say } = speech;
  return sentence({
    en: `${moved.en}, with ${countOf(Number(fresh.value), 'new customer')}`,
    ru: `${moved.ru}, новых клиентов ${say(fresh).ru}`,
  });
}

function sentence({ en, ru }: Text): Text {
  return { en: `${en}.`, ru: `${ru}.` };
}

/**
 * Customers active at the start of the period and those of them who were lost in it, by acquisition channel, from
 * tables stg_periods and int_activity; empty where the base tells of no channels.
 */
export async function lossesByChannel(engine: Engine, base: Base): Promise<ChannelLoss[]> {
  const sources = { customers: base.channels.customers, orders: base.orders && base.channels.orders };
  if (!sources.customers && !sources.orders) return [];
  const starters = sql`(
    select customer_id, active_at_end from (
      select a.customer_id,
        sum(case when a.happens_on < p.starts_on then 1 - 2 * a.is_end else 0 end) as active_at_start,
        sum(1 - 2 * a.is_end) as active_at_end
      from int_activity a join stg_periods p on a.happens_on < p.ends_on
      where p.period_id = 'value' group by a.customer_id
    ) as levels where active_at_start = 1
  )`;
  const rows = await engine.query(sql`
    select min(trim(c.channel)) as channel, count(*) as start_count, sum(1 - s.active_at_end) as lost
    from ${starters} as s join (${acquisitionChannels(starters, sources)}) as c on c.customer_id = s.customer_id
    group by lower(trim(c.channel)) order by lost desc, channel`);
  const losses = rows.map((row) => ({
    channel: row.channel === null || row.channel === undefined ? null : String(row.channel),
    start: Number(row.start_count),
    lost: Number(row.lost),
  }));
  const [kpis] = await engine.query(
    raw("select customers_start, customers_lost from int_kpis where period_id = 'value'"),
  );
  const sum = (of: 'start' | 'lost') => losses.reduce((total, loss) => total + loss[of], 0);
  if (
    kpis?.customers_start != null &&
    (sum('start') !== Number(kpis.customers_start) || sum('lost') !== Number(kpis.customers_lost))
  ) {
    throw new Error(`channels do not add up: ${JSON.stringify({ losses, kpis })}`);
  }
  return losses;
}
