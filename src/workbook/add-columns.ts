import type { Column, Notice } from '../core/table.js';
import type { Language } from '../core/text.js';
import { insertChild } from '../ooxml/element-order.js';
import { columnName, mostRows } from '../ooxml/references.js';
import type { StyleBook } from '../ooxml/styles.js';
import { escapeText } from '../ooxml/xml.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { allColumns, computedValidation, computedWidth, headerStyle, inputValidation } from './columns.js';
import type { SheetColumn, TableSheet } from './list-sheet.js';
import {
  besideOwn,
  computedColumns,
  type InputColumn,
  inputColumns,
  isNamed,
  type ManagedList,
  markColumn,
} from './managed-list.js';
import { type NewCell, withColumnWidths, withValidations } from './sheet-edit.js';
import type { ListState } from './state.js';

/** A column of the list's sheet, and what it holds. */
export interface WrittenColumn {
  /** From 0. */
  readonly index: number;
  readonly name: string | undefined;
  /** Which of the computed columns it is. */
  readonly computedIndex: number | undefined;
  readonly input: InputColumn | undefined;
}

/**
 * The columns of a list's sheet, with those that it lacks put behind the others: all of a new sheet, else the
 * manager's and computed ones that no run has written yet. A computed column that somebody deleted stays away.
 */
export function addColumns(
  table: TableSheet,
  state: ListState | undefined,
  list: ManagedList,
  language: Language,
  styles: StyleBook,
): {
  head: string;
  tail: string;
  columns: WrittenColumn[];
  headerCells: NewCell[] | undefined;
  /** Names of columns that stand beside somebody's own of their name. */
  beside: ReadonlySet<string>;
  notices: Notice[];
} {
  const isNew = table.columns.length === 1 && table.rows.length === 0;
  const computed = computedColumns(list);
  const { prefix } = table.xml;
  const first = table.headerRow + 1;
  const rows = { first, last: Math.max(first, table.lastRow) };
  const known = new Map(table.columns.map((column) => [column.name, column.index]));
  const headerCells: NewCell[] = [];
  const widths = new Map<number, number>();
  const validations: string[] = [];
  const guarded: number[] = [];
  const notices: Notice[] = [];
  const beside = new Set(state?.columns.flatMap(({ name, isBeside }) => (isBeside ? [name] : [])));
  let next = table.width;
  const columns = table.columns.map(({ index, name }) => written(index, name, computed));
  for (const column of allColumns(list)) {
    const there = known.get(column.name);
    const input = inputColumns.find(({ name }) => name === column.name);
    if (there !== undefined && !isNew) continue;
    if (there === undefined && input === undefined && state?.columns.some(({ name }) => name === column.name))
      continue;
    const index = there ?? next;
    if (there === undefined) {
      next += 1;
      columns.push(written(index, column.name, computed));
    }
    const own = isNew
      ? undefined
      : table.columns.find(({ name, header }) => name === undefined && isNamed(column, header));
    if (own !== undefined) {
      beside.add(column.name);
      notices.push(columnBeside(table, own, besideOwn(column), index, language));
    }
    const { label } = own === undefined ? column : besideOwn(column);
    headerCells.push({
      column: index,
      value: spreadsheetText(label[language]),
      ...both(styles.style(headerStyle(input === undefined ? 'computed' : 'input', column)), isNew),
    });
    widths.set(index, input?.width ?? computedWidth(column, list, language));
    if (input === undefined) guarded.push(index);
    const validation = input && inputValidation(input, index, rows, language, prefix);
    if (validation !== undefined) validations.push(validation);
    if (!isNew && input !== undefined) notices.push(columnAdded(table, column, index));
  }
  if (guarded.length > 0) {
    validations.unshift(computedValidation(guarded, rows, language, prefix));
  }
  const dressed = isNew ? dressNewSheet(table.xml, columns, next, list, language) : table.xml;
  return {
    head: withColumnWidths(dressed.head, prefix, widths),
    tail: withValidations(dressed.tail, prefix, validations),
    columns: columns.sort((one, other) => one.index - other.index),
    headerCells: headerCells.length === 0 ? undefined : headerCells,
    beside,
    notices,
  };
}

/** A new sheet's first cell is there already, without a style. */
function both(style: number, isSet: boolean): Pick<NewCell, 'style' | 'usualStyle'> {
  return isSet ? { style, usualStyle: style } : { usualStyle: style };
}

/** How many columns stay in sight: the key, and the name where one follows. */
export function columnsInSight(list: ManagedList): number {
  return computedColumns(list)[1]?.kind === 'text' ? 2 : 1;
}

/** Filter, frozen header, colour of what is new, and how a new sheet is printed. People may change all of it. */
function dressNewSheet(
  { head, tail }: TableSheet['xml'],
  columns: readonly WrittenColumn[],
  width: number,
  list: ManagedList,
  language: Language,
): { head: string; tail: string } {
  const last = columnName(width - 1);
  const news = columnName(columns.find(({ name }) => name === markColumn.name)!.index);
  const frozen = columnsInSight(list);
  const first = `${columnName(frozen)}2`;
  const views =
    `<pane xSplit="${frozen}" ySplit="1" topLeftCell="${first}" activePane="bottomRight" state="frozen"/>` +
    `<selection pane="bottomRight" activeCell="${first}" sqref="${first}"/>`;
  const title = escapeText(list.title[language].replaceAll('&', '&&').slice(0, 100));
  const added = [
    `<autoFilter ref="A1:${last}1"/>`,
    `<conditionalFormatting sqref="A2:A${mostRows} ${news}2:${news}${mostRows}"><cfRule type="expression" dxfId="0" priority="1">` +
      `<formula>LEN($${news}2)&gt;0</formula></cfRule></conditionalFormatting>`,
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
    // Two pages side by side, the first columns on both: who it is and why, then what is done about it.
    '<pageSetup paperSize="9" pageOrder="overThenDown" orientation="landscape" fitToWidth="2" fitToHeight="0"/>',
    `<headerFooter><oddHeader>&amp;L${title}&amp;R&amp;D</oddHeader><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>`,
    // Ids that are figures are text on purpose.
    `<ignoredErrors><ignoredError sqref="A2:${last}${mostRows}" numberStoredAsText="1"/></ignoredErrors>`,
  ];
  return {
    head: head.replace('workbookViewId="0"></sheetView>', `workbookViewId="0">${views}</sheetView>`),
    tail: added.reduce((xml, element) => insertChild(xml, 'worksheet', element), tail),
  };
}

function written(index: number, name: string | undefined, computed: readonly Column[]): WrittenColumn {
  const at = computed.findIndex((column) => column.name === name);
  return {
    index,
    name,
    computedIndex: at === -1 ? undefined : at,
    input: inputColumns.find((column) => column.name === name),
  };
}

function columnAdded(table: TableSheet, column: Column, index: number): Notice {
  const cell = `${table.sheet.name}!${columnName(index)}${table.headerRow}`;
  return {
    code: 'column_added',
    level: 'warning',
    text: {
      en: `${cell}: the column '${column.label.en}' was missing and is there again, empty. A renamed one stays as it is.`,
      ru: `${cell}: столбца «${column.label.ru}» не было, он добавлен пустым. Переименованный остался как есть.`,
    },
  };
}

function columnBeside(
  table: TableSheet,
  own: SheetColumn,
  { label }: Column,
  index: number,
  language: Language,
): Notice {
  const cell = (column: number) => `${table.sheet.name}!${columnName(column)}${table.headerRow}`;
  return {
    code: 'column_beside',
    level: 'warning',
    text: {
      en: `${cell(own.index)}: the column '${own.header}' is somebody's own and stays; what the list computes now under that name is in '${label[language]}' (${cell(index)}).`,
      ru: `${cell(own.index)}: столбец «${own.header}» добавлен вручную и остаётся; то, что список теперь рассчитывает под этим названием, — в «${label[language]}» (${cell(index)}).`,
    },
  };
}
