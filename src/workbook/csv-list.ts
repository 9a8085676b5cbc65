import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Cell, Column, Notice } from '../core/table.js';
import type { Text } from '../core/text.js';
import { detectDialect } from '../input/dialect.js';
import { decodePart, detectEncoding } from '../input/encoding.js';
import { splitRecords } from '../input/records.js';
import { harmless, quotedField } from '../output/csv.js';
import { currencyDigits } from '../output/currency.js';
import { plainNumber } from '../output/plain.js';
import { cellUnit, isNumeric } from '../output/unit.js';
import { writeFileAtomic } from '../output/write.js';
import { allColumns } from './columns.js';
import type { FormerList } from './former-list.js';
import {
  archiveColumns,
  comparable,
  computedColumns,
  doNotContact,
  inputColumns,
  isNamed,
  keyColumn,
  type ManagedList,
  outcomes,
} from './managed-list.js';
import { planList } from './plan.js';
import { faultOf } from './problems.js';
import { type Saved, saveList, versionOf } from './save.js';
import type { ListChanges } from './update.js';

/** A CSV file as it was read. */
interface CsvTable {
  readonly delimiter: string;
  /** A byte-order mark, by which Excel knows UTF-8. */
  readonly mark: string;
  readonly lineEnd: string;
  readonly header: readonly string[];
  /** Records below the header, as they are; those of another length are filled up. */
  readonly rows: readonly string[][];
}

const newTable: CsvTable = { delimiter: ',', mark: '', lineEnd: '\n', header: [], rows: [] };

/**
 * Writes a list as CSV. One that is there is brought up to date as a workbook is; who left goes to a file beside it,
 * 'churn.archive.csv'. A CSV file holds no state: a row that somebody deleted comes again, unless the archive
 * says that the customer is dismissed.
 * @throws UserError where the file has no column of keys, or cannot be split into columns
 */
export async function writeListCsv(path: string, list: ManagedList): Promise<ListChanges & Saved> {
  const version = await versionOf(path);
  const table = version === undefined ? newTable : await readCsv(path);
  const archivePath = `${path.slice(0, -extname(path).length)}.archive${extname(path)}`;
  const archiveVersion = await versionOf(archivePath);
  const archive =
    archiveVersion === undefined ? { ...table, header: [], rows: [] } : await readCsv(archivePath);

  const known = [...archiveColumns, ...allColumns(list)];
  const key = keyColumn(list);
  const header = version === undefined ? [key.name] : table.header;
  const names = nameHeaders(header, known);
  if (!names.includes(key.name)) throw noKey(path, key.label, key.name);
  const missing = allColumns(list).filter(({ name }) => !names.includes(name));
  const columns = [...names, ...missing.map(({ name }) => name)];
  const keyAt = names.indexOf(key.name);
  const keyOf = (row: readonly string[]) => plainText(row[keyAt] ?? '').trim();

  const rowsByKey = new Map(
    list.table.rows.map((row) => [
      String(row[list.table.columns.findIndex(({ name }) => name === list.key)]),
      row,
    ]),
  );
  const archiveNames = nameHeaders(archive.header, known);
  const archived = archive.rows.map((row) => record(archiveNames, row));
  const dismissedWords = ['dismissed', outcomes.dismissed.en, outcomes.dismissed.ru].map(comparable);
  const plan = planList({
    rows: table.rows.map((row, number) => ({ number, key: keyOf(row), fingerprint: undefined })),
    keys: [...rowsByKey.keys()],
    state: undefined,
    dismissedBefore: new Set(
      archived
        .filter((one) => dismissedWords.includes(comparable(one.get('outcome') ?? '')))
        .map((one) => plainText(one.get(key.name) ?? '').trim()),
    ),
    whyLeft: list.whyLeft,
    unknownDeparture: { outcome: 'left', reason: outcomes.left },
  });

  const computed = computedText(list);
  const since = columns.indexOf('listed_since');
  const lines = [[...header, ...missing.map(({ name }) => name)]];
  for (const [number, row] of table.rows.entries()) {
    if (plan.archived.has(number)) continue;
    const id = plan.refreshed.get(number);
    const cells = columns.map((name, index) => {
      const own = row[index] ?? '';
      if (id === undefined || (index === since && own !== '')) return own;
      return computed(name, rowsByKey.get(id)!, null) ?? own;
    });
    lines.push(cells);
  }
  const before = new Map(archived.map((one) => [plainText(one.get(key.name) ?? '').trim(), one]));
  const isFirst = version === undefined && archived.length === 0;
  for (const id of plan.added) {
    const former = before.get(id);
    const news = former === undefined ? (isFirst ? null : 'new') : 'back';
    lines.push(columns.map((name) => computed(name, rowsByKey.get(id)!, news) ?? carried(name, former)));
  }
  const left = [...plan.archived].map(([number, { departure }]) =>
    record(columns, table.rows[number]!, header, {
      left_on: list.asOf,
      outcome: departure.outcome,
      left_because: harmless(departure.reason.en),
    }),
  );
  if (left.length > 0) {
    // First, so that nobody is in neither file whenever the run ends.
    await writeFileAtomic(archivePath, [archiveText(archive, archiveNames, left, key.name)]);
  }
  const text = csvText({ ...table, header: [] }, lines);
  const saved = await saveList(path, [text], list.asOf, version);
  return {
    kept: plan.refreshed.size,
    added: plan.added.length,
    archived: plan.archived.size,
    dismissed: 0,
    notices: problemsOf(path, table, names, plan, keyAt),
    ...saved,
  };
}

/** What a list as CSV holds before it is computed anew: see `readFormerList`. */
export async function readListCsv(
  path: string,
  key: Column,
  columns: readonly Column[],
  wanted: readonly string[],
): Promise<FormerList> {
  const { header, rows } = await readCsv(path);
  const names = nameHeaders(header, [...archiveColumns, ...columns, ...inputColumns]);
  const keyAt = names.indexOf(key.name);
  if (keyAt === -1) throw noKey(path, key.label, key.name);
  const indexes = wanted.map((name) => names.indexOf(name));
  return {
    asOf: undefined,
    written: new Set(),
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
  const body = dialect.hasSeparatorLine ? text.replace(/^[^\r\n]*(?:\r\n|\n|\r)/, '') : text;
  const records = splitRecords(body, dialect.format, true, Number.POSITIVE_INFINITY);
  if (records.some(({ isOpen }) => isOpen)) {
    throw new UserError('a quote is opened and never closed', {
      place: { file: path },
      remedy: 'Close it, or write to another file.',
    });
  }
  const [header, ...rows] = records.map(({ cells }) => cells);
  // Excel takes a file for UTF-8 by its mark; one that had another encoding came from there.
  const isMarked = encoding !== 'utf-8' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  return {
    delimiter: dialect.format.delimiter,
    mark: isMarked ? '\ufeff' : '',
    lineEnd: records[0]?.lineEnd ?? '\n',
    header: header ?? [],
    rows: rows.filter((cells) => cells.some((cell) => cell !== '')),
  };
}

/** The name of each column; '' for one that people added. */
function nameHeaders(header: readonly string[], known: readonly Column[]): string[] {
  const taken = new Set<string>();
  return header.map((text) => {
    const name =
      known.find((column) => !taken.has(column.name) && isNamed(column, plainText(text)))?.name ?? '';
    taken.add(name);
    return name;
  });
}

/** Text without the apostrophe that keeps a spreadsheet from running it. */
function plainText(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

/** The fields of computed columns; undefined for others. */
function computedText(
  list: ManagedList,
): (name: string, row: readonly Cell[], news: string | null) => string | undefined {
  const computed = new Map(computedColumns(list).map((column) => [column.name, column]));
  const positions = new Map(list.table.columns.map(({ name }, index) => [name, index]));
  const moneyDigits = currencyDigits(list.currency);
  return (name, row, news) => {
    const column = computed.get(name);
    if (column === undefined) return undefined;
    if (name === 'news') return news ?? '';
    if (name === 'listed_since') return list.asOf;
    const cell = row[positions.get(name)!] ?? null;
    if (cell === null) return '';
    const unit = cellUnit(column, row, list.table.columns);
    return isNumeric(unit) && typeof cell !== 'boolean'
      ? plainNumber(cell, unit, moneyDigits)
      : harmless(String(cell));
  };
}

/** What of a former time on the list a customer who is back brings along. */
function carried(name: string, former: ReadonlyMap<string, string> | undefined): string {
  const value = former?.get(name) ?? '';
  if (name === 'owner') return value;
  const isBarred = [doNotContact.en, doNotContact.ru].some((text) => comparable(text) === comparable(value));
  return name === 'status' && isBarred ? value : '';
}

/** A row by the names of its columns, or the headers of those that people added. */
function record(
  names: readonly string[],
  row: readonly string[],
  header: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Map<string, string> {
  const cells = names.map((name, index): [string, string] => [
    name || (header[index] ?? `${index + 1}`),
    row[index] ?? '',
  ]);
  return new Map([...Object.entries(more), ...cells]);
}

function archiveText(
  archive: CsvTable,
  names: readonly string[],
  rows: readonly ReadonlyMap<string, string>[],
  key: string,
): string {
  const columns = names.map((name, index) => name || archive.header[index]!);
  const header = [...archive.header];
  const wanted = [key, ...archiveColumns.map(({ name }) => name).filter((name) => name !== 'cell_notes')];
  for (const name of [...wanted, ...rows.flatMap((row) => [...row.keys()])]) {
    if (columns.includes(name)) continue;
    columns.push(name);
    header.push(name);
  }
  const there = new Set(
    archive.rows.map((row) => JSON.stringify(columns.map((_, index) => row[index] ?? ''))),
  );
  // A run whose list went beside an open file has told of the same rows before.
  const lines = rows
    .map((row) => columns.map((name) => row.get(name) ?? ''))
    .filter((line) => !there.has(JSON.stringify(line)));
  return csvText(archive, [header, ...archive.rows, ...lines]);
}

function csvText({ delimiter, mark, lineEnd }: CsvTable, lines: readonly (readonly string[])[]): string {
  const width = lines[0]?.length ?? 0;
  const texts = lines.map((cells) =>
    Array.from({ length: Math.max(width, cells.length) }, (_, index) =>
      quotedField(cells[index] ?? '', delimiter),
    ).join(delimiter),
  );
  return mark + texts.map((text) => text + lineEnd).join('');
}

function problemsOf(
  path: string,
  table: CsvTable,
  names: readonly string[],
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
    for (const [index, name] of names.entries()) {
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
