import { describe, expect, test } from 'vitest';
import { appendChild, elementOrder, insertChild } from './element-order.js';

describe('a child goes where the format wants it', () => {
  test.each([
    ['<autoFilter/><pageMargins/></worksheet>', '<autoFilter/>^<pageMargins/></worksheet>'],
    ['</worksheet>', '^</worksheet>'],
    // Nested elements of the same name are not the parent's.
    [
      '<customSheetViews><customSheetView><pageMargins/></customSheetView></customSheetViews><pageMargins/></worksheet>',
      '<customSheetViews><customSheetView><pageMargins/></customSheetView></customSheetViews>^<pageMargins/></worksheet>',
    ],
    [
      '<customSheetViews><customSheetView><pageMargins/></customSheetView></customSheetViews></worksheet>',
      '<customSheetViews><customSheetView><pageMargins/></customSheetView></customSheetViews>^</worksheet>',
    ],
    [
      '<extLst><ext><x14:dataValidations/></ext></extLst></worksheet>',
      '^<extLst><ext><x14:dataValidations/></ext></extLst></worksheet>',
    ],
    [
      '<mc:AlternateContent><mc:Choice><controls/></mc:Choice></mc:AlternateContent></worksheet>',
      '^<mc:AlternateContent><mc:Choice><controls/></mc:Choice></mc:AlternateContent></worksheet>',
    ],
    ['<worksheet><sheetData/><hyperlinks/></worksheet>', '<worksheet><sheetData/>^<hyperlinks/></worksheet>'],
    [
      '<conditionalFormatting sqref="A1"/><hyperlinks/></worksheet>',
      '<conditionalFormatting sqref="A1"/>^<hyperlinks/></worksheet>',
    ],
  ])('%s', (xml, wanted) => {
    const child = '<conditionalFormatting sqref="B1"/>';
    expect(insertChild(xml, 'worksheet', child)).toBe(wanted.replace('^', child));
  });

  test('at the end of an empty element too', () => {
    expect(appendChild('<?xml?><r:Types xmlns="a"/>', 'Types', '<b/>')).toBe(
      '<?xml?><r:Types xmlns="a"><b/></r:Types>',
    );
  });

  test('every list of children has each once', () => {
    for (const order of Object.values(elementOrder)) expect(new Set(order).size).toBe(order.length);
  });
});
