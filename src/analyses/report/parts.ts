import { churnPart } from './churn-part.js';
import { cohortsPart } from './cohorts-part.js';
import { forecastPart } from './forecast-part.js';
import { metricsPart } from './metrics-part.js';
import type { ReportPart } from './part.js';
import { qualityPart } from './quality-part.js';
import { segmentsPart } from './segments-part.js';

/** Every part of a report, in the order of its chapters; a new one is a file and a line here. */
export const reportParts: readonly ReportPart[] = [
  metricsPart,
  segmentsPart,
  cohortsPart,
  forecastPart,
  churnPart,
  qualityPart,
];
