import type { Text } from '../core/text.js';

/** What became of an input row. Stored as a small number beside every row. */
export const fates = {
  used: 0,
  cancelled: 1,
  bad_date: 2,
  bad_amount: 3,
  after_as_of: 4,
  blank: 5,
  merged: 6,
  no_customer_id: 7,
  repeated_header: 8,
  no_order_head: 9,
  no_order_lines: 10,
  total_row: 11,
  bare_amount: 12,
  error_cell: 13,
  unexpected_currency: 14,
  no_customer: 15,
  unknown_order: 16,
  bad_score: 17,
  no_answer: 18,
} as const;
export type Fate = keyof typeof fates;

/** A reason why a row does not count, and whether the file is at fault. */
export const rejectReasons: Readonly<Record<string, { readonly text: Text; readonly fault: boolean }>> = {
  cancelled: { text: { en: 'cancelled order', ru: 'отменённый заказ' }, fault: false },
  bad_date: { text: { en: 'no date that can be read', ru: 'дату нельзя прочитать' }, fault: true },
  bad_amount: { text: { en: 'no amount that can be read', ru: 'сумму нельзя прочитать' }, fault: true },
  after_as_of: { text: { en: 'after the as-of date', ru: 'позже даты отчёта' }, fault: false },
  blank: { text: { en: 'blank row', ru: 'пустая строка' }, fault: false },
  no_customer_id: { text: { en: 'no customer id', ru: 'нет кода клиента' }, fault: true },
  no_order_head: {
    text: {
      en: 'line of an order whose own row, with its total or date, is missing',
      ru: 'строка заказа, у которого нет своей строки с итогом или датой',
    },
    fault: true,
  },
  repeated_header: {
    text: { en: 'header repeated', ru: 'повтор заголовка' },
    fault: false,
  },
  no_order_lines: {
    text: { en: 'order without lines, so without an amount', ru: 'заказ без строк, то есть без суммы' },
    fault: false,
  },
  total_row: { text: { en: 'row of totals', ru: 'строка итогов' }, fault: false },
  bare_amount: {
    text: {
      en: 'amount without date, order or customer, as totals have it',
      ru: 'сумма без даты, заказа и клиента, как в строке итогов',
    },
    fault: false,
  },
  error_cell: {
    text: { en: 'error of a spreadsheet in place of a value', ru: 'ошибка таблицы вместо значения' },
    fault: true,
  },
  no_customer: { text: { en: 'names no customer', ru: 'клиент не указан' }, fault: false },
  unknown_order: {
    text: {
      en: 'names no customer, and an order that is not among the orders',
      ru: 'клиент не указан, а такого заказа нет среди заказов',
    },
    fault: false,
  },
  bad_score: {
    text: { en: 'score that is no whole number on its scale', ru: 'оценка не целое число своей шкалы' },
    fault: true,
  },
  no_answer: { text: { en: 'neither a score nor words', ru: 'нет ни оценки, ни слов' }, fault: false },
  broken_line: {
    text: {
      en: 'line that does not split into the columns of the header',
      ru: 'строка не делится на столбцы заголовка',
    },
    fault: true,
  },
  bad_encoding: {
    text: {
      en: 'line with bytes that are not in the encoding of the file',
      ru: 'в строке есть байты не в кодировке файла',
    },
    fault: true,
  },
};
