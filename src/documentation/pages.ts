import { jsonSchema } from '../config/schema.js';
import { makeProgram } from '../program.js';
import { cliPage } from './cli-page.js';
import { customersPage } from './customers-page.js';
import { metricsPage } from './metrics-page.js';

/** The pages made from the code, by file name in docs/. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'metrics.md': metricsPage,
  'customers.md': customersPage,
  'cli.md': async () => cliPage(await makeProgram()),
  'retain.schema.json': jsonSchema,
};
