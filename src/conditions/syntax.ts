/** A condition as it was written, before anybody has asked what its names mean. `at` is where it begins. */
export type Expression = { readonly at: number; readonly depth: number } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'minus'; readonly operands: readonly [Expression] }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/' | '||';
      readonly operatorAt: number;
      readonly operands: readonly [Expression, Expression];
    }
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly operatorAt: number;
      readonly operands: readonly [Expression, Expression];
    }
  /** Value, least and most. */
  | {
      readonly kind: 'between';
      readonly isNot: boolean;
      readonly operands: readonly [Expression, Expression, Expression];
    }
  /** Value, then the list. */
  | { readonly kind: 'in'; readonly isNot: boolean; readonly operands: readonly Expression[] }
  | {
      readonly kind: 'like';
      readonly isNot: boolean;
      /** Upper and lower case are one: ilike. */
      readonly foldsCase: boolean;
      readonly pattern: string;
      readonly operands: readonly [Expression];
    }
  | {
      readonly kind: 'is';
      readonly isNot: boolean;
      readonly what: 'null' | 'true' | 'false';
      readonly operands: readonly [Expression];
    }
  | { readonly kind: 'not'; readonly operands: readonly [Expression] }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
);

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';
