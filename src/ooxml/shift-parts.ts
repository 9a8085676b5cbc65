import type { PackageSheet, WorkbookPackage } from './package.js';
import {
  mapReferences,
  moveFormula,
  type RowShift,
  shiftFormula,
  shiftReference,
  shiftReferences,
} from './references.js';
import { sharedFormulas, sheetText, withoutSharing } from './shared-formulas.js';
import { parseSheet } from './sheet.js';
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
  const later = laterRanges(xml);
  const breaks = new Set<number>();
  const shifted = rewriteXml(xml, {
    open: (name, attribute, path, at) => {
      const within = later.get(at);
      if (name === 'conditionalFormatting' || name === 'dataValidation') {
        down = movedDown(within ?? attribute('sqref'), shift);
      }
      if (within !== undefined) {
        const growth = name === 'sparkline' ? 'never' : 'even of one row';
        return shiftReferences(within, shift, growth) === undefined ? 'drop' : undefined;
      }
      switch (name) {
        case 'mergeCell': {
          const reference = ranges(attribute('ref'), 'never');
          const [from, to] = reference?.split(':') ?? [];
          return from === to ? 'drop' : change('ref', reference);
        }
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
          const moved = shift.nearest(Number(id));
          if (breaks.has(moved)) return 'drop';
          breaks.add(moved);
          return { id: String(moved) };
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
      if (name !== 'sqref') return text;
      const growth = path.at(-2) === 'sparkline' ? 'never' : 'even of one row';
      return shiftReferences(text, shift, growth) ?? text;
    },
  });
  return tidyLists(shifted);
}

/** The XML around rows after something was taken out of it: lists are not empty, and say how much they hold. */
export function tidyLists(xml: string): string {
  return recounted(withoutEmpty(xml));
}

/** The ranges of formats, validations and sparklines of extensions, which come last in them, by where these begin. */
function laterRanges(xml: string): ReadonlyMap<number, string> {
  const ranges = new Map<number, string>();
  if (!/<(?:[\w.-]+:)?sqref[\s>]/.test(xml)) return ranges;
  let start = 0;
  rewriteXml(xml, {
    open: (name, _, __, at) => {
      if (['conditionalFormatting', 'dataValidation', 'sparkline'].includes(name)) start = at;
      return undefined;
    },
    text: (name, text) => {
      if (name === 'sqref') ranges.set(start, text);
      return text;
    },
  });
  return ranges;
}

/** Lists that must not be empty, and extensions, which may hold such a list. */
const emptyList = new RegExp(
  `<((?:[\\w.-]+:)?)(${[
    'mergeCells',
    'hyperlinks',
    'dataValidations',
    'conditionalFormatting',
    'conditionalFormattings',
    'protectedRanges',
    'ignoredErrors',
    'rowBreaks',
    'sparklines',
    'sparklineGroups',
    'ext',
    'extLst',
  ].join('|')})(?:\\s[^<>]*)?>\\s*</\\1\\2\\s*>`,
  'g',
);
const sparklineGroup =
  /<((?:[\w.-]+:)?)sparklineGroup(?:\s[^<>]*)?>(?:(?!<\/\1sparklineGroup>)[\s\S])*<\/\1sparklineGroup>/g;

/** Takes out lists of which nothing is left: to Excel they are damage. */
function withoutEmpty(xml: string): string {
  const kept = xml
    .replace(emptyList, '')
    .replace(sparklineGroup, (group) => (/sparklines[\s>]/.test(group) ? group : ''));
  return kept === xml ? xml : withoutEmpty(kept);
}

/** Lists with the number of what they hold. */
function recounted(xml: string): string {
  return xml.replace(
    /<((?:[\w.-]+:)?)(mergeCells|dataValidations|rowBreaks)(\s[^<>]*)>([\s\S]*?)<\/\1\2\s*>/g,
    (whole, prefix: string, list: string, attributes: string, inner: string) => {
      const child = { mergeCells: 'mergeCell', dataValidations: 'dataValidation', rowBreaks: 'brk' }[list];
      const count = inner.split(new RegExp(`<${prefix}${child}(?=[\\s/>])`)).length - 1;
      const counted = attributes
        .replace(/(\scount\s*=\s*["'])\d+/, `$1${count}`)
        .replace(/(\smanualBreakCount\s*=\s*["'])\d+/, `$1${count}`);
      return whole.replace(attributes, () => counted);
    },
  );
}

/** By how many rows the first cell of ranges moves. */
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
    if (!isOwn) {
      const isMeant = (text: string) =>
        text.toLowerCase().includes(sheet.name.toLowerCase().replaceAll("'", "''"));
      await workbook.update(other.part, (xml) =>
        shiftOtherSheet(withOwnFormulas(xml, isMeant), other.name, formula),
      );
    }
    for (const { type, target, external } of await workbook.relationships(other.part)) {
      if (external || !workbook.has(target)) continue;
      if (isOwn) await shiftBelonging(workbook, type, target, shift, sheet.name);
      if (type === 'table' && !isOwn)
        await workbook.update(target, (xml) => shiftTexts(xml, formula, target));
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

/** A sheet without shared formulas where one of them is meant: the cells that share it may come to differ. */
function withOwnFormulas(xml: string, isMeant: (formula: string) => boolean): string {
  if (!/\bt\s*=\s*["']shared["']/.test(xml)) return xml;
  const sheet = parseSheet(xml);
  const texts = [...sharedFormulas(sheet).values()].map(({ text }) => text);
  return texts.some(isMeant) ? sheetText(withoutSharing(sheet)) : xml;
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
      const reference = attribute('ref');
      if (reference === undefined) return undefined;
      const shifted = shiftReference(reference, shift, 'even of one row');
      switch (name) {
        case 'table':
          return shifted === undefined ? undefined : { ref: withRow(shifted, attribute('headerRowCount')) };
        case 'autoFilter':
          return shifted === undefined ? undefined : { ref: withRow(shifted, '1') };
        case 'sortState':
        case 'sortCondition':
          return shifted === undefined ? 'drop' : { ref: shifted };
        default:
          return undefined;
      }
    },
    text: (name, text) => (formulaElements.has(name) ? shiftFormula(text, shift, sheet, true) : text),
  });
}

/** The range of a table, with an empty row where it has none below its header: it must have one. */
function withRow(reference: string, headers: string | undefined): string {
  if (headers === '0') return reference;
  return reference.replace(/^([A-Z]+)(\d+):([A-Z]+)\2$/, (_, from: string, row: string, to: string) => {
    return `${from}${row}:${to}${Number(row) + 1}`;
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
