import type { MetricsRequest } from '../analyses/metrics.js';
import type { Cell, Report } from '../core/table.js';
import type { InputRequest } from '../model/session.js';

/** Progress that says nothing. */
export const silent = { step: () => {}, done: () => {} };

/** A request to read some files, with every option at its default but those given. */
export function inputRequest(paths: readonly string[], options: Partial<InputRequest> = {}): InputRequest {
  return {
    files: paths.map((path) => ({ path, settings: {} })),
    columns: [],
    dateOrder: undefined,
    decimal: undefined,
    maxRejectedShare: 0.1,
    asOf: undefined,
    joinPersons: true,
    country: undefined,
    sharedLimit: 5,
    memory: undefined,
    threads: 1,
    temporaryFolder: undefined,
    ...options,
  };
}

/** The same for metrics. */
export function metricsRequest(
  paths: readonly string[],
  options: Partial<MetricsRequest> = {},
): MetricsRequest {
  return {
    ...inputRequest(paths),
    period: undefined,
    from: undefined,
    to: undefined,
    by: undefined,
    activeDays: 'auto',
    margin: undefined,
    currency: undefined,
    ...options,
  };
}

/** One column of table kpis by KPI; money is exact text. */
export function kpiColumn(report: Report, name: string): Record<string, Cell> {
  const table = report.tables.find((candidate) => candidate.name === 'kpis')!;
  const index = table.columns.findIndex((candidate) => candidate.name === name);
  return Object.fromEntries(table.rows.map((row) => [row[0], row[index]!]));
}

/** What a renderer gives piece by piece. */
export function wholeOf(pieces: Iterable<string | Uint8Array>): string {
  return [...pieces].map((piece) => String(piece)).join('');
}
