import { findHeader, type Header } from './header.js';
import { countKnownHeaders } from './recognise.js';
import { type CsvRecord, type LineEnd, type RecordFormat, splitRecords } from './records.js';

const delimiters = [';', '\t', '|', ','] as const;

/** How a CSV text is written, as far as its first part shows. */
export interface Dialect {
  readonly format: RecordFormat;
  /** Excel's first line 'sep=;', which it does not show as a row. */
  readonly hasSeparatorLine: boolean;
  /** The first records, without that line. */
  readonly records: readonly CsvRecord[];
  /** Undefined where every record is blank. */
  readonly header: Header | undefined;
}

/**
 * Tells delimiter, quoting and header of a text.
 * @param text the beginning of the file
 * @param isWhole whether it is all of it
 * @param given what the user says
 */
export function detectDialect(
  text: string,
  isWhole: boolean,
  given: { readonly delimiter?: string; readonly headerRow?: number },
): Dialect {
  const separator = /^sep=(.)(?:\r\n|\n|\r)/iu.exec(text);
  const body = separator === null ? text : text.slice(separator[0].length);
  const sure = given.delimiter ?? separator?.[1];
  const found = (sure === undefined ? candidates(body) : [sure]).map((delimiter) =>
    judge(body, isWhole, delimiter, given.headerRow),
  );
  const best = found.reduce((one, other) => (isBetter(other, one) ? other : one));
  return { ...best, hasSeparatorLine: separator !== null };
}

const recordLimit = 1100;

function candidates(text: string): string[] {
  const present = delimiters.filter((delimiter) => text.includes(delimiter));
  // A text of one column has none of them, or only ones that belong to its cells.
  return present.length === 0 ? [','] : [...present];
}

interface Judgement extends Omit<Dialect, 'hasSeparatorLine'> {
  readonly known: number;
  readonly score: number;
}

function isBetter(one: Judgement, other: Judgement): boolean {
  return one.known !== other.known ? one.known > other.known : one.score > other.score;
}

function judge(text: string, isWhole: boolean, delimiter: string, headerRow: number | undefined): Judgement {
  const standard = judgeFormat(text, isWhole, { delimiter, backslash: false }, headerRow);
  if (!standard.records.some((record) => record.hasBackslash)) return standard;
  // '"\""' closes here or goes on: whatever leaves fewer rows that make no sense.
  const escaped = judgeFormat(text, isWhole, { delimiter, backslash: true }, headerRow);
  const [loose, looseEscaped] = [standard, escaped].map(({ records }) => records.filter(isOdd).length) as [
    number,
    number,
  ];
  if (loose !== looseEscaped) return looseEscaped < loose ? escaped : standard;
  return isBetter(escaped, standard) ? escaped : standard;
}

function isOdd({ isLoose, isOpen }: CsvRecord): boolean {
  return isLoose || isOpen;
}

function judgeFormat(
  text: string,
  isWhole: boolean,
  format: RecordFormat,
  headerRow: number | undefined,
): Judgement {
  const records = splitRecords(text, format, isWhole, recordLimit);
  const rows = records.map((record) => record.cells);
  const header = findHeader(rows, headerRow === undefined ? undefined : headerRow - 1);
  const known = header === undefined ? 0 : countKnownHeaders(header.names);
  return { format, records, header, known: known < 2 ? 0 : known, score: scoreOf(rows, header) };
}

/**
 * How well a delimiter splits rows: the share of rows as wide as the header, the more the wider, and less where
 * the cells hold other delimiters, such as '50;2' of '1,50;2,30'.
 */
function scoreOf(rows: readonly (readonly string[])[], header: Header | undefined): number {
  if (header === undefined || header.names.length < 2) return 0;
  const below = rows.slice(header.last + 1).filter((row) => row.length > 1 || row[0]!.trim() !== '');
  if (below.length === 0) return header.names.length / 1000;
  const width = header.names.length;
  const fitting = below.filter((row) => usedWidth(row) <= width && row.length > 1);
  const full = below.filter((row) => row.length === width);
  const cells = below.flat();
  const mixed = cells.filter((cell) => /[;\t|]/.test(cell) && !/[\p{L}]{3}/u.test(cell)).length;
  const share = (fitting.length + full.length) / (2 * below.length);
  return share * (1 + width / 1000) * (1 - mixed / Math.max(1, cells.length));
}

/** Columns up to the last that is not empty. */
export function usedWidth(row: readonly string[]): number {
  let width = row.length;
  while (width > 0 && row[width - 1] === '') width -= 1;
  return width;
}

/** The kinds of line end that records have. */
export function lineEndsOf(records: readonly CsvRecord[]): Set<LineEnd> {
  return new Set(records.flatMap(({ lineEnd }) => lineEnd ?? []));
}
