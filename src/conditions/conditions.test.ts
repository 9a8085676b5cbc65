import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayNumber } from '../core/dates.js';
import { UserError } from '../core/errors.js';
import { duckdbDialect } from '../engines/duckdb/dialect.js';
import { join, raw, sql } from '../sql/sql.js';
import { withEngine } from '../testing/engine.js';
import { type Datum, evaluate, type TestRow } from '../testing/evaluate-condition.js';
import { type ConditionColumn, compileCondition, functions } from './compile.js';
import { parseCondition } from './parse.js';

const types = {
  orders: 'number',
  revenue: 'number',
  name: 'text',
  channel: 'text',
  last_order: 'date',
  birthday: 'date',
  consent: 'boolean',
  has_email: 'boolean',
} as const;
type Name = keyof typeof types;
const sqlTypes = { number: 'double', text: 'varchar', date: 'date', boolean: 'boolean' } as const;

const columns = new Map<string, ConditionColumn>(
  Object.entries(types).map(([name, type]) => [name, { type, sql: raw(name) }]),
);
columns.set('segment', {
  type: 'text',
  sql: raw('segment'),
  values: {
    at_risk: { en: 'At Risk', ru: 'Под угрозой' },
    champions: { en: 'Champions', ru: 'Чемпионы' },
  },
});

const compile = (text: string) =>
  compileCondition(
    { option: '--where', text },
    { columns, dialect: duckdbDialect, help: 'retain list --help shows the columns.' },
  );

function mistake(text: string): string {
  try {
    compile(text);
  } catch (error) {
    if (error instanceof UserError) return `${error.message}\n  ${error.remedy}`;
    throw error;
  }
  throw new Error(`no mistake was found in ${text}`);
}

describe('mistakes are shown where they are', () => {
  test.each([
    ['orders > 3 and ordres < 5', "character 16: no column 'ordres'", 'Did you mean orders?'],
    ["channel = 'Ads", 'character 11: this quote is never closed', ''],
    ['1=1; drop table customers', "character 4: ';' has no place in a condition", 'Give one condition'],
    ['1=1 drop table customers', "character 5: 'drop' has no place here", 'no statements, no other tables'],
    ['orders in (select 1)', "character 12: 'select' has no place in a condition", 'no other tables'],
    ['orders > (select max(orders) from x)', "character 11: 'select' has no place", 'no other tables'],
    ["read_csv('/etc/passwd') = 1", "character 1: no function 'read_csv'", 'Functions are lower, upper,'],
    ['orders = 1 -- and more', 'character 12: comments have no place', ''],
    ['orders = 1 /* and more */', "character 13: '*' has no place here", ''],
    ["orders > 'abc'", 'character 10: this is text, and here should be a number', ''],
    ["orders > '5'", 'character 10: this is text, and here should be a number', 'without quotes'],
    ['channel > 5', 'character 11: this is a number, and here should be text', "quotes: '5'"],
    ['orders', 'character 1: a number alone is no condition', 'orders > 0'],
    ['orders and consent', 'character 1: orders is a number', 'orders > 0'],
    ["last_order < '31.12.2024'", "character 14: '31.12.2024' is no day", "'2024-12-31'"],
    ["last_order < '2024-02-30'", "character 14: '2024-02-30' is no day", ''],
    ['last_order + last_order > 5', 'character 12: a date and a date cannot be added', 'last_order + 30'],
    ["consent = 'yes'", 'character 11: this is text, and here should be yes or no', 'stands alone'],
    ['orders = null', 'character 10: nothing equals null', 'is null'],
    ['last_order > last_order - interval 3 months', 'an interval is in days or weeks', '90 days'],
    ["segment = 'Champion'", "character 11: this column never is 'Champion'", "Did you mean 'champions'?"],
    ["segment like 'At R%'", 'character 1: segment has fixed values', "= or in: segment = 'at_risk'"],
    ["lower(segment) = 'at risk'", 'character 7: segment has fixed values', ''],
    ["segment || '!' = 'At Risk!'", 'character 1: segment has fixed values', ''],
    ["coalesce(segment, 'champions') = 'At Risk'", 'character 10: segment has fixed values', ''],
    ["segment = lower('At Risk')", 'character 11: segment has fixed values', ''],
    ['segment = channel', 'character 11: segment has fixed values', ''],
    ['segment = 5', 'character 11: this is a number, and here should be text', ''],
    ['orders >', 'character 9: the condition ends too early', ''],
    ['', 'character 1: the condition is empty', ''],
    ['  ', 'character 3: the condition is empty', ''],
    ['duckdb_settings() = 1', "character 1: no function 'duckdb_settings'", ''],
    ['lower() = 1', 'character 1: lower takes one value', ''],
    ['coalesce() = 1', 'character 1: coalesce takes two values or more', ''],
    ['lower(name, channel) = 1', 'character 13: lower takes one value', ''],
    ['orders(1) = 1', "'orders' is a column, not a function", ''],
    ['channel = Ads', "character 11: no column 'ads'", "single quotes: 'ads'"],
    ['channel = "Ads"', 'character 11: the quote " has no meaning here', 'plain single quotes'],
    ['orders > 1 && consent', "character 12: '&' has no meaning here", 'Write: and'],
    ['orders > 1 orders', "character 12: 'orders' has no place here", ''],
    ['orders > 1 > 2', "character 12: '>' has no place here", ''],
    ['(orders > 1', 'character 12: the condition ends too early', ''],
    ['orders > 1)', "character 11: ')' has no place here", ''],
    ['orders > 1e99', 'character 10: this number is too large', ''],
    ['orders\u0000 > 1', 'character 7: U+0000 has no place', ''],
    [`${'('.repeat(500)}orders > 1${')'.repeat(500)}`, 'nested too deeply', '100 levels'],
    [`orders > 1${' + 1'.repeat(500)}`, 'nested too deeply', '100 levels'],
    [`not ${'not '.repeat(500)}consent`, 'nested too deeply', '100 levels'],
    ['constructor > 1', "no column 'constructor'", "single quotes: 'constructor'"],
    ["orders > interval '5 constructor'", 'an interval is in days or weeks', '90 days'],
    ['orders > interval 5 tostring', 'an interval is in days or weeks', '90 days'],
    ['constructor(1) > 1', "no function 'constructor'", ''],
  ])('%s', (text, what, remedy) => {
    const told = mistake(text);
    expect(told).toContain(what);
    expect(told).toContain(remedy);
  });

  test('a mark stands under the place', () => {
    expect(mistake('orders > 3 and ordres < 5').split('\n')).toEqual([
      "--where, character 16: no column 'ordres'",
      '  orders > 3 and ordres < 5',
      `  ${' '.repeat(15)}^`,
      '  Did you mean orders? retain list --help shows the columns.',
    ]);
    const long = `${'orders > 1 and '.repeat(20)}wrong > 1 and ${'orders > 1 and '.repeat(20)}consent`;
    const [, excerpt, mark] = mistake(long).split('\n');
    expect(excerpt!.slice(mark!.indexOf('^'))).toMatch(/^wrong > 1/);
    expect(excerpt!.length).toBeLessThan(80);
  });

  test('dates within dates do not grow without bound', () => {
    const nested = (depth: number): string =>
      depth === 0 ? '1' : `(last_order - (last_order - ${nested(depth - 1)}))`;
    expect(mistake(`${nested(20)} > 0`)).toContain('too many dates within dates');
  });
});

describe('what is accepted', () => {
  test('a value is bound, never a part of the statement', () => {
    const { sql: condition, columns: named } = compile(
      "channel = 'x'';drop table t' and orders in (7, 8) or name like '%evil%'",
    );
    expect(condition.text).not.toMatch(/drop|evil|7|8/);
    expect(condition.values).toEqual(["x';drop table t", 7, 8, '%evil%']);
    expect(named).toEqual(['channel', 'orders', 'name']);
  });

  test('codes may be written as people read them, in either language', () => {
    expect(compile("segment = 'At Risk' or segment in ('чемпионы', 'champions')").sql.values).toEqual([
      'at_risk',
      'champions',
      'champions',
    ]);
    expect(compile("segment is null or segment not in ('Champions')").columns).toEqual(['segment']);
  });

  test('long lists are no deep nesting', () => {
    const ids = Array.from({ length: 5000 }, (_, id) => `'${id}'`).join(', ');
    expect(compile(`name in (${ids})`).sql.values).toHaveLength(5000);
    expect(compile(Array.from({ length: 2000 }, () => 'consent').join(' or ')).columns).toEqual(['consent']);
  });
});

const numbers = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0, 0.5, 1.25, 100, 2.5, -0.5));
const days = fc.constantFrom('1999-12-31', '2024-02-28', '2024-02-29', '2024-03-01', '2024-12-31');
const texts = fc.constantFrom('', 'a', 'Ads', 'ads', "o'Neil", 'Почта', 'почта', '50%', 'a_b', ' x ');

const sample = fc.record({
  orders: fc.option(numbers),
  revenue: fc.option(numbers),
  name: fc.option(texts),
  channel: fc.option(texts),
  last_order: fc.option(days),
  birthday: fc.option(days),
  consent: fc.option(fc.boolean()),
  has_email: fc.option(fc.boolean()),
});

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const named = (type: string) =>
  fc.constantFrom(...Object.entries(types).flatMap(([name, one]) => (one === type ? [name] : [])));
const spaced = (text: string) => `(${text})`;

/** Conditions that are right by their making. */
const { condition } = fc.letrec<{ condition: string; number: string; text: string; date: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      named('number'),
      numbers.map((value) => (value < 0 ? `(${value})` : String(value))),
    ),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
      .map(([left, operator, right]) => spaced(`${left} ${operator} ${right}`)),
    tie('number').map((value) => `(- ${value})`),
    fc
      .tuple(fc.constantFrom('abs', 'round', 'floor', 'ceil'), tie('number'))
      .map(([name, value]) => `${name}(${value})`),
    fc
      .tuple(fc.constantFrom('year', 'month', 'day'), tie('date'))
      .map(([name, value]) => `${name}(${value})`),
    tie('text').map((value) => `length(${value})`),
    fc.tuple(tie('date'), tie('date')).map(([left, right]) => spaced(`${left} - ${right}`)),
    fc.tuple(tie('number'), tie('number')).map(([left, right]) => `coalesce(${left}, ${right})`),
  ),
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(named('text'), texts.map(quoted)),
    fc
      .tuple(fc.constantFrom('lower', 'upper', 'trim'), tie('text'))
      .map(([name, value]) => `${name}(${value})`),
    fc.tuple(tie('text'), tie('text')).map(([left, right]) => spaced(`${left} || ${right}`)),
    fc.tuple(tie('text'), tie('text')).map(([left, right]) => `coalesce(${left}, ${right})`),
  ),
  date: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      named('date'),
      days.map((day) => `date '${day}'`),
    ),
    fc
      .tuple(tie('date'), fc.constantFrom('+', '-'), tie('number'))
      .map(([date, operator, value]) => spaced(`${date} ${operator} ${value}`)),
    named('date').map((name) => spaced(`${name} + interval 2 weeks`)),
    fc.tuple(named('date'), days).map(([name, day]) => `coalesce(${name}, '${day}')`),
  ),
  condition: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    named('boolean'),
    ...(['number', 'text', 'date'] as const).flatMap((type) => [
      fc
        .tuple(tie(type), fc.constantFrom('=', '<>', '!=', '<', '<=', '>', '>='), tie(type))
        .map(([left, operator, right]) => `${left} ${operator} ${right}`),
      fc
        .tuple(tie(type), fc.constantFrom('between', 'not between'), tie(type), tie(type))
        .map(([value, word, low, high]) => `${value} ${word} ${low} and ${high}`),
      fc
        .tuple(
          tie(type),
          fc.constantFrom('in', 'not in'),
          fc.array(tie(type), { minLength: 1, maxLength: 3 }),
        )
        .map(([value, word, list]) => `${value} ${word} (${list.join(', ')})`),
      fc
        .tuple(tie(type), fc.constantFrom('is null', 'is not null'))
        .map(([value, word]) => `${value} ${word}`),
    ]),
    fc
      .tuple(
        tie('text'),
        fc.constantFrom('like', 'not like', 'ilike'),
        fc.constantFrom('%', 'a%', '_ds', '%о%', '50%', 'A\\_B', '%(%'),
      )
      .map(([value, word, pattern]) => `${value} ${word} ${quoted(pattern)}`),
    fc
      .tuple(named('date'), fc.constantFrom('<', '='), days)
      .map(([name, sign, day]) => `${name} ${sign} '${day}'`),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or', 'AND'), tie('condition'))
      .map(([left, word, right]) => `${left} ${word} ${right}`),
    tie('condition').map((inner) => `not ${inner}`),
    tie('condition').map((inner) => `(${inner})`),
    tie('condition').map((inner) => `(${inner}) is not true`),
  ),
}));

test('SQL agrees with the definition on random conditions and rows', { timeout: 60_000 }, async () => {
  await withEngine(async (engine) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(condition, { minLength: 20, maxLength: 20 }),
        fc.array(sample, { minLength: 3, maxLength: 3 }),
        async (texts, rows) => {
          const compiled = texts.map((text) => ({ text, ...compile(text) }));
          const values = rows.map(
            (row, index) =>
              sql`(${raw(String(index))}, ${join(
                (Object.keys(types) as Name[]).map(
                  (name) => sql`cast(${row[name]} as ${raw(sqlTypes[types[name]])})`,
                ),
                ', ',
              )})`,
          );
          const found = await engine.query(sql`
            select ${join(
              compiled.map(({ sql: one }, index) => sql`${one} as ${raw(`x${index}`)}`),
              ', ',
            )} from (values ${join(values, ', ')}) as t (line, ${raw(Object.keys(types).join(', '))}) order by line`);
          for (const [index, row] of rows.entries()) {
            const data: TestRow = Object.fromEntries(
              Object.entries(types).map(([name, type]) => {
                const value: Datum = row[name as Name];
                return [
                  name,
                  { type, value: type === 'date' && value !== null ? dayNumber(String(value)) : value },
                ];
              }),
            );
            for (const [number, { text }] of compiled.entries()) {
              const expected = evaluate(parseCondition({ option: '', text }), data);
              expect([text, row, found[index]![`x${number}`]]).toEqual([text, row, expected]);
            }
          }
        },
      ),
      { seed: 20240331, numRuns: 60 },
    );
  });
});

const words = [
  ...[
    'and',
    'or',
    'not',
    'in',
    'between',
    'like',
    'is',
    'null',
    'interval',
    'date',
    'days',
    'select',
    'from',
  ],
  ...[
    '(',
    ')',
    ',',
    '+',
    '-',
    '*',
    '/',
    '=',
    '<',
    '>',
    '<=',
    '||',
    "'",
    "'a'",
    "'2024-01-01'",
    '1',
    '2.5',
    ';',
  ],
  ...['--', '"', '\\', '\u0000', '💥', 'ы', 'read_csv', ...Object.keys(types), ...Object.keys(functions)],
];

test('no text breaks it, and what is accepted names known columns only and holds no text of its own', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((chosen) => chosen.join(' ')),
        fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((chosen) => chosen.join('')),
        fc.string({ unit: 'binary', maxLength: 50 }),
        condition,
      ),
      (text) => {
        try {
          const { sql: accepted, columns: named } = compile(text);
          expect(named.filter((name) => !columns.has(name))).toEqual([]);
          const known = new Set([
            ...[
              ...columns.keys(),
              ...Object.keys(functions),
              'and',
              'or',
              'not',
              'in',
              'between',
              'like',
              'is',
            ],
            ...[
              'null',
              'true',
              'false',
              'cast',
              'as',
              'double',
              'varchar',
              'date',
              'integer',
              'nullif',
              'extract',
            ],
            ...['from', 'case', 'when', 'then', 'end'],
          ]);
          const used = accepted.strings.join(' ').match(/[\p{L}_]\w*/gu) ?? [];
          expect(used.filter((word) => !known.has(word))).toEqual([]);
          expect(accepted.strings.join('')).not.toMatch(/['";\\]|--/);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.message).toMatch(/^--where, character \d+: /);
        }
      },
    ),
    { seed: 20240331, numRuns: 3000 },
  );
});
