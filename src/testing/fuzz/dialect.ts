import { normaliseHeader, vocabulary } from '../../input/vocabulary.js';
import type { Random } from '../fixtures/random.js';
import { type DateForm, dateForms } from './dates.js';
import { canEncode, encodings, type FileEncoding } from './encode.js';
import { describeNumbers, makeNumberForm, type NumberForm } from './numbers.js';
import type { OrderColumn } from './truth.js';

/** How a file of text is written. */
export interface TextForm {
  readonly format: 'csv';
  readonly encoding: FileEncoding;
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly quotes: 'where needed' | 'everywhere';
  readonly endsWithLineEnd: boolean;
  /** Empty cells at the end of a row are left out. */
  readonly shortRows: boolean;
  readonly isPacked: boolean;
}

/** How a workbook is written. */
export interface WorkbookForm {
  readonly format: 'xlsx';
  readonly strings: 'shared' | 'inline';
  /** Dates and amounts are values with a number format, or the text of the forms. */
  readonly dates: 'values' | 'texts';
  readonly amounts: 'values' | 'texts';
}

/** How one program writes a table. */
export interface Dialect {
  readonly form: TextForm | WorkbookForm;
  readonly numbers: NumberForm;
  readonly dates: DateForm;
  readonly language: 'en' | 'ru';
  /** Rows above the header; an empty one is a blank row. */
  readonly titles: readonly (readonly string[])[];
  readonly headerStyle: 'as is' | 'upper case' | 'snake case' | 'padded' | 'line breaks' | 'with units';
  /** Names of columns that nobody needs, with where they go among the others. */
  readonly extraColumns: readonly string[];
  /** What a row of totals below the lines begins with; empty for none. */
  readonly total: string;
  /** Blank rows at the end: of no cells, and in text files of nothing but delimiters. */
  readonly blankRows: number;
}

/** Whether a text can stand in a cell of a file of this form. */
export function canWriteIn(form: Dialect['form']): (text: string) => boolean {
  if (form.format === 'csv') return (text) => canEncode(text, form.encoding);
  // XML turns a return into a line feed, and a cell of Excel holds 32 767 characters.
  return (text) => !text.includes('\r') && text.length <= 32_767;
}

export function makeDialect(random: Random): Dialect {
  const form = makeForm(random);
  const canWrite = canWriteIn(form);
  // A few Cyrillic letters among English words do not tell one code page from another; headers do.
  const language = canWrite('ё') && (!canWrite('é') || random.chance(0.5)) ? 'ru' : 'en';
  return {
    form,
    numbers: makeNumberForm(random, canWrite),
    dates: random.pick(dateForms.filter(({ name }) => canWrite(name))),
    language,
    titles: makeTitles(random, language),
    headerStyle: random.pick([
      'as is',
      'as is',
      'upper case',
      'snake case',
      'padded',
      'line breaks',
      'with units',
    ] as const),
    extraColumns: makeExtraColumns(random, canWrite),
    total: random.chance(0.25) ? random.pick(totals[language]) : '',
    blankRows: random.pick([0, 0, 0, 1, 3]),
  };
}

function makeForm(random: Random): Dialect['form'] {
  if (random.chance(0.25)) {
    return {
      format: 'xlsx',
      strings: random.pick(['shared', 'inline'] as const),
      dates: random.pick(['values', 'values', 'texts'] as const),
      amounts: random.pick(['values', 'values', 'texts'] as const),
    };
  }
  return {
    format: 'csv',
    encoding: random.pick(encodings),
    delimiter: random.pick([',', ';', '\t', '|'] as const),
    lineEnd: random.pick(['\n', '\r\n', '\r\n', '\r'] as const),
    quotes: random.pick(['where needed', 'where needed', 'everywhere'] as const),
    endsWithLineEnd: random.chance(0.8),
    shortRows: random.chance(0.15),
    isPacked: random.chance(0.1),
  };
}

const titles = {
  en: ['Sales report', 'Shop on Main Street', 'Period: January 1, 2024 - December 31, 2024', 'Filters: none'],
  ru: ['Отчёт по продажам', 'ООО «Ромашка»', 'Период: 01.01.2024 - 31.12.2024', 'Отбор: нет'],
};

const totals = {
  en: ['Total', 'TOTAL', 'Total:', 'Grand total'],
  ru: ['Итого', 'ИТОГО:', 'Всего', 'Итого за период'],
};

function makeTitles(random: Random, language: 'en' | 'ru'): string[][] {
  if (random.chance(0.6)) return [];
  return Array.from({ length: random.integer(1, 5) }, () =>
    // The marks « and » are in every encoding that has Cyrillic letters.
    random.chance(0.3) ? [] : [random.pick(titles[language]).replaceAll(/[«»]/g, '"')],
  );
}

const unusedNames = [
  'Notes',
  'Warehouse',
  'Weight',
  'Packed by',
  '',
  'Примечание',
  'Склад',
  'Вес',
  'Упаковщик',
];

function makeExtraColumns(random: Random, canWrite: (text: string) => boolean): string[] {
  if (random.chance(0.5)) return [];
  const known = new Set(
    Object.values(vocabulary).flatMap((fields) =>
      Object.values(fields).flatMap((tiers) => tiers.flat().map(normaliseHeader)),
    ),
  );
  const names = unusedNames.filter((name) => canWrite(name) && !known.has(normaliseHeader(name)));
  return Array.from({ length: random.integer(1, 4) }, () => random.pick(names));
}

/** A header for a column: a word of the first tier of its field, and of no other field. */
export function headerOf(random: Random, column: OrderColumn, dialect: Dialect, isWhole: boolean): string {
  const canWrite = canWriteIn(dialect.form);
  const owners = new Map<string, number>();
  for (const tiers of Object.values(vocabulary.orders)) {
    for (const word of tiers.flat()) {
      owners.set(normaliseHeader(word), (owners.get(normaliseHeader(word)) ?? 0) + 1);
    }
  }
  const words = vocabulary.orders[column][0]!.filter(
    (word) =>
      owners.get(normaliseHeader(word)) === 1 &&
      /[а-яё]/i.test(word) === (dialect.language === 'ru') &&
      canWrite(word) &&
      (isWhole || column !== 'amount' || !orderTotals.test(word)),
  );
  const word = random.pick(words);
  switch (dialect.headerStyle) {
    case 'as is':
      return word.charAt(0).toUpperCase() + word.slice(1);
    case 'upper case':
      return word.toUpperCase();
    case 'snake case':
      return word.replaceAll(' ', '_');
    case 'padded':
      return ` ${word}  `;
    case 'line breaks':
      return word.replace(' ', '\n');
    case 'with units':
      return column === 'amount' || column === 'unit_price'
        ? word + (dialect.language === 'ru' ? ', руб.' : ' (EUR)')
        : word;
  }
}

/** Beside a quantity and a price these words name the total of the order, not of the line. */
const orderTotals = /order|total|заказа|документа|итог|стоимость/i;

/** The dialect in words, for whoever reads of a failing case. */
export function describeDialect(dialect: Dialect): string {
  const { form } = dialect;
  const parts =
    form.format === 'csv'
      ? [
          'CSV',
          form.encoding,
          `delimiter ${JSON.stringify(form.delimiter)}`,
          `line ends ${JSON.stringify(form.lineEnd)}`,
          `quotes ${form.quotes}`,
          ...(form.endsWithLineEnd ? [] : ['no line end after the last row']),
          ...(form.shortRows ? ['short rows'] : []),
          ...(form.isPacked ? ["gzip'd"] : []),
        ]
      : ['XLSX', `${form.strings} strings`, `dates as ${form.dates}`, `amounts as ${form.amounts}`];
  return [
    ...parts,
    describeNumbers(dialect.numbers),
    `dates as ${dialect.dates.name}`,
    `headers in ${dialect.language}, ${dialect.headerStyle}`,
    `${dialect.titles.length} rows above the header`,
    `${dialect.extraColumns.length} columns more`,
    ...(dialect.total === '' ? [] : [`a row '${dialect.total}'`]),
    `${dialect.blankRows} blank rows below`,
  ].join('; ');
}
