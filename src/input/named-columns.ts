import { UserError } from '../core/errors.js';
import { findColumn, listHeaders } from './recognise.js';
import type { ColumnOverride, FileSettings } from './settings.js';
import type { Source } from './source.js';

/** @throws UserError for a column of --column that no table has */
export function checkColumnsOfOptions(overrides: readonly ColumnOverride[], tables: readonly Source[]): void {
  const missing = overrides.find(({ header }) => !isIn(tables, header));
  if (missing === undefined) return;
  throw new UserError(`--column names '${missing.header}', which no file has`, { remedy: found(tables) });
}

/** @throws UserError for a column of the settings of a file that none of its tables has */
export function checkColumnsOfSettings(
  path: string,
  settings: FileSettings,
  tables: readonly Source[],
): void {
  const missing = (settings.columns ?? []).find(({ header }) => !isIn(tables, header));
  if (tables.length === 0 || missing === undefined) return;
  throw new UserError(
    `the settings name column '${missing.header}' as ${missing.field}, which the file does not have`,
    { place: { file: path }, remedy: found(tables) },
  );
}

function isIn(tables: readonly Source[], wanted: string): boolean {
  return tables.some(({ header }) => findColumn(header, wanted) >= 0);
}

function found(tables: readonly Source[]): string {
  return `Columns found: ${listHeaders([...new Set(tables.flatMap(({ header }) => header))])}.`;
}
