import { expect, test } from 'vitest';
import { metricsReport } from '../analyses/metrics.js';
import { temporaryFiles } from '../testing/cli.js';
import { metricsRequest, silent } from '../testing/report.js';

const files = temporaryFiles();
const header = 'date,customer,amount\n';
const open = files.write('open.csv', `${header}03/04/2024,a,1\n`);

/** The last day of the data; --max-rejects 0, so that every date was read. */
async function lastDay(...paths: string[]): Promise<string | null> {
  return (await metricsReport(metricsRequest(paths, { maxRejectedShare: 0 }), silent)).asOf;
}

test('a file that does not show the order of day and month is read as others of its layout', async () => {
  const days = files.write('days.csv', `${header}31/03/2024,a,1\n`);
  const months = files.write('months.csv', `${header}02/28/2024,a,1\n`);
  expect(await lastDay(open, days)).toBe('2024-04-03');
  expect(await lastDay(open, months)).toBe('2024-03-04');
  await expect(lastDay(open, days, months)).rejects.toThrow('day and month cannot be told apart');
});

test('another layout says nothing of it', async () => {
  const other = files.write('other.csv', 'amount,date,customer\n1,31/03/2024,a\n');
  await expect(lastDay(open, other)).rejects.toThrow('day and month cannot be told apart');
});
