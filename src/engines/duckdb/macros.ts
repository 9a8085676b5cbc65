import { currencySpellings } from '../../input/currencies.js';
import { monthStems, weekdayStems } from '../../input/dates.js';
import { currencyPattern, invisibleCharacters, numberCharacters } from '../../input/numbers.js';
import { raw, type Sql } from '../../sql/sql.js';

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** One kind of space, minus and apostrophe; no invisible characters. */
const plainCharacters = (text: string) =>
  `trim(translate(${text}, ${literal(numberCharacters.from)}, ${literal(numberCharacters.to)}))`;

/** Replacements one after the other, innermost first. */
function replaced(text: string, ...steps: readonly (readonly [pattern: string, by: string])[]): string {
  return steps.reduce(
    (inner, [pattern, by]) => `regexp_replace(${inner}, ${literal(pattern)}, ${literal(by)})`,
    text,
  );
}

const anyMonth = `(?:${monthStems.flat().join('|')})[a-zа-я]*`;
const year = '([0-9]{4}|[0-9]{2})';
/** What may follow a date, as `date_text` leaves it. */
const timeAfter = '((?: [0-9]{1,2}:[0-9:.]+(?: [ap]m)?)?)$';
const day = '([0-9]{1,2})(?:st|nd|rd|th|-?го)?';

/** Ways to write a day with the name of its month, and the order in which each gives year, day and the rest. */
const namedDates: readonly (readonly [pattern: string, parts: string])[] = [
  // 5 марта 2024, 5-Mar-24, 05 Mar 2024 10:15
  [`^${day}[ .,/-]*(?:of |de )?${anyMonth}[ .,/'-]*${year}${timeAfter}`, '\\2-@-\\1\\3'],
  // March 5, 2024 10:15 pm
  [`^${anyMonth}[ .]*${day}(?:, *| +)${year}${timeAfter}`, '\\2-@-\\1\\3'],
  // 2024-Mar-05
  [`^([0-9]{4})[ ./-]*${anyMonth}[ ./-]*${day}${timeAfter}`, '\\1-@-\\2\\3'],
  // Mar  5 10:15:00 2024, as clocks of computers write it
  [`^${anyMonth} +${day} +([0-9]{1,2}:[0-9:]+)(?: [a-z]{3,4})? +([0-9]{4})$`, '\\3-@-\\1 \\2'],
];
/** A month alone: март 2024, Mar-24, 2024 March. */
const namedMonths: readonly (readonly [pattern: string, parts: string])[] = [
  [`^${anyMonth}(?:[ .,/-]*([0-9]{4})|[ ]*[-./']+([0-9]{2}))$`, '\\1\\2-@-1'],
  [`^([0-9]{4})[ .,/-]*${anyMonth}[.]?$`, '\\1-@-1'],
];

const cases = (text: string, ways: readonly (readonly [string, string])[]) =>
  ways
    .map(
      ([pattern, parts]) =>
        `when regexp_matches(${text}, ${literal(pattern)}) then regexp_replace(${text}, ${literal(pattern)}, ${literal(parts)})`,
    )
    .join('\n');

/**
 * What a key stands for, or null. A list, because the engine computes the operand of a `case x when` anew for
 * each of its branches.
 */
const lookUp = (key: string, entries: readonly (readonly [key: string, value: string])[]) =>
  `[${entries.map(([, value]) => literal(value)).join(', ')}][list_position([${entries
    .map(([name]) => literal(name))
    .join(', ')}], ${key})]`;

/** The number of the month that a text names. */
const monthNumber = lookUp(
  `regexp_extract(t, ${literal(`(?:^|[^a-zа-я])(${monthStems.flat().join('|')})`)}, 1)`,
  monthStems.flatMap((stems, index) => stems.map((stem) => [stem, String(index + 1)] as const)),
);

/**
 * Steps one after the other, each an expression over `t`, the result of the one before: a value that an
 * expression names several times is computed once.
 */
const steps = (first: string, ...rest: readonly string[]) =>
  `(${rest.reduce((list, step) => `list_transform(${list}, lambda t: ${step})`, `[${first}]`)})[1]`;

/** The time that '2024-3-5 1:05 pm' or '24-3-5' names; years of two digits are 1969 to 2068. */
const timeSteps = [
  `case when regexp_matches(t, '^[0-9]{2}-') then case when t < '69' then '20' else '19' end || t
    when regexp_matches(t, '^(19|20|21)[0-9]{2}-') then t end`,
  `case when suffix(t, 'm') then try_strptime(t, ['%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S %p'])
    else try_cast(t as timestamp) end`,
];

const numericDate = `^([0-9]{1,2})[./-]([0-9]{1,2})[./-]${year}${timeAfter}`;

/**
 * Functions that the parsing expressions use, made once per connection. They read what the quick casts cannot,
 * so they may cost more; each is a chain of few patterns.
 */
export const parsingMacros: readonly Sql[] = [
  // Digits with their marks and one sign before them: '(1 234,50 ₽)' is '-1 234,50'.
  raw(
    `create macro bare_number(x) as ${replaced(
      `upper(${plainCharacters('x')})`,
      [`^([-+(]?) ?(?:${currencyPattern}) ?`, '\\1'],
      [` ?(?:${currencyPattern}) ?([)]?-?)$`, '\\1'],
      ['^\\( ?(.*?) ?\\)$', '-\\1'],
      ['[.,] ?-{1,2}$', ''],
      ['^([0-9].*?) ?-$', '-\\1'],
      ['^([-+]) +', '\\1'],
    )}`,
  ),
  // One reading for every number; only '1,234' and '1.234' depend on the column's decimal mark.
  raw(
    `create macro number_text(x, mark) as ${steps(
      'bare_number(x)',
      `case
    when regexp_full_match(t, '[-+]?[0-9]+(E[-+]?[0-9]{1,3})?') then t
    when regexp_full_match(t, '[-+]?[0-9]{1,3}([ ''][0-9]{3})+([.,][0-9]*)?')
      then replace(translate(t, ' ''', ''), ',', '.')
    when regexp_full_match(t, '[-+]?([0-9]{1,3}(,[0-9]{3})+[.][0-9]*|[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}([.][0-9]*)?)')
      then replace(t, ',', '')
    when regexp_full_match(t, '[-+]?([0-9]{1,3}([.][0-9]{3})+,[0-9]*|[0-9]{1,3}([.][0-9]{3}){2,})')
      then replace(replace(t, '.', ''), ',', '.')
    when regexp_full_match(t, '[-+]?[1-9][0-9]{0,2},[0-9]{3}')
      then case mark when 'comma' then replace(t, ',', '.') when 'point' then replace(t, ',', '') end
    when regexp_full_match(t, '[-+]?[1-9][0-9]{0,2}[.][0-9]{3}')
      then case mark when 'comma' then replace(t, '.', '') when 'point' then t end
    when regexp_full_match(t, '[-+]?([0-9]+[.,][0-9]*|[.,][0-9]+)(E[-+]?[0-9]{1,3})?') then replace(t, ',', '.')
    end`,
    )}`,
  ),
  raw(
    `create macro currency_code(x) as ${lookUp(
      `regexp_replace(upper(${plainCharacters('x')}), '[-+()0-9., ''%]', '', 'g')`,
      [...currencySpellings],
    )}`,
  ),
  raw(
    `create macro visible_text(x) as trim(translate(x, ${literal(invisibleCharacters.from)}, ${literal(invisibleCharacters.to)}))`,
  ),
  raw(`create macro folded_text(x) as lower(${plainCharacters('x')})`),
  // A date without its weekday, zone, 'г.' and what else says nothing, in lower case.
  raw(
    `create macro date_text(x) as trim(${replaced(
      `lower(${plainCharacters('x')})`,
      [`^(?:${weekdayStems.join('|')})[a-zа-я]*[.,]* +`, ''],
      [
        '([0-9]:[0-9]{2}(?:[.,][0-9]+)?(?: ?[ap][.]?m[.]?)?)(?: ?(?:z|[a-z]{3,5}|мск))?(?: ?[-+][0-9]{1,2}(?::?[0-9]{2})?)?(?: ?[(\\[].*[)\\]])?$',
        '\\1',
      ],
      ['([0-9]{2}) ?(?:года|год|г[.]?)(,? .*)?$', '\\1\\2'],
      ['(?:,? (?:в|at)|[ ,t]) *([0-9]{1,2}:[0-9])', ' \\1'],
      ['(:[0-9]{2}:[0-9]{2}),([0-9])', '\\1.\\2'],
      ['([0-9]) ?([ap])[.]?m[.]?$', '\\1 \\2m'],
      [' ?[(](?:[a-z]{3}|[а-я]{2})[а-яa-z]*[)]$', ''],
    )})`,
  ),
  raw(`create macro named_date(t) as replace(case ${cases('t', namedDates)} end, '@', ${monthNumber})`),
  raw(`create macro month_text(t) as case
    when regexp_matches(t, '^[0-9]{4}[./-][0-9]{1,2}$') then regexp_replace(t, '[./-]', '-') || '-1'
    when regexp_matches(t, '^[0-9]{1,2}[./-][0-9]{4}$') then regexp_replace(t, '^([0-9]+).([0-9]+)$', '\\2-\\1-1')
    when regexp_matches(t, '^(19|20|21)[0-9]{4}$') then regexp_replace(t, '^(....)(..)$', '\\1-\\2-1')
    else replace(case ${cases('t', namedMonths)} end, '@', ${monthNumber}) end`),
  // Which of day and month stands first, where the column says nothing: a point means the day, and so does a
  // number above 12.
  raw(`create macro order_within(t) as case
    when regexp_matches(t, '^[0-9]+[.]') or regexp_matches(t, '^(1[3-9]|2[0-9]|3[01])[/-]') then 'dmy'
    when regexp_matches(t, '^[0-9]+[/-](1[3-9]|2[0-9]|3[01])[/-]') then 'mdy' end`),
  // Text in the order of year, month, day and time, whatever the order it was written in.
  raw(`create macro ordered_date(t, date_order, point_order) as case
    when regexp_matches(t, ${literal(`^[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}${timeAfter}`)})
      then regexp_replace(t, '^([0-9]+).([0-9]+).([0-9]+)', '\\1-\\2-\\3')
    when regexp_matches(t, ${literal(numericDate)}) then regexp_replace(t, ${literal(numericDate)},
      coalesce(${lookUp(
        `coalesce(nullif(case when regexp_matches(t, '^[0-9]+[.]') then point_order else date_order end,
          case when regexp_matches(t, '^[0-9]+.[0-9]+.[0-9]{4}') then 'ymd' end), order_within(t))`,
        [
          ['dmy', '\\3-\\2-\\1\\4'],
          ['mdy', '\\3-\\1-\\2\\4'],
          ['ymd', '\\1-\\2-\\3\\4'],
        ],
      )}, ''))
    when regexp_matches(t, '^(19|20|21)[0-9]{6}t?[0-9]{6}z?$')
      then regexp_replace(t, '^(....)(..)(..)t?(..)(..)(..)z?$', '\\1-\\2-\\3 \\4:\\5:\\6')
    when regexp_matches(t, ${literal(`^(19|20|21)[0-9]{6}${timeAfter}`)}) then regexp_replace(t, '^(....)(..)(..)', '\\1-\\2-\\3')
    when regexp_matches(t, '[a-zа-я]{3}') then coalesce(named_date(t), month_text(t))
    else month_text(t) end`),
  raw(
    `create macro written_time(x, date_order, point_order) as ${steps(
      'date_text(x)',
      'ordered_date(t, date_order, point_order)',
      ...timeSteps,
    )}`,
  ),
  raw(`create macro month_alone(x) as ${steps('date_text(x)', 'month_text(t)', ...timeSteps)}`),
  // Days since 1899-12-30, and seconds since 1970, of the years 1990 to 2059.
  raw(`create macro serial_time(n) as case when n >= 32874 and n < 58441
    then timestamp '1899-12-30' + to_seconds(round(n * 86400)) end`),
  raw(`create macro seconds_time(n) as case when n >= 631152000 and n < 2840140800
    then timestamp '1970-01-01' + to_seconds(n) end`),
  raw(`create macro milliseconds_time(n) as seconds_time(n / 1000)`),
];
