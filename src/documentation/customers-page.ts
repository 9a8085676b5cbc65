import { type CustomerColumn, customerColumns } from '../analyses/customer-view/columns.js';
import { readyMadeLists } from '../analyses/list/ready-made.js';

const kinds: Partial<Record<CustomerColumn['kind'], string>> = {
  integer: 'number',
  money: 'money',
  ratio: 'number',
  days: 'days',
  boolean: 'yes or no',
};

/** docs/customers.md: the customer view and the ready-made lists. */
export function customersPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return `# The customer view

Made from the code by \`npm run docs\`; a test fails where they differ.

One row per customer: everybody with an order up to the as-of date, and everybody in a file of customers, who may have
none (orders 0, dates and scores unknown). \`retain list\` names these columns in \`--where\`, \`--columns\` and \`--sort\`.

| column | holds | what it is |
| --- | --- | --- |
${customerColumns.map(({ name, kind, description }) => `| \`${name}\` | ${kinds[kind] ?? kind} | ${cell(description.en)} |`).join('\n')}

\`as_of\` is the as-of date, in conditions.

## Ready-made lists

| list | who | condition | order |
| --- | --- | --- | --- |
${readyMadeLists()
  .map(
    ({ name, title, where, sort }) =>
      `| \`${name}\` | ${cell(title.en)} | \`${cell(where)}\` | \`${sort}\` |`,
  )
  .join('\n')}
`;
}
