import { expect, test } from 'vitest';
import type { Cell, Column, Report, ResultTable } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { sampleReport } from '../testing/sample-report.js';
import { chaptersOf } from './chapters.js';

const column = (name: string, kind: Column['kind'], more: Partial<Column> = {}): Column => ({
  name,
  label: verbatim(name),
  kind,
  ...more,
});

function table(name: string, columns: Column[], rows: Cell[][], note?: string): ResultTable {
  const notes = note === undefined ? [] : [verbatim(note)];
  return { name, title: verbatim(name), grain: 'row', columns, rows, notes };
}

const columns = [
  column('customer', 'text'),
  column('manager', 'text'),
  column('city', 'text'),
  column('born', 'date'),
  column('risk', 'percent'),
  column('reason', 'text', { machineOnly: true }),
];
const list = table('list', columns, [
  [null, null, '', null, null, null],
  [null, '', 'Riga', null, null, null],
]);
const report: Report = {
  ...sampleReport,
  tables: [
    list,
    table('examples', columns, []),
    table('empty', columns, [], 'Why'),
    table('alone', columns, []),
  ],
  chapters: [
    { name: 'lists', title: verbatim('Lists'), tables: ['list', 'examples', 'empty'] },
    { name: 'alone', title: verbatim('Alone'), tables: ['alone'] },
  ],
};

test('a report of chapters leaves out fields that no row fills, and tables of a header alone', () => {
  const [lists, alone] = chaptersOf(report);
  expect(lists!.tables.map(({ name }) => name)).toEqual(['list', 'empty']);
  // Who the rows are and unknown figures stay.
  expect(lists!.tables[0]!.columns.map(({ name }) => name)).toEqual(['customer', 'city', 'risk', 'reason']);
  expect(lists!.tables[0]!.rows).toEqual([
    [null, '', null, null],
    [null, 'Riga', null, null],
  ]);
  expect(alone!.tables.map(({ name }) => name)).toEqual(['alone']);
});

test('another report keeps all of them', () => {
  const { chapters, ...plain } = report;
  expect(chaptersOf(plain).flatMap(({ tables }) => tables)).toEqual(report.tables);
});
