import { raw, sql } from '../../sql/sql.js';
import type { StagedSource } from '../staging.js';

/** How persons are told. */
export interface IdentityOptions {
  /** Two letters; undefined to find it in the data. */
  readonly country: string | undefined;
  /** The most customers that one e-mail or phone may belong to; one of more joins nobody. */
  readonly sharedLimit: number;
}

/** Whether a source holds anything by which customers could be told to be one person. */
export function hasContacts(staged: StagedSource): boolean {
  return (
    (['email', 'phone', 'person_id'] as const).some((field) => staged.text(field) !== undefined) ||
    idsAreEmails(staged)
  );
}

function idsAreEmails({ recognised: { source, columns } }: StagedSource): boolean {
  const index = columns.customer_id;
  return index !== undefined && source.sample.some((row) => row[index]?.includes('@'));
}

/** Whether a row has no id, and so was named by its contact. */
export const isGuest = raw(
  '(coalesce(customer_id = lower(email), false) or coalesce(customer_id = phone, false))',
);

/**
 * What a row holds its contacts under: the customer id; for a guest the contacts themselves, because one e-mail
 * may come with several phones. Over columns customer_id, email and phone.
 */
export const holderKey = sql`case when ${isGuest}
  then chr(29) || coalesce(lower(email), '') || chr(29) || coalesce(phone, '') else customer_id end`;
