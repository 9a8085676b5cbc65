import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Column, Report } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { sampleReport } from '../testing/sample-report.js';
import { renderTerminal } from './terminal.js';
import { textWidth } from './width.js';

function reportOf(columns: Column[], rows: Cell[][], more: Partial<Report> = {}): Report {
  return {
    title: verbatim('Title'),
    asOf: '2024-06-30',
    currency: 'USD',
    parameters: [],
    tables: [{ name: 'table', title: verbatim('Table'), grain: 'row', columns, rows, notes: [] }],
    notices: [],
    sources: [],
    ...more,
  };
}

function textColumn(name: string): Column {
  return { name, label: verbatim(name), kind: 'text' };
}

const plain = { language: 'en', width: 80, color: false } as const;

describe('renderTerminal', () => {
  for (const language of ['en', 'ru'] as const) {
    for (const width of [80, 120]) {
      it(`renders the sample in ${language} at ${width} columns`, async () => {
        const text = renderTerminal(sampleReport, { language, width, color: false });
        for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
        await expect(text).toMatchFileSnapshot(`terminal.${language}-${width}.golden.txt`);
      });
    }
  }

  it('shrinks, wraps and splits nothing for a pipe', () => {
    const long = 'word '.repeat(100).trim();
    const columns = Array.from({ length: 30 }, (_, index) => textColumn(`column_${index}`));
    const report = reportOf(columns, [columns.map(() => long)], {
      notices: [{ code: 'x', level: 'warning', text: verbatim(long) }],
    });
    for (const width of [0, Number.POSITIVE_INFINITY]) {
      const lines = renderTerminal(report, { ...plain, width }).split('\n');
      expect(lines.filter((line) => line.includes(long))).toHaveLength(2);
      expect(lines).toContain(`! ${long}`);
    }
  });

  it('is never wider than the terminal, whatever is in the table', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'Стоимость привлечения клиента',
        '検索広告のキャンペーン',
        '👩‍👩‍👧‍👦 семья 🇫🇷🇬',
        'a'.repeat(200),
        '\u001b[31mred',
      ),
    );
    const kinds = fc.constantFrom('text', 'money', 'integer', 'percent', 'date', 'boolean') as fc.Arbitrary<
      Column['kind']
    >;
    const number = fc.tuple(fc.bigInt(), fc.nat(99)).map(([whole, cents]) => `${whole}.${cents}`);
    const table = fc
      .array(fc.record({ kind: kinds, label: text }), { minLength: 1, maxLength: 12 })
      .chain((shapes) => {
        const columns = shapes.map(
          ({ kind, label }, index): Column => ({ name: `c${index}`, label: verbatim(label), kind }),
        );
        const cellOf: Partial<Record<Column['kind'], fc.Arbitrary<Cell>>> = {
          text,
          date: text,
          boolean: fc.boolean(),
        };
        const cells = columns.map(({ kind }) => fc.option(cellOf[kind] ?? (number as fc.Arbitrary<Cell>)));
        return fc.record({
          columns: fc.constant(columns),
          rows: fc.array(fc.tuple(...cells), { maxLength: 5 }),
          words: text,
        });
      });
    fc.assert(
      fc.property(
        table,
        fc.integer({ min: 20, max: 130 }),
        fc.boolean(),
        ({ columns, rows, words }, width, color) => {
          const report = reportOf(columns, rows, {
            title: verbatim(words),
            notices: [{ code: 'x', level: 'hint', text: verbatim(words) }],
          });
          const lines = renderTerminal(report, { language: 'ru', width, color }).split('\n');
          expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps every digit of a number that no line can hold', () => {
    const amount = '123456789'.repeat(10);
    const column: Column = { name: 'sum', label: verbatim('Sum'), kind: 'integer' };
    const text = renderTerminal(reportOf([textColumn('name'), column], [['a', amount]]), {
      ...plain,
      width: 40,
    });
    expect(text.replace(/\D/g, '')).toContain(amount);
  });

  it('shortens text before it splits a table, and repeats the first column when it must', () => {
    const name = 'A customer with a name longer than others';
    const money = (count: number) =>
      Array.from(
        { length: count },
        (_, index): Column => ({ name: `m${index}`, label: verbatim(`M${index}`), kind: 'money' }),
      );
    const render = (count: number) =>
      renderTerminal(
        reportOf([textColumn('name'), ...money(count)], [[name, ...money(count).map(() => '76109.30')]]),
        plain,
      );
    expect(render(2)).toContain(name);
    expect(render(5)).toMatch(/A customer .*…( +\$76,109\.30){5}\n/);
    expect(render(12).match(/A customer /g)).toHaveLength(3);
  });

  it('aligns wide letters', () => {
    const lines = renderTerminal(
      reportOf(
        [textColumn('name'), { name: 'n', label: verbatim('N'), kind: 'integer' }],
        [
          ['検索広告', 1],
          ['Яндекс', 22],
          ['plain', 333],
          ['🎉', 4],
        ],
      ),
      plain,
    ).split('\n');
    expect(
      lines
        .slice(4)
        .filter((line) => line !== '')
        .map(textWidth),
    ).toEqual([13, 13, 13, 13, 13, 13]);
  });

  it('shows control characters and escapes instead of obeying them', () => {
    const evil = 'a\u001b[2Jb\u0007c\u009b31md\u202ee\nf\u007f';
    const text = renderTerminal(
      reportOf([textColumn(evil)], [[evil]], {
        title: verbatim(evil),
        parameters: [{ name: 'p', label: verbatim(evil), value: evil }],
        notices: [{ code: 'x', level: 'info', text: verbatim(evil) }],
        sources: [
          {
            file: evil,
            sheet: evil,
            role: evil,
            headerRow: 1,
            rowsRead: 1,
            rowsUsed: 0,
            rowsMerged: 0,
            rowsRejected: 1,
            reasons: [
              {
                code: 'x',
                text: verbatim(evil),
                rows: 1,
                fault: true,
                examples: [{ row: 2, column: evil, value: evil }],
              },
            ],
          },
        ],
      }),
      { ...plain, width: 0 },
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('a␛[2Jb␇c');
  });

  it('paints only when asked to', () => {
    const start = '\u001b[';
    expect(renderTerminal(sampleReport, plain)).not.toContain(start);
    const painted = renderTerminal(sampleReport, { ...plain, color: true });
    expect(painted).toContain(`${start}36m+5.9%${start}39m`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that are taken away
    expect(painted.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(
      renderTerminal(sampleReport, plain),
    );
  });

  it('says that a table is empty, and does without sources and columns', () => {
    expect(renderTerminal(reportOf([textColumn('name')], []), plain)).toBe(
      'Title\nAs of: 2024-06-30 · Currency: USD\n\nTable\nname\n────\n(no rows)\n',
    );
    expect(renderTerminal(reportOf([], [[]]), plain)).toContain('Table');
  });

  it('renders many rows in reasonable time', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => [`Клиент ${index}`, index]);
    const columns: Column[] = [textColumn('name'), { name: 'n', label: verbatim('N'), kind: 'integer' }];
    const text = renderTerminal(reportOf(columns, rows), plain);
    expect(text.split('\n').length).toBeGreaterThan(5_000);
  }, 10_000);
});
