import type { Notice } from '../core/table.js';
import { sayCount, type Text } from '../core/text.js';
import { columnName, type RowShift } from '../ooxml/references.js';
import type { CellValue } from '../ooxml/sheet.js';
import type { TableSheet } from './list-sheet.js';
import { comparable, type InputColumn } from './managed-list.js';
import { nameOfOther, type Plan, type PlannedRow } from './plan.js';
import type { ListState } from './state.js';
import { canonical } from './values.js';

/** So many cells are named of each kind of problem. */
const named = 20;

/** What somebody should look at in the rows of a sheet, each by its cell. None is changed but where it is said. */
export function rowProblems(
  table: TableSheet,
  plan: Plan,
  keyLabel: Text,
  state: ListState | undefined,
  shift: RowShift,
): Notice[] {
  const keyIndex = table.keyIndex;
  const keys = new Map(table.rows.map(({ row, key }) => [row.number, key]));
  // As it stands in the sheet that is written; of a row that goes to the archive there is no cell.
  const place = (row: number) => {
    const moved = shift.row(row);
    return moved === undefined ? table.sheet.name : `${table.sheet.name}!${columnName(keyIndex)}${moved}`;
  };
  const problems = new Collector();
  const listed = new Set([...plan.refreshed.values(), ...[...plan.archived.values()].map(({ key }) => key)]);
  for (const [row, key] of plan.restored) {
    const found = keys.get(row);
    problems.add('key_restored', {
      en: `${place(row)}: ${found === undefined ? 'empty' : `'${found}'`} stood where '${key}' was, as the rest of the row shows; it is '${key}' again.`,
      ru: `${place(row)}: ${found === undefined ? 'пусто' : `«${found}»`} вместо «${key}», как видно по остальной строке; снова «${key}».`,
    });
  }
  for (const { number, key } of plan.doubled) {
    problems.add('row_doubled', {
      en: `${place(number)}: a second row of '${key}'; both stay, with what is written in each.`,
      ru: `${place(number)}: вторая строка клиента «${key}»; остаются обе, каждая со своими записями.`,
    });
  }
  for (const row of plan.unknown) {
    // Told once: totals and rows of people's own stay where they are.
    if (state?.others.has(nameOfOther(row))) continue;
    const { number, key } = row;
    problems.add('row_unknown', whyUnknown(row, keyLabel, listed.has(key), place(number)));
  }
  for (const key of plan.missing) {
    problems.add('row_missing', {
      en: `The row of '${key}' is missing and may be one of those not known: the customer is added again below.`,
      ru: `Строки клиента «${key}» нет; возможно, это одна из неизвестных: клиент снова добавлен внизу.`,
    });
  }
  return problems.notices;
}

function whyUnknown({ key }: PlannedRow, keyLabel: Text, hasOwnRow: boolean, place: string): Text {
  const [en, ru] =
    key === ''
      ? [`no ${keyLabel.en}`, `пусто в столбце «${keyLabel.ru}»`]
      : hasOwnRow
        ? [
            `'${key}' has a row of its own, and this one holds other figures`,
            `у «${key}» есть своя строка, а в этой другие данные`,
          ]
        : [`'${key}' is not on the list`, `«${key}» нет в списке`];
  return { en: `${place}: ${en}; the row stays as it is.`, ru: `${place}: ${ru}; строка остаётся как есть.` };
}

/** What somebody should look at in the cells that the manager fills in. They stay as they are. */
export class CellProblems {
  readonly #problems = new Collector();

  constructor(
    private readonly sheet: string,
    private readonly shift: RowShift,
  ) {}

  check(input: InputColumn, value: CellValue, row: number, column: number): void {
    const fault = value === null ? undefined : faultOf(input, value);
    if (value === null || fault === undefined) return;
    const place = `${this.sheet}!${columnName(column)}${this.shift.row(row) ?? row}`;
    const shown = canonical(value);
    this.#problems.add(fault.code, {
      en: `${place}: '${shown}' is ${fault.text.en}; it stays as it is.`,
      ru: `${place}: «${shown}» — ${fault.text.ru}; оставлено как есть.`,
    });
  }

  get notices(): Notice[] {
    return this.#problems.notices;
  }
}

/** What is wrong with a cell that the manager filled in. */
export function faultOf(
  input: InputColumn,
  value: Exclude<CellValue, null>,
): { code: string; text: Text } | undefined {
  if (typeof value === 'object') {
    return { code: 'bad_cell', text: { en: 'an error of a formula', ru: 'ошибка формулы' } };
  }
  if (input.strict && input.choices !== undefined) {
    const word = comparable(canonical(value));
    if (
      word === '' ||
      input.choices.some(({ en, ru }) => [en, ru].some((choice) => comparable(choice) === word))
    ) {
      return undefined;
    }
    return {
      code: 'bad_status',
      text: {
        en: `no ${input.label.en.toLowerCase()} (${input.choices.map(({ en }) => en).join(', ')})`,
        ru: `не ${input.label.ru.toLowerCase()} (${input.choices.map(({ ru }) => ru).join(', ')})`,
      },
    };
  }
  if (
    input.kind === 'date' &&
    typeof value !== 'number' &&
    !/^\d{4}-\d\d-\d\d|^\d\d?\.\d\d?\.\d{4}/.test(canonical(value))
  ) {
    return { code: 'bad_date', text: { en: 'no date', ru: 'не дата' } };
  }
  if (input.kind === 'money' && typeof value !== 'number') {
    const number = canonical(value)
      .replace(/[\s\u00a0]/g, '')
      .replace(',', '.');
    if (!/^-?\d+(\.\d+)?$/.test(number))
      return { code: 'bad_amount', text: { en: 'no amount', ru: 'не сумма' } };
  }
  return undefined;
}

/** Notices, of which only the first of each kind are told one by one. */
class Collector {
  readonly #counts = new Map<string, number>();
  readonly #notices: Notice[] = [];

  add(code: string, text: Text): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= named) this.#notices.push({ code, level: 'warning', text });
  }

  get notices(): Notice[] {
    const more = [...this.#counts].filter(([, count]) => count > named);
    return [
      ...this.#notices,
      ...more.map(([code, count]): Notice => {
        const [en, ru] = [sayCount(count - named).en, sayCount(count - named).ru];
        return {
          code,
          level: 'warning',
          text: { en: `... and ${en} more such (${code})`, ru: `... и ещё таких: ${ru} (${code})` },
        };
      }),
    ];
  }
}
