import { type Day, sayDay } from '../../core/dates.js';
import type { Cell, Column, ResultTable, TableNote, Unit } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { Engine } from '../../engines/engine.js';
import { raw, sql } from '../../sql/sql.js';
import type { RfmOptions } from '../rfm/scores.js';
import type { CohortMeasure, CohortSplit } from './choices.js';
import { type Measure, measures } from './measures.js';
import { splitLabels, splitValues } from './splits.js';
import { type Calendar, stepWords } from './steps.js';

export interface TriangleOptions {
  readonly calendar: Calendar;
  readonly measure: CohortMeasure;
  /** How segments are told, for the split by them. */
  readonly rfm: RfmOptions;
  /** Periods after the first; undefined for all, of which a terminal shows some. */
  readonly periods: number | undefined;
  /** The first day of the data, and the last that counts. */
  readonly first: Day;
  readonly asOf: Day;
}

/** Periods after the first, and cohorts, that a terminal shows unless asked for more. */
const terminalPeriods = 12;
const terminalCohorts = 24;

/** One line of a triangle: figures by period, null where they have not come or no cohort has a whole one. */
interface Line {
  readonly first: Cell;
  readonly customers: Cell;
  readonly figures: readonly Cell[];
  readonly unit: Unit;
  /** Periods that the data do not cover whole. */
  readonly partial: readonly number[];
}

/** The retention triangle, from table int_cohort_cells: one row per cohort, and their average. */
export async function triangle(engine: Engine, options: TriangleOptions): Promise<ResultTable> {
  const { calendar, measure: name } = options;
  const measure = measures[name];
  // Splits of a cohort add up to it, but for quotients.
  const rows = await engine.query(sql`
    select cohort, period, customers, is_complete, ${measure.value} as value from (
      select cohort, period, sum(customers) as customers, sum(active_customers) as active_customers,
        sum(orders) as orders, sum(revenue) as revenue, min(case when is_complete then 1 else 0 end) as is_complete,
        cast(round(cast(sum(cumulative_revenue) as double) / sum(customers), 4) as decimal(38,4)) as ltv
      from int_cohort_cells group by cohort, period
    ) as cells
    order by cohort, period`);
  const cohorts = new Map<number, typeof rows>();
  for (const row of rows) {
    const cohort = Number(row.cohort);
    const cells = cohorts.get(cohort);
    if (cells === undefined) cohorts.set(cohort, [row]);
    else cells.push(row);
  }
  const lines: Line[] = [...cohorts].map(([cohort, cells]) => ({
    first: calendar.periods[cohort]!.name,
    customers: Number(cells[0]!.customers),
    figures: cells.map(({ value }) => figure(value!, measure.unit)),
    unit: measure.unit,
    partial: cells.flatMap(({ is_complete }, period) => (is_complete === 1 ? [] : [period])),
  }));
  const [average] = await averages(engine, measure, "'average'");
  const hasMarks = lines.some(({ partial, figures }) =>
    partial.some((period) => shows(period, figures, options)),
  );
  return {
    ...table('cohorts', measure.title, lines.concat(average ?? []), options, {
      name: 'cohort',
      label: { en: 'Cohort', ru: 'Когорта' },
      kind: 'text',
      values: { average: measure.averageLabel },
    }),
    grain: 'cohort',
    totalRows: average === undefined ? 0 : 1,
    terminalRows: terminalCohorts + 1,
    terminalShows: 'last',
    notes: [
      periodNote(calendar, measure),
      {
        en: `${measure.averageLabel.en}: ${measure.averageNote.en}; cohorts weigh by their customers, ${stepWords[calendar.step].many} that are not whole are left out.`,
        ru: `${measure.averageLabel.ru}: ${measure.averageNote.ru}; вес когорты равен числу её клиентов, неполные периоды не входят.`,
      },
      ...(hasMarks ? [markNote(calendar, options)] : []),
      ...hiddenNote(lines, options),
    ],
  };
}

/** One row per value of the split: all its cohorts together. */
export async function splitTable(
  engine: Engine,
  split: CohortSplit,
  options: TriangleOptions,
): Promise<ResultTable> {
  const measure = measures[options.measure];
  const label = splitLabels[split];
  const lines = await averages(engine, measure, 'split');
  return {
    ...table(
      `cohorts_by_${split}`,
      { en: `Cohorts: ${label.en.toLowerCase()}`, ru: `Когорты: ${label.ru.toLowerCase()}` },
      lines.map((line) => ({ ...line, first: line.first === '' ? null : line.first })),
      options,
      { name: split, label, kind: 'text', values: splitValues(split, options.rfm) },
    ),
    grain: split,
    terminalRows: 20,
    notes: [
      {
        en: `All cohorts of a ${label.en.toLowerCase()} together: ${measure.averageNote.en}; ${stepWords[options.calendar.step].many} that are not whole are left out.`,
        ru: `Все когорты вместе: ${measure.averageNote.ru}; неполные периоды не входят.`,
      },
      ...(lines.some(({ first }) => first === '')
        ? [
            {
              en: `The row without a name: customers of whom the files do not tell the ${label.en.toLowerCase()}.`,
              ru: 'Строка без названия: клиенты, о которых файлы этого не говорят.',
            },
          ]
        : []),
      ...(split === 'segment'
        ? [
            {
              en: 'Segments are those at the as-of date, told by what customers bought up to it: they describe who stayed, and predict nothing.',
              ru: 'Сегменты на дату отчёта, они определены по всем покупкам до неё: это описание тех, кто остался, а не прогноз.',
            },
          ]
        : []),
    ],
  };
}

/** Lines of what whole cells come to together, by a column of int_cohort_cells or a constant; most customers first. */
async function averages(engine: Engine, measure: Measure, by: "'average'" | 'split'): Promise<Line[]> {
  const startedWhole = raw(
    measure.addsUp
      ? 'and cohort in (select cohort from int_cohort_cells where period = 0 and is_complete)'
      : '',
  );
  const rows = await engine.query(sql`
    with sizes as (
      select ${raw(by)} as line, sum(customers) as customers from int_cohort_cells where period = 0 group by 1
    ),
    figures as (
      select ${raw(by)} as line, period, ${measure.average} as value
      from int_cohort_cells where is_complete ${startedWhole} group by 1, 2
    )
    select s.line, s.customers, f.period, f.value
    from sizes s left join figures f on f.line = s.line
    order by s.customers desc, s.line, f.period`);
  const lines = new Map<string, { customers: number; figures: Cell[] }>();
  for (const row of rows) {
    const name = String(row.line);
    const line = lines.get(name) ?? { customers: Number(row.customers), figures: [] };
    lines.set(name, line);
    if (row.period != null) line.figures[Number(row.period)] = figure(row.value!, measure.averageUnit);
  }
  return [...lines].map(([first, { customers, figures }]) => ({
    first,
    customers,
    figures: Array.from(figures, (cell) => cell ?? null),
    unit: measure.averageUnit,
    partial: [],
  }));
}

/** Money stays exact text; other figures are numbers. */
function figure(value: Exclude<Cell, null>, unit: Unit): Cell {
  return unit === 'money' ? String(value) : Number(value);
}

const nameOf = (period: number) => `period_${period}`;

function table(
  name: string,
  title: Text,
  lines: readonly Line[],
  options: TriangleOptions,
  first: Column,
): Pick<ResultTable, 'name' | 'title' | 'columns' | 'rows'> {
  const { startsWhole } = measures[options.measure];
  const longest = lines.reduce((most, { figures }) => Math.max(most, figures.length), 1);
  const periods = Array.from({ length: Math.min(longest, (options.periods ?? longest) + 1) }, (_, at) => at);
  const column = (period: number): Column => ({
    name: nameOf(period),
    label: { en: String(period), ru: String(period) },
    kind: 'measure',
    unitColumn: 'unit',
    markColumn: 'partial',
    // Period 0 is far above the others and would leave them all alike.
    ...(period > 0 || options.measure === 'ltv' ? { chart: 'heat' } : {}),
    ...(isInTerminal(period, startsWhole, options) ? {} : { onlyOn: 'file' }),
  });
  return {
    name,
    title,
    columns: [
      first,
      { name: 'customers', label: { en: 'Customers', ru: 'Клиенты' }, kind: 'integer' },
      ...periods.map(column),
      { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
      { name: 'partial', label: { en: 'Not whole', ru: 'Неполные' }, kind: 'text', machineOnly: true },
    ],
    rows: lines.map((line) => {
      const partial = line.partial.filter((period) => period < periods.length).map(nameOf);
      return [
        line.first,
        line.customers,
        ...periods.map((period) => line.figures[period] ?? null),
        line.unit,
        partial.length === 0 ? null : partial.join(' '),
      ];
    }),
  };
}

function isInTerminal(period: number, startsWhole: boolean, { periods }: TriangleOptions): boolean {
  if (period === 0) return !startsWhole;
  return periods !== undefined || period <= terminalPeriods;
}

function shows(period: number, figures: readonly Cell[], { measure, periods }: TriangleOptions): boolean {
  return (
    period < figures.length &&
    period <= (periods ?? figures.length) &&
    (period > 0 || !measures[measure].startsWhole)
  );
}

function periodNote({ step }: Calendar, { startsWhole }: Measure): Text {
  const { one, after, ofOne } = stepWords[step];
  return startsWhole
    ? {
        en: `1: ${after.en} that of the first order, and so on. Empty: not come yet.`,
        ru: `1: ${after.ru} после ${ofOne} первого заказа и так далее. Пусто: ещё не наступил.`,
      }
    : {
        en: `0: the calendar ${one.en} of the first order; 1: ${after.en} it, and so on. Empty: not come yet.`,
        ru: `0: ${one.ru} первого заказа по календарю; 1: ${after.ru} и так далее. Пусто: ещё не наступил.`,
      };
}

function markNote({ step }: Calendar, { first, asOf }: TriangleOptions): Text {
  const { partial } = stepWords[step];
  return {
    en: `Marked with *: ${partial.en}, as what is known goes from ${first} to ${asOf}.`,
    ru: `Со знаком *: ${partial.ru}, так как известно лишь с ${sayDay(first).ru} по ${sayDay(asOf).ru}.`,
  };
}

/** What a terminal leaves out, and how to see it. */
function hiddenNote(lines: readonly Line[], { calendar, periods }: TriangleOptions): TableNote[] {
  const longest = lines.reduce((most, { figures }) => Math.max(most, figures.length - 1), 0);
  if (longest <= (periods ?? terminalPeriods)) return [];
  const { many } = stepWords[calendar.step];
  return periods === undefined
    ? [
        {
          en: `A terminal shows ${terminalPeriods} of ${longest} ${many}: --periods N sets them, --out FILE.xlsx holds all.`,
          ru: `Периодов в терминале: ${terminalPeriods} из ${longest}; --periods N задаёт их число, --out FILE.xlsx содержит все.`,
          onlyOn: 'terminal',
        },
      ]
    : [
        {
          en: `${periods} of ${longest} ${many} are shown, as --periods says; table cohort_cells of --json holds all.`,
          ru: `Показано периодов: ${periods} из ${longest} (--periods); таблица cohort_cells в --json содержит все.`,
        },
      ];
}
