import type { Chapter, Report, ResultTable } from '../core/table.js';

/** A chapter with its tables. */
export interface FullChapter extends Pick<Chapter, 'name' | 'title' | 'about'> {
  readonly tables: readonly ResultTable[];
}

/** The tables of a report by chapter; a table that no chapter names is one of its own, at the end. */
export function chaptersOf(report: Report): FullChapter[] {
  const chapters = report.chapters ?? [];
  const named = new Set(chapters.flatMap(({ tables }) => tables));
  return [
    ...chapters.map(({ name, title, about, tables }) => ({
      name,
      title,
      about,
      tables: tables.flatMap((table) => report.tables.filter((candidate) => candidate.name === table)),
    })),
    ...report.tables
      .filter(({ name }) => !named.has(name))
      .map((table) => ({ name: table.name, title: table.title, tables: [table] })),
  ].filter(({ tables }) => tables.length > 0);
}
