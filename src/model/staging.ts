import { UserError } from '../core/errors.js';
import type { Loader, LoadingEngine } from '../engines/loader.js';
import { constantOf } from '../input/constants.js';
import { type DateForm, type DateOrder, dateFormOf } from '../input/dates.js';
import { usesDecimalComma } from '../input/numbers.js';
import type { RecognisedSource, Scan } from '../input/source.js';
import type { Field } from '../input/vocabulary.js';
import { raw, type Sql, sql } from '../sql/sql.js';

/** A source ready to be read by the engine, with the text expression of each of its fields. */
export interface StagedSource {
  readonly id: number;
  readonly recognised: RecognisedSource;
  readonly scan: Scan;
  readonly loader: Loader;
  /** The text of a field, or undefined where the source has no such column. */
  text(field: Field): Sql | undefined;
  /** Whether the numbers of a field have a decimal comma. */
  decimalComma(field: Field): boolean;
  dateForm(field: Field): DateForm;
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
  readonly temporaryFolder: string;
}

/**
 * Makes a source scannable and judges the form of its dates, by its sample, and where the sample leaves the
 * order of day and month open by the whole column.
 * @throws UserError where the whole column leaves it open too
 */
export async function stageSource(
  engine: LoadingEngine,
  id: number,
  recognised: RecognisedSource,
  fields: readonly Field[],
  dateFields: readonly Field[],
  options: ReadingOptions,
): Promise<StagedSource> {
  const { source, columns } = recognised;
  const constant = (field: Field) => constantOf(source, field, columns[field]);
  const present = fields.filter((field) => columns[field] !== undefined && constant(field) === undefined);
  const { scan, positions, rowsWritten } = await source.prepare(
    present.map((field) => columns[field]!),
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
    if (form.numeric && dateOrder !== undefined) form = { ...form, order: dateOrder };
    if (form.isContradictory && dateOrder === undefined) {
      throw new UserError(
        'the dates of this column contradict each other: some can only be day first, others not',
        {
          place: { ...placeOf(recognised), column: source.header[columns[field]!]! },
          remedy:
            'Mend the column, or say which comes first and let the rest be rejected: --date-order dmy, mdy or ymd.',
        },
      );
    }
    if (form.numeric && form.order === undefined) {
      const order = (await orderOfWholeColumn(engine, scan, column)) ?? traits?.dateOrder;
      if (order === undefined) throw undecidedOrder(recognised, field);
      form = { ...form, order };
    }
    dateForms.set(field, form);
  }
  return {
    id,
    recognised,
    scan,
    loader: engine.loader,
    text,
    decimalComma: (field) =>
      source.settings.decimal === undefined
        ? usesDecimalComma(sampleOf(field), source.decimalComma)
        : source.settings.decimal === 'comma',
    dateForm: (field) => dateForms.get(field)!,
    rowsWritten: () => rowsWritten,
  };
}

/** The date in the name of a document of 1C: 'Реализация ТД00-000012 от 05.03.2024 12:00:00'. */
const documentDate = / от (\d{1,2}\.\d{1,2}\.\d{4}(?: \d{1,2}:\d{2}(?::\d{2})?)?)/;

/** Which of day and month comes first, by a number above 12 anywhere in the column; undefined where none is. */
async function orderOfWholeColumn(
  engine: LoadingEngine,
  scan: Scan,
  column: Sql,
): Promise<DateOrder | undefined> {
  const [row] = await engine.query(sql`
    select max(try_cast(regexp_extract(${column}, '^\\s*(\\d{1,2})[./-](\\d{1,2})[./-]', 1) as integer)) as first,
      max(try_cast(regexp_extract(${column}, '^\\s*(\\d{1,2})[./-](\\d{1,2})[./-]', 2) as integer)) as second
    from ${engine.loader.rowsOf(scan)}`);
  if (Number(row?.first ?? 0) > 12) return 'dmy';
  return Number(row?.second ?? 0) > 12 ? 'mdy' : undefined;
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

export function placeOf({ source }: RecognisedSource): { file: string; sheet: string | null } {
  return { file: source.file, sheet: source.sheet };
}
