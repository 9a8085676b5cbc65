import { fillFormula } from './references.js';
import {
  cellsOf,
  cellXml,
  formulaOf,
  rowXml,
  type SheetCell,
  type SheetRow,
  type SheetXml,
} from './sheet.js';
import { attributeOf, escapeText } from './xml.js';

interface SharedFormula {
  readonly text: string;
  readonly row: number;
  readonly column: number;
}

/** Formulas that several cells share, by group: the text stands in one of the cells. */
export type SharedFormulas = ReadonlyMap<string, SharedFormula>;

export function sharedFormulas({ rows, prefix }: SheetXml): SharedFormulas {
  const known = knownOfRows.get(rows);
  if (known !== undefined) return known;
  const found = new Map<string, SharedFormula>();
  knownOfRows.set(rows, found);
  for (const row of rows) {
    if (!isSharing(row)) continue;
    for (const cell of cellsOf(row, prefix)) {
      const formula = formulaOf(cell, prefix);
      if (formula === undefined || formula.text === '') continue;
      const group = attributeOf(formula.attributes, 'si');
      if (attributeOf(formula.attributes, 't') !== 'shared' || group === undefined) continue;
      found.set(group, { text: formula.text, row: row.number, column: cell.column });
    }
  }
  return found;
}

/** Most sheets have none, and are asked often. */
const knownOfRows = new WeakMap<readonly SheetRow[], SharedFormulas>();

function isSharing({ inner }: SheetRow): boolean {
  return inner.includes('shared');
}

/** The formula that a cell has of its own or shares with others, as it stands in the cell. */
export function cellFormula(
  cell: SheetCell,
  row: number,
  prefix: string,
  shared: SharedFormulas,
): string | undefined {
  const formula = formulaOf(cell, prefix);
  if (formula === undefined) return undefined;
  if (attributeOf(formula.attributes, 't') !== 'shared') return formula.text || undefined;
  const first = shared.get(attributeOf(formula.attributes, 'si') ?? '');
  if (first === undefined) return formula.text || undefined;
  return fillFormula(first.text, row - first.row, cell.column - first.column);
}

/**
 * A sheet in which every cell has its own formula: one that is shared goes wrong where its cells move apart, or
 * where the cell that has the text is written over.
 */
export function withoutSharing(sheet: SheetXml): SheetXml {
  const shared = sharedFormulas(sheet);
  if (shared.size === 0) return sheet;
  const { prefix } = sheet;
  const rows = sheet.rows.map((row): SheetRow => {
    if (!isSharing(row)) return row;
    const cells = cellsOf(row, prefix).map((cell) => {
      const formula = formulaOf(cell, prefix);
      const text = cellFormula(cell, row.number, prefix, shared);
      if (formula === undefined || text === undefined) return cellXml(cell, row.number, prefix);
      if (attributeOf(formula.attributes, 't') !== 'shared') return cellXml(cell, row.number, prefix);
      const attributes = formula.attributes.replace(/\s(?:t|si|ref)\s*=\s*(?:"[^"]*"|'[^']*')/g, '');
      const whole = `<${prefix}f${attributes}>${escapeText(text)}</${prefix}f>`;
      return cellXml({ ...cell, inner: cell.inner.replace(formula.whole, () => whole) }, row.number, prefix);
    });
    return { ...row, inner: cells.join('') };
  });
  return { ...sheet, rows };
}

/** The part of a sheet as text. */
export function sheetText({ head, prefix, rows, tail }: SheetXml): string {
  const lines = rows.map(({ number, attributes, inner }) => rowXml(number, attributes, inner, prefix));
  return `${head}<${prefix}sheetData>${lines.join('')}</${prefix}sheetData>${tail}`;
}
