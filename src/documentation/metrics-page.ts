import { ltvPredicted } from '../analyses/forecast/ltv-kpi.js';
import { kpis, reasons } from '../analyses/kpi.js';

const units: Record<string, string> = {
  money: 'money',
  integer: 'count',
  percent: 'percent, 0-100',
  ratio: 'ratio',
  months: 'months',
  days: 'days',
};

/** docs/metrics.md: every KPI as the code defines it. */
export function metricsPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return `# Metrics

Made from the code by \`npm run docs\`; a test fails where they differ.

S and E are the active customers at the start and the end of the period, N those gained in it. E = S − lost + N
holds exactly and is checked on every run. How orders, customers, periods and the activity window are read is
in [the guide](guide.md); the choices behind are in [decisions](decisions.md).

| id | name | unit | formula |
| --- | --- | --- | --- |
${[...kpis, ltvPredicted].map(({ id, label, unit, formula }) => `| \`${id}\` | ${cell(label.en)} | ${units[unit]} | ${cell(formula.en)} |`).join('\n')}

## Why a value is empty

A value that is not defined or not available is an empty cell, null in JSON, with a \`reason\`:

| reason | meaning |
| --- | --- |
${Object.entries(reasons)
  .map(([code, text]) => `| \`${code}\` | ${cell(text.en)} |`)
  .join('\n')}
`;
}
