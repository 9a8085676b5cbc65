import type { Day } from '../core/dates.js';
import { type DayCount, splitTail } from '../core/day-tail.js';
import type { Progress } from '../core/progress.js';
import type { Column, Content, Notice, Report, ResultTable, Section } from '../core/table.js';
import { type Language, sayCount, sayPercent, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import type { Inputs } from '../input/read.js';
import { type StagedBase, stageBase } from '../model/base.js';
import { fates } from '../model/fate.js';
import { rejectedRows } from '../model/rejects.js';
import { type InputRequest, identityOptions, withInputs } from '../model/session.js';
import { raw } from '../sql/sql.js';
import type { CheckContext, Example, Outcome, QualityCheck, Severity } from './quality/check.js';
import { qualityChecks } from './quality/index.js';

/** What `retain check` is asked. */
export interface CheckRequest extends InputRequest {
  /** Days without contact after which a contact is stale. */
  readonly staleDays: number;
}

/** The report, and what a threshold is held against. */
export interface CheckResult {
  readonly report: Report<Content>;
  /** Findings that figures suffer from, with their share of what was looked at, 0-1. */
  readonly shares: readonly { readonly title: Text; readonly share: number }[];
}

type State = Severity | 'none' | 'not_checked';

const states: Record<State, Text> = {
  error: { en: 'error', ru: 'ошибка' },
  warning: { en: 'warning', ru: 'внимание' },
  info: { en: 'info', ru: 'сведения' },
  none: { en: 'nothing found', ru: 'не найдено' },
  not_checked: { en: 'not checked', ru: 'не проверено' },
};
const order = Object.keys(states) as State[];

/** A check with what it came to. */
interface Checked {
  readonly check: QualityCheck;
  readonly state: State;
  readonly outcome: Outcome | undefined;
  readonly why: Text | undefined;
}

/**
 * The quality of the base: tables `checks` (one row per check) and `examples`. It looks at bases that others stop
 * at: too many faulty rows, several currencies, no orders at all.
 * @throws UserError for files that cannot be read or whose columns cannot be told
 */
export async function checkReport(request: CheckRequest, progress: Progress): Promise<CheckResult> {
  return withInputs(request, progress, async ({ engine, inputs, temporaryFolder }) => {
    progress.step(`reading ${request.files.map((file) => file.path).join(', ')}`);
    const staged = await stageBase(engine, inputs.sources, {
      temporaryFolder,
      dateOrder: request.dateOrder,
      decimal: request.decimal,
      asOf: request.asOf,
      rates: request.rates,
      identity: identityOptions(request),
      keepLines: true,
      keepDetails: true,
    });
    if (request.rejects !== undefined) await request.rejects(rejectedRows(engine, staged));
    progress.step('checking');
    return checkOf(engine, staged, inputs, request);
  });
}

/** The same of a base that is staged with its lines and details kept. */
export async function checkOf(
  engine: LoadingEngine,
  staged: StagedBase,
  inputs: Inputs,
  request: CheckRequest,
): Promise<CheckResult> {
  const context = await contextOf(engine, staged, inputs, request);
  const checked: Checked[] = [];
  for (const check of qualityChecks) checked.push(await runCheck(check, context));
  checked.sort(bySeverity);
  const examples = await placeExamples(staged, checked);
  return resultOf(checked, examples, context, inputs);
}

async function contextOf(
  engine: LoadingEngine,
  staged: StagedBase,
  { sources }: Inputs,
  request: CheckRequest,
): Promise<CheckContext> {
  const all: DayCount[] =
    staged.orders.length === 0
      ? []
      : (
          await engine.query(
            raw(`select ordered_on, count(*) as row_count from stg_order_lines
              where fate = ${fates.used} and ordered_on >= date '1990-01-01' group by ordered_on order by ordered_on`),
          )
        ).map((row) => ({ day: String(row.ordered_on), rows: Number(row.row_count) }));
  const days = request.asOf === undefined ? splitTail(all).plausible : all;
  return {
    engine,
    staged,
    days,
    asOf: request.asOf ?? days.at(-1)?.day ?? null,
    isAsOfGiven: request.asOf !== undefined,
    staleDays: request.staleDays,
    country: request.country,
    joinsPersons: request.joinPersons,
    hasRates: request.rates !== undefined,
    has: (role, ...fields) =>
      sources.some(
        (source) => source.role === role && fields.every((field) => source.columns[field] !== undefined),
      ),
  };
}

async function runCheck(check: QualityCheck, context: CheckContext): Promise<Checked> {
  const why = check.missing(context);
  if (why !== undefined) return { check, state: 'not_checked', outcome: undefined, why };
  const outcome = await check.run(context);
  return { check, state: outcome.count > 0 ? check.severity : 'none', outcome, why: undefined };
}

function shareOf(outcome: Outcome | undefined): number | null {
  return outcome === undefined || outcome.of === null || outcome.of === 0 ? null : outcome.count / outcome.of;
}

/** The worst first, then the largest share; what found nothing stays in the order of the checks. */
function bySeverity(one: Checked, other: Checked): number {
  const severity = order.indexOf(one.state) - order.indexOf(other.state);
  return severity !== 0 ? severity : (shareOf(other.outcome) ?? 0) - (shareOf(one.outcome) ?? 0);
}

interface PlacedExample {
  readonly file: string | null;
  readonly sheet: string | null;
  readonly row: number | null;
  readonly value: string;
}

/** Examples with the rows as a spreadsheet numbers them; each file is read again but once. */
async function placeExamples(
  { orders, customers, spend }: StagedBase,
  checked: readonly Checked[],
): Promise<Map<QualityCheck, PlacedExample[]>> {
  const examples = checked.flatMap(({ outcome }) => outcome?.examples ?? []);
  const rows = new Map<number, Map<number, number>>();
  const sources = new Map(
    [...orders, ...customers, ...spend].map((staged) => [staged.id, staged.recognised.source]),
  );
  for (const [id, source] of sources) {
    const wanted = examples.flatMap(({ sourceId, rowNumber }) =>
      sourceId === id && rowNumber !== null ? [rowNumber] : [],
    );
    const counted = [...new Set(wanted)].sort((a, b) => a - b);
    if (counted.length === 0) continue;
    const numbers = await source.rowNumbers(counted);
    rows.set(id, new Map(counted.map((number, index) => [number, numbers[index]!])));
  }
  const place = ({ sourceId, rowNumber, value }: Example): PlacedExample => {
    const source = sourceId === null ? undefined : sources.get(sourceId);
    return {
      file: source?.file ?? null,
      sheet: source?.sheet ?? null,
      row: (sourceId !== null && rowNumber !== null ? rows.get(sourceId)?.get(rowNumber) : undefined) ?? null,
      value,
    };
  };
  return new Map(checked.map(({ check, outcome }) => [check, (outcome?.examples ?? []).map(place)]));
}

const checkColumns: readonly Column[] = [
  { name: 'severity', label: { en: 'Severity', ru: 'Важность' }, kind: 'text', values: states },
  { name: 'check', label: { en: 'Check', ru: 'Проверка' }, kind: 'text', machineOnly: true },
  { name: 'finding', label: { en: 'Finding', ru: 'Что найдено' }, kind: 'text' },
  { name: 'count', label: { en: 'Count', ru: 'Сколько' }, kind: 'integer' },
  { name: 'share', label: { en: 'Share', ru: 'Доля' }, kind: 'percent' },
  { name: 'of', label: { en: 'Of', ru: 'Из' }, kind: 'integer' },
  { name: 'unit', label: { en: 'What', ru: 'Чего' }, kind: 'text' },
  { name: 'rule', label: { en: 'Rule', ru: 'Правило' }, kind: 'text', onlyOn: 'file' },
  { name: 'advice', label: { en: 'What to do', ru: 'Что делать' }, kind: 'text', onlyOn: 'file' },
];

const exampleColumns: readonly Column[] = [
  { name: 'check', label: { en: 'Check', ru: 'Проверка' }, kind: 'text', machineOnly: true, onlyOn: 'file' },
  { name: 'finding', label: { en: 'Finding', ru: 'Что найдено' }, kind: 'text', onlyOn: 'file' },
  { name: 'file', label: { en: 'File', ru: 'Файл' }, kind: 'text' },
  { name: 'sheet', label: { en: 'Sheet', ru: 'Лист' }, kind: 'text' },
  { name: 'row', label: { en: 'Row', ru: 'Строка' }, kind: 'integer' },
  { name: 'value', label: { en: 'Example', ru: 'Пример' }, kind: 'text' },
];

function resultOf(
  checked: readonly Checked[],
  examples: ReadonlyMap<QualityCheck, readonly PlacedExample[]>,
  context: CheckContext,
  inputs: Inputs,
): CheckResult {
  const found = checked.filter(({ state }) => state !== 'none' && state !== 'not_checked');
  const row = ({ check, state, outcome, why }: Checked): Content[] => {
    const share = shareOf(outcome);
    return [
      state,
      check.name,
      check.title,
      outcome?.count ?? null,
      share === null ? null : 100 * share,
      outcome?.of ?? null,
      check.unit,
      why ?? outcome?.rule ?? null,
      state === 'none' || state === 'not_checked' ? null : check.advice,
    ];
  };
  const shared: Omit<ResultTable<Content>, 'name' | 'rows' | 'notes'> = {
    title: { en: 'Findings', ru: 'Что найдено' },
    grain: 'check',
    columns: checkColumns,
  };
  const placed = found.flatMap(({ check }) =>
    (examples.get(check) ?? []).map((example): Content[] => [
      check.name,
      check.title,
      example.file,
      example.sheet,
      example.row,
      example.value,
    ]),
  );
  const hasSheets = placed.some((cells) => cells[3] !== null);
  const { staged, asOf } = context;
  return {
    report: {
      title: { en: 'Quality of the customer base', ru: 'Качество базы клиентов' },
      asOf,
      currency: null,
      parameters: parametersOf(context),
      tables: [
        { ...shared, name: 'checks', rows: checked.map(row), notes: [], onlyOn: 'file' },
        { ...shared, name: 'findings', rows: found.map(row), notes: restOf(checked), onlyOn: 'terminal' },
        {
          name: 'examples',
          title: { en: 'Examples', ru: 'Примеры' },
          grain: 'example',
          columns: exampleColumns.filter(({ name }) => name !== 'sheet' || hasSheets),
          rows: placed.map((cells) => cells.filter((_, index) => index !== 3 || hasSheets)),
          notes: [],
          sections: found.map((one) => sectionOf(one, examples.get(one.check)?.length ?? 0)),
        },
      ],
      notices: noticesOf(found, inputs, staged.notices),
      sources: staged.accounts,
    },
    shares: found.flatMap(({ check, state, outcome }) => {
      const share = shareOf(outcome);
      return share === null || state === 'info' ? [] : [{ title: check.title, share }];
    }),
  };
}

function parametersOf({ asOf, isAsOfGiven, days, staleDays }: CheckContext): Report['parameters'] {
  const first: Day | null = days[0]?.day ?? null;
  return [
    {
      name: 'data_from',
      label: { en: 'Data from', ru: 'Данные с' },
      value: first,
      machineOnly: first === null,
    },
    {
      name: 'data_to',
      label: { en: 'to', ru: 'по' },
      value: days.at(-1)?.day ?? null,
      machineOnly: first === null,
    },
    { name: 'as_of', label: { en: 'As of', ru: 'На дату' }, value: asOf, machineOnly: asOf === null },
    {
      name: 'as_of_origin',
      label: { en: 'As-of date from', ru: 'Откуда дата' },
      value: isAsOfGiven ? 'given' : 'data',
      machineOnly: true,
    },
    {
      name: 'stale_days',
      label: { en: 'Stale after, days', ru: 'Давно, дней' },
      value: staleDays,
      machineOnly: true,
    },
  ];
}

/** What found nothing, and what could not be asked, by the reason. */
function restOf(checked: readonly Checked[]): Text[] {
  const titles = (some: readonly Checked[], language: Language) =>
    some.map(({ check }) => lower(check.title[language])).join('; ');
  const none = checked.filter(({ state }) => state === 'none');
  const reasons = new Map<string, Checked[]>();
  for (const one of checked) {
    if (one.why !== undefined) reasons.set(one.why.en, [...(reasons.get(one.why.en) ?? []), one]);
  }
  return [
    ...(none.length === 0
      ? []
      : [
          {
            en: `Nothing found: ${titles(none, 'en')}.`,
            ru: `Не найдено: ${titles(none, 'ru')}.`,
          },
        ]),
    ...[...reasons.values()].map((some) => ({
      en: `Not checked, ${some[0]!.why!.en}: ${titles(some, 'en')}.`,
      ru: `Не проверено, ${some[0]!.why!.ru}: ${titles(some, 'ru')}.`,
    })),
  ];
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function sectionOf({ check, outcome }: Checked, rowCount: number): Section {
  const { count, of, rule } = outcome!;
  const share = shareOf(outcome);
  const say = (language: 'en' | 'ru') => {
    const counted = sayCount(count)[language];
    if (of === null || share === null) return `${check.title[language]}: ${counted}`;
    const among = language === 'en' ? 'of' : 'из';
    return `${check.title[language]}: ${counted} ${among} ${sayCount(of)[language]} ${check.unit[language]} (${sayPercent(100 * share)[language]})`;
  };
  return {
    title: { en: say('en'), ru: say('ru') },
    facts: [
      check.advice,
      ...(rule === undefined ? [] : [{ en: `Rule: ${rule.en}.`, ru: `Правило: ${rule.ru}.` }]),
    ],
    rowCount,
    notes: [],
  };
}

function noticesOf(found: readonly Checked[], inputs: Inputs, staged: readonly Notice[]): Notice[] {
  return [
    ...(found.length > 0
      ? []
      : [
          {
            code: 'nothing_found',
            level: 'info' as const,
            text: {
              en: 'None of the checks that could be made found anything.',
              ru: 'Ни одна из проведённых проверок ничего не нашла.',
            },
          },
        ]),
    ...staged,
    ...inputs.notices,
  ];
}
