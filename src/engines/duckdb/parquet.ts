import type { ParquetColumn, ParquetScan } from '../../input/source.js';
import { raw, type Sql } from '../../sql/sql.js';
import { identifier, pathList } from './text.js';

/**
 * The rows of a Parquet file, or of several of its form, as a from-clause; columns are text, named c0, c1, ...,
 * and what is wanted also.
 */
export function readParquet(
  { path, columns, bytesAreText }: ParquetScan,
  { paths = [path], also }: { paths?: readonly string[]; also?: Sql } = {},
): Sql {
  const texts = columns.map((column, index) => `${textOf(column)} as c${index}`);
  const selected = [...texts, ...(also === undefined ? [] : [also.text])].join(', ') || '1';
  return raw(`(select ${selected} from ${parquetFiles(paths, bytesAreText)}) as parquet_rows`);
}

/** Files as a table function, with their own columns. */
export function parquetFiles(paths: readonly string[], bytesAreText: boolean): string {
  return `read_parquet(${pathList(paths)}, binary_as_string = ${bytesAreText}, hive_partitioning = false)`;
}

/**
 * A value as the text that other formats would hold. Numbers have no exponent, as they may be ids, and never
 * exactly three decimals, which could be taken for thousands; moments of a time zone are told in UTC.
 */
function textOf({ name, type }: ParquetColumn): string {
  const value = identifier(name);
  if (type === 'FLOAT' || type === 'DOUBLE') {
    return `case when ${value} = trunc(${value}) and abs(${value}) < 1e37 then cast(cast(${value} as hugeint) as varchar)
      else regexp_replace(cast(${value} as varchar), '([.][0-9]{3})$', '\\10') end`;
  }
  if (/^DECIMAL\(\d+,3\)$/.test(type)) return `cast(${value} as varchar) || '0'`;
  // By its count of microseconds, as the cast of the engine would take the time zone of the machine.
  if (type === 'TIMESTAMP WITH TIME ZONE') return `cast(make_timestamp(epoch_us(${value})) as varchar)`;
  return `cast(${value} as varchar)`;
}
