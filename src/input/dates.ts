/** Which of day, month and year comes first where a date is written as numbers. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

/** How the dates of a column are written, as far as its sample shows. */
export interface DateForm {
  /** Some are '2024-03-05', with or without a time. */
  readonly iso: boolean;
  /** Some ISO times carry a zone, which is cut off: reports follow the clock of the shop. */
  readonly zone: boolean;
  /** Some are numbers in another order, or with points or slashes. */
  readonly numeric: boolean;
  /** Some are whole months: '2024-03', '03.2024'. */
  readonly month: boolean;
  /** Some years have two digits: '05.03.24'. */
  readonly shortYear: boolean;
  /** Told by the sample; undefined where every first and second number is 12 or less. */
  readonly order: DateOrder | undefined;
  /** Some rows can only be day first and others only month first. */
  readonly isContradictory: boolean;
}

const isoForm =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;
const numericForm =
  /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[T ,]+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?)?$/i;
const monthForm = /^(?:\d{4}[-./]\d{1,2}|\d{1,2}[-./]\d{4})$/;

/** Judges the dates of a column by a sample. */
export function dateFormOf(values: Iterable<string | null>): DateForm {
  const form = { iso: false, zone: false, numeric: false, month: false, shortYear: false };
  // Rows that speak for each order; a column that contradicts itself is not decided by its sample.
  const votes = { dmy: 0, mdy: 0, ymd: 0 };
  let points = 0;
  for (const value of values) {
    const text = value?.trim() ?? '';
    const iso = isoForm.exec(text);
    if (iso !== null) {
      form.iso = true;
      form.zone ||= iso[1] !== undefined;
      continue;
    }
    if (monthForm.test(text)) {
      form.month = true;
      continue;
    }
    const numeric = numericForm.exec(text);
    if (numeric === null) continue;
    form.numeric = true;
    form.shortYear ||= numeric[1]!.length <= 2 && numeric[3]!.length === 2;
    if (numeric[1]!.length > 2) votes.ymd += 1;
    else if (Number(numeric[1]) > 12) votes.dmy += 1;
    else if (Number(numeric[2]) > 12) votes.mdy += 1;
    // A point between numbers is never month first.
    else if (/^\d{1,2}\./.test(text)) points += 1;
  }
  const orders = (['dmy', 'mdy', 'ymd'] as const).filter((order) => votes[order] > 0);
  const order = orders.length === 1 ? orders[0] : orders.length === 0 && points > 0 ? 'dmy' : undefined;
  return { ...form, order, isContradictory: orders.length > 1 };
}
