import type { DateForm } from '../../input/dates.js';
import type { CsvScan, ParquetColumn, Scan } from '../../input/source.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import type { Engine, Row } from '../engine.js';
import type { BrokenLine, BrokenLines, Factor, Loader, ParsedNumber } from '../loader.js';
import { parquetFile, readParquet } from './parquet.js';
import { escapeGlob, literal } from './text.js';

/** What a thread reads at a time: small enough to share a file of some megabytes among threads. */
const bufferBytes = 8 * 1024 * 1024;

/** Functions that the parsing expressions use, made once per connection. */
export const parsingMacros: readonly Sql[] = [
  raw(`create macro number_text(x) as regexp_replace(regexp_replace(
    replace(x, '\u2212', '-'),
    '[\\s\u00a0\u2009\u202f''\u2019₽$€£₸₴]|руб\\.?|р\\.|rub|usd|eur|gbp', '', 'gi'),
    '^\\((.*)\\)$', '-\\1')`),
  // One reading for every number; only '1,234' and '1.234' depend on the column's decimal mark.
  raw(`create macro plain_number(t, decimal_comma) as case
    when regexp_full_match(t, '[-+]?[0-9]+') then t
    when regexp_full_match(t, '[-+]?[0-9]{1,3}(,[0-9]{3})+') and (not decimal_comma or length(t) - length(replace(t, ',', '')) > 1)
      then replace(t, ',', '')
    when regexp_full_match(t, '[-+]?[0-9]{1,3}(,[0-9]{3})+\\.[0-9]*') then replace(t, ',', '')
    when regexp_full_match(t, '[-+]?[0-9]{1,3}(\\.[0-9]{3})+') and (decimal_comma or length(t) - length(replace(t, '.', '')) > 1)
      then replace(t, '.', '')
    when regexp_full_match(t, '[-+]?[0-9]{1,3}(\\.[0-9]{3})+,[0-9]*') then replace(replace(t, '.', ''), ',', '.')
    when regexp_full_match(t, '[-+]?([0-9]+[.][0-9]*|[.][0-9]+)') then t
    when regexp_full_match(t, '[-+]?([0-9]+,[0-9]*|,[0-9]+)') then replace(t, ',', '.')
    end`),
];

const datesByOrder = {
  dmy: ['%d.%m.%Y', '%d/%m/%Y', '%d-%m-%Y'],
  mdy: ['%m/%d/%Y', '%m.%d.%Y', '%m-%d-%Y'],
  ymd: ['%Y/%m/%d', '%Y.%m.%d', '%Y-%m-%d'],
} as const;
const times = ['', ' %H:%M:%S', ' %H:%M', ' %I:%M:%S %p', ' %I:%M %p', ', %H:%M:%S', ', %H:%M'] as const;

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
      sql`select count(*) as n from duckdb_tables() where table_name = 'reject_errors'`,
    );
    return tables?.n !== 0;
  }

  async parquetColumns(
    path: string,
    bytesAreText: boolean,
  ): Promise<{ columns: ParquetColumn[]; rows: number }> {
    const columns = await this.#engine.query(
      sql`describe select * from ${raw(parquetFile({ path, bytesAreText }))}`,
    );
    const [directory] = await this.#engine.query(
      sql`select num_rows from parquet_file_metadata(${escapeGlob(path)})`,
    );
    return {
      columns: columns.map((row) => ({ name: String(row.column_name), type: String(row.column_type) })),
      rows: Number(directory?.num_rows),
    };
  }

  decimal(text: Sql, decimalComma: boolean): ParsedNumber {
    return parsedNumber(text, decimalComma);
  }

  factor(text: Sql, decimalComma: boolean, alias: Sql): Factor {
    return {
      // decimal(9,4) × decimal(9,4) fits 18 digits and stays fast; wider decimals cost a hundred times more.
      quick: sql`try_cast(${withPoint(text, decimalComma)} as decimal(9,4))`,
      alias,
      text,
      decimalComma,
    };
  }

  product(quantity: Factor, price: Factor): Sql {
    const factors = [quantity, price];
    const conditions = [
      ...factors.map(({ alias }) => sql`${alias} is not null`),
      ...factors.map(hasFourDigitsAtMost),
      ...factors
        .filter(({ decimalComma }) => decimalComma)
        .map(({ text }) => sql`not contains(${text}, '.')`),
    ];
    const [one, other] = factors.map(
      ({ text, decimalComma }) => sql`try_cast(${carefulNumber(text, decimalComma)} as double)`,
    ) as [Sql, Sql];
    // Larger numbers, fractions beyond the fourth digit and numbers that are not plain are multiplied as
    // doubles: 15 digits. A double may hold 36.22555 as a little less, so half of the last digit is made half
    // again before it is rounded. A case and no coalesce: the engine computes common parts of a coalesce for
    // every row.
    return sql`case when ${join(conditions, ' and ')} then cast(${quantity.alias} * ${price.alias} as decimal(18,4))
      else try_cast(round(round(${one} * ${other} * 10000, 3)) / 10000 as decimal(18,4)) end`;
  }

  timestamp(text: Sql, form: DateForm): Sql {
    const ways: Sql[] = [];
    const trimmed = sql`trim(${text})`;
    if (form.zone) {
      ways.push(
        sql`try_cast(regexp_replace(trim(${text}), '\\s*(Z|UTC|[+-][0-9]{2}:?[0-9]{2})$', '') as timestamp)`,
      );
    } else if (form.iso) {
      // The engine takes words for dates too: 'infinity', 'epoch'.
      ways.push(sql`case when ${text} >= '0' and ${text} < ':' and not suffix(${text}, ' ') then try_cast(${text} as timestamp)
        else try_cast(nullif(regexp_extract(${trimmed}, '^[0-9].*'), '') as timestamp) end`);
    }
    if (form.numeric && form.order !== undefined) {
      const dates = datesByOrder[form.order];
      const strptime = (value: Sql, forms: readonly string[]) => {
        const formats = forms.flatMap((date) => times.map((time) => `'${date}${time}'`));
        return sql`try_strptime(${value}, [${raw(formats.join(', '))}])`;
      };
      // %Y takes '24' for the year 24, so a year of two digits is told by its form first.
      ways.push(
        form.shortYear && form.order !== 'ymd'
          ? sql`case when regexp_matches(${trimmed}, '^\\d{1,2}[./-]\\d{1,2}[./-]\\d{2}(\\D|$)')
              then ${strptime(
                trimmed,
                dates.map((date) => date.replace('%Y', '%y')),
              )} else ${strptime(trimmed, dates)} end`
          : strptime(trimmed, dates),
      );
    }
    if (form.month) ways.push(this.month(text));
    if (ways.length === 0) return raw('cast(null as timestamp)');
    return ways.length === 1 ? ways[0]! : sql`coalesce(${join(ways, ', ')})`;
  }

  month(text: Sql): Sql {
    return sql`try_strptime(trim(${text}), ['%Y-%m', '%Y.%m', '%Y/%m', '%m.%Y', '%m/%Y', '%m-%Y'])`;
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
    where s.file_path in (${scan.path}, ${escapeGlob(scan.path)})
    group by e.line`;
}

function brokenLine(scan: CsvScan, row: Row): BrokenLine {
  const text = String(row.content ?? '');
  const isBadEncoding = row.is_bad_encoding === true;
  if (scan.rowNumberColumn !== 0) return { line: Number(row.line), text, isBadEncoding };
  // A copy that holds the numbers of its rows has them in front of each line.
  const [, line, rest] = /^(\d+).(.*)$/su.exec(text) ?? [];
  return { line: Number(line ?? row.line), text: rest ?? text, isBadEncoding };
}

function readCsv(scan: CsvScan, faults: string): Sql {
  const columns = Array.from({ length: scan.columnCount }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const rows = `read_csv(${literal(escapeGlob(scan.path))}, auto_detect = false, header = false,
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

/** The text of a plain number with a decimal point; what is no plain number comes out as no number. */
function withPoint(text: Sql, decimalComma: boolean): Sql {
  return decimalComma ? sql`replace(${text}, ',', '.')` : text;
}

/**
 * Whether the quick cast to four digits loses nothing. Six characters that begin with a digit cannot hold a
 * fifth; that settles most numbers by two cheap comparisons.
 */
function hasFourDigitsAtMost({ text, decimalComma }: Factor): Sql {
  const mark = decimalComma ? raw("','") : raw("'.'");
  return sql`((strlen(${text}) <= 6 and ${text} >= '0')
    or instr(${text}, ${mark}) = 0 or strlen(${text}) - instr(${text}, ${mark}) <= 4)`;
}

function parsedNumber(text: Sql, decimalComma: boolean): ParsedNumber {
  const cast = sql`try_cast(${withPoint(text, decimalComma)} as decimal(18,4))`;
  // With a decimal comma a point is a thousands mark, which the cast would take for the decimal point.
  const quick = decimalComma ? sql`case when not contains(${text}, '.') then ${cast} end` : cast;
  const exact = (alias: Sql) =>
    sql`case when ${alias} is not null or ${text} is null then ${alias}
      else try_cast(${carefulNumber(text, decimalComma)} as decimal(18,4)) end`;
  return { quick, exact, atOnce: exact(sql`(${quick})`) };
}

/** Any way of writing a number that `plain_number` knows, as text with a decimal point; null for the rest. */
function carefulNumber(text: Sql, decimalComma: boolean): Sql {
  return sql`plain_number(number_text(${text}), ${raw(String(decimalComma))})`;
}
