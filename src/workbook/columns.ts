import { isDay } from '../core/dates.js';
import type { Cell, Column } from '../core/table.js';
import type { Language } from '../core/text.js';
import { columnName } from '../ooxml/references.js';
import type { CellValue } from '../ooxml/sheet.js';
import type { CellStyle, StyleBook } from '../ooxml/styles.js';
import { escapeAttribute, escapeText } from '../ooxml/xml.js';
import { currencyStyle } from '../output/currency.js';
import { spreadsheetCell, toNumber } from '../output/spreadsheet-cell.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { isNumeric } from '../output/unit.js';
import { textWidth } from '../output/width.js';
import {
  computedColumns,
  type InputColumn,
  inputColumns,
  type ManagedList,
  markColumn,
  sinceColumn,
} from './managed-list.js';
import { daySerial } from './values.js';

const colours = {
  computedHeader: 'DCE6F1',
  computedLine: '8EA9C8',
  inputHeader: 'FFE699',
  inputLine: 'D6B656',
  input: 'FFFBEB',
  grid: 'E3E3E3',
} as const;

export function headerStyle(kind: 'computed' | 'input', column: Column): CellStyle {
  const [fill, line] =
    kind === 'input'
      ? [colours.inputHeader, colours.inputLine]
      : [colours.computedHeader, colours.computedLine];
  return { fill, line, bold: true, wrap: true, align: isNumeric(column.kind) ? 'right' : 'left' };
}

/** How the manager's cells look before the manager changes that. */
export function inputStyle(column: InputColumn, language: Language, currency: string | null): CellStyle {
  const look = { fill: colours.input, grid: colours.grid };
  if (column.kind === 'date') return { ...look, align: 'left', format: dateFormat(language) };
  if (column.kind === 'money') {
    const { digits } = currencyStyle(currency, language);
    return { ...look, align: 'right', format: digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}` };
  }
  return { ...look, align: 'left', wrap: column.name === 'comment' };
}

export function dateFormat(language: Language): string {
  return language === 'ru' ? 'dd.mm.yyyy' : 'yyyy-mm-dd';
}

/** The computed cells of a list as a workbook keeps them, with the numbers of their styles. */
export class ComputedCells {
  readonly columns: readonly Column[];
  readonly #positions: readonly number[];
  readonly #styles = new Map<string, number>();
  /** The style of a column whose cells are all alike; undefined where none has been written. */
  readonly #usual: (number | undefined)[] = [];
  readonly #serials = new Map<string, number>();
  readonly #moneyDigits: number;

  constructor(
    private readonly list: ManagedList,
    private readonly language: Language,
    private readonly styles: StyleBook,
    private readonly date1904: boolean,
  ) {
    this.columns = computedColumns(list);
    this.#positions = this.columns.map(({ name }) =>
      list.table.columns.findIndex((one) => one.name === name),
    );
    this.#moneyDigits = currencyStyle(list.currency, language).digits;
  }

  /** The value and style of a column for a row of the table; those of the list's own columns are given. */
  cell(
    index: number,
    row: readonly Cell[],
    own: { news: string | null; since: string | null },
  ): [CellValue, number] {
    const column = this.columns[index]!;
    const position = this.#positions[index]!;
    const cell = position === -1 ? (column === markColumn ? own.news : own.since) : (row[position] ?? null);
    const usual = this.#usual[index];
    if (usual !== undefined) {
      const value = this.#plainValue(column, cell);
      if (value !== undefined) return [value, usual];
    }
    const columns = position === -1 ? [column] : this.list.table.columns;
    const options = { language: this.language, currency: this.list.currency };
    const { value, align, format } = spreadsheetCell(
      column,
      position === -1 ? [cell] : row,
      columns,
      options,
    );
    const style = this.#style(align, format);
    const isAlike = column.kind !== 'measure' && column.kind !== 'change';
    if (isAlike && value !== null && this.#plainValue(column, cell) !== undefined) this.#usual[index] = style;
    return [value instanceof Date ? this.#serial(value.toISOString().slice(0, 10)) : value, style];
  }

  /** The value of a cell as most are; undefined where more is to be thought of. */
  #plainValue(column: Column, cell: Cell): CellValue | undefined {
    if (cell === null) return null;
    switch (column.kind) {
      case 'text':
        return spreadsheetText(column.values?.[String(cell)]?.[this.language] ?? String(cell));
      case 'date':
        return this.#serial(String(cell)) || undefined;
      case 'boolean':
      case 'measure':
      case 'change':
        return undefined;
      default:
        return typeof cell === 'boolean'
          ? undefined
          : (toNumber(cell, column.kind, this.#moneyDigits) ?? undefined);
    }
  }

  /** The number of a day; 0 for what spreadsheets do not have as a date. */
  #serial(day: string): number {
    let serial = this.#serials.get(day);
    if (serial === undefined) {
      serial = isDay(day) && day >= '1905-01-01' ? daySerial(day) - (this.date1904 ? 1462 : 0) : 0;
      this.#serials.set(day, serial);
    }
    return serial;
  }

  #style(align: 'left' | 'right', format: string | undefined): number {
    const key = `${align} ${format ?? ''}`;
    let style = this.#styles.get(key);
    if (style === undefined) {
      // Text stays text where somebody edits it, whatever it begins with, and ids keep their zeros.
      style = this.styles.style({ align, format: format ?? '@', grid: colours.grid });
      this.#styles.set(key, style);
    }
    return style;
  }
}

const narrowest = 8;
const widest = 60;
const rowsLookedAt = 1000;

/** About the width that a computed column needs, told from its first rows, with a header of two lines. */
export function computedWidth(column: Column, list: ManagedList, language: Language): number {
  // Room for the button of the filter and for letters in bold.
  const header = widthInTwoLines(column.label[language]) * 1.1 + 3;
  const content = contentWidth(column, list, language) + 2;
  return Math.ceil(Math.min(Math.max(content, header, narrowest), widest));
}

function contentWidth(column: Column, list: ManagedList, language: Language): number {
  if (column === sinceColumn) return 10;
  let width = 0;
  for (const row of column === markColumn ? [] : list.table.rows.slice(0, rowsLookedAt)) {
    const { shown } = spreadsheetCell(column, row, list.table.columns, { language, currency: list.currency });
    width = Math.max(width, textWidth(shown));
  }
  return width;
}

/** The width of a text broken between two of its words so that it is least. */
function widthInTwoLines(text: string): number {
  const words = text.split(' ');
  const breaks = words.map((_, at) =>
    Math.max(textWidth(words.slice(0, at).join(' ')), textWidth(words.slice(at).join(' '))),
  );
  return Math.min(...breaks);
}

/** Cells of columns from the first to the last row of the list, with which they grow. */
function cellsOfColumns(indexes: readonly number[], rows: ListRows): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].sort((one, other) => one - other)) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => `${columnName(from)}${rows.first}:${columnName(to)}${rows.last}`).join(' ');
}

/** The rows of a list; the row below the header where it has none. */
export interface ListRows {
  readonly first: number;
  readonly last: number;
}

const messages = {
  computed: {
    title: { en: 'A computed column', ru: 'Расчётный столбец' },
    text: {
      en: 'What is written here is replaced by the next run. Notes belong in the coloured columns or in columns of your own.',
      ru: 'То, что здесь написано, заменит следующий расчёт. Заметкам место в цветных столбцах или в своих столбцах.',
    },
  },
  choice: {
    title: { en: 'Choose from the list', ru: 'Выберите из списка' },
    text: {
      en: 'Another word is kept, but nothing counts it.',
      ru: 'Другое слово останется, но в подсчёты не войдёт.',
    },
  },
  date: {
    title: { en: 'A date is needed', ru: 'Нужна дата' },
    text: { en: 'Such as 2024-06-30.', ru: 'Например, 30.06.2024.' },
  },
  amount: {
    title: { en: 'An amount is needed', ru: 'Нужна сумма' },
    text: { en: 'A number such as 1500 or 1500.50.', ru: 'Число, например 1500 или 1500,50.' },
  },
} as const;

/**
 * Asks before computed cells are typed over. A protected sheet would not do: Excel sorts none that has locked cells,
 * whatever it is told to allow.
 */
export function computedValidation(
  indexes: readonly number[],
  rows: ListRows,
  language: Language,
  prefix: string,
): string {
  return validation('custom', 'warning', 'computed', ['FALSE'], indexes, rows, language, prefix);
}

/** The drop-down list of a column, or the check of its dates or amounts. */
export function inputValidation(
  column: InputColumn,
  index: number,
  rows: ListRows,
  language: Language,
  prefix: string,
): string | undefined {
  const of = (
    type: string,
    style: string,
    message: keyof typeof messages,
    formulas: readonly string[],
    operator?: string,
  ) => validation(type, style, message, formulas, [index], rows, language, prefix, operator);
  if (column.choices !== undefined) {
    const choices = column.choices.map((choice) => choice[language]).join(',');
    return of('list', column.strict ? 'stop' : 'information', 'choice', [`"${choices}"`]);
  }
  // 2000-01-01 to 2099-12-31: years with a digit too many or too few are mistakes.
  if (column.kind === 'date') return of('date', 'stop', 'date', ['36526', '73050'], 'between');
  if (column.kind === 'money')
    return of('decimal', 'stop', 'amount', ['-1000000000000', '1000000000000'], 'between');
  return undefined;
}

function validation(
  type: string,
  errorStyle: string,
  message: keyof typeof messages,
  formulas: readonly string[],
  indexes: readonly number[],
  rows: ListRows,
  language: Language,
  prefix: string,
  operator?: string,
): string {
  const { title, text } = messages[message];
  const attributes = {
    type,
    ...(errorStyle === 'stop' ? {} : { errorStyle }),
    ...(operator === undefined ? {} : { operator }),
    allowBlank: '1',
    showErrorMessage: '1',
    errorTitle: title[language],
    error: text[language],
    sqref: cellsOfColumns(indexes, rows),
  };
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`);
  const inner = formulas.map((formula, at) => {
    const element = `${prefix}formula${at + 1}`;
    return `<${element}>${escapeText(formula)}</${element}>`;
  });
  return `<${prefix}dataValidation${written.join('')}>${inner.join('')}</${prefix}dataValidation>`;
}

/** All columns of a list in the order of a new sheet. */
export function allColumns(list: ManagedList): Column[] {
  return [...computedColumns(list), ...inputColumns];
}
