import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Cell, Column, Report } from '../core/table.js';
import { verbatim } from '../core/text.js';
import { sampleReport } from '../testing/sample-report.js';
import { renderHtml } from './html.js';
import { heatStep, heatSteps } from './html-style.js';

function reportOf(columns: Column[], rows: Cell[][]): Report {
  return {
    ...sampleReport,
    tables: [{ name: 'table', title: verbatim('Table'), grain: 'row', columns, rows, notes: [] }],
  };
}

function column(kind: Column['kind'], more: Partial<Column> = {}): Column {
  return { name: kind, label: verbatim(kind), kind, ...more };
}

/** The cells of the first table: their classes, their key for sorting and what is shown. */
function cells(html: string): { classes: string[]; key: string | undefined; shown: string }[] {
  const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(html)?.[1] ?? '';
  return [...body.matchAll(/<td(?: class="([^"]*)")?(?: data-v="([^"]*)")?>(.*?)<\/td>/g)].map(
    ([, classes = '', key, shown = '']) => ({ classes: classes.split(' ').sort(), key, shown }),
  );
}

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '&lt;b&gt; &amp;',
  '</title></style></table>',
  '<!-- -->',
  'a\u0000b\u001b[31m\u202ec',
];

describe('renderHtml', () => {
  it('shows figures, money and dates as the language writes them', async () => {
    const columns = [column('money'), column('percent'), column('date'), column('integer')];
    const rows: Cell[][] = [['1234567.8', 12.34, '2024-06-30', 12_000]];
    const report = reportOf(columns, rows);
    expect(cells(await renderHtml(report, 'en'))).toEqual([
      { classes: ['n'], key: '1234567.8', shown: '$1,234,567.80' },
      { classes: ['n'], key: '12.34', shown: '12.3%' },
      { classes: ['d'], key: '2024-06-30', shown: '2024-06-30' },
      { classes: ['n'], key: '12000', shown: '12,000' },
    ]);
    expect(cells(await renderHtml(report, 'ru')).map(({ shown }) => shown.replaceAll('\u00a0', ' '))).toEqual(
      ['1 234 567,80 $', '12,3 %', '30.06.2024', '12 000'],
    );
  });

  it('shows what is unknown as such, and no key for it', async () => {
    const [cell] = cells(await renderHtml(reportOf([column('money')], [[null]]), 'en'));
    expect(cell).toEqual({ classes: ['n', 'u'], key: undefined, shown: '—' });
  });

  it('lets text be nothing but text, wherever it stands', async () => {
    for (const text of hostile) {
      const report: Report = {
        ...reportOf(
          [column('text', { label: verbatim(text), description: verbatim(text), name: text })],
          [[text]],
        ),
        title: verbatim(text),
        parameters: [{ name: 'p', label: verbatim(text), value: text }],
        notices: [{ code: 'n', level: 'warning', text: verbatim(text) }],
        sources: [{ ...sampleReport.sources[0]!, file: text, sheet: text, role: text }],
      };
      const harmless = reportOf([column('text')], [['x']]);
      const tags = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<script>[\s\S]*?<\/script>/g, '');
      const count = (html: string) => [...tags(html).matchAll(/<(script|img|style|!--|b)\b/g)].length;
      const html = await renderHtml(report, 'en');
      expect(count(html), text).toBe(count(await renderHtml(harmless, 'en')));
      // No attribute but those that we write.
      expect(tags(html).replace(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+/);
      expect(html).not.toContain('\u202e');
      expect(html).not.toContain('\u001b');
    }
  });

  it('lets nothing be loaded, and nothing run but its own script', async () => {
    const html = await renderHtml(sampleReport, 'en');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const hash = (tag: string) => {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)![1]!;
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash('style')}`,
      `script-src ${hash('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html).not.toMatch(/\sstyle=|<link|<img|<iframe|url\(|@import|src=|href="[^#]/);
  });

  it('draws bars, heat and sparklines without figures that are not there', async () => {
    const bar = cells(
      await renderHtml(reportOf([column('integer', { chart: 'bar' })], [[50], [200], [0], [null]]), 'en'),
    );
    expect(bar.map(({ classes }) => classes)).toEqual([
      ['bar', 'n', 'w25'],
      ['bar', 'n', 'w100'],
      ['n'],
      ['n', 'u'],
    ]);
    const heat = cells(
      await renderHtml(reportOf([column('percent', { chart: 'heat' })], [[0], [50], [100], [null]]), 'en'),
    );
    expect(heat.map(({ classes }) => classes)).toEqual([
      ['h0', 'n'],
      ['h4', 'n'],
      ['h8', 'n'],
      ['n', 'u'],
    ]);
    const [line] = cells(
      await renderHtml(reportOf([column('text', { chart: 'sparkline' })], [['1 2 - 4 5']]), 'en'),
    );
    expect(line!.shown).toMatch(/^<svg viewBox="0 0 96 20" role="img" aria-label="1 2 - 4 5"><path d="/);
    expect(line!.shown.match(/M/g)).toHaveLength(2);
  });

  it('marks which way a change goes', async () => {
    const unit = column('text', { name: 'unit', machineOnly: true });
    const change = column('change', { unitColumn: 'unit' });
    const shown = cells(
      await renderHtml(
        reportOf(
          [change, unit],
          [
            [2, 'percent'],
            [-2, 'money'],
            [0, 'money'],
          ],
        ),
        'en',
      ),
    );
    expect(shown.map(({ classes, shown }) => [...classes, shown])).toEqual([
      ['n', 'up', '+2.0\u00a0pp'],
      ['down', 'n', '\u22122.0%'],
      ['n', '0.0%'],
    ]);
  });

  it('says so where a table is empty, and refuses one that no browser could show', async () => {
    expect(await renderHtml(reportOf([column('text')], []), 'ru')).toContain('(нет строк)');
    const rows = Array.from({ length: 100_001 }, (): Cell[] => [1]);
    await expect(renderHtml(reportOf([column('integer')], rows), 'en')).rejects.toThrow('100001 rows');
  });

  it('has text on heat that can be read', async () => {
    const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const luminance = (color: string) => {
      const full = color.length === 4 ? color.replace(/[^#]/g, '$&$&') : color;
      const [r, g, b] = [1, 3, 5].map((at) => channel(Number.parseInt(full.slice(at, at + 2), 16) / 255));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    for (const { background, text } of heatSteps) {
      const [dark, light] = [luminance(background), luminance(text)].sort((a, b) => a - b);
      expect((light! + 0.05) / (dark! + 0.05), background).toBeGreaterThan(4.5);
    }
    expect([heatStep(0), heatStep(1)]).toEqual([0, heatSteps.length - 1]);
  });

  it('gives the same bytes for the same report', async () => {
    expect(await renderHtml(sampleReport, 'ru')).toBe(await renderHtml(sampleReport, 'ru'));
  });
});
