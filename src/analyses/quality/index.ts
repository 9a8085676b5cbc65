import { amountChecks } from './amounts.js';
import type { QualityCheck } from './check.js';
import { contactChecks } from './contacts.js';
import { customerDateChecks } from './customer-dates.js';
import { customerChecks } from './customers.js';
import { dateChecks } from './dates.js';
import { duplicateChecks } from './duplicates.js';
import { faultyRowsCheck } from './rows.js';

/** Every check, in the order in which a reader would ask; a new one is a line here. */
export const qualityChecks: readonly QualityCheck[] = [
  faultyRowsCheck,
  ...dateChecks,
  ...amountChecks,
  ...customerChecks,
  ...duplicateChecks,
  ...contactChecks,
  ...customerDateChecks,
];
