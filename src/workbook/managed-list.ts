import type { Day } from '../core/dates.js';
import type { Column, ResultTable } from '../core/table.js';
import type { Text } from '../core/text.js';

/** A list of customers that a manager works through in a spreadsheet, and that is computed anew by each run. */
export interface ManagedList {
  /** Name of the sheet. */
  readonly title: Text;
  /**
   * Who is asked for, where lists of one title may be of different customers: a condition in one spelling, '' for
   * everybody. A file holds the list of one.
   */
  readonly condition?: string;
  /** One row per customer: the key, then what is computed. Most urgent first. */
  readonly table: ResultTable;
  /** Name of the column that tells customers apart; no cell of it is empty and none is there twice. */
  readonly key: string;
  readonly asOf: Day;
  readonly currency: string | null;
  /** What people should know of the list: a workbook has it on a sheet that every run writes anew. */
  readonly about?: readonly AboutLine[];
  /**
   * Ids of the former list and its archive, as they stand there, that the base knows. Such an id means that customer; another one may
   * have lost its zeros or be typed over.
   */
  readonly knownIds?: ReadonlySet<string>;
  /**
   * Why a customer who is not in the table has left it, or undefined for one that the base does not know.
   * Without it, everyone who was in the list before has left it for an unknown reason.
   */
  readonly whyLeft?: (key: string) => Departure | undefined;
  /** Today's ids of those that are others now, as persons get other ids; `whyLeft` goes by the former ones. */
  readonly todaysIds?: ReadonlyMap<string, string>;
}

/** A line of what people should know, with what it is about. */
export interface AboutLine {
  readonly term: Text;
  readonly text: Text;
}

/** Why a customer is on the list no more. */
export interface Departure {
  readonly outcome: Outcome;
  /** 'returned on 2024-06-12 with 3,400.00'. */
  readonly reason: Text;
  /** What a customer who returned has brought: exact decimal. */
  readonly amount?: string;
}

/**
 * How the time of a customer on the list ended. Who was left out by what was asked, or was not in the files, has not
 * changed, and comes back with all that the manager wrote.
 */
export type Outcome = 'returned' | 'risk_fell' | 'left' | 'left_out' | 'dismissed';

export const outcomes: Readonly<Record<Outcome, Text>> = {
  returned: { en: 'returned', ru: 'вернулся' },
  risk_fell: { en: 'risk fell', ru: 'риск снизился' },
  left: { en: 'no longer on the list', ru: 'больше не в списке' },
  left_out: { en: 'left out', ru: 'вне отбора' },
  dismissed: { en: 'dismissed', ru: 'снят вручную' },
};

/** Whether a cell of the archive says that outcome, as text or code. */
export function isOutcome(outcome: Outcome, text: string): boolean {
  const { en, ru } = outcomes[outcome];
  return [outcome, en, ru].some((word) => comparable(word) === comparable(text));
}

/** The key of lists of customers. */
export const customerKey = {
  name: 'customer_id',
  label: { en: 'Customer', ru: 'Клиент' },
  kind: 'text',
} as const satisfies Column;

/** A column that the manager fills in. */
export interface InputColumn extends Column {
  /** What a drop-down list offers. Codes are the English texts. */
  readonly choices?: readonly Text[];
  /** Whether something else than the choices is a mistake; otherwise they are suggestions. */
  readonly strict?: boolean;
  /** Width in a spreadsheet. */
  readonly width: number;
}

/** Where the work with a customer stands. */
export const statuses: readonly Text[] = [
  { en: 'new', ru: 'новый' },
  { en: 'in work', ru: 'в работе' },
  { en: 'reached', ru: 'связались' },
  { en: 'returned', ru: 'вернулся' },
  { en: 'refused', ru: 'отказался' },
  { en: 'do not contact', ru: 'не беспокоить' },
];

/** The status that holds whatever becomes of the customer. */
export const doNotContact = statuses[5]!;

/** Which of the manager's columns a customer who is back brings along. */
export function carriesInputs(wasLeftOut: boolean, status: string): (name: string) => boolean {
  const isBarred = [doNotContact.en, doNotContact.ru].some((text) => comparable(text) === comparable(status));
  return (name) => wasLeftOut || name === 'owner' || (name === 'status' && isBarred);
}

/** Causes of leaving, as the reasons of requirement R23 have them. */
export const leavingReasons: readonly Text[] = [
  { en: 'quality', ru: 'качество' },
  { en: 'no rewards', ru: 'нет поощрений' },
  { en: 'service', ru: 'обслуживание' },
  { en: 'unhandled complaint', ru: 'жалоба без ответа' },
  { en: 'no reminder', ru: 'не напомнили' },
  { en: 'price', ru: 'цена' },
  { en: 'inconvenience', ru: 'неудобство' },
  { en: 'competitor', ru: 'конкурент' },
  { en: 'other', ru: 'другое' },
];

/** The manager's columns, the same in every list. */
export const inputColumns: readonly InputColumn[] = [
  { name: 'owner', label: { en: 'Owner', ru: 'Ответственный' }, kind: 'text', width: 18 },
  {
    name: 'status',
    label: { en: 'Status', ru: 'Статус' },
    kind: 'text',
    choices: statuses,
    strict: true,
    width: 16,
  },
  {
    name: 'reason',
    label: { en: 'Reason', ru: 'Причина' },
    kind: 'text',
    choices: leavingReasons,
    width: 20,
  },
  { name: 'comment', label: { en: 'Comment', ru: 'Комментарий' }, kind: 'text', width: 40 },
  {
    name: 'next_contact',
    label: { en: 'Next contact', ru: 'Следующий контакт' },
    kind: 'date',
    width: 15,
  },
  {
    name: 'result_amount',
    label: { en: 'Result amount', ru: 'Сумма результата' },
    kind: 'money',
    width: 15,
  },
];

/** Columns that the list adds to those of its table: what is new, and since when. */
export const markColumn: Column = {
  name: 'news',
  label: { en: 'News', ru: 'Новости' },
  kind: 'text',
  values: { new: { en: 'new', ru: 'новый' }, back: { en: 'back again', ru: 'снова здесь' } },
};
export const sinceColumn: Column = {
  name: 'listed_since',
  label: { en: 'On the list since', ru: 'В списке с' },
  kind: 'date',
};

/** Columns of the archive before those of the list. */
export const archiveColumns: readonly Column[] = [
  { name: 'left_on', label: { en: 'Left the list on', ru: 'Ушёл из списка' }, kind: 'date' },
  { name: 'outcome', label: { en: 'Outcome', ru: 'Исход' }, kind: 'text' },
  { name: 'left_because', label: { en: 'Why it left', ru: 'Почему ушёл' }, kind: 'text' },
  { name: 'cell_notes', label: { en: 'Notes of its cells', ru: 'Примечания ячеек' }, kind: 'text' },
];

export const sheetTitles = {
  about: { en: 'About the list', ru: 'О списке' },
  archive: { en: 'Archive', ru: 'Архив' },
  conflicts: { en: 'Conflicts', ru: 'Расхождения' },
} as const satisfies Record<string, Text>;

/** The columns that are computed, in their order: the key, what else the table has, what is new and since when. */
export function computedColumns(list: ManagedList): [Column, ...Column[]] {
  const [key, others] = [keyColumn(list), list.table.columns.filter(({ name }) => name !== list.key)];
  const shown = others.filter(({ machineOnly, onlyOn }) => !machineOnly && onlyOn !== 'terminal');
  return [key, ...shown, markColumn, sinceColumn];
}

export function keyColumn(list: ManagedList): Column {
  const column = list.table.columns.find(({ name }) => name === list.key);
  if (column === undefined) throw new Error(`the list has no column ${list.key}`);
  return column;
}

/** A header as it is compared: without case, spaces and punctuation, so that a renamed one is known again. */
export function comparable(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const spellings = new WeakMap<Pick<Column, 'label'>, ReadonlySet<string>>();

/**
 * A column beside one that somebody made under its name: the header says which of the two is computed, and nothing but
 * that header names it.
 */
export function besideOwn<Named extends Pick<Column, 'label'>>(column: Named): Named {
  const { en, ru } = column.label;
  const beside = { ...column, label: { en: `${en} (computed)`, ru: `${ru} (расчёт)` } };
  spellings.set(beside, new Set([beside.label.en, beside.label.ru].map(comparable)));
  return beside;
}

/** Whether a header names a column, in any language or by its name for programs. */
export function isNamed(column: Column, header: string): boolean {
  let names = spellings.get(column);
  if (names === undefined) {
    names = new Set([column.name, column.label.en, column.label.ru].map(comparable));
    spellings.set(column, names);
  }
  return names.has(comparable(header));
}
