import type { Cell, Column, ResultTable, TableNote, Unit } from '../../core/table.js';
import type { Text } from '../../core/text.js';

/** One line of what is expected in all. */
export interface TotalLine {
  readonly id: string;
  readonly label: Text;
  readonly unit: Unit;
  readonly value: Cell;
  readonly low?: Cell;
  readonly high?: Cell;
}

/** What is expected of the whole base over the horizon. */
export function totalTable(lines: readonly TotalLine[], notes: readonly TableNote[]): ResultTable {
  const figure = { kind: 'measure', unitColumn: 'unit', isEstimate: true } as const;
  const columns: Column[] = [
    {
      name: 'measure',
      label: { en: 'Over the horizon', ru: 'За срок прогноза' },
      kind: 'text',
      values: Object.fromEntries(lines.map(({ id, label }) => [id, label])),
    },
    { name: 'value', label: { en: 'Expected', ru: 'Ожидается' }, ...figure },
    { name: 'low', label: { en: 'Low', ru: 'От' }, ...figure },
    { name: 'high', label: { en: 'High', ru: 'До' }, ...figure },
    { name: 'unit', label: { en: 'Unit', ru: 'Единица' }, kind: 'text', machineOnly: true },
  ];
  return {
    name: 'total',
    title: { en: 'Expected in total', ru: 'Ожидается всего' },
    grain: 'measure',
    columns,
    rows: lines.map(({ id, value, low, high, unit }): Cell[] => [id, value, low ?? null, high ?? null, unit]),
    notes,
  };
}
