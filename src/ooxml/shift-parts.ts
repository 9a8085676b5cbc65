import type { PackageSheet, WorkbookPackage } from './package.js';
import {
  mapReferences,
  moveFormula,
  type RowShift,
  shiftFormula,
  shiftReference,
  shiftReferences,
} from './references.js';
import { rewriteXml } from './xml.js';

/** A formula that lost what it referred to. */
export interface LostReference {
  readonly where: string;
  readonly formula: string;
}

/** Elements whose text is a formula, in sheets, tables, charts and extensions. */
const formulaElements = new Set([
  'f',
  'formula',
  'formula1',
  'formula2',
  'calculatedColumnFormula',
  'totalsRowFormula',
]);

/**
 * What stands around the rows of the sheet whose rows move: merged cells, formats, validations, filters, links.
 * @param xml the part of the worksheet before or after its rows
 */
export function shiftAroundRows(xml: string, shift: RowShift, sheet: string): string {
  const ranges = (references: string | undefined, ...growth: ['even of one row' | 'never'] | []) =>
    references === undefined ? undefined : (shiftReferences(references, shift, ...growth) ?? 'drop');
  const change = (attribute: string, value: string | undefined) =>
    value === undefined ? undefined : value === 'drop' ? ('drop' as const) : { [attribute]: value };
  /** By how much the first cell of a format or validation moves, from which its formulas are told. */
  let down = 0;
  return rewriteXml(xml, {
    open: (name, attribute, path) => {
      if (name === 'conditionalFormatting' || name === 'dataValidation') {
        down = movedDown(attribute('sqref'), shift);
      }
      switch (name) {
        case 'mergeCell':
          return change('ref', ranges(attribute('ref'), 'never'));
        case 'hyperlink':
          return change('ref', ranges(attribute('ref'), 'never'));
        case 'conditionalFormatting':
        case 'dataValidation':
        case 'protectedRange':
        case 'ignoredError':
          return change('sqref', ranges(attribute('sqref'), 'even of one row'));
        case 'autoFilter':
        case 'sortState':
        case 'sortCondition':
          return change('ref', ranges(attribute('ref'), 'even of one row'));
        case 'selection':
        case 'pane':
        case 'sheetView': {
          const places = ['activeCell', 'topLeftCell'].flatMap((key) => {
            const value = attribute(key);
            return value === undefined ? [] : [[key, nearestCell(value, shift)]];
          });
          const selected = attribute('sqref');
          if (selected !== undefined) {
            const active = attribute('activeCell');
            const kept = shiftReferences(selected, shift, 'never');
            places.push(['sqref', kept ?? (active === undefined ? 'A1' : nearestCell(active, shift))]);
          }
          return Object.fromEntries(places);
        }
        case 'brk': {
          const id = attribute('id');
          if (id === undefined || path.at(-1) !== 'rowBreaks') return undefined;
          return { id: String(shift.nearest(Number(id))) };
        }
        default:
          return undefined;
      }
    },
    text: (name, text, path) => {
      if (formulaElements.has(name)) {
        const isRelative = path.some((one) => one === 'conditionalFormatting' || one === 'dataValidation');
        return isRelative ? moveFormula(text, down, shift, sheet) : shiftFormula(text, shift, sheet, true);
      }
      return name === 'sqref' ? (shiftReferences(text, shift) ?? '#REF!') : text;
    },
  });
}

/** By how many rows the first cell of ranges moves. Extensions name their ranges later; theirs rarely begin elsewhere. */
function movedDown(references: string | undefined, shift: RowShift): number {
  const rowOf = (ranges: string | undefined) => Number(/\d+/.exec(ranges ?? '')?.[0] ?? Number.NaN);
  const shifted =
    references === undefined ? undefined : shiftReferences(references, shift, 'even of one row');
  const moved = rowOf(shifted) - rowOf(references);
  return Number.isNaN(moved) ? 0 : moved;
}

/** 'B7', or the cell below where row 7 is taken out. */
function nearestCell(cell: string, shift: RowShift): string {
  return cell.replace(/\d+$/, (row) => String(shift.nearest(Number(row))));
}

/** Every part but the worksheet itself that refers to its cells. */
export async function shiftOtherParts(
  workbook: WorkbookPackage,
  sheet: PackageSheet,
  shift: RowShift,
): Promise<LostReference[]> {
  const lost: LostReference[] = [];
  const formula = (text: string, where: string): string => {
    const shifted = shiftFormula(text, shift, sheet.name, false);
    if (countLost(shifted) > countLost(text)) lost.push({ where, formula: text });
    return shifted;
  };
  await workbook.update(workbook.workbookPart, (xml) => {
    let definedName = '';
    return rewriteXml(xml, {
      open: (name, attribute) => {
        if (name === 'definedName') definedName = attribute('name') ?? '';
        return undefined;
      },
      text: (name, text) => {
        if (name !== 'definedName') return text;
        if (!definedName.endsWith('_FilterDatabase')) return formula(text, definedName);
        return mapReferences(text, (reference, named) =>
          named?.toLowerCase() === sheet.name.toLowerCase()
            ? shiftReference(reference, shift, 'even of one row')
            : reference,
        );
      },
    });
  });

  for (const other of await workbook.sheets()) {
    const isOwn = other.part === sheet.part;
    if (!isOwn) await workbook.update(other.part, (xml) => shiftOtherSheet(xml, other.name, formula));
    for (const { type, target, external } of await workbook.relationships(other.part)) {
      if (external || !workbook.has(target)) continue;
      if (isOwn) await shiftBelonging(workbook, type, target, shift, sheet.name);
      if (type === 'table') await workbook.update(target, (xml) => shiftTexts(xml, formula, target));
      if (type !== 'drawing') continue;
      for (const chart of await workbook.relationships(target)) {
        if (!/^chart/.test(chart.type) || chart.external || !workbook.has(chart.target)) continue;
        await workbook.update(chart.target, (xml) => shiftTexts(xml, formula, chart.target));
      }
    }
  }
  for (const cache of await workbook.related(workbook.workbookPart, 'pivotCacheDefinition')) {
    await workbook.update(cache, (xml) =>
      rewriteXml(xml, {
        open: (name, attribute) => {
          if (name !== 'worksheetSource') return undefined;
          if (attribute('sheet')?.toLowerCase() !== sheet.name.toLowerCase()) return undefined;
          const reference = attribute('ref');
          const shifted = reference === undefined ? undefined : shiftReference(reference, shift);
          return shifted === undefined ? undefined : { ref: shifted };
        },
      }),
    );
  }
  return lost;
}

function countLost(formula: string): number {
  return formula.split('#REF!').length;
}

function shiftTexts(xml: string, formula: (text: string, where: string) => string, where: string): string {
  return rewriteXml(xml, {
    text: (name, text) => (formulaElements.has(name) ? formula(text, where) : text),
  });
}

/** Formulas of another sheet, and its links into the one whose rows move. */
function shiftOtherSheet(
  xml: string,
  sheet: string,
  formula: (text: string, where: string) => string,
): string {
  if (!xml.includes('!')) return xml;
  let place = '';
  return rewriteXml(xml, {
    open: (name, attribute) => {
      if (name === 'c') place = attribute('r') ?? '';
      if (name !== 'hyperlink') return undefined;
      const location = attribute('location');
      return location === undefined
        ? undefined
        : { location: formula(location, `${sheet}!${attribute('ref')}`) };
    },
    text: (name, text) => (formulaElements.has(name) ? formula(text, `${sheet}!${place}`) : text),
  });
}

/** A part that belongs to the sheet: its tables, notes, shapes and pictures. */
async function shiftBelonging(
  workbook: WorkbookPackage,
  type: string,
  part: string,
  shift: RowShift,
  sheet: string,
): Promise<void> {
  switch (type) {
    case 'table':
      await workbook.update(part, (xml) => shiftTable(xml, shift, sheet));
      break;
    case 'comments':
    case 'threadedComment':
      await workbook.update(part, (xml) =>
        rewriteXml(xml, {
          open: (name, attribute) => {
            if (name !== 'comment' && name !== 'threadedComment') return undefined;
            const reference = attribute('ref');
            if (reference === undefined) return undefined;
            const shifted = shiftReference(reference, shift, 'never');
            return shifted === undefined ? 'drop' : { ref: shifted };
          },
        }),
      );
      break;
    case 'vmlDrawing':
      await workbook.update(part, (xml) => shiftShapes(xml, shift));
      break;
    case 'drawing':
      await workbook.update(part, (xml) =>
        rewriteXml(xml, {
          text: (name, text, path) =>
            name === 'row' && ['from', 'to'].includes(path.at(-2) ?? '') && /^\d+$/.test(text)
              ? String(shift.nearest(Number(text) + 1) - 1)
              : text,
        }),
      );
      break;
  }
}

function shiftTable(xml: string, shift: RowShift, sheet: string): string {
  return rewriteXml(xml, {
    open: (name, attribute) => {
      if (!['table', 'autoFilter', 'sortState', 'sortCondition'].includes(name)) return undefined;
      const reference = attribute('ref');
      const shifted =
        reference === undefined ? undefined : shiftReference(reference, shift, 'even of one row');
      return shifted === undefined ? undefined : { ref: shifted };
    },
    text: (name, text) => (formulaElements.has(name) ? shiftFormula(text, shift, sheet, true) : text),
  });
}

/** Notes are drawn by shapes, which say the row of their cell; rows count from 0 there. */
function shiftShapes(xml: string, shift: RowShift): string {
  const kept = xml.replace(/<v:shape[\s>][\s\S]*?<\/v:shape>/g, (shape) => {
    const row = /<x:Row>\s*(\d+)\s*<\/x:Row>/.exec(shape)?.[1];
    return row !== undefined && shift.isDeleted(Number(row) + 1) ? '' : shape;
  });
  const moved = (row: string) => shift.nearest(Number(row) + 1) - 1;
  return kept
    .replace(/(<x:Row>\s*)(\d+)/g, (_, before: string, row: string) => `${before}${moved(row)}`)
    .replace(/(<x:Anchor>)([^<]*)(?=<)/g, (whole, before: string, anchor: string) => {
      const numbers = anchor.split(',').map((number) => number.trim());
      if (numbers.length !== 8) return whole;
      const [top, bottom] = [Number(numbers[2]), Number(numbers[6])];
      const start = moved(numbers[2]!);
      return `${before}${[...numbers.slice(0, 2), start, ...numbers.slice(3, 6), start + bottom - top, numbers[7]].join(', ')}`;
    });
}
