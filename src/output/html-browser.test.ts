import { describe, expect, it } from 'vitest';
import { verbatim } from '../core/text.js';
import { chromium, noChromium, withPage } from '../testing/browser.js';
import { temporaryFiles } from '../testing/cli.js';
import { sampleReport } from '../testing/sample-report.js';
import { renderHtml } from './html.js';

const files = temporaryFiles();
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const column = (table: string, index: number) =>
  `[...document.querySelectorAll('#table-${table} tbody tr')].map((row) => row.cells[${index}].textContent)`;

describe.skipIf(chromium === undefined)(`a report in Chromium${noChromium}`, () => {
  for (const [size, { width, height }] of Object.entries(sizes)) {
    it(`complains of nothing, asks for nothing and fits on a ${size}`, async () => {
      const path = files.write(`${size}.html`, await renderHtml(sampleReport, 'ru'));
      await withPage(path, { width, height, dark: size === 'phone' }, async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(await page.evaluate(`getComputedStyle(document.querySelector('.scroll')).overflowX`)).toBe(
          'auto',
        );
        expect(page.complaints).toEqual([]);
        expect(page.requests.filter((address) => !address.startsWith('file:'))).toEqual([]);
        expect(page.requests).toHaveLength(1);
      });
    });
  }

  it('sorts by a click on a header and by keys, what is unknown last', async () => {
    const path = files.write('sorted.html', await renderHtml(sampleReport, 'en'));
    await withPage(path, sizes.desktop, async (page) => {
      const spends = () => page.evaluate(column('cac_by_channel', 1));
      const state = () =>
        page.evaluate(
          `[...document.querySelectorAll('#table-cac_by_channel th')].map((head) => head.getAttribute('aria-sort'))`,
        );
      const first = await spends();
      expect(first[0]).toBe('$20,100.50');
      await page.click('#table-cac_by_channel th:nth-child(2) button');
      expect(await spends()).toEqual(['\u2212$12.50', '$1,250.00', '$20,100.50', '$90,071,992,547,409.93']);
      expect(await state()).toEqual(['none', 'ascending', 'none', 'none']);
      // The header has the focus now: keys go on from there.
      await page.press('Enter');
      expect((await spends())[0]).toBe('$90,071,992,547,409.93');
      expect(await state()).toEqual(['none', 'descending', 'none', 'none']);
      await page.press('Enter');
      expect(await spends()).toEqual(first);
      await page.press('Tab');
      await page.press('Tab');
      await page.press('Enter');
      expect(await page.evaluate(column('cac_by_channel', 3))).toEqual(['$0.00', '$40.32', '$50.25', '—']);
      await page.press('Enter');
      expect(await page.evaluate(column('cac_by_channel', 3))).toEqual(['$50.25', '$40.32', '$0.00', '—']);
      expect(page.complaints).toEqual([]);
    });
  });

  it('leaves rows that sum others up below them, and sorts codes by their place', async () => {
    const values = Object.fromEntries(['high', 'medium', 'low', 'all'].map((code) => [code, verbatim(code)]));
    const path = files.write(
      'totals.html',
      await renderHtml(
        {
          ...sampleReport,
          tables: [
            {
              name: 'bands',
              title: verbatim('Bands'),
              grain: 'band',
              columns: [
                { name: 'band', label: verbatim('Band'), kind: 'text', values },
                { name: 'customers', label: verbatim('Customers'), kind: 'integer' },
              ],
              rows: [
                ['low', 3],
                ['high', 2],
                ['medium', 7],
                ['all', 12],
              ],
              totalRows: 1,
              notes: [],
            },
          ],
        },
        'en',
      ),
    );
    await withPage(path, sizes.desktop, async (page) => {
      const rows = () =>
        page.evaluate(
          `[...document.querySelectorAll('#table-bands tr')].slice(1).map((row) => row.cells[0].textContent)`,
        );
      expect(await rows()).toEqual(['low', 'high', 'medium', 'all']);
      await page.click('#table-bands th:nth-child(1) button');
      expect(await rows()).toEqual(['high', 'medium', 'low', 'all']);
      await page.click('#table-bands th:nth-child(1) button');
      expect(await rows()).toEqual(['low', 'medium', 'high', 'all']);
      await page.click('#table-bands th:nth-child(2) button');
      await page.click('#table-bands th:nth-child(2) button');
      expect(await rows()).toEqual(['medium', 'low', 'high', 'all']);
      expect(page.complaints).toEqual([]);
    });
  });

  it('prints on A4 across', async () => {
    const path = files.write('printed.html', await renderHtml(sampleReport, 'en'));
    await withPage(path, sizes.desktop, async (page) => {
      const pdf = Buffer.from(await page.print()).toString('latin1');
      const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
      expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([842, 595]);
    });
  });
});
