import { cleanName } from './header-names.js';

type Cells = readonly (string | null)[];

const numberOrDate = /^(?=.*\d)[\d\s.,:;/()'’%$€£₽₸₴+−–-]+$/u;
const numberWithUnit = /^[-+−(]?\d[\d\s.,']*\)?\s*(?:руб|р|rub|usd|eur|gbp|шт|кг|%)\.?$/iu;
const isoDate = /^\d{4}-\d{2}-\d{2}[T ]/u;
const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/u;
const code = /^\p{L}{0,4}[-_#/№]?\d{3,}$/u;

/** Whether a cell is a value and no name: a number, a date, an e-mail, a code such as 'SO-10001'. */
export function isDataLike(cell: string | null): boolean {
  const text = cell?.trim() ?? '';
  return [numberOrDate, numberWithUnit, isoDate, email, code].some((form) => form.test(text));
}

const unit =
  /^[([]?(?:(?:тыс|млн|thousand|million)\.?\s*)?(?:руб(?:л(?:и|ей|ь))?|р|rub|rur|usd|eur|gbp|долл|евро|коп|шт|ед|кг|г|л|м|уп|упак|pcs?|pieces|units?|kg|days?|дн|дней|[₽$€£₸₴%])\.?[)\]]?$/iu;

/** A row of units: 'руб.', 'шт.', '%', and nothing else but blanks, dashes and names of forms. */
export function isUnitRow(row: Cells): boolean {
  const texts = row.map(cleanName).filter((text) => text !== '' && !/^[-–—xх]$/iu.test(text));
  return texts.length > 0 && texts.every((text) => unit.test(text));
}

/**
 * Whether a row numbers the columns: 1, 2, 3 and so on, the first ones maybe letters ('А', 'Б', 1, 2), over
 * rows that hold other things.
 */
export function columnNumberRow(row: Cells, below: readonly Cells[]): boolean {
  const texts = row.map((cell) => cleanName(cell).replace(/^\((.+)\)$/u, '$1'));
  const numbers = texts.filter((text) => text !== '' && !/^[А-ГA-D]$/u.test(text));
  if (numbers.length < 3 || !numbers.every((text, index) => text === String(index + 1))) return false;
  return texts.some(
    (text, column) =>
      text !== '' && below.some((cells) => cells[column] != null && !/^\s*\d*\s*$/u.test(cells[column]!)),
  );
}
