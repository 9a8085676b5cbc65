import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRecord, RecordSplitter, splitRecords } from './records.js';

const semicolons = { delimiter: ';', backslash: false };
const cellsOf = (text: string, format = semicolons): string[][] =>
  splitRecords(text, format, true, Number.POSITIVE_INFINITY).map((record) => record.cells);

describe('records', () => {
  const cases: [what: string, text: string, rows: string[][]][] = [
    ['plain', 'a;b\n1;2\n', [['a', 'b'], ['1', '2']]], // biome-ignore format: a table
    ['no last line end', 'a;b\n1;2', [['a', 'b'], ['1', '2']]], // biome-ignore format: a table
    ['every line end', 'a\r\nb\nc\rd', [['a'], ['b'], ['c'], ['d']]],
    ['blank lines and empty cells', 'a;\n\n;b\n', [['a', ''], [''], ['', 'b']]],
    ['quotes', '"a;1";"b ""x"""\n"line\nbreak";""\n', [['a;1', 'b "x"'], ['line\nbreak', '']]], // biome-ignore format: a table
    ['a stray quote inside a field', '5" pipe;1\n2;3\n', [['5" pipe', '1'], ['2', '3']]], // biome-ignore format: a table
    ['a quoted part', '"Rose" Ltd;1\n2;3\n', [['"Rose" Ltd', '1'], ['2', '3']]], // biome-ignore format: a table
    ['quotes within quotes', '"say "hi" now";1\n', [['say "hi" now', '1']]],
    ['spaces around quotes', 'x; "a;b" ;1\n', [['x', 'a;b', '1']]],
    ['a backslash before the end', '"C:\\";1\n', [['C:\\', '1']]],
  ];
  test.each(cases)('%s', (_what, text, rows) => {
    expect(cellsOf(text)).toEqual(rows);
  });

  test('backslashes before quotes', () => {
    const text = '"5\\" pipe";"C:\\\\"\n"a;\\"b\\"";1\n';
    expect(cellsOf(text, { ...semicolons, backslash: true })).toEqual([
      ['5" pipe', 'C:\\'],
      ['a;"b"', '1'],
    ]);
    expect(splitRecords(text, semicolons, true, 10).some((record) => record.hasBackslash)).toBe(true);
  });

  test('a quote that is never closed', () => {
    const [, second] = splitRecords('a;b\n1;"2\n3;4\n', semicolons, true, 10);
    expect(second).toMatchObject({ isOpen: true });
    expect(splitRecords('a;b\n1;"2\n3;4\n', semicolons, false, 10)).toHaveLength(1);
  });

  test('pieces of any size give what the whole text gives', () => {
    const character = fc.constantFrom(';', '"', '\n', '\r', '\\', ' ', 'a');
    fc.assert(
      fc.property(
        fc.array(character),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (characters, size, backslash) => {
          const format = { delimiter: ';', backslash };
          const text = characters.join('');
          const splitter = new RecordSplitter(format);
          const found: CsvRecord[] = [];
          for (let at = 0; at < text.length; at += size)
            found.push(...splitter.push(text.slice(at, at + size)));
          found.push(...splitter.end());
          expect(found).toEqual(splitRecords(text, format, true, Number.POSITIVE_INFINITY));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('what is written as CSV is read as it was', () => {
    const cell = fc.string({ unit: fc.constantFrom(';', '"', '\n', '\r', 'a', '\\') });
    const field = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => `${row.map(field).join(';')}\r\n`).join('');
        expect(cellsOf(text)).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });
});
