import { insertChild } from './element-order.js';
import type { WorkbookPackage } from './package.js';
import { rewriteXml } from './xml.js';

const formulaCell =
  /<((?:[\w.-]+:)?)c(\s[^>]*)?>(<\1f(?:\s[^>]*)?(?:\/>|>[^<]*<\/\1f\s*>))<\1v(?:\s[^>]*)?>[^<]*<\/\1v\s*>/g;

const hasFormula = /<(?:[\w.-]+:)?f[\s/>]/;

/**
 * Takes the results out of cells with formulas: what they were computed from has changed, and LibreOffice shows old
 * results of files that Excel saved rather than compute them. A cell without one is computed by every program.
 */
export function withoutResults(xml: string): string {
  if (!hasFormula.test(xml)) return xml;
  return xml.replace(
    formulaCell,
    (_, prefix: string, attributes: string | undefined, formula: string) =>
      `<${prefix}c${(attributes ?? '').replace(/\st\s*=\s*(?:"[^"]*"|'[^']*')/, '')}>${formula}`,
  );
}

/**
 * Makes programs compute every formula when they open the workbook, and find out anew which cells have one.
 * @param written a sheet that is dealt with already
 */
export async function forgetResults(workbook: WorkbookPackage, written: string): Promise<void> {
  for (const sheet of await workbook.sheets()) {
    if (sheet.part !== written && workbook.isText(sheet.part))
      await workbook.update(sheet.part, withoutResults);
  }
  // A chain that names a cell without a formula is damage to Excel.
  await workbook.removeRelated('calcChain');
  await workbook.update(workbook.workbookPart, (xml) => {
    if (/<(?:[\w.-]+:)?calcPr[\s/>]/.test(xml)) {
      return rewriteXml(xml, { open: (name) => (name === 'calcPr' ? { fullCalcOnLoad: '1' } : undefined) });
    }
    const prefix = /<((?:[\w.-]+:)?)workbook[\s>]/.exec(xml)?.[1] ?? '';
    return insertChild(xml, 'workbook', `<${prefix}calcPr fullCalcOnLoad="1"/>`);
  });
}
