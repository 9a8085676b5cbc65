import { describe, expect, test } from 'vitest';
import { RowShift } from './references.js';
import { shiftAroundRows } from './shift-parts.js';

/** Rows 2 to 5 are a list, of which 3 and 5 are taken out. */
const shift = new RowShift([3, 5], 2, 5, 0);
const shifted = (xml: string) => shiftAroundRows(xml, shift, 'List');

describe('around rows that are taken out', () => {
  test('no list of nothing is left, and counts are right', () => {
    expect(
      shifted(
        '<mergeCells count="1"><mergeCell ref="P3:Q3"/></mergeCells><dataValidations count="1"><dataValidation sqref="C3"/></dataValidations>' +
          '<hyperlinks>\n<hyperlink ref="B5"/>\n</hyperlinks><ignoredErrors><ignoredError sqref="A3"/></ignoredErrors></worksheet>',
      ),
    ).toBe('</worksheet>');
    expect(
      shifted(
        '<mergeCells count="3"><mergeCell ref="P3:Q3"/><mergeCell ref="P4:Q4"/><mergeCell ref="R2:R3"/></mergeCells>' +
          '<rowBreaks count="2" manualBreakCount="2"><brk id="3" max="9"/><brk id="4" max="9"/></rowBreaks>',
      ),
    ).toBe(
      '<mergeCells count="1"><mergeCell ref="P3:Q3"/></mergeCells>' +
        '<rowBreaks count="1" manualBreakCount="1"><brk id="3" max="9"/></rowBreaks>',
    );
  });

  test('formats, validations and sparklines of extensions go with what they are of', () => {
    const format = (cells: string, formula: string) =>
      `<x14:conditionalFormatting><x14:cfRule><xm:f>${formula}</xm:f></x14:cfRule><xm:sqref>${cells}</xm:sqref></x14:conditionalFormatting>`;
    const formats = (...all: string[]) =>
      `<extLst><ext uri="a"><x14:conditionalFormattings>${all.join('')}</x14:conditionalFormattings></ext></extLst>`;
    expect(shifted(formats(format('A3', 'B3'), format('A5 B5', 'B5')))).toBe('');
    expect(shifted(formats(format('A3', 'B3'), format('A4 B5', 'B4')))).toBe(formats(format('A3', 'B3')));
    const line = (cell: string) =>
      `<x14:sparkline><xm:f>List!B4:E4</xm:f><xm:sqref>${cell}</xm:sqref></x14:sparkline>`;
    const group = (...all: string[]) =>
      `<x14:sparklineGroup type="a"><x14:colorLow/><x14:sparklines>${all.join('')}</x14:sparklines></x14:sparklineGroup>`;
    const groups = (...all: string[]) =>
      `<extLst><ext><x14:sparklineGroups>${all.join('')}</x14:sparklineGroups></ext></extLst>`;
    expect(shifted(groups(group(line('F5')), group(line('F3'), line('F4'))))).toBe(
      groups(group(line('F3').replace('B4:E4', 'B3:E3'))),
    );
    expect(shifted(groups(group(line('F5'))))).toBe('');
  });
});
