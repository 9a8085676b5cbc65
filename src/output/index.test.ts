import { describe, expect, it } from 'vitest';
import { sampleReport } from '../testing/sample-report.js';
import { formatFromPath, formats, render } from './index.js';

describe('render', () => {
  it('renders every format', async () => {
    for (const format of formats) {
      const output = await render(format, sampleReport, { language: 'en' });
      expect(output.length).toBeGreaterThan(100);
      expect(typeof output === 'string').toBe(format !== 'xlsx');
    }
    expect(await render('csv', sampleReport, { language: 'en', table: 'trend' })).toMatch(/^period,/);
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
