import { mistakeAt, type Written } from './mistake.js';
import type { Comparison, Expression } from './syntax.js';
import { type Token, tokensOf } from './tokens.js';

/** How deep expressions may nest, and how many terms a sum may have: far more than anybody writes by hand. */
const deepest = 100;
/** Most values, columns and operations of one condition. */
const mostParts = 20_000;

/** Words that name no column. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...[
    'and',
    'or',
    'not',
    'between',
    'in',
    'like',
    'ilike',
    'is',
    'null',
    'true',
    'false',
    'date',
    'interval',
  ],
]);

/** Words of SQL that a condition does without. */
const statementWords: ReadonlySet<string> = new Set([
  ...[
    'select',
    'from',
    'where',
    'union',
    'intersect',
    'except',
    'with',
    'exists',
    'any',
    'all',
    'order',
    'group',
  ],
  ...[
    'limit',
    'having',
    'insert',
    'update',
    'delete',
    'drop',
    'create',
    'alter',
    'copy',
    'attach',
    'install',
  ],
  ...['load', 'pragma', 'set', 'call', 'execute', 'case', 'cast', 'over'],
]);

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const unitDays: Readonly<Record<string, number>> = { day: 1, days: 1, week: 7, weeks: 7 };

type Unplaced = Expression extends infer E ? (E extends unknown ? Omit<E, 'depth'> : never) : never;

/**
 * Reads a condition by recursive descent; or binds weakest, then and, not, comparisons, + and -, * and /.
 * @throws UserError that points at the mistake
 */
export function parseCondition(written: Written): Expression {
  return new Parser(written).whole();
}

class Parser {
  readonly #written: Written;
  readonly #tokens: readonly Token[];
  #next = 0;
  #parts = 0;
  #open = 0;

  constructor(written: Written) {
    this.#written = written;
    this.#tokens = tokensOf(written);
  }

  whole(): Expression {
    if (this.#token.kind === 'end') {
      throw this.#mistake('the condition is empty', "Write one, such as orders >= 3 and channel = 'Ads'.");
    }
    const expression = this.#or();
    if (this.#tokens[this.#next]!.kind !== 'end') throw this.#unexpected('and, or, or the end');
    return expression;
  }

  #or(): Expression {
    return this.#chain('or', () => this.#and());
  }

  #and(): Expression {
    return this.#chain('and', () => this.#not());
  }

  #chain(word: 'and' | 'or', operand: () => Expression): Expression {
    const operands = [operand()];
    while (this.#takeWord(word)) operands.push(operand());
    return operands.length === 1 ? operands[0]! : this.#made({ kind: word, at: operands[0]!.at, operands });
  }

  #not(): Expression {
    const { at } = this.#token;
    if (!this.#takeWord('not')) return this.#predicate();
    return this.#nested(() => this.#made({ kind: 'not', at, operands: [this.#not()] }));
  }

  #predicate(): Expression {
    const left = this.#sum();
    const { at } = left;
    const operator = this.#token;
    const comparison = operator.kind === 'sign' ? comparisons[operator.text] : undefined;
    if (comparison !== undefined) {
      this.#next += 1;
      const operands = [left, this.#sum()] as const;
      return this.#made({ kind: 'comparison', operator: comparison, operatorAt: operator.at, at, operands });
    }
    if (this.#takeWord('is')) {
      const isNot = this.#takeWord('not');
      const what = this.#token.text;
      if (this.#token.kind !== 'name' || !['null', 'true', 'false'].includes(what)) {
        throw this.#unexpected('null, true or false');
      }
      this.#next += 1;
      return this.#made({ kind: 'is', isNot, what: what as 'null' | 'true' | 'false', at, operands: [left] });
    }
    const isNot = this.#takeWord('not');
    if (this.#takeWord('between')) {
      const low = this.#sum();
      if (!this.#takeWord('and')) throw this.#unexpected('and');
      return this.#made({ kind: 'between', isNot, at, operands: [left, low, this.#sum()] });
    }
    if (this.#takeWord('in')) return this.#made({ kind: 'in', isNot, at, operands: [left, ...this.#list()] });
    const foldsCase = this.#token.text === 'ilike';
    if (this.#takeWord('like') || this.#takeWord('ilike')) {
      const pattern = this.#token;
      if (pattern.kind !== 'text') throw this.#unexpected("a pattern such as 'A%'");
      this.#next += 1;
      return this.#made({ kind: 'like', isNot, foldsCase, pattern: pattern.text, at, operands: [left] });
    }
    if (isNot) throw this.#unexpected('between, in or like');
    return left;
  }

  #sum(): Expression {
    return this.#leftToRight(['+', '-', '||'], () => this.#product());
  }

  #product(): Expression {
    return this.#leftToRight(['*', '/'], () => this.#unary());
  }

  #leftToRight(operators: readonly ('+' | '-' | '*' | '/' | '||')[], operand: () => Expression): Expression {
    let left = operand();
    while (true) {
      const { kind, text, at: operatorAt } = this.#token;
      const operator = kind === 'sign' ? operators.find((one) => one === text) : undefined;
      if (operator === undefined) return left;
      this.#next += 1;
      const operands = [left, operand()] as const;
      left = this.#made({ kind: 'arithmetic', operator, operatorAt, at: left.at, operands });
    }
  }

  #unary(): Expression {
    const { at } = this.#token;
    if (this.#takeSign('+')) return this.#nested(() => this.#unary());
    if (!this.#takeSign('-')) return this.#primary();
    return this.#nested(() => this.#made({ kind: 'minus', at, operands: [this.#unary()] }));
  }

  #primary(): Expression {
    const token = this.#token;
    const { at, text, kind } = token;
    switch (kind) {
      case 'number':
        this.#next += 1;
        return this.#made({ kind: 'number', at, value: this.#number(token) });
      case 'text':
        this.#next += 1;
        return this.#made({ kind: 'text', at, value: text });
      case 'name':
        return this.#named(token);
      case 'sign':
        if (this.#takeSign('(')) {
          return this.#nested(() => {
            const inner = this.#or();
            if (!this.#takeSign(')')) throw this.#unexpected('and, or, or )');
            return inner;
          });
        }
        throw this.#unexpected('a column, a value or (');
      case 'end':
        throw this.#unexpected('a column, a value or (');
    }
  }

  #named(token: Token): Expression {
    const { at, text } = token;
    if (text === 'true' || text === 'false') {
      this.#next += 1;
      return this.#made({ kind: 'boolean', at, value: text === 'true' });
    }
    if (text === 'null') {
      throw this.#mistake('nothing equals null', 'Write: is null, or: is not null.');
    }
    const after = this.#tokens[this.#next + 1]!;
    if (text === 'date' && after.kind === 'text') {
      this.#next += 2;
      return this.#made({ kind: 'date', at, value: after.text });
    }
    if (text === 'interval') {
      this.#next += 1;
      return this.#made({ kind: 'number', at, value: this.#days() });
    }
    if (statementWords.has(text)) {
      throw this.#mistake(
        `'${text}' has no place in a condition`,
        'A condition compares columns of the customer list: no statements, no other tables.',
      );
    }
    if (reservedWords.has(text)) throw this.#unexpected('a column or a value');
    this.#next += 1;
    if (!(this.#token.kind === 'sign' && this.#token.text === '(')) {
      return this.#made({ kind: 'column', at, name: text });
    }
    const isEmpty = this.#tokens[this.#next + 1]!.text === ')';
    if (isEmpty) this.#next += 2;
    return this.#nested(() =>
      this.#made({ kind: 'call', at, name: text, operands: isEmpty ? [] : this.#list() }),
    );
  }

  /** What follows `interval`: '90 days', 90 days, '90' days; weeks too. */
  #days(): number {
    const token = this.#token;
    const [, whole, within] = /^\s*(\d{1,6})\s*([a-z]*)\s*$/i.exec(token.text) ?? [];
    if ((token.kind !== 'text' && token.kind !== 'number') || whole === undefined) {
      throw this.#unexpected('a number of days');
    }
    this.#next += 1;
    const unit = within === '' ? this.#token.text : within!.toLowerCase();
    const days = Object.hasOwn(unitDays, unit) ? unitDays[unit] : undefined;
    if (days === undefined) {
      throw this.#mistake(
        'an interval is in days or weeks',
        'Months differ in length: write interval 90 days.',
      );
    }
    if (within === '') this.#next += 1;
    return Number(whole) * days;
  }

  #list(): Expression[] {
    if (!this.#takeSign('(')) throw this.#unexpected('(');
    const expressions = [this.#sum()];
    while (this.#takeSign(',')) expressions.push(this.#sum());
    if (!this.#takeSign(')')) throw this.#unexpected(', or )');
    return expressions;
  }

  #number({ text, at }: Token): number {
    const value = Number(text);
    if (value < 1e15) return value;
    throw mistakeAt(this.#written, at, 'this number is too large', 'Give one below 1000000000000000.');
  }

  /** Bounds the recursion of this parser. */
  #nested(work: () => Expression): Expression {
    this.#open += 1;
    if (this.#open > deepest) throw this.#tooDeep();
    const expression = work();
    this.#open -= 1;
    return expression;
  }

  /** An expression, where it is not too deep for the recursion of those who work with it. */
  #made(unplaced: Unplaced): Expression {
    this.#parts += 1;
    if (this.#parts > mostParts) {
      throw this.#mistake('the condition has too many parts', `Keep to ${mostParts} values and columns.`);
    }
    const operands = 'operands' in unplaced ? unplaced.operands : [];
    const depth = 1 + operands.reduce((most, operand) => Math.max(most, operand.depth), 0);
    if (depth > deepest) throw this.#tooDeep();
    return { ...unplaced, depth } as Expression;
  }

  #tooDeep() {
    return this.#mistake('the condition is nested too deeply', `Keep to ${deepest} levels.`);
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #takeWord(word: string): boolean {
    const { kind, text } = this.#token;
    if (kind !== 'name' || text !== word) return false;
    this.#next += 1;
    return true;
  }

  #takeSign(sign: string): boolean {
    const { kind, text } = this.#token;
    if (kind !== 'sign' || text !== sign) return false;
    this.#next += 1;
    return true;
  }

  #mistake(what: string, remedy: string) {
    return mistakeAt(this.#written, this.#token.at, what, remedy);
  }

  #unexpected(wanted: string) {
    const { kind, text } = this.#token;
    if (kind === 'end') return this.#mistake('the condition ends too early', `Here should be ${wanted}.`);
    const shown = kind === 'text' ? 'text' : `'${text}'`;
    const remedy =
      kind === 'name' && statementWords.has(text)
        ? 'A condition compares columns of the customer list: no statements, no other tables.'
        : `Here should be ${wanted}.`;
    return this.#mistake(`${shown} has no place here`, remedy);
  }
}
