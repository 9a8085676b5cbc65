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
  /** Told by the sample; undefined where every first and second number is 12 or less. */
  readonly order: DateOrder | undefined;
  /** Some values are dates at all. */
  readonly any: boolean;
}

const isoForm =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;
const numericForm =
  /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[T ,]+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?)?$/i;
const monthForm = /^(?:\d{4}[-./]\d{1,2}|\d{1,2}[-./]\d{4})$/;

/** Judges the dates of a column by a sample. */
export function dateFormOf(values: Iterable<string | null>): DateForm {
  const form = { iso: false, zone: false, numeric: false, month: false, any: false };
  let order: DateOrder | undefined;
  for (const value of values) {
    const text = value?.trim() ?? '';
    const iso = isoForm.exec(text);
    if (iso !== null) {
      form.iso = true;
      form.zone ||= iso[1] !== undefined;
      form.any = true;
      continue;
    }
    if (monthForm.test(text)) {
      form.month = true;
      form.any = true;
      continue;
    }
    const numeric = numericForm.exec(text);
    if (numeric === null) continue;
    form.numeric = true;
    form.any = true;
    if (numeric[1]!.length > 2) order = 'ymd';
    else if (Number(numeric[1]) > 12) order = 'dmy';
    else if (Number(numeric[2]) > 12) order = 'mdy';
    // A point between numbers is never month first.
    else if (/^\d{1,2}\./.test(text)) order ??= 'dmy';
  }
  return { ...form, order };
}
