import { countKnownHeaders } from './recognise.js';
import { normaliseHeader } from './vocabulary.js';

/** A name without line breaks, doubled spaces and invisible characters. */
export function cleanName(cell: string | null): string {
  return (cell ?? '')
    .replace(/[\ufeff\u200b-\u200d\u2060\u00ad]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Groups of Russian forms as they stand behind a name: 'Клиент' over 'Код' is the 'Код клиента'. */
const genitives: Readonly<Record<string, string>> = {
  клиент: 'клиента',
  покупатель: 'покупателя',
  контрагент: 'контрагента',
  заказ: 'заказа',
  документ: 'документа',
  чек: 'чека',
  товар: 'товара',
  продажа: 'продажи',
  покупка: 'покупки',
  оплата: 'оплаты',
  отгрузка: 'отгрузки',
  регистрация: 'регистрации',
  накладная: 'накладной',
};

/** Two rows of a header as one. */
export interface JoinedNames {
  readonly names: string[];
  /**
   * The rows belong together: some names stand below a group while others reach over both rows, or of several
   * groups at least one makes a known name of what it stands over.
   */
  readonly isTelling: boolean;
}

/**
 * Joins a row of names with the row of groups above: each group reaches to the right over blank cells, and
 * names without one below them reach down. The group is put before or behind a name where that makes it a
 * known one ('Код' is anybody's, 'Код клиента' is not) or tells it from another; otherwise it stays as it is.
 * @returns undefined where the upper row is no row of groups
 */
export function joinNames(upper: readonly string[], lower: readonly string[]): JoinedNames | undefined {
  const names: string[] = [];
  let group = '';
  let groups = 0;
  let spread = 0;
  let down = 0;
  let known = 0;
  const isAlone = namesThatStandOnce(lower);
  for (let column = 0; column < Math.max(upper.length, lower.length); column++) {
    const above = upper[column] ?? '';
    const name = lower[column] ?? '';
    if (name === '') {
      group = '';
      if (above !== '') down += 1;
      names.push(above);
      continue;
    }
    if (above !== '') {
      group = above;
      groups += 1;
    } else if (group !== '') spread += 1;
    const specific = group === '' ? undefined : knownWithGroup(group, name);
    if (specific !== undefined) known += 1;
    names.push(specific ?? (group === '' || isAlone(name) ? name : `${group} ${name}`));
  }
  if (groups === 0) return undefined;
  return { names, isTelling: (spread > 0 && down > 0) || (groups > 1 && known > 0) };
}

function knownWithGroup(group: string, name: string): string | undefined {
  const genitive = genitives[normaliseHeader(group)];
  const forms = [`${group} ${name}`, `${name} ${group}`, ...(genitive ? [`${name} ${genitive}`] : [])];
  return forms.find((form) => countKnownHeaders([form]) > 0);
}

/** Whether a name stands in a row once only. */
function namesThatStandOnce(row: readonly string[]): (name: string) => boolean {
  const counts = new Map<string, number>();
  for (const name of row.map(normaliseHeader)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (name) => counts.get(normaliseHeader(name)) === 1;
}
