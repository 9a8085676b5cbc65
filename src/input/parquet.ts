import { UserError } from '../core/errors.js';
import type { Notice } from '../core/table.js';
import type { LoadingEngine } from '../engines/loader.js';
import { raw, sql } from '../sql/sql.js';
import { EmptyInput } from './empty-input.js';
import type { LocalFile } from './local-file.js';
import { listNames } from './paths.js';
import type { FileSettings } from './settings.js';
import type { ParquetColumn, ParquetScan, Source } from './source.js';

const sampleRows = 1000;
/** Types that hold more than one value. */
const nested = /\[|^(STRUCT|MAP|UNION|VARIANT|GEOMETRY)\b/;

/**
 * Looks at a Parquet file: its columns and some rows. The engine reads it, now and later, and only the columns
 * needed; columns that hold lists or records are left out.
 * @throws UserError for a file that is damaged or has no rows
 */
export async function inspectParquet(
  { name, path }: LocalFile,
  settings: FileSettings,
  engine: LoadingEngine,
): Promise<{ source: Source; notices: Notice[] }> {
  const { columns, leftOut, rows, bytesAreText } = await tellingDamage(name, () => describe(path, engine));
  if (rows === 0) throw new EmptyInput('the file has no rows', { file: name });
  const scanOf = (wanted: readonly ParquetColumn[]): ParquetScan => ({
    kind: 'parquet',
    path,
    columns: wanted,
    bytesAreText,
    rowsCutOff: 0,
    rowNumberColumn: undefined,
  });
  const sample = await tellingDamage(name, () => sampleOf(engine, scanOf(columns), columns.length));
  const zoned = columns
    .filter(({ type }) => type === 'TIMESTAMP WITH TIME ZONE')
    .map((column) => column.name);
  const source: Source = {
    file: name,
    sheet: null,
    layout: { format: 'parquet', encoding: null, delimiter: null, headerRow: null },
    settings,
    header: columns.map((column) => column.name),
    headerRows: [],
    hasHeader: true,
    sample,
    decimalComma: false,
    // Rows have no numbers but their order.
    rowNumbers: async (counted) => [...counted],
    prepare: async (wanted) => ({
      scan: scanOf(wanted.map((index) => columns[index]!)),
      positions: wanted.map((_, position) => position),
      rowsWritten: rows,
    }),
  };
  return { source, notices: noticesOf(name, leftOut, zoned) };
}

interface Description {
  readonly columns: ParquetColumn[];
  readonly leftOut: string[];
  /** As the file itself counts them. */
  readonly rows: number;
  readonly bytesAreText: boolean;
}

async function describe(path: string, engine: LoadingEngine): Promise<Description> {
  const described = await engine.loader.parquetColumns(path, false);
  const bytesAreText = described.columns.some(({ type }) => type === 'BLOB');
  const { columns, rows } = bytesAreText ? await engine.loader.parquetColumns(path, true) : described;
  const isNested = ({ type }: ParquetColumn) => nested.test(type);
  return {
    columns: columns.filter((column) => !isNested(column)),
    leftOut: columns.filter(isNested).map(({ name }) => name),
    rows,
    bytesAreText,
  };
}

/** The first rows of the file. */
async function sampleOf(
  engine: LoadingEngine,
  scan: ParquetScan,
  width: number,
): Promise<(string | null)[][]> {
  const rows = await engine.loader.inFileOrder(() =>
    engine.query(sql`select * from ${engine.loader.rowsOf(scan)} limit ${raw(String(sampleRows))}`),
  );
  return rows.map((row) =>
    Array.from({ length: width }, (_, index) => (row[`c${index}`] as string | null) || null),
  );
}

/** Whatever the engine has against a file is told as damage. */
async function tellingDamage<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError && !/Parquet/.test(error.message)) throw error;
    const what = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    throw new UserError(`the Parquet file is damaged: ${what}`, {
      place: { file: name },
      remedy: 'Copy or export it again.',
      cause: error,
    });
  }
}

function noticesOf(name: string, leftOut: readonly string[], zoned: readonly string[]): Notice[] {
  const notices: Notice[] = [];
  if (leftOut.length > 0) {
    notices.push({
      code: 'columns_nested',
      level: 'warning',
      text: {
        en: `${name}: columns that hold lists or records are left out: ${listNames(leftOut, 'en')}.`,
        ru: `${name}: столбцы со списками и вложенными записями пропущены: ${listNames(leftOut, 'ru')}.`,
      },
    });
  }
  if (zoned.length > 0) {
    notices.push({
      code: 'times_in_utc',
      level: 'info',
      text: {
        en: `${name}: times are kept with a time zone and count by the clock of UTC: ${listNames(zoned, 'en')}.`,
        ru: `${name}: время хранится с часовым поясом и считается по UTC: ${listNames(zoned, 'ru')}.`,
      },
    });
  }
  return notices;
}
