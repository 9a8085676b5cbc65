import type { Text } from '../../core/text.js';
import type { Field } from '../../input/vocabulary.js';
import { join, raw, type Sql, sql } from '../../sql/sql.js';
import {
  type CheckContext,
  countRows,
  noColumn,
  noFile,
  numberOf,
  type Outcome,
  type QualityCheck,
  units,
} from './check.js';
import { customerRows } from './rows.js';

/** Why a check of customer columns cannot be asked. */
export function needsColumns(...fields: Field[]) {
  return (context: CheckContext): Text | undefined => {
    if (context.staged.customers.length === 0) return noFile('customers');
    const lacking = fields.find((field) => !context.has('customers', field));
    return lacking === undefined ? undefined : noColumn(lacking);
  };
}

async function customersWithout(context: CheckContext, ...fields: ('email' | 'phone')[]): Promise<Outcome> {
  const isEmpty = join(
    fields.map((field) => sql`max(${raw(field)}) is null`),
    ' and ',
  );
  return {
    ...(await countRows(
      context,
      sql`select min(source_id) as source_id, min(row_number) as row_number, customer_id as value
        from (${customerRows}) as rows group by customer_id having ${isEmpty}`,
    )),
    of: await numberOf(context, raw('select count(*) as n from stg_customers')),
  };
}

/** Rows whose contact is none of the texts that were found valid. */
async function invalid(
  context: CheckContext,
  field: 'email' | 'phone',
  plain: Sql,
  isValid: (text: string) => boolean,
): Promise<Outcome> {
  const { engine } = context;
  const table = raw(`int_bad_${field}`);
  await engine.run(sql`
    create table ${table} as select distinct ${raw(field)} as content from (${customerRows}) as rows
    where ${raw(field)} is not null and ${plain} is null`);
  const bad: string[] = [];
  for await (const batch of engine.stream(sql`select content from ${table}`)) {
    for (const { content } of batch) if (!isValid(String(content))) bad.push(String(content));
  }
  await engine.run(sql`
    create or replace table ${table} as select content from
      (select unnest(from_json(${JSON.stringify(bad)}, '["varchar"]')) as content) as texts`);
  const outcome = {
    ...(await countRows(
      context,
      sql`select source_id, row_number, ${raw(field)} as value from (${customerRows}) as rows
        where ${raw(field)} in (select content from ${table})`,
    )),
    of: await numberOf(
      context,
      sql`select count(*) as n from (${customerRows}) as rows where ${raw(field)} is not null`,
    ),
  };
  await engine.run(sql`drop table ${table}`);
  return outcome;
}

const fill: Text = {
  en: 'They cannot be reached that way. Ask for it with the next order.',
  ru: 'С ними так не связаться. Спросите при следующем заказе.',
};

/** Whether customers can be reached. */
export const contactChecks: readonly QualityCheck[] = [
  {
    name: 'without_phone',
    severity: 'warning',
    title: { en: 'Customers without a phone', ru: 'Клиенты без телефона' },
    unit: units.customers,
    advice: fill,
    missing: needsColumns('phone'),
    run: (context) => customersWithout(context, 'phone'),
  },
  {
    name: 'without_email',
    severity: 'warning',
    title: { en: 'Customers without an e-mail', ru: 'Клиенты без эл. почты' },
    unit: units.customers,
    advice: fill,
    missing: needsColumns('email'),
    run: (context) => customersWithout(context, 'email'),
  },
  {
    name: 'without_contacts',
    severity: 'warning',
    title: { en: 'Customers with neither phone nor e-mail', ru: 'Клиенты без телефона и без почты' },
    unit: units.customers,
    advice: {
      en: 'They cannot be reached or won back at all, nor told from other customers.',
      ru: 'С ними нельзя связаться и вернуть их, их нельзя отличить от других клиентов.',
    },
    missing: needsColumns('phone', 'email'),
    run: (context) => customersWithout(context, 'phone', 'email'),
  },
  {
    name: 'invalid_phones',
    severity: 'warning',
    title: { en: 'Phones that are not valid', ru: 'Неверные телефоны' },
    unit: units.phones,
    advice: {
      en: 'Mend them; numbers of another country without a + need --country.',
      ru: 'Исправьте их; для номеров другой страны без + нужна опция --country.',
    },
    missing: needsColumns('phone'),
    run: async (context) => {
      const { compactPhone, phoneReader } = await import('../../model/identity/phone.js');
      const { countryOf } = await import('../../model/identity/country.js');
      const country = countryOf(context.staged.customers, context.country);
      const reader = phoneReader(country.country);
      const found = await invalid(
        context,
        'phone',
        reader.plainNumber(compactPhone(raw('phone'))),
        (text) => reader.numbersOf(text).length > 0,
      );
      return {
        ...found,
        rule:
          country.country === null
            ? {
                en: 'valid by the numbering plan of the country that the number begins with; without a + none is',
                ru: 'верен по плану нумерации страны, с кода которой начинается; без + ни один',
              }
            : {
                en: `valid by the numbering plan of its country; without a + as a number of ${country.country}`,
                ru: `верен по плану нумерации своей страны; без + как номер страны ${country.country}`,
              },
      };
    },
  },
  {
    name: 'invalid_emails',
    severity: 'warning',
    title: { en: 'E-mails that are not valid', ru: 'Неверные адреса эл. почты' },
    unit: units.emails,
    advice: { en: 'Mend them: mail to them does not arrive.', ru: 'Исправьте их: письма на них не доходят.' },
    missing: needsColumns('email'),
    run: async (context) => {
      const { emailsOf, plainEmail } = await import('../../model/identity/email.js');
      return invalid(context, 'email', plainEmail(raw('email')), (text) => emailsOf(text).length > 0);
    },
  },
];
