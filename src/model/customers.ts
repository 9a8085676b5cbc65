import type { LoadingEngine } from '../engines/loader.js';
import {
  consentWords,
  endedSubscriptionStems,
  type Field,
  runningSubscriptionStems,
  sexWords,
} from '../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { fates } from './fate.js';
import { contactTexts, customerKey } from './identity/customer-key.js';
import { holderKey } from './identity/holders.js';
import { repeatsHeader } from './repeated-header.js';
import { rowNumber, type StagedSource } from './staging.js';
import { isTotalRow } from './total-rows.js';
import { wordList } from './words.js';

export const customerFields: readonly Field[] = [
  'customer_id',
  'email',
  'phone',
  'person_id',
  'registered',
  'channel',
  'subscription_status',
  'subscription_price',
  'subscription_start',
  'cancelled_on',
];
export const customerDateFields: readonly Field[] = [
  'registered',
  'subscription_start',
  'cancelled_on',
  'birthday',
  'last_contact',
  'bonus_expires',
];
/** Read besides where persons are listed. */
export const customerNameFields: readonly Field[] = ['name', 'last_name'];
/** Read besides where customers are listed with all that is known of them, or their quality is asked for. */
export const customerDetailFields: readonly Field[] = [
  ...customerNameFields,
  'sex',
  'birthday',
  'last_contact',
  'manager',
  'preferred_channel',
  'consent',
  'bonus',
  'bonus_expires',
  'cancellation_reason',
];

/** Whether a source tells who is subscribed, and from when to when. */
export function hasSubscriptions(staged: StagedSource): boolean {
  return staged.text('subscription_status') !== undefined || staged.text('cancelled_on') !== undefined;
}

/**
 * Makes table stg_customer_rows, one row per input row: source_id, row_number, fate, customer_id, channel,
 * registered_on, subscription_*, is_subscription (the row tells of one), is_ended and is_running (by its status), and as they are written written_id (of the customer), email, phone, person_key, name;
 * what is not read is null.
 */
export async function stageCustomers(engine: LoadingEngine, sources: readonly StagedSource[]): Promise<void> {
  const rows = join(
    sources.map((staged) => customerRows(staged)),
    ' union all ',
  );
  // Which row of a customer comes first decides, so rows are numbered as they stand in the file.
  await engine.loader.inFileOrder(() => engine.run(sql`create table stg_customer_rows as ${rows}`));
}

/** Gives customer rows the persons of table int_persons; rows that name nobody do not count. */
export async function renameCustomers(engine: LoadingEngine): Promise<void> {
  await engine.run(sql`
    update stg_customer_rows set customer_id = p.person_id,
      fate = case when p.person_id is null and fate = ${raw(String(fates.used))}
        then ${raw(String(fates.no_customer_id))} else fate end
    from int_persons p where p.holder_key = ${holderKey}`);
}

/**
 * Merges rows that say the same of one customer, and makes table stg_customers, one row per customer:
 * customer_id, channel and, where asked for, the columns of `details`; what an earlier row leaves empty a later
 * one fills.
 */
export async function mergeCustomers(
  engine: LoadingEngine,
  { keepDetails }: { readonly keepDetails: boolean },
): Promise<void> {
  await engine.run(sql`
    update stg_customer_rows set fate = ${raw(String(fates.merged))}
    where fate = ${raw(String(fates.used))} and rowid in (
      select line from (
        select rowid as line, row_number() over (
          partition by customer_id, is_subscription, subscription_start, cancelled_on order by source_id, row_number, rowid) as copy_number
        from stg_customer_rows where fate = ${raw(String(fates.used))}
      ) as numbered where copy_number > 1)`);
  await engine.run(sql`
    create table stg_customers as
    select customer_id, ${firstOf('channel')}${keepDetails ? sql`, ${details}` : raw('')}
    from stg_customer_rows
    where fate in (${raw(`${fates.used}, ${fates.merged}`)}) group by customer_id`);
}

/** The value of the first row of a customer that has one, by the order of sources and rows. */
function firstOf(column: string): Sql {
  return raw(
    `arg_min(${column}, source_id * 4294967296 + row_number) filter (where ${column} is not null) as ${column}`,
  );
}

/** The value of the row of a customer's current subscription, else of the one that began last. */
function ofSubscription(column: string): Sql {
  const isSubscription =
    'subscription_status is not null or subscription_start is not null or cancelled_on is not null';
  // A tuple compares by its first part that differs; the earliest of equal rows comes first.
  const rank = `(cancelled_on is null and not is_ended, coalesce(subscription_start, registered_on, date '1900-01-01'),
    -(source_id * 4294967296 + row_number))`;
  return raw(`(arg_max({x: ${column}}, ${rank}) filter (where ${isSubscription})).x as ${column}`);
}

/** What is known of a customer beside the channel. The last contact is the latest that any row tells of. */
const details = join(
  [
    ...['name', 'email', 'phone', 'sex', 'birthday', 'registered_on', 'manager', 'preferred_channel'].map(
      firstOf,
    ),
    ...['consent', 'bonus', 'bonus_expires_on'].map(firstOf),
    raw('max(last_contact) as last_contact_on'),
    ...['subscription_status', 'is_ended', 'subscription_start', 'cancelled_on'].map(ofSubscription),
    firstOf('cancellation_reason'),
  ],
  ', ',
);

/** 'Anna' and 'Smith' as 'Anna Smith'; a name that has the last name in it stays. */
function fullName(name: Sql, lastName: Sql | undefined): Sql {
  if (lastName === undefined) return name;
  return sql`case when ${name} is null then ${lastName} when ${lastName} is null or contains(${name}, ${lastName}) then ${name}
    else ${name} || ' ' || ${lastName} end`;
}

/** 'female', 'male', or null for what is neither by its words. */
function sexOf(staged: StagedSource): Sql {
  const text = staged.text('sex');
  if (text === undefined) return raw('cast(null as varchar)');
  const word = sql`rtrim(lower(trim(${text})), '.')`;
  return sql`case when ${staged.loader.isOneOf(word, sexWords.female)} then 'female' when ${staged.loader.isOneOf(word, sexWords.male)} then 'male' end`;
}

/** Whether the customer agreed to be written to; null for what says neither. */
function consentOf(staged: StagedSource): Sql {
  const text = staged.text('consent');
  if (text === undefined) return raw('cast(null as boolean)');
  const word = sql`lower(trim(${text}))`;
  return sql`case when ${staged.loader.isOneOf(word, consentWords.yes)} then true when ${staged.loader.isOneOf(word, consentWords.no)} then false end`;
}

function customerRows(staged: StagedSource): Sql {
  const { loader } = staged;
  const nothing = raw('cast(null as varchar)');
  const day = (field: Field) => {
    const text = staged.text(field);
    return text === undefined
      ? raw('cast(null as date)')
      : sql`cast(${loader.timestamp(text, staged.dateForm(field)).atOnce} as date)`;
  };
  const isWritten = (field: Field) => {
    const text = staged.text(field);
    return text === undefined ? raw('false') : sql`coalesce(trim(${text}) <> '', false)`;
  };
  const id = customerKey(staged, { useNobody: true });
  const { email, phone } = contactTexts(staged);
  const trimmed = (field: Field) => (staged.text(field) ? loader.trimmed(staged.text(field)!) : nothing);
  const price = staged.text('subscription_price');
  // A birthday in another century is one that `retain check` tells of.
  const born = staged.text('birthday');
  const bornAt = born === undefined ? undefined : loader.timestamp(born, staged.dateForm('birthday'));
  const birthday =
    bornAt === undefined
      ? raw('cast(null as date)')
      : sql`cast(coalesce(${bornAt.atOnce}, ${bornAt.quick}) as date)`;
  const idText = staged.text('customer_id');
  const isErrorId = idText === undefined ? raw('false') : loader.isError(idText);
  // A customer may be named 'Total', but has a contact or a code then.
  const isTotal = sql`(${isTotalRow(staged, ['customer_id'], { besides: false })}
    or customer_id is null and ${isTotalRow(staged, ['name'], { besides: true })}) and email is null and phone is null`;
  const decimal = (field: Field) =>
    staged.text(field) === undefined
      ? raw('cast(null as decimal(17,4))')
      : loader.decimal(staged.text(field)!, staged.decimalMark(field)).atOnce;
  const state = wordList(staged, 'subscription_status', [endedSubscriptionStems, runningSubscriptionStems]);
  // Where there is no status, but ends, a row without one is a subscription that runs on; of others each row tells.
  const isOfSubscriptions =
    staged.text('subscription_status') === undefined && staged.text('cancelled_on') !== undefined;
  return sql`
    select source_id, row_number, cast(case
        when ${isTotal} then ${raw(String(fates.total_row))}
        when ${isErrorId} then ${raw(String(fates.error_cell))}
        when ${repeatsHeader(staged, ['customer_id', 'email', 'phone'])} then ${raw(String(fates.repeated_header))}
        when customer_id is null then ${raw(String(fates.no_customer_id))}
        when ${isWritten('subscription_start')} and subscription_start is null then ${raw(String(fates.bad_date))}
        when ${isWritten('cancelled_on')} and cancelled_on is null then ${raw(String(fates.bad_date))}
        when cancelled_on < subscription_start then ${raw(String(fates.bad_date))}
        when ${isWritten('subscription_price')} and subscription_price is null then ${raw(String(fates.bad_amount))}
        else ${raw(String(fates.used))} end as tinyint) as fate,
      customer_id, written_id, email, phone, person_key, name, channel, registered_on, subscription_start, cancelled_on,
      ${raw(isOfSubscriptions ? 'true' : 'coalesce(cast(subscription_start as varchar), cast(cancelled_on as varchar), cast(subscription_price as varchar), subscription_status) is not null')} as is_subscription,
      state = 1 as is_ended, state = 2 as is_running, subscription_price,
      ${staged.text('subscription_start') ?? nothing} as start_text, ${staged.text('cancelled_on') ?? nothing} as end_text,
      ${price ?? nothing} as price_text, ${idText ?? nothing} as id_text,
      birthday, birthday_text, last_contact, sex, manager, preferred_channel, consent, bonus, bonus_expires_on,
      subscription_status, cancellation_reason
    from (
      select *, ${raw(String(staged.id))} as source_id, cast(${rowNumber(staged)} as bigint) as row_number,
        ${id} as customer_id, ${id} as written_id, ${email ?? nothing} as email, ${phone ?? nothing} as phone,
        ${trimmed('person_id')} as person_key, ${fullName(trimmed('name'), staged.text('last_name') && trimmed('last_name'))} as name, ${trimmed('channel')} as channel,
        ${day('registered')} as registered_on, ${day('subscription_start')} as subscription_start,
        ${day('cancelled_on')} as cancelled_on, ${state} as state,
        ${decimal('subscription_price')} as subscription_price,
        ${birthday} as birthday, ${trimmed('birthday')} as birthday_text, ${day('last_contact')} as last_contact,
        ${sexOf(staged)} as sex, ${trimmed('manager')} as manager, ${trimmed('preferred_channel')} as preferred_channel,
        ${consentOf(staged)} as consent, ${decimal('bonus')} as bonus, ${day('bonus_expires')} as bonus_expires_on,
        ${trimmed('subscription_status')} as subscription_status,
        ${trimmed('cancellation_reason')} as cancellation_reason
      from ${loader.rowsOfKeepingBroken(staged.scan)}
    ) as typed`;
}
