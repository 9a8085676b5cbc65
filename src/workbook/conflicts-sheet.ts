import type { Column } from '../core/table.js';
import type { Language } from '../core/text.js';
import type { WorkbookPackage } from '../ooxml/package.js';
import { RowShift } from '../ooxml/references.js';
import { cellsOf, cellValue, parseSheet } from '../ooxml/sheet.js';
import type { StyleBook } from '../ooxml/styles.js';
import { spreadsheetText } from '../output/spreadsheet-text.js';
import { headerStyle } from './columns.js';
import { parseSheetOf } from './list-sheet.js';
import { sheetTitles } from './managed-list.js';
import { newSheet } from './new-workbook.js';
import type { ListWorkbook } from './open-list.js';
import { editedSheet, type NewCell, withColumnWidths } from './sheet-edit.js';
import { freeName } from './sheet-name.js';
import { canonical } from './values.js';

/** Two things that people wrote into one cell. */
export interface Conflict {
  readonly key: string;
  /** The header of the column. */
  readonly header: string;
  readonly kept: string;
  /** The file that it stood in. */
  readonly keptFrom: string;
  readonly other: string;
  readonly otherFrom: string;
}

const columns: readonly (Column & { readonly width: number })[] = [
  { name: 'key', label: { en: 'Customer', ru: 'Клиент' }, kind: 'text', width: 18 },
  { name: 'column', label: { en: 'Column', ru: 'Столбец' }, kind: 'text', width: 20 },
  { name: 'kept', label: { en: 'Kept in the list', ru: 'Осталось в списке' }, kind: 'text', width: 36 },
  { name: 'kept_from', label: { en: 'From', ru: 'Откуда' }, kind: 'text', width: 20 },
  { name: 'other', label: { en: 'Written elsewhere', ru: 'Записано иначе' }, kind: 'text', width: 36 },
  { name: 'other_from', label: { en: 'In', ru: 'Где' }, kind: 'text', width: 20 },
];

/**
 * Adds conflicts to the sheet that shows them, which is made where there is none; one that is there already is not
 * added again. Gives how many of them there are.
 */
export async function addConflicts(
  workbook: WorkbookPackage,
  found: ListWorkbook,
  conflicts: readonly Conflict[],
  language: Language,
  styles: StyleBook,
): Promise<number> {
  if (conflicts.length === 0) return 0;
  const titles: string[] = [sheetTitles.conflicts.en, sheetTitles.conflicts.ru];
  const existing = found.sheets.find(({ name }) => titles.includes(name));
  const views = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const sheet =
    existing === undefined
      ? {
          ...parseSheet(newSheet({ views, isFitted: true })),
          rows: [{ number: 1, attributes: '', inner: '' }],
        }
      : parseSheetOf(await workbook.text(existing.part), workbook, existing);
  const textStyle = styles.style({ format: '@', align: 'left', wrap: true });
  const lines = new Map(
    conflicts.map(({ key, header, kept, keptFrom, other, otherFrom }) => {
      const texts = [key, header, kept, keptFrom, other, otherFrom];
      return [texts.join('\u001f'), texts] as const;
    }),
  );
  let width = columns.length;
  for (const row of sheet.rows) {
    const texts: string[] = Array.from(columns, () => '');
    for (const cell of cellsOf(row, sheet.prefix)) {
      width = Math.max(width, cell.column + 1);
      if (cell.column >= columns.length) continue;
      texts[cell.column] = canonical(cellValue(cell, sheet.prefix, found.context.sharedStrings));
    }
    lines.delete(texts.join('\u001f'));
  }
  const fresh = [...lines.values()];
  const headers = columns.map(
    (column, index): NewCell => ({
      column: index,
      value: column.label[language],
      usualStyle: styles.style(headerStyle('computed', column)),
    }),
  );
  const last = sheet.rows.at(-1)?.number ?? 1;
  // Below the last row there is nothing that could move.
  const shift = new RowShift([], 2, last, fresh.length);
  const widths = new Map(columns.map(({ width }, index) => [index, width]));
  const head = existing === undefined ? withColumnWidths(sheet.head, sheet.prefix, widths) : sheet.head;
  const edited = editedSheet(
    { ...sheet, head },
    {
      shift,
      name: existing?.name ?? sheetTitles.conflicts[language],
      width,
      changed: (row) => (existing === undefined && row.number === 1 ? headers : undefined),
      inserted: (index) =>
        fresh[index]!.map((text, column) => ({
          column,
          value: spreadsheetText(text),
          usualStyle: textStyle,
        })),
    },
  );
  const xml = [...edited].join('');
  if (existing !== undefined) {
    workbook.set(existing.part, xml);
    return conflicts.length;
  }
  await workbook.addSheet(freeName(await workbook.sheets(), sheetTitles.conflicts[language]), xml);
  return conflicts.length;
}
