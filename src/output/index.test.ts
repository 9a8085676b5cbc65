import { describe, expect, it } from 'vitest';
import { wholeOf } from '../testing/report.js';
import { sampleReport } from '../testing/sample-report.js';
import { formatFromPath, formats, render } from './index.js';

describe('render', () => {
  it('renders every format', async () => {
    for (const format of formats) {
      const [first, ...others] = await render(format, sampleReport, { language: 'en' });
      expect([first, ...others].reduce((sum, piece) => sum + piece!.length, 0)).toBeGreaterThan(100);
      expect(typeof first === 'string').toBe(format !== 'xlsx');
    }
    const trend = await render('csv', sampleReport, { language: 'en', table: 'trend' });
    expect(wholeOf(trend)).toMatch(/^period,/);
  });
});

describe('formatFromPath', () => {
  it('goes by the extension', () => {
    expect(formatFromPath('a/b.CSV')).toBe('csv');
    expect(formatFromPath('report.xlsx')).toBe('xlsx');
    expect(formatFromPath('report.2024.json')).toBe('json');
    expect(formatFromPath('report.txt')).toBe('table');
    expect(formatFromPath('csv')).toBeUndefined();
    expect(formatFromPath('report.pdf')).toBeUndefined();
  });
});
