import { UserError } from '../core/errors.js';
import type { Loader, LoadingEngine } from '../engines/loader.js';
import { constantOf } from '../input/constants.js';
import { type DateForm, type DateOrder, dateFormOf } from '../input/dates.js';
import type { DecimalMark } from '../input/numbers.js';
import type { RecognisedSource, Scan } from '../input/source.js';
import type { Field } from '../input/vocabulary.js';
import { raw, type Sql, sql } from '../sql/sql.js';
import { decimalMarks } from './decimal-marks.js';
import { saysTotal } from './total-rows.js';

/** A source ready to be read by the engine, with the text expression of each of its fields. */
export interface StagedSource {
  readonly id: number;
  readonly recognised: RecognisedSource;
  readonly scan: Scan;
  readonly loader: Loader;
  /** The text of a field, or undefined where the source has no such column. */
  text(field: Field): Sql | undefined;
  decimalMark(field: Field): DecimalMark;
  dateForm(field: Field): DateForm;
  /** Columns of none of the fields read in which rows of the sample say that they are totals. */
  readonly totalColumns: readonly Sql[];
  /** Fields in which rows of the sample say so. */
  readonly fieldsSayingTotal: readonly Field[];
  /**
   * Adds texts of a field that the sample lacks to it, so that rows read from then on are judged by them too.
   * @returns whether there was any
   */
  learn(field: Field, texts: readonly string[]): boolean;
  /** Rows that went into the scan, where they were counted on the way. */
  rowsWritten(): number | undefined;
  /** What tells the source of a row where several are read as one; its id otherwise. */
  readonly sourceId?: Sql;
  /** Texts that a column of words is known to hold; those of the sample otherwise. */
  words?(field: Field): readonly string[];
}

/** Settings for reading that the user may give. */
export interface ReadingOptions {
  readonly dateOrder: DateOrder | undefined;
  readonly decimal?: 'comma' | 'point' | undefined;
  readonly temporaryFolder: string;
}

/**
 * Makes a source scannable and judges the form of its dates and numbers, by its sample, and where the sample
 * leaves the order of day and month or the decimal mark open by the whole column, and then by other tables of the
 * same layout.
 * @throws UserError where the whole column leaves it open too
 */
export async function stageSource(
  engine: LoadingEngine,
  id: number,
  recognised: RecognisedSource,
  fields: readonly Field[],
  dateFields: readonly Field[],
  options: ReadingOptions,
  commonOrder?: CommonOrder,
): Promise<StagedSource> {
  const { source, columns } = recognised;
  const constant = (field: Field) => constantOf(source, field, columns[field]);
  const present = fields.filter((field) => columns[field] !== undefined && constant(field) === undefined);
  const saying = new Set(
    source.sample.flatMap((row) =>
      row.flatMap((cell, index) => (cell !== null && saysTotal(cell) ? index : [])),
    ),
  );
  const taken = new Set(present.map((field) => columns[field]!));
  const besides = [...saying].filter((index) => index < source.header.length && !taken.has(index));
  const { scan, positions, rowsWritten } = await source.prepare(
    [...present.map((field) => columns[field]!), ...besides],
    options.temporaryFolder,
  );
  const traits = recognised.exporter?.traits;
  const isInDocument = (field: Field) => field === 'date' && traits?.dateInDocument === true;
  const dateOrder = options.dateOrder ?? source.settings.dateOrder;
  const text = (field: Field): Sql | undefined => {
    const value = fields.includes(field) ? constant(field) : undefined;
    if (value !== undefined) return sql`cast(${value} as varchar)`;
    const index = present.indexOf(field);
    if (index < 0) return undefined;
    const cell = raw(`c${positions[index]}`);
    return isInDocument(field) ? sql`regexp_extract(${cell}, ${documentDate.source}, 1)` : cell;
  };
  const sampleOf = (field: Field) =>
    source.sample.map((row) => {
      const cell = row[columns[field]!] ?? null;
      return isInDocument(field) ? (documentDate.exec(cell ?? '')?.[1] ?? null) : cell;
    });
  const dateForms = new Map<Field, DateForm>();
  for (const field of dateFields) {
    const column = text(field);
    if (column === undefined) continue;
    let form = dateFormOf(sampleOf(field));
    if (dateOrder !== undefined) {
      // What is said of dates with slashes need not hold for those with points beside them.
      const pointOrder = form.numeric ? form.pointOrder : dateOrder;
      form = { ...form, order: dateOrder, pointOrder };
    }
    if (form.isContradictory && dateOrder === undefined) {
      throw contradictoryDates(recognised, field);
    }
    if (form.numeric && form.order === undefined) {
      const order =
        (await orderOfWholeColumn(engine, scan, column)) ??
        commonOrder?.(recognised, field) ??
        traits?.dateOrder;
      if (order === 'both') throw contradictoryDates(recognised, field);
      if (order === undefined) throw undecidedOrder(recognised, field);
      form = { ...form, order };
    }
    dateForms.set(field, form);
  }
  const sample = [...source.sample];
  const marks = await decimalMarks(
    engine,
    recognised,
    scan,
    text,
    options.decimal ?? source.settings.decimal,
  );
  return {
    id,
    recognised: { ...recognised, source: { ...source, sample } },
    scan,
    loader: engine.loader,
    text,
    decimalMark: (field) => marks.get(field)!,
    dateForm: (field) => dateForms.get(field)!,
    totalColumns: besides.map((_, index) => raw(`c${positions[present.length + index]}`)),
    fieldsSayingTotal: present.filter((field) => saying.has(columns[field]!)),
    learn: (field, texts) => {
      const index = columns[field]!;
      const known = new Set(sample.map((row) => row[index]));
      const unknown = texts.filter((one) => !known.has(one));
      sample.push(...unknown.map((one) => source.header.map((_, column) => (column === index ? one : null))));
      return unknown.length > 0;
    },
    rowsWritten: () => rowsWritten,
  };
}

function contradictoryDates({ source, columns }: RecognisedSource, field: Field): UserError {
  return new UserError(
    'the dates of this column contradict each other: some can only be day first, others not',
    {
      place: { file: source.file, sheet: source.sheet, column: source.header[columns[field]!]! },
      remedy:
        'Mend the column, or say which comes first and let the rest be rejected: --date-order dmy, mdy or ymd.',
    },
  );
}

/** The date in the name of a document of 1C: 'Реализация ТД00-000012 от 05.03.2024 12:00:00'. */
const documentDate = / от (\d{1,2}\.\d{1,2}\.\d{4}(?: \d{1,2}:\d{2}(?::\d{2})?)?)/;

/** Tells the order of day and month that tables of one layout have in common, by their samples. */
export type CommonOrder = (table: RecognisedSource, field: Field) => DateOrder | undefined;

/**
 * The order of day and month by layout, that is by header: a day's export need not show it where those of its
 * neighbours do. Undefined where none does or they differ.
 */
export function commonOrders(tables: readonly RecognisedSource[]): CommonOrder {
  const layoutOf = ({ source, columns }: RecognisedSource, field: Field) =>
    JSON.stringify([source.header, columns[field]]);
  const known = new Map<string, DateOrder | undefined>();
  return (table, field) => {
    const layout = layoutOf(table, field);
    if (!known.has(layout)) {
      const alike = tables.filter((other) => layoutOf(other, field) === layout);
      const orders = alike.flatMap(({ source, columns }) => {
        const sample = source.sample.map((row) => row[columns[field]!] ?? null);
        return dateFormOf(sample).order ?? [];
      });
      known.set(layout, new Set(orders).size === 1 ? orders[0] : undefined);
    }
    return known.get(layout);
  };
}

/**
 * Which of day and month comes first, by numbers above 12 anywhere in the column; undefined where none is, and
 * 'both' where there are some in either place.
 */
async function orderOfWholeColumn(
  engine: LoadingEngine,
  scan: Scan,
  column: Sql,
): Promise<'dmy' | 'mdy' | 'both' | undefined> {
  const hasDay = (number: number) =>
    sql`coalesce(bool_or(try_cast(regexp_extract(${column}, '^\\s*(\\d{1,2})[/-](\\d{1,2})[/-]', ${raw(String(number))}) as integer)
      between 13 and 31), false)`;
  const [row] = await engine.query(sql`
    select ${hasDay(1)} as first, ${hasDay(2)} as second from ${engine.loader.rowsOf(scan)}`);
  if (row?.first === true) return row.second === true ? 'both' : 'dmy';
  return row?.second === true ? 'mdy' : undefined;
}

function undecidedOrder({ source, columns }: RecognisedSource, field: Field): UserError {
  const value = source.sample
    .map((cells) => cells[columns[field]!])
    .find((cell) => cell != null && /[/-]/.test(cell));
  return new UserError('day and month cannot be told apart in this column', {
    place: {
      file: source.file,
      sheet: source.sheet,
      column: source.header[columns[field]!]!,
      ...(value ? { value } : {}),
    },
    remedy: 'Say which comes first: --date-order dmy or --date-order mdy.',
  });
}

/** The number by which a row is found again: its row in the sheet, or how many rows come before it and itself. */
export function rowNumber({ scan }: Pick<StagedSource, 'scan'>): Sql {
  return scan.rowNumberColumn === undefined
    ? raw('row_number() over ()')
    : raw(`cast(c${scan.rowNumberColumn} as bigint)`);
}

/**
 * Rows of a from-clause with their numbers as `row_number`; where several files are read as one, counted anew in each.
 * To be read in file order.
 */
export function numberedRows(staged: Pick<StagedSource, 'scan' | 'sourceId'>, rows: Sql): Sql {
  const { scan, sourceId } = staged;
  if (sourceId === undefined || scan.rowNumberColumn !== undefined) {
    return sql`(select *, ${rowNumber(staged)} as row_number from ${rows}) as numbered`;
  }
  return sql`(
    select * exclude (position, before),
      position - max(before) over (rows between unbounded preceding and current row) as row_number
    from (
      select *, row_number() over () as position,
        case when ${sourceId} is distinct from lag(${sourceId}) over () then row_number() over () - 1 end as before
      from ${rows}
    ) as positions
  ) as numbered`;
}

export function placeOf({ source }: RecognisedSource): { file: string; sheet: string | null } {
  return { file: source.file, sheet: source.sheet };
}
