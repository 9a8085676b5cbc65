import { shorten, type UserError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import type { Column, Content, Report, ResultTable, Section } from '../core/table.js';
import { sayCount, sayPercent, type Text, verbatim } from '../core/text.js';
import { type ColumnContent, type ContentType, contentOf } from '../input/content.js';
import { examine, type Finding } from '../input/examine.js';
import { nameOfField } from '../input/field-names.js';
import { checkColumnsOfOptions } from '../input/named-columns.js';
import { markVotes, settledMark } from '../input/numbers.js';
import { expandPaths } from '../input/paths.js';
import { type ColumnExplanation, fieldsKnownAs } from '../input/recognise.js';
import type { Layout } from '../input/source.js';
import type { Field } from '../input/vocabulary.js';
import { type InputRequest, withEngine } from '../model/session.js';

/** How sure it is what a column was taken for. */
type Certainty = 'certain' | 'likely' | 'weak' | 'ambiguous' | 'possible';

const certainties: Record<Certainty, Text> = {
  certain: { en: 'certain', ru: 'точно' },
  likely: { en: 'likely', ru: 'вероятно' },
  weak: { en: 'weak', ru: 'слабо' },
  ambiguous: { en: 'ambiguous', ru: 'неясно' },
  possible: { en: 'possible', ru: 'возможно' },
};

const states: Record<'used' | 'problem' | 'unrecognised' | Exclude<Finding['state'], 'table'>, Text> = {
  used: { en: 'can be used', ru: 'можно использовать' },
  problem: { en: 'needs an answer', ru: 'нужно уточнение' },
  unrecognised: { en: 'not recognised', ru: 'не распознан' },
  hidden: { en: 'hidden sheet, left out', ru: 'скрытый лист, пропущен' },
  empty: { en: 'no rows below a header, left out', ru: 'нет строк под заголовком, пропущен' },
  unreadable: { en: 'cannot be read', ru: 'нельзя прочитать' },
};

const roles: Record<string, Text> = {
  orders: { en: 'orders', ru: 'заказы' },
  customers: { en: 'customers', ru: 'клиенты' },
  spend: { en: 'spend', ru: 'расходы' },
  contacts: { en: 'contacts', ru: 'контакты' },
  feedback: { en: 'feedback', ru: 'отзывы' },
  incidents: { en: 'incidents', ru: 'инциденты' },
};

const types: Record<ContentType, Text> = {
  empty: { en: 'empty', ru: 'пусто' },
  text: { en: 'text', ru: 'текст' },
  integer: { en: 'integer', ru: 'целое' },
  number: { en: 'number', ru: 'число' },
  money: { en: 'money', ru: 'деньги' },
  percent: { en: 'percent', ru: 'процент' },
  date: { en: 'date', ru: 'дата' },
  month: { en: 'month', ru: 'месяц' },
  boolean: { en: 'boolean', ru: 'да/нет' },
  email: { en: 'e-mail', ru: 'эл. почта' },
  phone: { en: 'phone', ru: 'телефон' },
};

const file: Column = { name: 'file', label: { en: 'File', ru: 'Файл' }, kind: 'text', onlyOn: 'file' };
const sheet: Column = { name: 'sheet', label: { en: 'Sheet', ru: 'Лист' }, kind: 'text', onlyOn: 'file' };

const sourceColumns: readonly Column[] = [
  file,
  sheet,
  { name: 'state', label: { en: 'State', ru: 'Состояние' }, kind: 'text', values: states },
  { name: 'role', label: { en: 'Role', ru: 'Роль' }, kind: 'text', values: roles },
  { name: 'reason', label: { en: 'Why', ru: 'Почему' }, kind: 'text' },
  { name: 'format', label: { en: 'Format', ru: 'Формат' }, kind: 'text' },
  { name: 'encoding', label: { en: 'Encoding', ru: 'Кодировка' }, kind: 'text' },
  { name: 'delimiter', label: { en: 'Delimiter', ru: 'Разделитель' }, kind: 'text' },
  { name: 'decimal_mark', label: { en: 'Decimal mark', ru: 'Десятичный знак' }, kind: 'text' },
  { name: 'header_row', label: { en: 'Header row', ru: 'Строка заголовка' }, kind: 'integer' },
  { name: 'rows', label: { en: 'Rows', ru: 'Строк' }, kind: 'integer' },
  { name: 'columns', label: { en: 'Columns', ru: 'Столбцов' }, kind: 'integer' },
  { name: 'columns_used', label: { en: 'Columns used', ru: 'Использовано' }, kind: 'integer' },
  { name: 'problem', label: { en: 'Problem', ru: 'Проблема' }, kind: 'text' },
  { name: 'remedy', label: { en: 'What to do', ru: 'Что делать' }, kind: 'text' },
];

const columnColumns: readonly Column[] = [
  file,
  sheet,
  { name: 'position', label: { en: 'No.', ru: '№' }, kind: 'integer', onlyOn: 'file' },
  { name: 'column', label: { en: 'Column', ru: 'Столбец' }, kind: 'text' },
  { name: 'taken_for', label: { en: 'Taken for', ru: 'Принят за' }, kind: 'text', onlyOn: 'terminal' },
  { name: 'field', label: { en: 'Field', ru: 'Поле' }, kind: 'text', onlyOn: 'file' },
  { name: 'certainty', label: { en: 'How sure', ru: 'Точность' }, kind: 'text', values: certainties },
  { name: 'shown_type', label: { en: 'Type', ru: 'Тип' }, kind: 'text', onlyOn: 'terminal' },
  { name: 'type', label: { en: 'Type', ru: 'Тип' }, kind: 'text', values: types, onlyOn: 'file' },
  { name: 'date_form', label: { en: 'Form of dates', ru: 'Вид дат' }, kind: 'text', onlyOn: 'file' },
  { name: 'type_share', label: { en: 'Of this type', ru: 'Этого типа' }, kind: 'percent', onlyOn: 'file' },
  { name: 'empty_share', label: { en: 'Empty', ru: 'Пусто' }, kind: 'percent' },
  { name: 'samples', label: { en: 'Samples', ru: 'Примеры' }, kind: 'text', onlyOn: 'terminal' },
  ...[1, 2, 3].map(
    (number): Column => ({
      name: `sample_${number}`,
      label: { en: `Sample ${number}`, ru: `Пример ${number}` },
      kind: 'text',
      onlyOn: 'file',
    }),
  ),
];

/** What files hold, and the errors of those that cannot be read. */
export interface Inspection {
  readonly report: Report<Content>;
  readonly errors: readonly UserError[];
}

/**
 * Tells what each file and sheet holds and how it would be read, in tables `columns` (one row per column) and
 * `files` (one row per file or sheet). Nothing about one file stops the look at the others.
 */
export async function inspectFiles(request: InputRequest, progress: Progress): Promise<Inspection> {
  return withEngine(request, progress, async (context) => {
    const findings: Finding[] = [];
    const { files, notices } = await expandPaths(request.files);
    for await (const finding of examine(files, request.columns, context)) findings.push(finding);
    const looked = findings.flatMap((finding) => (finding.state === 'table' ? [finding.source] : []));
    if (looked.length > 0) checkColumnsOfOptions(request.columns, looked);
    const tables = findings.map(describe);
    return {
      report: {
        title: { en: 'What the files hold', ru: 'Что в файлах' },
        asOf: null,
        currency: null,
        parameters: [],
        tables: [columnsTable(tables), sourcesTable(tables)],
        notices: [...(request.notices ?? []), ...notices],
        sources: [],
      },
      errors: findings.flatMap((finding) => (finding.state === 'unreadable' ? [finding.error] : [])),
    };
  });
}

interface Described {
  readonly source: readonly Content[];
  readonly columns: readonly (readonly Content[])[];
  readonly section: Section;
}

function columnsTable(described: readonly Described[]): ResultTable<Content> {
  return {
    name: 'columns',
    title: { en: 'Columns', ru: 'Столбцы' },
    grain: 'column of a file or sheet',
    columns: columnColumns,
    rows: described.flatMap(({ columns }) => columns),
    notes: [],
    sections: described.map(({ section }) => section),
  };
}

function sourcesTable(described: readonly Described[]): ResultTable<Content> {
  return {
    name: 'files',
    title: { en: 'Files', ru: 'Файлы' },
    grain: 'file or sheet',
    columns: sourceColumns,
    rows: described.map(({ source }) => source),
    notes: [],
    onlyOn: 'file',
  };
}

function describe(finding: Finding): Described {
  if (finding.state !== 'table') return describeOther(finding);
  const { source, explanation, rows } = finding;
  const [problem] = explanation.problems;
  const isLeftOut = explanation.role === undefined && finding.mayBeLeftOut;
  const state = explanation.role === undefined ? 'unrecognised' : problem === undefined ? 'used' : 'problem';
  const columns = explanation.columns.map((column) => describeColumn(column, explanation.role === undefined));
  const contents = columns.map(({ column, field }) =>
    contentOf(
      source.sample.map((cells) => cells[column.index] ?? null),
      field,
    ),
  );
  const used = columns.filter(
    ({ certainty }) => certainty !== null && certainty !== 'ambiguous' && certainty !== 'possible',
  );
  const decimalMark = markOf(source.sample, columns, contents);
  const { layout } = source;
  const facts: Text[] = [
    explanation.role === undefined
      ? explanation.reason
      : joined(': ', [roles[explanation.role]!, explanation.reason]),
    joined(', ', [
      ...layoutFacts(layout),
      ...(decimalMark === null ? [] : [marks[decimalMark]]),
      { en: `${sayCount(rows).en} ${rows === 1 ? 'row' : 'rows'}`, ru: `строк: ${sayCount(rows).ru}` },
      {
        en: `${columns.length} columns, ${columns.length - used.length} not used`,
        ru: `столбцов: ${columns.length}, из них не используется: ${columns.length - used.length}`,
      },
    ]),
  ];
  const problems = isLeftOut
    ? [
        {
          en: 'Left out: the file has other sheets that are used. --orders FILE, --customers FILE and so on force a role.',
          ru: 'Пропущен: в файле есть другие листы, которые используются. --orders, --customers или --spend FILE задаёт роль.',
        },
      ]
    : explanation.problems.map(({ message, remedy }) => verbatim(`${begin(message)}. ${remedy}`));
  return {
    source: [
      source.file,
      source.sheet,
      state,
      explanation.role ?? null,
      explanation.reason,
      layout.format,
      layout.encoding,
      layout.delimiter,
      decimalMark,
      layout.headerRow,
      rows,
      columns.length,
      used.length,
      problem?.message ?? null,
      problem?.remedy ?? null,
    ],
    columns: columns.map(({ column, field, certainty }, index) => [
      source.file,
      source.sheet,
      column.index + 1,
      column.header,
      field === null ? null : nameOfField(field),
      field,
      certainty,
      sayType(contents[index]!),
      contents[index]!.type,
      contents[index]!.form,
      100 * contents[index]!.typeShare,
      100 * contents[index]!.emptyShare,
      contents[index]!.samples.map(shorten).join(' | '),
      ...[0, 1, 2].map((number) => contents[index]!.samples[number] ?? null),
    ]),
    section: {
      title: titleOf(source.file, source.sheet),
      facts: [
        ...facts,
        {
          en: `Types, empty cells and samples are of ${sayCount(source.sample.length).en} sample rows.`,
          ru: `Типы, пустые ячейки и примеры: по выборке строк (${sayCount(source.sample.length).ru}).`,
        },
      ],
      rowCount: columns.length,
      notes: problems,
    },
  };
}

function describeOther(finding: Exclude<Finding, { state: 'table' }>): Described {
  const isUnreadable = finding.state === 'unreadable';
  const sheetName = isUnreadable ? (finding.error.place.sheet ?? null) : finding.sheet;
  const error = isUnreadable ? finding.error : undefined;
  const empty = sourceColumns.map(() => null);
  return {
    source: [
      finding.file,
      sheetName,
      finding.state,
      ...empty.slice(3, -2),
      error?.message ?? null,
      error?.remedy ?? null,
    ],
    columns: [],
    section: {
      title: titleOf(finding.file, sheetName),
      facts: [
        joined(': ', [states[finding.state], ...(error === undefined ? [] : [verbatim(error.message)])]),
      ],
      rowCount: 0,
      notes: error === undefined ? [] : [verbatim(error.remedy)],
    },
  };
}

/** What a column is taken for, or where the whole source is not recognised, what its name could stand for. */
function describeColumn(
  column: ColumnExplanation,
  isGuess: boolean,
): { column: ColumnExplanation; field: Field | null; certainty: Certainty | null } {
  if (column.field !== null) {
    const certainty = column.by === 'words' ? (column.tier === 0 ? 'likely' : 'weak') : 'certain';
    return { column, field: column.field, certainty };
  }
  if (column.candidates[0] !== undefined)
    return { column, field: column.candidates[0], certainty: 'ambiguous' };
  const guess = isGuess ? fieldsKnownAs(column.header)[0] : undefined;
  return { column, field: guess ?? null, certainty: guess === undefined ? null : 'possible' };
}

function sayType({ type, form, typeShare }: ColumnContent): Text {
  const share = typeShare === 1 ? undefined : sayPercent(Math.floor(1000 * typeShare) / 10);
  const say = (language: 'en' | 'ru') =>
    `${types[type][language]}${form === null ? '' : ` ${form}`}${share === undefined ? '' : ` (${share[language]})`}`;
  return { en: say('en'), ru: say('ru') };
}

const marks = {
  comma: { en: 'decimal comma', ru: 'десятичная запятая' },
  point: { en: 'decimal point', ru: 'десятичная точка' },
} as const;

/** The decimal mark of the columns that hold fractions; null where none does or nothing tells it. */
function markOf(
  sample: readonly (readonly (string | null)[])[],
  columns: readonly { readonly column: ColumnExplanation }[],
  contents: readonly ColumnContent[],
): 'comma' | 'point' | null {
  const cells = columns.flatMap(({ column }, index) =>
    ['number', 'money'].includes(contents[index]!.type)
      ? sample.flatMap((row) => row[column.index] ?? [])
      : [],
  );
  if (!cells.some((cell) => /\d[.,]\d/.test(cell))) return null;
  const mark = settledMark(markVotes(cells));
  return mark === 'open' ? null : mark;
}

const delimiters: Record<string, Text> = {
  ',': { en: 'comma', ru: 'запятая' },
  ';': { en: 'semicolon', ru: 'точка с запятой' },
  '\t': { en: 'tab', ru: 'табуляция' },
  '|': { en: 'pipe', ru: 'вертикальная черта' },
};

function layoutFacts({ format, packed, encoding, delimiter, headerRow }: Layout): Text[] {
  return [
    verbatim(format.toUpperCase()),
    ...(packed === undefined ? [] : [verbatim(packed)]),
    ...(encoding === null ? [] : [verbatim(encoding.toUpperCase())]),
    ...(delimiter === null ? [] : [delimiters[delimiter] ?? verbatim(`'${delimiter}'`)]),
    ...(headerRow === null
      ? []
      : [{ en: `header in row ${headerRow}`, ru: `заголовок в строке ${headerRow}` }]),
  ];
}

function titleOf(path: string, sheetName: string | null): Text {
  if (sheetName === null) return verbatim(path);
  return { en: `${path}, sheet '${sheetName}'`, ru: `${path}, лист «${sheetName}»` };
}

function joined(separator: string, texts: readonly Text[]): Text {
  const join = (language: 'en' | 'ru') => texts.map((text) => text[language]).join(separator);
  return { en: join('en'), ru: join('ru') };
}

function begin(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
