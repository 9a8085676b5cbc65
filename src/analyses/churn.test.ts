import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../core/errors.js';
import type { Content, Report } from '../core/table.js';
import { temporaryFiles } from '../testing/cli.js';
import { metricsRequest, silent } from '../testing/report.js';
import { type ChurnRequest, churnReport } from './churn.js';
import { rfmOptions, usualRfm } from './rfm/settings.js';
import { type ValidateRequest, validateReport } from './validate.js';

const files = temporaryFiles();
let written = 0;

/** A purchase: customer, day of 2024, amount. */
type Purchase = readonly [customer: number, day: number, amount: number];

function baseOf(purchases: readonly Purchase[]): string {
  const date = (day: number) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
  const lines = purchases.map(
    ([customer, day, amount], index) => `O${index},C${customer},${date(day)},${amount}`,
  );
  return files.write(`base-${written++}.csv`, `order_id,customer_id,date,amount\n${lines.join('\n')}\n`);
}

function churnOf(purchases: readonly Purchase[]): Promise<Report<Content>> {
  const request: ChurnRequest = {
    ...metricsRequest([baseOf(purchases)]),
    horizon: undefined,
    activeDays: 'auto',
    margin: undefined,
    top: undefined,
    minRisk: 0,
    segments: [],
    rfm: rfmOptions(usualRfm),
    currency: undefined,
    isForTerminal: false,
  };
  return churnReport(request, silent);
}

/** A report, or the one-line error where nothing can be held out. */
async function validationOf(purchases: readonly Purchase[]): Promise<Report<Content> | UserError> {
  const request: ValidateRequest = {
    ...metricsRequest([baseOf(purchases)]),
    cutoff: undefined,
    folds: undefined,
    horizon: undefined,
    activeDays: 'auto',
  };
  try {
    return await validateReport(request, silent);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** No cell is a number that is none, and every customer is told of with a risk within 0 to 100. */
function checkCells(report: Report<Content>): void {
  for (const table of report.tables) {
    for (const row of table.rows) {
      expect(row).toHaveLength(table.columns.length);
      row.forEach((cell, index) => {
        if (typeof cell === 'number' && !Number.isFinite(cell))
          throw new Error(`${table.name}.${table.columns[index]!.name} is ${cell}`);
        expect(cell).not.toBe(undefined);
        expect(String(cell)).not.toMatch(/NaN|Infinity/);
      });
    }
  }
  for (const { text } of report.notices)
    expect(`${text.en} ${text.ru}`).not.toMatch(/NaN|Infinity|undefined/);
}

function risks(report: Report<Content>): number[] {
  const table = report.tables.find(({ name }) => name === 'churn_risk')!;
  const column = table.columns.findIndex(({ name }) => name === 'risk');
  return table.rows.map((row) => Number(row[column]));
}

const days = (count: number, of: (index: number) => Purchase): Purchase[] =>
  Array.from({ length: count }, (_, index) => of(index));

describe('degenerate bases have a result, and say what it rests on', () => {
  const cases: readonly (readonly [string, readonly Purchase[], string])[] = [
    ['one customer, one order', [[1, 0, 10]], 'no_past'],
    [
      'one customer, three orders',
      [
        [1, 0, 10],
        [1, 30, 10],
        [1, 60, 10],
      ],
      'few_outcomes',
    ],
    ['all of one day', days(40, (i) => [i, 5, 10 + i]), 'no_past'],
    ['one-time buyers alone', days(200, (i) => [i, i, 10]), 'few_outcomes'],
    ['everybody every week', days(300, (i) => [i % 30, 7 * Math.floor(i / 30), 10]), 'few_outcomes'],
    ['orders of nothing', days(60, (i) => [i % 20, i, 0]), 'few_outcomes'],
    [
      'two days',
      [
        [1, 0, 5],
        [2, 1, 5],
      ],
      'no_past',
    ],
  ];

  test.each(cases)('%s', async (_, purchases, reason) => {
    const report = await churnOf(purchases);
    checkCells(report);
    expect(risks(report)).toHaveLength(new Set(purchases.map(([customer]) => customer)).size);
    for (const risk of risks(report)) expect(risk >= 0 && risk <= 100).toBe(true);
    const notice = report.notices.find(({ code }) => code === 'risk_model')!;
    expect(notice.level).toBe('warning');
    expect(notice.text.en).toContain(
      reason === 'no_past' ? 'without having been tried' : 'too few customers',
    );
    const validation = await validationOf(purchases);
    if (validation instanceof UserError) expect(validation.message).toMatch(/nothing can be held out/);
    else checkCells(validation);
  });
});

test('random small bases: no cell of any table is a number that is none', async () => {
  const purchase = fc.tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 0, max: 400 }).map((day) => Math.floor((day * day) / 400)),
    fc.oneof(fc.integer({ min: 0, max: 500 }), fc.constant(0)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(purchase, { minLength: 1, maxLength: 150, size: 'max' }), async (purchases) => {
      checkCells(await churnOf(purchases));
      const validation = await validationOf(purchases);
      if (!(validation instanceof UserError)) checkCells(validation);
    }),
    { numRuns: 8 },
  );
});
