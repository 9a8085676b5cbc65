/** What may be asked of cohorts; without imports, because the command line needs it for its help. */

/** Calendar periods that cohorts are made by. */
export const cohortSteps = ['week', 'month', 'quarter', 'year'] as const;
export type CohortStep = (typeof cohortSteps)[number];

/** What the cells of a cohort table hold. */
export const cohortMeasures = ['share', 'customers', 'orders', 'revenue', 'ltv'] as const;
export type CohortMeasure = (typeof cohortMeasures)[number];

/** What customers may be divided by. */
export const cohortSplits = ['channel', 'segment', 'manager', 'sex', 'subscription'] as const;
export type CohortSplit = (typeof cohortSplits)[number];
