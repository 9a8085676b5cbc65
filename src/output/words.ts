import { shorten } from '../core/errors.js';
import type { Language, Text } from '../core/text.js';
import { formatInteger } from './format.js';

/** Every phrase that the renderers add of their own. */
export const words = {
  asOf: { en: 'As of', ru: 'На дату' },
  currency: { en: 'Currency', ru: 'Валюта' },
  yes: { en: 'yes', ru: 'да' },
  no: { en: 'no', ru: 'нет' },
  noRows: { en: '(no rows)', ru: '(нет строк)' },
  sources: { en: 'Sources', ru: 'Источники' },
  notes: { en: 'Notes', ru: 'Примечания' },
  file: { en: 'File', ru: 'Файл' },
  files: { en: 'Files', ru: 'Файлы' },
  sheet: { en: 'Sheet', ru: 'Лист' },
  role: { en: 'Role', ru: 'Роль' },
  rowsRead: { en: 'Rows read', ru: 'Прочитано строк' },
  rowsUsed: { en: 'Used', ru: 'Учтено' },
  rowsMerged: { en: 'Merged', ru: 'Объединено' },
  rowsRejected: { en: 'Left out', ru: 'Пропущено' },
  reason: { en: 'Why left out', ru: 'Почему пропущено' },
  kind: { en: 'Kind', ru: 'Вид' },
  about: { en: 'About', ru: 'О чём' },
  text: { en: 'Text', ru: 'Текст' },
  report: { en: 'Report', ru: 'Отчёт' },
  parameters: { en: 'Options and settings', ru: 'Настройки' },
  value: { en: 'Value', ru: 'Значение' },
  parameter: { en: 'Parameter', ru: 'Параметр' },
  tableNote: { en: 'Note', ru: 'Примечание' },
  info: { en: 'Information', ru: 'Сведения' },
  warning: { en: 'Warning', ru: 'Внимание' },
  hint: { en: 'Hint', ru: 'Подсказка' },
} as const satisfies Record<string, Text>;

const pluralRules = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') };

const roles: Readonly<Record<string, Text>> = {
  orders: { en: 'orders', ru: 'заказы' },
  customers: { en: 'customers', ru: 'клиенты' },
  spend: { en: 'spend', ru: 'расходы' },
  contacts: { en: 'contacts', ru: 'контакты' },
  feedback: { en: 'feedback', ru: 'отзывы' },
  incidents: { en: 'incidents', ru: 'инциденты' },
};

/** What a source is about, in the report's language where the role is a known one. */
export function roleName(role: string, language: Language): string {
  return roles[role]?.[language] ?? role;
}

/** 'rows left out' in the grammatical number that follows a count: '1 row left out', '5 строк пропущено'. */
export function rowsLeftOut(rows: number, language: Language): string {
  const form = pluralRules[language].select(rows);
  if (language === 'en') return form === 'one' ? 'row left out' : 'rows left out';
  if (form === 'one') return 'строка пропущена';
  return form === 'few' ? 'строки пропущены' : 'строк пропущено';
}

/** What stands under a table that shows its first rows only. */
export function firstRows(shown: number, all: number, language: Language): string {
  const [first, total] = [formatInteger(shown, language), formatInteger(all, language)];
  return language === 'en'
    ? `The first ${first} of ${total} rows; --out FILE.xlsx holds them all.`
    : `Первые ${first} из ${total} строк; все строки: --out FILE.xlsx.`;
}

/** What stands under a table that shows its last rows only. */
export function lastRows(shown: number, all: number, language: Language): string {
  const [last, total] = [formatInteger(shown, language), formatInteger(all, language)];
  return language === 'en'
    ? `The last ${last} of ${total} rows; --out FILE.xlsx holds them all.`
    : `Последние ${last} из ${total} строк; все строки: --out FILE.xlsx.`;
}

/** Where an example of a rejected row is: "row 12, column 'Amount', value '12,x'". */
export function describeExample(
  example: { row: number; column: string; value: string | null },
  language: Language,
): string {
  const { row, column } = example;
  const value = example.value === null ? null : shorten(example.value);
  if (language === 'en') {
    return `row ${row}, column '${column}', ${value === null ? 'empty' : `value '${value}'`}`;
  }
  return `строка ${row}, столбец «${column}», ${value === null ? 'пусто' : `значение «${value}»`}`;
}
