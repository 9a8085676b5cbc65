import { describe, expect, test } from 'vitest';
import { fillFormula, RowShift, shiftFormula, shiftReference, shiftReferences } from './references.js';

/** A list in rows 2 to 10: rows 3 and 4 are taken out, five are put in below row 10. */
const shift = new RowShift([3, 4], 2, 10, 5);
const own = (formula: string) => shiftFormula(formula, shift, 'Churn risk', true);
const other = (formula: string) => shiftFormula(formula, shift, 'Churn risk', false);

describe('rows taken out and put in', () => {
  test('rows below follow', () => {
    expect([1, 2, 3, 4, 5, 10, 11].map((row) => shift.row(row))).toEqual([
      1,
      2,
      undefined,
      undefined,
      3,
      8,
      14,
    ]);
    expect(shift.firstInserted).toBe(9);
  });

  test('a range that covers the list grows with it, another does not', () => {
    expect(shiftReference('F2:F10', shift)).toBe('F2:F13');
    expect(shiftReference('F1:F10', shift)).toBe('F1:F13');
    expect(shiftReference('F5:F10', shift)).toBe('F3:F8');
    expect(shiftReference('F2:F12', shift)).toBe('F2:F15');
    expect(shiftReference('F3:F4', shift)).toBeUndefined();
    expect(shiftReference('A2:Z1048576', shift)).toBe('A2:Z1048576');
    expect(shiftReferences('A3 B5:B6', shift)).toBe('B3:B4');
  });

  test('a list without rows begins below its header', () => {
    const first = new RowShift([], 2, 1, 3);
    expect(shiftReference('A2:A1048576', first)).toBe('A2:A1048576');
    expect(shiftReference('A1:C1', first, 'even of one row')).toBe('A1:C4');
    expect(shiftReference('A1:C1', first)).toBe('A1:C1');
    expect(shiftReference('$1:$1', first)).toBe('$1:$1');
  });

  test('a list of which nothing is left', () => {
    const all = new RowShift([2, 3], 2, 3, 2);
    expect(shiftReference('F2:F3', all)).toBe('F2:F3');
    expect(shiftReference('F2:F3', new RowShift([2, 3], 2, 3, 0))).toBeUndefined();
  });
});

describe('formulas', () => {
  test.each([
    ['F5*0.1', 'F3*0.1'],
    ['$F$5+F11', '$F$3+F14'],
    ['SUM(F2:F10)/COUNT(F:F)', 'SUM(F2:F13)/COUNT(F:F)'],
    ['F3', '#REF!'],
    ['"F5"&F5', '"F5"&F3'],
    ['LOG10(F5)+ATAN2(F5,1)', 'LOG10(F3)+ATAN2(F3,1)'],
    ['Table1[F5]+Rate5+F5', 'Table1[F5]+Rate5+F3'],
    ["'Churn risk'!F5+Plan!F5", "'Churn risk'!F3+Plan!F5"],
    ["'[1]Churn risk'!F5", "'[1]Churn risk'!F5"],
    ['5:5', '3:3'],
    ['IF(F5>=1E5,"a",F5)', 'IF(F3>=1E5,"a",F3)'],
    ['Выручка5+F5', 'Выручка5+F3'],
  ])('%s', (before, after) => expect(own(before)).toBe(after));

  test.each([
    ['F5', 'F5'],
    ["'churn risk'!F5", "'churn risk'!F3"],
    ["SUM('Churn risk'!F2:F10)", "SUM('Churn risk'!F2:F13)"],
    ["'It''s'!A5", "'It''s'!A5"],
  ])('of another sheet: %s', (before, after) => expect(other(before)).toBe(after));

  test('filled into other cells', () => {
    expect(fillFormula('F2*$F2+F$2+$F$2', 3, 1)).toBe('G5*$F5+G$2+$F$2');
    expect(fillFormula('SUM(F2:G2)&"F2"', 1, 0)).toBe('SUM(F3:G3)&"F2"');
    expect(fillFormula('F2', -2, 0)).toBe('#REF!');
  });
});
