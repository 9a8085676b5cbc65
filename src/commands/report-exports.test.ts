import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workbook } from 'exceljs';
import { beforeAll, describe, expect, test } from 'vitest';
import { chromium, noChromium, withPage } from '../testing/browser.js';
import { checkAccounts, type Json, projectRoot, retain, temporaryFiles } from '../testing/cli.js';
import {
  checkDefinitions,
  compareNumbers,
  readWorkbook,
  textsOfOptions,
} from '../testing/report-workbook.js';

const files = temporaryFiles();

describe.each([
  ['online_retail_II_small.xlsx', 'ru'],
  ['cdnow_purchases.csv', 'en'],
])('a report on %s in %s', (name, language) => {
  const path = join(projectRoot, '../shared/data', name);
  const isThere = existsSync(path);

  describe.skipIf(!isThere)(isThere ? 'written' : 'skipped: ../shared/data is not here', () => {
    let workbook: Workbook;
    let report: Json;
    const page = files.path(`${name}.html`);

    beforeAll(async () => {
      const write = async (out: string) => {
        const given = ['report', path, '--lang', language, '--out', out, '--quiet'];
        expect(await retain(given)).toEqual({ code: 0, stdout: '', stderr: '' });
        return out;
      };
      workbook = await readWorkbook(await write(files.path(`${name}.xlsx`)));
      report = JSON.parse(readFileSync(await write(files.path(`${name}.json`)), 'utf8'));
      await write(page);
    }, 120_000);

    test('every number in the workbook is that of --json, and has its definition', () => {
      expect(compareNumbers(workbook, report)).toBeGreaterThan(1000);
      checkDefinitions(workbook, report);
      checkAccounts(report);
    });

    test('what is said says nothing of options', () => expect(textsOfOptions(workbook)).toEqual([]));

    test.skipIf(chromium === undefined)(
      `the page is quiet, fits a phone and sorts${noChromium}`,
      async () => {
        await withPage(page, { width: 390, height: 844 }, async (open) => {
          expect(await open.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
          const stakes = () =>
            open.evaluate(
              `[...document.querySelectorAll('#table-churn_risk tbody tr')].map((row) => Number(row.cells[1].dataset.v))`,
            );
          const before = await stakes();
          await open.click('#table-churn_risk th:nth-child(2) button');
          expect(await stakes()).toEqual(before.toSorted((a: number, b: number) => a - b));
          expect(open.complaints).toEqual([]);
          expect(open.requests).toHaveLength(1);
        });
      },
    );
  });
});
