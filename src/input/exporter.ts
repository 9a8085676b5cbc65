import type { Text } from '../core/text.js';
import type { DateOrder } from './dates.js';
import type { Field, Role } from './vocabulary.js';

/** 'heads' have order id, date and customer and no amount; 'lines' have order id and amount and no date. */
export type OrderPart = 'heads' | 'lines';

/** How an export writes its orders, where that is not one complete row per order or per order line. */
export interface OrderTraits {
  /**
   * What an amount stands for. 'line': its row. 'order': the whole order, written on the first of its rows or
   * repeated on each; it counts once.
   */
  readonly amountOf?: 'line' | 'order';
  /** Refunds stand in rows of their own, so that a status 'refunded' takes nothing off the row of the sale. */
  readonly refundsAreRows?: boolean;
  /** The date stands in the text of the document: 'Реализация ТД00-000012 от 05.03.2024 12:00:00'. */
  readonly dateInDocument?: boolean;
  /** Which of day and month comes first, where no date of the column shows it. */
  readonly dateOrder?: DateOrder;
}

/** A table that a shop system, an accounting system or a public data set exports under fixed headers. */
export interface Exporter {
  readonly name: Text;
  /** Undefined for a table that belongs to the export and tells nothing that is needed here. */
  readonly role: Role | undefined;
  /** Headers that must all be there; of a list, one. */
  readonly signature: readonly (string | readonly string[])[];
  /**
   * The headers of a field, best first. Fields that are not named here are looked up in the vocabulary; an
   * empty list means that no column is it.
   */
  readonly columns: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** Which half of orders it holds, where date and amount stand in two tables. */
  readonly part?: OrderPart;
  /** The file that holds the other half. */
  readonly otherHalf?: string;
  readonly traits?: OrderTraits;
  /** What a reader must know of how it is counted. */
  readonly how?: Text;
}
