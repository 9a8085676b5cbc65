import { insertChild } from '../ooxml/element-order.js';
import { columnName, type RowShift, shiftFormula, shiftReference } from '../ooxml/references.js';
import { withoutResults } from '../ooxml/results.js';
import { withoutSharing } from '../ooxml/shared-formulas.js';
import {
  type CellValue,
  cellsOf,
  cellXml,
  formulaOf,
  rowXml,
  type SheetCell,
  type SheetRow,
  type SheetXml,
  valueXml,
} from '../ooxml/sheet.js';
import { shiftAroundRows } from '../ooxml/shift-parts.js';
import { attributeOf, escapeText, rewriteXml } from '../ooxml/xml.js';

/** What a cell becomes. */
export interface NewCell {
  /** From 0. */
  readonly column: number;
  readonly value: CellValue;
  /** Number of its style; the one that the cell has, or else `usualStyle`. */
  readonly style?: number;
  readonly usualStyle: number;
  /** In place of a value: a formula, without '='. */
  readonly formula?: string;
}

/** Changes to the rows of a sheet. */
export interface SheetEdit {
  readonly shift: RowShift;
  /** The sheet's name, by which formulas refer to it. */
  readonly name: string;
  /** The number of columns that the sheet comes to use. */
  readonly width: number;
  /** What becomes of the cells of a row that stays; asked for once, when it is written. */
  readonly changed: (row: SheetRow) => readonly NewCell[] | undefined;
  /** The cells of each row put in below the last one of the list, from 0; asked for when it is written. */
  readonly inserted: (index: number) => readonly NewCell[];
}

/** The sheet after the changes, piece by piece. */
export function* editedSheet(given: SheetXml, edit: SheetEdit): Generator<string> {
  const sheet = withoutSharing(given);
  const { prefix } = sheet;
  const { shift, name } = edit;
  const still = shift.isNothing;
  const around = (xml: string) => (still ? xml : shiftAroundRows(xml, shift, name));
  yield withDimension(around(sheet.head), edit.width - 1, lastRow(sheet, shift));
  yield `<${prefix}sheetData>`;
  let hasInserted = shift.inserted === 0;
  const insert = function* () {
    hasInserted = true;
    for (let index = 0; index < shift.inserted; index++) {
      const number = shift.firstInserted + index;
      const cells = [...edit.inserted(index)].sort((one, other) => one.column - other.column);
      const xml = cells.map((cell) => newCellXml(cell, undefined, number, prefix)).join('');
      yield rowXml(number, '', xml, prefix);
    }
  };
  for (const row of sheet.rows) {
    if (!hasInserted && row.number > shift.last) yield* insert();
    const number = shift.row(row.number);
    if (number === undefined) continue;
    const changes = edit.changed(row);
    if (still && changes === undefined)
      yield rowXml(number, row.attributes, withoutResults(row.inner), prefix);
    else {
      const cells = rowCells(row, number, changes ?? [], sheet, edit);
      yield rowXml(number, row.attributes, withoutResults(cells), prefix);
    }
  }
  if (!hasInserted) yield* insert();
  yield `</${prefix}sheetData>`;
  yield around(sheet.tail);
}

function rowCells(
  row: SheetRow,
  number: number,
  changes: readonly NewCell[],
  sheet: SheetXml,
  { shift, name }: SheetEdit,
): string {
  const { prefix } = sheet;
  const left = new Map(changes.map((change) => [change.column, change]));
  const pieces: [number, string][] = [];
  for (const cell of cellsOf(row, prefix)) {
    const change = left.get(cell.column);
    left.delete(cell.column);
    if (change !== undefined) {
      pieces.push([cell.column, newCellXml(change, cell, number, prefix)]);
      continue;
    }
    const kept = shift.isNothing ? cell : withShiftedFormula(cell, prefix, shift, name);
    pieces.push([cell.column, cellXml(kept, number, prefix)]);
  }
  for (const change of left.values()) {
    pieces.push([change.column, newCellXml(change, undefined, number, prefix)]);
  }
  return pieces
    .sort(([one], [other]) => one - other)
    .map(([, xml]) => xml)
    .join('');
}

function newCellXml(cell: NewCell, former: SheetCell | undefined, row: number, prefix: string): string {
  const { column } = cell;
  const style = cell.style ?? former?.style ?? cell.usualStyle;
  if (cell.formula !== undefined) {
    const inner = `<${prefix}f>${escapeText(cell.formula)}</${prefix}f>`;
    return cellXml({ column, style, type: 'n', others: '', inner }, row, prefix);
  }
  return cellXml({ column, style, others: '', ...valueXml(cell.value, prefix) }, row, prefix);
}

function withShiftedFormula(cell: SheetCell, prefix: string, shift: RowShift, sheet: string): SheetCell {
  const formula = formulaOf(cell, prefix);
  if (formula === undefined || formula.text === '') return cell;
  const attributes = formula.attributes.replace(
    /(\sref\s*=\s*["'])([^"']*)/,
    (_, before: string, reference: string) =>
      before + (shiftReference(reference, shift, 'never') ?? reference),
  );
  const shifted = shiftFormula(formula.text, shift, sheet, true);
  const whole = `<${prefix}f${attributes}>${escapeText(shifted)}</${prefix}f>`;
  return { ...cell, inner: cell.inner.replace(formula.whole, () => whole) };
}

function lastRow({ rows }: SheetXml, shift: RowShift): number {
  const kept = rows.findLast((row) => !shift.isDeleted(row.number))?.number ?? 1;
  return Math.max(shift.row(kept) ?? 1, shift.inserted === 0 ? 1 : shift.firstInserted + shift.inserted - 1);
}

/** What the sheet says it covers: a hint, which some readers take for the truth. */
function withDimension(head: string, column: number, row: number): string {
  return rewriteXml(head, {
    open: (name) => (name === 'dimension' ? { ref: `A1:${columnName(column)}${row}` } : undefined),
  });
}

/** Gives columns a width, unless they have one. `widths` are by column, from 0. */
export function withColumnWidths(head: string, prefix: string, widths: ReadonlyMap<number, number>): string {
  const given: [number, number][] = [];
  rewriteXml(head, {
    open: (name, attribute) => {
      if (name === 'col') given.push([Number(attribute('min')) - 1, Number(attribute('max')) - 1]);
      return undefined;
    },
  });
  const added = [...widths].filter(([index]) => !given.some(([from, to]) => index >= from && index <= to));
  if (added.length === 0) return head;
  const xml = added.map(([index, width]): [number, string] => [
    index,
    `<${prefix}col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  ]);
  const existing = [...head.matchAll(new RegExp(`<${prefix}col\\s[^>]*>`, 'g'))].map(
    ([element]): [number, string] => [Number(attributeOf(element, 'min')) - 1, element],
  );
  const all = [...existing, ...xml].sort(([one], [other]) => one - other).map(([, element]) => element);
  const cols = `<${prefix}cols>${all.join('')}</${prefix}cols>`;
  const former = new RegExp(`<${prefix}cols>[\\s\\S]*?</${prefix}cols>`);
  return former.test(head) ? head.replace(former, () => cols) : head + cols;
}

/** Adds a data validation to those of a sheet. */
export function withValidations(tail: string, prefix: string, validations: readonly string[]): string {
  if (validations.length === 0) return tail;
  const closing = `</${prefix}dataValidations>`;
  const count = (xml: string) => xml.split(`<${prefix}dataValidation `).length - 1;
  if (!tail.includes(closing)) {
    const xml = `<${prefix}dataValidations count="${validations.length}">${validations.join('')}${closing}`;
    return insertChild(tail, 'worksheet', xml);
  }
  const grown = tail.replace(closing, () => validations.join('') + closing);
  return rewriteXml(grown, {
    open: (name) => (name === 'dataValidations' ? { count: String(count(grown)) } : undefined),
  });
}
