import { expect, test } from 'vitest';
import { metricsReport } from '../analyses/metrics.js';
import type { Report } from '../core/table.js';
import { temporaryFiles } from '../testing/cli.js';
import { kpiColumn, metricsRequest, silent } from '../testing/report.js';

const files = temporaryFiles();
const orders = files.write(
  'orders.csv',
  'order_id,customer_id,date,amount,channel\n1,a,2024-03-01 10:00,100,Google\n2,a,2024-03-01 18:00,10,Email\n' +
    '3,b,2024-03-05 10:00,1,email \n4,c,2024-04-30 10:00,1,Google\n',
);

async function march(texts: readonly string[], others: readonly string[] = []): Promise<Report> {
  const spend = texts.map((text, index) => files.write(`spend-${index}.csv`, `${text}\n`));
  return metricsReport(metricsRequest([orders, ...others, ...spend], { period: '2024-03' }), silent);
}

const cacOf = async (...texts: string[]) => Number(kpiColumn(await march(texts), 'value').cac);
const channelsOf = (report: Report) => report.tables.find(({ name }) => name === 'cac_by_channel')?.rows;

test('days, months, first days of months and weeks cover what they name', async () => {
  expect(await cacOf('date,spend\n2024-03-02,10\n2024-03-31,20\n2024-04-01,40')).toBe(15);
  expect(await cacOf('month,spend\n2024-03,31\n2024-04,30')).toBe(15.5);
  expect(await cacOf('date,spend\n2024-03-01,31\n2024-04-01,30')).toBe(15.5);
  // 30 of the first week's 70 fall in March: three of its seven days.
  expect(await cacOf('week,spend\n2024-02-26,70\n2024-03-04,70\n2024-03-11,70')).toBe(85);
  expect(await cacOf('from,to,spend\n2024-03-22,2024-04-10,20')).toBe(5);
});

test('the same rows in a second file count once', async () => {
  const table = 'month,channel,spend\n2024-03,Google,100\n2024-03,Google,100\n2024-03,Email,50';
  const report = await march([table, table]);
  expect(kpiColumn(report, 'value').cac).toBe('125.0000');
  expect(report.sources.at(-1)).toMatchObject({ rowsRead: 3, rowsUsed: 0, rowsMerged: 3 });
});

test('the channel is that of the first order, whatever its case', async () => {
  const report = await march(['month,channel,spend\n2024-03,google,100\n2024-03,EMAIL,50']);
  expect(channelsOf(report)).toEqual([
    ['google', '100.0000', 1, '100.0000'],
    ['EMAIL', '50.0000', 1, '50.0000'],
  ]);
});

test('customers tell the channel, and orders where the customers leave it empty', async () => {
  const customers = files.write('customers.csv', 'customer_id,name,channel\na,Ann,Email\nb,Bob,\n');
  const report = await march(['month,channel,spend\n2024-03,Email,50'], [customers]);
  expect(channelsOf(report)).toEqual([['Email', '50.0000', 2, '25.0000']]);
});

test('customers whose ids are none of the orders are warned of', async () => {
  const customers = files.write('others.csv', 'customer_id,name,channel\n1,Ann,Email\n');
  const report = await march(['month,channel,spend\n2024-03,Email,50'], [customers]);
  expect(report.notices.map(({ code }) => code)).toContain('customers_unmatched');
});
