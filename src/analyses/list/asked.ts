import { type ConditionColumn, checkCondition, type ValueType } from '../../conditions/compile.js';
import { mistakeAt, type Written } from '../../conditions/mistake.js';
import { closest } from '../../config/similar.js';
import type { Kind } from '../../core/table.js';
import { raw, sql } from '../../sql/sql.js';
import { type CustomerColumn, customerColumns } from '../customer-view/columns.js';
import { segmentsOf } from '../rfm/maps.js';
import type { RfmOptions } from '../rfm/scores.js';
import type { ReadyMadeList } from './ready-made.js';

/** What is asked of a list, as it was written. */
export interface ListFlags {
  readonly ready: ReadyMadeList | undefined;
  readonly where: string | undefined;
  readonly columns: string | undefined;
  readonly sort: string | undefined;
  readonly limit: number | undefined;
}

/** A column to sort by. */
export interface SortKey {
  readonly column: string;
  readonly isDescending: boolean;
}

/** The same, read and free of mistakes. */
export interface AskedList {
  readonly ready: ReadyMadeList | undefined;
  /** Conditions that must all hold. */
  readonly conditions: readonly Written[];
  /** The columns that they name. */
  readonly conditionColumns: readonly string[];
  /** Those that --where names. */
  readonly askedColumns: readonly string[];
  /** Columns to show; undefined for the usual ones. */
  readonly columns: readonly string[] | undefined;
  readonly sort: readonly SortKey[];
  /** False for the usual order. */
  readonly sortIsGiven: boolean;
  readonly limit: number | undefined;
}

/** The date that the view is of, as conditions may name it. */
export const asOfName = 'as_of';

const help = 'retain list --help shows the columns.';

/**
 * Reads what is asked, before any file is.
 * @throws UserError (usage) that points at the mistake
 */
export function readAsked(flags: ListFlags, rfm: RfmOptions): AskedList {
  const { ready } = flags;
  const conditions = [
    ...(ready === undefined ? [] : [{ option: ready.name, text: ready.where }]),
    ...(flags.where === undefined ? [] : [{ option: '--where', text: flags.where }]),
  ];
  const vocabulary = { columns: conditionColumns(rfm), help };
  const named = conditions.map((condition) => checkCondition(condition, vocabulary));
  const columnsIn = (lists: readonly (readonly string[])[]) =>
    [...new Set(lists.flat())].filter((name) => name !== asOfName);
  const sort = { option: '--sort', text: flags.sort ?? ready?.sort ?? '-revenue' };
  return {
    ready,
    conditions,
    conditionColumns: columnsIn(named),
    askedColumns: columnsIn(flags.where === undefined ? [] : named.slice(-1)),
    columns:
      flags.columns === undefined ? undefined : columnsOf({ option: '--columns', text: flags.columns }),
    sort: sortKeys(sort),
    sortIsGiven: flags.sort !== undefined,
    limit: flags.limit,
  };
}

/** What conditions may name; the as-of date is any, where they are only checked. */
export function conditionColumns(rfm: RfmOptions, asOf = '2000-01-01'): ReadonlyMap<string, ConditionColumn> {
  const columns = customerColumns.map((column): [string, ConditionColumn] => {
    const type = typeOf(column.kind);
    const values = valuesOf(column, rfm);
    return [
      column.name,
      {
        type,
        sql: type === 'number' ? raw(`cast(${column.name} as double)`) : raw(column.name),
        ...(values === undefined ? {} : { values }),
      },
    ];
  });
  return new Map([...columns, [asOfName, { type: 'date', sql: sql`cast(${asOf} as date)` }]]);
}

/** The codes of a column and what people call them. */
export function valuesOf(column: CustomerColumn, rfm: RfmOptions): CustomerColumn['values'] {
  if (column.name !== 'segment') return column.values;
  return Object.fromEntries(segmentsOf(rfm.map, rfm.bins).map(({ code, label }) => [code, label]));
}

export function typeOf(kind: Kind): ValueType {
  return kind === 'text' || kind === 'date' || kind === 'boolean' ? kind : 'number';
}

/** Names between commas, each with the place where it stands. */
function partsOf({ text }: Written): { part: string; at: number }[] {
  const parts: { part: string; at: number }[] = [];
  let at = 0;
  for (const piece of text.split(',')) {
    const part = piece.trim();
    parts.push({ part, at: part === '' ? at : at + piece.indexOf(part) });
    at += piece.length + 1;
  }
  return parts;
}

function columnsOf(written: Written): string[] {
  const names = partsOf(written).map(({ part, at }) => knownColumn(written, part, at));
  return [...new Set(names)];
}

function sortKeys(written: Written): SortKey[] {
  return partsOf(written).map(({ part, at }) => {
    const match = /^(?<minus>[-+]?)\s*(?<name>\S*)(?:\s+(?<order>asc|desc))?$/i.exec(part);
    const { minus = '', name = part, order = '' } = match?.groups ?? {};
    return {
      column: knownColumn(written, name, at + minus.length),
      isDescending: minus === '-' || order.toLowerCase() === 'desc',
    };
  });
}

function knownColumn(written: Written, name: string, at: number): string {
  const folded = name.toLowerCase();
  const names = customerColumns.map((column) => column.name);
  if (names.includes(folded)) return folded;
  if (name === '') throw mistakeAt(written, at, 'a name of a column is missing', help);
  const near = closest(folded, names);
  throw mistakeAt(
    written,
    at,
    `no column '${name.slice(0, 60)}'`,
    `${near === undefined ? 'Names stand between commas: -revenue, name.' : `Did you mean ${near}?`} ${help}`,
  );
}
