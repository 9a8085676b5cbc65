import { addDays } from '../../core/dates.js';
import { raw, type Sql, sql } from '../../sql/sql.js';
import { type CheckContext, countRows, numberOf, type QualityCheck, units } from './check.js';
import { needsColumns } from './contacts.js';
import { customerRows } from './rows.js';

async function rowsWhere(context: CheckContext, column: 'birthday' | 'last_contact', condition: Sql) {
  const text = column === 'birthday' ? raw('birthday_text') : raw('last_contact');
  return {
    ...(await countRows(
      context,
      sql`select source_id, row_number, cast(${text} as varchar) as value from (${customerRows}) as rows where ${condition}`,
    )),
    of: await numberOf(
      context,
      sql`select count(*) as n from (${customerRows}) as rows where ${text} is not null`,
    ),
  };
}

/** The year of a birthday that was not read because no date of a shop lies so far away: '1850-01-01', '31.12.9999'. */
const farYear = raw(`case when birthday is null then
  try_cast(regexp_extract(birthday_text, '(?:^|[-./])(\\d{4})(?:[-./ T]|$)', 1) as integer) end`);
const isBefore1900 = sql`coalesce(birthday < date '1900-01-01' or ${farYear} < 1900, false)`;
const isFarInFuture = sql`coalesce(${farYear} >= 2200, false)`;

const mend = {
  en: 'Mend them, or birthday offers go out on the wrong day or never.',
  ru: 'Исправьте их, иначе поздравления уйдут не в тот день или не уйдут вовсе.',
};
const needsDate = (context: CheckContext) =>
  context.asOf === null
    ? { en: 'no date to compare with: give --as-of', ru: 'не с чем сравнить: задайте --as-of' }
    : undefined;

/** Dates of customers. */
export const customerDateChecks: readonly QualityCheck[] = [
  {
    name: 'unreadable_birthdays',
    severity: 'warning',
    title: { en: 'Birthdays that cannot be read', ru: 'Дни рождения, которые нельзя прочитать' },
    unit: units.birthdays,
    advice: mend,
    missing: needsColumns('birthday'),
    run: (context) =>
      rowsWhere(
        context,
        'birthday',
        sql`birthday_text is not null and birthday is null and not ${isBefore1900} and not ${isFarInFuture}`,
      ),
  },
  {
    name: 'birthdays_in_future',
    severity: 'warning',
    title: { en: 'Birthdays in the future', ru: 'Дни рождения в будущем' },
    unit: units.birthdays,
    advice: mend,
    missing: (context) => needsColumns('birthday')(context) ?? needsDate(context),
    run: (context) =>
      rowsWhere(context, 'birthday', sql`birthday > cast(${context.asOf!} as date) or ${isFarInFuture}`),
  },
  {
    name: 'birthdays_before_1900',
    severity: 'warning',
    title: { en: 'Birthdays before 1900', ru: 'Дни рождения до 1900 года' },
    unit: units.birthdays,
    advice: mend,
    missing: needsColumns('birthday'),
    run: (context) => rowsWhere(context, 'birthday', isBefore1900),
  },
  {
    name: 'stale_contacts',
    severity: 'info',
    title: { en: 'Last contact long ago', ru: 'Последний контакт был давно' },
    unit: units.contacts,
    advice: {
      en: 'Nobody has spoken to them for long. Start with those who used to buy most.',
      ru: 'С ними давно не связывались. Начните с тех, кто покупал больше всех.',
    },
    missing: (context) => needsColumns('last_contact')(context) ?? needsDate(context),
    run: async (context) => {
      const limit = addDays(context.asOf!, -context.staleDays);
      return {
        ...(await rowsWhere(context, 'last_contact', sql`last_contact < cast(${limit} as date)`)),
        rule: {
          en: `more than ${context.staleDays} days before ${context.asOf} (--stale-days)`,
          ru: `больше ${context.staleDays} дн. до ${context.asOf} (--stale-days)`,
        },
      };
    },
  },
];
