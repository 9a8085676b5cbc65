import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import type { Cell, Column, Report } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { wholeOf } from '../testing/report.js';
import { bars, heatColors, heatScale, sparkline } from './chart.js';
import { renderCsv } from './csv.js';
import { renderJson } from './json.js';
import { renderTerminal, type TerminalOptions } from './terminal.js';
import { textWidth } from './width.js';
import { renderXlsx } from './xlsx.js';

const column = (name: string, kind: Column['kind'], more: Partial<Column> = {}): Column => ({
  name,
  label: verbatim(name),
  kind,
  ...more,
});

function reportOf(columns: Column[], rows: Cell[][]): Report {
  return {
    title: verbatim('Charts'),
    asOf: '2024-06-30',
    currency: null,
    parameters: [],
    tables: [{ name: 'table', title: verbatim('Table'), grain: 'row', columns, rows, notes: [] }],
    notices: [],
    sources: [],
  };
}

const barReport = reportOf(
  [column('name', 'text'), column('revenue', 'money', { chart: 'bar' }), column('orders', 'integer')],
  [
    ['a', '200.00', 4],
    ['b', '75.00', 3],
    ['c', '0.01', 2],
    ['d', '0', 1],
    ['e', '-50.00', 1],
    ['f', null, 0],
  ],
);
const heatReport = reportOf(
  [
    column('cohort', 'text'),
    column('p1', 'measure', { unitColumn: 'unit', chart: 'heat', markColumn: 'not_over' }),
    column('p2', 'measure', { unitColumn: 'unit', chart: 'heat', markColumn: 'not_over' }),
    column('unit', 'text', { machineOnly: true }),
    column('not_over', 'text', { machineOnly: true }),
  ],
  [
    ['2024-01', 90, 10, 'integer', null],
    ['2024-02', 50, null, 'integer', 'p1'],
    ['all', 20, 10, 'percent', null],
  ],
);
const wide: TerminalOptions = { language: 'en', width: 60, color: true, manyColors: true };
const tableLines = (report: Report, options: Partial<TerminalOptions> = {}) =>
  renderTerminal(report, { ...wide, ...options })
    .split('\n')
    .slice(3, -1);

describe('bars', () => {
  it('are as long as the share of the highest, and never nothing for something', () => {
    expect(bars(['200.00', 75, '0.01', 0, -50, null])).toEqual(['██████████', '███▊', '▏', '', '', '']);
    expect(bars([])).toEqual([]);
    expect(bars([null, 0])).toEqual(['', '']);
  });

  it('stand beside the figures on a terminal that is wide enough, and nowhere else', () => {
    expect(tableLines(barReport, { color: false })).toEqual([
      'Table',
      'name  revenue              orders',
      '────  ───────  ──────────  ──────',
      'a      200.00  ██████████       4',
      'b       75.00  ███▊             3',
      'c        0.01  ▏                2',
      'd        0.00                   1',
      'e      −50.00                   1',
      'f           —                   0',
    ]);
    for (const width of [32, 0, Number.POSITIVE_INFINITY]) {
      expect(tableLines(barReport, { width, color: false })[3]).toBe('a      200.00       4');
    }
    expect(wholeOf(renderCsv(barReport))).toContain('a,200.00,4\n');
  });
});

describe('sparkline', () => {
  it('goes from the lowest to the highest, with gaps for what is unknown', () => {
    expect(sparkline('0 1 2 3 4 5 6 7')).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline('-5 - 5.5')).toBe('▁ █');
    expect(sparkline('3 3 - 3')).toBe('▄▄ ▄');
    expect(sparkline('- -')).toBe('  ');
  });

  it('is drawn in every output for people, keeps its end where room is short, and is text for programs', () => {
    const line = '1 2 3 4 5 6 7 8 '.repeat(4).trim();
    const report = reportOf(
      [column('kpi', 'text'), column('line', 'text', { chart: 'sparkline' })],
      [['x', line]],
    );
    expect(tableLines(report)[3]).toBe(`x    ${'▁▂▃▄▅▆▇█'.repeat(4)}`);
    expect(tableLines(report, { width: 20 })[3]).toBe(`x    …${'▁▂▃▄▅▆▇█'.repeat(2).slice(-14)}`);
    expect(tableLines(report, { width: 0, color: false })[3]).toBe(`x    ${'▁▂▃▄▅▆▇█'.repeat(4)}`);
    expect(wholeOf(renderCsv(report))).toBe(`kpi,line\nx,${line}\n`);
  });
});

describe('heat map', () => {
  it('shares one scale among all cells of a unit', () => {
    const [table] = heatReport.tables;
    const place = heatScale(table!);
    expect(table!.rows.map((row) => table!.columns.slice(1, 3).map((of) => place(row, of)))).toEqual([
      [1, 0],
      [0.5, null],
      [1, 0],
    ]);
    const level = reportOf([column('p', 'integer', { chart: 'heat' })], [[7], [7]]).tables[0]!;
    expect(heatScale(level)(level.rows[0]!, level.columns[0]!)).toBeNull();
  });

  it('colours whole cells where there are 256 colours, and leaves plain figures elsewhere', () => {
    const painted = tableLines(heatReport);
    const cell = (background: number, text: number, figure: string) =>
      `\u001b[48;5;${background}m\u001b[38;5;${text}m${figure}\u001b[39m\u001b[49m`;
    expect(painted[3]).toBe(`2024-01  ${cell(19, 231, '   90 ')}  ${cell(231, 16, '   10')}`);
    const plain = [
      'Table',
      'cohort       p1     p2',
      '───────  ──────  ─────',
      '2024-01     90      10',
      '2024-02     50*',
      'all      20.0%   10.0%',
    ];
    for (const options of [{ color: false }, { width: 0, color: false }]) {
      expect(tableLines(heatReport, options)).toEqual(plain);
    }
    const fewColors = tableLines(heatReport, { manyColors: false });
    expect(fewColors.slice(3)).toEqual(plain.slice(3));
    expect(painted.slice(3).map(textWidth)).toEqual([22, 15, 22]);
  });

  it('keeps text readable on every colour: contrast of at least 4.5 to 1 (WCAG 2, AA)', () => {
    for (const { background, text } of heatColors) {
      const [light, dark] = [luminance(background), luminance(text)].toSorted((a, b) => b - a);
      expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
    const darkness = heatColors.map(({ background }) => luminance(background));
    expect(darkness).toEqual(darkness.toSorted((a, b) => b - a));
  });
});

/** Relative luminance (WCAG 2) of a colour of the 6 × 6 × 6 cube of 256-colour terminals. */
function luminance(color: number): number {
  const index = color - 16;
  const parts = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map((step) => {
    const part = [0, 95, 135, 175, 215, 255][step]! / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!;
}

describe('a workbook', () => {
  const load = async (report: Report) => {
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load((await renderXlsx(report, 'en')).buffer as ArrayBuffer);
    const sheet = workbook.worksheets[0] as exceljs.Worksheet & {
      conditionalFormattings: { ref: string; rules: exceljs.ConditionalFormattingRule[] }[];
    };
    return { sheet, charts: sheet.conditionalFormattings };
  };

  it('draws bars itself, as equal bytes', async () => {
    const { charts } = await load(barReport);
    expect(charts.map(({ ref, rules }) => [ref, rules[0]!.type])).toEqual([['B2:B7', 'dataBar']]);
    expect(await renderXlsx(barReport, 'en')).toEqual(await renderXlsx(barReport, 'en'));
  });

  it('colours the heat columns by one scale for each unit, and marks figures that stay numbers', async () => {
    const { charts, sheet } = await load(heatReport);
    expect(charts.map(({ ref, rules }) => [ref, rules[0]!.type])).toEqual([
      ['B2:C3', 'colorScale'],
      ['B4:C4', 'colorScale'],
    ]);
    expect([sheet.getCell('B3').value, sheet.getCell('B3').numFmt]).toEqual([50, '#,##0"*"']);
    expect(sheet.getCell('B2').numFmt).toBe('#,##0');
  });
});

it('programs read plain figures', () => {
  expect(wholeOf(renderCsv(heatReport))).toContain('2024-02,50,,integer,p1\n');
  expect(wholeOf(renderJson(heatReport, 'en'))).toContain('"p1": 50, "p2": null');
});
