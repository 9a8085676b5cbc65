import type { ParquetColumn, ParquetScan } from '../../input/source.js';
import { raw, type Sql } from '../../sql/sql.js';
import { escapeGlob, identifier, literal } from './text.js';

/** The rows of a Parquet file as a from-clause; columns are text, named c0, c1, ... */
export function readParquet(scan: ParquetScan): Sql {
  const columns = scan.columns.map((column, index) => `${textOf(column)} as c${index}`).join(', ');
  return raw(`(select ${columns === '' ? '1' : columns} from ${parquetFile(scan)}) as parquet_rows`);
}

/** The file as a table function, with its own columns. */
export function parquetFile({ path, bytesAreText }: Pick<ParquetScan, 'path' | 'bytesAreText'>): string {
  return `read_parquet(${literal(escapeGlob(path))}, binary_as_string = ${bytesAreText}, hive_partitioning = false)`;
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
