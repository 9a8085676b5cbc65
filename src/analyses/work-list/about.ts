import { sayDay } from '../../core/dates.js';
import type { Column, Content, Report } from '../../core/table.js';
import { sayCount, type Text, verbatim } from '../../core/text.js';
import type { AboutLine } from '../../workbook/managed-list.js';

/** What people should know of a list: its settings, what its columns mean, notes, and the files that it is from. */
export function aboutReport(
  report: Report<Content>,
  columns: readonly Column[],
  more: readonly AboutLine[] = [],
): AboutLine[] {
  const settings = report.parameters
    .filter(({ machineOnly, value }) => machineOnly !== true && value !== null)
    .map(({ label, value, explanation }) => ({ term: label, text: explanation ?? verbatim(String(value)) }));
  // The header of the ids stands over ids alone: a list is known by it.
  const meanings = columns.flatMap(({ name, label, description }) =>
    description === undefined || name === 'customer_id' ? [] : [{ term: label, text: description }],
  );
  return [
    ...(report.asOf === null
      ? []
      : [{ term: { en: 'As of', ru: 'По состоянию на' }, text: sayDay(report.asOf) }]),
    ...settings,
    ...meanings,
    ...more,
    ...report.notices.map(({ level, text }) => ({ term: kinds[level], text })),
    ...report.sources.map(({ file, sheet, rowsRead, rowsUsed, rowsMerged }) => ({
      term: { en: 'File', ru: 'Файл' },
      text: sourceText(sheet === null ? file : `${file}, ${sheet}`, rowsRead, rowsUsed + rowsMerged),
    })),
  ];
}

const kinds = {
  info: { en: 'Note', ru: 'Примечание' },
  warning: { en: 'Warning', ru: 'Предупреждение' },
  hint: { en: 'Hint', ru: 'Подсказка' },
} as const satisfies Record<string, Text>;

function sourceText(file: string, read: number, used: number): Text {
  const [all, some] = [sayCount(read), sayCount(used)];
  return {
    en: `${file}: rows read: ${all.en}, used: ${some.en}`,
    ru: `${file}: прочитано строк: ${all.ru}, учтено: ${some.ru}`,
  };
}
