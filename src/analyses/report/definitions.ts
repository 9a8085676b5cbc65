import type { Column, Content, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import { kpis } from '../kpi.js';
import { forecastMeasures, known } from './known-definitions.js';
import type { ReportChapter } from './part.js';

const columns: readonly Column[] = [
  { name: 'chapter', label: { en: 'Where', ru: 'Где' }, kind: 'text' },
  { name: 'figure', label: { en: 'Figure', ru: 'Показатель' }, kind: 'text' },
  { name: 'definition', label: { en: 'Formula or meaning', ru: 'Формула или смысл' }, kind: 'text' },
];

/** What every figure of a report is: the formulas of the KPIs, then what the columns of the other tables hold. */
export function definitionsTable(chapters: readonly ReportChapter[]): ResultTable<Content> {
  const tables = chapters.flatMap((chapter) => chapter.tables.map((table) => ({ chapter, table })));
  const both = chapters.filter(
    ({ name, tables }) => ['summary', 'trend'].includes(name) && tables.length > 0,
  );
  const where: Text = {
    en: both.map(({ title }) => title.en).join(', '),
    ru: both.map(({ title }) => title.ru).join(', '),
  };
  return {
    name: 'definitions',
    title: { en: 'Definitions', ru: 'Определения' },
    grain: 'figure',
    columns,
    rows: [
      ...kpis.map(({ label, formula }) => [where, label, formula]),
      ...tables
        .filter(({ table }) => table.name !== 'trend')
        .flatMap(({ chapter, table }) =>
          described(table).map(({ label, definition }) => [chapter.title, label, definition]),
        ),
    ].filter(isNew()),
    notes: [],
  };
}

/** Several tables of a chapter have the same column: one row of definitions tells of all. */
function isNew(): (row: readonly Text[]) => boolean {
  const told = new Set<string>();
  return (row) => {
    const key = row.map(({ en }) => en).join('\n');
    if (told.has(key)) return false;
    told.add(key);
    return true;
  };
}

/** Columns of figures of a table with what they are, where that is known. */
function described(table: ResultTable<Content>): { label: Text; definition: Text }[] {
  const all = known[`${table.name}.*`];
  if (all !== undefined) return [{ label: table.title, definition: all }];
  return [
    ...(table.name === 'forecast_total' ? measures(table) : []),
    ...table.columns
      .filter(
        ({ kind, machineOnly, onlyOn }) => kind !== 'text' && machineOnly !== true && onlyOn !== 'terminal',
      )
      .flatMap(({ name, label, description }) => {
        const definition = known[`${table.name}.${name}`] ?? description;
        // Table kpis says in each row what its value is.
        return definition === undefined ? [] : [{ label, definition }];
      }),
  ];
}

/** What the rows of the forecast's total are. */
function measures({ columns, rows }: ResultTable<Content>): { label: Text; definition: Text }[] {
  const at = columns.findIndex(({ name }) => name === 'measure');
  return rows.flatMap((row) => {
    const id = String(row[at]);
    const [label, definition] = [columns[at]!.values?.[id], forecastMeasures[id]];
    return label === undefined || definition === undefined ? [] : [{ label, definition }];
  });
}
