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
  /** Names of the lower row stand below a group, and others reach over both rows. */
  readonly isNested: boolean;
}

/**
 * Joins a row of names with the row of groups above: each group reaches to the right over blank cells, and
 * names without one below them reach down. A name that is known and stands once stays as it is; otherwise
 * the group is put before or behind it.
 * @returns undefined where the upper row is no row of groups
 */
export function joinNames(upper: readonly string[], lower: readonly string[]): JoinedNames | undefined {
  const names: string[] = [];
  let group = '';
  let groups = 0;
  let spread = 0;
  let down = 0;
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
    names.push(group === '' ? name : withGroup(group, name, isAlone(name, lower)));
  }
  if (groups === 0) return undefined;
  return { names, isNested: spread > 0 && down > 0 };
}

function withGroup(group: string, name: string, isUnique: boolean): string {
  const genitive = genitives[normaliseHeader(group)];
  const forms = [
    ...(isUnique ? [name] : []),
    `${group} ${name}`,
    `${name} ${group}`,
    ...(genitive === undefined ? [] : [`${name} ${genitive}`]),
  ];
  return forms.find((form) => countKnownHeaders([form]) > 0) ?? (isUnique ? name : `${group} ${name}`);
}

function isAlone(name: string, row: readonly string[]): boolean {
  return row.filter((other) => normaliseHeader(other) === normaliseHeader(name)).length === 1;
}
