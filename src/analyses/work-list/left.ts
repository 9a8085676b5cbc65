import { type Day, sayDay } from '../../core/dates.js';
import type { Notice } from '../../core/table.js';
import { sayCount } from '../../core/text.js';
import type { FormerList } from '../../workbook/former-list.js';
import type { Departure } from '../../workbook/managed-list.js';
import type { FormerIds } from './former-ids.js';

/** A customer who was on a list and is not any more. */
export interface LeftCustomer {
  /** As the list has the id: several rows may be of one person. */
  readonly keys: readonly string[];
  /** Cells of the former row that were asked for; none where somebody deleted the row. */
  readonly cells: readonly (string | null)[];
}

/**
 * Customers of a former list who are not on it now, by today's ids.
 * @param current keys of the list as it is now
 */
export function leftCustomers(
  former: FormerList,
  { today }: FormerIds,
  current: ReadonlySet<string>,
): ReadonlyMap<string, LeftCustomer> {
  const left = new Map<string, LeftCustomer>();
  for (const key of new Set([...former.rows.keys(), ...former.written])) {
    const id = today.get(key) ?? key;
    if (current.has(id)) continue;
    const other = left.get(id);
    const cells = former.rows.get(key) ?? [];
    left.set(id, { keys: [...(other?.keys ?? []), key], cells: other?.cells ?? cells });
  }
  return left;
}

/** Departures by the ids that the former list has; whom a run had written and nothing tells of is no longer in the data. */
export function byFormerKey(
  departures: ReadonlyMap<string, Departure>,
  left: ReadonlyMap<string, LeftCustomer>,
  former: FormerList,
): Map<string, Departure> {
  const found = new Map<string, Departure>();
  for (const [id, { keys }] of left) {
    for (const key of keys) {
      const departure = departures.get(id) ?? (former.written.has(key) ? gone : undefined);
      if (departure !== undefined) found.set(key, departure);
    }
  }
  return found;
}

/** Of customers whom a run had written and whom nothing tells of any more. */
const gone: Departure = {
  outcome: 'left_out',
  reason: { en: 'no longer in the data', ru: 'больше нет в данных' },
};

/** What shows that a run is of other days or files than the list is of. */
export function wrongRunNotices(
  former: FormerList,
  asOf: Day,
  departures: ReadonlyMap<string, Departure>,
): Notice[] {
  const notices: Notice[] = [];
  if (former.asOf !== undefined && asOf < former.asOf) {
    const [now, then] = [sayDay(asOf), sayDay(former.asOf)];
    notices.push({
      code: 'list_earlier',
      level: 'warning',
      text: {
        en: `The list was as of ${then.en} and is now as of ${now.en}, which is earlier; if that is a mistake, take the former file again.`,
        ru: `Список был на ${then.ru}, а теперь на ${now.ru}, то есть раньше; если это ошибка, верните прежний файл.`,
      },
    });
  }
  const all = former.rows.size;
  const lost = [...departures].filter(
    ([key, departure]) => departure === gone && former.rows.has(key),
  ).length;
  if (2 * lost > all) {
    const [some, of] = [sayCount(lost), sayCount(all)];
    notices.push({
      code: 'list_gone',
      level: 'warning',
      text: {
        en: `${some.en} of the list's ${of.en} customers are not in the files: are these the right ones? With the right ones they come back with all that was written.`,
        ru: `В файлах нет ${some.ru} из ${of.ru} клиентов списка: те ли это файлы? С верными они вернутся со всеми записями.`,
      },
    });
  }
  return notices;
}
