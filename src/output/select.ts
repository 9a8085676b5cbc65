import type { Cell, Content, Report } from '../core/table.js';
import type { Language } from '../core/text.js';

/** What one kind of output shows of a report: its tables, columns and notes, with every cell in one language. */
export function selectFor(output: 'terminal' | 'file', report: Report<Content>, language: Language): Report {
  const isShown = ({ onlyOn }: { readonly onlyOn?: string }) => onlyOn === undefined || onlyOn === output;
  const speak = (content: Content): Cell =>
    typeof content === 'object' && content !== null ? content[language] : content;
  return {
    ...report,
    tables: report.tables.filter(isShown).map((table) => {
      const kept = table.columns.flatMap((column, index) => (isShown(column) ? [index] : []));
      return {
        ...table,
        notes: table.notes.filter(isShown),
        columns: kept.map((index) => table.columns[index]!),
        rows: table.rows.map((row) => kept.map((index) => speak(row[index]!))),
      };
    }),
  };
}
