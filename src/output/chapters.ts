import type { Chapter, Column, Kind, Report, ResultTable } from '../core/table.js';

/** A chapter with its tables. */
export interface FullChapter extends Pick<Chapter, 'name' | 'title' | 'about'> {
  readonly tables: readonly ResultTable[];
}

/**
 * The tables of a report by chapter; a table that no chapter names is one of its own, at the end. Of a report of
 * chapters, which is for managers, what holds nothing and says nothing of why is left out.
 */
export function chaptersOf(report: Report): FullChapter[] {
  const chapters = report.chapters ?? [];
  const named = new Set(chapters.flatMap(({ tables }) => tables));
  return [
    ...chapters.map(({ name, title, about, tables }) => ({
      name,
      title,
      about,
      tables: tables
        .flatMap((table) => report.tables.filter((candidate) => candidate.name === table))
        .filter(({ rows, notes }, _, all) => rows.length > 0 || notes.length > 0 || all.length === 1)
        .map(withoutEmptyColumns),
    })),
    ...report.tables
      .filter(({ name }) => !named.has(name))
      .map((table) => ({ name: table.name, title: table.title, tables: [table] })),
  ].filter(({ tables }) => tables.length > 0);
}

/** Kinds of columns that tell who or what: an unknown figure is worth a column, a field that a base lacks is not. */
const descriptive: readonly Kind[] = ['text', 'date', 'boolean'];

/** The table without the descriptive columns that no row fills; the first column, which names the rows, stays. */
function withoutEmptyColumns(table: ResultTable): ResultTable {
  const { columns, rows } = table;
  if (rows.length === 0) return table;
  const isEmpty = ({ kind, machineOnly }: Column, index: number) =>
    index > 0 &&
    machineOnly !== true &&
    descriptive.includes(kind) &&
    rows.every((row) => row[index] == null || row[index] === '');
  const kept = columns.flatMap((column, index) => (isEmpty(column, index) ? [] : [index]));
  if (kept.length === columns.length) return table;
  return {
    ...table,
    columns: kept.map((index) => columns[index]!),
    rows: rows.map((row) => kept.map((index) => row[index]!)),
  };
}
