import { closest } from '../config/similar.js';
import { type Day, isDay } from '../core/dates.js';
import type { Text } from '../core/text.js';
import type { Dialect } from '../sql/dialect.js';
import { join, raw, type Sql, sql } from '../sql/sql.js';
import { mistakeAt, type Written } from './mistake.js';
import { parseCondition } from './parse.js';
import type { Expression } from './syntax.js';

/** What a value is. Numbers are computed as doubles, so that engines agree. */
export type ValueType = 'number' | 'text' | 'date' | 'boolean';

/** A column that a condition may name. */
export interface ConditionColumn {
  readonly type: ValueType;
  /** Its value, of the SQL type that the value's is: double, varchar, date, boolean. */
  readonly sql: Sql;
  /** For text of fixed codes: what people call each code. They may write either. */
  readonly values?: Readonly<Record<string, Text>>;
}

export interface CompiledCondition {
  /** Boolean, or null where it depends on what is unknown. Every value of the user's is bound. */
  readonly sql: Sql;
  /** The columns that it names, in the order in which they stand. */
  readonly columns: readonly string[];
}

export interface Vocabulary {
  readonly columns: ReadonlyMap<string, ConditionColumn>;
  readonly dialect: Dialect;
  /** How a reader finds out about the columns: 'retain list --help shows them'. */
  readonly help: string;
}

/**
 * Reads a condition over some columns, checks the types and turns it into SQL. No text of the user's becomes part of the
 * statement: names are looked up, values are bound.
 * @throws UserError that points at the mistake
 */
export function compileCondition(written: Written, vocabulary: Vocabulary): CompiledCondition {
  const compiler = new Compiler(written, vocabulary);
  const expression = parseCondition(written);
  const { type, sql: condition } = compiler.typed(expression);
  if (type !== 'boolean') {
    throw mistakeAt(
      written,
      expression.at,
      `${names[type]} alone is no condition`,
      type === 'text'
        ? "Compare it with something: channel = 'Ads'."
        : `Compare it with something: ${written.text.trim().slice(0, 40)} ${type === 'number' ? '> 0' : "< '2024-01-31'"}.`,
    );
  }
  return { sql: condition, columns: [...compiler.used] };
}

/**
 * The same without an engine at hand: finds every mistake before any file is read.
 * @returns the columns that it names
 */
export function checkCondition(
  written: Written,
  vocabulary: Pick<Vocabulary, 'columns' | 'help'>,
): readonly string[] {
  return compileCondition(written, { ...vocabulary, dialect: anyDialect }).columns;
}

const anyDialect: Dialect = {
  name: 'any',
  daysBetween: (from, to) => sql`(${to} - ${from})`,
  monthsBetween: (from, to) => sql`datesub('month', ${from}, ${to})`,
  addDays: (date, days) => sql`(${date} + ${days})`,
  median: (value) => sql`median(${value})`,
};

interface Value {
  readonly type: ValueType;
  readonly sql: Sql;
}

interface FunctionShape {
  /** What it takes: that many, or any number of one type. */
  readonly takes: readonly ValueType[] | 'several alike';
  readonly gives: ValueType | 'the same';
  readonly sql: (operands: readonly Sql[]) => Sql;
}

const part = (name: 'year' | 'month' | 'day'): FunctionShape => ({
  takes: ['date'],
  gives: 'number',
  sql: ([date]) => sql`cast(extract(${raw(name)} from ${date!}) as double)`,
});
const ofNumber = (name: string): FunctionShape => ({
  takes: ['number'],
  gives: 'number',
  sql: ([number]) => sql`${raw(name)}(${number!})`,
});
const ofText = (name: string): FunctionShape => ({
  takes: ['text'],
  gives: 'text',
  sql: ([text]) => sql`${raw(name)}(${text!})`,
});

/** What a condition may compute with. */
export const functions: Readonly<Record<string, FunctionShape>> = {
  lower: ofText('lower'),
  upper: ofText('upper'),
  trim: ofText('trim'),
  length: { takes: ['text'], gives: 'number', sql: ([text]) => sql`cast(length(${text!}) as double)` },
  abs: ofNumber('abs'),
  round: ofNumber('round'),
  floor: ofNumber('floor'),
  ceil: ofNumber('ceil'),
  year: part('year'),
  month: part('month'),
  day: part('day'),
  coalesce: { takes: 'several alike', gives: 'the same', sql: (all) => sql`coalesce(${join(all, ', ')})` },
};

const names: Readonly<Record<ValueType, string>> = {
  number: 'a number',
  text: 'text',
  date: 'a date',
  boolean: 'yes or no',
};

/** Days that a date can be moved by: to either end of what dates the data may have. */
const farthestDays = 200_000;

/** Length of a moved date as SQL. */
const longestSum = 20_000;

class Compiler {
  readonly #written: Written;
  readonly #vocabulary: Vocabulary;
  readonly used = new Set<string>();
  readonly #known = new Map<Expression, Value>();

  constructor(written: Written, vocabulary: Vocabulary) {
    this.#written = written;
    this.#vocabulary = vocabulary;
  }

  /** The value of an expression and its type. */
  typed(expression: Expression): Value {
    const known = this.#known.get(expression);
    if (known !== undefined) return known;
    const value = this.#valueOf(expression);
    this.#known.set(expression, value);
    return value;
  }

  #valueOf(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return { type: 'number', sql: sql`cast(${expression.value} as double)` };
      case 'text':
        return { type: 'text', sql: sql`cast(${expression.value} as varchar)` };
      case 'date':
        return this.#day(expression.value, expression.at);
      case 'boolean':
        return { type: 'boolean', sql: raw(String(expression.value)) };
      case 'column':
        return this.#column(expression.name, expression.at);
      case 'call':
        return this.#call(expression);
      case 'minus':
        return { type: 'number', sql: sql`(- ${this.#as('number', expression.operands[0])})` };
      case 'arithmetic':
        return this.#arithmetic(expression);
      case 'comparison': {
        const [left, right] = this.#alike(expression.operands);
        return truth(sql`(${left!} ${raw(expression.operator)} ${right!})`);
      }
      case 'between': {
        const [value, low, high] = this.#alike(expression.operands);
        return truth(sql`(${value!} ${not(expression)}between ${low!} and ${high!})`);
      }
      case 'in': {
        const [value, ...list] = this.#alike(expression.operands);
        return truth(sql`(${value!} ${not(expression)}in (${join(list, ', ')}))`);
      }
      case 'like': {
        const value = this.#as('text', expression.operands[0]);
        const pattern = sql`cast(${expression.pattern} as varchar)`;
        const [one, other] = expression.foldsCase
          ? [sql`lower(${value})`, sql`lower(${pattern})`]
          : [value, pattern];
        return truth(sql`(${one} ${not(expression)}like ${other})`);
      }
      case 'is': {
        const { what, operands } = expression;
        const value = what === 'null' ? this.typed(operands[0]).sql : this.#as('boolean', operands[0]);
        return truth(sql`(${value} is ${not(expression)}${raw(what)})`);
      }
      case 'not':
        return truth(sql`(not ${this.#as('boolean', expression.operands[0])})`);
      case 'and':
      case 'or': {
        const operands = expression.operands.map((operand) => this.#as('boolean', operand));
        return truth(sql`(${join(operands, ` ${expression.kind} `)})`);
      }
    }
  }

  #column(name: string, at: number): Value {
    const column = this.#vocabulary.columns.get(name);
    if (column !== undefined) {
      this.used.add(name);
      return column;
    }
    const near = closest(name, [...this.#vocabulary.columns.keys()]);
    const isFunction = Object.hasOwn(functions, name);
    throw mistakeAt(
      this.#written,
      at,
      `no column '${name}'`,
      near !== undefined
        ? `Did you mean ${near}? ${this.#vocabulary.help}`
        : isFunction
          ? `${name} is a function: ${name}(...).`
          : `Text goes in single quotes: '${name}'. ${this.#vocabulary.help}`,
    );
  }

  #call({ name, operands, at }: Extract<Expression, { kind: 'call' }>): Value {
    const shape = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (shape === undefined) {
      const known = Object.keys(functions);
      const near = closest(name, known);
      const isColumn = this.#vocabulary.columns.has(name);
      throw mistakeAt(
        this.#written,
        at,
        isColumn ? `'${name}' is a column, not a function` : `no function '${name}'`,
        isColumn
          ? `Leave the brackets out; or write in (...) or an operator before them.`
          : `${near === undefined ? '' : `Did you mean ${near}? `}Functions are ${known.join(', ')}.`,
      );
    }
    const { takes, gives } = shape;
    if (takes === 'several alike') {
      if (operands.length < 2) {
        throw mistakeAt(this.#written, at, `${name} takes two values or more`, `Write: ${name}(bonus, 0).`);
      }
      const type = this.#commonType(operands);
      return { type, sql: shape.sql(operands.map((operand) => this.#as(type, operand))) };
    }
    if (operands.length !== takes.length) {
      throw mistakeAt(
        this.#written,
        operands[takes.length]?.at ?? at,
        `${name} takes one value`,
        `Write: ${name}(...), with ${names[takes[0]!]} within.`,
      );
    }
    const values = operands.map((operand, index) => this.#as(takes[index]!, operand));
    return { type: gives as ValueType, sql: shape.sql(values) };
  }

  #arithmetic({ operator, operatorAt, operands }: Extract<Expression, { kind: 'arithmetic' }>): Value {
    const [left, right] = operands;
    if (operator === '||') {
      return { type: 'text', sql: sql`(${this.#as('text', left)} || ${this.#as('text', right)})` };
    }
    if (operator === '+' || operator === '-') {
      const types = operands.map((operand) => this.typed(operand).type);
      const { addDays, daysBetween } = this.#vocabulary.dialect;
      const isDateFirst = types[0] === 'date' && types[1] === 'number';
      if (isDateFirst || (types[0] === 'number' && types[1] === 'date' && operator === '+')) {
        const [date, days] = isDateFirst ? [left, right] : [right, left];
        const sum = moved(addDays, this.typed(date).sql, this.typed(days).sql, operator);
        // The days stand in it twice, and so do days within them.
        if (sum.text.length < longestSum) return { type: 'date', sql: sum };
        throw mistakeAt(this.#written, operatorAt, 'too many dates within dates', 'Write it shorter.');
      }
      if (operator === '-' && types.includes('date')) {
        const days = daysBetween(this.#as('date', right), this.#as('date', left));
        return { type: 'number', sql: sql`cast(${days} as double)` };
      }
      if (types.includes('date')) {
        throw mistakeAt(
          this.#written,
          operatorAt,
          `a date and ${names[types[0] === 'date' ? types[1]! : types[0]!]} cannot be added`,
          'Add a number of days to a date: last_order + 30.',
        );
      }
    }
    const [one, other] = [this.#as('number', left), this.#as('number', right)];
    // Nothing is divided by zero: what would be is unknown.
    const divisor = operator === '/' ? sql`nullif(${other}, 0)` : other;
    return { type: 'number', sql: sql`(${one} ${raw(operator)} ${divisor})` };
  }

  /** The value of an expression that must be of a type; text that names a day is a date where one is wanted. */
  #as(type: ValueType, expression: Expression): Sql {
    if (type === 'date' && expression.kind === 'text') return this.#day(expression.value, expression.at).sql;
    const value = this.typed(expression);
    if (expression.kind === 'column' && type === 'text' && this.#codesOf(expression) !== undefined) {
      throw this.#codesAlone(expression.name, expression.at);
    }
    if (value.type === type) return value.sql;
    throw this.#wrongType(expression, value.type, type);
  }

  /** Values that are compared with each other, and so must be of one type. */
  #alike(operands: readonly Expression[]): Sql[] {
    const type = this.#commonType(operands);
    const coded = operands.find((operand) => this.#codesOf(operand) !== undefined);
    if (coded?.kind !== 'column') return operands.map((operand) => this.#as(type, operand));
    return operands.map((operand) => {
      if (operand.kind === 'text') return this.#code(operand, this.#codesOf(coded)!);
      if (operand.kind === 'column' && operand.name === coded.name) return this.typed(operand).sql;
      this.#as(type, operand);
      throw this.#codesAlone(coded.name, operand.at);
    });
  }

  /** What is computed from a code, or compared with it, would be of the code and not of what people call it. */
  #codesAlone(name: string, at: number) {
    const [code] = Object.keys(this.#vocabulary.columns.get(name)!.values!);
    return mistakeAt(
      this.#written,
      at,
      `${name} has fixed values, and is only compared with them`,
      `Write = or in: ${name} = '${code}'.`,
    );
  }

  /** The type of the first operand that is not mere text, for text may stand for a date. */
  #commonType(operands: readonly Expression[]): ValueType {
    return this.typed(operands.find(({ kind }) => kind !== 'text') ?? operands[0]!).type;
  }

  #codesOf(expression: Expression): ConditionColumn['values'] {
    return expression.kind === 'column' ? this.#vocabulary.columns.get(expression.name)?.values : undefined;
  }

  /** The code that a text means: the code itself, or what people call it in either language, without case. */
  #code({ value, at }: Extract<Expression, { kind: 'text' }>, values: Readonly<Record<string, Text>>): Sql {
    const folded = value.trim().toLowerCase();
    const spoken = (code: string) => [code, ...Object.values(values[code]!)].map((one) => one.toLowerCase());
    const code = Object.keys(values).find((one) => spoken(one).includes(folded));
    if (code !== undefined) return sql`cast(${code} as varchar)`;
    const words = Object.keys(values);
    const near = closest(value, words);
    throw mistakeAt(
      this.#written,
      at,
      `this column never is '${value}'`,
      `${near === undefined ? '' : `Did you mean '${near}'? `}Its values are ${words.join(', ')}.`,
    );
  }

  #day(text: string, at: number): Value {
    const day: Day = text.trim();
    if (isDay(day)) return { type: 'date', sql: sql`cast(${day} as date)` };
    const [, date, month, year] = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(day) ?? [];
    const turned = `${year}-${month?.padStart(2, '0')}-${date?.padStart(2, '0')}`;
    const example = isDay(turned) ? turned : '2024-03-31';
    throw mistakeAt(this.#written, at, `'${text}' is no day`, `Write it as year, month, day: '${example}'.`);
  }

  #wrongType(expression: Expression, is: ValueType, wanted: ValueType) {
    const what =
      expression.kind === 'column'
        ? `${expression.name} is ${names[is]}, and here should be ${names[wanted]}`
        : `this is ${names[is]}, and here should be ${names[wanted]}`;
    return mistakeAt(this.#written, expression.at, what, remedyFor(expression, is, wanted));
  }
}

function remedyFor(expression: Expression, is: ValueType, wanted: ValueType): string {
  if (wanted === 'boolean') {
    if (expression.kind === 'column') return `Compare it: ${expression.name} ${example[is]}.`;
    return 'A column of yes or no stands alone: consent, or: not consent.';
  }
  if (wanted === 'date') return "Dates are written '2024-03-31'.";
  if (wanted === 'number' && expression.kind === 'text' && /^\s*-?[\d\s.,]+$/.test(expression.value)) {
    return 'Write numbers without quotes, with a point: 1234.5.';
  }
  if (wanted === 'text') return "Write text in single quotes: '5'.";
  return 'Compare numbers with numbers, text with text, dates with dates.';
}

const example: Readonly<Record<ValueType, string>> = {
  number: '> 0',
  text: "= 'Ads'",
  date: "< '2024-01-31'",
  boolean: '= true',
};

function truth(condition: Sql): Value {
  return { type: 'boolean', sql: condition };
}

function not({ isNot }: { readonly isNot: boolean }): Sql {
  return raw(isNot ? 'not ' : '');
}

/** A date some days on or back, of parts of a day the day that they lie in; unknown where that leads out of all calendars. */
function moved(addDays: Dialect['addDays'], date: Sql, days: Sql, sign: '+' | '-'): Sql {
  const by = sql`cast(floor(${sign === '+' ? days : sql`- ${days}`}) as integer)`;
  return sql`(case when ${days} between ${raw(String(-farthestDays))} and ${raw(String(farthestDays))} then ${addDays(date, by)} end)`;
}
