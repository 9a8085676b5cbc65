import type { Text } from '../../core/text.js';
import { raw, type Sql } from '../../sql/sql.js';

/** Risks from which a band begins, and those who are gone already. */
export const bands = {
  high: { en: 'high', ru: 'высокий' },
  medium: { en: 'medium', ru: 'средний' },
  low: { en: 'low', ru: 'низкий' },
  lost: { en: 'lost', ru: 'потерян' },
} as const satisfies Record<string, Text>;

export const bandBounds = { high: 0.7, medium: 0.4 } as const;

/** The band of a row of table int_risk. */
export const bandOf: Sql = raw(
  `case when lost = 1 then 'lost' when risk >= ${bandBounds.high} then 'high' when risk >= ${bandBounds.medium} then 'medium' else 'low' end`,
);
