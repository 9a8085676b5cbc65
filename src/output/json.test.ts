import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Column, Report } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { wholeOf } from '../testing/report.js';
import { sampleReport } from '../testing/sample-report.js';
import { renderJson } from './json.js';

function reportOf(columns: Column[], rows: Cell[][]): Report {
  return {
    ...sampleReport,
    tables: [{ name: 'table', title: verbatim('Table'), grain: 'row', columns, rows, notes: [] }],
  };
}

const money: Column = { name: 'sum', label: verbatim('Sum'), kind: 'money' };

describe('renderJson', () => {
  for (const language of ['en', 'ru'] as const) {
    it(`renders the sample in ${language}`, async () => {
      const json = wholeOf(renderJson(sampleReport, language));
      expect(() => JSON.parse(json)).not.toThrow();
      await expect(json).toMatchFileSnapshot(`json.${language}.golden.txt`);
    });
  }

  it('has the stable shape', () => {
    const parsed = JSON.parse(wholeOf(renderJson(sampleReport, 'en')));
    expect(Object.keys(parsed)).toEqual([
      'title',
      'asOf',
      'currency',
      'parameters',
      'tables',
      'warnings',
      'notes',
      'sources',
    ]);
    expect(parsed.parameters).toEqual({ period: '2024-06', active_days: 200, margin: 0.35 });
    expect(parsed.warnings.map(({ code }: { code: string }) => code)).toEqual(['short_history', 'no_spend']);
    expect(parsed.notes).toEqual([{ code: 'as_of', message: 'The data ends on 2024-06-30.' }]);
    expect(parsed.sources[1].reasons).toEqual([
      {
        reason: 'bad_amount',
        rows: 1,
        fault: true,
        text: 'the amount cannot be read',
        examples: [{ row: 12, column: 'Сумма', value: '12,x' }],
      },
    ]);
  });

  it('gives rows piece by piece, however many', () => {
    for (const count of [0, 1, 999, 1000, 1001, 2500]) {
      const rows = Array.from({ length: count }, (_, i) => [String(i)]);
      const pieces = [...renderJson(reportOf([money], rows), 'en')];
      expect(JSON.parse(pieces.join('')).tables[0].rows).toEqual(rows.map(([sum]) => ({ sum: Number(sum) })));
      expect(pieces.length).toBe(4 + Math.ceil(count / 1000));
    }
  });

  it('writes money digit by digit', () => {
    const json = wholeOf(renderJson(sampleReport, 'en'));
    expect(json).toContain('"value": 76109.30,');
    expect(json).toContain('"spend": 90071992547409.93,');
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
        const amount = `${whole}.${String(cents).padStart(2, '0')}`;
        const expected = amount === '-0.00' ? '0.00' : amount;
        expect(wholeOf(renderJson(reportOf([money], [[amount]]), 'en'))).toContain(`{"sum": ${expected}}`);
      }),
    );
  });

  it('gives back any text, and rounds quotients to four digits', () => {
    const columns: Column[] = [
      { name: 'name', label: verbatim('Name'), kind: 'text' },
      { name: 'rate', label: verbatim('Rate'), kind: 'percent' },
    ];
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        (name, rate) => {
          const [row] = JSON.parse(wholeOf(renderJson(reportOf(columns, [[name, rate]]), 'en'))).tables[0]
            .rows;
          expect(row.name).toBe(name);
          expect(Math.abs(row.rate - rate)).toBeLessThanOrEqual(0.000_050_001);
        },
      ),
    );
  });

  it('has neither NaN nor infinities, and nothing that a terminal would obey', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const ratio: Column = { name: 'ratio', label: verbatim('Ratio'), kind: 'ratio' };
      expect(() => wholeOf(renderJson(reportOf([ratio], [[value]]), 'en'))).toThrow('not a finite number');
    }
    const name: Column = { name: 'name', label: verbatim('Name'), kind: 'text' };
    const json = wholeOf(renderJson(reportOf([name], [['\u001b[31m\u009b\u007f']]), 'en'));
    expect(json).toContain('\\u001b[31m\\u009b\\u007f');
  });
});
