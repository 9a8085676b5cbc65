import { check } from './check.js';
import { churn } from './churn.js';
import { cohorts } from './cohorts.js';
import type { CommandModule } from './command.js';
import { forecast } from './forecast.js';
import { init } from './init.js';
import { inspect } from './inspect.js';
import { list } from './list.js';
import { merge } from './merge.js';
import { metrics } from './metrics.js';
import { people } from './people.js';
import { report } from './report.js';
import { rfm } from './rfm.js';
import { validate } from './validate.js';
import { whatif } from './whatif.js';

/** Every command; a new one is a file and a line here. */
export const commands: readonly CommandModule[] = [
  metrics,
  report,
  rfm,
  list,
  whatif,
  cohorts,
  forecast,
  churn,
  validate,
  merge,
  inspect,
  check,
  people,
  init,
];
