import type { Content, Notice, ResultTable, TableNote } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { ReportContent } from './part.js';

/**
 * What every chapter says for itself, and a report says once: by code of the notice, what it says, or null for the
 * words of the first chapter that says it.
 */
const once: Readonly<Record<string, Text | null>> = {
  rows_without_customer: null,
  margin_assumed: {
    en: 'No margin is known, so LTV:CAC, payback, LTV and what is at stake count revenue, not profit.',
    ru: 'Маржа не задана, поэтому LTV:CAC, окупаемость, LTV и сумма под угрозой считаются по выручке, а не по прибыли.',
  },
};

/** Notices of all chapters, each once, in words for those who read a report and run no program. */
export function noticesOf(contents: readonly ReportContent[], others: readonly Notice[]): Notice[] {
  const all = [...contents.flatMap(({ notices = [] }) => notices), ...others].map(plain);
  const told = new Set<string>();
  return all.filter(({ code, text }) => {
    const key = code in once ? code : `${code} ${text.en}`;
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}

function plain({ inReport, ...notice }: Notice): Notice {
  return { ...notice, text: once[notice.code] ?? inReport ?? notice.text };
}

/** A table with its notes in words for those who read a report and run no program. */
export function inPlainWords<Table extends Pick<ResultTable, 'notes'>>(table: Table): Table {
  return { ...table, notes: table.notes.map(plainNote) };
}

function plainNote({ inReport, ...note }: TableNote): TableNote {
  return inReport === undefined ? note : { ...note, ...inReport };
}

/** A table whose texts leave out the sentences and clauses that speak of options. */
export function withoutOptions(table: ResultTable<Content>): ResultTable<Content> {
  const speak = (content: Content): Content =>
    typeof content === 'object' && content !== null
      ? { en: withoutOptionsIn(content.en), ru: withoutOptionsIn(content.ru) }
      : content;
  return { ...table, rows: table.rows.map((row) => row.map(speak)) };
}

function withoutOptionsIn(text: string): string {
  if (!text.includes('--')) return text;
  const kept = text
    .replace(/\s*\(--[^)]*\)/g, '')
    .split(/(?<=[.;:]) /)
    .filter((clause) => !/(^|\s)--[a-z]/.test(clause))
    .join(' ');
  const isSentence = text.endsWith('.');
  return kept.replace(/[;:]$/, isSentence ? '.' : '');
}
