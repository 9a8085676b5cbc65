import { localName, visitXml } from './xml.js';

/** The order that the format (ECMA-376, part 1, 18) gives to the children of an element. */
export const elementOrder = {
  worksheet: [
    'sheetPr',
    'dimension',
    'sheetViews',
    'sheetFormatPr',
    'cols',
    'sheetData',
    'sheetCalcPr',
    'sheetProtection',
    'protectedRanges',
    'scenarios',
    'autoFilter',
    'sortState',
    'dataConsolidate',
    'customSheetViews',
    'mergeCells',
    'phoneticPr',
    'conditionalFormatting',
    'dataValidations',
    'hyperlinks',
    'printOptions',
    'pageMargins',
    'pageSetup',
    'headerFooter',
    'rowBreaks',
    'colBreaks',
    'customProperties',
    'cellWatches',
    'ignoredErrors',
    'smartTags',
    'drawing',
    'legacyDrawing',
    'legacyDrawingHF',
    'drawingHF',
    'picture',
    'oleObjects',
    'controls',
    'webPublishItems',
    'tableParts',
    'extLst',
  ],
  workbook: [
    'fileVersion',
    'fileSharing',
    'workbookPr',
    'workbookProtection',
    'bookViews',
    'sheets',
    'functionGroups',
    'externalReferences',
    'definedNames',
    'calcPr',
    'oleSize',
    'customWorkbookViews',
    'pivotCaches',
    'smartTagPr',
    'smartTagTypes',
    'webPublishing',
    'fileRecoveryPr',
    'webPublishObjects',
    'extLst',
  ],
  styleSheet: [
    'numFmts',
    'fonts',
    'fills',
    'borders',
    'cellStyleXfs',
    'cellXfs',
    'cellStyles',
    'dxfs',
    'tableStyles',
    'colors',
    'extLst',
  ],
} as const satisfies Record<string, readonly string[]>;

/**
 * Puts a child into an element where the format wants it, behind those of its name.
 * @param xml a document, or its end from somewhere within the parent
 */
export function insertChild(xml: string, parent: keyof typeof elementOrder, child: string): string {
  const order: readonly string[] = elementOrder[parent];
  const name = localName(/^<([^\s/>]+)/.exec(child)![1]!);
  const followers = order.slice(order.indexOf(name) + 1);
  let before: number | undefined;
  /** Where the last element began that holds such children for programs to choose from. */
  let choice = 0;
  visitXml(xml, (element, _, path, at) => {
    const within = path[0] === parent ? path.slice(1).join('/') : path.join('/');
    if (within === '' && element === 'AlternateContent') choice = at;
    if (before !== undefined || !followers.includes(element)) return undefined;
    if (within === '') before = at;
    else if (within === 'AlternateContent/Choice') before = choice;
    return undefined;
  });
  return before === undefined
    ? appendChild(xml, parent, child)
    : xml.slice(0, before) + child + xml.slice(before);
}

/** Puts a child at the end of the element that a document or its end closes with. */
export function appendChild(xml: string, parent: string, child: string): string {
  const closing = new RegExp(`</(?:[\\w.-]+:)?${parent}\\s*>\\s*$`).exec(xml);
  if (closing !== null) return xml.slice(0, closing.index) + child + xml.slice(closing.index);
  const empty = new RegExp(`<((?:[\\w.-]+:)?${parent})((?:\\s[^<>]*?)?)\\s*/>\\s*$`).exec(xml);
  if (empty === null) throw new Error(`no place for ${child.slice(0, 40)} in ${parent}`);
  return `${xml.slice(0, empty.index)}<${empty[1]}${empty[2]}>${child}</${empty[1]}>`;
}
