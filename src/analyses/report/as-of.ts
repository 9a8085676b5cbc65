import { type Day, sayDay } from '../../core/dates.js';
import type { Content, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';

/** A phrase with the day that it is of, which need not be the end of the period that the report is of. */
export function asOf({ en, ru }: Text, day: Day): Text {
  const on = sayDay(day);
  return { en: `${en} as of ${on.en}`, ru: `${ru} на ${on.ru}` };
}

/** Tables that say in their titles of which day they are. */
export function tablesAsOf(tables: readonly ResultTable<Content>[], day: Day): ResultTable<Content>[] {
  return tables.map((table) => ({ ...table, title: asOf(table.title, day) }));
}

/** A phrase with the two days that it compares. */
export function between({ en, ru }: Text, from: Day, to: Day): Text {
  const [then, now] = [sayDay(from), sayDay(to)];
  return { en: `${en}, ${then.en} to ${now.en}`, ru: `${ru}, ${then.ru} – ${now.ru}` };
}
