import { UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Chapter, Column, Content, Notice, Parameter, Report, ResultTable } from '../core/table.js';
import { type Language, type Text, verbatim } from '../core/text.js';
import { judgeBase, stageBase } from '../model/base.js';
import { rejectedRows } from '../model/rejects.js';
import { identityOptions, withInputs } from '../model/session.js';
import { choosePeriods, type MetricsRequest } from './metrics.js';
import { definitionsTable } from './report/definitions.js';
import { inPlainWords, noticesOf } from './report/for-managers.js';
import type { ReportAction, ReportChapter, ReportContent, ReportPart, ReportSession } from './report/part.js';
import { reportParts } from './report/parts.js';
import { reportCurrency } from './report-currency.js';
import type { RfmOptions } from './rfm/scores.js';

/** What `retain report` is asked. */
export interface FullReportRequest extends Omit<MetricsRequest, 'by'> {
  readonly rfm: RfmOptions;
  /** The version of the program, which the report tells. */
  readonly version: string;
}

/**
 * All analyses of one base, which is read once, as the chapters of one report: what changed in words, KPIs, trend,
 * segments, ... with the definition of every figure.
 * @throws UserError for input or a request that cannot be used
 */
export async function fullReport(request: FullReportRequest, progress: Progress): Promise<Report<Content>> {
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
      keepChannels: true,
      keepReturns: true,
    });
    if (request.rejects !== undefined) await request.rejects(rejectedRows(engine, staged));
    const base = await judgeBase(engine, inputs.sources, staged, {
      ...request,
      keepDetails: true,
      numberPurchaseDays: true,
    });
    const session: ReportSession = {
      engine,
      inputs,
      staged,
      base,
      request,
      periods: choosePeriods(base, { ...request, by: undefined }),
      currency: reportCurrency(base, request.currency),
      progress,
    };
    const contents: ReportContent[] = [];
    for (const part of reportParts) {
      progress.step(`computing ${part.name}`);
      contents.push(await contentOf(part, session));
    }
    return compose(contents, session);
  });
}

/** What a part gives, or why it gives nothing: one analysis that cannot be made does not take the others with it. */
async function contentOf(part: ReportPart, session: ReportSession): Promise<ReportContent> {
  const missing = part.missing(session);
  const without = (why: Text): ReportContent => ({
    chapters: part.chapters.map((chapter) => ({ ...chapter, tables: [], missing: why })),
  });
  if (missing !== undefined) return without(missing);
  try {
    return await session.engine.inScope(() => part.make(session));
  } catch (error) {
    // The first part is what every report has.
    if (!(error instanceof UserError) || part === reportParts[0]) throw error;
    return without(verbatim(error.message));
  }
}

const definitions = {
  name: 'definitions',
  title: { en: 'Definitions', ru: 'Определения' },
  about: { en: 'Formula and meaning of every figure', ru: 'Формула и смысл каждого показателя' },
};
const models = {
  name: 'models',
  title: { en: 'Models', ru: 'Модели' },
  about: {
    en: 'What segments, forecast and risk rest on: thresholds, parameters, and how the models did on the past',
    ru: 'На чём стоят сегменты, прогноз и риск: пороги, параметры и проверка моделей на прошлом',
  },
};
const notes = {
  name: 'notes',
  title: { en: 'Notes', ru: 'Примечания' },
  about: { en: 'Warnings, and what the figures rest on', ru: 'Предупреждения и на чём основаны показатели' },
};
const sources = {
  name: 'sources',
  title: { en: 'Sources', ru: 'Источники' },
  about: {
    en: 'Every file with its rows used and left out, and every setting',
    ru: 'Все файлы со строками, учтёнными и пропущенными, и все настройки',
  },
};

function compose(contents: readonly ReportContent[], { base, inputs, request, currency }: ReportSession) {
  const [first, ...others] = contents.flatMap(({ chapters }) => chapters);
  const summary = {
    ...first!,
    tables: [...first!.tables, ...contents.flatMap(({ atAGlance = [] }) => atAGlance)],
  };
  const assumptions = contents.flatMap((content) => content.assumptions ?? []);
  const basis = assumptions.length === 0 ? [] : [{ ...models, tables: assumptions }];
  const rest = [
    ...others,
    { ...definitions, tables: [definitionsTable([summary, ...others, ...basis])] },
    ...basis,
  ];
  const changes = changesTable(contents.flatMap(({ changes = [] }) => changes));
  const actions = actionsTable(
    contents.flatMap(({ actions = [] }) => actions),
    rest,
  );
  const chapters: ReportChapter[] = [
    {
      ...summary,
      tables: [
        ...[changes, actions].filter(({ rows }) => rows.length > 0),
        ...summary.tables,
        contentsTable([...rest, { ...notes, tables: [] }, { ...sources, tables: [] }]),
      ],
    },
    ...rest.filter(({ tables }) => tables.length > 0),
  ];
  const report: Report<Content> = {
    title: { en: 'Retention report', ru: 'Отчёт об удержании клиентов' },
    asOf: base.asOf,
    currency,
    parameters: unique<Parameter>(
      [
        ...contents.flatMap(({ parameters = [] }) => parameters),
        {
          name: 'version',
          label: { en: 'Made by', ru: 'Программа' },
          value: request.version,
          explanation: verbatim(`retain ${request.version}`),
        },
      ],
      ({ name }) => name,
    ),
    tables: chapters.flatMap(({ tables }) => tables).map(inPlainWords),
    chapters: chapters.map(
      ({ name, title, about, tables }): Chapter => ({
        name,
        title,
        about,
        tables: tables.map((table) => table.name),
      }),
    ),
    notices: withMissing(noticesOf(contents, inputs.notices), rest),
    sources: base.accounts,
  };
  checkNames(report.tables);
  return report;
}

/** The first of each key. */
function unique<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}

/** Chapters and JSON find tables by name. */
function checkNames(tables: readonly ResultTable<Content>[]): void {
  const names = tables.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two tables of a report are called '${twice}'`);
}

function changesTable(lines: readonly Text[]): ResultTable<Content> {
  return {
    name: 'changes',
    title: { en: 'What changed', ru: 'Что изменилось' },
    grain: 'sentence',
    columns: [{ name: 'change', label: { en: 'What changed', ru: 'Что изменилось' }, kind: 'text' }],
    rows: lines.map((line) => [line]),
    notes: [],
    isProse: true,
  };
}

/** What to do, each with the way to the chapter that tells more. */
function actionsTable(
  actions: readonly ReportAction[],
  chapters: readonly ReportChapter[],
): ResultTable<Content> {
  const title = { en: 'What to do now', ru: 'Что делать сейчас' };
  return {
    name: 'actions',
    title,
    grain: 'sentence',
    columns: [chapterColumn(chapters), { name: 'action', label: title, kind: 'text' }],
    rows: actions.map(({ chapter, text }) => [chapter, text]),
    notes: [],
    isProse: true,
  };
}

/** The other chapters, what they answer, and why some are not there. */
function contentsTable(chapters: readonly ReportChapter[]): ResultTable<Content> {
  return {
    name: 'contents',
    title: { en: 'Contents', ru: 'Содержание' },
    grain: 'chapter',
    columns: [
      chapterColumn(chapters),
      { name: 'about', label: { en: 'What it tells', ru: 'О чём' }, kind: 'text' },
    ],
    rows: chapters.map(({ name, about, missing }) => [
      name,
      missing === undefined
        ? about
        : {
            en: `${about.en}. Not available: ${missing.en}`,
            ru: `${about.ru}. Недоступно: ${missing.ru}`,
          },
    ]),
    notes: [],
    isProse: true,
    isNavigation: true,
  };
}

function chapterColumn(chapters: readonly ReportChapter[]): Column {
  return {
    name: 'chapter',
    label: { en: 'Chapter', ru: 'Раздел' },
    kind: 'text',
    values: Object.fromEntries(chapters.map(({ name, title }) => [name, title])),
    linksToChapters: true,
  };
}

/** The notices with the chapters that could not be made, by the reason: paper has no contents that tell of them. */
function withMissing(notices: readonly Notice[], chapters: readonly ReportChapter[]): Notice[] {
  const byReason = new Map<string, ReportChapter[]>();
  for (const chapter of chapters) {
    if (chapter.missing === undefined) continue;
    byReason.set(chapter.missing.en, [...(byReason.get(chapter.missing.en) ?? []), chapter]);
  }
  const missing = [...byReason.values()].map((some): Notice => {
    const titles = (language: Language) => some.map(({ title }) => title[language]).join(', ');
    const { en, ru } = some[0]!.missing!;
    return {
      code: 'chapter_missing',
      level: 'hint',
      text: {
        en: `Not in this report: ${titles('en')}. ${capital(en)}.`,
        ru: `В этом отчёте нет: ${titles('ru')}. ${capital(ru)}.`,
      },
    };
  });
  // What such a notice says once more is told by it.
  const isSaid = ({ text }: Notice) => missing.some((other) => other.text.en.endsWith(` ${text.en}`));
  return [...notices.filter((notice) => !isSaid(notice)), ...missing];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
