import type { Cell } from '../core/table.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import type { RowShift } from '../ooxml/references.js';
import type { SheetRow } from '../ooxml/sheet.js';
import { packText } from '../ooxml/zip.js';
import type { WrittenColumn } from './add-columns.js';
import { ContentReader } from './cell-content.js';
import { allColumns } from './columns.js';
import { fingerprintOf } from './fingerprint.js';
import type { TableSheet } from './list-sheet.js';
import { type InputColumn, inputColumns, type ManagedList } from './managed-list.js';
import { type News, newInput, type RowContext } from './new-rows.js';
import type { ListWorkbook } from './open-list.js';
import { type OwnColumn, ownCells, ownColumns } from './own-cells.js';
import { nameOfOther, type Plan } from './plan.js';
import { CellProblems } from './problems.js';
import { freeName } from './sheet-name.js';
import {
  idsBefore,
  type ListState,
  type NamedColumn,
  type RowState,
  stateSheet,
  stateSheetName,
} from './state.js';
import { computedValues, tellingColumns } from './telling-cells.js';
import { canonical, from1900 } from './values.js';

/** What people wrote into the manager's columns, read as rows are written, while their cells are at hand. */
export class InputReader {
  /** Of each customer's first row, what its cells are compared by. */
  readonly texts = new Map<string, readonly string[]>();
  /** Of each customer's first row, the columns that people added in short; those without any are not there. */
  readonly ownTexts = new Map<string, string>();
  readonly own: readonly OwnColumn[];
  readonly problems: CellProblems;
  readonly #reader: ContentReader;
  readonly #inputs: readonly { readonly input: InputColumn; readonly index: number | undefined }[];
  readonly #unknown: ReadonlySet<number>;

  constructor(
    table: TableSheet,
    columns: readonly WrittenColumn[],
    private readonly plan: Plan,
    shift: RowShift,
  ) {
    this.#reader = new ContentReader(table);
    this.problems = new CellProblems(table.sheet.name, shift);
    this.#inputs = inputColumns.map((input) => {
      return { input, index: columns.find((column) => column.input?.name === input.name)?.index };
    });
    this.own = ownColumns(table.columns);
    this.#unknown = new Set(plan.unknown.filter(({ key }) => key !== '').map(({ number }) => number));
  }

  read(row: SheetRow): void {
    const key = this.plan.refreshed.get(row.number);
    if (key === undefined && !this.#unknown.has(row.number)) return;
    const texts = this.#inputs.map(({ input, index }) => {
      if (index === undefined) return '';
      const { value, text } = this.#reader.read(row, index);
      this.problems.check(input, value, row.number, index);
      return text;
    });
    if (key === undefined || this.texts.has(key)) return;
    this.texts.set(key, texts.every((text) => text === '') ? nothing : texts);
    const own = this.own.length === 0 ? '' : ownCells(this.#reader, row, this.own);
    if (own !== '') this.ownTexts.set(key, own);
  }
}

const nothing: readonly string[] = inputColumns.map(() => '');

/** Writes what the list is now, for the next run. */
export async function writeState(
  workbook: WorkbookPackage,
  found: ListWorkbook,
  context: RowContext,
  plan: Plan,
  rowsByKey: ReadonlyMap<string, readonly Cell[]>,
  inputs: InputReader,
  news: (key: string) => News,
  beside: ReadonlySet<string>,
): Promise<void> {
  const { columns, computed, list, table } = context;
  const telling = tellingColumns(columns, computed);
  const fingerprint = (key: string) => fingerprintOf(computedValues(telling, rowsByKey.get(key)!, computed));
  function* states(): Generator<[string, RowState]> {
    for (const [key, texts] of inputs.texts) {
      yield [key, { fingerprint: fingerprint(key), inputs: texts, own: inputs.ownTexts.get(key) ?? '' }];
    }
    for (const key of plan.added) {
      const texts = inputColumns.map((input) => {
        const value = newInput(input, news(key));
        return canonical(input.kind === 'date' ? from1900(value, table.context) : value);
      });
      yield [key, { fingerprint: fingerprint(key), inputs: texts, own: '' }];
    }
  }
  const others = new Set(plan.unknown.map(nameOfOther));
  const state = {
    formerIds: idsBefore(found.state),
    asOf: list.asOf,
    title: list.title,
    condition: list.condition,
    columns: everWritten(list, found.state, beside),
    telling: telling.map(({ name }) => name),
    own: inputs.own.map(({ id }) => id),
    others,
    copies: found.state?.copies ?? [],
  };
  const content = await packText(stateSheet(state, states()));
  if (found.stateSheet !== undefined) workbook.set(found.stateSheet.part, content);
  else await workbook.addSheet(freeName(await workbook.sheets(), stateSheetName), content, true);
}

/** The columns of the list, and those that it had before: they may be on the sheet still, and come again. */
function everWritten(
  list: ManagedList,
  former: ListState | undefined,
  beside: ReadonlySet<string>,
): NamedColumn[] {
  const now = allColumns(list).map((column) => ({ ...column, isBeside: beside.has(column.name) }));
  const names = new Set(now.map(({ name }) => name));
  return [...now, ...(former?.columns.filter(({ name }) => !names.has(name)) ?? [])];
}
