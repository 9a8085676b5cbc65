import type { SourceAccount } from '../../core/table.js';
import { fates } from '../../model/fate.js';
import { raw } from '../../sql/sql.js';
import { type QualityCheck, units } from './check.js';

/** Customer rows that name a customer. */
export const customerRows = raw(
  `select * from stg_customer_rows where fate in (${fates.used}, ${fates.merged}) and customer_id is not null`,
);

const faults = (account: SourceAccount) =>
  account.reasons.filter(({ fault }) => fault).reduce((sum, { rows }) => sum + rows, 0);

/** Rows that could not be read. */
export const faultyRowsCheck: QualityCheck = {
  name: 'faulty_rows',
  severity: 'error',
  title: { en: 'Rows that cannot be used', ru: 'Строки, которые нельзя использовать' },
  unit: units.rows,
  advice: {
    en: 'They are missing from every figure. The reasons stand under Sources; --rejects FILE writes all of them with the place of each.',
    ru: 'Их нет ни в одном показателе. Причины в разделе «Источники»; --rejects FILE записывает все строки с их местом.',
  },
  missing: () => undefined,
  run: async ({ staged: { accounts } }) => ({
    count: accounts.reduce((sum, account) => sum + faults(account), 0),
    of: accounts.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    examples: [],
  }),
};
