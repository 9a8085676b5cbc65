import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Day, isDay } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import type { Cell, Column, Notice } from '../core/table.js';
import type { Language, Text } from '../core/text.js';
import { detectDialect } from '../input/dialect.js';
import { decodePart, detectEncoding } from '../input/encoding.js';
import { splitRecords } from '../input/records.js';
import { columnName } from '../ooxml/references.js';
import { harmless, quotedField } from '../output/csv.js';
import { currencyDigits } from '../output/currency.js';
import { plainNumber } from '../output/plain.js';
import { cellUnit, isNumeric } from '../output/unit.js';
import { allColumns } from './columns.js';
import { type CsvForm, csvFormOf } from './csv-form.js';
import type { FormerList } from './former-list.js';
import { matchKeys } from './keys.js';
import {
  archiveColumns,
  besideOwn,
  carriesInputs,
  comparable,
  computedColumns,
  inputColumns,
  isNamed,
  isOutcome,
  keyColumn,
  type ManagedList,
  markColumn,
  outcomes,
  sinceColumn,
} from './managed-list.js';
import { customersOf, departuresOf, planList } from './plan.js';
import { faultOf } from './problems.js';
import { lockOf, type Saved, saveList, type Version, versionOf, writeBeside } from './save.js';
import type { ListChanges } from './update.js';

/** A CSV file as it was read. */
interface CsvTable {
  readonly delimiter: string;
  /** A byte-order mark, by which Excel knows UTF-8. */
  readonly mark: string;
  /** Excel's first line 'sep=;', with its end; '' where there is none. */
  readonly separatorLine: string;
  readonly lineEnd: string;
  readonly header: readonly string[];
  /** Records below the header, as they are; those of another length are filled up. */
  readonly rows: readonly string[][];
}

const newTable: CsvTable = {
  delimiter: ',',
  mark: '',
  separatorLine: '',
  lineEnd: '\n',
  header: [],
  rows: [],
};

/**
 * Writes a list as CSV. One that is there is brought up to date as a workbook is; who left goes to a file beside it,
 * 'churn.archive.csv'. A CSV file holds no state: a row that somebody deleted comes again, unless the archive
 * says that the customer is dismissed.
 * @throws UserError where the file has no column of keys, or cannot be split into columns
 */
export async function writeListCsv(
  path: string,
  list: ManagedList,
  language: Language,
): Promise<ListChanges & Saved> {
  const version = await versionOf(path);
  const table = version === undefined ? newTable : await readCsv(path);
  const archivePath = archiveOf(path);
  const archiveVersion = await versionOf(archivePath);
  const archive =
    archiveVersion === undefined ? { ...table, header: [], rows: [] } : await readCsv(archivePath);

  const key = keyColumn(list);
  const header = version === undefined ? [key.name] : table.header;
  const named = csvColumns(header, allColumns(list));
  const keyAt = named.findIndex(({ name }) => name === key.name);
  if (keyAt === -1) throw noKey(path, key.label, key.name);
  const keyPosition = list.table.columns.findIndex(({ name }) => name === list.key);
  const rowsByKey = new Map(list.table.rows.map((row) => [String(row[keyPosition]), row]));
  const archiveColumnsThere = csvColumns(archive.header, [...archiveColumns, ...allColumns(list)]);
  const archived = archive.rows.map((row) => record(archiveColumnsThere, row));
  const written = table.rows.map((row) => plainText(row[keyAt] ?? '').trim());
  refuseRounded(path, written, keyAt);
  const archivedKeys = archived.map((one) => plainText(one.get(key.name) ?? '').trim());
  // Of an id that the base has as it is no zeros were dropped.
  const known = [...rowsByKey.keys(), ...(list.knownIds ?? [])];
  const meant = matchKeys([...written, ...archivedKeys], known);
  const today = (id: string) => list.todaysIds?.get(id) ?? meant.get(id) ?? id;
  const plan = planList({
    rows: written.map((id, number) => ({ number, key: id, fingerprint: undefined })),
    keys: [...rowsByKey.keys()],
    state: undefined,
    dismissedBefore: new Set(
      archivedKeys.filter((_, at) => isOutcome('dismissed', archived[at]!.get('outcome') ?? '')).map(today),
    ),
    whyLeft: list.whyLeft,
    unknownDeparture: { outcome: 'left', reason: outcomes.left },
    todaysIds: new Map(written.map((id) => [id, today(id)])),
  });

  const listed = new Map([...plan.refreshed].map(([number, id]) => [number, rowsByKey.get(id)!]));
  const form = formOf(table, named, list, listed);
  const computed = computedText(list, form);
  const own = ownColumns(named, list, (index, name) =>
    [...listed].map(([number, now]) => [table.rows[number]![index] ?? '', computed(name, now, null) ?? '']),
  );
  const columns = csvColumns(header, allColumns(list), own);
  const missing = allColumns(list)
    .filter(({ name }) => columns.every((column) => column.name !== name))
    .map(({ name, label }): CsvColumn => {
      const isTaken = header.includes(name);
      return { name, id: name, header: isTaken ? besideOwn({ label }).label.en : name };
    });
  const all = [...columns, ...missing];
  const since = all.findIndex(({ name }) => name === 'listed_since');
  const lines = [all.map((column) => column.header)];
  for (const [number, row] of table.rows.entries()) {
    if (plan.archived.has(number)) continue;
    const id = plan.refreshed.get(number);
    const cells = all.map(({ name }, index) => {
      const own = row[index] ?? '';
      if (id === undefined || (index === since && own !== '')) return own;
      return computed(name, rowsByKey.get(id)!, null) ?? own;
    });
    lines.push(cells);
  }
  const before = new Map(archived.map((one, at) => [today(archivedKeys[at]!), one]));
  const isFirst = version === undefined && archived.length === 0;
  for (const id of plan.added) {
    const former = before.get(id);
    const news = former === undefined ? (isFirst ? null : 'new') : 'back';
    lines.push(all.map(({ name }) => computed(name, rowsByKey.get(id)!, news) ?? carried(name, former)));
  }
  const left = [...plan.archived].map(([number, { key: id, departure }]): ArchivedCsvRow => {
    const about = {
      [key.name]: harmless(id),
      left_on: form.day(list.asOf),
      outcome: departure.outcome,
      left_because: harmless(departure.reason[language]),
    };
    return { about, columns: all, cells: table.rows[number]! };
  });
  const files: FileToSave[] = [
    // First, so that nobody is in neither file whenever the run ends.
    ...(left.length === 0
      ? []
      : [
          {
            path: archivePath,
            text: archiveText(archive, archiveColumnsThere, left, key.name),
            version: archiveVersion,
          },
        ]),
    { path, text: csvText(table, lines), version },
  ];
  const saved = await saveTogether(files, list.asOf);
  return {
    ...customersOf(plan),
    added: plan.added.length,
    dismissed: 0,
    departures: departuresOf(plan),
    notices: [
      ...saved.slice(0, -1).flatMap(archiveNotice),
      ...ownNotices(path, named, own, all),
      ...problemsOf(path, table, columns, plan, keyAt),
    ],
    ...saved.at(-1)!,
  };
}

/** 'churn.archive.csv'. */
function archiveOf(path: string): string {
  return `${path.slice(0, -extname(path).length)}.archive${extname(path)}`;
}

interface FileToSave {
  readonly path: string;
  readonly text: string;
  readonly version: Version;
}

/** Saves files in their order, all in their places or all beside them: customers move from one to the other. */
async function saveTogether(files: readonly FileToSave[], asOf: Day): Promise<Saved[]> {
  let lock: string | undefined;
  for (const { path } of files) lock ??= await lockOf(path);
  let beside: Saved['beside'] = lock === undefined ? undefined : { reason: 'open', lock };
  const saved: Saved[] = [];
  for (const { path, text, version } of files) {
    const one =
      beside === undefined
        ? await saveList(path, [text], asOf, version)
        : await writeBeside(path, [text], asOf, beside.reason, beside.lock);
    beside ??= one.beside;
    saved.push(one);
  }
  return saved;
}

function archiveNotice({ path, backup }: Saved): Notice[] {
  const former: Text =
    backup === undefined
      ? { en: '', ru: '' }
      : { en: `; its former file: ${backup}`, ru: `; его прежний файл: ${backup}` };
  return [
    {
      code: 'archive',
      level: 'info',
      text: { en: `the archive: ${path}${former.en}`, ru: `архив: ${path}${former.ru}` },
    },
  ];
}

/** What a list as CSV holds before it is computed anew: see `readFormerList`. */
export async function readListCsv(
  path: string,
  key: Column,
  columns: readonly Column[],
  wanted: readonly string[],
): Promise<FormerList> {
  const { header, rows } = await readCsv(path);
  const names = csvColumns(header, [...columns, ...inputColumns]).map(({ name }) => name);
  const keyAt = names.indexOf(key.name);
  if (keyAt === -1) throw noKey(path, key.label, key.name);
  refuseRounded(
    path,
    rows.map((row) => plainText(row[keyAt] ?? '').trim()),
    keyAt,
  );
  const indexes = wanted.map((name) => names.indexOf(name));
  return {
    asOf: undefined,
    written: new Set(),
    ids: new Set(rows.map((row) => plainText(row[keyAt] ?? '').trim())),
    archived: await archivedIds(path, key),
    rows: new Map(
      rows
        .map((row): [string, (string | null)[]] => [
          plainText(row[keyAt] ?? '').trim(),
          indexes.map((index) => row[index]?.trim() || null),
        ])
        .filter(([id]) => id !== ''),
    ),
  };
}

/** Ids in the archive of a list; none where there is no archive. */
async function archivedIds(path: string, key: Column): Promise<Set<string>> {
  const archivePath = archiveOf(path);
  if ((await versionOf(archivePath)) === undefined) return new Set();
  const { header, rows } = await readCsv(archivePath);
  const keyAt = csvColumns(header, [key]).findIndex(({ name }) => name === key.name);
  return new Set(rows.map((row) => plainText(row[keyAt] ?? '').trim()).filter((id) => id !== ''));
}

/** @throws UserError where a program made numbers of long ids, which nobody can tell apart any more */
function refuseRounded(path: string, ids: readonly string[], column: number): void {
  const rounded = ids.map((id) => /^\d[.,]\d+E\+\d+$/i.test(id));
  const row = rounded.indexOf(true);
  if (row === -1) return;
  throw new UserError(
    `'${ids[row]}' is an id that a program made a number of, as ${rounded.filter(Boolean).length} are`,
    {
      place: { file: path, row: row + 2, column: columnName(column) },
      remedy:
        'Give the column of ids the format Text in a copy saved before, or take the file from its backup (.bak.csv).',
    },
  );
}

function noKey(path: string, label: Text, name: string): UserError {
  return new UserError(`there is no column '${name}' ('${label.en}', '${label.ru}')`, {
    place: { file: path, row: 1 },
    remedy: 'Put the header back over the ids, or write to another file.',
  });
}

async function readCsv(path: string): Promise<CsvTable> {
  const bytes = await readFile(path);
  const encoding = detectEncoding([bytes]);
  const text = decodePart(bytes, encoding);
  const dialect = detectDialect(text, true, { headerRow: 1 });
  const separatorLine = dialect.hasSeparatorLine ? /^[^\r\n]*(?:\r\n|\n|\r)/.exec(text)![0] : '';
  const body = text.slice(separatorLine.length);
  const records = splitRecords(body, dialect.format, true, Number.POSITIVE_INFINITY);
  if (records.some(({ isOpen }) => isOpen)) {
    throw new UserError('a quote is opened and never closed', {
      place: { file: path },
      remedy: 'Close it, or write to another file.',
    });
  }
  const [header, ...rows] = records.map(({ cells }) => cells);
  const filled = rows.filter((cells) => cells.some((cell) => cell !== ''));
  // Cells beyond the header are of columns without one.
  const width = filled.reduce((most, { length }) => Math.max(most, length), header?.length ?? 0);
  // Excel takes a file for UTF-8 by its mark; one that had another encoding came from there.
  const isMarked = encoding !== 'utf-8' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  return {
    delimiter: dialect.format.delimiter,
    mark: isMarked ? '\ufeff' : '',
    separatorLine,
    lineEnd: records[0]?.lineEnd ?? '\n',
    header: Array.from({ length: width }, (_, index) => header?.[index] ?? ''),
    rows: filled,
  };
}

/** A column of a CSV file. */
interface CsvColumn {
  /** Of one of ours; '' for one that people added. */
  readonly name: string;
  /** What it is told by: the name, or the header and which of several with that header it is. */
  readonly id: string;
  readonly header: string;
}

/**
 * The columns of a header. Of two that have the name of one of ours the one that is spelled as a run spells it is that,
 * else the first.
 * @param own indexes of columns that are somebody's own, whatever they are called
 */
function csvColumns(
  header: readonly string[],
  known: readonly Column[],
  own: ReadonlySet<number> = new Set(),
): CsvColumn[] {
  const exact = new Map(
    known.map(({ name }) => [name, header.findIndex((text, index) => text === name && !own.has(index))]),
  );
  // One that stands beside somebody's own under a header that says so is ours, and nothing else is.
  for (const column of known) {
    const beside = header.findIndex((text) => isNamed(besideOwn(column), plainText(text)));
    if (beside !== -1) exact.set(column.name, beside);
  }
  const taken = new Set<string>();
  const seen = new Map<string, number>();
  return header.map((text, index) => {
    const isOurs = (column: Column) => {
      const at = exact.get(column.name)!;
      if (taken.has(column.name)) return false;
      return at === index || (at === -1 && isNamed(column, plainText(text)));
    };
    const name = (own.has(index) ? undefined : known.find(isOurs))?.name ?? '';
    if (name !== '') {
      taken.add(name);
      return { name, id: name, header: text };
    }
    // One without a header is told by its letter.
    const same = comparable(plainText(text) || columnName(index));
    const occurrence = seen.get(same) ?? 0;
    seen.set(same, occurrence + 1);
    return { name, id: `${same} ${occurrence}`, header: text };
  });
}

/**
 * Columns that somebody made under the name of one that the list has got since: a run writes its own names over its
 * columns, so a header in other words is one that people changed, or a column of theirs. It is theirs where most of
 * its cells say something else; but numbers and dates of a run change, so of these it stands beyond the first columns
 * of the manager, where people add theirs.
 * @param cellsOf cells of the rows that stay, each with what the list has for it now
 */
function ownColumns(
  columns: readonly CsvColumn[],
  list: ManagedList,
  cellsOf: (index: number, name: string) => [string, string][],
): Set<number> {
  const others = new Map(
    computedColumns(list)
      .slice(1)
      .map((column) => [column.name, column]),
  );
  const firstInput = columns.findIndex(({ name }) => inputColumns.some((input) => input.name === name));
  const own = new Set<number>();
  for (const [index, { name, header }] of columns.entries()) {
    const column = others.get(name);
    if (column === undefined || column === markColumn || column === sinceColumn) continue;
    if (isNamed(besideOwn(column), header)) continue;
    const isAmongOwn = firstInput !== -1 && index > firstInput;
    if (header === name ? column.kind !== 'text' || !isAmongOwn : column.kind !== 'text' && !isAmongOwn)
      continue;
    const filled = cellsOf(index, name).filter(([cell]) => cell !== '');
    const alike = filled.filter(([cell, now]) => comparable(cell) === comparable(now));
    if (filled.length > 0 && 2 * alike.length <= filled.length) own.add(index);
  }
  return own;
}

function ownNotices(
  path: string,
  columns: readonly CsvColumn[],
  own: ReadonlySet<number>,
  written: readonly CsvColumn[],
): Notice[] {
  return [...own].map((index): Notice => {
    const { name, header } = columns[index]!;
    const computed = written.find((column) => column.name === name)?.header ?? name;
    return {
      code: 'column_beside',
      level: 'warning',
      text: {
        en: `${path}: the column '${header}' is somebody's own and stays; what the list computes under that name is in '${computed}'.`,
        ru: `${path}: столбец «${header}» добавлен вручную и остаётся; то, что список рассчитывает под этим названием, — в «${computed}».`,
      },
    };
  });
}

/** Text without the apostrophe that keeps a spreadsheet from running it. */
function plainText(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

function dayOrNone(cell: Cell | undefined): Day | undefined {
  return isDay(String(cell)) ? String(cell) : undefined;
}

/** How the file writes numbers and dates, as its computed columns show. */
function formOf(
  { delimiter, rows }: CsvTable,
  columns: readonly CsvColumn[],
  list: ManagedList,
  listed: ReadonlyMap<number, readonly Cell[]>,
): CsvForm {
  const numbers: string[] = [];
  const dates: { text: string; day: Day | undefined }[] = [];
  for (const [index, { name }] of columns.entries()) {
    const position = list.table.columns.findIndex((column) => column.name === name);
    const kind = name === sinceColumn.name ? sinceColumn.kind : list.table.columns[position]?.kind;
    if (kind === undefined || kind === 'text' || kind === 'boolean') continue;
    // Rows that people added are as they write.
    for (const [number, now] of listed) {
      const text = rows[number]![index]?.trim() ?? '';
      if (kind !== 'date') numbers.push(text);
      else dates.push({ text, day: dayOrNone(now[position]) });
    }
  }
  return csvFormOf(numbers, dates, delimiter);
}

/** The fields of computed columns; undefined for others. */
function computedText(
  list: ManagedList,
  form: CsvForm,
): (name: string, row: readonly Cell[], news: string | null) => string | undefined {
  const computed = new Map(computedColumns(list).map((column) => [column.name, column]));
  const positions = new Map(list.table.columns.map(({ name }, index) => [name, index]));
  const moneyDigits = currencyDigits(list.currency);
  return (name, row, news) => {
    const column = computed.get(name);
    if (column === undefined) return undefined;
    if (name === 'news') return news ?? '';
    if (name === 'listed_since') return form.day(list.asOf);
    const cell = row[positions.get(name)!] ?? null;
    if (cell === null) return '';
    const unit = cellUnit(column, row, list.table.columns);
    if (unit === 'date' && isDay(String(cell))) return form.day(String(cell));
    return isNumeric(unit) && typeof cell !== 'boolean'
      ? plainNumber(cell, unit, moneyDigits).replace('.', form.decimal)
      : harmless(String(cell));
  };
}

/** What of a former time on the list a customer who is back brings along. */
function carried(name: string, former: ReadonlyMap<string, string> | undefined): string {
  if (former === undefined || inputColumns.every((input) => input.name !== name)) return '';
  const isCarried = carriesInputs(
    isOutcome('left_out', former.get('outcome') ?? ''),
    former.get('status') ?? '',
  );
  return isCarried(name) ? (former.get(name) ?? '') : '';
}

/** A row by the ids of its columns. */
function record(columns: readonly CsvColumn[], row: readonly string[]): Map<string, string> {
  return new Map(columns.map(({ id }, index) => [id, row[index] ?? '']));
}

/** A row of the list on its way to the archive. */
interface ArchivedCsvRow {
  /** Cells of the archive's own columns, by their names. */
  readonly about: Readonly<Record<string, string>>;
  readonly columns: readonly CsvColumn[];
  readonly cells: readonly string[];
}

function archiveText(
  archive: CsvTable,
  columns: readonly CsvColumn[],
  rows: readonly ArchivedCsvRow[],
  key: string,
): string {
  const all = [...columns];
  const ours = [key, ...archiveColumns.map(({ name }) => name).filter((name) => name !== 'cell_notes')];
  const wanted = [
    ...ours.map((name): CsvColumn => ({ name, id: name, header: name })),
    ...(rows[0]?.columns ?? []).map((column, index) => ({
      ...column,
      header: column.header || columnName(index),
    })),
  ];
  for (const column of wanted) {
    if (all.some(({ id }) => id === column.id)) continue;
    all.push(column);
  }
  const there = new Set(archive.rows.map((row) => JSON.stringify(all.map((_, index) => row[index] ?? ''))));
  // A run that wrote one of both files and was ended has told of the same rows before.
  const lines = rows
    .map(({ about, columns: own, cells }) => {
      const values = record(own, cells);
      return all.map(({ id }) => about[id] ?? values.get(id) ?? '');
    })
    .filter((line) => !there.has(JSON.stringify(line)));
  return csvText(archive, [all.map(({ header }) => header), ...archive.rows, ...lines]);
}

function csvText(
  { delimiter, mark, separatorLine, lineEnd }: CsvTable,
  lines: readonly (readonly string[])[],
): string {
  const width = lines[0]?.length ?? 0;
  const texts = lines.map((cells) =>
    Array.from({ length: Math.max(width, cells.length) }, (_, index) =>
      quotedField(cells[index] ?? '', delimiter),
    ).join(delimiter),
  );
  return mark + separatorLine + texts.map((text) => text + lineEnd).join('');
}

function problemsOf(
  path: string,
  table: CsvTable,
  columns: readonly CsvColumn[],
  plan: ReturnType<typeof planList>,
  keyAt: number,
): Notice[] {
  const notices: Notice[] = [];
  const warn = (code: string, row: number, column: number, text: Text) => {
    const header = table.header[column] ?? '';
    const place = {
      en: `${path}, row ${row + 2}, column '${header}': `,
      ru: `${path}, строка ${row + 2}, столбец «${header}»: `,
    };
    notices.push({ code, level: 'warning', text: { en: place.en + text.en, ru: place.ru + text.ru } });
  };
  for (const { number, key } of plan.doubled) {
    warn('row_doubled', number, keyAt, {
      en: `a second row of '${key}'; both stay.`,
      ru: `вторая строка клиента «${key}»; остаются обе.`,
    });
  }
  for (const { number, key } of plan.unknown) {
    warn('row_unknown', number, keyAt, {
      en: `'${key}' is not known; the row stays as it is.`,
      ru: `«${key}» неизвестен; строка остаётся как есть.`,
    });
  }
  for (const number of plan.refreshed.keys()) {
    for (const [index, { name }] of columns.entries()) {
      const input = inputColumns.find((column) => column.name === name);
      const value = table.rows[number]![index] ?? '';
      const fault = input === undefined || value === '' ? undefined : faultOf(input, value);
      if (fault === undefined) continue;
      warn(fault.code, number, index, {
        en: `'${value}' is ${fault.text.en}; it stays as it is.`,
        ru: `«${value}» — ${fault.text.ru}; оставлено как есть.`,
      });
    }
  }
  return notices;
}
