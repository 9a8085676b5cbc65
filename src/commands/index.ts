import type { CommandEntry } from './command.js';

/** Every command, in the order of the help; a new one is a file and an entry here. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'metrics',
    summary: 'retention KPIs of a period, exact and explained',
    load: async () => (await import('./metrics.js')).metrics,
  },
  {
    name: 'report',
    summary: 'everything in one workbook or page: KPIs, what changed, trend, segments, quality',
    load: async () => (await import('./report.js')).report,
  },
  {
    name: 'rfm',
    summary: 'customers in segments by recency, frequency and monetary value',
    load: async () => (await import('./rfm.js')).rfm,
  },
  {
    name: 'list',
    summary: 'customers that meet a condition, or a ready-made list',
    load: async () => (await import('./list.js')).list,
  },
  {
    name: 'whatif',
    summary: 'what more retention would bring in 12 months',
    load: async () => (await import('./whatif.js')).whatif,
  },
  {
    name: 'cohorts',
    summary: 'how the customers of each month stay, and when they come back',
    load: async () => (await import('./cohorts.js')).cohorts,
  },
  {
    name: 'forecast',
    summary: 'expected purchases, revenue and LTV of today’s customers',
    load: async () => (await import('./forecast.js')).forecast,
  },
  {
    name: 'churn',
    summary: 'who is leaving, what is at stake, and what speaks for it',
    load: async () => (await import('./churn.js')).churn,
  },
  {
    name: 'validate',
    summary: 'how good the churn risk is on these very data',
    load: async () => (await import('./validate.js')).validate,
  },
  {
    name: 'merge',
    summary: "several managers' copies of a list into one",
    load: async () => (await import('./merge.js')).merge,
  },
  {
    name: 'inspect',
    summary: 'what files hold, and how each column is taken',
    load: async () => (await import('./inspect.js')).inspect,
  },
  {
    name: 'check',
    summary: 'quality of the base: what is missing, doubled, impossible',
    load: async () => (await import('./check.js')).check,
  },
  {
    name: 'people',
    summary: 'customers that are one person, and what that does to the KPIs',
    load: async () => (await import('./people.js')).people,
  },
  {
    name: 'init',
    summary: 'write a retain.yaml for files, with comments',
    load: async () => (await import('./init.js')).init,
  },
];
