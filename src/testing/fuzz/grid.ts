import type { Random } from '../fixtures/random.js';
import { type Amount, plainText } from './amount.js';
import { momentOf } from './dates.js';
import { canWriteIn, type Dialect, headerOf } from './dialect.js';
import { numberText, plainNumbers } from './numbers.js';
import { hostileTexts, plainTexts } from './texts.js';
import type { OrderColumn, TrueLine, TrueOrders } from './truth.js';

/** A cell as text files write it, and what it is besides where a format has values. */
export interface Cell {
  readonly text: string;
  readonly value?: number | Date;
}

export interface Grid {
  readonly rows: readonly (readonly Cell[])[];
  /** Index of the header among the rows. */
  readonly headerRow: number;
  /** Rows of nothing but empty cells, which count as read where the format has such rows. */
  readonly emptyRows: number;
}

const statuses = {
  en: {
    sale: ['completed', 'paid', 'Shipped'],
    cancelled: ['cancelled', 'wc-cancelled', 'Canceled by customer'],
    returned: ['returned', 'Refunded'],
  },
  ru: {
    sale: ['Выполнен', 'оплачен', 'Доставлен'],
    cancelled: ['Отменён', 'Отменен клиентом'],
    returned: ['Возврат', 'Возвращён'],
  },
};

/** Lays a table out as its dialect has it: titles, header, lines, blank rows. */
export function layOut(random: Random, orders: TrueOrders, dialect: Dialect): Grid {
  const canWrite = canWriteIn(dialect.form);
  const extra = dialect.extraColumns.map((name) => ({ name, values: makeValues(random, canWrite) }));
  const lists = (['quantity', 'unit_price', 'amount'] as const).filter((column) =>
    orders.columns.includes(column),
  );
  const columns = shuffle(random, [
    ...orders.columns.map((column) => ({
      column,
      header: headerOf(random, column, dialect, lists.length < 3),
      cell: (line: TrueLine) => cellOf(random, column, line, dialect),
    })),
    ...extra.map(({ name, values }) => ({
      column: undefined,
      header: name,
      cell: () => ({ text: random.pick(values) }),
    })),
  ]);
  const { form } = dialect;
  const isText = form.format === 'csv';
  const padded = random.chance(0.5);
  const pad = (cells: Cell[]): Cell[] =>
    isText && padded ? [...cells, ...columns.slice(cells.length).map(() => ({ text: '' }))] : cells;
  const withoutCells = random.chance(0.5) || form.format !== 'csv' || form.shortRows;
  return {
    rows: [
      ...dialect.titles.map((cells) => pad(cells.map((text) => ({ text })))),
      columns.map(({ header }) => ({ text: header })),
      ...orders.lines.map((line) => columns.map(({ cell }) => cell(line))),
      ...(dialect.total === '' ? [] : [totalRow(orders, columns, dialect)]),
      ...Array.from({ length: dialect.blankRows }, () =>
        withoutCells ? [] : columns.map(() => ({ text: '' })),
      ),
    ],
    headerRow: dialect.titles.length,
    emptyRows: withoutCells ? 0 : dialect.blankRows,
  };
}

/** The word in the first column that holds no numbers, sums in their columns. */
function totalRow(
  { lines }: TrueOrders,
  columns: readonly { readonly column: OrderColumn | undefined }[],
  dialect: Dialect,
): Cell[] {
  const sums: Partial<Record<OrderColumn, (line: TrueLine) => Amount>> = {
    amount: (line) => line.amount,
    quantity: (line) => line.quantity,
    discount: (line) => line.discount,
  };
  const wordAt = columns.findIndex(
    ({ column }) => column === undefined || !(column in sums || column === 'unit_price' || column === 'date'),
  );
  return columns.map(({ column }, index) => {
    if (index === (wordAt < 0 ? columns.findIndex((each) => each.column === 'date') : wordAt)) {
      return { text: dialect.total };
    }
    const of = column === undefined ? undefined : sums[column];
    if (of === undefined) return { text: '' };
    const sum = lines.reduce((total, line) => total + of(line), 0n);
    return { text: numberText(sum, dialect.numbers), value: Number(plainText(sum)) };
  });
}

function makeValues(random: Random, canWrite: (text: string) => boolean): string[] {
  const kinds = [plainTexts, hostileTexts, ['', '1', '22', '333'], [''], ['2024-01-01', '', '1 234,50']];
  return random.pick(kinds).filter(canWrite);
}

function shuffle<Item>(random: Random, items: readonly Item[]): Item[] {
  const shuffled = [...items];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = random.integer(0, index);
    [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
  }
  return shuffled;
}

function cellOf(random: Random, column: OrderColumn, line: TrueLine, dialect: Dialect): Cell {
  const money = (amount: Amount): Cell => ({
    text: numberText(amount, dialect.numbers),
    value: Number(plainText(amount)),
  });
  switch (column) {
    case 'order_id':
      return { text: line.orderId };
    case 'customer_id':
      return { text: line.customerId };
    case 'product':
      return { text: line.product };
    case 'status':
      return { text: random.pick(statuses[dialect.language][line.status]) };
    case 'date':
      return dateCell(line.at, dialect);
    case 'quantity':
      return {
        text: numberText(line.quantity, { ...plainNumbers, decimal: dialect.numbers.decimal }),
        value: Number(plainText(line.quantity)),
      };
    case 'amount':
      return money(line.amount);
    case 'unit_price':
      return money(line.unitPrice);
    case 'discount':
      return money(line.discount);
  }
}

function dateCell(at: string, { dates }: Dialect): Cell {
  const text = dates.write(momentOf(at));
  const [day, time] = at.split(' ');
  const clock =
    dates.precision === 'day' ? '00:00:00' : dates.precision === 'minute' ? `${time!.slice(0, 5)}:00` : time;
  return { text, value: new Date(`${day}T${clock}Z`) };
}
