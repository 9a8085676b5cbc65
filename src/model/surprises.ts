import type { Notice } from '../core/table.js';
import { sayCount, type Text } from '../core/text.js';
import type { LoadingEngine } from '../engines/loader.js';
import { errorCellPattern } from '../input/error-cells.js';
import type { Field } from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { moneyField } from './currency.js';
import { fates } from './fate.js';
import { rowNumber, type StagedSource } from './staging.js';

// Words and signs that change how a column is read are looked for in the sample, because looking at every row
// would cost as much as reading it. What the sample did not show is found afterwards in what came of the rows:
// the sample learns it, and the rows are read once more. Clean files pay a glance at their orders.

/** Ids that mean no customer, as exports write them, in the usual cases. */
const nobodyIds = [
  ...['Guest', 'Guest checkout', 'Guest customer', 'Anonymous', 'Unknown', 'Walk-in', 'Walk-in customer'],
  ...['N/A', 'NA', 'NaN', 'NULL', 'None', 'Nil', 'Undefined', '0', '-', '—', '–'],
  ...['Гость', 'Аноним', 'Неизвестно', 'Не указан', 'Нет', 'Розничный покупатель', 'Розничный клиент'],
  ...['Частное лицо', 'Физлицо', 'Физ. лицо', 'Физическое лицо', 'Без клиента'],
  ...['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!', '#N/D'],
  ...['#Н/Д', '#ССЫЛКА!', '#ЗНАЧ!', '#ИМЯ?', '#ДЕЛ/0!', '#ПУСТО!', '#ЧИСЛО!'],
].flatMap((word) => [word, word.toLowerCase(), word.toUpperCase()]);

const mostTexts = 100;

/**
 * Adds to the samples what the orders made of them show that these lack.
 * @returns whether there is anything, and the orders must be staged again
 */
export async function learnSurprises(
  engine: LoadingEngine,
  sources: readonly StagedSource[],
): Promise<boolean> {
  const ids = join(
    [...new Set(nobodyIds)].map((id) => sql`${id}`),
    ', ',
  );
  const nobody = await engine.query(sql`
    select distinct customer_id from stg_order_groups where customer_id in (${ids}) limit ${mostTexts}`);
  const found = nobody.map((row) => String(row.customer_id));
  let learned = false;
  for (const staged of sources) {
    if (found.length > 0 && staged.text('customer_id') !== undefined) {
      learned = staged.learn('customer_id', found) || learned;
    }
  }
  const signed = await engine.query(sql`
    select distinct source_id from stg_order_accounts where fate = ${raw(String(fates.unexpected_currency))}`);
  for (const { source_id } of signed) {
    const staged = sources.find(({ id }) => id === source_id)!;
    const field = moneyField(staged)!;
    const text = staged.text(field)!;
    const rows = await engine.query(sql`
      select any_value(${text}) as content from ${staged.loader.rowsOf(staged.scan)}
      where ${staged.loader.currency(text)} is not null group by ${staged.loader.currency(text)} limit ${mostTexts}`);
    learned =
      staged.learn(
        field,
        rows.map((row) => String(row.content)),
      ) || learned;
  }
  return learned;
}

const damagedId = '^\\s*[0-9]([.,][0-9]+)?E\\+[0-9]+\\s*$';
const idFields: readonly Field[] = ['customer_id', 'order_id'];

const kinds: readonly { code: string; pattern: string; level: Notice['level']; text(says: Says): Text }[] = [
  {
    code: 'damaged_ids',
    pattern: damagedId,
    level: 'warning',
    text: ({ place, column, count, row, value }) => ({
      en: `${place}, column '${column}': ${count.en} ids were damaged by a spreadsheet before the export, first in row ${row}: '${value}'. Several customers or orders may share one; export them as text.`,
      ru: `${place}, столбец '${column}': кодов, испорченных электронной таблицей до выгрузки: ${count.ru}, первый в строке ${row}: '${value}'. Один код может быть у нескольких клиентов или заказов; выгрузите их как текст.`,
    }),
  },
  {
    code: 'error_ids',
    pattern: errorCellPattern,
    level: 'warning',
    text: ({ place, column, count, row, value }) => ({
      en: `${place}, column '${column}': ${count.en} cells hold an error of a spreadsheet in place of an id, first in row ${row}: '${value}'. They count as empty.`,
      ru: `${place}, столбец '${column}': ячеек с ошибкой электронной таблицы вместо кода: ${count.ru}, первая в строке ${row}: '${value}'. Они считаются пустыми.`,
    }),
  },
];

interface Says {
  readonly place: string;
  readonly column: string;
  readonly count: Text;
  readonly row: number;
  readonly value: string;
}

/** Warnings of ids that are none any more. The rows are read again only where there are some. */
export async function idNotices(engine: LoadingEngine, sources: readonly StagedSource[]): Promise<Notice[]> {
  const mayBeDamaged = sources.some((staged) => idFields.some((field) => hasLongNumbers(staged, field)));
  const [late] = mayBeDamaged
    ? await engine.query(sql`
      select coalesce(bool_or(contains(order_key, 'E+') or contains(customer_id, 'E+')), false) as is_damaged
      from stg_order_groups`)
    : [];
  const notices: Notice[] = [];
  for (const staged of sources) {
    for (const field of idFields) {
      const text = staged.text(field);
      if (text === undefined) continue;
      for (const kind of kinds) {
        const { source, columns } = staged.recognised;
        const test = new RegExp(kind.pattern, 'u');
        const isSampled = source.sample.some((row) =>
          test.test(row[columns[field]!]?.trim().toUpperCase() ?? ''),
        );
        if (!isSampled && !(kind.code === 'damaged_ids' && late?.is_damaged === true)) continue;
        const says = await firstMatch(engine, staged, field, text, kind.pattern);
        if (says !== undefined) notices.push({ code: kind.code, level: kind.level, text: kind.text(says) });
      }
    }
  }
  return notices;
}

/** Spreadsheets show numbers of more than eleven digits as 1.23E+11: shorter ids, and those with letters, are safe. */
function hasLongNumbers(staged: StagedSource, field: Field): boolean {
  const { source, columns } = staged.recognised;
  const index = columns[field];
  return index !== undefined && source.sample.some((row) => /^\s*\d{11,}\s*$/.test(row[index] ?? ''));
}

async function firstMatch(
  engine: LoadingEngine,
  staged: StagedSource,
  field: Field,
  text: Sql,
  pattern: string,
): Promise<Says | undefined> {
  const [found] = await engine.loader.inFileOrder(() =>
    engine.query(sql`
      select count(*) as n, min(row_number) as row_number, arg_min(content, row_number) as content
      from (select ${rowNumber(staged)} as row_number, ${text} as content from ${staged.loader.rowsOf(staged.scan)}) as numbered
      where regexp_matches(upper(trim(content)), ${pattern})`),
  );
  if (found === undefined || Number(found.n) === 0) return undefined;
  const { source, columns } = staged.recognised;
  const [row] = await source.rowNumbers([Number(found.row_number)]);
  return {
    place: source.sheet === null ? source.file : `${source.file}, ${source.sheet}`,
    column: source.header[columns[field]!]!,
    count: sayCount(Number(found.n)),
    row: row!,
    value: String(found.content).trim(),
  };
}
