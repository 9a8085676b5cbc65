import { check } from './check.js';
import { churn } from './churn.js';
import type { CommandModule } from './command.js';
import { forecast } from './forecast.js';
import { init } from './init.js';
import { inspect } from './inspect.js';
import { metrics } from './metrics.js';
import { people } from './people.js';
import { rfm } from './rfm.js';
import { validate } from './validate.js';

/** Every command; a new one is a file and a line here. */
export const commands: readonly CommandModule[] = [
  metrics,
  rfm,
  forecast,
  churn,
  validate,
  inspect,
  check,
  people,
  init,
];
