import type { DateForm } from '../../input/dates.js';
import { errorCellPattern } from '../../input/error-cells.js';
import type { DecimalMark } from '../../input/numbers.js';
import type { CsvScan, ParquetColumn, Scan } from '../../input/source.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import type { Engine, Row } from '../engine.js';
import type { BrokenLine, BrokenLines, Factor, Loader, ParsedNumber, ParsedTime } from '../loader.js';
import { parquetFiles, readParquet } from './parquet.js';
import { escapeGlob, literal, localPath, pathList } from './text.js';

/** What a thread reads at a time: small enough to share a file of some megabytes among threads. */
const bufferBytes = 8 * 1024 * 1024;

export class DuckDBLoader implements Loader {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  rowsOf(scan: Scan): Sql {
    return scan.kind === 'parquet' ? readParquet(scan) : readCsv(scan, 'ignore_errors = true');
  }

  rowsOfKeepingBroken(scan: Scan): Sql {
    return scan.kind === 'parquet' ? readParquet(scan) : readCsv(scan, 'store_rejects = true');
  }

  rowsOfAllKeepingBroken(scans: readonly { readonly scan: Scan; readonly id: number }[]): Sql {
    const { scan } = scans[0]!;
    const paths = scans.map((each) => each.scan.path);
    const ids = raw(`[${scans.map(({ id }) => id).join(', ')}][1 + cast(file_index as bigint)] as scan_id`);
    return scan.kind === 'parquet'
      ? readParquet(scan, { paths, also: ids })
      : sql`(select *, ${ids} from ${readCsv(scan, 'store_rejects = true', paths)}) as scans`;
  }

  async countRows(scan: Scan): Promise<number> {
    const [row] = await this.#engine.query(
      sql`select count(c0) as n, count(*) as whole from ${this.rowsOfKeepingBroken(scan)}`,
    );
    const broken = await this.brokenLines(scan);
    return Number(row?.whole ?? 0) + broken.count;
  }

  async brokenLines(scan: Scan): Promise<BrokenLines> {
    const none: BrokenLines = { count: 0, badEncoding: 0, openQuote: undefined, first: [] };
    if (scan.kind === 'parquet' || !(await this.#hasBrokenLines())) return none;
    const rows = await this.#engine.query(sql`
      with broken as (${brokenLinesOf(scan, raw('left(min(e.csv_line), 200)'))})
      select line, content, is_bad_encoding, is_open, count(*) over () as n,
        count(*) filter (where is_bad_encoding) over () as bad_encoding
      from broken
      qualify row_number() over (partition by is_bad_encoding order by is_open desc, line) <= 3
      order by is_open desc, line`);
    return {
      count: Number(rows[0]?.n ?? 0),
      badEncoding: Number(rows[0]?.bad_encoding ?? 0),
      openQuote: rows[0]?.is_open === true ? brokenLine(scan, rows[0]).line : undefined,
      first: rows.map((row) => brokenLine(scan, row)),
    };
  }

  async *everyBrokenLine(scan: Scan): AsyncGenerator<BrokenLine[]> {
    if (scan.kind === 'parquet' || !(await this.#hasBrokenLines())) return;
    const lines = brokenLinesOf(scan, raw('min(e.csv_line)'));
    for await (const batch of this.#engine.stream(sql`${lines} order by line`)) {
      yield batch.map((row) => brokenLine(scan, row));
    }
  }

  async #hasBrokenLines(): Promise<boolean> {
    const [tables] = await this.#engine.query(
      sql`select count(*) as n from duckdb_tables() where table_name = 'reject_errors' and estimated_size > 0`,
    );
    return tables?.n !== 0;
  }

  async parquetColumns(
    path: string,
    bytesAreText: boolean,
  ): Promise<{ columns: ParquetColumn[]; rows: number }> {
    const columns = await this.#engine.query(
      sql`describe select * from ${raw(parquetFiles([path], bytesAreText))}`,
    );
    const [directory] = await this.#engine.query(
      sql`select num_rows from parquet_file_metadata(${escapeGlob(path)})`,
    );
    return {
      columns: columns.map((row) => ({ name: String(row.column_name), type: String(row.column_type) })),
      rows: Number(directory?.num_rows),
    };
  }

  decimal(text: Sql, mark: DecimalMark): ParsedNumber {
    return parsedNumber(text, mark);
  }

  factor(text: Sql, mark: DecimalMark, alias: Sql): Factor {
    return {
      // decimal(9,4) × decimal(9,4) fits 18 digits and stays fast; wider decimals cost a hundred times more.
      quick: sql`try_cast(${withPoint(text, mark)} as decimal(9,4))`,
      alias,
      text,
      mark,
    };
  }

  product(quantity: Factor, price: Factor): Sql {
    const factors = [quantity, price];
    const conditions = [
      ...factors.map(({ alias }) => sql`${alias} is not null`),
      ...factors.map(hasFourDigitsAtMost),
      ...factors.filter(({ mark }) => mark !== 'point').map(({ text }) => sql`not contains(${text}, '.')`),
    ];
    const [one, other] = factors.map(
      ({ text, mark }) => sql`try_cast(${carefulNumber(text, mark)} as double)`,
    ) as [Sql, Sql];
    // Larger numbers, fractions beyond the fourth digit and numbers that are not plain are multiplied as
    // doubles: 15 digits. A double may hold 36.22555 as a little less, so half of the last digit is made half
    // again before it is rounded. A case and no coalesce: the engine computes common parts of a coalesce for
    // every row.
    return sql`case when ${join(conditions, ' and ')} then cast(${quantity.alias} * ${price.alias} as ${money})
      else try_cast(round(round(${one} * ${other} * 10000, 3)) / 10000 as ${money}) end`;
  }

  currency(text: Sql): Sql {
    return sql`currency_code(${text})`;
  }

  timestamp(text: Sql, form: DateForm): ParsedTime {
    const quick = quickTime(text, form);
    const exact = (alias: Sql) =>
      sql`case when ${alias} >= ${firstTime} and ${alias} < ${lastTime} then ${alias}
        when ${text} is not null then ${carefulTime(text, form)} end`;
    return { quick, exact, atOnce: exact(sql`(${quick})`) };
  }

  month(text: Sql): Sql {
    return sql`month_alone(${text})`;
  }

  folded(text: Sql): Sql {
    return sql`folded_text(${text})`;
  }

  isError(text: Sql): Sql {
    return sql`coalesce(regexp_matches(upper(trim(${text})), ${errorCellPattern}), false)`;
  }

  visible(text: Sql): Sql {
    return sql`visible_text(${text})`;
  }

  isOneOf(text: Sql, words: readonly string[]): Sql {
    // An `in` of more than five words is a join over all rows, also those that a case leaves out.
    return sql`list_contains([${join(
      words.map((word) => sql`${word}`),
      ', ',
    )}], ${text})`;
  }

  trimmed(text: Sql): Sql {
    // Testing both ends first is several times faster than trimming every value.
    return sql`nullif(case when prefix(${text}, ' ') or suffix(${text}, ' ') then trim(${text}) else ${text} end, '')`;
  }

  async inFileOrder<T>(work: () => Promise<T>): Promise<T> {
    await this.#engine.run(sql`set preserve_insertion_order = true`);
    try {
      return await work();
    } finally {
      await this.#engine.run(sql`set preserve_insertion_order = false`);
    }
  }
}

/** The text of a line that is a single quoted cell, as readers leave it for what was no row to them. */
function onlyCell(text: string): string {
  const quoted = /^"((?:[^"]|"")*)"$/.exec(text.trimEnd());
  return quoted === null ? text : quoted[1]!.replaceAll('""', '"');
}

/** Said to the engine, which would take the first line end that it meets, be it within quotes. */
function lineEndOption({ lineEnd = '\n' }: CsvScan): string {
  return literal(lineEnd.replace('\r', '\\r').replace('\n', '\\n'));
}

function brokenLinesOf(scan: CsvScan, content: Sql): Sql {
  return sql`
    select e.line as line, ${content} as content,
      bool_or(e.error_type = 'INVALID ENCODING') as is_bad_encoding,
      bool_or(e.error_type in ('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM') and contains(rtrim(e.csv_line, chr(10) || chr(13)), chr(10))) as is_open
    from reject_errors e join reject_scans s on s.scan_id = e.scan_id and s.file_id = e.file_id
    where s.file_path in (${localPath(scan.path)}, ${escapeGlob(scan.path)})
    group by e.line`;
}

function brokenLine(scan: CsvScan, row: Row): BrokenLine {
  const text = String(row.content ?? '');
  const isBadEncoding = row.is_bad_encoding === true;
  if (scan.rowNumberColumn !== 0) return { line: Number(row.line), text, isBadEncoding };
  // A copy that holds the numbers of its rows has them in front of each line.
  const [, line, rest] = /^(\d+).(.*)$/su.exec(text) ?? [];
  return { line: Number(line ?? row.line), text: onlyCell(rest ?? text), isBadEncoding };
}

function readCsv(scan: CsvScan, faults: string, paths: readonly string[] = [scan.path]): Sql {
  const columns = Array.from({ length: scan.columnCount }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const rows = `read_csv(${pathList(paths)}, auto_detect = false, header = false,
    skip = ${scan.skipLines}, delim = ${literal(scan.delimiter)}, quote = '"', escape = '"',
    new_line = ${lineEndOption(scan)},
    columns = {${columns}}, compression = 'none', buffer_size = ${bufferBytes},
    hive_partitioning = false,
    ${scan.hasShortRows ? 'null_padding = true, parallel = false,' : ''} ${faults})`;
  if (scan.hasBadBytes !== true) return raw(rows);
  // The engine fails on a bad byte in a column whose number is beyond the number of columns that it reads, so
  // it is made to read them all.
  const columnsNamed = Array.from({ length: scan.columnCount }, (_, index) => `c${index} is not null`);
  return raw(`(select * from ${rows} where ${columnsNamed.join(' or ')} or random() >= 0)`);
}

/** Amounts below 10^13: sums and differences of two of them are never too wide for what holds them. */
const money = raw('decimal(17,4)');

/** Dates outside these are taken for mistakes; dates and times between them fit every format. */
const firstTime = raw("timestamp '1900-01-01'");
const lastTime = raw("timestamp '2200-01-01'");

/** The text of a plain number with a decimal point; what is no plain number comes out as no number. */
function withPoint(text: Sql, mark: DecimalMark): Sql {
  return mark === 'comma' ? sql`replace(${text}, ',', '.')` : text;
}

/**
 * Whether the quick cast to four digits loses nothing. Six characters that begin with a digit cannot hold a
 * fifth; that settles most numbers by two cheap comparisons.
 */
function hasFourDigitsAtMost({ text, mark }: Factor): Sql {
  const point = mark === 'comma' ? raw("','") : raw("'.'");
  return sql`((strlen(${text}) <= 6 and ${text} >= '0')
    or instr(${text}, ${point}) = 0 or strlen(${text}) - instr(${text}, ${point}) <= 4)`;
}

function parsedNumber(text: Sql, mark: DecimalMark): ParsedNumber {
  const cast = sql`try_cast(${withPoint(text, mark)} as ${money})`;
  // Where a point may be a thousands mark, the cast would take it for the decimal point.
  const quick = mark === 'point' ? cast : sql`case when not contains(${text}, '.') then ${cast} end`;
  const exact = (alias: Sql) =>
    sql`case when ${alias} is not null or ${text} is null then ${alias}
      else try_cast(${carefulNumber(text, mark)} as ${money}) end`;
  return { quick, exact, atOnce: exact(sql`(${quick})`) };
}

/** Any way of writing a number that there is, as text with a decimal point; null for the rest. */
function carefulNumber(text: Sql, mark: DecimalMark): Sql {
  return sql`number_text(${text}, ${raw(`'${mark}'`)})`;
}

const datesByOrder = {
  dmy: ['%d/%m/%Y', '%d-%m-%Y'],
  mdy: ['%m/%d/%Y', '%m-%d-%Y'],
  ymd: [],
} as const;
const datesWithPoints = { dmy: ['%d.%m.%Y'], mdy: ['%m.%d.%Y'], ymd: [] } as const;
const times = ['', ' %H:%M:%S', ' %H:%M', ' %I:%M:%S %p', ' %I:%M %p', ', %H:%M:%S', ', %H:%M'] as const;

/** The forms that the sample shows, by the fastest way; null for every other text. */
function quickTime(text: Sql, form: DateForm): Sql {
  const ways: Sql[] = [];
  // The cast cuts zones off.
  if (form.iso) ways.push(sql`try_cast(${text} as timestamp)`);
  // %Y takes '24' for the year 24, which is no date, and so is read with care.
  const dates = [
    ...(form.points ? datesWithPoints[form.pointOrder] : []),
    ...(form.numeric && form.order !== undefined ? datesByOrder[form.order] : []),
  ];
  if (dates.length > 0 && !form.shortYear) {
    const formats = dates.flatMap((date) => times.map((time) => `'${date}${time}'`));
    ways.push(sql`try_strptime(${text}, [${raw(formats.join(', '))}])`);
  }
  if (ways.length === 0) return raw('cast(null as timestamp)');
  const way = ways.length === 1 ? ways[0]! : sql`coalesce(${join(ways, ', ')})`;
  // Text that begins with a digit: the engine takes words for dates too, 'infinity', 'epoch'.
  return sql`case when ${text} >= '0' and ${text} < ':' then ${way} end`;
}

/** Every form of date there is; slower. */
function carefulTime(text: Sql, { order, pointOrder, number }: DateForm): Sql {
  const orders = [order, pointOrder].map((one) => (one === undefined ? 'null' : `'${one}'`));
  const written = sql`written_time(${text}, ${raw(orders.join(', '))})`;
  if (number === undefined) return written;
  const counted = sql`${raw(`${number}_time`)}(try_cast(replace(trim(${text}), ',', '.') as double))`;
  return sql`case when regexp_full_match(${text}, '\\s*[0-9]+([.,][0-9]*)?\\s*') then ${counted} else ${written} end`;
}
