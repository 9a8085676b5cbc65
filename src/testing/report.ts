import type { MetricsRequest } from '../analyses/metrics.js';
import type { Cell, Report } from '../core/table.js';

/** Progress that says nothing. */
export const silent = { step: () => {}, done: () => {} };

/** A request for metrics over some files, with every option at its default but those given. */
export function metricsRequest(
  paths: readonly string[],
  options: Partial<MetricsRequest> = {},
): MetricsRequest {
  return {
    files: paths.map((path) => ({ path, settings: {} })),
    columns: [],
    dateOrder: undefined,
    decimal: undefined,
    maxRejectedShare: 0.1,
    period: undefined,
    from: undefined,
    to: undefined,
    by: undefined,
    asOf: undefined,
    joinPersons: true,
    country: undefined,
    sharedLimit: 5,
    activeDays: 'auto',
    margin: undefined,
    currency: undefined,
    memory: undefined,
    threads: 1,
    temporaryFolder: undefined,
    ...options,
  };
}

/** One column of table kpis by KPI; money is exact text. */
export function kpiColumn(report: Report, name: string): Record<string, Cell> {
  const table = report.tables.find((candidate) => candidate.name === 'kpis')!;
  const index = table.columns.findIndex((candidate) => candidate.name === name);
  return Object.fromEntries(table.rows.map((row) => [row[0], row[index]!]));
}
