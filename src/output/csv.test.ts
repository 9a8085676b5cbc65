import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Column, Report } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { wholeOf } from '../testing/report.js';
import { sampleReport } from '../testing/sample-report.js';
import { renderCsv } from './csv.js';

function reportOf(columns: Column[], rows: Cell[][], currency: string | null = null): Report {
  return {
    ...sampleReport,
    currency,
    tables: [{ name: 'table', title: verbatim('Table'), grain: 'row', columns, rows, notes: [] }],
  };
}

const text: Column = { name: 'name', label: verbatim('Name'), kind: 'text' };

describe('renderCsv', () => {
  it('writes the first table with the columns for programs', () => {
    expect(wholeOf(renderCsv(sampleReport))).toBe(
      [
        'kpi,value,previous,change,year_ago,unit,reason',
        'cac,41.20,38.90,5.9126,,money,',
        'aov,76109.30,80112.75,-4.9972,65000.00,money,',
        'ltv,187.60,187.60,0,,money,',
        'retention_rate,89.4,87.6,1.8,91.25,percent,',
        'churn_rate,10.6,12.4,-1.8,8.75,percent,',
        'new_customers,1204,1204,0,987,integer,',
        'ltv_to_cac,3.1049,3,3.4967,,ratio,',
        'payback,,,,,months,no_spend',
        'cadence,41,44,-6.8182,39,days,',
        '',
      ].join('\n'),
    );
  });

  it('writes a table by name, and names the others when there is none such', () => {
    const csv = wholeOf(renderCsv(sampleReport, { table: 'cac_by_channel' }));
    expect(csv).toContain('\n"Newsletter, spring",90071992547409.93,381,0.00\n');
    expect(csv).toContain(`\n"'=HYPERLINK(""http://example.com"")",-12.50,0,\n`);
    expect(() => wholeOf(renderCsv(sampleReport, { table: 'x' }))).toThrow("no table 'x'");
  });

  it('leaves phones as they are, where they are no formula', () => {
    const phones = [
      '+7 900 000-00-00',
      '+79000000000',
      '+7 (900) 000-00-00',
      '+380 44 123 45 67',
      '+1 (212)555-01-00',
    ];
    const others = [
      '+7-900-000-00-00',
      '+1+1',
      '+7 900 cmd',
      '+79000000000+1',
      '+12 34',
      '+7 900 000-00-00*1',
    ];
    const written = wholeOf(
      renderCsv(
        reportOf(
          [text],
          [...phones, ...others].map((name) => [name]),
        ),
      ),
    ).split('\n');
    expect(written.slice(1, -1)).toEqual([...phones, ...others.map((name) => `'${name}`)]);
  });

  it('keeps text from being run as a formula, but not numbers from being negative', () => {
    const money: Column = { name: 'sum', label: verbatim('Sum'), kind: 'money' };
    const rows: Cell[][] = ['=1+1', '+7 999', '-x', '@a', '\tb', '\rc', "'d", 'e=f'].map((name) => [
      name,
      '-1',
    ]);
    const names = parse(wholeOf(renderCsv(reportOf([text, money], rows))), { columns: true }) as {
      name: string;
      sum: string;
    }[];
    expect(names.map(({ name }) => name)).toEqual([
      "'=1+1",
      "'+7 999",
      "'-x",
      "'@a",
      "'\tb",
      "'\rc",
      "'d",
      'e=f',
    ]);
    expect(new Set(names.map(({ sum }) => sum))).toEqual(new Set(['-1.00']));
  });

  it('rounds money to the digits of its currency', () => {
    const money: Column = { name: 'sum', label: verbatim('Sum'), kind: 'money' };
    expect(wholeOf(renderCsv(reportOf([money], [['1.2345']], 'KWD')))).toBe('sum\n1.235\n');
    expect(wholeOf(renderCsv(reportOf([money], [['1.5']], 'JPY')))).toBe('sum\n2\n');
    expect(wholeOf(renderCsv(reportOf([money], [[null]])))).toBe('sum\n""\n');
  });

  it('is read back by a CSV reader as it was', () => {
    const safeText = fc.string({ unit: 'grapheme' }).filter((value) => !/^[=+\-@\t\r\ufeff]/.test(value));
    fc.assert(
      fc.property(fc.array(fc.tuple(safeText, safeText), { minLength: 1 }), (rows) => {
        const csv = wholeOf(renderCsv(reportOf([text, { ...text, name: 'other' }], rows)));
        expect(parse(csv, { from: 2, record_delimiter: '\n' })).toEqual(rows);
      }),
    );
  });
});
