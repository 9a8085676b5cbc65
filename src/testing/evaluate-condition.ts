import type { Expression } from '../conditions/syntax.js';
import { dayNumber } from '../core/dates.js';

/** What SQL would make of an expression over one row, by its definition: dates as days since 1970, null as unknown. */
export type Datum = number | string | boolean | null;
export type TestRow = Readonly<Record<string, { readonly type: string; readonly value: Datum }>>;

export function evaluate(expression: Expression, row: TestRow): Datum {
  return datumOf(expression, row, false);
}

/** Whether an expression is a date, so that text beside it is one too. */
function isDate(expression: Expression, row: TestRow): boolean {
  switch (expression.kind) {
    case 'date':
      return true;
    case 'column':
      return row[expression.name]!.type === 'date';
    case 'call':
      return expression.name === 'coalesce' && expression.operands.some((operand) => isDate(operand, row));
    case 'arithmetic': {
      const dates = expression.operands.filter((operand) => isDate(operand, row)).length;
      const texts = expression.operands.filter(({ kind }) => kind === 'text').length;
      return dates === 1 && texts === 0;
    }
    default:
      return false;
  }
}

function datumOf(expression: Expression, row: TestRow, wantsDate: boolean): Datum {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
      return expression.value;
    case 'text':
      return wantsDate ? dayNumber(expression.value.trim()) : expression.value;
    case 'date':
      return dayNumber(expression.value);
    case 'column':
      return row[expression.name]!.value;
    case 'minus':
      return known([evaluate(expression.operands[0], row)], ([value]) => -(value as number));
    case 'call':
      return call(expression.name, operandsOf(expression.operands, row));
    case 'arithmetic':
      return known(operandsOf(expression.operands, row), ([left, right]) =>
        compute(expression.operator, left!, right!, {
          isMove: isDate(expression, row),
          isLeftDate: isDate(expression.operands[0], row),
        }),
      );
    case 'comparison':
      return known(operandsOf(expression.operands, row), ([left, right]) =>
        compare(expression.operator, left!, right!),
      );
    case 'between': {
      const [value, low, high] = operandsOf(expression.operands, row);
      const inside = both(
        known([value!, low!], ([one, other]) => one! >= other!),
        known([value!, high!], ([one, other]) => one! <= other!),
      );
      return negated(inside, expression.isNot);
    }
    case 'in': {
      const [value, ...list] = operandsOf(expression.operands, row);
      const found = list.reduce<Datum>(
        (so, one) =>
          either(
            so,
            known([value!, one], ([a, b]) => a === b),
          ),
        false,
      );
      return negated(found, expression.isNot);
    }
    case 'like': {
      const { pattern, foldsCase } = expression;
      const fold = (text: string) => (foldsCase ? text.toLowerCase() : text);
      const matches = known([evaluate(expression.operands[0], row)], ([text]) =>
        like(fold(text as string), fold(pattern)),
      );
      return negated(matches, expression.isNot);
    }
    case 'is': {
      const value = evaluate(expression.operands[0], row);
      const wanted = expression.what === 'null' ? null : expression.what === 'true';
      return (value === wanted) !== expression.isNot;
    }
    case 'not':
      return negated(evaluate(expression.operands[0], row), true);
    case 'and':
      return expression.operands.map((operand) => evaluate(operand, row)).reduce(both);
    case 'or':
      return expression.operands.map((operand) => evaluate(operand, row)).reduce(either);
  }
}

function operandsOf(operands: readonly Expression[], row: TestRow): Datum[] {
  const wantsDate = operands.some((operand) => isDate(operand, row));
  return operands.map((operand) => datumOf(operand, row, wantsDate));
}

function known(values: readonly Datum[], work: (values: readonly NonNullable<Datum>[]) => Datum): Datum {
  return values.includes(null) ? null : work(values as readonly NonNullable<Datum>[]);
}

function negated(value: Datum, isNot: boolean): Datum {
  return value === null || !isNot ? value : !value;
}

function both(one: Datum, other: Datum): Datum {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}

function either(one: Datum, other: Datum): Datum {
  if (one === true || other === true) return true;
  return one === null || other === null ? null : false;
}

function compare(operator: string, left: NonNullable<Datum>, right: NonNullable<Datum>): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

function compute(
  operator: string,
  left: NonNullable<Datum>,
  right: NonNullable<Datum>,
  { isMove, isLeftDate }: { isMove: boolean; isLeftDate: boolean },
): Datum {
  if (operator === '||') return `${left}${right}`;
  const [one, other] = [left as number, right as number];
  if (isMove) {
    const [date, days] = isLeftDate ? [one, other] : [other, one];
    if (!(Math.abs(days) <= 200_000)) return null;
    return date + Math.floor(operator === '+' ? days : -days);
  }
  if (operator === '+') return one + other;
  if (operator === '-') return one - other;
  if (operator === '*') return one * other;
  return other === 0 ? null : one / other;
}

function call(name: string, values: readonly Datum[]): Datum {
  if (name === 'coalesce') return values.find((value) => value !== null) ?? null;
  const [value] = values;
  if (value === null || value === undefined) return null;
  const date = () => new Date((value as number) * 86_400_000);
  switch (name) {
    case 'lower':
      return (value as string).toLowerCase();
    case 'upper':
      return (value as string).toUpperCase();
    case 'trim':
      return (value as string).replace(/^ +| +$/g, '');
    case 'length':
      return [...(value as string)].length;
    case 'abs':
      return Math.abs(value as number);
    case 'round':
      return Math.sign(value as number) * Math.floor(Math.abs(value as number) + 0.5);
    case 'floor':
      return Math.floor(value as number);
    case 'ceil':
      return Math.ceil(value as number);
    case 'year':
      return date().getUTCFullYear();
    case 'month':
      return date().getUTCMonth() + 1;
    case 'day':
      return date().getUTCDate();
    default:
      throw new Error(`no function ${name}`);
  }
}

function like(text: string, pattern: string): boolean {
  const source = [...pattern]
    .map((one) => (one === '%' ? '.*' : one === '_' ? '.' : one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 'su').test(text);
}
