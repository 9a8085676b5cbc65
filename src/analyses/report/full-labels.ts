import type { Column, Content, ResultTable } from '../../core/table.js';

const ends = { low: { en: 'low', ru: 'от' }, high: { en: 'high', ru: 'до' } } as const;

/**
 * A table whose columns of ends of intervals, '..._low' and '..._high', say of what they are: a chart, a filter and a
 * definition have no neighbour to tell it.
 */
export function withFullLabels(table: ResultTable<Content>): ResultTable<Content> {
  const isEnd = (name: string) => /_(low|high)$/.test(name);
  const middleOf = (name: string) =>
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => column.name.startsWith(`${name}_`) && !isEnd(column.name));
  const full = (column: Column): Column => {
    const [, name, end] = /^(.*)_(low|high)$/.exec(column.name) ?? [];
    const label = name === undefined ? undefined : middleOf(name)?.label;
    if (label === undefined) return column;
    const word = ends[end as keyof typeof ends];
    return { ...column, label: { en: `${label.en}, ${word.en}`, ru: `${label.ru}, ${word.ru}` } };
  };
  return { ...table, columns: table.columns.map(full) };
}
