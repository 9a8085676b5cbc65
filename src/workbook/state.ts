import { createHash } from 'node:crypto';
import type { Column } from '../core/table.js';
import type { Text } from '../core/text.js';
import { cellsOf, cellValue, cellXml, rowXml, type SheetXml, valueXml } from '../ooxml/sheet.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import type { Fingerprint } from './fingerprint.js';
import { inputColumns } from './managed-list.js';
import { newSheet } from './new-workbook.js';
import type { SeenCopy } from './seen-copies.js';
import { canonical } from './values.js';

/** What the list was when it was last written, kept on a hidden sheet, which every spreadsheet program keeps. */
export interface ListState {
  /** Of what the state says: a copy of the list has it too. Lists of earlier versions have ''. */
  readonly id: string;
  /** Ids of the states before, the latest last. */
  readonly formerIds: readonly string[];
  readonly asOf: string;
  /** Of the list, by which it is told from another one; lists of earlier versions have none. */
  readonly title: Text | undefined;
  /** `ManagedList.condition`; undefined for lists that have none and those of earlier versions. */
  readonly condition: string | undefined;
  /** The columns that a run has written, the key first: what else knows the headers of a list. */
  readonly columns: readonly NamedColumn[];
  /** Names of the columns whose cells the fingerprints are of; undefined where these are another version's. */
  readonly telling: readonly string[] | undefined;
  /** Ids of the columns that people have added (`ownColumns`). */
  readonly own: readonly string[];
  /** What was written of each customer. */
  readonly rows: ReadonlyMap<string, RowState>;
  /** Rows of nobody on the list that stood there, by their key or, where they have none, their computed cells in short. */
  readonly others: ReadonlySet<string>;
  /** What merges found in copies of the list. */
  readonly copies: readonly SeenCopy[];
}

/** A column as a state has it. */
export interface NamedColumn extends Pick<Column, 'name' | 'label'> {
  /** Whether it stands beside one that somebody made under its name: see `besideOwn`. */
  readonly isBeside?: boolean;
}

export interface RowState {
  readonly fingerprint: Fingerprint;
  /** What the manager's cells are compared by (`CellContent.text`), in the order of the manager's columns. */
  readonly inputs: readonly string[];
  /** The cells of people's own columns in short (`ownCells`). */
  readonly own: string;
}

const magic = 'retain list';
/** Fingerprints of other versions tell nothing. */
const version = '2';
/** In place of a fingerprint of no columns: a line without one is of a row that is nobody's. */
const noFingerprint = '-';
/** Before a condition: one of everybody is empty. */
const conditionMark = 'where ';
/** In place of a key: no customer has it. */
const noKey = '';
/** What a line without a key tells of. */
const lineOf = { copy: 'copy', seen: 'seen', former: 'former', id: 'id' } as const;
/** States that are remembered. */
const mostFormer = 200;
export const stateSheetName = 'retain (do not edit)';

/** Whether a sheet is the one that holds the state. */
export function isState({ rows, prefix }: SheetXml, sharedStrings: readonly string[]): boolean {
  const [first] = rows[0] === undefined ? [] : cellsOf(rows[0], prefix);
  return first !== undefined && cellValue(first, prefix, sharedStrings) === magic;
}

export function readState(
  { rows: sheetRows, prefix }: SheetXml,
  sharedStrings: readonly string[],
): ListState {
  const [first, ...lines] = sheetRows.map((row) => {
    const values: string[] = [];
    for (const cell of cellsOf(row, prefix)) {
      values[cell.column] = canonical(cellValue(cell, prefix, sharedStrings));
    }
    return values;
  });
  const rows = new Map<string, RowState>();
  const others = new Set<string>();
  const copies: (SeenCopy & { readonly rows: Map<string, string> })[] = [];
  let id = '';
  let formerIds: string[] = [];
  for (const [key = '', fingerprint = '', ...cells] of lines) {
    if (key === noKey && fingerprint !== '') {
      const [first = '', second = '', third = ''] = cells;
      if (fingerprint === lineOf.id) id = first;
      else if (fingerprint === lineOf.former) formerIds = parseNames(first);
      else if (fingerprint === lineOf.seen) copies.at(-1)?.rows.set(first, second);
      else copies.push({ path: first, of: second, columns: parseNames(third), rows: new Map() });
    } else if (fingerprint === '') others.add(key);
    else {
      const inputs = Array.from(inputColumns, (_, at) => cells[at] ?? '');
      rows.set(key, {
        fingerprint: fingerprint === noFingerprint ? '' : fingerprint,
        inputs,
        own: cells[inputs.length] ?? '',
      });
    }
  }
  const telling = first?.[1] === version ? parseNames(first[4] ?? '[]') : undefined;
  const [en = '', ru = en, own = '[]', condition = ''] = first?.slice(5) ?? [];
  return {
    id,
    formerIds,
    asOf: first?.[2] ?? '',
    title: en === '' ? undefined : { en, ru },
    condition: condition.startsWith(conditionMark) ? condition.slice(conditionMark.length) : undefined,
    columns: parseColumns(first?.[3] ?? '[]'),
    telling,
    own: parseNames(own),
    rows,
    others,
    copies,
  };
}

/** Somebody may have changed the sheet; then no column is known to have been written. */
function parseColumns(text: string): NamedColumn[] {
  try {
    const columns = JSON.parse(text) as [string, string, string, 1?][];
    return columns.map(([name, en, ru, beside]) => {
      return { name, label: { en: String(en), ru: String(ru) }, isBeside: beside === 1 };
    });
  } catch {
    return [];
  }
}

function parseNames(text: string): string[] {
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch {
    return [];
  }
}

/** The ids before that of the next state. */
export function idsBefore(state: ListState | undefined): readonly string[] {
  return state === undefined || state.id === '' ? [] : [...state.formerIds, state.id];
}

/** The sheet of a state; its rows are asked for when they are written. */
export function* stateSheet(
  state: Omit<ListState, 'id' | 'rows'>,
  rows: Iterable<readonly [string, RowState]>,
): Generator<string> {
  const [before, after] = newSheet({}).split('<sheetData></sheetData>') as [string, string];
  yield `${before}<sheetData>`;
  const header = [
    magic,
    version,
    state.asOf,
    JSON.stringify(
      state.columns.map(({ name, label, isBeside }) => [name, label.en, label.ru, ...(isBeside ? [1] : [])]),
    ),
    JSON.stringify(state.telling ?? []),
    state.title?.en ?? '',
    state.title?.ru ?? '',
    JSON.stringify(state.own),
    state.condition === undefined ? '' : conditionMark + state.condition,
  ];
  const hash = createHash('sha256');
  let number = 1;
  const line = (texts: readonly string[]): string => {
    const xml = textRow(number, texts);
    number += 1;
    hash.update(xml);
    return xml;
  };
  yield line(header);
  for (const [key, { fingerprint, inputs, own }] of rows) {
    yield line([key, fingerprint || noFingerprint, ...inputs, own]);
  }
  for (const other of state.others) yield line([other]);
  for (const { path, of, columns, rows: seen } of state.copies) {
    yield line([noKey, lineOf.copy, path, of, JSON.stringify(columns)]);
    for (const [row, cells] of seen) yield line([noKey, lineOf.seen, row, cells]);
  }
  yield line([noKey, lineOf.former, JSON.stringify(state.formerIds.slice(-mostFormer))]);
  yield textRow(number, [noKey, lineOf.id, hash.digest('hex').slice(0, 16)]);
  yield `</sheetData>${after}`;
}

function textRow(number: number, texts: readonly string[]): string {
  const cells = texts.map((text, column) =>
    text === ''
      ? ''
      : cellXml({ column, style: 0, others: '', ...valueXml(spreadsheetText(text), '') }, number, ''),
  );
  return rowXml(number, '', cells.join(''), '');
}
